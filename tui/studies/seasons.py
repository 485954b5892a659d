"""The seasons of one symbol, from its whole stored history with the running session at the end."""

import asyncio
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from tui.sources.base import NoDataError
from tui.studies.closes import Closes

if TYPE_CHECKING:
    from tui.analytics.seasons import Seasons
    from tui.board import Board
    from tui.model import Quote

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""Names of the months, January first."""


class SeasonsAnswer(Struct, frozen=True, kw_only=True):
    """What the screen and `show seasons` tell of one symbol."""

    symbol: str
    session: date
    """The as-of session: the last one that counts."""
    final: bool
    """Whether that session is over."""
    sessions: int
    """Sessions with a close, the as-of session among them."""
    seasons: "Seasons"


class SeasonsStudy:
    """Asks the history of a board for the seasons of a symbol, in a thread; what was read for the last one is kept."""

    def __init__(self, board: "Board") -> None:
        self._board = board
        self._closes = Closes(board)
        self._kept: tuple[object, object, SeasonsAnswer] | None = None
        """The last answer, with the quote and the baseline that it was made beside."""

    async def answer(self, symbol: str) -> SeasonsAnswer:
        """The seasons of a symbol to its as-of session.

        Raises:
            NoDataError: nothing is stored of it, in words that say what to do.
        """
        engine = self._board.engine
        quote = engine.live.quotes.get(symbol)
        session = quote.session if quote and quote.session else engine.loader.session(symbol)
        baseline, kept = engine.loader.baselines.get(symbol), self._kept
        known = quote is not None and baseline is not None
        if not known or kept is None or kept[0] is not quote or kept[1] is not baseline:
            answer = await asyncio.to_thread(_answer, self._closes, symbol, session, quote)
            kept = self._kept = quote, baseline, answer
        return kept[2]


def _answer(closes: Closes, symbol: str, session: date, quote: "Quote | None") -> SeasonsAnswer:
    from tui.analytics.holes import ends_early
    from tui.analytics.seasons import seasons
    from tui.analytics.today import with_today

    frame = closes.frame(symbol, session)
    price = quote.price if quote else None
    if frame.is_empty() and price is None:
        raise NoDataError(f"no history of {symbol} is stored: watch it, or import it with: outpace history import FILE")
    if ends_early(symbol, frame, session):
        price = None  # a move from a close of long ago is none of a day or a month
    frame = with_today(frame, session, price, None).select("date", "close")
    final = quote.final if quote and price is not None else True
    found = seasons(frame, final=final)
    return SeasonsAnswer(
        symbol=symbol,
        session=found.last or session,
        final=final,
        sessions=frame.height - frame["close"].null_count(),
        seasons=found,
    )

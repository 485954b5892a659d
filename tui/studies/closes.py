"""Closes of symbols as they were read from the history, kept until it grows."""

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from tui.board import Board
    from tui.model import Quote

KEPT = 8
"""Symbols that are kept: those that are compared now, and some that came before them."""


class Closes:
    """Reads each symbol once for each session. Used from threads: two that ask at once read twice, and both are right.

    Args:
        board: Whose history is read.
    """

    def __init__(self, board: "Board") -> None:
        self._board = board
        self._kept: dict[tuple[str, date], tuple[object, pl.DataFrame]] = {}
        """With the baseline of then: another one means that the history has grown."""

    def frame(self, symbol: str, session: date) -> "pl.DataFrame":
        """`close` and `volume` of a symbol up to and with a session. Blocking (disk): called in a thread.

        Raises:
            DataError: the history cannot be read.
        """
        engine, of = self._board.engine, (symbol, session)
        baseline, kept = engine.loader.baselines.get(symbol), self._kept.get(of)
        if baseline is not None and kept is not None and kept[0] is baseline:
            return kept[1]
        frame = engine.shelf.frame([symbol], end=session, columns=["close", "volume"])
        if len(self._kept) >= KEPT:
            self._kept.clear()
        self._kept[of] = baseline, frame
        return frame

    def priced(self, symbol: str, session: date, quote: "Quote | None") -> "pl.DataFrame":
        """`date` and `close` of a symbol up to its as-of session, whose price stands for the close. Blocking.

        Raises:
            DataError: the history cannot be read.
        """
        from tui.analytics.today import with_today

        price = quote.price if quote is not None and quote.session == session else None
        return with_today(self.frame(symbol, session), session, price, None).select("date", "close")

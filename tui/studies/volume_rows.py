"""The volume of a list: a line per symbol, and the balance of what advances and what declines."""

import asyncio
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from tui.analytics.figures import INDEX_MARK, NO_VOLUME, Usual
from tui.analytics.row import volume_ratio
from tui.analytics.volume_flow import Flow, flow
from tui.analytics.windows import Window
from tui.board import today_of
from tui.detail import TRACKERS
from tui.model import State

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from tui.board import Board


SLICE = 400
"""Members told in one go when nobody waits for them: about a millisecond."""


class VolumeRow(Struct, frozen=True, kw_only=True):
    """One symbol of the list. Volumes are shares, the return a fraction; None is unknown."""

    symbol: str
    name: str | None = None
    state: State = State.WAITING
    session: date | None = None
    last: float | None = None
    currency: str | None = None
    change: float | None = None
    """1D return."""
    volume: int | None = None
    dollar_volume: float | None = None
    usual: Usual = NO_VOLUME[63]
    """Mean and median of the previous N sessions."""
    by_mean: float | None = None
    by_median: float | None = None
    basis: str | None = None
    rough: bool = False
    index: bool = False
    """It has no volume of its own."""
    tracked_by: str | None = None
    """The fund that stands for it where volume is asked for."""
    note: str = ""


def row_of(board: "Board", symbol: str) -> VolumeRow:
    """The line of a symbol now: plain arithmetic on its quote and its baseline."""
    index = symbol.startswith(INDEX_MARK)
    quote = board.engine.live.quotes.get(symbol)
    baseline = board.engine.loader.baselines.get(symbol)
    common = {
        "symbol": symbol,
        "name": board.name(symbol),
        "state": board.state(symbol),
        "index": index,
        "tracked_by": TRACKERS.get(symbol),
        "note": board.engine.loader.notes.get(symbol, ""),
    }
    if quote is None:
        return VolumeRow(**common)  # type: ignore[arg-type]
    volume = None if index else quote.volume
    ratio, basis, rough, usual = None, None, False, NO_VOLUME[board.volume_window]
    if baseline is not None and baseline.session == quote.session and quote.price is not None:
        usual = baseline.usual[board.volume_window]
        ratio, basis, rough = volume_ratio(
            today_of(quote), baseline, volume_window=board.volume_window, profile=board.profile(symbol)
        )
    return VolumeRow(
        **common,  # type: ignore[arg-type]
        session=quote.session,
        last=quote.price,
        currency=quote.currency,
        change=change_of(board, symbol),
        volume=volume,
        dollar_volume=None if quote.price is None or volume is None else quote.price * volume,
        usual=usual,
        by_mean=ratio,
        by_median=ratio * usual.mean / usual.median if ratio is not None and usual.mean and usual.median else None,
        basis=basis,
        rough=rough,
    )


def change_of(board: "Board", symbol: str) -> float | None:
    """The 1D return of a symbol, as its row has it."""
    quote = board.engine.live.quotes.get(symbol)
    baseline = board.engine.loader.baselines.get(symbol)
    if quote is None or quote.price is None or baseline is None or baseline.session != quote.session:
        return None
    base = baseline.bases.get(Window.D1)
    return quote.price / base.close - 1 if base is not None and base.close is not None and base.close > 0 else None


class FlowBook:
    """Advancing against declining dollar volume of a list, in the currency that most of it is in.

    A tick costs the arithmetic of its own symbol; the sums are made when they are asked for.
    """

    def __init__(self, board: "Board", symbols: "Sequence[str]", *, empty: bool = False) -> None:
        self._board = board
        self._members: dict[str, tuple[float | None, float | None]] = dict.fromkeys(symbols, (None, None))
        quotes = board.engine.live.quotes
        counts = Counter(quotes[symbol].currency for symbol in symbols if symbol in quotes)
        self._currency = max(counts, key=counts.__getitem__, default=None)
        if not empty:
            self.take(self._members.keys())

    @classmethod
    async def of(cls, board: "Board", symbols: "Sequence[str]") -> "FlowBook":
        """The same of a long list, in slices with other work between them."""
        book = cls(board, symbols, empty=True)
        for start in range(0, len(symbols), SLICE):
            book.take(frozenset(symbols[start : start + SLICE]))
            await asyncio.sleep(0)
        return book

    def take(self, changed: "AbstractSet[str]") -> None:
        """Bring the members among these symbols up to date."""
        quotes = self._board.engine.live.quotes
        for symbol in changed & self._members.keys():
            quote = quotes.get(symbol)
            counted = quote is not None and quote.currency == self._currency and not symbol.startswith(INDEX_MARK)
            if not counted or quote is None or quote.price is None or quote.volume is None:
                self._members[symbol] = None, None
            else:
                self._members[symbol] = change_of(self._board, symbol), quote.price * quote.volume

    def flow(self) -> Flow:
        """The balance now."""
        return flow(self._members.values())


def flow_of(board: "Board", symbols: "Sequence[str]") -> Flow:
    """The balance of a list, once."""
    return FlowBook(board, symbols).flow()

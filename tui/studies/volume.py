"""Volume against the usual: a line per symbol of a list, and one symbol's day, its band and its unusual days.

The screen and `outpace show volume` ask here, and so tell the same figures.
"""

import asyncio
from datetime import date, timedelta
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from msgspec import Struct

from tui import sessions
from tui.analytics.figures import INDEX_MARK, Baseline
from tui.detail import TRACKERS, VolumeLine, volume_lines
from tui.model import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from tui.analytics.volume_curve import Band, HalfHours
    from tui.analytics.volume_unusual import Unusual
    from tui.board import Board
    from tui.loader import Shelf
    from tui.model import Quote

BOUNDS = (1.5, 2.0, 3.0, 5.0)
"""Volume ratios from which on a day is called unusual, to choose from."""

BOUND = 2.0
KEPT = 64
"""Answers that are kept: a list that one walks up and down is computed once."""
RETRY_SECONDS = 60.0
"""After so long a symbol without bars of its own is asked for them again, while its session runs."""


@runtime_checkable
class BarShelf(Protocol):
    """A history that keeps five-minute bars; blocking."""

    def bars(self, symbol: str, end: date | None = None) -> "pl.DataFrame":
        """All five-minute bars of a symbol up to and with a session."""


class VolumeDay(Struct, frozen=True, kw_only=True):
    """One symbol's usual day and unusual days, as of a session."""

    symbol: str
    session: date
    final: bool
    half_day: bool
    """The as-of session closes early: it is not to be held against a full day."""
    tracked_by: str | None
    lines: "Sequence[VolumeLine]"
    """The ratio over each number of sessions."""
    band: "Band | None"
    why: str
    """Why there is no band, in words."""
    hours: "HalfHours"
    held: float | None
    """Share of the day's volume that the five-minute bars hold."""
    unusual: "Unusual"


def usual_until(as_of: date | None, *, past: bool) -> date | None:
    """The last session that a usual half hour may be of.

    In the time machine it is the day that was asked for, even where the daily bars end before it; where no day was
    asked for, every stored session counts. A market that moves has only its own past.
    """
    return (as_of or date.max) if past else None


class VolumeStudy:
    """Asks the history of a board, in a thread, and remembers what it was told.

    Args:
        board: The market.
        until: The last session that the usual half hours may be of; None for the symbol's as-of session. See
            `usual_until`.
    """

    def __init__(self, board: "Board", until: date | None = None) -> None:
        self._board = board
        self._until = until
        self._days: dict[tuple[object, ...], tuple[VolumeDay, Baseline | None]] = {}
        """With the baseline they were made beside: another one means that more of the history has come."""
        self._retry: dict[tuple[object, ...], float] = {}
        self._so_far: dict[str, tuple[tuple[object, ...], tuple[int | None, ...]]] = {}

    def kept(self, symbol: str, bound: float = BOUND) -> VolumeDay | None:
        """The day of a symbol where it has been computed already and still holds."""
        quote = self._board.engine.live.quotes.get(symbol)
        key = self._key(quote, bound) if quote is not None else ()
        day, baseline = self._days.get(key, (None, None))
        old = monotonic() > self._retry.get(key, inf) or baseline is not self._board.engine.loader.baselines.get(symbol)
        return None if old else day

    def days(self) -> "tuple[VolumeDay, ...]":
        """All that is kept."""
        return tuple(day for day, _ in self._days.values())

    async def day(self, symbol: str, bound: float = BOUND) -> VolumeDay:
        """The usual day and the unusual days of a symbol, to its as-of session.

        Raises:
            DataError: nothing is known of it, in words that say what to do.
        """
        board = self._board
        engine = board.engine
        quote = engine.live.quotes.get(symbol)
        if quote is None or quote.session is None:
            raise DataError(board.row(symbol).note or f"nothing is known of {symbol} yet")
        kept = self.kept(symbol, bound)
        if kept is not None:
            return kept
        key = self._key(quote, bound)
        baseline = engine.loader.baselines.get(symbol)
        bars = await self._bars(symbol, quote.session)
        known = baseline is not None and baseline.session == quote.session
        lines = volume_lines(board, symbol, baseline) if known and baseline is not None else []
        made = await asyncio.to_thread(
            _make,
            engine.shelf,
            quote,
            bars,
            window=board.volume_window,
            bound=bound,
            lines=lines,
            until=self._until,
        )
        while len(self._days) >= KEPT:
            self._days.pop(next(iter(self._days)))
        self._days[key] = made, baseline
        self._retry.pop(key, None)
        if made.band is None and not quote.final and not symbol.startswith(INDEX_MARK):
            self._retry[key] = monotonic() + RETRY_SECONDS
        return made

    async def half_hours(self, symbol: str) -> "HalfHours | None":
        """The first and the last half hour of a symbol's usual day alone; None while nothing is known of it."""
        quote = self._board.engine.live.quotes.get(symbol)
        if quote is None or quote.session is None:
            return None
        return await asyncio.to_thread(_half_hours, quote, await self._bars(symbol, quote.session), self._until)

    async def so_far(self, symbol: str) -> tuple[int | None, ...]:
        """Shares traded since the open by the end of each finished slot of the as-of session, from its bars.

        The source is asked once for each slot that has ended, and once more when the session has.
        """
        from tui.analytics.volume_curve import cumulative

        engine = self._board.engine
        quote = engine.live.quotes.get(symbol)
        if quote is None or quote.session is None or symbol.startswith(INDEX_MARK):
            return ()
        key = (quote.session, quote.final, self.running(symbol, None))
        known, done = self._so_far.get(symbol, (None, ()))
        if known == key:
            return done
        try:
            bars = await engine.source.intraday(symbol, quote.session)
        except DataError:
            return done if known is not None and known[0] == quote.session else ()
        done = cumulative(bars, quote.session)
        self._so_far[symbol] = key, done
        return done

    def running(self, symbol: str, held: float | None) -> tuple[int, float | None] | None:
        """The slot that runs now, and the volume so far as the bars would count it; None in a session that is over.

        `held` is the share of the volume that the bars hold; without it the volume is unknown.
        """
        quote = self._board.engine.live.quotes.get(symbol)
        if quote is None or quote.final:
            return None
        slot = sessions.slot(self._board.engine.source.now() - timedelta(seconds=quote.delay))
        known = held is not None and quote.volume is not None
        return None if slot is None else (slot, quote.volume * held if known else None)  # type: ignore[operator]

    def _key(self, quote: "Quote", bound: float) -> tuple[object, ...]:
        volume = quote.volume if quote.final else None
        return quote.symbol, quote.session, quote.final, volume, self._board.volume_window, bound

    async def _bars(self, symbol: str, session: date) -> "pl.DataFrame":
        """All five-minute bars there are of a symbol: what is stored, and what the source has where that ends early."""
        from tui.analytics.volume_curve import bars_frame, is_whole, joined

        engine = self._board.engine
        end = self._until or session
        stored = bars_frame(symbol, [])
        if symbol.startswith(INDEX_MARK):
            return stored
        if isinstance(engine.shelf, BarShelf):
            stored = await asyncio.to_thread(engine.shelf.bars, symbol, None if end == date.max else end)
            if await asyncio.to_thread(is_whole, stored, symbol, sessions.previous_session(session)):
                return stored
        try:
            return joined(stored, bars_frame(symbol, await engine.source.intraday_history(symbol)))
        except DataError:
            return stored


def _make(
    shelf: "Shelf",
    quote: "Quote",
    bars: "pl.DataFrame",
    *,
    window: int,
    bound: float,
    lines: "Sequence[VolumeLine]",
    until: date | None,
) -> VolumeDay:
    """Compute it all. Blocking: called in a thread."""
    from tui.analytics import volume_curve as curves
    from tui.analytics.today import with_today
    from tui.analytics.volume_unusual import unusual

    symbol, session = quote.symbol, quote.session
    assert session is not None
    daily = shelf.frame([symbol], end=session, columns=["close", "volume"])
    # A running session's volume is not that of a day: only a finished one can be unusual.
    upto = session if quote.final else session - timedelta(days=1)
    finished = with_today(daily, session, quote.price, quote.volume) if quote.final else daily
    band = curves.band(bars, symbol, before=session, window=window)
    return VolumeDay(
        symbol=symbol,
        session=session,
        final=quote.final,
        half_day=sessions.is_half_day(session),
        tracked_by=TRACKERS.get(symbol),
        lines=lines,
        band=band,
        why="" if band is not None else _why(symbol, bars.height),
        hours=_half_hours(quote, bars, until),
        held=curves.held_of_tape(bars, daily, symbol),
        unusual=unusual(finished, upto, window=window, bound=bound),
    )


def _half_hours(quote: "Quote", bars: "pl.DataFrame", until: date | None) -> "HalfHours":
    from tui.analytics.volume_curve import half_hours

    session = quote.session
    assert session is not None
    confirmed = session if quote.final else session - timedelta(days=1)
    return half_hours(bars, quote.symbol, until=until or session, confirmed=confirmed)


def _why(symbol: str, bars: int) -> str:
    from tui.analytics.volume_curve import LEAST_SESSIONS

    if symbol.startswith(INDEX_MARK):
        return no_volume(symbol)
    if not bars:
        return f"no five-minute bars of {symbol} before this session: outpace history import FILE"
    return f"under {LEAST_SESSIONS} full sessions of five-minute bars of {symbol} before this one"


def no_volume(symbol: str) -> str:
    """Why an index or a yield has no volume, and who has."""
    fund = TRACKERS.get(symbol)
    return f"{symbol} has no volume of its own" + (f": {fund} tracks it" if fund else "")

"""Returns of one symbol over any window, from its stored sessions, with the dates they are measured between.

The same definitions as a row's (docs: formulas), for the drill-down: every window, price or total return.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl
from msgspec import Struct

from tui.analytics.columns import known, row_of
from tui.analytics.figures import Base
from tui.analytics.windows import SESSIONS, Window, period_start

_ONE_DAY = timedelta(days=1)


class Return(Struct, frozen=True, gc=False):
    """A return and what it is measured between."""

    value: float | None
    """As a fraction; None where either end is unknown or the base is not positive."""
    base: Base | None
    """Session and close it begins with; None when the history is too short for the window."""
    price: float | None
    """The price it ends with: the close of the as-of session, or the live price."""


class Excess(Struct, frozen=True, gc=False):
    """Two returns over the same two dates, and their difference."""

    value: float | None
    """Own return minus the benchmark's, as a fraction (0.0109 is 1.09 percentage points)."""
    own: Return
    bench: Return
    """The benchmark's; its base is None when it has no row for the session where the own window begins."""


def returns_all(
    frame: pl.DataFrame,
    session: date,
    windows: Sequence[Window] = tuple(Window),
    total: bool = False,
    *,
    price: float | None = None,
) -> dict[Window, Return]:
    """The return of each window that ends with `session`.

    Args:
        frame: One symbol's sessions, sorted by date: `date` and `close`, for total returns `adj_close` instead.
        session: The as-of session; rows after it are not looked at.
        windows: Which ones, in which order.
        total: Dividends reinvested (`A` of the formulas) instead of the price alone.
        price: The live price, where `session` runs; None takes the session's own row.
    """
    line = _Line(frame, session, total, price)
    return {window: line.since(line.start(window)) for window in windows}


def since(
    frame: pl.DataFrame, start: date, session: date, total: bool = False, *, price: float | None = None
) -> Return:
    """The return from the last close on or before `start`; unknown when `start` is not before `session`."""
    line = _Line(frame, session, total, price)
    return line.since(line.last_on(start) if start < session else None)


def excess_all(
    frame: pl.DataFrame,
    bench: pl.DataFrame,
    session: date,
    windows: Sequence[Window] = tuple(Window),
    total: bool = False,
    *,
    price: float | None = None,
    bench_price: float | None = None,
) -> dict[Window, Excess]:
    """The return of each window beside the benchmark's over the same two dates; arguments as in `returns_all`."""
    theirs = _Line(bench, session, total, bench_price)
    return {
        window: _excess(own, theirs.since(theirs.at(own.base.session) if own.base else None))
        for window, own in returns_all(frame, session, windows, total, price=price).items()
    }


def change(price: float | None, base: float | None) -> float | None:
    """`price / base - 1` as a fraction; None where either is unknown or the base is not positive."""
    return None if price is None or base is None or base <= 0 else price / base - 1


def _excess(own: Return, bench: Return) -> Excess:
    """The difference of two returns, None when one is unknown."""
    if own.value is None or bench.value is None:
        return Excess(None, own, bench)
    return Excess(own.value - bench.value, own, bench)


class _Line:
    """One symbol's closes before the as-of session, and its price in it."""

    def __init__(self, frame: pl.DataFrame, session: date, total: bool, price: float | None) -> None:
        self._dates = frame["date"]
        self._closes = frame.select(known("adj_close" if total else "close")).to_series()
        self._session = session
        self._rows = end = row_of(self._dates, session)
        """How many sessions lie before it."""
        if price is None and end < len(self._dates) and self._dates[end] == session:
            price = self._closes[end]
        self._price = price

    def start(self, window: Window) -> int | None:
        """Row where a window begins."""
        back = SESSIONS.get(window)
        if back is None:
            return self.last_on(period_start(window, self._session) - _ONE_DAY)
        return self._rows - back if back <= self._rows else None

    def last_on(self, day: date) -> int | None:
        """Row of the last session on or before `day`."""
        row = min(row_of(self._dates, day + _ONE_DAY), self._rows) - 1
        return row if row >= 0 else None

    def at(self, day: date) -> int | None:
        """Row of exactly that session."""
        row = self.last_on(day)
        return row if row is not None and self._dates[row] == day else None

    def since(self, row: int | None) -> Return:
        """The return from that row to the price."""
        if row is None:
            return Return(None, None, self._price)
        base = Base(self._dates[row], self._closes[row])
        return Return(change(self._price, base.close), base, self._price)

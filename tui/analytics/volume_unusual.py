"""The days of unusual volume: which they were, what the price did, and what followed.

Definitions: docs, formulas ("Volume ratio", "Rare events and seasons"). Returns are fractions, volumes shares.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl
from msgspec import Struct

from tui import sessions
from tui.analytics.columns import has_own_volume, known
from tui.analytics.volume import DEFAULT_WINDOW, dollar_volume, ratio_by_mean, ratio_by_median
from tui.analytics.windows import SESSIONS, Window

SPAN = 60
"""Sessions that are looked through, the as-of session the last."""

BOUND = 2.0
"""Ratio from which on a day is unusual, unless stated otherwise: twice the usual."""

FOLLOWED = (Window.W1, Window.M1)
"""How far on it is told what the price did after."""


class UnusualDay(Struct, frozen=True, kw_only=True):
    """One session with its volume against the usual, and its price move."""

    session: date
    volume: int
    dollar_volume: float | None
    ratio: float
    """Volume / mean of the previous N sessions."""
    by_median: float | None
    change: float | None
    """The day's return, close to close."""
    followed: Mapping[Window, float | None]
    """The return from this day's close to the close so many sessions later; None where that is still to come."""
    half_day: bool
    """The session closed early."""


class Unusual(Struct, frozen=True, kw_only=True):
    """The unusual days among the last sessions."""

    bound: float
    window: int
    known: int
    """Sessions looked through whose ratio is known."""
    first: date | None
    """The first session looked through."""
    last: date | None
    highest: UnusualDay | None
    """The session with the highest ratio, unusual or not."""
    days: Sequence[UnusualDay]
    """Those at or above the bound, the last one first."""


def unusual(
    frame: pl.DataFrame,
    session: date,
    *,
    window: int = DEFAULT_WINDOW,
    bound: float = BOUND,
    span: int = SPAN,
) -> Unusual:
    """The sessions of the last `span` whose volume ratio is at or above `bound`, the newest first.

    Nothing after `session` is looked at, neither for a ratio nor for what followed. An index has no volume of its
    own: nothing is known of it.

    Args:
        frame: One symbol's sessions, sorted by date: `symbol`, `date`, `close`, `volume`.
        session: The as-of session.
        window: Sessions behind a ratio, the day itself left out; under half of them known, there is none.
        bound: Volume ratio from which on a day counts.
        span: Sessions to look through.
    """
    own = all(map(has_own_volume, frame["symbol"][:1]))
    upto = frame.filter(pl.col("date") <= session, own).select("date", known("close"), known("volume"))
    close = pl.col("close")
    base = pl.when(close > 0).then(close)
    seen = upto.with_columns(
        ratio=ratio_by_mean(pl.col("volume"), window),
        by_median=ratio_by_median(pl.col("volume"), window),
        dollars=dollar_volume(close, pl.col("volume")),
        change=close / base.shift(1) - 1,
        **{each.value: close.shift(-SESSIONS[each]) / base - 1 for each in FOLLOWED},
    ).tail(span)
    found = [_day(row) for row in seen.filter(pl.col("ratio").is_not_null()).iter_rows(named=True)]
    return Unusual(
        bound=bound,
        window=window,
        known=len(found),
        first=seen["date"][0] if seen.height else None,
        last=seen["date"][-1] if seen.height else None,
        highest=max(found, key=lambda day: day.ratio, default=None),
        days=tuple(day for day in reversed(found) if day.ratio >= bound),
    )


def _day(row: dict[str, object]) -> UnusualDay:
    day = row["date"]
    assert isinstance(day, date)
    return UnusualDay(
        session=day,
        volume=row["volume"],  # type: ignore[arg-type]
        dollar_volume=row["dollars"],  # type: ignore[arg-type]
        ratio=row["ratio"],  # type: ignore[arg-type]
        by_median=row["by_median"],  # type: ignore[arg-type]
        change=row["change"],  # type: ignore[arg-type]
        followed={each: row[each.value] for each in FOLLOWED},  # type: ignore[misc]
        half_day=sessions.is_half_day(day),
    )

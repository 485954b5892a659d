"""What small and large caps returned in each regime: falling and rising yields, slow growth, after recessions and cuts.

Prices are one symbol's sessions, `date` and `close`. A series is a frame of `date` (the first day that a value is
about), `value` and `known` (the day from which it could be known), oldest first.

A window is a number of sessions common to both symbols. Nothing looks past the last session: a window that is not over
is not counted. Every figure has its own n. Windows of one regime overlap where it lasts; `apart` tells how many of them
do not.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum

import polars as pl
from msgspec import Struct

from tui.analytics.columns import known

MONTH, QUARTER, YEAR = 21, 63, 252
"""Sessions of 1M, 3M and 1Y."""

YIELD_DAYS = 5
"""How old a yield may be on a session: bonds have holidays that shares have not."""
EVENT_DAYS = 7
"""Within so many days after an event a window must begin: else the prices begin later than the event."""
LEAST_QUARTERS = 8
"""Growth rates that a median takes."""
CUT = 0.20
"""How far the rate must be under its highest for a cut, percentage points: a month's mean holds a part of a cut only."""
RISE = 1.0
"""How far the rate must have risen off its lowest for a cycle to be one, percentage points."""


class Basis(StrEnum):
    """What could be known of a regime while it lasted."""

    SAME = "same days"
    """The change of the same days as the return: it goes with it, and foretells nothing."""
    KNOWN = "known then"
    """Known on the day that a window begins."""
    HINDSIGHT = "hindsight"
    """Dated by a committee long afterwards."""
    ALL = "all"
    """Every window: the base rate."""


class Outcome(Struct, frozen=True, gc=False):
    """Returns over a regime's windows, as fractions; None where there is none."""

    mean: float | None
    median: float | None
    positive: float | None
    """Share of the windows above zero."""
    n: int


class Regime(Struct, frozen=True, kw_only=True):
    """One line of the table."""

    name: str
    title: str
    window: str
    """`1M`, `3M` or `1Y`."""
    basis: Basis
    small: Outcome
    large: Outcome
    difference: Outcome
    """Small minus large, over the windows in which both are known."""
    apart: int
    """Windows that do not overlap, taken greedily from the first."""
    starts: Sequence[date] = ()
    """Where each window begins, for regimes that are single events."""
    first: date | None = None
    """The first window's first day."""
    last: date | None = None
    """The last window's last day."""


def common_sessions(small: pl.DataFrame, large: pl.DataFrame) -> pl.DataFrame:
    """`date`, `small` and `large`: the closes on the sessions that both have."""
    left, right = small.select("date", small=known("close")), large.select("date", large=known("close"))
    return left.join(right, on="date", how="inner", maintain_order="left")


def windows(closes: pl.DataFrame, sessions: int) -> pl.DataFrame:
    """`start`, `end`, `small`, `large`, `difference`: every window that is over, by the session it begins at."""
    returns = {
        name: pl.when(pl.col(name) > 0).then(pl.col(name).shift(-sessions) / pl.col(name) - 1)
        for name in ("small", "large")
    }
    made = closes.select(start=pl.col("date"), end=pl.col("date").shift(-sessions), **returns)
    return made.drop_nulls("end").with_columns(difference=pl.col("small") - pl.col("large"))


def by_yield(closes: pl.DataFrame, yields: pl.DataFrame) -> list[Regime]:
    """1M returns of the months in which the yield fell, and rose; a yield that stayed is in neither."""
    told = yields.select("date", told=known("value")).drop_nulls().set_sorted("date")
    spans = windows(closes, MONTH)
    for day in ("start", "end"):
        spans = spans.sort(day).join_asof(
            told.rename({"date": day, "told": f"yield_{day}"}),
            on=day,
            strategy="backward",
            tolerance=timedelta(days=YIELD_DAYS),
        )
    # Two decimals are what is published: what is left beyond them is the rounding of a difference.
    change = (pl.col("yield_end") - pl.col("yield_start")).round(6)
    return [
        _regime("yield_fell", "10-year yield fell over 1M", "1M", Basis.SAME, spans.filter(change < 0)),
        _regime("yield_rose", "10-year yield rose over 1M", "1M", Basis.SAME, spans.filter(change > 0)),
        _regime("all_1m", "all months", "1M", Basis.ALL, spans),
    ]


def growth_rates(levels: pl.DataFrame) -> pl.DataFrame:
    """`date`, `known`, `growth` over the value before, and `median` of all growth rates known by then, its own too."""
    values = levels.select("date", "known", value=known("value")).drop_nulls("value")
    base = pl.col("value").shift(1)
    rates = values.with_columns(growth=pl.when(base > 0).then(pl.col("value") / base - 1)).drop_nulls("growth")
    median = pl.col("growth").rolling_median(
        max(1, rates.height), min_samples=min(LEAST_QUARTERS, max(1, rates.height))
    )
    enough = pl.int_range(1, pl.len() + 1) >= LEAST_QUARTERS
    return rates.select("date", "known", "growth", median=pl.when(enough).then(median))


def by_growth(closes: pl.DataFrame, levels: pl.DataFrame) -> list[Regime]:
    """3M returns from each session on which the newest known growth was below its median, and not below it."""
    rates = growth_rates(levels).drop_nulls("median")
    # Of several that became known on one day, the newest; a late one never hides what is newer.
    rates = rates.sort("known", "date").unique("known", keep="last", maintain_order=True).set_sorted("known")
    spans = windows(closes, QUARTER).join_asof(
        rates.select("known", slow=pl.col("growth") < pl.col("median")),
        left_on="start",
        right_on="known",
        strategy="backward",
        tolerance=timedelta(days=200),
    )
    return [
        _regime("growth_below", "GDP growth below its median", "3M", Basis.KNOWN, spans.filter(pl.col("slow"))),
        _regime("growth_above", "GDP growth at or above it", "3M", Basis.KNOWN, spans.filter(~pl.col("slow"))),
        _regime("all_3m", "all quarters", "3M", Basis.ALL, spans),
    ]


def by_events(
    closes: pl.DataFrame, middles: Iterable[date], cuts: Iterable[date] | None, *, base: bool = True
) -> list[Regime]:
    """1Y returns after the middle of each recession, and after the first cut of each cycle."""
    spans = windows(closes, YEAR)
    found = [
        _regime(
            "after_recession",
            "12 months after a recession's midpoint",
            "1Y",
            Basis.HINDSIGHT,
            starting(spans, closes, middles),
            single=True,
        )
    ]
    if cuts is not None:
        made = starting(spans, closes, cuts)
        found.append(_regime("after_cut", "12 months after a first rate cut", "1Y", Basis.KNOWN, made, single=True))
    return [*found, _regime("all_1y", "all years", "1Y", Basis.ALL, spans)] if base else found


def midpoint(peak: date, trough: date) -> date:
    """The middle of the months after that of the peak, up to and with that of the trough."""
    first, end = _next_month(peak), _next_month(trough)
    return first + (end - first) / 2


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def first_cuts(rate: pl.DataFrame) -> list[date]:
    """The days on which the first cut of each cycle was known, oldest first.

    A cycle begins when the rate is `RISE` above its lowest since the last one; its first cut is the first value that
    is `CUT` or more under the highest of the cycle.
    """
    cuts = []
    low: float | None = None
    high: float | None = None
    for day, value in rate.select("known", value=known("value")).drop_nulls("value").iter_rows():
        if high is None:
            low = value if low is None else min(low, value)
            high = value if value >= low + RISE - _ROUNDING else None
        else:
            high = max(high, value)
            if value <= high - CUT + _ROUNDING:
                cuts.append(day)
                low, high = value, None
    return cuts


_ROUNDING = 1e-9
"""Rates are published with two decimals: 5.33 - 5.13 is 0.20."""


def starting(spans: pl.DataFrame, closes: pl.DataFrame, events: Iterable[date]) -> pl.DataFrame:
    """The windows that begin with the first session on or after each event, soon enough after it."""
    days = closes["date"].to_list()
    starts = []
    for event in events:
        at = closes["date"].search_sorted(event, "left")
        if at < len(days) and (days[at] - event).days <= EVENT_DAYS:
            starts.append(days[at])
    return spans.filter(pl.col("start").is_in(starts))


def _regime(name: str, title: str, window: str, basis: Basis, spans: pl.DataFrame, *, single: bool = False) -> Regime:
    spans = spans.sort("start")
    starts = spans["start"].to_list()
    return Regime(
        name=name,
        title=title,
        window=window,
        basis=basis,
        small=outcome(spans["small"]),
        large=outcome(spans["large"]),
        difference=outcome(spans["difference"]),
        apart=_apart(starts, spans["end"].to_list()),
        starts=starts if single else (),
        first=starts[0] if starts else None,
        last=spans["end"].max() if starts else None,  # type: ignore[arg-type]
    )


def outcome(returns: pl.Series) -> Outcome:
    """Mean, median and share above zero of what is known."""
    values = returns.drop_nulls()
    if not values.len():
        return Outcome(None, None, None, 0)
    return Outcome(values.mean(), values.median(), (values > 0).mean(), values.len())  # type: ignore[arg-type]


def _apart(starts: Sequence[date], ends: Sequence[date]) -> int:
    """How many windows can be taken from the first on so that each begins where the last has ended, or later."""
    count, free = 0, date.min
    for start, end in zip(starts, ends, strict=True):
        if start >= free:
            count, free = count + 1, end
    return count

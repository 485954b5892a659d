"""Seasons of one symbol: calendar months, days of the month, years of the presidential cycle (docs: formulas).

A month's return runs from the last close of the calendar month before to its own last close. Only months that are
over count; the one that runs is set beside the same number of sessions of the same month in all other years.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from statistics import fmean, median

import polars as pl
from msgspec import Struct

from tui import sessions
from tui.analytics.columns import known

MONTHS = 12
DAYS = 31
CYCLE = 4


class Season(Struct, frozen=True, gc=False):
    """One month of the year, day of the month or year of the cycle, over all that are known. Fractions."""

    number: int
    """Month 1..12, day 1..31, session 1..23, year of the cycle 1..4."""
    n: int
    mean: float | None
    median: float | None
    positive: float | None
    """Share of the n that are above zero."""
    low: float | None
    """The worst of the n."""
    high: float | None
    """The best of the n."""


class Year(Struct, frozen=True):
    """One calendar year. Fractions."""

    year: int
    months: Sequence[float | None]
    """Twelve returns, January first; None where a month is unknown or to come."""
    whole: float | None
    """From the last close of the year before to the year's own; None until the year is over."""
    running: int | None = None
    """The month, 1..12, that is not over: its return is that of the month so far."""


class SoFar(Struct, frozen=True, kw_only=True):
    """The running month beside the same number of its sessions in the other years. Fractions."""

    year: int
    month: int
    session: int
    """Sessions of the month so far, the as-of session among them."""
    base: date
    """Last session of the month before, from which the return runs."""
    value: float
    percentile: float | None
    """Share of the other years below this one, those equal counted half, times 100; None without other years."""
    rank: int
    """1 is the best of all years, this one among them."""
    others: Season
    """The other years after as many sessions."""
    rest: Season
    """What the other years did from there to the end of the month."""
    years: Sequence[tuple[int, float]]
    """Each of the other years with its return after as many sessions, oldest first."""


class Seasons(Struct, frozen=True, kw_only=True):
    """All seasons of one symbol."""

    first: date | None
    """First session with a close."""
    last: date | None
    months: Sequence[Season]
    """Twelve, January first."""
    days: Sequence[Season]
    """Daily returns by calendar day, 1..31."""
    by_session: Sequence[Season]
    """Daily returns by the session of the month, 1 is the first."""
    cycle: Sequence[Season]
    """Calendar-year returns by year of the US presidential cycle: 1 follows an election, 4 is the election's."""
    years: Sequence[Year]
    """The newest first."""
    all_months: Season
    """All months that are over, whatever their name (number 0): what a single one is to be held against."""
    so_far: SoFar | None


def cycle_year(year: int) -> int:
    """Year of the US presidential cycle, 1..4: 4 is the year of an election (2024), 1 the year after it."""
    return (year - 1) % CYCLE + 1


def seasons(frame: pl.DataFrame, *, final: bool = True) -> Seasons:
    """The seasons of one symbol.

    Args:
        frame: Its sessions in their order, `date` and `close`; rows without a positive close count as absent.
        final: Whether the last session is over; a month ends with its last session's close, not before.
    """
    closes = frame.select("date", close=known("close")).filter(pl.col("close") > 0).sort("date")
    if closes.is_empty():
        return _none()
    days = _days(closes)
    last: date = closes["date"][-1]
    running = not (final and _ends_month(last))
    months = days.group_by("year", "month", maintain_order=True).agg(
        value=pl.col("so_far").last(), base=pl.col("base").last(), sessions=pl.len()
    )
    over = months[:-1] if running else months
    known_over = over.drop_nulls("value")
    years = _years(closes, over)
    daily = (days if final else days[:-1]).drop_nulls("move")
    return Seasons(
        first=closes["date"][0],
        last=last,
        months=_by(known_over, "month", "value", range(1, MONTHS + 1)),
        days=_by(daily, "day", "move", range(1, DAYS + 1)),
        by_session=_by(daily, "session", "move", range(1, max(daily["session"].to_list(), default=0) + 1)),
        cycle=_by(years.with_columns(cycle=(pl.col("year") - 1) % CYCLE + 1), "cycle", "value", range(1, CYCLE + 1)),
        years=_grid(months, years, running=running),
        all_months=_season(0, known_over["value"].to_list()),
        so_far=_so_far(days, over) if running else None,
    )


def _days(closes: pl.DataFrame) -> pl.DataFrame:
    """Each session with its calendar month, its place in it, its own return and that of the month so far.

    A month whose calendar month before has no close has no base: its returns are null.
    """
    at = pl.col("date")
    named = closes.with_columns(
        year=at.dt.year(),
        month=at.dt.month().cast(pl.Int32),
        day=at.dt.day().cast(pl.Int32),
        move=pl.col("close") / pl.col("close").shift(1) - 1,
    ).with_columns(
        index=pl.col("year") * MONTHS + pl.col("month"), session=pl.int_range(1, pl.len() + 1).over("year", "month")
    )
    ends = named.group_by("index", maintain_order=True).agg(
        base_close=pl.col("close").last(), base=pl.col("date").last()
    )
    return named.join(
        ends.with_columns(pl.col("index") + 1), on="index", how="left", maintain_order="left"
    ).with_columns(so_far=pl.col("close") / pl.col("base_close") - 1)


def _ends_month(day: date) -> bool:
    """Whether no session of the same month follows."""
    return sessions.next_session(day).month != day.month


def _years(closes: pl.DataFrame, over: pl.DataFrame) -> pl.DataFrame:
    """`year` and `value` of the calendar years that are over and whose year before has a close in December."""
    ends = (
        closes.with_columns(year=pl.col("date").dt.year(), month=pl.col("date").dt.month())
        .group_by("year", maintain_order=True)
        .agg(pl.col("close").last(), pl.col("month").last())
    )
    december = ends.filter(pl.col("month") == MONTHS)
    before = december.select(year=pl.col("year") + 1, base="close")
    done = over.filter(pl.col("month") == MONTHS).select("year")
    return (
        december.join(before, on="year")
        .join(done, on="year", how="semi")
        .select("year", value=pl.col("close") / pl.col("base") - 1)
        .sort("year")
    )


def _by(frame: pl.DataFrame, key: str, value: str, numbers: Iterable[int]) -> list[Season]:
    """A season for each number, those without any value too."""
    grouped = dict(frame.group_by(key).agg(pl.col(value)).iter_rows())
    return [_season(number, grouped.get(number, ())) for number in numbers]


def _season(number: int, values: Sequence[float]) -> Season:
    if not values:
        return Season(number, 0, None, None, None, None, None)
    share = sum(value > 0 for value in values) / len(values)
    return Season(number, len(values), fmean(values), median(values), share, min(values), max(values))


def _grid(months: pl.DataFrame, years: pl.DataFrame, *, running: bool) -> list[Year]:
    whole = dict(years.iter_rows())
    cells: dict[int, list[float | None]] = {}
    for year, month, value in months.select("year", "month", "value").iter_rows():
        cells.setdefault(year, [None] * MONTHS)[month - 1] = value
    last_year, last_month = months.select("year", "month").row(-1)
    return [
        Year(year, cells[year], whole.get(year), last_month if running and year == last_year else None)
        for year in sorted(cells, reverse=True)
    ]


def _so_far(days: pl.DataFrame, over: pl.DataFrame) -> SoFar | None:
    """The month of the last session, None where its return is unknown."""
    now = days.row(-1, named=True)
    value, place = now["so_far"], now["session"]
    if value is None:
        return None
    same = (pl.col("month") == now["month"]) & (pl.col("year") != now["year"])
    then = days.filter(same & (pl.col("session") == place)).drop_nulls("so_far").select("year", "so_far")
    others = [(year, each) for year, each in then.sort("year").iter_rows()]
    values = [each for _, each in others]
    ends = over.filter(same).select("year", "value")
    rest = [
        (1 + end) / (1 + each) - 1 for each, end in then.join(ends, on="year").select("so_far", "value").iter_rows()
    ]
    below = sum(each < value for each in values) + sum(each == value for each in values) / 2
    return SoFar(
        year=now["year"],
        month=now["month"],
        session=place,
        base=now["base"],
        value=value,
        percentile=100 * below / len(values) if values else None,
        rank=1 + sum(each > value for each in values),
        others=_season(now["month"], values),
        rest=_season(now["month"], rest),
        years=others,
    )


def _none() -> Seasons:
    """Of a symbol without history."""
    return Seasons(
        first=None,
        last=None,
        months=[_season(number, ()) for number in range(1, MONTHS + 1)],
        days=[_season(number, ()) for number in range(1, DAYS + 1)],
        by_session=[],
        cycle=[_season(number, ()) for number in range(1, CYCLE + 1)],
        years=[],
        all_months=_season(0, ()),
        so_far=None,
    )

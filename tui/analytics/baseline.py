"""From daily history to one `Baseline` per symbol: the slow part of a row, done once per session, in polars."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from datetime import date
from math import isnan, nan
from typing import Any, Literal, NamedTuple

import polars as pl
from msgspec import Struct

from tui.analytics.breadth import LONG_MEAN
from tui.analytics.columns import has_own_volume, known, known_or_null
from tui.analytics.doubles import doubles
from tui.analytics.figures import NO_VOLUME, TAIL, VOLUME_WINDOWS, Base, Baseline, Usual
from tui.analytics.windows import SESSIONS, Window, period_start

YEAR = 252
"""Sessions of the 52-week position, today included."""

YEAR_KNOWN = 200
"""Known sessions of the previous 251 that a 52-week position takes."""

ZSCORE = 50
"""Closes of the z-score, today's included; the shorter of the two means of breadth has as many."""

DEEPEST = max(SESSIONS.values())
"""Sessions that the longest window goes back: no older row is looked at one by one."""

EPOCH = date(1970, 1, 1).toordinal()
"""The day that polars counts days from, as `date.toordinal` counts them."""

MANY = 200_000
"""Rows that are gone through piece by piece."""


class DayBar(Struct, frozen=True, gc=False):
    """One finished session of one symbol, as stored."""

    open: float | None
    high: float | None
    low: float | None
    close: float | None
    volume: int | None


def baselines(frame: pl.DataFrame, session: date, peaks: Mapping[str, float] | None = None) -> dict[str, Baseline]:
    """Everything that rows of `session` need from the sessions before it, by symbol.

    Args:
        frame: Daily bars, sorted by symbol and date, one row per session of the symbol; `symbol`, `date` and `close`
            are required, `high`, `low` and `volume` are used where they are. 275 rows a symbol serve every window of
            a monitor row, 1,260 all windows. Rows on or after `session` are not looked at.
        session: The as-of session.
        peaks: Highest close before `session` over the whole history, where `frame` holds only its tail.

    Symbols without a session before `session` are absent. A row whose close is null is a session with an unknown
    close: a window that begins there has a base without a close, and nothing slides over to another day.
    """
    past = _before(frame, session)
    # In a sorted frame a symbol is a run of rows: numbered runs are grouped in half the time that names take.
    runs = past.lazy().with_columns(run=pl.col("symbol").rle_id().set_sorted()).group_by("run", maintain_order=True)
    rows = runs.agg(pl.col("symbol").first(), *_aggregates()).drop("run").collect(engine=_engine(frame))
    if rows.is_empty():
        return {}
    if max(rows["sessions"]) > DEEPEST:
        past = past.group_by("symbol", maintain_order=True).tail(DEEPEST)
    closes_of_all, days_of_all = doubles(past["close"]), past["date"].to_physical() + EPOCH
    starts = {window: period_start(window, session).toordinal() for window in Window if window not in SESSIONS}
    calendars: dict[tuple[int, int], _Calendar] = {}
    made: dict[str, Baseline] = {}
    end = 0
    for symbol, sessions, days, high, low, anchor, sum49, sumsq49, sum199, peak, *volumes in rows.iter_rows():
        start, end = end, end + min(sessions, DEEPEST)
        closes = closes_of_all[start:end]
        calendar = calendars.get((days, sessions))
        if calendar is None:
            calendar = calendars[days, sessions] = _calendar(days_of_all.slice(start, end - start), starts)
        own = has_own_volume(symbol)
        made[symbol] = Baseline(
            symbol=symbol,
            session=session,
            bases={window: Base(day, _known(closes[at])) for window, day, at in calendar.bases},
            usual=_usual(volumes) if own else NO_VOLUME,
            high251=high,
            low251=low,
            sum49=sum49,
            sumsq49=sumsq49,
            anchor=nan if anchor is None else anchor,
            peak=_higher(peak, peaks.get(symbol)) if peaks else peak,
            dates=calendar.dates,
            closes=closes[-TAIL:],
            has_volume=own,
            sum199=sum199,
            usual_dollars=dict(zip(VOLUME_WINDOWS, volumes[3 * len(VOLUME_WINDOWS) :], strict=True)) if own else {},
        )
    return made


def today(frame: pl.DataFrame, session: date) -> dict[str, DayBar]:
    """The bar of `session` of every symbol that has a row there: what the time machine makes its quotes from.

    Takes the frame of `baselines`; columns that it lacks, and nulls, are None.
    """
    bars = frame.filter(pl.col("date") == session).select(
        "symbol",
        *(known_or_null(frame, name) for name in ("open", "high", "low", "close")),
        known_or_null(frame, "volume").cast(pl.Int64),
    )
    return {symbol: DayBar(*values) for symbol, *values in bars.iter_rows()}


def _before(frame: pl.DataFrame, session: date) -> pl.DataFrame:
    """The sessions before `session`, with the columns that count; unknown highs and lows fall back to the close."""
    past = frame.lazy().filter(pl.col("date") < session)
    return past.select(
        "symbol",
        "date",
        known("close"),
        high=known_or_null(frame, "high").fill_null(known("close")),
        low=known_or_null(frame, "low").fill_null(known("close")),
        volume=known_or_null(frame, "volume"),
    ).collect(engine=_engine(frame))


def _engine(frame: pl.DataFrame) -> Literal["in-memory", "streaming"]:
    """Piece by piece takes a third less memory for a whole market; for a list, more, and for good."""
    return "streaming" if frame.height > MANY else "in-memory"


def _aggregates() -> Iterator[pl.Expr]:
    """One value per symbol for each, in the order in which `baselines` reads them."""
    close, volume = pl.col("close"), pl.col("volume")
    yield pl.len().alias("sessions")
    # Equal for symbols that traded on the same days: a sum of 64-bit hashes, which wraps.
    yield pl.col("date").tail(DEEPEST).hash().sum().alias("days")
    highs, lows = pl.col("high").tail(YEAR - 1), pl.col("low").tail(YEAR - 1)
    yield pl.when(highs.count() >= YEAR_KNOWN).then(highs.max()).alias("high251")
    yield pl.when(lows.count() >= YEAR_KNOWN).then(lows.min()).alias("low251")
    # Differences from a close among them are of the size of the spread: their squares lose no digits to the level.
    distance = close.tail(ZSCORE - 1) - close.last()
    complete = distance.count() == ZSCORE - 1
    yield close.last().alias("anchor")
    yield pl.when(complete).then(distance.sum()).alias("sum49")
    yield pl.when(complete).then((distance * distance).sum()).alias("sumsq49")
    longer = close.tail(LONG_MEAN - 1) - close.last()
    yield pl.when(longer.count() == LONG_MEAN - 1).then(longer.sum()).alias("sum199")
    yield close.max().alias("peak")
    for sessions in VOLUME_WINDOWS:
        previous = volume.tail(sessions)
        enough = previous.count() * 2 >= sessions
        yield pl.when(enough).then(previous.mean()).alias(f"mean{sessions}")
        yield pl.when(enough).then(previous.median()).alias(f"median{sessions}")
        yield previous.count().alias(f"known{sessions}")
    for sessions in VOLUME_WINDOWS:
        dollars = close.tail(sessions) * volume.tail(sessions)
        yield pl.when(dollars.count() * 2 >= sessions).then(dollars.mean()).alias(f"dollars{sessions}")


class _Calendar(NamedTuple):
    """What follows from the days alone, and so is shared by all symbols that traded on the same ones."""

    dates: "array[int]"
    """Ordinals of the last `TAIL` sessions."""
    bases: list[tuple[Window, date, int]]
    """Where each window begins: its session, and how far that is from the end (-1 is the last session)."""


def _calendar(days: pl.Series, starts: Mapping[Window, int]) -> _Calendar:
    """The calendar of a symbol that traded on these days (ordinals), given where calendar windows start."""
    dates = array("q", days.to_list())
    bases = []
    for window in Window:
        start = starts.get(window)
        back = SESSIONS[window] if start is None else len(dates) - bisect_left(dates, start) + 1
        if back <= len(dates):
            bases.append((window, date.fromordinal(dates[-back]), -back))
    return _Calendar(dates[-TAIL:], bases)


def _known(close: float) -> float | None:
    """None for NaN."""
    return None if isnan(close) else close


def _higher(one: float | None, other: float | None) -> float | None:
    """The greater of those that are known."""
    if one is None or other is None:
        return one if other is None else other
    return max(one, other)


def _usual(values: list[Any]) -> dict[int, Usual]:
    """Mean, median and count of each of `VOLUME_WINDOWS`, with which `values` begins, as structs."""
    return {sessions: Usual(*values[3 * at : 3 * at + 3]) for at, sessions in enumerate(VOLUME_WINDOWS)}

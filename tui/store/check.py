"""What looks wrong in stored daily bars: gaps, duplicates, impossible bars, jumps without a split, long flat runs."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from itertools import pairwise
from math import log

import polars as pl
from msgspec import Struct

from tui import sessions
from tui.sessions_table import FIRST_YEAR, LAST_YEAR
from tui.store.history import History

JUMP = log(1.8)
"""A close more than 1.8 times the one before, or less than 1 / 1.8 of it. A 2:1 split that was not adjusted is a
factor of 2 and the day's own move, so at 2 half of them would pass; whole markets and large funds never come near."""
FLAT = 10
"""Sessions in a row with the same close: two weeks of a suspended or delisted symbol, or of filled-in data."""
TOLERANCE = 1e-6
"""Relative slack of comparisons within a bar: prices that were stored as 32-bit numbers, or rebuilt."""
BATCH = 250
"""Symbols examined at a time: 250 x 25 years is 1.6 million rows."""

_NEW_YORK = re.compile(r"\^?[A-Z0-9]+(-[A-Z]{1,2})?")
"""Symbols that follow the New York calendar: without the suffix of another exchange, a currency or a future."""
_DAILY = timedelta(days=4)
"""A series whose usual step is longer than a long weekend is weekly or monthly: it has no missing sessions."""


class Trouble(StrEnum):
    """Kinds of finding."""

    GAP = "gap"
    """Exchange sessions without a bar, between the first and the last."""
    DUPLICATE = "duplicate"
    """Several bars of one session."""
    IMPOSSIBLE = "impossible"
    """A bar that no trading can make: high under low, a price outside them, not positive, a negative volume."""
    JUMP = "jump"
    """A move beyond `JUMP` on a day without a split."""
    FLAT = "flat"
    """`FLAT` or more sessions with one close."""


class Finding(Struct, frozen=True):
    """One thing that looks wrong, from its first session to its last."""

    symbol: str
    trouble: Trouble
    first: date
    last: date
    detail: str


def examine(frame: pl.DataFrame) -> list[Finding]:
    """Findings in daily bars (`DAILY_SCHEMA`, any order), sorted by symbol and date.

    A series (closes alone, as from FRED) is only searched for duplicates: it has no bars, and a rate may be negative,
    stand still or double.
    """
    found = [*_duplicates(frame)]
    bars = frame.unique(["symbol", "date"], keep="last").sort("symbol", "date")
    price = pl.coalesce("close", "adj_close")
    traded = pl.any_horizontal(pl.col("open", "high", "low", "adj_close", "volume").is_not_null())
    bars = bars.with_columns(price=price).filter(traded.any().over("symbol"))
    found += [*_impossible(bars), *_jumps(bars), *_flats(bars), *_gaps(bars)]
    return sorted(found, key=lambda each: (each.symbol, each.first, each.trouble))


def findings(
    history: History, symbols: Sequence[str], progress: Callable[[int], None] = lambda _done: None
) -> Iterator[Finding]:
    """Examine stored symbols a batch at a time; `progress` is told how many are done."""
    for start in range(0, len(symbols), BATCH):
        yield from examine(history.frame(symbols[start : start + BATCH]))
        progress(min(start + BATCH, len(symbols)))


def _duplicates(frame: pl.DataFrame) -> Iterator[Finding]:
    counts = frame.group_by("symbol", "date").agg(count=pl.len()).filter(pl.col("count") > 1)
    for symbol, day, count in counts.iter_rows():
        yield Finding(symbol, Trouble.DUPLICATE, day, day, f"{count} bars")


def _impossible(bars: pl.DataFrame) -> Iterator[Finding]:
    """One finding for each run of bars with the same faults: a source's habit is not told thousands of times."""
    low, high = pl.col("low") * (1 - TOLERANCE), pl.col("high") * (1 + TOLERANCE)
    lowest = pl.min_horizontal("open", "high", "low", "close", "adj_close")
    reasons = {
        "a price is not positive": lowest <= 0,
        "the volume is negative": pl.col("volume") < 0,
        "the high is under the low": high < low,
        "the open is outside low and high": (pl.col("open") < low) | (pl.col("open") > high),
        "the close is outside low and high": (pl.col("close") < low) | (pl.col("close") > high),
    }
    told = [pl.when(condition).then(pl.lit(reason)) for reason, condition in reasons.items()]
    runs = (
        bars.select("symbol", "date", detail=pl.concat_str(told, separator="; ", ignore_nulls=True))
        .group_by(pl.struct("symbol", "detail").rle_id().alias("run"), maintain_order=True)
        .agg(
            pl.col("symbol", "detail").first(),
            first=pl.col("date").first(),
            last=pl.col("date").last(),
            length=pl.len(),
        )
        .filter(pl.col("detail") != "")
    )
    for symbol, detail, first, last, length in runs.drop("run").iter_rows():
        yield Finding(symbol, Trouble.IMPOSSIBLE, first, last, detail if length == 1 else f"{detail} ({length} bars)")


def _jumps(bars: pl.DataFrame) -> Iterator[Finding]:
    known = bars.filter(pl.col("price") > 0)
    before = pl.col("price").shift().over("symbol")
    moves = known.with_columns(before=before).filter(
        ((pl.col("price") / pl.col("before")).log().abs() > JUMP) & pl.col("split").is_null()
    )
    for symbol, day, old, new in moves.select("symbol", "date", "before", "price").iter_rows():
        yield Finding(symbol, Trouble.JUMP, day, day, f"{new / old - 1:+.0%}, from {old:g} to {new:g}, without a split")


def _flats(bars: pl.DataFrame) -> Iterator[Finding]:
    run = pl.struct("symbol", "price").rle_id()
    runs = (
        bars.drop_nulls("price")
        .group_by(run.alias("run"), maintain_order=True)
        .agg(
            pl.col("symbol", "price").first(),
            first=pl.col("date").first(),
            last=pl.col("date").last(),
            length=pl.len(),
        )
        .filter(pl.col("length") >= FLAT)
    )
    for symbol, price, first, last, length in runs.drop("run").iter_rows():
        yield Finding(symbol, Trouble.FLAT, first, last, f"{length} sessions at {price:g}")


def _gaps(bars: pl.DataFrame) -> Iterator[Finding]:
    calendar = _calendar()
    for (symbol,), mine in bars.group_by(["symbol"], maintain_order=True):
        days = mine.get_column("date")
        step = days.diff().median()
        if not _NEW_YORK.fullmatch(str(symbol)) or (isinstance(step, timedelta) and step > _DAILY):
            continue
        have = set(days.to_list())
        begin, end = bisect_left(calendar, days[0]), bisect_right(calendar, days[-1])
        missing = [position for position in range(begin, end) if calendar[position] not in have]
        for first, last in _stretches(missing):
            count = last - first + 1
            detail = "1 session is missing" if count == 1 else f"{count} sessions are missing"
            yield Finding(str(symbol), Trouble.GAP, calendar[first], calendar[last], detail)


def _stretches(positions: list[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of consecutive numbers."""
    if not positions:
        return
    start = positions[0]
    for before, after in pairwise(positions):
        if after != before + 1:
            yield start, before
            start = after
    yield start, positions[-1]


@cache
def _calendar() -> list[date]:
    """All sessions that are known; before and after, holidays are not, and every one would look like a gap."""
    days = (
        date.fromordinal(n) for n in range(date(FIRST_YEAR, 1, 1).toordinal(), date(LAST_YEAR + 1, 1, 1).toordinal())
    )
    return [day for day in days if sessions.is_session(day)]

"""The formulas once more, read off the page in plain Python: slow, obvious, and independent of the code under test."""

import random
import statistics
from datetime import date, timedelta
from typing import NamedTuple

import polars as pl

from tui.analytics.windows import Window

COUNTED = {"1D": 1, "1W": 5, "1M": 21, "3M": 63, "6M": 126, "1Y": 252, "3Y": 756, "5Y": 1260}


class Day(NamedTuple):
    date: date
    high: float | None
    low: float | None
    close: float | None
    volume: int | None


def history(seed: int, length: int, *, unknown: float = 0.0, start: date = date(2023, 6, 1)) -> list[Day]:
    """A random walk over `length` weekdays; each value is unknown with that probability."""
    rng = random.Random(seed)
    days, day, close = [], start, 50.0

    def seen(value):
        return None if rng.random() < unknown else value

    while len(days) < length:
        if day.weekday() < 5:
            close = round(close * rng.lognormvariate(0, 0.02), 4)
            high, low = round(close * rng.uniform(1, 1.03), 4), round(close * rng.uniform(0.97, 1), 4)
            days.append(Day(day, seen(high), seen(low), seen(close), seen(rng.randrange(0, 200_000))))
        day += timedelta(days=1)
    return days


def without(days: list[Day], seed: int, holes: int) -> list[Day]:
    """The same history with some sessions missing."""
    rng = random.Random(seed)
    missing = set(rng.sample(range(len(days)), min(holes, len(days))))
    return [day for at, day in enumerate(days) if at not in missing]


SCHEMA = {
    "symbol": pl.String,
    "date": pl.Date,
    "high": pl.Float64,
    "low": pl.Float64,
    "close": pl.Float64,
    "volume": pl.Int64,
}


def frame_of(**histories: list[Day]) -> pl.DataFrame:
    rows = [(symbol.replace("INDEX", "^X"), *day) for symbol, days in histories.items() for day in days]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def base_of(days: list[Day], session: date, window: str) -> Day | None:
    """The session where the window begins."""
    past = [day for day in days if day.date < session]
    if window in COUNTED:
        return past[-COUNTED[window]] if len(past) >= COUNTED[window] else None
    begins = {
        "WTD": session - timedelta(days=session.weekday()),
        "MTD": date(session.year, session.month, 1),
        "QTD": date(session.year, {1: 1, 2: 4, 3: 7, 4: 10}[(session.month + 2) // 3], 1),
        "YTD": date(session.year, 1, 1),
    }[window]
    earlier = [day for day in past if day.date < begins]
    return earlier[-1] if earlier else None


def return_of(days: list[Day], session: date, window: str, price: float | None) -> float | None:
    base = base_of(days, session, window)
    return None if base is None or base.close is None or price is None else price / base.close - 1


def excess_of(days, bench, session, window, *, price, bench_price) -> float | None:
    base = base_of(days, session, window)
    own = return_of(days, session, window, price)
    if own is None or bench_price is None:
        return None
    same = [day.close for day in bench if day.date == base.date]
    return None if not same or same[0] is None else own - (bench_price / same[0] - 1)


def usual_volume(days: list[Day], session: date, count: int, kind=statistics.mean) -> float | None:
    known = [day.volume for day in [day for day in days if day.date < session][-count:] if day.volume is not None]
    return None if len(known) < count / 2 else kind(known)


def range52(days: list[Day], session: date, today: Day) -> float | None:
    past = [day for day in days if day.date < session][-251:]
    highs = [h for h in (day.close if day.high is None else day.high for day in past) if h is not None]
    lows = [x for x in (day.close if day.low is None else day.low for day in past) if x is not None]
    if today.close is None or min(len(highs), len(lows)) < 200:
        return None
    high = max([*highs, today.close, *([] if today.high is None else [today.high])])
    low = min([*lows, today.close, *([] if today.low is None else [today.low])])
    return (today.close - low) / (high - low)


def zscore50(days: list[Day], session: date, price: float | None) -> float | None:
    closes = [*[day.close for day in days if day.date < session][-49:], price]
    if len(closes) < 50 or None in closes:
        return None
    return (price - statistics.fmean(closes)) / statistics.stdev(closes)


def drawdown(days: list[Day], session: date, price: float | None) -> float | None:
    closes = [day.close for day in days if day.date < session and day.close is not None]
    return None if not closes or price is None else price / max([*closes, price]) - 1


def windows() -> list[str]:
    return [window.value for window in Window]

"""What the baseline of a whole market costs, and a row derived from it.

    python -m tests.benchmark.bench_baseline

2,500 symbols with 275 sessions each, as the tail of the history is read: once all on the same days, and once each with
holes of its own, the worst that data can do to it.
"""

# ruff: noqa: T201 -- a script prints

import math
import random
import timeit
from array import array
from collections.abc import Callable
from datetime import date, timedelta

import polars as pl
from msgspec import structs

from tui.analytics.baseline import baselines
from tui.analytics.row import Today, bench_of, derive, ranks
from tui.analytics.windows import Window

SYMBOLS, SESSIONS = 2_500, 275
SESSION = date(2024, 7, 12)


def walk(rng: random.Random) -> list[float]:
    """Closes of one symbol."""
    level, closes = rng.uniform(5, 500), []
    for _ in range(SESSIONS):
        level *= math.exp(rng.gauss(0, 0.02))
        closes.append(level)
    return closes


def market(*, holes: int) -> pl.DataFrame:
    """Sorted bars of all symbols; every symbol lacks `holes` sessions of its own."""
    rng = random.Random(1)
    days = [SESSION - timedelta(days=back) for back in range(1, 400)]
    days = sorted(day for day in days if day.weekday() < 5)[-SESSIONS:]
    close = pl.Series([close for _ in range(SYMBOLS) for close in walk(rng)])
    frame = pl.DataFrame(
        {
            "symbol": [f"S{number:04}" for number in range(SYMBOLS) for _ in days],
            "date": days * SYMBOLS,
            "open": close,
            "high": close * 1.01,
            "low": close * 0.99,
            "close": close,
            "adj_close": close,
            "volume": (close * 10_000).cast(pl.Int64),
        }
    )
    kept = []
    for _ in range(SYMBOLS):
        missing = set(rng.sample(range(SESSIONS), holes))
        kept += [at not in missing for at in range(SESSIONS)]
    return frame.filter(pl.Series(kept))


def best(run: Callable[[], object], *, number: int = 1, repeat: int = 7) -> float:
    """Seconds of one run, the quickest of several."""
    return min(timeit.repeat(run, number=number, repeat=repeat)) / number


def main() -> None:
    """Measure and print."""
    for holes in (0, 3):
        frame = market(holes=holes)
        seconds = best(lambda frame=frame: baselines(frame, SESSION))
        print(f"baselines, {SYMBOLS:,} symbols, {frame.height:,} rows, {holes} holes each: {seconds * 1e3:7.1f} ms")

    made = baselines(frame, SESSION)
    one, bench_baseline = made["S0001"], made["S0000"]
    floor = best(lambda: array("d").fromlist(frame["close"].to_list()))
    print(f"of which no way around: the closes as plain numbers       {floor * 1e3:7.1f} ms")

    today = Today(price=50.0, high=51.0, low=49.0, volume=10_000, session=SESSION, final=False, minute=120.0)
    over = structs.replace(today, final=True)
    bench = bench_of(bench_baseline, today)
    for name, day in (("running", today), ("over", over)):
        seconds = best(lambda day=day: derive(day, one, bench, volume_window=63, profile=None), number=20_000, repeat=5)
        print(f"derive, a session that is {name:7}: {seconds * 1e6:29.2f} us a row, {seconds * 55e6:6.0f} us for 55")
    seconds = best(lambda: bench_of(bench_baseline, today), number=500)
    print(f"bench_of: {seconds * 1e6:53.2f} us")
    figures = [derive(today, each, bench, volume_window=63, profile=None) for each in made.values()]
    excess = {each.symbol: each.excess[Window.M1] for each in figures}
    seconds = best(lambda: ranks(excess), number=20)
    print(f"ranks of {SYMBOLS:,}: {seconds * 1e3:48.2f} ms")


if __name__ == "__main__":
    main()

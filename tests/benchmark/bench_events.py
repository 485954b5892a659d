"""What an answer costs: a condition over 47 years and 40 symbols, and whether ten conditions happen now.

    python -m tests.benchmark.bench_events [--symbols N] [--years N]

Bars are synthetic. The answer is what the screen waits for once the columns are read: figures, truth, forward returns
and the base rate of every symbol. It is set against a plain loop over sessions that computes the same truth (without
forward returns), and against the first read of the columns from disk.
"""

# ruff: noqa: T201 -- a script prints

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import median

import numpy as np
import polars as pl

from tui.analytics.baseline import baselines
from tui.analytics.events import parse
from tui.analytics.events.answer import Each
from tui.analytics.events.live import Moment, happens
from tui.analytics.events.search import before, columns_needed, search
from tui.analytics.row import Today
from tui.store.history import History

RUNS = 9
LAST = date(2026, 8, 21)
TARGETS = {"answer": 150.0, "happening, ten conditions": 5.0}


def bars(symbols: int, years: int) -> pl.DataFrame:
    """Random walks with volumes, on weekdays."""
    rng = np.random.default_rng(4)
    days = [day for back in range(years * 366) if (day := LAST - timedelta(days=back)).weekday() < 5][::-1]
    parts = []
    for number in range(symbols):
        close = 50 * np.exp(np.cumsum(rng.normal(0.0003, 0.012, len(days))))
        parts.append(
            pl.DataFrame(
                {
                    "symbol": f"S{number:03d}",
                    "date": days,
                    "high": close * 1.01,
                    "low": close * 0.99,
                    "close": close,
                    "volume": rng.integers(1_000_000, 5_000_000, len(days)),
                }
            )
        )
    return pl.concat(parts)


def condition_of(symbols: int) -> str:
    """Half of the symbols up on the day, or any far above its mean, or a run of the first."""
    up = " and ".join(f"S{n:03d}.1d > -1%" for n in range(symbols // 2))
    far = " or ".join(f"S{n:03d}.zscore50 >= 3.5" for n in range(symbols // 2, symbols))
    return f"({up}) or {far} or streak(S000.1m > S001.1m) >= 90"


def naive(frames: dict[str, pl.DataFrame], symbols: int) -> int:
    """The same truth, session by session in plain Python."""
    closes = {symbol: frame["close"].to_list() for symbol, frame in frames.items()}
    names = sorted(closes)
    held = run = 0
    for t in range(len(closes[names[0]])):
        up = t >= 1 and all(closes[n][t] / closes[n][t - 1] - 1 > -0.01 for n in names[: symbols // 2])
        far = False
        for name in names[symbols // 2 :]:
            if t >= 49:
                tail = closes[name][t - 49 : t + 1]
                mean = sum(tail) / 50
                spread = (sum((value - mean) ** 2 for value in tail) / 49) ** 0.5
                far = far or (tail[-1] - mean) / spread >= 3.5
        ahead = t >= 21 and closes["S000"][t] / closes["S000"][t - 21] > closes["S001"][t] / closes["S001"][t - 21]
        run = run + 1 if ahead else 0
        held += up or far or run >= 90
    return held


def timed(work: Callable[[], object]) -> tuple[float, float, float]:
    """Median and best of `RUNS`, and the processor time of all threads, in milliseconds."""
    found, busy = [], []
    for _ in range(RUNS):
        begun, used = time.perf_counter(), time.process_time()
        work()
        found.append((time.perf_counter() - begun) * 1e3)
        busy.append((time.process_time() - used) * 1e3)
    return median(found), min(found), min(busy)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--symbols", type=int, default=40)
    parser.add_argument("--years", type=int, default=47)
    options = parser.parse_args()
    whole = bars(options.symbols, options.years)
    names = whole["symbol"].unique().sort().to_list()
    condition = parse(condition_of(options.symbols))
    columns = sorted({name for each in columns_needed(condition).values() for name in each})
    with tempfile.TemporaryDirectory() as folder:
        history = History(Path(folder))
        history.append(whole)
        begun = time.perf_counter()
        stored = history.frame(names, columns=columns)
        read = (time.perf_counter() - begun) * 1e3
    frames = {
        symbol: frame for (symbol,), frame in stored.partition_by("symbol", as_dict=True, include_key=False).items()
    }
    found = search(condition, frames)
    begun = time.perf_counter()
    counted = naive(frames, options.symbols)
    loop = (time.perf_counter() - begun) * 1e3
    answer = timed(lambda: search(condition, frames))
    rows = sum(frame.height for frame in frames.values())
    print(f"{options.symbols} symbols, {found.sessions:,} sessions, {rows:,} rows, {found.count:,} events")
    print(f"every session judged as by the loop: {search(condition, frames, each=Each.SESSION).count == counted}")
    _line("answer", *answer)
    print(
        f"{'':28} {loop / answer[0]:8.1f} times faster than a plain loop ({loop:.0f} ms), which has no forward returns"
    )
    _line("first read from disk", read, read, read)
    watched = [parse(text) for text in _watched()]
    past = whole.filter(pl.col("date") < LAST)
    bases = baselines(past, LAST, dict(past.group_by("symbol").agg(pl.col("close").max()).iter_rows()))
    moments = {
        name: Moment(Today(price=50.0, session=LAST, final=False, volume=10**6, minute=200.0), base)
        for name, base in bases.items()
    }
    wide = {symbol: frame for (symbol,), frame in whole.partition_by("symbol", as_dict=True, include_key=False).items()}
    prepared = [before(each, wide, LAST) for each in watched]
    once = timed(lambda: before(watched[0], wide, LAST))
    _line("preparing one condition", *once)
    live = timed(lambda: [happens(each, moments, known) for each, known in zip(watched, prepared, strict=True)])
    _line("happening, ten conditions", *live)


def _watched() -> list[str]:
    return [f"S{n:03d}.1d >= 3% and S{n + 1:03d}.drawdown < -20% or S{n + 2:03d}.volume_ratio > 3" for n in range(10)]


def _line(name: str, middle: float, best: float, busy: float) -> None:
    target = TARGETS.get(name)
    judged = "" if target is None else f"target (< {target:g} ms): {'met' if middle < target else 'NOT met'}"
    print(f"{name:<28} median {middle:8.2f} ms  best {best:8.2f} ms  processor {busy:8.2f} ms   {judged}")


if __name__ == "__main__":
    main()

"""What the history costs with 2,500 symbols x 25 years of bars: `python tests/benchmark/bench_history.py [symbols]`.

Writes about 250 MB of synthetic bars into a temporary folder, then reads in a fresh process: the tail of 400 days of
all symbols and the peaks, which is what the baseline of a monitor needs (budget: 0.3 s and 200 MB with the
analytics), one symbol for a chart, and a small append.
"""

# ruff: noqa: T201 (a script that prints)

import json
import random
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

YEARS = range(2000, 2025)
LAST = date(2024, 12, 31)

READER = """
import gc, json, resource, sys, time
from datetime import date, timedelta
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from tui.store.history import History
try:
    from tui.analytics.baseline import baselines
except ImportError:
    baselines = None

def peak():
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    # ru_maxrss counts the parent's memory at the fork, too.
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1e3

history, last = History(Path(sys.argv[1])), date.fromisoformat(sys.argv[2])
out = {"imports_mb": peak()}
columns = ["high", "low", "close", "volume"]
t = time.perf_counter()
tail = history.frame(None, last - timedelta(days=400), last, columns)
out["tail_s"] = time.perf_counter() - t
out["tail_rows"] = tail.height
t = time.perf_counter()
peaks = history.peaks(None, last)
out["peaks_s"] = time.perf_counter() - t
out["peaks"] = len(peaks)
out["read_mb"] = peak()
if baselines:
    t = time.perf_counter()
    baselines(tail, last, peaks)
    out["baselines_s"] = time.perf_counter() - t
    out["baselines_mb"] = peak()
del tail
gc.collect()
symbol = history.symbols()[1234 % len(peaks)]
t = time.perf_counter()
out["chart_rows"] = len(history.daily(symbol).dates)
out["chart_s"] = time.perf_counter() - t
print(json.dumps(out))
"""


def fill(root: Path, count: int) -> None:
    """Store random walks of `count` symbols, a year at a time."""
    import polars as pl

    from tui.store.history import History

    rng = random.Random(7)
    symbols = sorted({"".join(rng.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=4)) for _ in range(count + 50)})[:count]
    history, days = History(root), pl.date_range(date(YEARS[0], 1, 3), LAST, "1d", eager=True).alias("date")
    days = days.filter(days.dt.weekday() <= 5)
    started = time.perf_counter()
    with history.writing() as writer:
        for year in YEARS:
            dates = days.filter(days.dt.year() == year)
            height = len(symbols) * len(dates)
            steps = pl.int_range(height, eager=True).hash(year) % 4001
            frame = pl.DataFrame({"symbol": symbols}).join(dates.to_frame(), how="cross", maintain_order="left_right")
            close = ((steps.cast(pl.Float64) - 2000.0) / 1e5).alias("close")
            frame = frame.with_columns(close).with_columns(
                (50 * pl.col("close").cum_sum().over("symbol").exp()).round(2)
            )
            writer.daily(
                frame.with_columns(
                    open=(pl.col("close") * 0.998).round(2),
                    high=(pl.col("close") * 1.011).round(2),
                    low=(pl.col("close") * 0.989).round(2),
                    adj_close=(pl.col("close") * 0.97).round(4),
                    volume=(steps.cast(pl.Int64) + 100) * 100,
                )
            )
    rows = writer.written.added
    print(f"written: {rows:,} rows of {len(symbols):,} symbols in {time.perf_counter() - started:.1f} s")


def main(count: int = 2500) -> None:
    """Fill, then read in fresh processes and print the best of five."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "history"
        fill(root, count)
        size = sum(path.stat().st_size for path in root.rglob("*") if path.is_file())
        print(f"on disk: {size / 1e6:.0f} MB")
        command = [sys.executable, "-c", READER, str(root), LAST.isoformat(), str(ROOT)]
        runs = [json.loads(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(5)]
        best = min(runs, key=lambda run: run["tail_s"] + run["peaks_s"] + run.get("baselines_s", 0.0))
        for name, value in best.items():
            print(f"{name:>14}: {value:,.3f}" if name.endswith("_s") else f"{name:>14}: {value:,.0f}")
        total = best["tail_s"] + best["peaks_s"] + best.get("baselines_s", 0.0)
        print(
            f"{'total':>14}: {total:.3f} s, {best.get('baselines_mb', best['read_mb']):.0f} MB (budget 0.3 s, 200 MB)"
        )
        append_one(root)


def append_one(root: Path) -> None:
    """One new session of eight symbols: what a day's update of a watchlist writes."""
    import polars as pl

    from tui.store.history import History

    history = History(root)
    symbols = history.symbols()[:8]
    frame = pl.DataFrame({"symbol": symbols, "date": [LAST + timedelta(days=1)] * 8, "close": [50.0] * 8})
    started = time.perf_counter()
    history.append(frame.with_columns(pl.col("date") - timedelta(days=3)))
    print(
        f"{'append_s':>14}: {time.perf_counter() - started:.3f} (8 rows into a year of {len(history.symbols()):,} symbols)"
    )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))

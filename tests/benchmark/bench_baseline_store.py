"""What the baselines of a whole stored market cost, the way the program makes them: from disk to structs.

    python -m tests.benchmark.bench_baseline_store [--symbols N] [--folder DIR]

2,500 symbols x 25 years of synthetic bars; every run is a fresh process that imports, waits, then calls the loader's own
function in a thread. Wall time, and by how much the peak of resident memory grows over what the imports took.
"""

# ruff: noqa: T201 -- a script prints

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

RUNS = 7
TARGETS = {"seconds": 0.3, "MB": 200.0}

READER = """
import gc, json, sys, threading, time
from datetime import timedelta
from pathlib import Path
from tui import runtime
with runtime.starting():
    import polars
gc.enable()
from tests.benchmark.bench_history import LAST
from tui.analytics.baseline import baselines
from tui.loader_steps import make as _make
from tui.store.history import History

def memory(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1e3

history = History(Path(sys.argv[1]))
symbols, before = history.symbols(), memory("VmRSS")
found = {}
def work():
    begun = time.perf_counter()
    made, last, _ = _make(history, symbols, LAST)
    found.update(seconds=time.perf_counter() - begun, made=len(made))
thread = threading.Thread(target=work)
thread.start()
thread.join()
found["MB"] = memory("VmHWM") - before
time.sleep(1)
found["kept MB"] = memory("VmRSS") - before
print(json.dumps(found))
"""


@contextmanager
def stored(symbols: int, folder: str) -> Iterator[Path]:
    """A history of that many symbols: in a folder that is kept between runs, or in one that goes with this run."""
    from tests.benchmark.bench_history import fill

    if folder:
        root = Path(folder)
        if not root.exists():
            fill(root, symbols)
        yield root
        return
    with tempfile.TemporaryDirectory() as made:
        fill(Path(made) / "history", symbols)
        yield Path(made) / "history"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--symbols", type=int, default=2_500)
    parser.add_argument("--folder", default="", help="where to keep the synthetic history for the next run")
    options = parser.parse_args()
    with stored(options.symbols, options.folder) as root:
        command = [sys.executable, "-c", READER, str(root)]
        runs = [json.loads(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(RUNS)]
    for name, unit in (("seconds", "s"), ("MB", "MB"), ("kept MB", "MB")):
        values = sorted(run[name] for run in runs)
        target = TARGETS.get(name)
        judged = "" if target is None else f"target (< {target:g}): {'met' if median(values) < target else 'NOT met'}"
        print(f"{name:<8} median {median(values):8.3f} {unit:<3} best {values[0]:8.3f}   {judged}")
    print(f"baselines made: {runs[0]['made']:,}")


if __name__ == "__main__":
    main()

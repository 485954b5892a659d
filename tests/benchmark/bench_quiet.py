"""What the program costs while nothing changes: bytes to the terminal, CPU and wake-ups, on a past session.

    python -m tests.benchmark.bench_quiet [--seconds N]

The time machine over a small made-up history, in a real pseudo-terminal of 200x60: the picture is final, so that every
byte after it is one too many.
"""

# ruff: noqa: T201 -- a script prints

import argparse
import os
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from tests.fakes.source import bars
from tests.terminal import Terminal
from tui import sessions
from tui.store.history import History

SESSION = date(2024, 7, 12)
NAMES = ("SPY", *(f"S{number:02}" for number in range(30)))


def fill(root: Path) -> None:
    """Store a year and a half of every symbol, each with a slope of its own."""
    after = sessions.next_session(SESSION)
    History(root).append_bars(
        *(
            bars(name, [100 + place * (day % 50) / 10 for day in range(380)], after, 1_000_000)
            for place, name in enumerate(NAMES)
        )
    )


def wakeups(pid: int) -> int:
    """How often the program's threads have gone to sleep so far. Needs /proc."""
    found = 0
    for status in Path(f"/proc/{pid}/task").glob("*/status"):
        lines = status.read_text(encoding="ascii").splitlines()
        found += next(int(line.split()[1]) for line in lines if line.startswith("voluntary"))
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as folder:
        home = {f"XDG_{name}_HOME": folder for name in ("CONFIG", "DATA", "CACHE", "STATE")}
        fill(Path(folder) / "outpace" / "history")
        command = [sys.executable, "-m", "tui", "--as-of", str(SESSION), "--symbols", ",".join(NAMES)]
        with Terminal(command, environment=home | {"HOME": os.fspath(folder)}) as terminal:
            terminal.wait_text("AS OF", "S05", seconds=30)
            terminal.wait_until(lambda: terminal.text().count("+") > 40, 30)
            terminal.wait_quiet(3.0)
            count, cpu, sleeps = terminal.count, terminal.cpu(), wakeups(terminal.pid)
            time.sleep(seconds)
            written, used = terminal.count - count, terminal.cpu() - cpu
            rate = (wakeups(terminal.pid) - sleeps) / seconds
    print(f"nothing changes for {seconds:.0f} s: {written} bytes, target 0: {'met' if written == 0 else 'NOT met'}")
    print(f"CPU {100 * used / seconds:.2f} % of one core, {rate:.0f} wake-ups a second")


if __name__ == "__main__":
    main()

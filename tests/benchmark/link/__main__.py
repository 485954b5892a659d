"""What a slow line does to the monitor: key echo, age of the shown price, frames and bytes, side by side.

    python -m tests.benchmark.link [--seconds N] [--quick] [--write]

Each case is a program of its own (100 rows of 12 columns, 200x60, true colour, ten refreshes a second of a tenth of
the rows, and a key every 0.7 s) behind a line of so many bytes a second and so long a round trip, with a fifth of it
as jitter, and an emulator at the far end that answers what it is asked.
"""

# ruff: noqa: T201 -- a script prints

import argparse
import os
import platform
import random
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

from tests.benchmark.link.line import Line

KINDS = ("stock, DataTable", "stock, grid", "ours, grid")
SPEEDS = (2000, 8000, 64_000, 0)
TRIPS = (0.005, 0.08, 0.3)
RATES = (10.0, 1.0)
HEAD = (
    "| line | round trip | driver | key echo p50 / p99 s | age p50 / p99 s | frames/s | bytes/frame | bytes/s | CPU % |",
    "|---|---|---|---|---|---|---|---|---|",
)
ROWS, COLUMNS = 100, 12
MARK = re.compile(r"((?:T|K)\d{6})")


def program(kind: str, rate: float, report: int) -> None:
    """The monitor of the bench: its first row shows the time of the newest price and the number of the last key."""
    from rich.text import Text
    from textual.app import ComposeResult
    from textual.widgets import DataTable, Static

    from tui.format import Cell
    from tui.link import driver_class
    from tui.link.direct import Direct
    from tui.widgets.grid import Column, Grid

    chance = random.Random(7)
    keys = [f"SYM{row:03}" for row in range(ROWS)]
    values = {key: [chance.uniform(10, 400) for _ in range(COLUMNS)] for key in keys}
    names = [f"c{index}" for index in range(COLUMNS)]

    def row_of(key: str) -> list[Cell]:
        return [
            Cell(key, "symbol"),
            *(Cell(f"{value:.2f}", "up" if value > 200 else "down") for value in values[key][1:]),
        ]

    class Bench(Direct[None]):
        ENABLE_COMMAND_PALETTE = False
        CSS = "Grid, DataTable { height: 1fr; }"
        BINDINGS = [("x", "key"), ("q", "quit")]  # noqa: RUF012
        pressed = ticks = frames = 0

        def compose(self) -> ComposeResult:
            yield Static("", id="price")
            yield Static("", id="echo")
            if "DataTable" in kind:
                yield DataTable[Text](cursor_type="row")
            else:
                yield Grid([Column(name, name, 10, fixed=name == "c0") for name in names], flash_seconds=0)

        def on_mount(self) -> None:
            if "DataTable" in kind:
                table = self.query_one(DataTable)
                for name in names:
                    table.add_column(name, key=name, width=10)
                for key in keys:
                    table.add_row(*(Text(cell.text, justify="right") for cell in row_of(key)), key=key)
            else:
                self.query_one(Grid).set_rows(keys, row_of)
            self.set_interval(1 / rate, self.tick)

        def tick(self) -> None:
            self.ticks += 1
            changed = chance.sample(keys, ROWS // 10)
            for key in changed:
                for place in range(1, 7):
                    values[key][place] += 0.01
            if "DataTable" in kind:
                table = self.query_one(DataTable)
                for key in changed:
                    for cell, name in zip(row_of(key)[1:7], names[1:7], strict=True):
                        table.update_cell(key, name, Text(cell.text, justify="right"))
            else:
                self.query_one(Grid).update({key: row_of(key) for key in changed})
            self.query_one("#price", Static).update(f"T{self.ticks:06}", layout=False)
            os.write(report, f"T{self.ticks:06} {time.monotonic()}\n".encode())

        def action_key(self) -> None:
            self.pressed += 1
            self.query_one("#echo", Static).update(f"K{self.pressed:06}", layout=False)

    Bench(driver_class=driver_class(os.environ, diff=kind.startswith("ours"))).run()


def measure(kind: str, speed: float, trip: float, seconds: float, rate: float) -> dict[str, float]:
    """Run one case."""
    # A file: a pipe that is read at the end would be full after some minutes, and the program wait for ever.
    file = tempfile.TemporaryFile("w+", encoding="ascii")  # noqa: SIM115 -- it is closed at the end of this function
    write = file.fileno()
    command = [sys.executable, "-m", "tests.benchmark.link", "--child", kind, str(rate), str(write)]
    typed: dict[str, float] = {}
    with Line(command, speed=speed, trip=trip, jitter=trip / 5, marks=MARK, pass_fds=(write,)) as line:
        begun = time.monotonic()
        # The first picture takes its time on a slow line; what is measured is what comes after it.
        warm = begun + 3 + (14_000 / speed if speed else 0)
        while time.monotonic() < warm:
            time.sleep(0.05)
        start_bytes, start, used = line.carried, time.monotonic(), line.cpu()
        number = 0
        while time.monotonic() < start + seconds:
            number += 1
            typed[f"K{number:06}"] = time.monotonic()
            line.type(b"x")
            time.sleep(0.7)
        end = time.monotonic()
        carried, cpu = line.carried - start_bytes, line.cpu() - used
        seen = dict(line.seen)
        # Keys that come through later still tell how late they were; the rest count as this late.
        line.wait_quiet(0.2)
    with file:
        file.seek(0)
        made = {mark: float(at) for mark, at in (words.split() for words in file if words.count(" ") == 1)}
    # A frame that shows a later key shows the earlier ones as well.
    echoes = sorted(
        min((when for other, when in seen.items() if other[0] == "K" and other >= mark), default=end + 1) - at
        for mark, at in typed.items()
        if at < end - 0.5
    )
    shown = sorted((at, made[mark]) for mark, at in seen.items() if mark in made)
    ages = []
    for moment in (start + step / 20 for step in range(int((end - start) * 20))):
        newest = max((born for at, born in shown if at <= moment), default=begun)
        ages.append(moment - newest)
    frames = sum(start <= at <= end for mark, at in seen.items() if mark in made)
    return {
        "echo p50": middle(echoes, 50),
        "echo p99": middle(echoes, 99),
        "age p50": middle(ages, 50),
        "age p99": middle(ages, 99),
        "frames/s": frames / (end - start),
        "bytes/frame": carried / max(frames, 1),
        "bytes/s": carried / (end - start),
        "cpu": 100 * cpu / (end - start),
    }


def middle(values: list[float], percent: int) -> float:
    """A percentile."""
    return quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else float("nan")


def main() -> None:
    """Measure and print, and with --write keep it in README.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="measured in each case, after the first picture")
    parser.add_argument("--rate", type=float, action="append", help="refreshes a second; may be repeated")
    parser.add_argument("--quick", action="store_true", help="one round trip a speed")
    parser.add_argument("--kind", choices=KINDS, action="append", help="only this one; may be repeated")
    parser.add_argument("--speed", type=float, action="append", help="only this many bytes per second (0: unlimited)")
    parser.add_argument("--trip", type=float, action="append", help="only this round trip, in seconds")
    parser.add_argument("--write", action="store_true", help="write README.md")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        kind, rate, report = options.child
        program(kind, float(rate), int(report))
        return
    found = []
    for rate in options.rate or RATES:
        found += [f"### {rate:g} refresh{'es' if rate != 1 else ''} a second", "", *HEAD]
        print(*found[-4:], sep="\n")
        for speed in options.speed or (SPEEDS if rate > 1 else SPEEDS[:1]):
            for trip in options.trip or ((0.08,) if options.quick else TRIPS):
                for kind in options.kind or KINDS:
                    found.append(row(kind, speed, trip, measure(kind, speed, trip, options.seconds, rate)))
                    print(found[-1], flush=True)
        found.append("")
    if options.write:
        write(found, options.seconds)


def row(kind: str, speed: float, trip: float, got: dict[str, float]) -> str:
    """A line of the table."""
    name = f"{speed / 1000:.0f} kB/s" if speed else "unlimited"
    return (
        f"| {name} | {trip * 1000:.0f} ms | {kind} | {got['echo p50']:.3f} / {got['echo p99']:.3f} "
        f"| {got['age p50']:.2f} / {got['age p99']:.2f} | {got['frames/s']:.1f} | {got['bytes/frame']:.0f} "
        f"| {got['bytes/s']:.0f} | {got['cpu']:.1f} |"
    )


def write(found: Sequence[str], seconds: float) -> None:
    """Make README.md of these lines, of the counted bytes and of the CPU."""
    from tests.benchmark.link import count, cpu

    text = (
        f"# The link bench\n\nMade by `python -m tests.benchmark.link --write`, {datetime.now(tz=UTC).date()}, "
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}.\n\n"
        f"## On slow lines ({seconds:.0f} s a case)\n\n"
        "A screen of 200x60 in true colour with 100 rows of 12 columns; at each refresh six cells of a tenth of the rows "
        "change, and every 0.7 s a key is pressed. *Age* is how old the newest price is that the far end shows, looked "
        "at every 0.05 s; a key that was never echoed counts as late as the end of the run.\n\n"
    )
    parts = [
        text + "\n".join(found),
        "## Bytes, counted (`python -m tests.benchmark.link.count`)\n\n" + "\n".join(count.lines()) + "\n",
        "## CPU (`python -m tests.benchmark.link.cpu`)\n\nAll threads, the table's own work included, on a shared machine: "
        "read the ratios, each the median of eleven pairs that ran at the same time.\n\n"
        + "\n".join(cpu.lines())
        + "\n",
    ]
    Path(__file__).with_name("README.md").write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()

"""What a changed cell costs in Textual's DataTable and in the Grid: CPU and bytes, side by side in one run.

    python -m tests.benchmark.bench_grid [--frames N] [--idle SECONDS]

Each case is a program of its own in a real pseudo-terminal of 200x60 in true colour. 100 rows of 12 columns; a frame
is one update of the table, and the next begins when it has been written.
"""

# ruff: noqa: T201 -- a script prints

import argparse
import asyncio
import json
import os
import random
import sys
import time

from tests.terminal import Terminal

ROWS, COLUMNS, WIDTH = 100, 12, 10
CASES = {
    "one cell": (1, 1),
    "one cell at the right": (1, -1),
    "10 rows, 6 cells each": (10, 6),
}
WIDGETS = ("DataTable", "Grid", "Grid, flash")
TARGETS = {"cpu": 25.0, "bytes": 20.0}


def text_of(value: float) -> str:
    """A price as it stands in a cell."""
    return f"{value:.2f}"


async def child(widget: str, rows: int, cells: int, *, frames: int, idle: float, report: int) -> None:
    """Run one case; write marks and the CPU time to the pipe `report`."""
    from rich.text import Text
    from textual.app import App, ComposeResult
    from textual.widgets import DataTable

    from tui.format import Cell
    from tui.widgets.grid import Column, Grid

    chance = random.Random(7)
    keys = [f"SYM{row:03}" for row in range(ROWS)]
    values = {key: [chance.uniform(10, 400) for _ in range(COLUMNS)] for key in keys}
    columns = [f"c{index}" for index in range(COLUMNS)]

    def row_of(key: str) -> list[Cell]:
        return [Cell(key, "symbol"), *(Cell(text_of(value)) for value in values[key][1:])]

    class Bench(App[None]):
        ENABLE_COMMAND_PALETTE = False
        shown = asyncio.Event()

        def compose(self) -> ComposeResult:
            if widget == "DataTable":
                yield DataTable[Text](cursor_type="row")
            else:
                yield Grid(
                    [Column(key, key, WIDTH, fixed=index == 0) for index, key in enumerate(columns)],
                    flash_seconds=0.02 if "flash" in widget else 0,
                )

        def on_mount(self) -> None:
            if widget == "DataTable":
                table = self.query_one(DataTable)
                for key in columns:
                    table.add_column(key, key=key, width=WIDTH)
                for key in keys:
                    table.add_row(*(Text(cell.text, justify="right") for cell in row_of(key)), key=key)
            else:
                self.query_one(Grid).set_rows(keys, row_of)
            self.run_worker(self.measure(), group="bench")

        def post_display_hook(self) -> None:
            self.shown.set()

        def change(self, frame: int) -> None:
            changed: dict[str, list[int]] = {}
            for step in range(rows):
                key = keys[(frame * 7 + step * 5) % 50]
                first = COLUMNS - 1 if cells < 0 else 1 + frame % 5
                changed[key] = [first + place for place in range(abs(cells))]
                for column in changed[key]:
                    values[key][column] += 0.01
            if widget == "DataTable":
                table = self.query_one(DataTable)
                for key, places in changed.items():
                    for column in places:
                        table.update_cell(key, columns[column], Text(text_of(values[key][column]), justify="right"))
            else:
                self.query_one(Grid).update({key: row_of(key) for key in changed})

        async def frames_of(self, count: int) -> None:
            for frame in range(count):
                self.shown.clear()
                self.change(frame)
                await self.shown.wait()
                if "flash" in widget:
                    self.shown.clear()
                    await self.shown.wait()

        async def measure(self) -> None:
            await asyncio.sleep(0.5)
            await self.frames_of(10)
            await self.tell("start")
            begun = time.process_time()
            await self.frames_of(frames)
            await asyncio.sleep(0.05)
            await self.tell("end", cpu=time.process_time() - begun)
            begun = time.process_time()
            await asyncio.sleep(idle)
            await self.tell("idle", cpu=time.process_time() - begun)
            self.exit()

        async def tell(self, mark: str, cpu: float = 0.0) -> None:
            """Tell the parent, after all that was written has had time to arrive."""
            await asyncio.sleep(0.2)
            os.write(report, json.dumps({"mark": mark, "cpu": cpu}).encode() + b"\n")
            await asyncio.sleep(0.1)

    await Bench().run_async()


def measure(widget: str, case: str, frames: int, idle: float) -> dict[str, float]:
    """Run one case in a terminal: CPU ms and bytes a frame, and the bytes of the idle time."""
    rows, cells = CASES[case]
    read, write = os.pipe()
    os.set_inheritable(write, True)
    command = [sys.executable, "-m", "tests.benchmark.bench_grid", "--child", widget]
    command += [str(part) for part in (rows, cells, frames, idle, write)]
    counts, cpu = {}, {}
    with Terminal(command, pass_fds=(write,)) as terminal:
        os.close(write)
        with os.fdopen(read) as marks:
            for mark in map(json.loads, marks):
                counts[mark["mark"]] = terminal.count
                cpu[mark["mark"]] = mark["cpu"]
        if "idle" not in counts:
            raise SystemExit(terminal.output.decode(errors="replace"))
    return {
        "cpu": 1000 * cpu["end"] / frames,
        "bytes": (counts["end"] - counts["start"]) / frames,
        "idle bytes": counts["idle"] - counts["end"],
        "idle cpu": 100 * cpu["idle"] / idle,
    }


def main() -> None:
    """Measure all cases and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=100, help="updates measured in each case")
    parser.add_argument("--idle", type=float, default=10.0, help="seconds without a change, in the first case")
    parser.add_argument("--child", nargs=6, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        widget, rows, cells, frames, idle, report = options.child
        asyncio.run(child(widget, int(rows), int(cells), frames=int(frames), idle=float(idle), report=int(report)))
        return
    print(f"{'one refresh at 200x60':<24} {'widget':<12} {'CPU ms':>8} {'bytes':>8}   against DataTable")
    for place, case in enumerate(CASES):
        results = {
            widget: measure(widget, case, options.frames, options.idle if place == 0 else 0.2) for widget in WIDGETS
        }
        base = results["DataTable"]
        for widget, result in results.items():
            less = {figure: base[figure] / max(result[figure], 1e-9) for figure in TARGETS}
            ratios = f"CPU 1/{less['cpu']:.0f}, bytes 1/{less['bytes']:.0f}" if result is not base else ""
            print(f"{case:<24} {widget:<12} {result['cpu']:8.2f} {result['bytes']:8.0f}   {ratios}")
            if result is not base and widget == "Grid" and place == 0:
                met = all(less[figure] >= target for figure, target in TARGETS.items())
                print(f"{'':<24} target: CPU 1/25, bytes 1/20: {'met' if met else 'NOT met'}")
        if place == 0:
            for widget, result in results.items():
                print(
                    f"nothing changes, {options.idle:.0f} s   {widget:<12} "
                    f"{result['idle cpu']:6.2f} % {result['idle bytes']:8.0f}"
                )


if __name__ == "__main__":
    main()

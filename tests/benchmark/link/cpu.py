"""What the diffing costs in CPU: the same grid through the stock driver and through ours, side by side in one run.

    python -m tests.benchmark.link.cpu [--frames N]

Pairs of programs of their own, at the same time, so that a machine which is slow for a while is slow for both; on a
terminal that takes everything and answers at once. Their CPU counts all threads.
"""

# ruff: noqa: T201 -- a script prints

import argparse
import asyncio
import gc
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS = ("stock", "ours")
CASES = (
    "a tenth of the rows",
    "every row, six cells",
    "every cell",
    "every cell, with flash",
    "two pages in turn",
    "a page down a long list",
)
ROWS, COLUMNS = 100, 12
LONG = 5_000
"""Rows of a list in which a page down shows none that was drawn before."""
ROUNDS = 11
"""Pairs of programs."""


def program(kind: str, frames: int) -> dict[str, float]:
    """Milliseconds of CPU per frame, by case."""
    from tui.runtime import starting

    with starting():
        from textual.app import ComposeResult
        from textual.drivers.linux_driver import LinuxDriver
        from textual.events import Resize
        from textual.geometry import Size

        from tui.format import Cell
        from tui.link.direct import Direct
        from tui.link.driver import DiffDriver
        from tui.link.questions import QUERY
        from tui.widgets.grid import Column, Grid

    gc.enable()
    size = (200, 60)
    base = DiffDriver if kind == "ours" else LinuxDriver

    class Null(base):  # type: ignore[valid-type, misc]
        """On a terminal that takes everything and answers at once."""

        def start_application_mode(self) -> None:
            from textual.drivers._writer_thread import WriterThread

            self._file = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 -- the driver's own thread writes it
            self._writer_thread = WriterThread(self._file)
            self._writer_thread.start()
            if kind == "ours":
                self._resized = size
                self._follow_size()
                self._open = self._sync = True
                # As at every start: the answer tells the round trip, without which no speed is known.
                self._questions.ask()
                self._put(self._shown.move(1, 0) + QUERY)
                self.pacer.sent(len(QUERY), place=self._place(), frame=False)
            self.send_message(Resize(Size(*size), Size(*size)))

        def stop_application_mode(self) -> None:
            self._open = False

        def disable_input(self) -> None:
            self._open = False

        def _put(self, data: str) -> None:
            super()._put(data)
            if QUERY in data:
                self._questions.answer(1)
                self._loop.call_soon(self._answered, *self._place())

    chance = random.Random(7)
    keys = [f"SYM{row:03}" for row in range(ROWS)]
    long = [f"SYM{row:04}" for row in range(LONG)]
    values = {key: [chance.uniform(10, 400) for _ in range(COLUMNS)] for key in (*keys, *long)}
    names = [f"c{index}" for index in range(COLUMNS)]

    def row_of(key: str) -> list[Cell]:
        return [
            Cell(key, "symbol"),
            *(Cell(f"{value:.2f}", "up" if value > 200 else "down") for value in values[key][1:]),
        ]

    class Bench(Direct[None]):
        ENABLE_COMMAND_PALETTE = False
        result: dict[str, float]
        painted = asyncio.Event()

        def post_display_hook(self) -> None:
            self.painted.set()

        def compose(self) -> ComposeResult:
            yield Grid([Column(name, name, 10, fixed=name == "c0") for name in names], flash_seconds=0)

        def on_mount(self) -> None:
            self.query_one(Grid).set_rows(keys, row_of)
            self.run_worker(self.measure())

        def change(self, count: int, cells: int) -> None:
            changed = chance.sample(keys, count)
            for key in changed:
                for place in range(1, 1 + cells):
                    values[key][place] = values[key][place] + 0.01 if cells < COLUMNS - 1 else chance.uniform(10, 400)
            self.query_one(Grid).update({key: row_of(key) for key in changed})

        async def measure(self) -> None:
            grid = self.query_one(Grid)
            await asyncio.sleep(0.5)

            def flash() -> None:
                grid.flash_seconds = 0.02
                self.change(ROWS, COLUMNS - 1)

            def page() -> None:
                grid.flash_seconds = 0
                grid.cursor_key = keys[0] if grid.cursor_key == keys[-1] else keys[-1]

            def further() -> None:
                if grid.keys[0] != long[0]:
                    grid.set_rows(long, row_of)
                elif grid.cursor_key == long[-1]:
                    grid.cursor_key = long[0]
                else:
                    grid.action_page_down()

            actions: list[Callable[[], None]] = [
                lambda: self.change(ROWS // 10, 6),
                lambda: self.change(ROWS, 6),
                lambda: self.change(ROWS, COLUMNS - 1),
                flash,
                page,
                further,
            ]
            self.result = {}
            for name, action in zip(CASES, actions, strict=True):
                for count in range(frames + 3):
                    if count == 3:
                        begun = time.process_time()
                    self.painted.clear()
                    action()
                    await self.painted.wait()
                    if action is flash:
                        # It is put out by a frame of its own.
                        self.painted.clear()
                        await self.painted.wait()
                    await asyncio.sleep(0.002)
                self.result[name] = 1000 * (time.process_time() - begun) / frames
            self.exit()

    app = Bench(driver_class=Null)
    app.run()
    return app.result


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=60, help="frames of a case in each round")
    parser.add_argument("--child", choices=KINDS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        result = program(options.child, options.frames)
        print(json.dumps(result))
        return
    print(*lines(options.frames), sep="\n")


def lines(frames: int = 60) -> list[str]:
    """The table."""
    environment = os.environ | {"COLORTERM": "truecolor", "TEXTUAL_FPS": "240", "TEXTUAL_ANIMATIONS": "none"}
    environment["TERM"] = "xterm-256color"
    found: dict[str, list[dict[str, float]]] = {kind: [] for kind in KINDS}
    for _ in range(ROUNDS):
        pair = {kind: _started(kind, frames, environment) for kind in KINDS}
        for kind, run in pair.items():
            told, _nothing = run.communicate(timeout=180)
            if run.returncode:
                raise RuntimeError(f"the program with the driver '{kind}' has failed; it has said why above")
            found[kind].append(json.loads(told.splitlines()[-1]))
    table = [
        "| a frame of 200x60 in which changes | stock, ms | ours, ms | ratio (least to greatest) |",
        "|---|---|---|---|",
    ]
    for case in CASES:
        stock, ours = (median(one[case] for one in found[kind]) for kind in KINDS)
        ratios = sorted(ours[case] / stock[case] for stock, ours in zip(found["stock"], found["ours"], strict=True))
        said = f"{median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
        table.append(f"| {case} | {stock:.2f} | {ours:.2f} | {said} |")
    return table


def _started(kind: str, frames: int, environment: dict[str, str]) -> subprocess.Popen[str]:
    """The program with one of the drivers."""
    command = [sys.executable, "-m", "tests.benchmark.link.cpu", "--child", kind, "--frames", str(frames)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


if __name__ == "__main__":
    main()

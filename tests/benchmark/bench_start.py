"""How soon the program is there: `--version` against a bare Python, the first picture against a bare Textual app.

    python -m tests.benchmark.bench_start [--runs N]

Each start is a process of its own; those that are compared take turns, so that a busy machine is busy for all.
Bytecode is written to a folder that all of them share and that a first run has filled, as an installed program has it.
"""

# ruff: noqa: T201 -- a script prints

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

from tests.terminal import Terminal

BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("the first picture")
Bare().run()
"""
VERSION = [sys.executable, "-m", "tui", "--version"]
DEMO = [sys.executable, "-m", "tui", "demo"]
FRAME, FIGURES = b"^IXIC", b"SIMULATED"
"""Signs of the first picture (a row of the list) and of the market; figures are there when excesses are."""


def process(command: list[str], environment: Mapping[str, str]) -> float:
    """Milliseconds from the start of a program to its end."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, **environment})
    return 1000 * (time.perf_counter() - begun)


def picture(command: list[str], sign: bytes, environment: Mapping[str, str]) -> float:
    """Milliseconds from the start of a program to the bytes that show something."""
    begun = time.perf_counter()
    with Terminal(command, environment=environment) as terminal:
        terminal.wait_for(sign)
        return 1000 * (time.perf_counter() - begun)


def figures(environment: Mapping[str, str]) -> float:
    """Milliseconds from the start of the demo to the first rows with all their figures."""
    begun = time.perf_counter()
    with Terminal(DEMO, environment=environment) as terminal:
        terminal.wait_for(FIGURES)
        terminal.wait_until(lambda: terminal.text().count("+") > 20)
        return 1000 * (time.perf_counter() - begun)


def side_by_side(runs: int, *each: Callable[[], float]) -> list[float]:
    """Medians of several measurements that take turns; the first of each only warms the caches."""
    found = [[run() for run in each] for _ in range(runs + 1)][1:]
    return [median(column) for column in zip(*found, strict=True)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        bytecode = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(Path(folder) / "bytecode")}
        home = bytecode | {f"XDG_{name}_HOME": folder for name in ("CONFIG", "DATA", "CACHE", "STATE")}
        bare_python = [sys.executable, "-c", "pass"]
        one, two = side_by_side(2 * runs, lambda: process(bare_python, bytecode), lambda: process(VERSION, home))
        met = "met" if two <= 1.5 * one + 60 else "NOT met"
        print(f"python -c pass {one:6.0f} ms   outpace --version {two:6.0f} ms   target (< 1.5x + 60 ms): {met}")
        bare = [sys.executable, "-c", BARE]
        one, two = side_by_side(
            runs, lambda: picture(bare, b"the first picture", bytecode), lambda: picture(DEMO, FRAME, home)
        )
        met = "met" if two < 1.6 * one else "NOT met"
        print(
            f"bare Textual   {one:6.0f} ms   outpace demo      {two:6.0f} ms   {two / one:.2f}x, target (< 1.6x): {met}"
        )
        (three,) = side_by_side(max(3, runs // 2), lambda: figures(home))
        print(f"{'':>26}first figures     {three:6.0f} ms   {three / one:.2f}x")


if __name__ == "__main__":
    main()

# ruff: noqa: T201  # a benchmark prints
"""What a chart costs: `python tests/benchmark/bench_chart.py`.

Prints the milliseconds of the first build of several pictures, of a build in which the last point of one line has moved, and the bytes that
such a move sends to the terminal.
"""

import asyncio
from dataclasses import replace
from statistics import median
from time import perf_counter

from textual.app import App, ComposeResult
from textual.drivers.headless_driver import HeadlessDriver

from tui.widgets.chart import Chart, Pen, Picture
from tui.widgets.chart_demo import sample
from tui.widgets.chart_draw import draw

SIZE = (160, 40)
CASES = ((1, 250), (4, 1000), (8, 5000))
REPEATS = 7


class Counting(HeadlessDriver):
    """A driver that counts what would go to the terminal."""

    written = 0

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        Counting.written += len(data.encode())


class Alone(App[None]):
    """One chart that fills the terminal."""

    def __init__(self, picture: Picture) -> None:
        super().__init__(driver_class=Counting)
        self.chart = Chart(picture)

    def compose(self) -> ComposeResult:
        yield self.chart


def moved(picture: Picture, by: float) -> Picture:
    """The picture with the last value of its first line moved."""
    first = picture.lines[0]
    values = [*first.values[:-1], (first.values[-1] or 0.0) + by]
    return replace(picture, lines=[replace(first, values=values), *picture.lines[1:]])


def milliseconds(lines: int, points: int) -> tuple[float, float]:
    """Median ms of a whole build and of one after a move of the last point."""
    picture = sample(lines, points, slots=points + points // 20)
    pen, whole, small = Pen("braille"), [], []
    draw(picture, SIZE, pen, None)
    for number in range(REPEATS):
        start = perf_counter()
        before = draw(picture, SIZE, pen, None)
        middle = perf_counter()
        draw(moved(picture, 0.1 + number / 10), SIZE, pen, before)
        whole.append(1000 * (middle - start))
        small.append(1000 * (perf_counter() - middle))
    return median(whole), median(small)


async def last_point_bytes(lines: int, points: int) -> int:
    """Bytes that a move of the last point of one line sends, repaint of its label included."""
    picture = sample(lines, points, slots=points + points // 20)
    app = Alone(picture)
    async with app.run_test(headless=False, size=SIZE) as pilot:

        async def settled() -> None:
            await pilot.pause()
            await app.workers.wait_for_complete()
            await pilot.pause()
            await pilot.pause()

        await settled()
        before = Counting.written
        app.chart.show(moved(picture, 1.0), now=True)
        await settled()
        return Counting.written - before


def main() -> None:
    """Print the table."""
    print(f"{SIZE[0]}x{SIZE[1]}   build ms   last point moves: ms   bytes")
    for lines, points in CASES:
        whole, small = milliseconds(lines, points)
        sent = asyncio.run(last_point_bytes(lines, points))
        print(f"{lines} x {points:<6} {whole:8.1f} {small:21.1f} {sent:9,}")


if __name__ == "__main__":
    main()

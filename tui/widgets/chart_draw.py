"""Drawing a picture, and the one thread in which that happens."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from tui.widgets.chart_paint import Cell, Row, paint
from tui.widgets.chart_plan import Picture, Plan, arrange
from tui.widgets.thin import Pixel


class Stylus(Protocol):
    """What turns a line's pixels into cells."""

    dots: tuple[int, int]
    """Dots of a cell, across and up."""

    def draw(self, pixels: Sequence[Pixel], columns: int, rows: int) -> tuple[Cell, ...]:
        """Return the cells of a canvas that the line touches."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A finished picture."""

    plan: Plan
    layers: Mapping[tuple[Pixel, ...], tuple[Cell, ...]]
    """The cells of each line by its pixels: a line that has not moved is not drawn again."""

    def rows(self, cursor: int | None = None) -> tuple[Row, ...]:
        """Return the rows of the screen, with the crosshair at a slot."""
        return paint(self.plan, [self.layers[curve.pixels] for curve in self.plan.curves], cursor)


def draw(
    picture: Picture,
    size: tuple[int, int],
    pen: Stylus,
    before: Drawn | None,
    *,
    unwanted: Callable[[], bool] = lambda: False,
) -> Drawn | None:
    """Draw a picture for a size in cells, reusing the lines of the one before; return None as soon as it is `unwanted`."""
    if unwanted():
        return None
    plan = arrange(picture, *size, pen.dots)
    canvas = (plan.columns, plan.rows)
    known = before.layers if before and (before.plan.columns, before.plan.rows) == canvas else {}
    layers: dict[tuple[Pixel, ...], tuple[Cell, ...]] = {}
    for pixels, _ in plan.curves:
        if unwanted():
            return None
        layers[pixels] = known[pixels] if pixels in known else pen.draw(pixels, *canvas)
    return Drawn(plan, layers)


class DrawingThread:
    """One thread for all charts, alive while there is a chart: what draws the lines is not made for two."""

    def __init__(self) -> None:
        self._charts = 0
        self._pool: ThreadPoolExecutor | None = None

    def enter(self) -> None:
        """Count a chart in."""
        self._charts += 1

    def leave(self) -> None:
        """Count a chart out; the last one ends the thread."""
        self._charts -= 1
        if not self._charts and self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    async def run(self, work: Callable[[], Drawn | None]) -> Drawn | None:
        """Run the work in the thread, after what was asked before."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="chart")
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

"""Bytes of a frame, counted and not timed: Textual's table, our grid, and our grid with the driver that diffs.

    python -m tests.benchmark.link.count

The last column is the ratio to the fewest bytes that several plain encoders need for the cells that differ. None of
those knows that a terminal can scroll, so that a scroll needs less.
"""

# ruff: noqa: T201 -- a script prints

import asyncio
import os
from collections.abc import Callable

from tests.link.kit import Wired, same
from tests.link.least import least
from tests.link.test_driver_costs import KEYS, Table, shown
from tui.widgets.grid import Grid

Action = Callable[[Table], object]


def _every(app: Table) -> None:
    for values in app.values.values():
        for place in range(len(values)):
            values[place] = app.chance.uniform(10, 400)
    app.query_one(Grid).update({key: app.cells(key) for key in KEYS})


def _flash(app: Table) -> None:
    app.query_one(Grid).flash_seconds = 0.05
    app.tick()


def _to(key: str) -> Action:
    def move(app: Table) -> None:
        app.query_one(Grid).cursor_key = key

    return move


CASES: tuple[tuple[str, Action | None, Action, bool], ...] = (
    ("six cells in a tenth of the rows", Table.tick, Table.tick, True),
    ("the same, with flash (two frames)", Table.tick, _flash, False),
    ("every cell", Table.tick, _every, False),
    ("a scroll by a line", _to(KEYS[70]), _to(KEYS[71]), False),
    ("a jump to the end", _to(KEYS[0]), _to(KEYS[-1]), False),
)
"""Name, what is done before, what is counted, and whether `DataTable` can do it as well."""


async def counted(widget: str, before: Action | None, action: Action) -> tuple[int, int, int]:
    """Bytes of the stock driver, of ours, and the fewest, all frames of an action together."""
    async with shown(widget) as (app, pilot, driver):
        for step in (before, action):
            if step is None:
                continue
            stock, driver.frames = driver.stock_bytes, []  # type: ignore[attr-defined]
            step(app)
            await pilot.pause(0.2)
            await same(driver)
        return _figures(driver, stock)


def _figures(driver: Wired, stock: int) -> tuple[int, int, int]:
    frames = driver.frames  # type: ignore[attr-defined]
    needed = sum(least(before, after) for _, before, after in frames)
    return driver.stock_bytes - stock, sum(size for size, _, _ in frames), needed  # type: ignore[attr-defined]


def lines() -> list[str]:
    """The table."""
    os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    found = [
        "| what changes, of 100 rows at 200x60 | stock, DataTable | stock, grid | ours, grid | fewest | ours / fewest |",
        "|---|---|---|---|---|---|",
    ]
    for name, before, action, comparable in CASES:
        table = f"{asyncio.run(counted('DataTable', before, action))[0]:,}" if comparable else "-"
        stock, ours, needed = asyncio.run(counted("Grid", before, action))
        found.append(f"| {name} | {table} | {stock:,} | {ours:,} | {needed:,} | {ours / needed:.2f} |")
    return found


if __name__ == "__main__":
    print(*lines(), sep="\n")

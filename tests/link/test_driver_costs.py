"""The driver under a table: what a change costs, counted."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from rich.text import Text
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import DataTable

from tests.face import app_over, demo, press, settled
from tests.link.kit import Wired, driver_of, hurry, same
from tests.link.least import least
from tui.format import Cell
from tui.widgets.grid import Column, Grid

KEYS = [f"SYM{row:03}" for row in range(100)]
NAMES = [f"c{index}" for index in range(12)]


class Table(App[None]):
    """100 rows of prices in our grid or in Textual's table."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, widget: str) -> None:
        super().__init__()
        self.widget = widget
        self.driver_class = Wired.on_stage(200, 60)
        self.chance = random.Random(7)
        self.values = {key: [self.chance.uniform(10, 400) for _ in NAMES[1:]] for key in KEYS}

    def cells(self, key: str) -> list[Cell]:
        return [Cell(key, "symbol"), *(Cell(f"{value:.2f}") for value in self.values[key])]

    def compose(self) -> ComposeResult:
        if self.widget == "DataTable":
            yield DataTable[Text](cursor_type="row")
        else:
            yield Grid([Column(name, name, 10, fixed=name == "c0") for name in NAMES], flash_seconds=0)

    def on_mount(self) -> None:
        if self.widget == "DataTable":
            table = self.query_one(DataTable)
            for name in NAMES:
                table.add_column(name, key=name, width=10)
            for key in KEYS:
                table.add_row(*(Text(cell.text, justify="right") for cell in self.cells(key)), key=key)
        else:
            self.query_one(Grid).set_rows(KEYS, self.cells)

    def tick(self) -> None:
        """Let six prices of every tenth row move by a cent."""
        for key in KEYS[::10]:
            for place in range(6):
                self.values[key][place] += 0.01
            if self.widget == "DataTable":
                table = self.query_one(DataTable)
                for cell, name in zip(self.cells(key)[1:7], NAMES[1:7], strict=True):
                    table.update_cell(key, name, Text(cell.text, justify="right"))
            else:
                self.query_one(Grid).update({key: self.cells(key)})


@asynccontextmanager
async def shown(widget: str) -> AsyncIterator[tuple[Table, Pilot[None], Wired]]:
    app = Table(widget)
    async with app.run_test(headless=False, size=(200, 60)) as pilot:
        await pilot.pause()
        driver = driver_of(app)  # type: ignore[arg-type]
        await same(driver)
        driver.take()
        yield app, pilot, driver


@pytest.fixture(autouse=True)
def _colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal has true colours, wherever the test runs."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)


async def test_new_prices_cost_a_hundredth_of_what_a_data_table_writes() -> None:
    costs = {}
    for widget in ("DataTable", "Grid"):
        async with shown(widget) as (app, pilot, driver):
            before = driver.stock_bytes  # type: ignore[attr-defined]
            app.tick()
            await pilot.pause(0.05)
            await same(driver)
            costs[widget] = driver.frame_bytes() if widget == "Grid" else driver.stock_bytes - before  # type: ignore[attr-defined]
    assert costs["DataTable"] >= 100 * costs["Grid"] > 0, costs


@pytest.mark.parametrize("colours", ["truecolor", "256", ""])
async def test_new_prices_cost_what_the_best_of_several_encoders_needs(
    monkeypatch: pytest.MonkeyPatch, colours: str
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color" if colours else "xterm-16color")
    monkeypatch.setenv("COLORTERM", colours)
    async with shown("Grid") as (app, pilot, driver):
        # The first frame of a screen sets the style that later ones begin with.
        for _ in range(2):
            driver.frames = []  # type: ignore[attr-defined]
            app.tick()
            await pilot.pause(0.05)
            await same(driver)
        assert 0 < ratio(driver) <= 1.05


async def test_new_prices_that_flash_cost_little_more() -> None:
    async with shown("Grid") as (app, pilot, driver):
        grid = app.query_one(Grid)
        grid.flash_seconds = 3600
        driver.frames = []  # type: ignore[attr-defined]
        app.tick()
        await pilot.pause()
        await same(driver)
        while grid._flashes.lit:
            grid._put_out()
            await pilot.pause()
            await same(driver)
        assert len(driver.frames) > 1  # type: ignore[attr-defined]
        assert 0 < ratio(driver) <= 1.3


async def test_dialogs_and_a_page_of_a_list_cost_little_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)
    app = app_over(demo(), tmp_path, fps=60)
    app.driver_class = Wired.on_stage(100, 30)
    async with app.run_test(headless=False, size=(100, 30)) as pilot:
        await settled(app, pilot)
        driver = driver_of(app)
        await same(driver)
        driver.frames = []  # type: ignore[attr-defined]
        for key in ("question_mark", "escape", "colon", "escape", "pagedown", "g"):
            await press(app, pilot, key)
            await same(driver)
        assert 0 < ratio(driver) <= 1.3


def ratio(driver: Wired) -> float:
    """Bytes of the frames over what the best of several encoders needs for the cells that differ."""
    frames = driver.frames  # type: ignore[attr-defined]
    needed = sum(least(before, after) for _, before, after in frames)
    return sum(size for size, _, _ in frames) / needed if needed else 0.0


async def test_nothing_is_written_when_nothing_has_changed() -> None:
    async with shown("Grid") as (app, pilot, driver):
        app.query_one(Grid).refresh()
        await pilot.pause(0.05)
        await same(driver)
        assert driver.stock_bytes > 1000  # type: ignore[attr-defined]
        assert driver.take() == ""


async def test_a_scroll_by_a_line_costs_a_row_and_the_cursor() -> None:
    async with shown("Grid") as (app, pilot, driver):
        grid = app.query_one(Grid)
        grid.cursor_key = KEYS[70]
        await pilot.pause(0.05)
        await same(driver)
        driver.take()
        for _ in range(5):
            grid.action_cursor_down()
            await pilot.pause(0.05)
            await same(driver)
            assert 0 < driver.frame_bytes() < 600

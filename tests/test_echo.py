"""Tests of the order in which things reach the screen: the echo of a key first, and it alone; then the figures."""

import time
from pathlib import Path

import pytest
from textual.geometry import Region
from textual.screen import Screen

from tests.face import app_over, opened, press, quiet
from tests.fakes.source import FakeSource, bars, quote
from tui.frames import HAND_SECONDS
from tui.model import Health, State, Update
from tui.widgets.sheet import SLICE, Sheet

NAMES = ("SPY", *(f"S{number:02}" for number in range(19)))


def market() -> FakeSource:
    """Twenty symbols with a price each."""
    source = FakeSource({name: bars(name, [100.0 + place] * 80) for place, name in enumerate(NAMES)})
    source.send(*(quote(name, 101.0 + place) for place, name in enumerate(NAMES)), epoch=1)
    return source


@pytest.fixture(autouse=True)
def _no_ages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ages are brought up to date every few seconds; on a slow machine that comes in between."""
    monkeypatch.setattr("tui.screens.monitor.AGE_TICKS", 3600)


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> list[set[Region]]:
    """The spans of the tables that each painting of a screen took, those without any left out."""
    paintings: list[set[Region]] = []
    original = Screen._on_timer_update

    def paint(screen: Screen[object]) -> None:
        sheets = [widget for widget in screen._dirty_widgets if isinstance(widget, Sheet)]
        spans = {region for sheet in sheets for region in sheet._repaint_regions}
        original(screen)
        if spans:
            paintings.append(spans)

    monkeypatch.setattr(Screen, "_on_timer_update", paint)
    return paintings


async def test_a_key_is_painted_by_itself_and_what_waited_is_painted_after_it(
    tmp_path: Path, painted: list[set[Region]]
) -> None:
    app = app_over(market(), tmp_path, symbols=",".join(NAMES))
    async with opened(app, (120, 40)) as pilot:
        table = app.page.grid()
        assert table is not None
        await quiet(app, pilot)
        painted.clear()
        waiting = Region(12, 20, 8, 1)
        table._repaint_regions.add(waiting)
        with app.echoing():
            table.action_cursor_down()
        assert len(painted) == 1, "at once"
        assert waiting not in painted[0]
        assert {region.y for region in painted[0]} >= {2, 3}
        await quiet(app, pilot)
        assert waiting in painted[-1]


async def test_a_key_that_came_back_is_painted_before_its_event_is_done(
    tmp_path: Path, painted: list[set[Region]]
) -> None:
    app = app_over(market(), tmp_path, symbols=",".join(NAMES))
    async with opened(app, (120, 40)) as pilot:
        painted.clear()
        await press(app, pilot, "down")
        assert len(painted) >= 1
        assert {region.y for region in painted[0]} >= {2, 3}


async def test_figures_wait_for_the_echo_of_a_key_but_not_for_ever(tmp_path: Path) -> None:
    app = app_over(market(), tmp_path, symbols=",".join(NAMES))
    async with opened(app, (120, 40)) as pilot:
        assert app.engine is not None
        # The key comes an hour from now, so that it is in hand however slow the machine is.
        app._driver.key_at = time.monotonic() + 3600  # type: ignore[union-attr]
        assert app.key_in_hand
        price = quote("S01", 500.0)
        app.engine.apply(Update(epoch=app.engine.wanted.now.epoch, quotes=[price], health=Health(state=State.LIVE)))
        app._draw_changes()
        table = app.page.grid()
        assert table is not None
        assert app.flush_due, "it is looked again"
        assert "500.00" not in [cell.text for cell in table._cells_of("S01")]
        app._driver.key_at = time.monotonic() - HAND_SECONDS  # type: ignore[union-attr]
        assert not app.key_in_hand
        await quiet(app, pilot)
        assert "500.00" in [cell.text for cell in table._cells_of("S01")]


async def test_rows_in_sight_are_renewed_slice_by_slice(tmp_path: Path) -> None:
    app = app_over(market(), tmp_path, symbols=",".join(NAMES))
    async with opened(app, (120, 40)) as pilot:
        table = app.page.grid()
        assert table is not None
        asked: list[str] = []
        original = table._ask
        table._ask = lambda key: asked.append(key) or original(key)  # type: ignore[func-returns-value]
        table.renew(set(NAMES))
        assert len(asked) == SLICE
        assert table.renewing
        await quiet(app, pilot)
        assert sorted(asked) == sorted(NAMES)


async def test_a_flash_goes_out_slice_by_slice(tmp_path: Path) -> None:
    app = app_over(market(), tmp_path, symbols=",".join(NAMES))
    async with opened(app, (120, 40)):
        table = app.page.grid()
        assert table is not None
        table._flashes.lit = {name: {1: 0} for name in NAMES}
        table._put_out()
        assert len(table._flashes.lit) == len(NAMES) - SLICE
        table._put_out()
        table._put_out()
        assert not table._flashes.lit

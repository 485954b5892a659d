"""Tests of the size that a screen is laid out for."""

import asyncio
from pathlib import Path

import pytest
from textual.events import Resize
from textual.geometry import Size
from textual.screen import Screen

from tests.face import app_over, demo, opened, press
from tui.screens.ask import Ask


@pytest.mark.parametrize("keys", [(), ("slash",)], ids=["page", "dialog"])
async def test_two_sizes_on_their_way_at_once_end_with_the_terminals_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...]
) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 40)) as pilot:
        await press(app, pilot, *keys)
        assert isinstance(app.screen, Ask) == bool(keys)
        laid_out: list[Size] = []
        original = Screen._screen_resized

        def noted(screen: Screen[object], size: Size) -> None:
            laid_out.append(size)
            original(screen, size)

        monkeypatch.setattr(Screen, "_screen_resized", noted)
        for width in (80, 120):
            app.screen.post_message(Resize(Size(width, 40), Size(width, 40)))
            # Something in between, or the second would take the place of the first.
            app.screen.call_later(lambda: None)
        for _ in range(200):
            await asyncio.sleep(0)
        assert set(laid_out) == {Size(120, 40)}
        assert len(laid_out) < 6
        await pilot.pause()
        assert app.screen.size == Size(120, 40)


async def test_what_is_painted_with_the_whole_screen_is_not_painted_again(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 40)) as pilot:
        table = app.page.grid()
        assert table is not None
        table.refresh()
        app.screen.refresh()
        await pilot.pause()
        app.screen._on_timer_update()
        assert not table._repaint_regions

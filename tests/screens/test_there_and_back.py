"""Who goes about and comes back finds the picture that is there at first, cell by cell and colour by colour."""

from pathlib import Path

from rich.style import Style

from tests.face import app_over, demo, opened, press
from tui.app import Outpace

THERE = ("2", "tab", "tab", "1", "enter", "escape", "question_mark", "escape", "3", "tab", "1", "slash")
BACK = ("escape", "5", "tab", "2", "tab", "1")


def cells(app: Outpace) -> list[list[tuple[str, Style | None]]]:
    """The screen, line by line, as texts with their styles."""
    return [[(text, style) for text, style, _ in strip] for strip in app.screen._compositor.render_strips()]


async def test_the_monitor_looks_as_at_first_after_a_walk_with_another_theme_on_the_way(tmp_path: Path) -> None:
    fresh, walked = app_over(demo(), tmp_path / "fresh", theme="light"), app_over(demo(), tmp_path / "walked")
    async with opened(fresh):
        at_first = cells(fresh)
    async with opened(walked) as pilot:
        await press(walked, pilot, *THERE)
        # A dialog has the keys, as while a theme is chosen.
        walked.theme = "light"
        await pilot.pause()
        await press(walked, pilot, *BACK)
        assert cells(walked) == at_first

"""The app on a slow line, and what it says of it."""

from pathlib import Path

import pytest

from tests.face import app_over, demo, opened, press
from tui.app import Outpace
from tui.frames import REMOTE_FPS
from tui.link.eco import ON_AFTER, SLOW, EcoWanted
from tui.link.pace import LinkStats
from tui.thrift import ECO_FPS
from tui.widgets.grid import Grid


class Clock:
    """Time that is set."""

    now = 50.0

    def __call__(self) -> float:
        return self.now


def on_a_line(app: Outpace, monkeypatch: pytest.MonkeyPatch, capacity: float) -> Clock:
    """Put the app on a line that takes so many bytes a second."""
    clock = Clock()
    monkeypatch.setattr(app, "eco_wanted", EcoWanted(clock))
    monkeypatch.setattr(app, "link_stats", lambda: LinkStats(True, 0.08, capacity, 1900.0, 4.0, 0, 0))
    return clock


def said(app: Outpace) -> str:
    return " ".join(segment.text for segment in app.page.query_one("#hints").segments)  # type: ignore[attr-defined]


async def test_a_slow_line_gets_one_frame_a_second_without_flashes_and_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_over(demo(), tmp_path, reduced_motion=False)
    async with opened(app):
        clock = on_a_line(app, monkeypatch, SLOW - 1)
        assert app.fps > ECO_FPS
        assert not app.page.query_one(Grid).is_calm
        for _ in range(round(ON_AFTER) + 1):
            app.mind_the_line()
            clock.now += 1
        assert app.fps == ECO_FPS
        assert all(grid.is_calm for grid in app.page.query(Grid))
        assert "slow line (80 ms, takes 4.0 kB/s): 1 frame/s" in said(app)
        app.page.hint()
        app.mind_the_line()
        assert "slow line" not in said(app)


@pytest.mark.parametrize(("eco", "fps"), [(True, ECO_FPS), (False, REMOTE_FPS)])
async def test_what_the_user_has_chosen_holds_on_any_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, eco: bool, fps: int
) -> None:
    monkeypatch.setenv("SSH_TTY", "/dev/pts/1")
    app = app_over(demo(), tmp_path, eco=eco)
    async with opened(app):
        clock = on_a_line(app, monkeypatch, 100.0)
        for _ in range(10):
            app.mind_the_line()
            clock.now += 1
        assert app.fps == fps
        assert "slow line" not in said(app)


async def test_the_link_command_shows_the_line_in_the_status_line_and_hides_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app) as pilot:
        on_a_line(app, monkeypatch, 1e6)

        def shown() -> list[str]:
            return [each.text for each in app.page.query_one("#status").segments if each.key == "link"]  # type: ignore[attr-defined]

        assert shown() == []
        await press(app, pilot, "colon", *"link", "enter")
        assert shown() == ["80 ms 1.9 kB/s 4.0 fps"]
        await press(app, pilot, "colon", *"link", "enter")
        assert shown() == []

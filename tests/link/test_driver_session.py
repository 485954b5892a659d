"""The driver under the whole program: a session looks the same, for far fewer bytes."""

from pathlib import Path

import pytest

from tests.face import app_over, demo, press, settled
from tests.link.kit import Wired, driver_of, hurry, same

SESSION = (
    *("j", "j", "j", "k", "G", "g", "ctrl+d", "ctrl+u", "l", "l", "h", "space", "j", "space"),
    *("right_square_bracket", "left_square_bracket", "c", "c", "v", "s", "S", "s", "w", "w", "W"),
    *("slash", "q", "q", "escape", "question_mark", "escape", "t", "down", "down", "enter"),
    *("enter", "c", "escape", "a", "escape", "p", "p", "r", "z", "z", "b", "escape", "colon", "escape"),
)
"""Keys of a session over most of what the program shows."""


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_session_of_the_whole_program_looks_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    hurry(monkeypatch)
    app = app_over(demo(), tmp_path, fps=60)
    app.driver_class = Wired.on_stage(*size)
    async with app.run_test(headless=False, size=size) as pilot:
        await settled(app, pilot)
        driver = driver_of(app)
        await same(driver)
        driver.take()
        assert "outpace" in "".join(cell.data for row in driver.far.cells() for cell in row)
        before = driver.stock_bytes  # type: ignore[attr-defined]
        for key in SESSION:
            await press(app, pilot, key)
            await same(driver)
        assert driver.frame_bytes() < (driver.stock_bytes - before) / 3  # type: ignore[attr-defined]
        assert driver.drawn_directly > 50  # type: ignore[attr-defined]
        assert driver._wrong == 0, "every answer told the place that was expected"

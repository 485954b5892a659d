"""Pictures of the screens at four sizes, over the simulated market at a moment that does not pass.

After a change of the face that is meant: `pytest tests/test_snapshots.py --snapshot-update`, and look at each one.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.face import app_over, demo, press, settled

SHOTS: dict[str, tuple[tuple[int, int], tuple[str, ...], dict[str, object]]] = {
    "monitor_80x24": ((80, 24), (), {}),
    "monitor_120x40": ((120, 40), ("j", "j", "j", "space"), {}),
    "monitor_200x60": ((200, 60), ("right_square_bracket", "c"), {}),
    "monitor_40x20": ((40, 20), (), {}),
    "monitor_light": ((120, 40), ("w",), {"theme": "light"}),
    "monitor_ansi": ((80, 24), (), {"theme": "ansi"}),
    "monitor_contrast": ((120, 40), (), {"theme": "contrast"}),
    "symbol_80x24": ((80, 24), ("j", "j", "j", "enter"), {}),
    "symbol_120x40": ((120, 40), ("j", "j", "j", "enter"), {}),
    "sectors_80x24": ((80, 24), ("4",), {}),
    "sectors_160x50": ((160, 50), ("4",), {}),
    "holdings_160x50": ((160, 50), ("4", "enter", "space", "j", "space"), {}),
    "help_80x24": ((80, 24), ("question_mark",), {}),
    "themes_120x40": ((120, 40), ("t", "down"), {"theme": "dark"}),
    "unknown_80x24": ((80, 24), (), {"symbols": "IWM,NOSUCH,^RUT", "benchmark": "SPY"}),
}
"""Name, size, keys and settings."""


@pytest.mark.parametrize("name", SHOTS)
def test_a_screen_looks_as_it_was_last_approved(
    name: str, snap_compare: Callable[..., bool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size, keys, settings = SHOTS[name]
    app = app_over(demo(), tmp_path, **({"theme": "dark"} | settings))

    async def look(pilot: Pilot[int]) -> None:
        await settled(app, pilot)
        await press(app, pilot, *keys)

    assert snap_compare(app, terminal_size=size, run_before=look)

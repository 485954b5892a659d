"""The golden session on the screen: the time machine and the replay show the figures of `docs/formulas.md`."""

import re
from pathlib import Path

import pytest

from tests.face import app_over, opened, press, quiet, text
from tui.app import Outpace
from tui.assembly import assemble
from tui.config import Paths, load
from tui.sources.replay import Replay
from tui.store.folder import Folder
from tui.store.history import History
from tui.verbs.history import run as run_history
from tui.watchlists import Watchlists

GOLDEN = ["+1.72", "+1.09", "+9.50", "+0.76", "-3.86", "-14.28", "36.8"]
"""QQQS on 2024-07-12: the day in percent, excess over SPY for 1D 1W 1M 3M YTD in points, and the volume ratio."""


def row_of(app: Outpace, symbol: str) -> list[str]:
    """The words of a row on the screen."""
    line = next(line for line in text(app).splitlines() if re.match(rf"[ >•]*{re.escape(symbol)} ", line))
    return line.replace(">", " ").split()


@pytest.mark.parametrize("clock", [0.0, 3600.0])
async def test_the_replay_of_a_golden_session_shows_its_figures(
    shared_data: Path, tmp_path: Path, clock: float
) -> None:
    from datetime import date

    now = [1_000_000.0]
    source = Replay(Folder(shared_data / "history"), date(2024, 7, 12), 1.0, clock=lambda: now[0])
    now[0] += clock
    app = app_over(source, tmp_path, symbols="QQQS,IWM,SPY")
    async with opened(app, (80, 24)):
        words = row_of(app, "QQQS")
        assert [word for word in GOLDEN if word not in words] == []
        assert "eod" in words
        assert "REPLAY 2024-07-12" in text(app)


async def test_the_time_machine_shows_the_golden_figures(shared_data: Path, tmp_path: Path) -> None:
    from argparse import Namespace

    paths = Paths(
        config_dir=tmp_path / "c", data_dir=tmp_path / "d", cache_dir=tmp_path / "h", state_dir=tmp_path / "s"
    )
    root = tmp_path / "d" / "history"
    files = [shared_data / "history" / "daily" / f"{name}.csv" for name in ("QQQS", "IWM", "SPY")]
    assert run_history(Namespace(action="import", paths=files, symbol=None, drop_partial=False), root) == 0
    assert set(History(root).symbols()) == {"QQQS", "IWM", "SPY"}
    settings = load({"as_of": "2024-07-12", "symbols": "QQQS,IWM"}, {}, paths)
    app = Outpace(settings, paths, Watchlists(paths.lists_file), lambda s, b: assemble(settings, paths, s, b))
    async with opened(app, (80, 24)):
        assert [word for word in GOLDEN if word not in row_of(app, "QQQS")] == []
        assert "AS OF 2024-07-12" in text(app)


async def test_where_the_daily_bars_have_ended_the_chart_says_so(shared_data: Path, tmp_path: Path) -> None:
    from datetime import date

    source = Replay(Folder(shared_data / "history"), date(2026, 8, 3), 1.0, clock=lambda: 1_000_000.0, at_close=True)
    app = app_over(source, tmp_path, symbols="QQQ,IWM", benchmark="SPY")
    async with opened(app, (120, 34)) as pilot:
        assert row_of(app, "QQQ")[1:3] == ["700.06", "-"]
        assert "SPY: its history ends on 2025-12-24" in text(app)
        assert "Waiting" not in text(app)

        async def hints() -> str:
            await quiet(app, pilot)
            return text(app).splitlines()[-1]

        await press(app, pilot, "j")
        assert "s sort" in await hints(), "what is known of IWM is of its own last session"
        await press(app, pilot, "k")
        assert "QQQ: its history ends on 2025-12-24" in await hints()
        await press(app, pilot, "j")
        assert "s sort" in await hints()

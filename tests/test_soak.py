"""A day of keys in a second: what the program holds is the same before and after, and what it shows is as if made anew.

The whole day, in a terminal, is `python -m tests.benchmark.soak`.
"""

import asyncio
import math
import subprocess
import sys
from datetime import date
from itertools import islice
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Input

from tests.benchmark.soak_check import compared, differences, different
from tests.benchmark.soak_keys import HOME, keys
from tests.benchmark.soak_probe import counts
from tests.face import app_over, demo, opened, press, quiet
from tests.fakes.source import NOON, SESSION, FakeSource, bars, quote
from tui import desk as desk_module
from tui import journey
from tui.analytics.funds_sums import UNIT
from tui.engine import Engine
from tui.format import Cell
from tui.model import Bar, Update
from tui.screens.holdings import HoldingsPage
from tui.screens.sectors import SectorsPage
from tui.screens.symbol import SymbolScreen
from tui.sessions import next_session
from tui.store.memory import Memory
from tui.widgets import drawn
from tui.widgets.grid import Column, Grid

PRESSES = 120


class Market(FakeSource):
    """A small one in which all prices move when it is told to."""

    names = ("SPY", "IWM", "QQQ", "MDY", "XBI")

    def __init__(self) -> None:
        closes = [100.0 + 5.0 * math.sin(number / 9) for number in range(300)]
        super().__init__({name: bars(name, closes) for name in self.names})
        self.ticks = 0

    def tick(self, epoch: int) -> None:
        self.ticks += 1
        at = NOON.timestamp() + self.ticks
        price = 100.0 + 0.01 * (self.ticks % 40)
        self.send(*(quote(s, price, volume=100 * self.ticks, as_of=at, fetched_at=at) for s in self.names), epoch=epoch)


async def test_after_a_day_of_keys_as_much_is_held_as_before_and_nothing_has_drifted(tmp_path: Path) -> None:
    source = Market()
    app = app_over(source, tmp_path, symbols=",".join(source.names), benchmark="SPY")
    source.tick(1)
    async with opened(app, (80, 24)) as pilot:
        # All that may be kept, so that whatever comes on top of it stays for good.
        await press(app, pilot, "2", "3", "4", "5", "6", "1")
        for _ in range(journey.KEPT):
            app.push_page(SymbolScreen, "IWM")
            app.push_page(SectorsPage, "IWM")
            app.push_page(HoldingsPage, "IWM", "Technology")
        await press(app, pilot, *HOME)
        walk = keys(3)
        await press(app, pilot, *islice(walk, 8), *HOME)
        before = counts(app)
        for number, key in enumerate(islice(walk, PRESSES)):
            assert app.engine is not None
            source.tick(app.engine.wanted.now.epoch)
            await pilot.press(key)
            if number % 40 == 39:
                await quiet(app, pilot)
                assert differences(app) == []
        for key in HOME:
            await pilot.press(key)
        if app.paused:
            await press(app, pilot, "p")
        await press(app, pilot, "1")
        assert min(compared(app)["quotes"], compared(app)["baselines"]) > 1
        assert differences(app) == []
        after = counts(app)
    # Not timers: a message on the hint line has one until its time is over.
    for name in ("own tasks", "strays", "screens", "workers", "descriptors"):
        assert after[name] <= before[name], name


async def test_a_comparison_when_something_has_drifted_names_it(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (80, 24)) as pilot:
        await press(app, pilot, "4")
        assert compared(app)["books"] == 1
        assert differences(app) == []
        assert app.engine is not None
        book = app.desk.funds["IWM"].book
        assert book is not None
        next(iter(book._sums.values())).contribution += UNIT // 10**6
        held = app.engine.loader.baselines["SPY"]
        held.closes[-1] += 1e-3
        found = differences(app)
        held.closes[-1] -= 1e-3
    assert any(each.startswith("baseline of SPY") for each in found)
    assert any(each.startswith("book of IWM") for each in found)
    assert list(different(1.0, 1.0 + 1e-12)) == []
    assert list(different({"a": [1.0]}, {"a": [1.1]})) == ["[a][0] 1.0, anew 1.1"]


async def test_screens_beyond_those_that_are_kept_go_when_they_are_left(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (80, 24)) as pilot:
        for _ in range(journey.KEPT + 4):
            app.push_page(SymbolScreen, "IWM")
        await quiet(app, pilot)
        deep = len(asyncio.all_tasks())
        await press(app, pilot, *["escape"] * (journey.KEPT + 4))
        kept = [each for each in app._installed_screens.values() if isinstance(each, SymbolScreen)]
        assert len(kept) == journey.KEPT
        assert all(each.is_attached for each in kept)
        assert len(asyncio.all_tasks()) < deep - 4
        await press(app, pilot, "enter")
        assert isinstance(app.page, SymbolScreen)


async def test_a_second_enter_before_the_first_is_worked_off_closes_the_dialog_alone(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    answers: list[str | None] = []
    async with opened(app, (80, 24)) as pilot:
        await press(app, pilot, "enter")
        below = app.page
        app.ask("Filter", answers.append, value="IW")
        await pilot.pause()
        field = app.screen.query_one(Input)
        field.post_message(Input.Submitted(field, "IW"))
        field.post_message(Input.Submitted(field, "IWM"))
        await quiet(app, pilot)
        assert app.screen is below
    assert answers == ["IW"]


class Daily(FakeSource):
    """Has bars of every session."""

    async def intraday(self, symbol: str, session: date | None = None) -> list[Bar]:
        return [Bar(time=0.0, open=1.0, high=1.0, low=1.0, close=1.0, volume=1)]


async def test_bars_of_earlier_sessions_go_when_those_of_a_new_one_come() -> None:
    engine = Engine(Daily(), Memory(), fetch=False, stale_after=1.0)
    engine.watch(["IWM", "SPY"], "SPY")
    day = SESSION
    for number in range(30):
        told = [quote(name, 1.0, session=day, as_of=float(number), final=True) for name in ("IWM", "SPY")]
        engine.apply(Update(epoch=engine.wanted.now.epoch, quotes=told))
        assert len(await engine.intraday("IWM")) == 1
        await engine.intraday("SPY")
        day = next_session(day)
    assert len(engine._intraday) == 2
    assert len(engine._whole) == 2


async def test_books_of_funds_that_nobody_asks_for_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "BOOKS_KEPT", 2)
    app = app_over(demo(), tmp_path)
    async with opened(app, (80, 24)):
        for name in ("IWM", "QQQS", "SPY", "QQQ"):
            await app.desk.build(name)
        assert [name for name, each in app.desk.funds.items() if each.book is not None] == ["SPY", "QQQ"]
        assert (await app.desk.build("IWM")).book is not None
        assert app.desk.funds["SPY"].book is None


class Figures(App[None]):
    """A table of one changing row."""

    def compose(self) -> ComposeResult:
        yield Grid([Column("a", "A", 8)])


async def test_cells_drawn_once_are_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawn, "PARTS_KEPT", 50)
    async with Figures().run_test(size=(40, 8)) as pilot:
        grid = pilot.app.query_one(Grid)
        grid.set_rows(["IWM"], lambda _key: [Cell("0")])
        await pilot.pause()
        for number in range(200):
            grid.update({"IWM": [Cell(str(number))]})
            assert str(number) in grid.render_line(grid._header_height).text
        assert 0 < len(grid._drawn._parts) <= 50


def test_the_simulated_market_makes_old_quarters_anew_instead_of_keeping_them() -> None:
    market = demo()._market
    kept = market.daily.cache_info().maxsize  # type: ignore[attr-defined]
    assert kept is not None
    # The running quarter and the one before of all that is listed.
    assert 2 * len(market.listings) < kept <= 2000


def soaked(*words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "tests.benchmark.soak", *words]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=600, check=False, cwd=Path(__file__).parents[1]
    )


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the program's memory in /proc")
@pytest.mark.parametrize("case", ["demo", "replay", "live"])
def test_two_hours_at_sixty_times_the_speed_leave_memory_and_counts_as_they_were(case: str) -> None:
    ended = soaked("--case", case)
    assert ended.returncode == 0, ended.stdout[-4000:] + ended.stderr[-2000:]

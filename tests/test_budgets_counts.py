"""Budgets that are counts: how often something is derived, drawn or kept, whatever comes in and however fast."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.face import app_over, opened, press, quiet
from tests.fakes.source import NOON, FakeSource, bars, quote
from tui.app import Outpace
from tui.board import Board
from tui.model import Health, State, Update
from tui.panels.volume import VolumeRatio
from tui.panels.watch import Watch

MANY = 2_000
NAMES = ("SPY", *(f"S{number:04}" for number in range(MANY - 1)))
CLOSES = [100.0 + number % 7 for number in range(70)]


class Counted:
    """How often the parts of a frame were run since `clear`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: Counter[str] = Counter()
        for owner, name in (
            (Board, "row"),
            (Board, "volume_ratio"),
            (Board, "excesses"),
            (Watch, "show"),
            (Watch, "refresh"),
            (VolumeRatio, "show_view"),
            (VolumeRatio, "refresh"),
        ):
            self._count(monkeypatch, owner, name)

    def _count(self, monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> None:
        original, label = getattr(owner, name), f"{owner.__name__}.{name}"

        def counted(*args: object, **kwargs: object) -> object:
            self.calls[label] += 1
            return original(*args, **kwargs)

        monkeypatch.setattr(owner, name, counted)

    def __getitem__(self, label: str) -> int:
        return self.calls[label]

    def clear(self) -> None:
        self.calls.clear()


class Wire(FakeSource):
    """A market whose symbols are all known from the start."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__({name: bars(name, CLOSES) for name in names})
        self.names = names
        self.tick = 0

    def send_all(self, epoch: int, *, moved: bool = True) -> None:
        """A quote of every symbol in one batch, each with a new price unless nothing has moved."""
        self.tick += moved
        moment = NOON.timestamp() + self.tick
        quotes = [quote(name, 100.0 + self.tick, volume=500, as_of=moment, fetched_at=moment) for name in self.names]
        self.send(*quotes, epoch=epoch)


@asynccontextmanager
async def market(
    names: tuple[str, ...], folder: Path, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[Outpace, Wire, Pilot[int]]]:
    """The app over a list of these symbols, everything loaded and drawn."""
    source = Wire(names)
    source.send_all(epoch=1)
    app = app_over(source, folder, symbols=",".join(names), benchmark="SPY")
    async with opened(app, size) as pilot:
        yield app, source, pilot


async def arrived(app: Outpace, pilot: Pilot[int], name: str, price: float) -> None:
    """Wait until a price is there, and drawn."""
    assert app.engine is not None
    async with asyncio.timeout(30):
        while app.engine.live.quotes[name].price != price:
            await asyncio.sleep(0)
    await quiet(app, pilot)


async def test_a_tick_of_a_whole_market_derives_the_visible_rows_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with market(NAMES, tmp_path) as (app, source, pilot):
        visible = len(app.page.grid().visible_keys())  # type: ignore[union-attr]
        counted = Counted(monkeypatch)
        source.send_all(app.engine.wanted.now.epoch)  # type: ignore[union-attr]
        await arrived(app, pilot, "S0000", 100.0 + source.tick)
        assert 0 < visible < 40
        assert 0 < counted["Board.row"] <= visible * max(1, counted["Watch.show"])
        assert counted["Watch.show"] <= 2, "one frame, and one more if the ages were due"


async def test_many_updates_make_one_frame(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = NAMES[:50]
    async with market(names, tmp_path) as (app, source, pilot):
        engine = app.engine
        assert engine is not None
        counted = Counted(monkeypatch)
        monkeypatch.setattr("tui.screens.monitor.AGE_TICKS", 3600)
        before = app.flush_due
        for _ in range(100):
            source.tick += 1
            moment = NOON.timestamp() + source.tick
            engine.apply(_update(source, names, moment, engine.wanted.now.epoch))
        assert counted["Watch.show"] == 0, "nothing is drawn while updates come in"
        await arrived(app, pilot, "S0000", 100.0 + source.tick)
        assert not before
        # The frame, and all rows against the benchmark.
        assert 1 <= counted["Watch.show"] <= 2


async def test_the_panels_derive_the_list_once_however_many_frames_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = NAMES[:200]
    async with market(names, tmp_path) as (app, source, pilot):
        counted = Counted(monkeypatch)
        monkeypatch.setattr("tui.screens.monitor.PANEL_SECONDS", 3600.0)
        page = app.page
        for _ in range(20):
            page.show(set(names))
        assert counted["Watch.show"] == 20
        assert counted["VolumeRatio.show_view"] <= 1
        assert counted["Board.volume_ratio"] <= len(names)
        page._panels_due = False
        await quiet(app, pilot)
        assert source.asked


async def test_hidden_panels_derive_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with market(NAMES[:50], tmp_path, size=(60, 20)) as (app, source, pilot):
        assert not app.page.query_one(VolumeRatio).region
        counted = Counted(monkeypatch)
        source.send_all(app.engine.wanted.now.epoch)  # type: ignore[union-attr]
        await arrived(app, pilot, "S0000", 100.0 + source.tick)
        assert counted["Watch.show"] >= 1
        assert counted["Board.volume_ratio"] == 0


async def test_quotes_that_say_the_same_again_refresh_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with market(NAMES[:50], tmp_path) as (app, source, pilot):
        engine = app.engine
        assert engine is not None
        counted = Counted(monkeypatch)
        for _ in range(5):
            moment = NOON.timestamp() + source.tick
            engine.apply(_update(source, source.names, moment, engine.wanted.now.epoch))
        await quiet(app, pilot)
        assert counted["Watch.refresh"] == 0
        assert counted["VolumeRatio.refresh"] == 0


async def test_what_is_kept_does_not_grow_with_the_updates(tmp_path: Path) -> None:
    names = NAMES[:50]
    async with market(names, tmp_path) as (app, source, _pilot):
        engine = app.engine
        assert engine is not None
        for _ in range(200):
            source.tick += 1
            moment = NOON.timestamp() + source.tick
            engine.apply(_update(source, names, moment, engine.wanted.now.epoch))
        assert len(engine.live.quotes) == len(names)
        assert len(engine.live._dirty) <= len(names)
        assert len(engine.loader.baselines) == len(names)


async def test_a_moved_cursor_derives_no_row_of_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with market(NAMES[:200], tmp_path) as (app, _source, pilot):
        counted = Counted(monkeypatch)
        await press(app, pilot, "j", "j", "k")
        assert counted["Board.volume_ratio"] == 0
        assert counted["Board.excesses"] <= 2, "the ages may have been due, in two slices"
        visible = len(app.page.grid().visible_keys())  # type: ignore[union-attr]
        assert counted["Board.row"] <= visible * max(1, counted["Watch.show"])


def _update(source: Wire, names: tuple[str, ...], moment: float, epoch: int) -> Update:
    quotes = [quote(name, 100.0 + source.tick, volume=500, as_of=moment, fetched_at=moment) for name in names]
    return Update(epoch=epoch, quotes=quotes, health=Health(state=State.LIVE))

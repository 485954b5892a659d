"""Budgets of every screen that are counts: bytes, reads and draws, while nothing changes, while something does, and hidden."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from rich.color import ColorSystem
from rich.style import Style
from textual._compositor import CompositorUpdate
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget

from tests.face import app_over, opened, press, quiet, text
from tests.fakes.source import NOON, FakeSource, bars, quote
from tui.app import Outpace
from tui.model import Fund, Health, Holding, State, Update
from tui.screens.page import Page
from tui.screens.relative import RelativePage
from tui.sources.base import NoDataError
from tui.store.memory import Memory
from tui.widgets.sheet import Sheet

LISTED = 50
NAMES = ("SPY", *(f"S{number:02}" for number in range(LISTED - 1)))
SHOWN, UNSEEN = "S00", NAMES[-1]
"""A symbol that every screen shows, and one that none does: the last of the list, in no fund."""
SECTORS = ("Energy", "Utilities", "Materials")
TICKS = 65
"""Seconds of the status line: more than between any two things that a screen does now and then."""

OPENED_BY = {
    "monitor": (),
    "relative": ("2",),
    "volume": ("3",),
    "sectors": ("4",),
    "holdings": ("4", "enter"),
    "symbol": ("down", "enter"),
    "events": ("5",),
    "drivers": ("6",),
    "definitions": ("i",),
    "help": ("question_mark",),
}
"""The keys that open each screen from the monitor, whose cursor is on the fund."""
DIALOGS = {"definitions", "help"}
SCREENS = pytest.mark.parametrize("name", OPENED_BY)
PAGES = pytest.mark.parametrize("name", [name for name in OPENED_BY if name not in {"monitor", *DIALOGS}])

MOST_BYTES = {
    "monitor": 700,  # the row from its left end, and the bars of the volume ratios
    "relative": 9_000,  # the row and the ranks it moves, the ends of two charts, its tail in the rotation
    "volume": 100,  # the row's change, which is all that a price moves here
    "sectors": 430,  # its sector, the fund's own line and the head
    "holdings": 7_500,  # the row, the head, and the end of the line under the cursor
    "symbol": 4_500,  # the head, the windows, the ranges, and the end of the line
    "events": 0,  # not a symbol of the condition
    "drivers": 0,  # prices are looked at once a minute
    "definitions": 1_900,  # what of the monitor is seen beside the dialog, dimmed: ten bars move by a cell
    "help": 1_900,
}
"""What one tick of a shown symbol may cost at 120x40, before a driver leaves out what has not changed.

Measured, with a fifth or so of slack; what it changes is said beside it.
"""
WITH_WHAT_FOLLOWS = {
    "volume": 3_800,  # the day's curve beside the list
    "symbol": 5_800,  # the windows and the ranges, worked out off the loop
}
"""The same, with what follows in the next seconds."""


class FundWire(FakeSource):
    """A market under a test's hand, whose first symbol is a fund of twenty others."""

    def __init__(self) -> None:
        closes = [100.0 + number % 7 for number in range(400)]
        super().__init__({name: bars(name, [each + place for each in closes]) for place, name in enumerate(NAMES)})
        self.count = 0

    async def fund(self, symbol: str) -> Fund:
        """Sectors of a few holdings each."""
        if symbol != NAMES[0]:
            raise NoDataError(f"{symbol} is no fund")
        holdings = [
            Holding(symbol=name, name=f"{name} Inc", weight=0.05, sector=SECTORS[place % len(SECTORS)])
            for place, name in enumerate(NAMES[1:21])
        ]
        return Fund(symbol=symbol, name="A fund", as_of=NOON.date(), source="fake", holdings=holdings)

    def tell(self, app: Outpace, **prices: float) -> None:
        """A quote of each of these, a moment after the last ones; the clock stands still."""
        assert app.engine is not None
        self.count += 1
        moment = NOON.timestamp() - 60 + self.count / 100
        quotes = [quote(name, price, volume=500, as_of=moment, fetched_at=moment) for name, price in prices.items()]
        app.engine.apply(Update(epoch=app.engine.wanted.now.epoch, quotes=quotes, health=Health(state=State.LIVE)))


SGR = re.compile(r"\x1b\[[\d;:]*m")


class Written:
    """Bytes that the app would send to its terminal."""

    def __init__(self, app: Outpace, monkeypatch: pytest.MonkeyPatch) -> None:
        self.bytes = self.updates = 0
        self.frames: list[str] = []
        """What each wrote, without styles: for who looks why it was too much."""

        def display(_screen: object, renderable: object) -> None:
            if isinstance(renderable, CompositorUpdate) and (text := renderable.render_segments(app.console)):
                self.bytes += len(text.encode())
                self.updates += 1
                self.frames.append(SGR.sub("", text))

        monkeypatch.setattr(app, "_display", display)
        # A style keeps its bytes as the first console wanted them, which may have had more colours than this one.
        rendered = Strip.render_style

        def fresh(style: Style, text: str, color_system: ColorSystem) -> str:
            style._ansi = None
            return rendered(style, text, color_system)

        monkeypatch.setattr(Strip, "render_style", staticmethod(fresh))

    def clear(self) -> None:
        self.bytes = self.updates = 0
        self.frames.clear()


class Reads:
    """Whose history is read, and how often."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.symbols: Counter[str] = Counter()
        original = Memory.frame

        def frame(shelf: Memory, symbols: list[str] | None = None, *args: object, **kwargs: object) -> object:
            self.symbols.update(symbols or ["everything"])
            return original(shelf, symbols, *args, **kwargs)  # type: ignore[arg-type]

        monkeypatch.setattr(Memory, "frame", frame)


@asynccontextmanager
async def shown(
    name: str, folder: Path, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[Outpace, FundWire, Pilot[int]]]:
    """A screen over that market, everything loaded and drawn."""
    source = FundWire()
    moment = NOON.timestamp() - 60
    first = [
        quote(each, 110.0 + place, volume=500, as_of=moment, fetched_at=moment) for place, each in enumerate(NAMES)
    ]
    source.send(*first, epoch=1)
    app = app_over(source, folder, symbols=",".join(NAMES), benchmark="S01")
    async with opened(app, size) as pilot:
        # The seconds are those that `seconds` lets pass, and none of a slow machine's.
        for timer in app._timers:
            if timer._callback == app._tick:
                timer.pause()
        await press(app, pilot, *OPENED_BY[name])
        await at_rest(app, pilot)
        yield app, source, pilot


async def at_rest(app: Outpace, pilot: Pilot[int]) -> None:
    """Wait until all that the screen does now and then has been done once, and no pause is left."""
    await seconds(app, pilot, 25)
    await no_pause(app, pilot)


async def no_pause(app: Outpace, pilot: Pilot[int]) -> None:
    """End the pauses in which nothing is shown through a dialog, and what they held back is shown."""
    for page in app.pages:
        while page._behind is not None:
            page._behind.stop()
            page._show_behind()
            await quiet(app, pilot)


async def seconds(app: Outpace, pilot: Pilot[int], count: int) -> None:
    """So many seconds of the status line, with all that follows from them."""
    for each in range(count):
        app._tick()
        if each % 5 == 4:
            await quiet(app, pilot)
    await quiet(app, pilot)


def working(app: Outpace, page: Page) -> list[str]:
    """Groups of the workers that a page, or a part of it, has running."""
    return [
        worker.group for worker in app.workers if not worker.is_finished and page in worker.node.ancestors_with_self
    ]


@SCREENS
async def test_a_screen_writes_what_changes_on_it_and_nothing_else(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shown(name, tmp_path) as (app, source, pilot):
        written = Written(app, monkeypatch)
        await seconds(app, pilot, TICKS)
        assert written.bytes == 0, "nothing has changed"
        for step in range(1, 4):
            # So small a move that no sum over the list is shown otherwise for it.
            source.tell(app, **{UNSEEN: 110.0 + NAMES.index(UNSEEN) + step / 10_000})
            await quiet(app, pilot)
        await seconds(app, pilot, 6)
        assert written.bytes == 0, "nothing that it shows"
        source.tell(app, **{SHOWN: 111.7})
        await quiet(app, pilot)
        assert not any(sheet._flashes.lit for sheet in app.page.query(Sheet)), "motion is reduced"
        await no_pause(app, pilot)
        assert written.bytes <= MOST_BYTES[name], written.frames
        await seconds(app, pilot, 6)
        await no_pause(app, pilot)
        assert written.bytes <= WITH_WHAT_FOLLOWS.get(name, MOST_BYTES[name])


@PAGES
async def test_a_screen_that_was_left_ends_its_work_draws_nothing_and_begins_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shown(name, tmp_path) as (app, source, pilot):
        page, never = app.page, asyncio.Event()

        async def work() -> None:
            await never.wait()

        groups = {
            "relative": "relative",
            "volume": "volume-day",
            "sectors": "fund",
            "holdings": "fund",
            "symbol": "detail",
            "events": "events",
            "drivers": "drivers-regimes",
        }
        page.run_worker(work(), group=groups[name])
        await pilot.pause()
        assert working(app, page)
        await press(app, pilot, "1")
        assert app.page is not page
        assert not working(app, page), "what it waits for is not waited for any more"
        drawn: Counter[str] = Counter()
        original: Callable[..., Widget] = Widget.refresh

        def refresh(widget: Widget, *regions: object, **kwargs: object) -> Widget:
            if page in widget.ancestors_with_self:
                drawn[str(widget)] += 1
            return original(widget, *regions, **kwargs)

        monkeypatch.setattr(Widget, "refresh", refresh)
        for step in range(3):
            source.tell(app, **{each: 112.0 + place + step for place, each in enumerate(NAMES)})
            await quiet(app, pilot)
        await seconds(app, pilot, 25)
        assert not drawn
        assert not working(app, page)


@pytest.mark.parametrize("name", ["relative", "volume", "symbol", "events", "drivers"])
async def test_a_first_visit_reads_the_history_and_a_second_need_not(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shown("monitor", tmp_path) as (app, _source, pilot):
        reads = Reads(monkeypatch)
        await press(app, pilot, *OPENED_BY[name])
        await at_rest(app, pilot)
        assert reads.symbols
        reads.symbols.clear()
        await press(app, pilot, "1", "g", *OPENED_BY[name])
        await seconds(app, pilot, 25)
        assert not reads.symbols


async def test_ticks_behind_the_help_draw_a_frame_a_second_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shown("help", tmp_path) as (app, source, pilot):
        monkeypatch.setattr("tui.screens.keys_help.KeysHelp.BEHIND_SECONDS", 3600.0)
        written = Written(app, monkeypatch)
        for step in range(5):
            source.tell(app, **{SHOWN: 113.0 + step})
            await quiet(app, pilot)
        assert written.updates == 1
        await press(app, pilot, "escape")
        assert "117.0" in text(app)


async def test_screens_that_are_made_ready_ask_nothing_and_open_without_being_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shown("monitor", tmp_path) as (app, _source, pilot):
        reads = Reads(monkeypatch)
        await app.make_ready()
        await quiet(app, pilot)
        assert not reads.symbols
        ready = {page for pages in app._idle.values() for page in pages}
        assert len(ready) == 7
        assert not any(working(app, page) for page in ready)
        await press(app, pilot, "5")
        assert app.page in ready


async def test_screens_that_cannot_be_made_ready_are_told_to_the_log_and_nothing_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with shown("monitor", tmp_path) as (app, _source, pilot):
        monkeypatch.setattr("tui.journey._kinds", lambda: (Unmade,))
        await app.make_ready()
        assert "could not be made ready" in caplog.text
        await press(app, pilot, "2")
        assert isinstance(app.page, RelativePage)


class Unmade(RelativePage):
    """A screen that fails."""

    def __init__(self) -> None:
        raise RuntimeError("no")

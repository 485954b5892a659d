"""The app over a fake or simulated market, for tests that press keys and look."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

from textual.pilot import Pilot
from textual.timer import Timer

from tests.market import Kept
from tests.waiting import LOOK_SECONDS, until_idle
from tui import config
from tui.app import Outpace
from tui.assembly import Assembly
from tui.screens.fund_page import FundPage
from tui.screens.page import Page
from tui.sources.demo import Demo
from tui.store.memory import Memory
from tui.watchlists import Watchlists
from tui.widgets.chart import Chart
from tui.widgets.sheet import Sheet

PAUSES = (
    ("_panels_pause", "_end_panels_pause"),
    ("_pause", "_end_pause"),
    ("_pause", "_resume"),
    ("_cursor_rest", "_end_cursor_rest"),
    ("rest", "_end_rest"),
    ("_rest", "_rested"),
)
"""Timers of pages and charts between two drawings, and what they call at their end."""

FIXED = 1_750_000_000.0
"""A wall clock that stands still: the simulated market is the same in every run."""


def app_over(source: object, folder: Path, **flags: object) -> Outpace:
    """The app with its files under a folder."""
    paths = config.Paths(
        config_dir=folder / "config", data_dir=folder / "data", cache_dir=folder / "cache", state_dir=folder / "state"
    )
    settings = config.load({"reduced_motion": True, **flags}, {}, paths)

    def assemble(_symbols: Sequence[str], _benchmark: str) -> Assembly:
        return Assembly(source, Memory(), fetch=True, stale_after=float("inf"), funds=source)  # type: ignore[arg-type]

    lists = Watchlists(paths.lists_file)
    lists.load()
    return Outpace(settings, paths, lists, assemble)


@cache
def demo() -> Demo:
    """The simulated market at a moment that does not pass; one for all tests, since it never changes."""
    return Kept(clock=lambda: FIXED)


@asynccontextmanager
async def opened(app: Outpace, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Pilot[int]]:
    """The app on a screen, everything loaded and drawn."""
    async with app.run_test(size=size) as pilot:
        await settled(app, pilot)
        yield pilot


async def settled(app: Outpace, pilot: Pilot[int]) -> None:
    """Wait until what is wanted is known, loaded and drawn; no fixed pause."""
    async with asyncio.timeout(60):
        while app.engine is None or not app.engine.live.quotes:
            assert not app.problem
            await asyncio.sleep(LOOK_SECONDS)
        assert await app.engine.settle(60)
        await quiet(app, pilot)


async def quiet(app: Outpace, _pilot: Pilot[int]) -> None:
    """Wait until no worker but the engine runs, nothing is left to flush, and every chart has drawn its newest picture."""
    async with asyncio.timeout(60):
        await until_idle()
        while works(app) or held_back(app):
            if works(app) or not went_on(app):
                await asyncio.sleep(LOOK_SECONDS)
            await until_idle()
        if app.pages:
            # The status line follows within a second.
            Page.tick(app.page)
            await until_idle()


def works(app: Outpace) -> bool:
    """Whether something is under way in a thread or a task, or waits for the next frame; cheap to ask."""
    return bool(
        app.flush_due
        or any(not worker.is_finished for worker in app.workers if worker.group != "engine")
        or (app.engine is not None and not app.engine.loader.idle.is_set())
        or any(sheet.renewing for sheet in app.screen.query(Sheet))
    )


def held_back(app: Outpace) -> bool:
    """Whether something has changed that is to be drawn or worked out when a pause is over."""
    return bool(
        app.against_due
        or getattr(app.page, "panels_due", False)
        or (isinstance(app.page, FundPage) and app.page.is_stale)
        or any(chart.waiting for chart in app.screen.query(Chart))
    )


def went_on(app: Outpace) -> bool:
    """End those pauses now, as time would: up to a second for each key that is pressed. Whether there were any."""
    ended = app.against_due
    if app.against_due:
        app._draw_against()
    owners = [app.page] if getattr(app.page, "panels_due", False) else []
    for owner in (*owners, *(chart for chart in app.screen.query(Chart) if chart.waiting)):
        for timer, end in PAUSES:
            pause, over = getattr(owner, timer, None), getattr(owner, end, None)
            if isinstance(pause, Timer) and over is not None:
                pause.stop()
                with owner._context():
                    over()
                ended = True
    return ended


async def press(app: Outpace, pilot: Pilot[int], *keys: str) -> None:
    """Press keys one after the other, each with all that follows from it."""
    for key in keys:
        await app._press_keys([key])
        await quiet(app, pilot)


async def type_ahead(app: Outpace, pilot: Pilot[int], *keys: str) -> None:
    """Press keys faster than what follows from each is computed; wait for what follows from the last."""
    await app._press_keys(keys)
    await quiet(app, pilot)


def text(app: Outpace) -> str:
    """What the screen shows, line by line, without colours."""
    width, height = app.size
    lines = app.screen._compositor.render_strips()
    assert len(lines) <= height
    return "\n".join(line.text[:width].rstrip() for line in lines)

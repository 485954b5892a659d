"""The way through the screens: the numbered ones, the drill-downs, and back along the breadcrumb."""

from __future__ import annotations

import asyncio
import logging
from importlib import import_module
from typing import TYPE_CHECKING, cast

from tui.face import Face
from tui.jobs import job
from tui.screens.monitor import Monitor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.screens.page import Page

log = logging.getLogger(__name__)

NUMBERED = {
    "relative": "RelativePage",
    "volume": "VolumePage",
    "events": "EventsPage",
    "drivers": "DriversPage",
}
"""Screens over the whole list, each in the file of its name, imported when it is first asked for."""
KEPT = 3
"""Screens of one kind that are kept off the breadcrumb; who goes deeper, from fund to symbol to fund, has more for a while."""


READY_SECONDS = 0.1
"""Between two screens that are made ready: keys have their turn."""
WARMED = (
    "tui.analytics.comparison",
    "tui.analytics.events.report",
    "tui.analytics.events.search",
    "tui.analytics.regimes",
    "tui.analytics.relative",
    "tui.analytics.rotation",
    "tui.analytics.seasons",
    "tui.analytics.sensitivity",
    "tui.analytics.today",
    "tui.analytics.volume_curve",
    "tui.analytics.volume_unusual",
    "tui.screens.definitions",
    "tui.screens.keys_help",
    "tui.studies.events",
)
"""What the screens and their studies import when they are first asked; here, so that no key waits for it."""


class Journey(Face):
    """The moves between screens."""

    def looked_at(self) -> Sequence[str]:
        """Symbols on the screen now."""
        grid = self.page.grid()
        return [key for key in grid.visible_keys() if key in self.view.symbols] if grid else ()

    def __init__(self) -> None:
        super().__init__()
        self._count = 0
        self._idle: dict[type[Page], list[Page]] = {}
        """Screens off the breadcrumb, kept whole: to make and style one takes longer than to draw it."""

    def open_symbol(self, symbol: str) -> None:
        """Drill down into one symbol."""
        from tui.screens.symbol import SymbolScreen

        self.push_page(SymbolScreen, symbol)

    def open_fund(self, symbol: str) -> None:
        """Take a fund apart."""
        from tui.screens.sectors import SectorsPage

        self.push_page(SectorsPage, symbol)

    def push_page(self, kind: type[Page], *of: str) -> None:
        """Go a step further along the breadcrumb: to a screen of this kind, of this fund, sector or symbol."""
        idle = self._idle.get(kind)
        page = idle.pop() if idle else self._made(kind)
        page.aim(*of)
        self.push_screen(page)
        self.order()

    def _made(self, kind: type[Page]) -> Page:
        page = kind()
        self._count += 1
        self.install_screen(page, f"{kind.__name__}{self._count}")
        return page

    async def make_ready(self) -> None:
        """Make the other screens before they are asked for, so that the first is opened as fast as the second.

        One that cannot be made says so when it is asked for; until then it is in the log.
        """
        try:
            await self._make_all()
        except Exception:
            log.exception("the other screens could not be made ready")

    async def _make_all(self) -> None:
        for kind in await asyncio.to_thread(_kinds):
            if not self._idle.get(kind) and not any(isinstance(page, kind) for page in self.pages):
                page = self._made(kind)
                # Textual's own way to mount a screen that is not shown; there is no public one.
                await self._get_screen(page)[1]
                self._idle.setdefault(kind, []).append(page)
            await asyncio.sleep(READY_SECONDS)

    def _leave(self) -> None:
        """Take the last screen off the breadcrumb and keep it."""
        page = self.page
        idle = self._idle.setdefault(type(page), [])
        self.pop_screen()
        if len(idle) < KEPT:
            idle.append(page)
        else:
            self.uninstall_screen(page)
            page.remove()

    async def action_back(self) -> None:
        """One step back along the breadcrumb, never out of the program."""
        if self.can_go_back:
            self._leave()
            self.follow()

    def action_go(self, name: str) -> None:
        """Go to a numbered screen."""
        here = self.page.grid()
        cursor = here.cursor_key if here and isinstance(self.page, Monitor) else None
        while self.can_go_back:
            self._leave()
        self.workers.cancel_group(self, "go")
        if name == "sectors":
            self.run_worker(job(self._open_sectors, cursor), group="go", exclusive=True)
        elif name in NUMBERED:
            self.push_page(numbered(name))
        else:
            self.follow()

    async def _open_sectors(self, cursor: str | None) -> None:
        """The fund under the cursor where its holdings are known, else the first whose are; once there is a market."""
        await self.assembled.wait()
        if cursor and (await self.desk.open(cursor)).fund is not None:
            self.open_fund(cursor)
            return
        known = await self.desk.known(self.view.symbols)
        if known:
            self.open_fund(known[0])
        elif cursor:
            self.say(self.desk.funds[cursor].problem, "warn")


def _kinds() -> list[type[Page]]:
    """All kinds of screens that are made ready, the likely first; imports what they need, which takes a while."""
    from tui.screens.holdings import HoldingsPage
    from tui.screens.sectors import SectorsPage
    from tui.screens.symbol import SymbolScreen

    for name in WARMED:
        import_module(name)
    return [SymbolScreen, SectorsPage, HoldingsPage, *map(numbered, NUMBERED)]


def numbered(name: str) -> type[Page]:
    """A kind of screen by its name."""
    return cast("type[Page]", getattr(import_module(f"tui.screens.{name}"), NUMBERED[name]))

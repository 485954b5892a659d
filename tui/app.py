"""The face: screens over one engine. It schedules what is drawn when, and hands everything else on."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.command import CommandPalette

from tui import themes
from tui.analytics.windows import Window
from tui.commands import Commands
from tui.keys import keymap
from tui.lists import ListActions
from tui.screens.monitor import Monitor
from tui.sharing import ShareActions
from tui.startview import first_view
from tui.terminal import driver_for, end_on_signals

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.driver import Driver

    from tui.assembly import Assembly
    from tui.config import Paths, Settings
    from tui.model import Health
    from tui.screens.page import Page
    from tui.watchlists import Watchlists

log = logging.getLogger(__name__)

LOCAL_FPS, REMOTE_FPS = 10, 4
AGAINST_SECONDS = 0.5
"""How often a moving benchmark has all rows derived again; a symbol's own ticks are shown with the next frame."""


class Outpace(ListActions, ShareActions):
    """The program in a terminal.

    Args:
        settings: What the flags, the environment and the config file say.
        paths: The user's folders.
        watchlists: The user's lists.
        assemble: Makes the source and its history; blocking and heavy, called in a thread after the first paint.
        notices: Messages from before the start (a broken theme or config), shown once.
    """

    TITLE = "outpace"
    CSS_PATH = "outpace.tcss"
    ENABLE_COMMAND_PALETTE = False
    COMMANDS: ClassVar[set[type]] = {Commands}  # type: ignore[assignment]
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(
        self,
        settings: Settings,
        paths: Paths,
        watchlists: Watchlists,
        assemble: Callable[[Sequence[str], str], Assembly],
        notices: Sequence[str] = (),
    ) -> None:
        # First: Textual's own start asks for the driver and for the colours of our roles.
        self.settings = settings
        self.palettes, broken = themes.load_all(paths.config_dir / "themes")
        super().__init__()
        self.paths = paths
        self.watchlists = watchlists
        self.notices = list(notices)
        self.notices += broken
        # Before the start: a theme that is set later has every style worked out again.
        for palette in self.palettes.values():
            self.register_theme(themes.textual_theme(palette))
        self.set_theme(settings.theme)
        self._assemble = assemble
        self.flush_due = False
        """Whether a frame is on its way."""
        self._last_flush = 0.0
        self.against_due = False
        """Whether all rows are to be measured anew, since the benchmark has moved."""
        self._last_against = 0.0
        self.view, missing = first_view(settings, watchlists)
        if missing:
            self.notices.append(missing)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours of our roles before a theme of ours is set."""
        palette = next(iter(self.palettes.values()), None)
        return themes.textual_theme(palette).variables if palette else {}

    def get_driver_class(self) -> type[Driver]:
        """A driver that ends with its terminal; with `diff`, one that sends only what differs, at the line's pace."""
        usual = super().get_driver_class()
        if self.settings.diff and driver_for(usual) is not usual:
            from tui.link import driver_class

            return driver_class(os.environ) or driver_for(usual)
        return driver_for(usual)

    # --- start and end ------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Paint what is known without any work, then start it."""
        self.set_keymap(keymap(self.settings.keys))
        self.push_screen(Monitor())
        if not self.is_headless:
            end_on_signals(self)
        self.set_interval(1.0, self._tick)
        self.run_worker(self._run(), group="engine", exit_on_error=True)

    async def _run(self) -> None:
        """Assemble the market off the loop, then pump it until the end."""
        view = self.view
        try:
            assembly = await asyncio.to_thread(self._assemble, view.symbols, view.benchmark)
        except Exception as error:
            log.exception("the source could not be started")
            self.problem = str(error)
            self.page.tick()
            self.say(self.problem, "error")
            return
        # Here, not above: the list is painted before what it takes to fill it is imported.
        from tui.board import Board
        from tui.desk import FundDesk
        from tui.engine import Engine

        self.engine = Engine(
            assembly.source,
            assembly.shelf,
            fetch=assembly.fetch,
            stale_after=assembly.stale_after,
            recall=assembly.recall,
        )
        self._board = Board(self.engine, window=view.window, volume_window=view.volume_window)
        self._desk = FundDesk(
            self.engine, self._board, assembly.holdings, assembly.funds, assembly.sectors, live=assembly.live
        )
        self.past = assembly.past
        self.engine.on_wake = self._wake
        self.engine.on_health = self._health
        if not self.is_headless:
            # What is loaded stays: with a long list, a collection that walks it holds the screen for a tenth of a second.
            self.engine.loader.on_complete = gc.freeze
        if assembly.notice:
            self.notices.append(assembly.notice)
        try:
            await self.name_symbols()
            self.follow()
            self.page.tick()
            if self.notices:
                self.say("; ".join(self.notices), "warn")
            await self.engine.run()
        finally:
            await assembly.source.aclose()
            await assembly.funds.aclose()

    # --- the flow of changes ------------------------------------------------------------------------------------

    def _wake(self) -> None:
        """Something has changed: draw at once after a quiet spell, else with the next frame."""
        if self.flush_due:
            return
        self.flush_due = True
        loop = asyncio.get_running_loop()
        loop.call_at(max(loop.time(), self._last_flush + 1 / self.fps), self._draw_changes)

    def _draw_changes(self) -> None:
        """Give the changed symbols to the screen that is shown."""
        self.flush_due = False
        if self.engine is None or not self.is_running:
            return
        loop = asyncio.get_running_loop()
        self._last_flush = loop.time()
        changed = self.engine.live.drain()
        if self.view.benchmark in changed and not self.against_due:
            # Every excess has changed with it; once in a while is enough for those that have not traded themselves.
            due = self._last_against + AGAINST_SECONDS
            if due <= loop.time():
                self._last_against = loop.time()
                changed = changed | set(self.view.symbols)
            else:
                self.against_due = True
                loop.call_at(due, self._draw_against)
        if changed:
            self.page.show(changed)

    def _draw_against(self) -> None:
        """Bring what is measured against the benchmark up to date."""
        self.against_due = False
        if self.engine is not None and self.paused:
            # Kept for when the picture goes on.
            self.engine.live.touch(set(self.view.symbols))
        elif self.engine is not None and self.is_running:
            self._last_against = asyncio.get_running_loop().time()
            self.page.show(set(self.view.symbols))

    def _tick(self) -> None:
        """Once a second: the status line."""
        self.page.tick()

    def _health(self, health: Health) -> None:
        if health.detail:
            log.info("%s: %s", health.state, health.detail)
        self.page.tick()

    @property
    def fps(self) -> int:
        """Frames per second at most: fewer over SSH, where each is bytes on a line."""
        remote = "SSH_CONNECTION" in os.environ or "SSH_TTY" in os.environ
        return self.settings.fps or (REMOTE_FPS if remote else LOCAL_FPS)

    # --- what is watched ----------------------------------------------------------------------------------------

    def looked_at(self) -> Sequence[str]:
        """Symbols on the screen now."""
        grid = self.page.grid()
        return [key for key in grid.visible_keys() if key in self.view.symbols] if grid else ()

    # --- actions of every screen --------------------------------------------------------------------------------

    def open_symbol(self, symbol: str) -> None:
        """Drill down into one symbol."""
        from tui.screens.symbol import SymbolScreen

        self.push_page(SymbolScreen(symbol))

    def open_fund(self, symbol: str) -> None:
        """Take a fund apart."""
        from tui.screens.sectors import SectorsPage

        self.push_page(SectorsPage(symbol))

    def push_page(self, page: Page) -> None:
        """Go a step further along the breadcrumb."""
        self.push_screen(page)
        self.order()

    async def action_back(self) -> None:
        """One step back along the breadcrumb, never out of the program."""
        if self.can_go_back:
            self.pop_screen()
            self.follow()

    def action_go(self, name: str) -> None:
        """Go to a numbered screen."""
        here = self.page.grid()
        cursor = here.cursor_key if here and isinstance(self.page, Monitor) else None
        while self.can_go_back:
            self.pop_screen()
        if name == "sectors" and self.ready:
            self.run_worker(self._open_sectors(cursor), group="go", exclusive=True)
        else:
            self.follow()

    async def _open_sectors(self, cursor: str | None) -> None:
        """The fund under the cursor where its holdings are known, else the first whose are."""
        if cursor and (await self.desk.open(cursor)).fund is not None:
            self.open_fund(cursor)
            return
        known = await self.desk.known(self.view.symbols)
        if known:
            self.open_fund(known[0])
        elif cursor:
            self.say(self.desk.funds[cursor].problem, "warn")

    def action_window(self, step: int) -> None:
        """A longer or shorter window."""
        self.view.turn_window(step)
        self.redraw()

    def set_window(self, window: Window) -> None:
        """Measure over another window."""
        self.view.window = window
        self.redraw()

    def action_chart(self) -> None:
        """The next kind of chart."""
        self.view.turn_chart()
        self.redraw()

    def action_volume(self) -> None:
        """The next number of sessions behind the volume ratio."""
        self.view.turn_volume_window()
        self.redraw()
        self.say(f"Volume ratio against the mean of the previous {self.view.volume_window} sessions")

    def action_pause(self) -> None:
        """Hold the picture still, or let it go on."""
        if self.engine is None:
            return
        self.engine.live.frozen = not self.engine.live.frozen
        self.page.tick()
        if not self.paused:
            self._wake()

    def action_refresh(self) -> None:
        """Ask the source again and redraw everything."""
        if self.engine is not None:
            self.engine.refresh()
        self.page.show_all()
        self.page.refresh(layout=True)
        # A driver that sends only what differs believes that the terminal shows what it was sent.
        redraw = getattr(self._driver, "redraw", None)
        if redraw is not None:
            redraw()

    def action_commands(self) -> None:
        """The command palette."""
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(placeholder="Type a command"))

    async def action_quit(self) -> None:
        """Leave."""
        self.exit(0)

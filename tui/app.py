"""The face: screens over one engine. It starts and ends them, and hands everything else on."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.events import Event, Key, Paste

from tui import themes
from tui.alert_watch import AlertActions
from tui.analytics.windows import Window
from tui.commands import Commands, Palette
from tui.consent import ConsentActions
from tui.format import clean, typed
from tui.journey import Journey
from tui.keys import keymap
from tui.link import driver_class
from tui.link.direct import Direct
from tui.lists import ListActions
from tui.model import State
from tui.screens.monitor import Monitor
from tui.sharing import ShareActions
from tui.startview import first_view
from tui.sweep import Sweeper, share
from tui.terminal import end_on_signals
from tui.thrift import Thrift
from tui.widgets.painted import forget_drawn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.driver import Driver

    from tui.assembly import Assembly
    from tui.config import Paths, Settings
    from tui.model import Health
    from tui.watchlists import Watchlists

log = logging.getLogger(__name__)

PAST_TICKS = 10
"""Seconds between two looks at the status line of a past session, in which nothing passes."""
MANY_LOADED = 200
"""Symbols more than before, with which it is worth it to put what is loaded out of the collector's sight again."""


class Outpace(AlertActions, ConsentActions, Thrift, Journey, ListActions, ShareActions, Direct[int]):
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
        self.notices = [*notices, *broken]
        self._ticks = 0
        self._settled = 0
        """How many symbols were loaded when that was put out of the collector's sight."""
        self._sweeper = Sweeper(forget=partial(forget_drawn, self))
        self._state_told = State.WAITING
        """The state of the source whose reason was said last."""
        # Before the start: a theme that is set later has every style worked out again.
        for palette in self.palettes.values():
            self.register_theme(themes.textual_theme(palette))
        self.set_theme(settings.theme)
        self._assemble = assemble
        self.view, missing = first_view(settings, watchlists)
        if missing:
            self.notices.append(missing)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours of our roles before a theme of ours is set."""
        palette = next(iter(self.palettes.values()), None)
        return themes.textual_theme(palette).variables if palette else {}

    def get_driver_class(self) -> type[Driver]:
        """A driver that ends with its terminal; with `diff`, one that sends only what differs, at the line's pace."""
        return driver_class(os.environ, diff=self.settings.diff) or super().get_driver_class()

    def refresh_css(self, animate: bool = True) -> None:
        """Work all styles out again; before there is a screen, only their colours: what is parsed for it is lost."""
        if self.screen_stack:
            # The rules of before go first, three megabytes of them: the new ones take their place, and what who looks through
            # the themes leaves does not pile up.
            self.stylesheet._rules, self.stylesheet._rules_map = [], None
            self.stylesheet.set_variables(self.get_css_variables())
            self._sweeper.sweep()
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    def get_default_screen(self) -> Monitor:
        """The monitor: every other screen is opened from it."""
        return Monitor()

    # --- start and end ------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Paint what is known without any work, then start it."""
        self.set_keymap(keymap(self.settings.keys))
        # From here on; before the first picture a collection would only delay it.
        self.call_after_refresh(gc.enable)
        if not self.is_headless:
            end_on_signals(self)
        self.set_interval(1.0, self._tick)
        self.run_worker(self._run(), group="engine", exit_on_error=True)

    async def _run(self) -> None:
        """Assemble the market off the loop, then pump it until the end."""
        view = self.view
        try:
            await asyncio.to_thread(share)
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
        from tui.studies.drivers import study_of

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
        self.drivers = study_of(self._board, self._desk, assembly.root, assembly.drivers)
        self.assembled.set()
        self.past = assembly.past
        self.engine.on_wake = self.wake
        self.engine.on_health = self._health
        if not self.is_headless:
            self.engine.loader.on_complete = self._has_loaded
        if assembly.notice:
            self.notices.append(assembly.notice)
        if not self.is_headless:
            self.run_worker(self._make_others(), group="ready")
        try:
            await self.name_symbols()
            self.follow()
            self.page.tick()
            if self.notices:
                self.say("; ".join(self.notices), "warn")
            await self.engine.run()
        finally:
            await self._desk.aclose()
            await assembly.aclose()

    def _has_loaded(self) -> None:
        """What is loaded stays: with a long list, a collection that walks it holds the screen for a tenth of a second."""
        count = len(self.engine.loader.baselines) if self.engine is not None else 0
        if count - self._settled >= MANY_LOADED or not self._settled:
            self._settled = count
            self._sweeper.keep()
            self._sweeper.sweep()

    async def _make_others(self) -> None:
        """Make the other screens; they stay, as does what was imported for them."""
        await self.make_ready()
        self._sweeper.keep()

    def _tick(self) -> None:
        """Once a second: the status line, and now and then the alerts."""
        if not self.pages:  # the end has begun
            return
        self.mind_the_line()
        if not self.is_headless:
            self._sweeper.look()
        self._ticks += 1
        idle = self.engine is not None and self.engine.loader.idle.is_set()
        if self.past and self.told and idle and self._ticks % PAST_TICKS:
            return
        self.told = idle
        self.page.tick()
        self.mind_alerts()

    def _health(self, health: Health) -> None:
        if health.detail:
            log.info("%s: %s", health.state, health.detail)
        if not self.pages:
            return
        if health.state is not self._state_told:
            self._state_told = health.state
            if health.detail:
                self.say(clean(health.detail, 300), "text" if health.state is State.LIVE else "warn")
        self.put_question(health.question)
        self.page.tick()

    # --- actions of every screen ------------------------------------------------------------------------------------

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
            self.wake()

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
        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    async def on_event(self, event: Event) -> None:
        """Nothing that is pasted reaches a line of any screen, or the list of commands, as it is."""
        if isinstance(event, Paste):
            event = Paste(typed(event.text))
        if isinstance(event, Key):
            self._sweeper.key()
        # A key goes to the widgets first; when it comes back, what it is bound to is done.
        if isinstance(event, Key) and event.is_forwarded:
            with self.echoing():
                await super().on_event(event)
        else:
            await super().on_event(event)

    async def action_quit(self) -> None:
        """Leave."""
        self.exit(0)

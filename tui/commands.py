"""The command palette: everything in the key table, and every list, theme and window by its name."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Provider
from textual.worker import Worker, WorkerState

from tui.analytics.windows import Window
from tui.keys import KEYS, shown
from tui.view import CYCLE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from textual.command import Hits

    from tui.app import Outpace

log = logging.getLogger(__name__)

HIDDEN = {"commands", "down", "up", "left", "right", "first", "last", "page_down", "page_up", "half_down", "half_up"}
"""Keys that make no sense as a command."""


class Palette(CommandPalette):
    """Textual's; one that is closed while it is still being filled leaves the program running.

    It sets what its list looks like when the list may be gone already, and so would end the program.
    """

    def __init__(self) -> None:
        super().__init__(placeholder="Type a command")

    def run_worker(self, *args: Any, **how: Any) -> Worker[Any]:
        """Nothing that fails while it looks for commands ends the program."""
        return super().run_worker(*args, **how | {"exit_on_error": False})

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Tell the log."""
        if event.worker.error is not None and event.state is WorkerState.ERROR:
            log.info("the palette: %s", type(event.worker.error).__name__)

    def _watch__list_visible(self) -> None:
        if self.query(CommandList):
            super()._watch__list_visible()

    async def _watch__show_busy(self) -> None:
        if self.query(CommandList):
            await super()._watch__show_busy()


class Commands(Provider):
    """Finds a command by any part of its words."""

    @property
    def _outpace(self) -> Outpace:
        return cast("Outpace", self.app)

    async def _all(self) -> AsyncIterator[tuple[str, str, Callable[[], object]]]:
        """Name, help and what to run."""
        app = self._outpace
        scopes = {"app", *app.page.SCOPES}
        for key in KEYS:
            if key.scope in scopes and key.id not in HIDDEN:
                names = " ".join(shown(name) for name in app.settings.keys.get(key.id, key.keys))
                yield f"{key.help}", f"key {names}", partial(app.run_action, key.action, app.page)
        for name in app.watchlists.names():
            yield f"List: {name}", "show this watchlist", partial(app.show_list, name)
        for window in CYCLE:
            yield f"Window: {Window(window).value}", "measure over this window", partial(app.set_window, window)
        for name, palette in app.palettes.items():
            yield f"Theme: {name}", palette.description, partial(app.set_theme, name)
        if app.ready:
            for symbol in await app.desk.known(()):
                yield f"Fund: {symbol}", "take this fund apart", partial(app.open_fund, symbol)
        yield "Link", "round trip, bytes and frames per second in the status line", partial(app.run_action, "app.link")
        yield "Alerts", "what is set, and what rang", app.action_alerts
        yield "Remove alert", "take an alert away", app.action_remove_alert
        yield "Source", "why the source is in its state, and when it is asked again", app.action_source
        yield "Consent", "answer what a source wants you to decide", app.action_consent
        yield "New list", "make a watchlist", app.action_new_list
        yield "Rename list", "give this watchlist another name", app.action_rename_list
        yield "Delete list", "delete this watchlist (u brings it back)", app.action_delete_list

    async def discover(self) -> Hits:
        """All commands, before anything is typed."""
        async for name, help_text, run in self._all():
            yield DiscoveryHit(name, run, help=help_text)

    async def search(self, query: str) -> Hits:
        """Commands that match what is typed."""
        matcher = self.matcher(query)
        async for name, help_text, run in self._all():
            score = matcher.match(name)
            if score > 0:
                yield Hit(score, matcher.highlight(name), run, help=help_text)

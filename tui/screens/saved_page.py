"""Conditions under a name on screen 5: choose, save, forget."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import work

from tui.format import clean
from tui.saved_events import FILE, SavedEventError, SavedEvents
from tui.screens.event_page import EventPage

if TYPE_CHECKING:
    from collections.abc import Callable

DIALOG, EDGES, LEAST = 72, 8, 12
"""Cells of the dialog of choice, of its edges and gaps, and the fewest that a condition is cut to."""


class SavedPage(EventPage):
    """The conditions of the user's file, which is read anew whenever it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._saved: SavedEvents | None = None

    @property
    def saved(self) -> SavedEvents:
        """The user's file."""
        if self._saved is None:
            self._saved = SavedEvents(self.app.paths.config_dir / FILE)
        return self._saved

    @work(group="saved", exclusive=True)
    async def action_saved(self) -> None:
        """Choose a saved condition."""
        if not await self._done(self.saved.load):
            return
        known = self.saved.all()

        def answered(name: str | None) -> None:
            if name is not None:
                self.ask_for(known[name], name)

        room = min(DIALOG, self.size.width) - max(map(len, known), default=0) - EDGES
        options = [(name, clean(text, max(room, LEAST))) for name, text in known.items()]
        self.app.choose("Saved conditions", options, answered, current=self.condition_name)

    def action_save(self) -> None:
        """Keep the condition under a name; the same name takes the place of the earlier one."""
        if not self.condition:
            self.say("type a condition first", "warn")
            return

        def answered(name: str | None) -> None:
            if name and name.strip():
                self._save(name.strip(), self.condition)

        self.app.ask("Save as", answered, value=self.condition_name, placeholder="a name")

    @work(group="saved", exclusive=True)
    async def _save(self, name: str, condition: str) -> None:
        was = False

        def keep() -> None:
            nonlocal was
            was = self.saved.save(name, condition)

        if await self._done(keep):
            self.condition_name = name
            self.draw_events_head()
            self.say(f"{clean(name, 40)} {'replaced' if was else 'saved'}")

    @work(group="saved", exclusive=True)
    async def action_forget(self) -> None:
        """Forget the saved condition that is shown; the condition itself stays on the screen."""
        name = self.condition_name
        if not name:
            self.say("this condition is not saved", "warn")
            return
        if await self._done(lambda: self.saved.delete(name)):
            self.condition_name = ""
            self.draw_events_head()
            self.say(f"{clean(name, 40)} forgotten; a saves it again")

    async def _done(self, change: Callable[[], None]) -> bool:
        """Do something with the file off the loop; False, with the reason told, where that was not possible."""
        try:
            await asyncio.to_thread(change)
        except SavedEventError as error:
            self.say(str(error), "error")
            return False
        return True

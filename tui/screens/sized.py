"""A screen that is laid out for the size that the terminal has, and for no other."""

from textual.events import Event, Resize
from textual.screen import Screen, ScreenResultType


class Sized(Screen[ScreenResultType]):
    """Drops the news of a size that has passed.

    Textual's screen tells itself each size that it takes. When two are on their way at once, as while a terminal is
    dragged, each calls up the other, and the screen changes between the two for ever.
    """

    async def on_event(self, event: Event) -> None:
        """Handle what is of now."""
        if not isinstance(event, Resize) or event.size == self.app.size:
            await super().on_event(event)

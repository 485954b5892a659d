"""A screen that is laid out for the size that the terminal has, and painted no more often than it changes."""

from textual.events import Event, Resize
from textual.screen import Screen, ScreenResultType


class Sized(Screen[ScreenResultType]):
    """Drops the news of a size that has passed, and what waited to be painted when all of it is.

    Textual's screen tells itself each size that it takes. When two are on their way at once, as while a terminal is
    dragged, each calls up the other, and the screen changes between the two for ever. And what a part of it had to paint
    when the whole is painted stays with the part, which then goes out once more with the part's next change, however small.
    """

    async def on_event(self, event: Event) -> None:
        """Handle what is of now."""
        if not isinstance(event, Resize) or event.size == self.app.size:
            await super().on_event(event)

    def _compositor_refresh(self) -> None:
        """Paint what has changed."""
        if self is self.app.screen and self.size.region in self._compositor._dirty_regions:
            for widget in self._compositor.visible_widgets:
                widget._exchange_repaint_regions()
        super()._compositor_refresh()

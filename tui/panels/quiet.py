"""A table that is read more than used."""

from tui.widgets.grid import Grid


class Quiet(Grid):
    """Its cursor, which only scrolls it, is seen while it has the keys."""

    def on_mount(self) -> None:
        """Nobody looks here yet."""
        self.cursor_shown = False

    def on_focus(self) -> None:
        """Show where the keys are."""
        self.cursor_shown = True
        self.invalidate([])

    def on_blur(self) -> None:
        """Leave the picture to the table that has the keys."""
        self.cursor_shown = False
        self.invalidate([])

"""A status bar with a clock, to look at: `python -m tui.widgets.status`, q quits."""

import time
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType

from tui.widgets.status import Segment, StatusBar


class StatusDemo(App[None]):
    """Make the terminal narrower to see segments give way."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [("q", "quit", "Quit")]

    def compose(self) -> ComposeResult:
        """Show the bar alone."""
        yield StatusBar()

    def on_mount(self) -> None:
        """Let the clock run."""
        self._tick()
        self.set_interval(1, self._tick)

    def _tick(self) -> None:
        self.query_one(StatusBar).show(
            [
                Segment("name", "example", "title", priority=5),
                Segment("view", "a bar of segments", priority=1),
                Segment("source", "a source with a long name", "muted"),
                Segment("state", "LIVE", "up", "right", priority=9),
                Segment("clock", time.strftime("%H:%M:%S"), "", "right", priority=4),
            ]
        )

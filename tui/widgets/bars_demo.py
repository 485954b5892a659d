"""A few bars, to look at: `python -m tui.widgets.bars`, l changes the scale, q quits."""

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType

from tui.widgets.bars import BarRow, Bars

VALUES = {"First": 36.8, "Second": 1.9, "Third": 1.0, "Fourth": 0.4, "Fifth": None}


class BarsDemo(App[None]):
    """Values far apart, on a linear and on a logarithmic scale."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [("l", "scale", "Scale"), ("q", "quit", "Quit")]

    def compose(self) -> ComposeResult:
        """Show the bars alone."""
        yield Bars(
            [
                BarRow(label, value, "-" if value is None else f"{value:.1f}", "" if value else "muted")
                for label, value in VALUES.items()
            ]
        )

    def action_scale(self) -> None:
        """Change between the two scales."""
        bars = self.query_one(Bars)
        bars.scale = "log" if bars.scale == "linear" else "linear"

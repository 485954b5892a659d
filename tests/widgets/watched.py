"""Widgets that keep account of what they repaint, and a look at what they show."""

from typing import Any

from rich.style import Style
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.widget import Widget

from tui.widgets.pen import cells_of

Picture = list[list[tuple[str, Style | None]]]


class Watched:
    """Mixed into a widget: the regions given to `refresh` since the last look; None is the whole widget."""

    def refresh(self, *regions: Region, **options: Any):
        if not hasattr(self, "painted"):
            self.painted: list[Region | None] = []
        if options.get("repaint", True):
            self.painted.extend(regions or [None])
        return super().refresh(*regions, **options)

    def take_painted(self) -> list[Region | None]:
        painted, self.painted = self.painted, []
        return painted


class Alone(App[None]):
    """An app of one widget."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget

    def compose(self) -> ComposeResult:
        yield self.widget


def picture(widget: Widget) -> Picture:
    """What the widget shows: the cells of each line, as (sign, look)."""
    return [cells_of(widget.render_line(y)) for y in range(widget.size.height)]


def texts(widget: Widget) -> list[str]:
    """The lines the widget shows, without blanks at their ends."""
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]

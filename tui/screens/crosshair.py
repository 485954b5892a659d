"""A screen with charts whose crosshair is moved by keys while the chart has them, its values on the head line."""

from __future__ import annotations

from textual import on
from textual.events import DescendantBlur

from tui import format as fmt
from tui.screens.page import Page
from tui.widgets.chart import Chart
from tui.widgets.status import Segment, StatusBar

MONTH = 21
"""Slots of a long step."""
STEPS = {
    "cursor_left": -1,
    "cursor_right": 1,
    "page_up": -MONTH,
    "page_down": MONTH,
    "half_page_up": -MONTH,
    "half_page_down": MONTH,
}
"""How far each movement of a table moves the crosshair."""


class CrosshairPage(Page):
    """Left and right move the crosshair of the chart in use; the head line says what it is on."""

    def action_grid(self, name: str) -> None:
        """Move the crosshair where a chart has the keys, else as in any table."""
        chart = self.focused
        if not isinstance(chart, Chart):
            super().action_grid(name)
            return
        picture = chart.picture
        last = picture.slots - 1 if picture is not None and picture.lines else -1
        if last < 0:
            return
        at = last if chart.cursor_slot is None else chart.cursor_slot
        if name in STEPS:
            chart.cursor_slot = min(max(0, at + STEPS[name]), last)
        elif name in {"first", "last"}:
            chart.cursor_slot = 0 if name == "first" else last

    def head_segments(self) -> list[Segment]:
        """The head line where no crosshair is shown."""
        return []

    def draw_head(self) -> None:
        """The head line: what the crosshair is on, else the page's own words."""
        chart = self.focused
        if isinstance(chart, Chart) and chart.cursor_slot is not None and chart.picture is not None:
            segments = crosshair_segments(chart, chart.cursor_slot)
        else:
            segments = self.head_segments()
        self.query_one("#head", StatusBar).show(segments)

    @on(Chart.CursorMoved)
    def _moved(self) -> None:
        self.draw_head()

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        """A chart without the keys has no crosshair."""
        if isinstance(event.widget, Chart):
            event.widget.cursor_slot = None


def crosshair_segments(chart: Chart, slot: int) -> list[Segment]:
    """The slot's name and each line's value there; the first lines keep theirs where there is no room for all."""
    picture = chart.picture
    assert picture is not None
    slot = min(slot, picture.slots - 1)
    values = [
        Segment(
            f"value{index}",
            f"{fmt.clean(label, 9)} {'-' if value is None else picture.y_format(value)}",
            "text",
            priority=90 - index,
        )
        for index, (label, value) in enumerate(chart.values_at(slot))
    ]
    name = picture.slot_format(slot) if picture.slot_format else str(slot)
    return [Segment("slot", name, "head", priority=99), *values]

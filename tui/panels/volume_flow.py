"""Advancing against declining dollar volume of the list, as one bar with its numbers on either side."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.geometry import Region
from textual.strip import Strip

from tui import format as fmt
from tui.analytics.volume_flow import Flow
from tui.widgets.column import width_of
from tui.widgets.painted import Painted
from tui.widgets.pen import Pen, component_style, difference

if TYPE_CHECKING:
    from rich.style import Style

LEAST_BAR = 10
"""Cells under which a bar tells nothing; the words give way first."""
RISES, FALLS = "█", "░"
"""The two sides differ in shape, not in colour alone."""


class VolumeFlow(Painted):
    """`▲ 12 $44.0B ███████░░ $1.2B 3 ▼  97 % advancing`."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"flow--{role}" for role in ("up", "down", "muted", "label")}
    DEFAULT_CSS = """
    VolumeFlow {
        height: 1;
        & > .flow--up { color: $text-success; }
        & > .flow--down { color: $text-error; }
        & > .flow--muted { color: $text-muted; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self.flow = Flow()
        self._strip = Strip([])

    def show_flow(self, flow: Flow) -> None:
        """Show this balance; costs the span of the line that changes, nothing when none does."""
        self.flow = flow
        if self.is_mounted and self.size:
            before, self._strip = self._strip, self._draw()
            if span := difference(before, self._strip):
                self.refresh(Region(span[0], 0, span[1] - span[0], 1))

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        if y:
            return Strip.blank(self.size.width, self.rich_style)
        self._strip = self._draw()
        return self._strip

    def _draw(self) -> Strip:
        width, flow = self.size.width, self.flow
        pen = Pen(self._style())
        left, right, words = flow_texts(flow, width)
        length = max(0, width - width_of(left) - width_of(right) - width_of(words) - 2)
        pen.write(left, self._style("up"))
        pen.move_to(pen.x + 1)
        share = flow.advancing_share
        if share is None:
            pen.move_to(pen.x + length)
        else:
            rising = round(share * length)
            if 0 < share < 1 and length > 1:
                # However small, a side that has traded is seen.
                rising = min(max(rising, 1), length - 1)
            pen.write(RISES * rising, self._style("up"))
            pen.write(FALLS * (length - rising), self._style("down"))
        pen.move_to(pen.x + 1)
        pen.write(right, self._style("down"))
        pen.write(words, self._style("muted"))
        return pen.strip(width)

    def _style(self, *names: str) -> Style:
        return component_style(self, *(f"flow--{name}" for name in names))


def flow_texts(flow: Flow, width: int) -> tuple[str, str, str]:
    """What stands left of the bar, right of it, and after that: as much as leaves the bar enough room."""
    share = "-" if flow.advancing_share is None else f"{flow.advancing_share * 100:.1f}%"
    up, down = (f"${fmt.dollars(side.dollars).text}" for side in (flow.advancing, flow.declining))
    rising, falling = flow.advancing.members, flow.declining.members
    unknown = f", {flow.unknown} without volume" if flow.unknown else ""
    ratio = "" if flow.ratio is None else f", {fmt.ratio(flow.ratio).text} to 1"
    choices = (
        (
            f"▲ advancing {rising}  {up}",
            f"{down}  {falling} declining ▼",
            f"  {share} of $Vol advances{ratio}{unknown}",
        ),
        (f"▲ advancing {rising}  {up}", f"{down}  {falling} declining ▼", f"  {share} of $Vol"),
        (f"▲ {rising} {up}", f"{down} {falling} ▼", f"  {share}"),
        (f"▲{up}", f"{down}▼", ""),
    )
    for texts in choices:
        if sum(map(width_of, texts)) + 2 + LEAST_BAR <= width:
            return texts
    return choices[-1]

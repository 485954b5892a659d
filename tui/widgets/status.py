"""One line of texts in which a tick of a clock costs its digits. Run `python -m tui.widgets.status` to see one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from tui.widgets.column import clip, width_of
from tui.widgets.painted import Painted
from tui.widgets.pen import Pen, component_style, difference

SPACING = 2
"""Blank cells between two segments."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One text of a status bar."""

    key: str
    """What it is, for tests and for reading a list of segments."""
    text: str
    role: str = ""
    align: str = "left"
    """The end of the line it stands at, `left` or `right`."""
    priority: int = 0
    """When the line is too short, the lowest goes first; among equals the last."""


def fitting(segments: Sequence[Segment], width: int) -> list[Segment]:
    """The segments with text that a line of `width` cells has room for, in their order.

    One always stays, however short the line; it is then clipped.
    """
    kept = [segment for segment in segments if segment.text]

    def needed() -> int:
        return sum(width_of(clip(segment.text, width)) + SPACING for segment in kept) - SPACING

    while len(kept) > 1 and needed() > width:
        lowest = min(segment.priority for segment in kept)
        kept.remove(next(segment for segment in reversed(kept) if segment.priority == lowest))
    return kept


class StatusBar(Painted):
    """A line of segments at its two ends, the least important of which give way when it is narrow."""

    ALLOW_SELECT = False

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"status--{role}" for role in ("up", "down", "flat", "muted", "accent", "warn", "error", "symbol", "title")
    }
    """`status--<role>` is the style of segments of that role; an unknown role is plain."""

    DEFAULT_CSS = """
    StatusBar {
        height: 1;
        background: $panel;
        color: $foreground;
        & > .status--up { color: $text-success; }
        & > .status--down { color: $text-error; }
        & > .status--flat { color: $foreground; }
        & > .status--muted { color: $text-muted; }
        & > .status--accent { color: $text-accent; }
        & > .status--warn { color: $text-warning; text-style: bold; }
        & > .status--error { color: $text-error; text-style: bold; }
        & > .status--symbol { text-style: bold; }
        & > .status--title { text-style: bold; }
    }
    """

    def __init__(
        self,
        segments: Sequence[Segment] = (),
        *,
        id: str | None = None,  # noqa: A002 -- the name all of Textual's widgets use
        classes: str | None = None,
    ) -> None:
        """Make a bar that shows `segments`."""
        super().__init__(id=id, classes=classes)
        self._segments = tuple(segments)
        self._strip = Strip([])

    @property
    def segments(self) -> tuple[Segment, ...]:
        """What it was told to show, the segments without room among them."""
        return self._segments

    def show(self, segments: Sequence[Segment]) -> None:
        """Show these segments instead; costs the span of the line that changes, nothing when none does."""
        shown, self._segments = self._segments, tuple(segments)
        if shown != self._segments and self.is_mounted and self.size:
            before, self._strip = self._strip, self._draw()
            if span := difference(before, self._strip):
                self.refresh(Region(span[0], 0, span[1] - span[0], 1))

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        if y:
            return Strip.blank(self.size.width, self._style(""))
        self._strip = self._draw()
        return self._strip

    def _draw(self) -> Strip:
        width = self.size.width
        kept = fitting(self._segments, width)
        left = [segment for segment in kept if segment.align != "right"]
        right = [segment for segment in kept if segment.align == "right"]
        pen = Pen(self._style(""))
        for segment in left:
            pen.write(clip(segment.text, width), self._style(segment.role))
            pen.move_to(min(pen.x + SPACING, width))
        pen.move_to(width - sum(width_of(clip(segment.text, width)) + SPACING for segment in right) + SPACING)
        for segment in right:
            pen.write(clip(segment.text, width), self._style(segment.role))
            pen.move_to(min(pen.x + SPACING, width))
        return pen.strip(width)

    def _style(self, role: str) -> Style:
        return component_style(self, f"status--{role}")


if __name__ == "__main__":
    from tui.widgets.status_demo import StatusDemo

    StatusDemo().run()

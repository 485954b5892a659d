"""Horizontal bars in eighths of a cell, with a reference tick. Run `python -m tui.widgets.bars` to see some."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, isnan, log
from typing import ClassVar, Literal

from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from tui.widgets.column import clip, fit, width_of
from tui.widgets.painted import Painted
from tui.widgets.pen import Pen, component_style, difference

EIGHTHS = " ▏▎▍▌▋▊▉"
TICK = "│"
FEWEST_CELLS = 3
"""Below this a bar tells nothing: the label gives way."""

Scale = Literal["linear", "log"]


@dataclass(frozen=True, slots=True)
class BarRow:
    """One bar: what it is, how long, and the words beside it."""

    label: str
    value: float | None
    """None draws no bar."""
    text: str
    """The value as a reader wants it."""
    role: str = ""


def share(value: float | None, most: float, scale: Scale = "linear", least: float = 1.0) -> float:
    """Which part of the full length a value takes, 0 to 1.

    Linear from zero, or logarithmic from half of `least`, so that the smallest bar is still to be seen. Nothing for
    what is unknown, negative or zero.
    """
    if value is None or isnan(value) or value <= 0 or most <= 0:
        return 0.0
    if value >= most:
        return 1.0
    if scale == "linear":
        return value / most
    floor = min(least, most) / 2
    return max(0.0, log(value / floor) / log(most / floor))


def bar(part: float, width: int) -> str:
    """A bar of `part` of `width` cells, in eighths of a cell; anything above zero is seen."""
    eighths = round(part * width * 8)
    if part > 0 and width > 0:
        eighths = max(1, eighths)
    whole, rest = divmod(eighths, 8)
    return "█" * whole + (EIGHTHS[rest] if rest else "")


class Bars(Painted):
    """Rows of a label, a bar and a text; the longest bar is the largest value."""

    ALLOW_SELECT = False

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"bars--{role}"
        for role in ("label", "tick", "bar", "up", "down", "flat", "muted", "accent", "warn", "error", "symbol")
    }
    """`bars--<role>` is the style of the bar and the text of that role; the role "" is `bar` and plain text."""

    DEFAULT_CSS = """
    Bars {
        & > .bars--tick { color: $text-muted; }
        & > .bars--bar { color: $text-primary; }
        & > .bars--up { color: $text-success; }
        & > .bars--down { color: $text-error; }
        & > .bars--flat { color: $foreground; }
        & > .bars--muted { color: $text-muted; }
        & > .bars--accent { color: $text-accent; }
        & > .bars--warn { color: $text-warning; }
        & > .bars--error { color: $text-error; text-style: bold; }
        & > .bars--symbol { text-style: bold; }
    }
    """

    def __init__(
        self,
        rows: Sequence[BarRow] = (),
        *,
        scale: Scale = "linear",
        reference: float | None = 1.0,
        id: str | None = None,  # noqa: A002 -- the name all of Textual's widgets use
        classes: str | None = None,
    ) -> None:
        """Make bars of `rows`.

        Args:
            rows: The bars from top to bottom; those below the widget's last line are not seen.
            scale: `linear` from zero, or `log` where the values are far apart.
            reference: The value at which every row has a tick, when it is on the scale; None for no tick.
            id: The widget's id.
            classes: The widget's CSS classes.
        """
        super().__init__(id=id, classes=classes)
        self._rows = tuple(rows)
        self._scale: Scale = scale
        self._reference = reference
        self._strips: list[Strip] = []

    @property
    def rows(self) -> tuple[BarRow, ...]:
        """What is shown."""
        return self._rows

    @property
    def scale(self) -> Scale:
        """`linear` or `log`."""
        return self._scale

    @scale.setter
    def scale(self, scale: Scale) -> None:
        self._scale = scale
        self.show(self._rows)

    def show(self, rows: Sequence[BarRow]) -> None:
        """Show these bars instead; costs the spans of the lines that change, nothing when none does."""
        self._rows = tuple(rows)
        if not self.is_mounted or not self.size:
            return
        before, self._strips = self._strips, self._draw()
        regions = []
        for y, (old, new) in enumerate(zip(before, self._strips, strict=False)):
            if old is not new and (span := difference(old, new)):
                regions.append(Region(span[0], y, span[1] - span[0], 1))
        if len(before) != len(self._strips):
            self.refresh()
        elif regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        if len(self._strips) != self.size.height or self._strips[0].cell_length != self.size.width:
            self._strips = self._draw()
        return self._strips[y]

    def notify_style_update(self) -> None:
        """Forget what was drawn with other styles."""
        super().notify_style_update()
        self._strips = []

    def _draw(self) -> list[Strip]:
        """All lines of the widget: the columns of labels and texts are as wide as their widest."""
        width, height = self.size
        rows = self._rows[:height]
        text_width = min(max((width_of(row.text) for row in rows), default=0), width)
        label_width = max((width_of(row.label) for row in rows), default=0)
        label_width = max(0, min(label_width, width - text_width - 2 - FEWEST_CELLS, width // 2))
        length = max(0, width - text_width - label_width - 2)
        known = [row.value for row in self._rows if row.value is not None and isfinite(row.value) and row.value > 0]
        most, least = max(known, default=0.0), min(known, default=1.0)
        if self._reference is not None:
            least = min(least, self._reference)
        tick = -1
        if self._reference is not None and 0 < self._reference <= most:
            tick = min(length - 1, int(share(self._reference, most, self._scale, least) * length))
        strips = []
        for row in rows:
            part = share(row.value, most, self._scale, least)
            pen = Pen(self._style())
            pen.write(fit(row.label, label_width), self._style("label"))
            pen.move_to(label_width + bool(label_width))
            start = pen.x
            drawn = bar(part, length)
            colour = self._style(row.role or "bar")
            if 0 <= tick < len(drawn) and drawn[tick] == "█":
                # Over a bar the tick is cut out of it.
                pen.write(drawn[:tick], colour)
                pen.write(TICK, colour + Style(reverse=not colour.reverse))
                pen.write(drawn[tick + 1 :], colour)
            else:
                pen.write(drawn, colour)
                if pen.x <= start + tick:
                    pen.move_to(start + tick)
                    pen.write(TICK, self._style("tick"))
            pen.move_to(width - text_width)
            pen.write(fit(clip(row.text, text_width), text_width, "right"), self._style(row.role))
            strips.append(pen.strip(width))
        return strips + [Strip.blank(width, self._style())] * (height - len(rows))

    def _style(self, *names: str) -> Style:
        return component_style(self, *(f"bars--{name}" for name in names))


if __name__ == "__main__":
    from tui.widgets.bars_demo import BarsDemo

    BarsDemo().run()

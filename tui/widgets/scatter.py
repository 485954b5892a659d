"""Points in a plane of four quadrants, each with the trail it came by. Run `python -m tui.widgets.scatter` to see some.

Trails are braille dots, heads are a sign with their label beside it. Drawing some trails takes a millisecond, so that
it is done where `show` is called; only the cells that differ are repainted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from tui.widgets.chart_paint import BRAILLE, CODES, PLAIN, Row, differences
from tui.widgets.chart_plan import ROLES, narrow
from tui.widgets.painted import Painted, WholeStrip

DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Bits of a braille cell by row and column of its dots."""
HEAD = "●"
LEAST_WIDTH, LEAST_HEIGHT = 16, 5
"""Below this there is no room for a plane."""
MARGIN = 1.2
"""How far the plane reaches beyond the outermost point."""


@dataclass(frozen=True, slots=True)
class Trail:
    """One point and the way it came."""

    label: str
    points: Sequence[tuple[float, float]]
    """From the oldest to the head."""
    role: str = "series-1"


@dataclass(frozen=True, eq=False)
class Plane:
    """All a scatter shows."""

    trails: Sequence[Trail]
    """The most telling first: it lies on top."""
    centre: tuple[float, float]
    """Where the quadrants meet."""
    corners: tuple[str, str, str, str]
    """Names of the quadrants: top right, bottom right, bottom left, top left."""
    axes: tuple[str, str]
    """Names of the two axes."""
    number: Callable[[float], str]
    message: str = ""
    """Shown in the middle when there is nothing to draw."""


class Scatter(Painted):
    """A plane of four quadrants."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"scatter--{role}" for role in ROLES}
    """What each one colours; the roles are those of a chart."""

    DEFAULT_CSS = """
    Scatter {
        width: 1fr;
        height: 1fr;
        & > .scatter--series-1 { color: $text-accent; }
        & > .scatter--series-2 { color: $text-primary; }
        & > .scatter--series-3 { color: $text-success; }
        & > .scatter--series-4 { color: $text-error; }
        & > .scatter--series-5 { color: $text-warning; }
        & > .scatter--series-6 { color: $text-secondary; }
        & > .scatter--series-7 { color: $foreground; }
        & > .scatter--series-8 { color: $foreground-muted; }
        & > .scatter--axis { color: $foreground-muted; }
        & > .scatter--label { color: $foreground; }
        & > .scatter--baseline { color: $foreground 30%; }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id, classes=classes)
        self._plane: Plane | None = None
        self._rows: tuple[Row, ...] = ()
        self._styles: dict[str, Style] = {}

    @property
    def plane(self) -> Plane | None:
        """What is shown."""
        return self._plane

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is on the screen, row by row."""
        return self._rows

    def show(self, plane: Plane) -> None:
        """Show these points instead; costs the cells that differ."""
        self._plane = plane
        if self.size:
            self._paint()

    def on_resize(self) -> None:
        """Draw for the new size."""
        self._paint()

    def _paint(self) -> None:
        if self._plane is None:
            return
        before, self._rows = self._rows, draw(self._plane, *self.size)
        if [len(row.text) for row in before] != [len(row.text) for row in self._rows]:
            self.refresh()
            return
        spans = differences(before, self._rows)
        if spans:
            self.refresh(*(Region(span.start, span.row, span.stop - span.start, 1) for span in spans))

    def notify_style_update(self) -> None:
        """Forget colours, so that a new theme shows at the next paint."""
        super().notify_style_update()
        self._styles.clear()

    def render_line(self, y: int) -> Strip:
        """Return one row."""
        if y >= len(self._rows):
            return Strip.blank(self.size.width, self.rich_style)
        row = self._rows[y]
        strip = WholeStrip([Segment(text, self._style(role)) for text, role in row.runs()], len(row.text))
        return strip.adjust_cell_length(self.size.width, self.rich_style)

    def _style(self, role: str) -> Style:
        style = self._styles.get(role)
        if style is None:
            style = self.get_component_rich_style(f"scatter--{role}") if role else self.rich_style
            self._styles[role] = style
        return style


def draw(plane: Plane, width: int, height: int) -> tuple[Row, ...]:
    """The rows of a plane for a size in cells. Pure."""
    sheet = _Sheet(width, height)
    trails = [Trail(each.label, _known(each.points), each.role) for each in plane.trails]
    trails = [each for each in trails if each.points]
    if width < LEAST_WIDTH or height < LEAST_HEIGHT or not trails:
        words = (
            [plane.message]
            if not trails
            else [f"{t.label} {', '.join(map(plane.number, t.points[-1]))}" for t in trails]
        )
        for row, text in enumerate(words[:height]):
            sheet.write((height - min(len(words), height)) // 2 + row, max(0, (width - len(text)) // 2), text, "label")
        return sheet.rows()
    rows = height - 1
    reach = [max((abs(p[i] - plane.centre[i]) for t in trails for p in t.points), default=0.0) for i in (0, 1)]
    spans = [each * MARGIN or 1.0 for each in reach]
    middle = (width // 2, rows // 2)
    for row in range(rows):
        sheet.put(row, middle[0], "│", "baseline")
    for column in range(width):
        sheet.put(middle[1], column, "┼" if column == middle[0] else "─", "baseline")
    _name_corners(sheet, plane, width, rows)
    _name_axes(sheet, plane, spans, width, height)

    def dot(point: tuple[float, float]) -> tuple[int, int]:
        x = (point[0] - plane.centre[0]) / spans[0] / 2 + 0.5
        y = 0.5 - (point[1] - plane.centre[1]) / spans[1] / 2
        return round(x * (2 * width - 1)), round(y * (4 * rows - 1))

    for trail in reversed(trails):
        _stroke(sheet, [dot(point) for point in trail.points], trail.role)
    heads = [(trail, dot(trail.points[-1])) for trail in trails]
    for trail, (x, y) in reversed(heads):
        sheet.put(y // 4, x // 2, HEAD, trail.role)
    for trail, (x, y) in heads:
        sheet.label(y // 4, x // 2, narrow(trail.label), trail.role, rows)
    return sheet.rows()


def _known(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    return [point for point in points if isfinite(point[0]) and isfinite(point[1])]


def _name_corners(sheet: "_Sheet", plane: Plane, width: int, rows: int) -> None:
    top_right, bottom_right, bottom_left, top_left = (narrow(name)[: width // 2 - 1] for name in plane.corners)
    sheet.write(0, width - len(top_right), top_right, "axis")
    sheet.write(rows - 1, width - len(bottom_right), bottom_right, "axis")
    sheet.write(rows - 1, 0, bottom_left, "axis")
    sheet.write(0, 0, top_left, "axis")


def _name_axes(sheet: "_Sheet", plane: Plane, spans: Sequence[float], width: int, height: int) -> None:
    """The foot: how far the plane reaches to both sides, and what its axes are."""
    low, high = (plane.number(plane.centre[0] + side * spans[0]) for side in (-1, 1))
    up = plane.number(plane.centre[1] + spans[1])
    words = f"{plane.axes[0]} →  {plane.axes[1]} ↑ to {up}"
    sheet.write(height - 1, 0, low, "axis")
    sheet.write(height - 1, width - len(high), high, "axis")
    if len(words) + len(low) + len(high) + 4 <= width:
        sheet.write(height - 1, (width - len(words)) // 2, words, "axis")


def _stroke(sheet: "_Sheet", dots: Sequence[tuple[int, int]], role: str) -> None:
    """Straight lines from dot to dot."""
    for (x0, y0), (x1, y1) in pairwise(dots):
        steps = max(abs(x1 - x0), abs(y1 - y0), 1)
        for step in range(steps + 1):
            sheet.dot(round(x0 + (x1 - x0) * step / steps), round(y0 + (y1 - y0) * step / steps), role)


class _Sheet:
    """Cells in the making."""

    def __init__(self, width: int, height: int) -> None:
        self._text = [[" "] * width for _ in range(height)]
        self._codes = [[PLAIN] * width for _ in range(height)]
        self._taken: set[tuple[int, int]] = set()

    def put(self, row: int, column: int, glyph: str, role: str) -> None:
        self._text[row][column] = glyph
        self._codes[row][column] = CODES[role]
        if glyph == HEAD:
            self._taken.add((row, column))

    def write(self, row: int, column: int, text: str, role: str) -> None:
        for offset, glyph in enumerate(narrow(text)):
            if 0 <= column + offset < len(self._text[row]):
                self.put(row, column + offset, glyph, role)
                self._taken.add((row, column + offset))

    def dot(self, x: int, y: int, role: str) -> None:
        """Set one braille dot; those that are there stay."""
        row, column = y // 4, x // 2
        before = ord(self._text[row][column]) - BRAILLE
        self.put(row, column, chr(BRAILLE | (before if 0 <= before < 256 else 0) | DOTS[y % 4][x % 2]), role)

    def label(self, row: int, column: int, text: str, role: str, rows: int) -> None:
        """Write a label beside its head, where no other label or head is; without such a place it is left out."""
        width = len(self._text[row])
        for down in (0, -1, 1, -2, 2):
            for start in (column + 2, column - 1 - len(text)):
                cells = {(row + down, start + offset) for offset in range(-1, len(text) + 1)}
                inside = 0 <= row + down < rows and start >= 0 and start + len(text) <= width
                if inside and not (cells - {(row, column)}) & self._taken:
                    self.write(row + down, start, text, role)
                    self._taken |= cells
                    return

    def rows(self) -> tuple[Row, ...]:
        return tuple(Row("".join(text), "".join(codes)) for text, codes in zip(self._text, self._codes, strict=True))


if __name__ == "__main__":
    from tui.widgets.scatter_demo import ScatterDemo

    ScatterDemo().run()

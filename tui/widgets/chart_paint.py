"""From a plan and the drawn lines to rows of text and colour codes, and from two of those to what differs. Pure."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from tui.widgets.chart_plan import ROLES, Plan, Text, end_labels, narrow

PLAIN = " "
CODES = {role: chr(ord("a") + number) for number, role in enumerate(ROLES)}
"""One character for each role, so that the colours of a row are a string as long as its text."""
ROLE_OF = {code: role for role, code in CODES.items()}
BRAILLE = 0x2800


class Cell(NamedTuple):
    """A cell of the canvas that a line touches."""

    row: int
    column: int
    glyph: str


class Row(NamedTuple):
    """One row of the screen: its text, and a code for the colour of each cell."""

    text: str
    codes: str

    def runs(self) -> list[tuple[str, str]]:
        """Return the stretches of one colour: text and role ("" for plain)."""
        runs, start = [], 0
        for code, cells in groupby(self.codes):
            stop = start + sum(1 for _ in cells)
            runs.append((self.text[start:stop], ROLE_OF.get(code, "")))
            start = stop
        return runs


class Span(NamedTuple):
    """Cells of one row that differ, `stop` excluded."""

    row: int
    start: int
    stop: int


class _Sheet:
    """Rows in the making."""

    def __init__(self, width: int, height: int) -> None:
        self.text = [[" "] * width for _ in range(height)]
        self.codes = [[PLAIN] * width for _ in range(height)]

    def put(self, row: int, column: int, glyph: str, role: str) -> None:
        self.text[row][column] = glyph
        self.codes[row][column] = CODES[role]

    def write(self, entry: Text) -> None:
        for offset, glyph in enumerate(entry.text):
            self.put(entry.row, entry.column + offset, glyph, entry.role)

    def rows(self) -> tuple[Row, ...]:
        return tuple(Row("".join(text), "".join(codes)) for text, codes in zip(self.text, self.codes, strict=True))


def paint(plan: Plan, layers: Sequence[Sequence[Cell]], cursor: int | None = None) -> tuple[Row, ...]:
    """Return the rows of a plan whose curves were drawn as `layers` (the first on top), with the crosshair at slot `cursor`.

    Dots of lines that share a cell are joined in it; the cell has the colour of the upper one.
    """
    sheet = _Sheet(plan.width, plan.height)
    for entry in plan.texts:
        sheet.write(entry)
    if not plan.rows:
        return sheet.rows()
    for offset, bars in enumerate(plan.strip):
        for column, glyph in enumerate(bars):
            if glyph != " ":
                sheet.put(plan.rows + offset, plan.left + column, glyph, "bar")
    for layer, curve in reversed(list(zip(layers, plan.curves, strict=True))):
        for cell in layer:
            column = plan.left + cell.column
            sheet.put(cell.row, column, _joined(sheet.text[cell.row][column], cell.glyph), curve.role)
    for curve, line in zip(plan.curves, plan.lines, strict=True):
        if len(curve.pixels) == 1:
            # A single dot is easily missed.
            only, value = next((slot, value) for slot, value in enumerate(line.values) if value is not None)
            sheet.put(plan.row(value), plan.left + plan.column(only) // 2, "•", curve.role)
    if plan.baseline_row is not None:
        _fill(sheet, plan.baseline_row, range(plan.left, plan.left + plan.columns), "┈", "baseline")
    slot = None if cursor is None else min(max(0, cursor), plan.slots - 1)
    if slot is None:
        ends = [next((value for value in reversed(line.values) if value is not None), None) for line in plan.lines]
    else:
        ends = [line.values[slot] if slot < len(line.values) else None for line in plan.lines]
        _cross(sheet, plan, slot)
    for entry in end_labels(plan, ends):
        sheet.write(entry)
    return sheet.rows()


def _cross(sheet: _Sheet, plan: Plan, slot: int) -> None:
    """Draw the upright line at a slot, a mark on each line's value, and the slot's own text."""
    column = plan.left + plan.column(slot) // 2
    for row in range(plan.height - 1):
        if sheet.text[row][column] in " ┈":
            sheet.put(row, column, "│", "cursor")
    for line in reversed(plan.lines):
        value = line.values[slot] if slot < len(line.values) else None
        if value is not None:
            sheet.put(plan.row(value), column, "●", line.role)
    if plan.slot_format is not None:
        text = narrow(plan.slot_format(slot))[: plan.columns]
        start = min(plan.left + plan.columns - len(text), max(plan.left, column - len(text) // 2))
        foot = plan.height - 1
        # A tick's text that is partly covered would read as another one: it goes altogether.
        for entry in plan.texts:
            if (
                entry.row == foot
                and entry.column < start + len(text) + 1
                and start - 1 < entry.column + len(entry.text)
            ):
                sheet.write(entry._replace(text=" " * len(entry.text)))
        sheet.write(Text(foot, start, text, "label"))


def _fill(sheet: _Sheet, row: int, columns: range, glyph: str, role: str) -> None:
    for column in columns:
        if sheet.text[row][column] == " ":
            sheet.put(row, column, glyph, role)


def _joined(below: str, above: str) -> str:
    """Return the glyph with the dots of both, if both are braille, else the upper one."""
    dots = ord(below) - BRAILLE
    return chr(ord(above) | dots) if 0 <= dots < 256 and 0 <= ord(above) - BRAILLE < 256 else above


def differences(before: Sequence[Row], after: Sequence[Row]) -> list[Span]:
    """Return one span for each row that differs; the rows are of one size."""
    spans = []
    for number, (old, new) in enumerate(zip(before, after, strict=True)):
        if old != new:
            changed = [column for column, pair in enumerate(zip(*old, *new, strict=True)) if pair[:2] != pair[2:]]
            spans.append(Span(number, changed[0], changed[-1] + 1))
    return spans

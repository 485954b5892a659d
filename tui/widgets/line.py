"""What a line of a grid shows, as a comparable value, and how it is drawn. Pure but for the styles it is given."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.style import Style
from textual.strip import Strip

from tui.format import Cell
from tui.widgets.column import Column, Slot, captions, fit, titles
from tui.widgets.pen import Pen

BLANK = Cell("")

Styler = Callable[..., Style]
"""From names of component classes, without the widget's prefix, to the style of the first laid under the others."""


class Line(NamedTuple):
    """All that decides how the line of one row looks: two equal lines look the same."""

    slots: tuple[Slot, ...]
    key: str
    cells: tuple[Cell, ...]
    cursor: int
    """The cursor's column when it is on this row, else -1."""
    marked: bool
    lit: tuple[tuple[int, int], ...]
    """The cells that flash: (column, first lit character)."""


def cell_at(cells: Sequence[Cell], index: int) -> Cell:
    """The cell of a column; blank when the row is too short."""
    return cells[index] if index < len(cells) else BLANK


def changed_span(old: Line | None, new: Line | None, width: int) -> tuple[int, int]:
    """The cells of the line (first, one past the last) outside which two different lines look the same."""
    if old is None or new is None or old[:2] != new[:2] or (old.cursor < 0) != (new.cursor < 0):
        return 0, width
    touched = {column for column, _ in set(old.lit) ^ set(new.lit)}
    if old.cursor != new.cursor:
        touched |= {old.cursor, new.cursor}
    slots = [
        slot
        for slot in new.slots
        if slot.column in touched or cell_at(old.cells, slot.column) != cell_at(new.cells, slot.column)
    ]
    starts = [slot.x for slot in slots]
    ends = [slot.x + slot.width for slot in slots]
    if old.marked != new.marked:
        starts.append(0)
        ends.append(2)
    return (min(starts), max(ends)) if starts else (0, 0)


def draw_row(line: Line, columns: Sequence[Column], width: int, style: Styler) -> Strip:
    """The strip of one row: the signs of cursor and mark, then its cells."""
    under = ("cursor",) if line.cursor >= 0 else ()
    pen = Pen(style(*under))
    pen.write(">" if line.cursor >= 0 else " ", style(*under, "gutter"))
    pen.write("•" if line.marked else " ", style(*under, "mark"))
    lit = dict(line.lit)
    for index, x, room in line.slots:
        column = columns[index]
        cell = cell_at(line.cells, index)
        text = fit(cell.text, room, column.align)
        names = (*under, cell.role) if cell.role else under
        if index == line.cursor:
            names = (*names, "cursor-column")
        pen.move_to(x)
        start = lit.get(index)
        if start is None:
            pen.write(text, style(*names))
        else:
            end = len(text.rstrip())
            flash = f"flash-{cell.role}" if cell.role in {"up", "down"} else "flash"
            pen.write(text[:start], style(*names))
            pen.write(text[start:end], style(*names, flash))
            pen.write(text[max(start, end) :], style(*names))
    return pen.strip(width)


def draw_groups(columns: Sequence[Column], slots: Sequence[Slot], width: int, style: Styler) -> Strip:
    """The header line of group captions."""
    pen = Pen(style())
    for x, text in captions(columns, slots):
        pen.move_to(x)
        pen.write(text, style("group"))
    return pen.strip(width)


def draw_titles(
    columns: Sequence[Column],
    slots: Sequence[Slot],
    width: int,
    style: Styler,
    *,
    cursor: int,
    sort: tuple[str, bool] | None,
) -> Strip:
    """The header line of titles, with the cursor's column and the arrow of the sorted one."""
    pen = Pen(style())
    for slot, text in titles(columns, slots, sort):
        pen.move_to(slot.x)
        names = ("header", "cursor-column") if slot.column == cursor else ("header",)
        # The underline of the cursor's column is for the title alone, not for the blanks beside it.
        body = text.strip(" ")
        pen.move_to(slot.x + len(text) - len(text.lstrip(" ")))
        pen.write(body, style(*names))
        pen.move_to(slot.x + slot.width)
    return pen.strip(width)

"""What a line of a grid shows, as a comparable value, and how it is drawn. Pure but for the styles it is given."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from msgspec import Struct
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.format import Cell
from tui.widgets.column import GUTTER, Column, Slot, captions, fit, titles
from tui.widgets.painted import WholeStrip
from tui.widgets.pen import Pen, same_blank

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


class Run(Struct, frozen=True, gc=False):
    """A text in one style. Thousands are kept: the collector need not look at them."""

    text: str
    style: Style | None
    """None for blanks that look like the row's own."""
    soft: bool
    """Whether a blank in this style looks like the row's own, so that such blanks may join it."""


class Drawn(NamedTuple):
    """A line as it was drawn, with the parts that it is made of: a cell that has not changed is not drawn again."""

    line: Line
    parts: tuple[tuple[Run, ...], ...]
    """The gutter, then each slot with the gap before it."""
    strip: Strip


Parts = dict[object, tuple[Run, ...]]
"""Slots as they were drawn, by all that decides how they look: most figures come again, in this row or another."""


def draw_row(
    line: Line,
    columns: Sequence[Column],
    width: int,
    style: Styler,
    before: Drawn | None = None,
    kept: Parts | None = None,
) -> Drawn:
    """Draw one row: the signs of cursor and mark, then its cells.

    Args:
        line: What it is to show.
        columns: All columns of the grid.
        width: Cells of the line.
        style: The styles, the same objects for the same looks.
        before: The same row as it was drawn last in these styles; what it has in common is taken from it.
        kept: Slots drawn before in these styles; new ones are added.
    """
    drawn = {} if kept is None else kept
    under = ("cursor",) if line.cursor >= 0 else ()
    base = style(*under)
    if before is not None and (before.line.slots != line.slots or (before.line.cursor < 0) != (line.cursor < 0)):
        before = None
    lit, lit_before = dict(line.lit), dict(before.line.lit) if before else {}
    if before and before.line.marked == line.marked:
        parts = [before.parts[0]]
    else:
        parts = [
            (
                _run(">" if line.cursor >= 0 else " ", style(*under, "gutter"), base),
                _run("•" if line.marked else " ", style(*under, "mark"), base),
            )
        ]
    end = GUTTER
    for place, (index, x, room) in enumerate(line.slots, 1):
        cell = cell_at(line.cells, index)
        start, here = lit.get(index), index == line.cursor
        if (
            before
            and cell == cell_at(before.line.cells, index)
            and start == lit_before.get(index)
            and here == (index == before.line.cursor)
        ):
            parts.append(before.parts[place])
        else:
            align = columns[index].align
            key = (cell.text, cell.role, room, align, x - end, bool(under), here, start)
            part = drawn.get(key)
            if part is None:
                names = (*under, cell.role) if cell.role else under
                names = (*names, "cursor-column") if here else names
                part = _part(fit(cell.text, room, align), " " * (x - end), names, start, base, style)
                drawn[key] = part
            parts.append(part)
        end = x + room
    return Drawn(line, tuple(parts), _strip(parts, base, width - end, width))


def _part(
    text: str, gap: str, names: tuple[str, ...], start: int | None, base: Style, style: Styler
) -> tuple[Run, ...]:
    """The runs of one slot: the gap before it, the blanks about the text, the text, lit from `start` on."""
    plain = style(*names)
    if start is None:
        pieces = [(text, plain)]
    else:
        last = len(text.rstrip())
        role = "".join(names[-1:]) if names[-1:] != ("cursor-column",) else "".join(names[-2:-1])
        lit = style(*names, f"flash-{role}" if role in {"up", "down"} else "flash")
        pieces = [(text[:start], plain), (text[start:last], lit), (text[max(start, last) :], plain)]
    runs = [Run(gap, None, soft=True)] if gap else []
    for part, look in pieces:
        run = _run(part, look, base)
        if not run.soft or run.style is None:
            runs.append(run)
            continue
        # The blanks about it are the row's own.
        inner = part.strip(" ")
        left = len(part) - len(part.lstrip(" "))
        right = len(part) - left - len(inner)
        runs += [Run(" " * left, None, soft=True), Run(inner, look, soft=True), Run(" " * right, None, soft=True)]
    return tuple(run for run in runs if run.text)


def _run(text: str, look: Style, base: Style) -> Run:
    soft = same_blank(look, base)
    return Run(text, None if soft and text.isspace() else look, soft)


def _strip(parts: Sequence[Sequence[Run]], base: Style, rest: int, width: int) -> Strip:
    """The parts one after another, filled up with blanks; runs that may join do, for each costs bytes on the line."""
    texts: list[str] = []
    styles: list[Style] = []
    last: Style | None = None
    soft = blank = False
    for part in parts:
        for run in part:
            text, look, is_soft = run.text, run.style, run.soft
            if look is None:
                if soft:
                    texts[-1] += text
                    continue
                last, blank = base, True
            elif look is last:
                texts[-1] += text
                blank = False
                continue
            elif blank and is_soft:
                texts[-1] += text
                styles[-1] = last = look
                blank = False
                continue
            else:
                last, blank = look, False
            texts.append(text)
            styles.append(last)
            soft = is_soft
    if rest > 0:
        if soft:
            texts[-1] += " " * rest
        else:
            texts.append(" " * rest)
            styles.append(base)
    return WholeStrip(map(Segment, texts, styles), width)


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

"""Columns as data: where they lie on a line, and the text that fits a cell. Pure; draws nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

GUTTER = 2
"""Cells at the left of every line, for the signs of the cursor and of a mark."""
GAP = 1
"""Blank cells before every column: a column takes `width + GAP` cells of the line."""
READABLE = 8
"""Cells under which words that are cut say too little."""
ELLIPSIS = "…"
REPLACEMENT = "\ufffd"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a grid."""

    key: str
    """Its name in messages and in `cursor_column`."""
    title: str
    width: int
    """Cells for its text; longer text is clipped."""
    align: str = "right"
    """`left`, `right` or `center`."""
    group: str = ""
    """Caption above it, drawn once over adjacent columns of the same group."""
    fixed: bool = False
    """Stays when the grid is scrolled sideways. Only the leading fixed columns do."""
    flash: bool = True
    """Whether the changed characters of its cells light up for a moment."""


class Slot(NamedTuple):
    """Where a column's text lies on the line."""

    column: int
    """The column's place among the columns."""
    x: int
    """Its first cell."""
    width: int
    """Its cells; fewer than the column's own where the line ends."""


def safe(text: str) -> str:
    """`text` without what could move the terminal's cursor or turn the line around.

    White space becomes a space; controls, bidirectional overrides, lone surrogates and unassigned characters
    become U+FFFD, so that a forged text shows.
    """
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else " " if sign.isspace() else REPLACEMENT for sign in text)


def width_of(text: str) -> int:
    """How many cells of a terminal `text` takes."""
    return len(text) if text.isascii() else cell_len(text)


def clip(text: str, width: int) -> str:
    """Safe text of at most `width` cells; what was cut ends in an ellipsis, and no wide character is halved."""
    text = safe(text)
    if width_of(text) <= width:
        return text
    if width <= 0:
        return ""
    # set_cell_size puts a space for a wide character that does not fit whole.
    return set_cell_size(text, width - 1).rstrip() + ELLIPSIS


def fit(text: str, width: int, align: str = "left") -> str:
    """Safe text of exactly `width` cells: clipped when it is longer, blanks on the side that `align` leaves free."""
    if align != "center" and text.isascii() and text.isprintable() and len(text) <= width:  # nearly every figure
        return text.rjust(width) if align == "right" else text.ljust(width)
    text = clip(text, width)
    spare = width - width_of(text)
    if spare <= 0:
        return text
    before = spare if align == "right" else spare // 2 if align == "center" else 0
    return " " * before + text + " " * (spare - before)


def fixed_count(columns: Sequence[Column]) -> int:
    """How many leading columns stay when the grid is scrolled sideways."""
    return next((index for index, column in enumerate(columns) if not column.fixed), len(columns))


def total_width(columns: Sequence[Column]) -> int:
    """Cells of a line that shows all columns."""
    return GUTTER + sum(column.width + GAP for column in columns)


def lay_out(columns: Sequence[Column], width: int, first: int = 0) -> tuple[Slot, ...]:
    """The slots of a line of `width` cells: the fixed columns, then those from column `first` on.

    Scrolling goes by whole columns: a number cut at its left would read as another number. At the right only words
    may be cut, with an ellipsis, where enough of them stays to be read; a figure that has no room waits its turn.
    """
    fixed = fixed_count(columns)
    slots: list[Slot] = []
    x = GUTTER
    for index in (*range(fixed), *range(max(fixed, first), len(columns))):
        x += GAP
        room = width - x
        if room <= 0 or (room < columns[index].width and slots and (columns[index].align != "left" or room < READABLE)):
            break
        slots.append(Slot(index, x, min(columns[index].width, width - x)))
        x += columns[index].width
    return tuple(slots)


def first_showing(columns: Sequence[Column], width: int, first: int, target: int) -> int:
    """The first scrolled column with which column `target` is whole on the line, moved as little as possible."""
    fixed = fixed_count(columns)
    first = max(fixed, first)
    if target < fixed:
        return first
    if target < first:
        return target
    room = width - total_width(columns[:fixed])
    while first < target and total_width(columns[first : target + 1]) - GUTTER > room:
        first += 1
    return first


def column_at(slots: Sequence[Slot], x: int) -> int | None:
    """The place of the column under cell `x` of a line; the gap belongs to the column after it."""
    return next((slot.column for slot in slots if slot.x - GAP <= x < slot.x + slot.width), None)


def captions(columns: Sequence[Column], slots: Sequence[Slot]) -> list[tuple[int, str]]:
    """The group captions of a header line: (first cell, text), each ruled over the width of its columns."""
    found = []
    for group, members in groupby(slots, key=lambda slot: columns[slot.column].group):
        run = list(members)
        if group:
            span = run[-1].x + run[-1].width - run[0].x
            text = clip(group, span)
            spare = span - width_of(text) - 2
            left = max(0, spare // 2)
            found.append((run[0].x, fit(f"{'─' * left} {text} {'─' * (spare - left)}" if spare >= 2 else text, span)))
    return found


def titles(columns: Sequence[Column], slots: Sequence[Slot], sort: tuple[str, bool] | None) -> list[tuple[Slot, str]]:
    """The titles of a header line: (slot, text). The text of the sorted column has an arrow.

    The arrow of a right-aligned column stands before its title and may use the gap: the title keeps its place.
    Such a text is one cell wider than its slot and begins one cell earlier.
    """
    found = []
    for slot in slots:
        column = columns[slot.column]
        if sort is None or sort[0] != column.key:
            found.append((slot, fit(column.title, slot.width, column.align)))
            continue
        arrow = "▼" if sort[1] else "▲"
        if column.align == "right":
            text = fit(arrow + clip(column.title, slot.width), slot.width + GAP, "right")
        else:
            text = " " * GAP + fit(clip(column.title, slot.width - 1) + arrow, slot.width, column.align)
        found.append((Slot(slot.column, slot.x - GAP, slot.width + GAP), text))
    return found


def first_difference(old: str, new: str) -> int:
    """The place of the first character in which two texts differ; their length when they do not."""
    return next(
        (place for place, (one, two) in enumerate(zip(old, new, strict=False)) if one != two), min(len(old), len(new))
    )

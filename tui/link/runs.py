"""The changed cells of a row as runs of one style, and how many rows of them a frame has room for."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from tui.link.cells import UNKNOWN, Cells, Style
from tui.link.screen import Screen

GAP: Final = 3
"""Equal cells between two changed ones that are sent rather than jumped."""
LONG_GAP: Final = bytes(GAP + 1)
JUMPS: Final = (0, 3, 4, 4)
"""Bytes of a jump over so many cells."""
STRETCH: Final = re.compile(rb"\x01+(?:\x00{1,%d}\x01+)*" % GAP)
"""Changed cells (1), over short gaps of equal ones (0)."""


def guess(changed: bytes) -> int:
    """About how many bytes the changed cells of a row take."""
    count = changed.count(1)
    return count * 3 // 2 + len("\x1b[10;10H") if count else 0


def fitting(screen: Screen, changes: dict[int, bytes], room: int, first: Iterable[int]) -> dict[int, bytes]:
    """The changes that there is room for, at least one row of them; the others stay touched."""
    order = dict.fromkeys((*(y for y in first if y in changes), *changes))
    taken: dict[int, bytes] = {}
    for y in order:
        room -= guess(changes[y])
        if taken and room < 0:
            screen.touched.add(y)
        else:
            taken[y] = changes[y]
    return dict(sorted(taken.items()))


def parts_of(changed: bytes, first: int, last: int) -> list[tuple[int, int]]:
    """Between two columns, the places that are worth a jump over what has not changed between them."""
    return [found.span() for found in STRETCH.finditer(changed, first, last)]


def stretches(row: list[int], columns: list[int], cells: Cells) -> Iterator[tuple[int, int, Style]]:
    """Changed columns as stretches of one style, over short gaps of it: first column, column after it, style."""
    styles = cells.styles
    start = last = columns[0]
    style = styles[row[start]]
    for x in columns:
        if styles[row[x]] is style:
            gap = x - last
            if gap <= 1 or (gap <= GAP + 1 and _bridged(row[last + 1 : x], style, cells)):
                last = x
                continue
        yield start, last + 1, style
        start = last = x
        style = styles[row[x]]
    yield start, last + 1, style


def _bridged(gap: list[int], style: Style, cells: Cells) -> bool:
    """Whether the cells between two runs are of the same style and shorter to send than to jump."""
    for number in gap:
        if number == UNKNOWN or cells.styles[number] is not style:
            return False
    text = "".join(map(cells.texts.__getitem__, gap))
    return text.isascii() or len(text.encode()) <= JUMPS[len(gap)]

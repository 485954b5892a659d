"""The changed cells of a row as runs of one style, and how many rows of them a frame has room for."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from tui.link.cells import UNKNOWN, Cells, Style
from tui.link.plain import Plain, number
from tui.link.screen import Screen

GAP: Final = 3
"""Equal cells between two changed ones that are sent rather than jumped."""
JUMPS: Final = (0, 3, 4, 4)
"""Bytes of a jump over so many cells."""
ONE: Final = re.compile(b"\1")
EQUAL: Final = b"\1" + bytes(255)
"""Makes a one of nought, and nought of all else."""


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


def spans(lines: Sequence[Plain], marks: bytes, changes: Iterable[bytes]) -> tuple[list[int], list[int]]:
    """What is sent of some plain lines, as runs of one style: the places of their first cells, and those after their last.

    Sent are changed cells, and those between two of them that are of the same style and shorter to send than to jump.

    Args:
        lines: The lines.
        marks: Their marks, and a nought between each two lines.
        changes: A 1 for each cell of them that has changed.
    """
    size, marked, changed = len(marks), number(marks), number(b"\0".join(changes))
    # A byte is a cell: shifted to the left, it is the one before.
    same = number((marked ^ marked << 8).to_bytes(size + 1, "little").translate(EQUAL))
    two = same & same >> 8 & same >> 16
    three = two & same >> 24
    before, narrow = changed << 8, _narrow(lines)
    one = same & same >> 8 & before & changed >> 8
    two &= before & changed >> 16
    three &= before & changed >> 24
    if narrow is not None:
        two &= narrow & narrow >> 8
        three &= narrow & narrow >> 8 & narrow >> 16
    changed |= one | two | two << 8 | three | three << 8 | three << 16
    before = changed << 8
    going_on = same & before & changed
    firsts, afters = ((each ^ going_on).to_bytes(size + 1, "little") for each in (changed, before))
    return [one.start() for one in ONE.finditer(firsts)], [one.start() for one in ONE.finditer(afters)]


def _narrow(lines: Sequence[Plain]) -> int | None:
    """A one for each cell that is sent as one byte; None where all are."""
    if all(line.text.isascii() for line in lines):
        return None
    text = " ".join(line.text for line in lines).encode("utf-32-le")
    above = number(text[::4]) >> 7 & number(b"\1" * (len(text) // 4)) | number(text[1::4]) | number(text[2::4])
    return number(above.to_bytes(len(text) // 4, "little").translate(EQUAL))


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
    for cell in gap:
        if cell == UNKNOWN or cells.styles[cell] is not style:
            return False
    text = "".join(map(cells.texts.__getitem__, gap))
    return text.isascii() or len(text.encode()) <= JUMPS[len(gap)]

"""The shortest bytes that move the cursor."""

from functools import lru_cache
from typing import Final

UNSURE: Final = -1
"""A row or column of the cursor that is not known."""


def step(y0: int, x0: int, y: int, x: int) -> str:
    """The shortest bytes that move the cursor from one cell to another; UNSURE where it is not known."""
    if y == y0:
        return along(x0, x)
    if y0 != UNSURE and x == 0 and y == y0 + 1:
        # Never on the last line, so it does not scroll.
        return "\r\n"
    place = f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H" if y else "\x1b[H"
    if y0 == UNSURE or (x0 == UNSURE and x):
        return place
    lines = abs(y - y0)
    down = f"\x1b[{lines if lines > 1 else ''}{'B' if y > y0 else 'A'}"
    # The column is said after the row: an unknown one is still that of the last written cell.
    way = down + along(x0, x)
    return way if len(way) < len(place) else place


@lru_cache(maxsize=1 << 12)
def along(x0: int, x: int) -> str:
    """The shortest bytes that move the cursor along its row."""
    if x == x0:
        return ""
    if x == 0:
        return "\r"
    place = f"\x1b[{x + 1}G"
    if x0 == UNSURE:
        return place
    cells = x - x0
    way = (
        "\b" * -cells if -4 <= cells < 0 else f"\x1b[{abs(cells) if abs(cells) > 1 else ''}{'C' if cells > 0 else 'D'}"
    )
    return way if len(way) <= len(place) else place

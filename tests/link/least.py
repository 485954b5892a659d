"""The fewest bytes that several plain encoders need for the cells that differ between two screens.

Written apart from the driver's encoder, and with more time than that one has: it tries every combination of an order
(row by row, or style by style with the cheapest next style) and of a longest gap that is sent instead of jumped over.
"""

from itertools import product

from pyte.screens import Char

Cells = list[list[Char]]
Run = tuple[int, int, str, str]
"""Row, column, text, style."""


def least(before: Cells, after: Cells) -> int:
    """Bytes of the best encoder."""
    return min(
        cost(ordered)
        for by_style, gap in product((True, False), range(6))
        for ordered in [order(runs(before, after, gap), by_style)]
    )


def style_of(cell: Char) -> str:
    return f"{cell.fg}/{cell.bg}"


def runs(before: Cells, after: Cells, gap: int) -> list[Run]:
    found: list[Run] = []
    for y, (old, new) in enumerate(zip(before, after, strict=True)):
        x = 0
        while x < len(new):
            if old[x] == new[x] or not new[x].data:
                x += 1
                continue
            style, end = style_of(new[x]), x + 1
            look = end
            while look < len(new) and style_of(new[look]) == style and look - end <= gap:
                if old[look] != new[look]:
                    end = look + 1
                look += 1
            found.append((y, x, "".join(cell.data for cell in new[x:end]), style))
            x = end
    return found


def order(found: list[Run], by_style: bool) -> list[Run]:
    if not by_style or not found:
        return found
    groups: dict[str, list[Run]] = {}
    for run in found:
        groups.setdefault(run[3], []).append(run)
    out: list[Run] = []
    at = None
    while groups:
        at = min(groups, key=lambda style: change(at, style))
        out += groups.pop(at)
    return out


def codes(style: str) -> tuple[str, str, frozenset[str]]:
    front, _, back = style.partition("/")
    colour, looks = [*front.split("|"), ""][:2]
    return sgr(colour, 38), sgr(back, 48), frozenset(filter(None, looks.split(",")))


def sgr(colour: str, base: int) -> str:
    if colour == "default":
        return ""
    return f"{base};" + colour.replace(":", ";").replace(",", ";") if ":" in colour else colour


def change(old: str | None, new: str) -> int:
    front, back, looks = codes(new)
    full = ";".join(filter(None, ("0", *looks, front, back)))
    if old is None:
        return len(full) + 3
    if old == new:
        return 0
    front0, back0, looks0 = codes(old)
    step = [*looks - looks0, *("22" for _ in looks0 - looks)]
    step += [front or "39"] * (front != front0) + [back or "49"] * (back != back0)
    return min(len(full), len(";".join(step))) + 3


def cost(ordered: list[Run]) -> int:
    total, style, y0, x0 = 0, None, -9, 0
    for y, x, text, new in ordered:
        total += change(style, new) if style != new else 0
        total += move(y0, x0, y, x) + len(text.encode())
        style, y0, x0 = new, y, x + len(text)
    return total


def move(y0: int, x0: int, y: int, x: int) -> int:
    place = len(f"\x1b[{y + 1};{x + 1}H") if x else len(f"\x1b[{y + 1}H")
    if y0 < 0:
        return place
    lines = abs(y - y0)
    down = 0 if not lines else 3 if lines == 1 else len(f"\x1b[{lines}B")
    cells = x - x0
    along = (
        0
        if not cells
        else min(len(f"\x1b[{x + 1}G"), abs(cells) if cells < 0 else 3 if cells == 1 else len(f"\x1b[{cells}C"))
    )
    return min(place, down + (1 if x == 0 else along))

"""Cells that are pictures: where a price lies in its range, a small line of values, shares and balances as bars.

As in `format`: unknown is `-`, and nothing is wider than asked for.
"""

import math
from collections.abc import Sequence
from functools import lru_cache

from tui.format import MISSING, Cell, finite

_BLOCKS = "▁▂▃▄▅▆▇"
"""Without the full block: lines of rows that follow each other would run together."""
_FLAT_BLOCK = "▄"
_RAIL, _MARK = "─", "●"
_PARTS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")


def range_bar(position: float | None, width: int = 8) -> Cell:
    """Where a price lies between its low (0) and its high (1), as `width` characters: `──────●─`."""
    known = finite(position)
    if known is None:
        return MISSING
    at = round(min(max(known, 0.0), 1.0) * (width - 1))
    return Cell(_RAIL * at + _MARK + _RAIL * (width - 1 - at))


def spark(values: Sequence[float | None], width: int) -> Cell:
    """A line of values as `width` eighth blocks, oldest first, flush right; gaps stay spaces.

    More values than columns are cut into equal spans, each shown by its last known value. The scale runs from the
    lowest to the highest value shown; the role tells whether the last value is above or below the first.
    """
    if values and None not in values and math.isfinite(sum(values)):  # type: ignore[arg-type]
        line: list[float | None] = list(values)  # no gaps: the usual case, a thousand times a second
        known = line
    else:
        line = [finite(value) for value in values]
        known = [value for value in line if value is not None]
    if not known:
        return MISSING
    first, last = known[0], known[-1]
    if (count := len(line)) > width:
        if known is line:
            line = known = [line[end - 1] for end in _ends(count, width)]
        else:
            line = [_last_known(line[i * count // width : (i + 1) * count // width]) for i in range(width)]
    text = _blocks(line)
    assert first is not None
    assert last is not None
    role = "up" if last > first else "down" if last < first else "flat"
    return Cell(text.rjust(width), role)


def share_bar(share: float | None, width: int) -> Cell:
    """A share of the whole as a bar of at most `width` blocks, in eighths: 0.5 of 8 is `████`."""
    known = finite(share)
    if known is None:
        return MISSING
    eighths = round(min(max(known, 0.0), 1.0) * width * 8)
    return Cell("█" * (eighths // 8) + _PARTS[eighths % 8], "bar")


def balance_bar(value: float | None, most: float, width: int) -> Cell:
    """A signed value as a bar to either side of the middle of `width` characters; `most` fills a side."""
    known = finite(value)
    if known is None or not most > 0:
        return MISSING
    side = (width - 1) // 2
    filled = round(min(abs(known) / most, 1.0) * side)
    if not filled:
        return Cell(" " * side + "│" + " " * side, "flat")
    left, right = (" " * side, "━" * filled) if known > 0 else (" " * (side - filled) + "━" * filled, "")
    return Cell(left + "│" + right.ljust(side), "up" if known > 0 else "down")


def _last_known(values: Sequence[float | None]) -> float | None:
    """The last value that is known."""
    return next((value for value in reversed(values) if value is not None), None)


@lru_cache(64)
def _ends(count: int, width: int) -> tuple[int, ...]:
    """Where each of `width` equal spans of `count` values ends."""
    return tuple((i + 1) * count // width for i in range(width))


def _blocks(values: Sequence[float | None]) -> str:
    """The eighth blocks of values between their lowest and highest; unknown ones are spaces.

    Halves are taken first, since `high - low` may be beyond a float.
    """
    shown = [value for value in values if value is not None]
    half = min(shown) / 2
    span = max(shown) / 2 - half
    if span <= 0:
        return "".join([" " if value is None else _FLAT_BLOCK for value in values])
    steps = len(_BLOCKS) - 1
    return "".join([" " if value is None else _BLOCKS[round((value / 2 - half) / span * steps)] for value in values])

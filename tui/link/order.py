"""The bytes of runs of changed cells, in the cheaper of two orders: style by style, or row by row.

A screen has few styles, and to move the cursor costs less than to change the colours. Where styles are cheap
(16 colours) the order of the rows may win; both are tried then.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise
from operator import itemgetter
from typing import Any, Final, NamedTuple

from tui.link.cells import Cells, Style
from tui.link.moves import along, step

GREEDY: Final = 48
"""Most styles among which the nearest next one is looked for."""
MOVE: Final = 8
"""Most bytes that ordering by style costs a run more than the order of the rows."""


class At(NamedTuple):
    """Where the terminal's cursor is, and in which style it writes; UNSURE and None where that is not known."""

    style: Style | None
    y: int
    x: int


class Runs(NamedTuple):
    """Texts of one style each, row by row. As columns: a page has six hundred."""

    styles: list[Style]
    rows: list[int]
    starts: list[int]
    """First columns."""
    texts: list[str]
    ends: list[int]
    """The columns after them, or UNSURE."""

    @classmethod
    def none(cls) -> "Runs":
        """No run yet."""
        return cls([], [], [], [], [])

    def add(self, style: Style, y: int, start: int, text: str, end: int) -> None:
        """Add one."""
        self.styles.append(style)
        self.rows.append(y)
        self.starts.append(start)
        self.texts.append(text)
        self.ends.append(end)


def cheapest(cells: Cells, runs: Runs, at: At) -> tuple[str, At]:
    """The bytes of runs, and where they leave the cursor."""
    groups = dict.fromkeys(runs.styles)
    if len(groups) == 1:
        return emitted(cells, runs, at)
    tour = _tour(cells, list(groups), at.style)
    rank = {style: place for place, style in enumerate(tour)}
    ranks = [rank[style] for style in runs.styles]
    pick = itemgetter(*sorted(range(len(ranks)), key=ranks.__getitem__))
    by_style = emitted(cells, [pick(column) for column in runs], at)
    switches = sum(len(cells.change(*pair)) * count for pair, count in Counter(pairwise(runs.styles)).items())
    switches -= sum(len(cells.change(*pair)) for pair in pairwise(tour))
    if switches > MOVE * len(ranks):
        return by_style
    by_row = emitted(cells, runs, at)
    return by_row if len(by_row[0]) < len(by_style[0]) else by_style


def _tour(cells: Cells, left: list[Style], at: Style | None) -> list[Style]:
    """The styles, each followed by the one that is cheapest to change to."""
    if len(left) > GREEDY:
        return left
    tour: list[Style] = []
    while left:
        _, place = min((len(cells.change(at, style)), place) for place, style in enumerate(left))
        at = left.pop(place)
        tour.append(at)
    return tour


def emitted(cells: Cells, runs: Iterable[Sequence[Any]], at: At) -> tuple[str, At]:
    """The bytes of runs in that order, and where they leave the cursor."""
    styles, rows, starts, texts, ends = runs
    switches = [
        "" if one is other else cells.change(one, other)
        for one, other in zip((at.style, *styles), styles, strict=False)
    ]
    # Most moves are along a row.
    moves = [
        along(x, start) if y == row else step(y, x, row, start)
        for y, x, row, start in zip((at.y, *rows), (at.x, *ends), rows, starts, strict=False)
    ]
    bytes_ = "".join(chain.from_iterable(zip(switches, moves, texts, strict=True)))
    return bytes_, At(styles[-1], rows[-1], ends[-1])

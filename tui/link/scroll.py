"""Finds rows that have only moved: the terminal can move them itself, for the price of one row."""

from collections import Counter
from collections.abc import Hashable, Mapping
from typing import Final, NamedTuple, Protocol, Self

from tui.link.cells import UNKNOWN

FEWEST_CELLS: Final = 150
"""Changed cells below which looking for a scroll is not worth the while."""
DENSE: Final = 0.15
"""Share of the changed rectangle that a scroll changes at least; new figures change less."""
FEWEST_ROWS: Final = 2
"""Rows that have to be found elsewhere."""
GAIN: Final = 0.8
"""A scroll has to leave less than this share of the cells to send."""


class Lines(Protocol):
    """The lines of a screen, by their place from the top."""

    def key(self, y: int, left: int, right: int) -> Hashable:
        """What tells a line from the others between two columns; equal where the cells are."""

    def apart(self, y: int, other: Self, at: int) -> int:
        """In how many cells a line differs from a line of another screen."""

    def known(self, y: int) -> bool:
        """Whether each cell of a line is known."""


class Scroll(NamedTuple):
    """Rows `top` to `bottom` (inclusive) move up by `by` lines, down when it is negative."""

    top: int
    bottom: int
    by: int

    def bytes(self) -> str:
        """The scroll region, lines deleted or inserted at its top, and the region taken back.

        Deleting and inserting lines is older than the sequences that scroll, and known to every terminal.
        """
        lines = abs(self.by) if abs(self.by) > 1 else ""
        place = f"\x1b[{self.top + 1}H" if self.top else ""
        return f"\x1b[{self.top + 1};{self.bottom + 1}r{place}\x1b[{lines}{'M' if self.by > 0 else 'L'}\x1b[r"

    def apply(self, rows: list[list[int]], blank: int) -> None:
        """Do to a grid what the terminal does; lines that come in are blank."""
        kept = rows[self.top : self.bottom + 1]
        fresh = [[blank] * len(kept[0]) for _ in range(min(abs(self.by), len(kept)))]
        rows[self.top : self.bottom + 1] = [*kept[self.by :], *fresh] if self.by > 0 else [*fresh, *kept[: self.by]]


def find(want: Lines, sent: Lines, changes: Mapping[int, bytes]) -> Scroll | None:
    """The scroll that leaves the fewest cells to send, if one is worth it.

    Args:
        want: The wanted rows.
        sent: The rows shown.
        changes: By row, a 1 for each column in which the two differ, else a 0; rows without any are not in it.
    """
    counts = {y: changed.count(1) for y, changed in changes.items()}
    count = sum(counts.values())
    if count < FEWEST_CELLS or len(changes) < FEWEST_ROWS:
        return None
    left = min(changed.index(1) for changed in changes.values())
    right = max(changed.rindex(1) for changed in changes.values()) + 1
    first, last = min(changes), max(changes)
    if count < DENSE * (right - left) * (last - first + 1):
        return None
    found = _shift(want, sent, changes, first, last, left, right)
    if found is None:
        return None
    region = range(found.top, found.bottom + 1)
    before = sum(counts.get(y, 0) for y in region)
    # The lines that come in are sent whole.
    after = abs(found.by) * len(next(iter(changes.values())))
    if after >= GAIN * before or not all(map(sent.known, region)):
        return None
    after += sum(want.apart(y, sent, y + found.by) for y in region if y + found.by in region)
    return found if after < GAIN * before else None


def _shift(
    want: Lines, sent: Lines, changes: Mapping[int, bytes], first: int, last: int, left: int, right: int
) -> Scroll | None:
    """By how much most of the changed rows have moved, seen in the changed columns alone."""
    # Whether a scroll is worth it is counted later, over all cells.
    places: dict[Hashable, int] = {}
    for y in range(first, last + 1):
        key = sent.key(y, left, right)
        # Rows that are there twice, blank ones above all, tell nothing.
        places[key] = UNKNOWN if key in places else y
    moved: dict[int, list[int]] = {}
    votes: Counter[int] = Counter()
    for y in changes:
        source = places.get(want.key(y, left, right), UNKNOWN)
        if source not in {UNKNOWN, y}:
            votes[source - y] += 1
            moved.setdefault(source - y, []).append(y)
    if not votes:
        return None
    by, count = votes.most_common(1)[0]
    if count < FEWEST_ROWS:
        return None
    top, bottom = min(moved[by]), max(moved[by])
    return Scroll(top, bottom + by, by) if by > 0 else Scroll(top + by, bottom, by)

"""The lines of a screen: plain ones as they are, and the others as numbers of cells."""

from collections.abc import Hashable, Iterable
from operator import ne
from typing import Final

from tui.link.cells import UNKNOWN, Cells, Style
from tui.link.plain import Plain, joined
from tui.link.scroll import Scroll

SAMPLES: Final = 60
"""Cells by which two lines are told apart at first."""


class Rows:
    """Lines by their place from the top; taken as a sequence, each is a list of the numbers of its cells."""

    def __init__(self, width: int, height: int) -> None:
        self._numbers = [[UNKNOWN] * width for _ in range(height)]
        """Not true of a line that is plain, until it is asked for."""
        self.plain: dict[int, Plain] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, y: int) -> list[int]:
        """The cells of a line, to be read."""
        if (plain := self.plain.get(y)) is not None:
            self._numbers[y] = plain.numbers()
        return self._numbers[y]

    def opened(self, y: int) -> list[int]:
        """The cells of a line, to be drawn into."""
        row = self[y]
        self.plain.pop(y, None)
        return row

    def copy(self, y: int, other: "Rows") -> None:
        """Take a line over from another screen."""
        if (plain := other.plain.get(y)) is not None:
            self.plain[y] = plain
        else:
            self.plain.pop(y, None)
            self._numbers[y][:] = other[y]

    def blank_from(self, y: int, x: int, style: Style) -> bool:
        """Whether a line has only blanks of a style from a column on."""
        if (plain := self.plain.get(y)) is None:
            row = self._numbers[y]
            return row[x:].count(style.cells[" "]) == len(row) - x
        if plain.text[x : x + 1] > " ":
            return False
        return not plain.text[x:].strip(" ") and not plain.marks[x:].strip(style.mark)

    def key(self, y: int, left: int, right: int) -> Hashable:
        """What tells a line from the others between two columns: some of its cells."""
        if (plain := self.plain.get(y)) is not None:
            return plain.text[left:right]
        return tuple(self._numbers[y][left : right : max(1, (right - left) // SAMPLES)])

    def differing(self, places: Iterable[int], other: "Rows") -> dict[int, bytes]:
        """A 1 for each column in which a line differs from that of another screen, for lines that are plain in both."""
        found: dict[int, bytes] = {}
        both = [(y, self.plain[y], other.plain[y]) for y in places if y in self.plain and y in other.plain]
        apart = [(y, plain, shown) for y, plain, shown in both if plain is not shown and plain != shown]
        if apart:
            _, plains, others = zip(*apart, strict=True)
            changed, width = joined(plains).differing(joined(others)), len(self._numbers[0])
            found = {y: changed[at * width : (at + 1) * width] for at, (y, *_) in enumerate(apart)}
        return found

    def apart(self, y: int, other: "Rows", at: int) -> int:
        """In how many cells a line differs from a line of another screen."""
        plain, shown = self.plain.get(y), other.plain.get(at)
        if plain is not None and shown is not None:
            return plain.differing(shown).count(1)
        return sum(map(ne, self[y], other[at]))

    def known(self, y: int) -> bool:
        """Whether each cell of a line is known."""
        return y in self.plain or UNKNOWN not in self._numbers[y]

    def scroll(self, scroll: Scroll, blank: int) -> None:
        """Do what the terminal does; lines that come in are blank."""
        region = range(scroll.top, scroll.bottom + 1)
        moved = {y - scroll.by: self.plain.pop(y) for y in region if y in self.plain}
        scroll.apply(self._numbers, blank)
        self.plain |= {y: plain for y, plain in moved.items() if y in region}

    def renumber(self, old: Cells, new: Cells) -> None:
        """Follow the cells to new numbers."""
        for y in range(len(self)):
            if (plain := self.plain.get(y)) is not None and (same := plain.renumbered(new)) is not None:
                self.plain[y] = same
                continue
            row = self.opened(y)
            row[:] = [new.copy_of(number, old) for number in row]

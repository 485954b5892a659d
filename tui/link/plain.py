"""Lines of plain text: what is drawn whole and of narrow characters is compared without a look at each cell."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Final, NamedTuple, Self

from textual._cells import cell_len

from tui.link.cells import CONTESTED, Style, drawn, within

MOST_STYLES: Final = 120
"""Styles of a line: those of two lines have to have numbers that are bytes."""
BYTES: Final = tuple(bytes([number]) for number in range(256))
ONES: Final = b"\0" + b"\1" * 255
"""Makes a one of all that is not nought."""
_narrow: Final = set(map(chr, range(0x20, 0x7F)))
"""Characters that are known to be narrow."""


class Plain(NamedTuple):
    """A line of characters that take a cell each."""

    text: str
    ends: tuple[int, ...]
    """Columns before which its styles end."""
    at: tuple[Style, ...]
    """Those styles."""

    @classmethod
    def of(cls, texts: Sequence[str], at: Sequence[Style]) -> Self | None:
        """Texts one after the other, each in its style; None when they are not plain."""
        line = "".join(texts)
        if not is_plain(line) or len(at) > MOST_STYLES:
            return None
        return cls(line, tuple(accumulate(map(len, texts))), tuple(at))

    def over(self, other: Self, x: int) -> Self:
        """This line with another drawn over it from a column on."""
        end = x + len(other.text)
        first, rest = bisect_left(self.ends, x), bisect_right(self.ends, end)
        ends, at = self.ends[:first], self.at[:first]
        if x > (ends[-1] if ends else 0):
            ends, at = (*ends, x), (*at, self.at[first])
        ends = (*ends, *(x + each for each in other.ends), *self.ends[rest:])
        return type(self)(self.text[:x] + other.text + self.text[end:], ends, (*at, *other.at, *self.at[rest:]))

    def numbers(self) -> list[int]:
        """The numbers of its cells."""
        found: list[int] = []
        for (start, end), style in zip(pairwise((0, *self.ends)), self.at, strict=True):
            found += map(style.cells.__getitem__, self.text[start:end])
        return found

    def differing(self, other: Self) -> bytes:
        """A 1 for each column in which two lines of one width differ, else a 0."""
        width = len(self.text)
        if self.text.isascii() and other.text.isascii():
            found = _apart(self.text.encode("ascii"), other.text.encode("ascii"))
        else:
            wide = _apart(self.text.encode("utf-32-le"), other.text.encode("utf-32-le")).to_bytes(4 * width, "little")
            found = _number(wide[::4]) | _number(wide[1::4]) | _number(wide[2::4])
        if self.ends != other.ends or self.at != other.at:
            numbers: dict[Style, bytes] = {}
            found |= _apart(self._styles(numbers), other._styles(numbers))
        return found.to_bytes(width, "little").translate(ONES)

    def _styles(self, numbers: dict[Style, bytes]) -> bytes:
        """A byte for the style of each cell."""
        start = 0
        found: list[bytes] = []
        for end, style in zip(self.ends, self.at, strict=True):
            number = numbers.get(style)
            if number is None:
                number = numbers[style] = BYTES[len(numbers)]
            found.append(number * (end - start))
            start = end
        return b"".join(found)


def is_plain(text: str) -> bool:
    """Whether each character takes a cell, in every terminal."""
    if text.isascii():
        return text.isprintable()
    new = set(text) - _narrow
    known = {each for each in new if drawn(each) and cell_len(each) == 1 and not within(each, CONTESTED)}
    _narrow.update(known)
    return known == new


def _number(line: bytes) -> int:
    return int.from_bytes(line, "little")


def _apart(one: bytes, other: bytes) -> int:
    """A number whose bytes are nought where those of two lines are equal."""
    return _number(one) ^ _number(other)

"""Lines of plain text: what is drawn whole and of narrow characters is compared without a look at each cell."""

from collections.abc import Iterable, Sequence
from operator import mul
from typing import Final, NamedTuple, Self

from textual._cells import cell_len

from tui.link.cells import CONTESTED, Cells, Inks, Style, drawn, within

ONES: Final = b"\0" + b"\1" * 255
"""Makes a one of all that is not nought."""
_narrow: Final = set(map(chr, range(0x20, 0x7F)))
"""Characters that are known to be narrow."""


class Plain(NamedTuple):
    """A line of characters that take a cell each."""

    text: str
    marks: bytes
    """A byte for each cell: the mark of its style."""
    inks: Inks
    """The styles by their marks."""

    @classmethod
    def of(cls, texts: Sequence[str], at: Iterable[Style], inks: Inks) -> Self | None:
        """Texts one after the other, each in its style; None when they are not plain, or a style has no mark."""
        line = "".join(texts)
        marks = b"".join(map(mul, [style.mark for style in at], map(len, texts)))
        return cls(line, marks, inks) if len(marks) == len(line) and is_plain(line) else None

    def over(self, other: Self, x: int) -> Self:
        """This line with another drawn over it from a column on."""
        end = x + len(other.text)
        text = self.text[:x] + other.text + self.text[end:]
        return type(self)(text, self.marks[:x] + other.marks + self.marks[end:], self.inks)

    def first(self, columns: int) -> Self:
        """Its beginning."""
        return type(self)(self.text[:columns], self.marks[:columns], self.inks)

    def numbers(self) -> list[int]:
        """The numbers of its cells."""
        numbers = {mark: self.inks[mark].cells for mark in set(self.marks)}
        return [numbers[mark][character] for mark, character in zip(self.marks, self.text, strict=True)]

    def renumbered(self, cells: Cells) -> Self | None:
        """The same by the marks of other cells; None where there are not enough."""
        marks = {mark: cells.style(self.inks[mark].look).mark for mark in set(self.marks)}
        if not all(marks.values()):
            return None
        return type(self)(self.text, b"".join(map(marks.__getitem__, self.marks)), cells.inks)

    def differing(self, other: Self) -> bytes:
        """A 1 for each column in which two lines of one width differ, else a 0."""
        width = len(self.text)
        if self.text.isascii() and other.text.isascii():
            found = _apart(self.text.encode("ascii"), other.text.encode("ascii"))
        else:
            wide = _apart(self.text.encode("utf-32-le"), other.text.encode("utf-32-le")).to_bytes(4 * width, "little")
            found = number(wide[::4]) | number(wide[1::4]) | number(wide[2::4])
        if self.marks != other.marks:
            found |= _apart(self.marks, other.marks)
        return found.to_bytes(width, "little").translate(ONES)


def joined(lines: Sequence[Plain]) -> Plain:
    """Lines as one."""
    return Plain("".join([line.text for line in lines]), b"".join([line.marks for line in lines]), lines[0].inks)


def is_plain(text: str) -> bool:
    """Whether each character takes a cell, in every terminal."""
    if text.isascii():
        return text.isprintable()
    new = set(text) - _narrow
    known = {each for each in new if drawn(each) and cell_len(each) == 1 and not within(each, CONTESTED)}
    _narrow.update(known)
    return known == new


def number(line: bytes) -> int:
    """A line of bytes as a number, so that all of them are worked on at once."""
    return int.from_bytes(line, "little")


def _apart(one: bytes, other: bytes) -> int:
    """A number whose bytes are nought where those of two lines are equal."""
    return number(one) ^ number(other)

"""Numbers for cells: a cell is its text in a style, and two cells are equal when their numbers are.

Numbers make the rows of a grid plain lists that are compared, hashed and sliced at the speed of C.
"""

from collections.abc import Callable
from typing import Final

from textual._cells import cell_len

from tui.link.style import Look, applied, change

UNKNOWN: Final = -1
"""A cell of which nothing is known: of the terminal's, that it has to be sent; of the wanted, that it is not."""

MOST_CHANGES: Final = 1 << 13
"""Ways from a style to another that are kept: of 300 styles there are 90,000."""
MOST_CELLS: Final = 1 << 16
"""Different cells ever met, above which those no longer seen are forgotten."""
MOST_INKS: Final = 256
"""Styles that a byte can tell apart: lines of them are compared as a whole."""
ZERO_WIDTH_JOINER: Final = "\u200d"
AGREED_WIDE: Final = (
    (0x1100, 0x115F),
    (0x2E80, 0xA4CF),
    (0xAC00, 0xD7A3),
    (0xF900, 0xFAFF),
    (0xFE30, 0xFE4F),
    (0xFF00, 0xFF60),
    (0xFFE0, 0xFFE6),
    (0x20000, 0x3FFFD),
)
"""Code points that every terminal draws two cells wide."""
CONTESTED: Final = ((0x1F1E6, 0x1F1FF), (0x1F3FB, 0x1F3FF))
"""Halves of flags and shades of skin: some terminals join them to what stands next to them."""


class UnusualError(Exception):
    """A character that is not exactly one cell."""


def within(text: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    """Whether the first code point of a text lies in one of the ranges."""
    return any(first <= ord(text[0]) <= last for first, last in ranges)


class Narrow(dict[str, int]):
    """The numbers of one style's cells by their character; only characters of exactly one cell."""

    __slots__ = ("_cells", "_style")

    def __init__(self, cells: "Cells", style: "Style") -> None:
        super().__init__()
        self._cells, self._style = cells, style

    def __missing__(self, character: str) -> int:
        if not drawn(character) or cell_len(character) != 1 or within(character, CONTESTED):
            raise UnusualError(character)
        number = self[character] = self._cells.add(character, self._style)
        return number


def drawn(character: str) -> bool:
    """Whether a terminal draws a character: not a control character, nor half of a surrogate pair."""
    code = ord(character)
    return not (code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000)


class Style:
    """A style in use, with the numbers of its cells."""

    __slots__ = ("after", "cells", "changes", "clusters", "known", "look", "mark")

    def __init__(self, look: Look, cells: "Cells", mark: bytes) -> None:
        self.look = look
        self.mark = mark
        """Its place among `Cells.inks`, a byte; empty where that is none."""
        self.cells = Narrow(cells, self)
        self.clusters: dict[str, int] = {}
        """Numbers of cells that are no single narrow character; the empty one is the second half of a wide one."""
        self.after: dict[str, Style] = {}
        """The styles that follow by the parameters of an SGR sequence."""
        self.known: dict[str, Callable[[str], int]] = {}
        """By a whole SGR sequence up to its end, what numbers the characters in the style that follows."""
        self.changes: dict[Style, str] = {}
        """Shortest bytes to other styles."""


Inks = list[Style]
"""Styles by their marks, from one on."""


class Cells:
    """All cells and styles that have been met."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        """By the number of a cell, its text; empty for the second half of a wide character."""
        self.styles: list[Style] = []
        """By the number of a cell, its style."""
        self.disputed: set[int] = set()
        """Cells that not every terminal draws equally wide."""
        self.unsure: set[int] = set()
        """Wide cells after which the cursor may be elsewhere than expected."""
        self.base = Style(Look(), self, b"\1")
        self._looks = {self.base.look: self.base}
        self.inks: Inks = [self.base, self.base]
        """The first styles by their marks; nought is none."""
        self.codes: dict[object, str] = {}
        """By colours and attributes of Rich's, the codes of a style."""
        self._needed = 0
        """Styles that were in use when all was numbered anew."""
        self._changes = 0
        """Ways from a style to another that are kept."""
        self.blank = self.base.cells[" "]

    def __len__(self) -> int:
        return len(self.texts)

    def style(self, look: Look) -> Style:
        """The one style of that look."""
        style = self._looks.get(look)
        if style is None:
            mark = bytes([len(self.inks)]) if len(self.inks) < MOST_INKS else b""
            style = self._looks[look] = Style(look, self, mark)
            if mark:
                self.inks.append(style)
        return style

    @property
    def crowded(self) -> bool:
        """Whether numbering anew what is still in use is worth the while."""
        return len(self) > MOST_CELLS or len(self._looks) > max(MOST_INKS, 2 * self._needed)

    def settle(self) -> None:
        """Take what there is for what is needed: all that is in use has been numbered."""
        self._needed = len(self._looks)

    def follow(self, style: Style, parameters: str) -> Style | None:
        """The style after an SGR sequence; None when it is not understood."""
        look = applied(style.look, parameters)
        if look is None:
            return None
        following = style.after[parameters] = self.style(look)
        return following

    def linked(self, style: Style, link: str) -> Style:
        """The style with another hyperlink, or with none."""
        return self.style(style.look._replace(link=link))

    def change(self, old: Style | None, new: Style) -> str:
        """The shortest bytes from one style to another; None is any."""
        if old is None:
            return change(None, new.look)
        found = old.changes.get(new)
        if found is None:
            self._changes += 1
            if self._changes > MOST_CHANGES:
                self._changes = 1
                for style in self._looks.values():
                    style.changes.clear()
            found = old.changes[new] = change(old.look, new.look)
        return found

    def add(self, text: str, style: Style) -> int:
        """A new number."""
        self.texts.append(text)
        self.styles.append(style)
        return len(self.texts) - 1

    def cluster(self, text: str, style: Style) -> int:
        """The number of a cell that is no single narrow character; empty for the second half of a wide one."""
        number = style.clusters.get(text)
        if number is None:
            number = style.clusters[text] = self.add(text, style)
            if text and (len(text) > 1 or within(text, CONTESTED)):
                self.disputed.add(number)
            elif text and not within(text, AGREED_WIDE):
                self.unsure.add(number)
        return number

    def copy_of(self, number: int, other: "Cells") -> int:
        """The number here of a cell there."""
        if number == UNKNOWN:
            return UNKNOWN
        text, style = other.texts[number], self.style(other.styles[number].look)
        narrow = other.styles[number].cells.get(text) == number
        return style.cells[text] if narrow else self.cluster(text, style)

"""The far end of the line: a terminal emulator that also keeps what pyte leaves out.

pyte knows no dim, concealed or overlined text and no hyperlinks, takes widths from another table than Textual, leaves
half a wide character standing when the other half is overwritten, keeps stale rows when lines are deleted that were
never written to, and prints the end of the kitty keyboard protocol. A test that compares screens must see all that.
"""

import re
from functools import cache

import pyte
from pyte.screens import Char, Margins
from rich.cells import cell_len

LINK = re.compile(r"\x1b\]8;([^\x1b\x07]*)(?:\x1b\\|\x07)")
KEYBOARD = re.compile(r"\x1b\[[<>=][\d;]*u")
OFF = {22: {1, 2}, 23: {3}, 24: {4, 21}, 25: {5, 6}, 27: {7}, 28: {8}, 29: {9}, 54: {51, 52}, 55: {53}}
DEFAULT = Char(" ")
USUAL = re.compile(r"\x1b\[([\d;]*)m|\x1b\[(\d+);(\d+)H|([^\x00-\x1f\x7f-\x9f]+)|(\r|\n)")
"""What a screen is nearly all made of, and what is drawn without pyte's parser: it takes most of the time."""


@cache
def narrow(character: str) -> bool:
    """Whether a character takes a cell of its own."""
    return cell_len(character) == 1


class Ink(dict[str, Char]):
    """The cells of one colour, by their text."""

    def __init__(self, attrs: Char) -> None:
        super().__init__()
        self.attrs = attrs

    def __missing__(self, text: str) -> Char:
        cell = self[text] = self.attrs._replace(data=text)
        return cell


class Far(pyte.Screen):
    """A screen whose cells are told apart by all that a terminal shows of them."""

    def __init__(self, columns: int, lines: int) -> None:
        self.answers: list[str] = []
        self.bells = 0
        self.link = ""
        self.lit: set[int] = set()
        self.fg = self.bg = "default"
        self.dipped: dict[tuple[str, str, frozenset[int], str], Char] = {}
        self.styles: dict[object, tuple[str, str, frozenset[int], Char, dict[str, Char]]] = {}
        self.inked: dict[Char, dict[str, Char]] = {}
        self.ink: dict[str, Char] = Ink(DEFAULT)
        """Cells in the colour taken up, by their text."""
        super().__init__(columns, lines)
        self.stream = pyte.Stream(self)

    def feed(self, text: str) -> None:
        """Draw what is written."""
        parts = LINK.split(KEYBOARD.sub("", text))
        for place, part in enumerate(parts):
            if place % 2:
                self.link = "" if part == ";" else part
                self._dip()
            else:
                self._feed(part)

    def _feed(self, text: str) -> None:
        """Draw what is usual without the parser, and give it what is not."""
        place = 0
        while place < len(text):
            found = USUAL.match(text, place)
            if found is None:
                end = text.find("\x1b", place + 1)
                end = len(text) if end < 0 else end
                self.stream.feed(text[place:end])
                place = end
                continue
            place = found.end()
            codes, line, column, plain, control = found.groups()
            if codes is not None:
                self._style(codes)
            elif line is not None:
                self.cursor_position(int(line), int(column))
            elif plain is not None:
                self.draw(plain)
            elif control == "\r":
                self.carriage_return()
            else:
                self.linefeed()

    def _style(self, codes: str) -> None:
        """Take up a style; what it leads to is worked out once."""
        key = (self.fg, self.bg, frozenset(self.lit), self.link, codes)
        known = self.styles.get(key)
        if known is None:
            self.select_graphic_rendition(*[int(code or 0) for code in codes.split(";")])
            self.styles[key] = self.fg, self.bg, frozenset(self.lit), self.cursor.attrs, self.ink
        else:
            self.fg, self.bg, lit, self.cursor.attrs, self.ink = known
            self.lit = set(lit)

    def cells(self) -> list[list[Char]]:
        """Every cell, row by row."""
        return [[self.buffer[y][x] for x in range(self.columns)] for y in range(self.lines)]

    def spoil(self) -> None:
        """Show rubbish, as a terminal may do after it was resized."""
        for y in range(self.lines):
            for x in range(self.columns):
                self.buffer[y][x] = Char("#", fg="rubbish")

    def draw(self, data: str) -> None:
        x, line = self.cursor.x, self.buffer[self.cursor.y]
        end = x + len(data)
        before = line[x - 1].data if x else " "
        plain = end <= self.columns and (data.isascii() or all(map(narrow, data)))
        if plain and before and before[-1] != "\u200d" and line[x].data and (end == self.columns or line[end].data):
            # Nothing wide is cut, nothing joined.
            for character in data:
                line[x] = self.ink[character]
                x += 1
            self.cursor.x = end
            return
        for character in data:
            width = cell_len(character)
            line = self.buffer[self.cursor.y]
            if not width:
                x = min(self.cursor.x, self.columns) - 1
                x -= x > 0 and not line[x].data
                line[x] = line[x]._replace(data=line[x].data + character)
                if cell_len(line[x].data) == 2 and line[x + 1].data and x + 2 <= self.columns:
                    self._put(x, line[x].data, 2)
                    self.cursor.x = x + 2
                continue
            if self.cursor.x > 0 and line[self.cursor.x - 1].data.endswith("\u200d"):
                x = self.cursor.x - 1
                line[x] = line[x]._replace(data=line[x].data + character)
                continue
            joined = self.cursor.x - 2
            if joined >= 0 and not line[joined + 1].data and line[joined].data.endswith("\u200d"):
                line[joined] = line[joined]._replace(data=line[joined].data + character)
                continue
            self.cursor.x = min(self.cursor.x, self.columns - width)
            self._put(self.cursor.x, character, width)
            self.cursor.x += width

    def _put(self, x: int, text: str, width: int) -> None:
        line = self.buffer[self.cursor.y]
        if x > 0 and not line[x].data:
            line[x - 1] = line[x - 1]._replace(data=" ")
        end = x + width
        if end < self.columns and not line[end].data:
            line[end] = line[end]._replace(data=" ")
        line[x] = self.ink[text]
        if width == 2:
            line[x + 1] = self.ink[""]

    def select_graphic_rendition(self, *attrs: int) -> None:
        codes = iter(attrs or (0,))
        for code in codes:
            if code == 0:
                self.lit, self.fg, self.bg = set(), "default", "default"
            elif code in OFF:
                self.lit -= OFF[code]
            elif code in {38, 48}:
                kind = next(codes)
                colour = f"{kind}:" + ",".join(str(next(codes)) for _ in range(1 if kind == 5 else 3))
                self.fg, self.bg = (colour, self.bg) if code == 38 else (self.fg, colour)
            elif code == 58:
                next(codes), next(codes)  # the colour of the underline, which is not looked at
            elif code in {39, 49}:
                self.fg, self.bg = ("default", self.bg) if code == 39 else (self.fg, "default")
            elif code in {1, 2, 3, 4, 5, 6, 7, 8, 9, 21, 51, 52, 53}:
                self.lit.add(code)
            elif 30 <= code < 38 or 90 <= code < 98:
                self.fg = str(code)
            elif 40 <= code < 48 or 100 <= code < 108:
                self.bg = str(code - 10)
            else:
                raise AssertionError(f"SGR {code}")
        self._dip()

    def _dip(self) -> None:
        """Take up the colour."""
        key = (self.fg, self.bg, frozenset(self.lit), self.link)
        attrs = self.dipped.get(key)
        if attrs is None:
            looks = ",".join(map(str, sorted(self.lit)))
            attrs = Char(" ", fg=f"{self.fg}|{looks}|{self.link}", bg=self.bg)
            attrs = self.dipped[key] = DEFAULT if attrs == Char(" ", fg="default||", bg="default") else attrs
        self.cursor.attrs = attrs
        self.ink = self.inked.setdefault(attrs, Ink(attrs))

    def reset(self) -> None:
        super().reset()
        self.lit, self.fg, self.bg, self.link = set(), "default", "default", ""
        self._dip()

    def set_mode(self, *modes: int, **kwargs: object) -> None:
        super().set_mode(*modes, **kwargs)
        if kwargs.get("private") and 1049 in modes:
            self.buffer.clear()

    def reset_mode(self, *modes: int, **kwargs: object) -> None:
        super().reset_mode(*modes, **kwargs)
        if kwargs.get("private") and 1049 in modes:
            self.buffer.clear()

    def delete_lines(self, count: int | None = None) -> None:
        self._shift(count or 1)

    def insert_lines(self, count: int | None = None) -> None:
        self._shift(-(count or 1))

    def _shift(self, by: int) -> None:
        top, bottom = self.margins or Margins(0, self.lines - 1)
        if not top <= self.cursor.y <= bottom:
            return
        places = range(self.cursor.y, bottom + 1)
        old = {y: self.buffer.pop(y, None) for y in places}
        for y in places:
            if (row := old.get(y + by)) is not None:
                self.buffer[y] = row
        self.carriage_return()

    def bell(self, *_args: object) -> None:
        self.bells += 1

    def write_process_input(self, data: str) -> None:
        self.answers.append(data)

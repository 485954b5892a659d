"""The wanted screen: reads what the compositor writes, the way a terminal would, into a grid of cells."""

import re
from typing import Final

from textual._cells import cell_len

from tui.link.cells import UNKNOWN, ZERO_WIDTH_JOINER, Cells, Style, UnusualError, drawn

FRAME: Final = re.compile(r"\x1b\[\d+;\d+H")
"""How a frame begins: the compositor first says where."""
PIECE: Final = re.compile(r"(?:(\d+);(\d+)H|([\d;]*)m)(.*)", re.DOTALL)
"""The rest of a CSI sequence of a frame (a place, or a style), and the text that follows."""
ODD: Final = re.compile(r"\x1b\]8;([^;\x07\x1b]*;[^\x07\x1b]*)(?:\x1b\\|\x07)|(\n)|([^\x1b\n]+)")
"""What else is between two sequences: a hyperlink begins or ends, a new line, text."""

Rows = list[list[int]]
"""Lines of the numbers of cells."""


class DoubtError(Exception):
    """A terminal may make something else of it than we would."""


class Screen:
    """The grid of cells that the frames so far have drawn; a cell that none has drawn is `UNKNOWN`."""

    def __init__(self, width: int, height: int) -> None:
        self.cells = Cells()
        self.touched: set[int] = set()
        """Rows that were written to since the driver last took them."""
        self.contested: set[int] = set()
        """Rows that may hold cells which terminals disagree about."""
        self.wide: set[int] = set()
        """Rows that may hold wide characters."""
        self.resize(width, height)

    def resize(self, width: int, height: int) -> None:
        """Take another size, and forget everything."""
        self.width, self.height = width, height
        self.rows: Rows = [[UNKNOWN] * width for _ in range(height)]
        self.cursor = (0, 0)
        """Where the last frame left the cursor: row, column."""
        self.touched.clear()
        self.contested.clear()
        self.wide.clear()

    def forget(self) -> None:
        """Know nothing of any cell."""
        self.resize(self.width, self.height)

    def touch(self) -> None:
        """Have every row looked at again."""
        self.touched.update(range(self.height))

    def renumber(self, cells: Cells) -> None:
        """Number the cells anew, so that those that are long gone take no room."""
        for row in self.rows:
            row[:] = [cells.copy_of(number, self.cells) for number in row]
        self.cells = cells

    def feed(self, data: str) -> None:
        """Draw a frame; DoubtError when something in it is not plain, and then part of it may be drawn.

        A frame begins with a place and the terminal's own style, and each of its texts stays on its line.
        """
        style, cells = self.cells.base, self.cells
        rows, width, height, wide = self.rows, self.width, self.height, self.wide
        row: list[int] = []
        y, x = 0, -1
        first, *pieces = data.split("\x1b[")
        if first:
            raise DoubtError(first)
        for piece in pieces:
            parameters, _, text = piece.partition("m")
            # A style that is not known yet, or a place: neither is a known parameter of a style.
            following = style.after.get(parameters)
            if following is None or len(parameters) == len(piece):
                match = PIECE.fullmatch(piece)
                if match is None:
                    raise DoubtError(piece)
                line, column, parameters, text = match.groups()
                if line is None:
                    following = cells.follow(style, parameters)
                    if following is None:
                        raise DoubtError(piece)
                    style = following
                else:
                    y, x = max(int(line), 1) - 1, max(int(column), 1) - 1
                    if y >= height or x >= width:
                        raise DoubtError(piece)
                    row = rows[y]
                    self.touched.add(y)
            else:
                style = following
            if not text:
                continue
            end = x + len(text)
            try:
                if x < 0 or end > width:
                    raise UnusualError(text)  # noqa: TRY301 -- the slow way knows what to do
                numbers = list(map(style.cells.__getitem__, text))
            except UnusualError:
                y, x, style = self._draw(y, x, style, text)
                continue
            if y in wide:
                self._halve(row, x, end)
            row[x:end] = numbers
            x = end
        self.cursor = (y, max(x, 0))

    def _draw(self, y: int, x: int, style: Style, text: str) -> tuple[int, int, Style]:
        """Draw what is more than narrow characters: character by character; where it ends, and in which style."""
        place = 0
        while place < len(text):
            match = ODD.match(text, place)
            if match is None:
                raise DoubtError(text)
            place = match.end()
            link, newline, plain = match.groups()
            if link is not None:
                style = self.cells.linked(style, "" if link == ";" else link)
            elif newline:
                # The next text says itself where it goes; below the last line the terminal would scroll.
                y, x = y + 1, -1
                if y >= self.height:
                    raise DoubtError(text)
            else:
                x = self._put(y, x, style, plain)
        return y, x, style

    def _put(self, y: int, x: int, style: Style, text: str) -> int:
        """Draw text with wide or joined characters from a column on; the column after it."""
        if x < 0:
            raise DoubtError(text)
        row = self.rows[y]
        for cluster in clusters(text):
            cells = max(cell_len(cluster), 1)
            if cells > 2 or x + cells > self.width or not all(map(drawn, cluster)) or not cell_len(cluster[0]):
                # It does not fit, or joins a character that another text has drawn: terminals differ.
                raise DoubtError(text)
            try:
                number = style.cells[cluster] if len(cluster) == 1 else self.cells.cluster(cluster, style)
            except UnusualError:
                number = self.cells.cluster(cluster, style)
            self._halve(row, x, x + cells)
            row[x] = number
            if cells == 2:
                row[x + 1] = self.cells.cluster("", style)
                self.wide.add(y)
            if number in self.cells.disputed:
                self.contested.add(y)
            x += cells
        return x

    def _halve(self, row: list[int], start: int, end: int) -> None:
        """Blank the other halves of wide characters that a text from `start` to `end` covers in part."""
        texts, styles = self.cells.texts, self.cells.styles
        for inside, outside in ((start, start - 1), (end, end)):
            if 0 < inside < len(row) and row[inside] != UNKNOWN and not texts[row[inside]]:
                left = row[outside]
                row[outside] = UNKNOWN if left == UNKNOWN else styles[left].cells[" "]


def clusters(text: str) -> list[str]:
    """Characters as they are drawn: each with the zero-width ones after it, and those that a joiner ties to it."""
    found: list[str] = []
    joined = False
    for character in text:
        if found and (joined or not cell_len(character)):
            found[-1] += character
        else:
            found.append(character)
        joined = character == ZERO_WIDTH_JOINER
    return found

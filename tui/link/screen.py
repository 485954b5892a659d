"""The wanted screen: reads what the compositor writes, the way a terminal would, into a grid of cells."""

import re
from typing import Final

from textual._cells import cell_len

from tui.link.cells import UNKNOWN, ZERO_WIDTH_JOINER, Cells, Style, UnusualError, drawn
from tui.link.plain import Plain
from tui.link.rows import Rows
from tui.link.style import Look

RESET: Final = "\x1b[0m"
FRAME: Final = re.compile(r"\x1b\[\d+;\d+H")
"""How a frame begins: the compositor first says where."""
PIECE: Final = re.compile(r"(?:(\d+);(\d+)H|([\d;]*)m)(.*)", re.DOTALL)
"""The rest of a CSI sequence of a frame (a place, or a style), and the text that follows."""
LINE: Final = re.compile(r"(\n?)\x1b\[(\d+);(\d+)H(\x1b\[[\d;]*)")
"""How a line of a frame begins, up to the end of the style of its first text."""
ODD: Final = re.compile(r"\x1b\]8;([^;\x07\x1b]*;[^\x07\x1b]*)(?:\x1b\\|\x07)|(\n)|([^\x1b\n]+)")
"""What else is between two sequences: a hyperlink begins or ends, a new line, text."""


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
        self.rows = Rows(width, height)
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
        self.rows.renumber(self.cells, cells)
        # What was drawn long ago still has its marks; it is not to keep the styles alive.
        self.cells.inks.clear()
        self.cells = cells

    def feed(self, data: str) -> None:
        """Draw a frame; DoubtError when something in it is not plain, and then part of it may be drawn.

        A frame begins with a place and the terminal's own style, and each of its texts stays on its line.
        """
        # A compositor takes back the colours after each of its texts. What style that leads to is asked for once.
        ground, known = self.cells.base, self.cells.base.known
        rows, width, wide = self.rows, self.width, self.wide
        y, x = 0, -1
        for piece in data.split(RESET):
            parameters, _, text = piece.partition("m")
            number_of = known.get(parameters)
            if number_of is None and (match := LINE.fullmatch(parameters)) is not None:
                newline, line, column, parameters = match.groups()
                number_of = known.get(parameters)
                if number_of is not None:
                    y, x = self._place(line, column, y + 1 if newline else 0)
            end = x + len(text)
            try:
                # Nearly all pieces are one style and one text of it; what is not leads out of here by an error.
                if number_of is None or x < 0 or end > width:
                    raise UnusualError(text)  # noqa: TRY301 -- the slow way knows what to do
                numbers = list(map(number_of, text))
            except UnusualError:
                y, x, style = self._piece(y, x, ground, piece)
                if style.look.link != ground.look.link:
                    ground = self.cells.style(Look(link=style.look.link))
                    known = ground.known
                continue
            row = rows.opened(y)
            if y in wide:
                self._halve(row, x, end)
            row[x:end] = numbers
            x = end
        self.cursor = (y, max(x, 0))

    def _place(self, line: str, column: str, lowest: int) -> tuple[int, int]:
        """Row and column that a text says it goes to; below the last line the terminal would scroll."""
        y, x = max(int(line), 1) - 1, max(int(column), 1) - 1
        if y >= self.height or x >= self.width or lowest >= self.height:
            raise DoubtError(line)
        self.touched.add(y)
        return y, x

    def _piece(self, y: int, x: int, style: Style, data: str) -> tuple[int, int, Style]:
        """Draw what begins in a style and may say places and other styles; where it ends, and in which style."""
        first, *pieces = data.split("\x1b[")
        ground, styles = style, 0
        if first:
            y, x, style = self._draw(y, x, style, first)
        for piece in pieces:
            match = PIECE.fullmatch(piece)
            if match is None:
                raise DoubtError(piece)
            line, column, parameters, text = match.groups()
            if line is None:
                following = style.after.get(parameters) or self.cells.follow(style, parameters)
                if following is None:
                    raise DoubtError(piece)
                style = following
                styles += 1
            else:
                y, x = self._place(line, column, 0)
            if text:
                y, x, style = self.text(y, x, style, text)
        if styles == 1 and parameters and style.look.link == ground.look.link:
            ground.known[f"\x1b[{parameters}"] = style.cells.__getitem__
        return y, x, style

    def text(self, y: int, x: int, style: Style, text: str) -> tuple[int, int, Style]:
        """Draw text, which is mostly narrow characters."""
        end = x + len(text)
        try:
            if x < 0 or end > self.width:
                raise UnusualError(text)  # noqa: TRY301 -- the slow way knows what to do
            numbers = list(map(style.cells.__getitem__, text))
        except UnusualError:
            return self._draw(y, x, style, text)
        if y in self.wide:
            self._halve(self.rows.opened(y), x, end)
        self.rows.opened(y)[x:end] = numbers
        return y, end, style

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
        row = self.rows.opened(y)
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

    def take(self, y: int, x: int, plain: Plain) -> bool:
        """Draw a piece of a line as it is; False where that line is not plain, nor drawn from end to end."""
        if len(plain.text) < self.width:
            line = self.rows.plain.get(y)
            if line is None or x + len(plain.text) > self.width:
                return False
            plain = line.over(plain, x)
        elif y in self.contested or x or len(plain.text) > self.width:
            return False
        self.rows.plain[y] = plain
        self.wide.discard(y)
        return True

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

"""The shown screen, and the shortest bytes that make the wanted one of it.

Runs of changed cells are sent style by style, not row by row: a screen has few styles, and to move the cursor costs
less than to change the colours. Where styles are cheap (16 colours) the order of the rows may win; both are tried then.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import compress, pairwise
from operator import ne
from typing import Final

from tui.link.cells import UNKNOWN, Cells, Style
from tui.link.screen import Screen
from tui.link.scroll import Scroll, find

GAP: Final = 3
"""Equal cells between two changed ones that are sent rather than jumped."""
JUMPS: Final = (0, 3, 4, 4)
"""Bytes of a jump over so many cells."""
GREEDY: Final = 48
"""Most styles among which the nearest next one is looked for."""
MOVE: Final = 8
"""Most bytes that ordering by style costs a run more than the order of the rows."""
LONG_BLANK: Final = re.compile(" {11,}")
UNSURE: Final = -1
"""A row or column of the cursor that is not known."""

Run = tuple[int, int, str, int]
"""Row, first column, bytes, and the column after them or UNSURE."""


class Shown:
    """What the terminal shows: cells, where its cursor is, and in which style it writes."""

    def __init__(self, *, erases: bool) -> None:
        """Know nothing yet.

        Args:
            erases: Whether erased cells take the background colour (terminfo's `bce`).
        """
        self.rows: list[list[int]] = []
        self.style: Style | None = None
        """None is unknown."""
        self.y = self.x = UNSURE
        self._erases = erases
        self._known: set[int] = set()
        """Rows of the wanted screen that are known to be known."""

    def forget(self, width: int, height: int) -> None:
        """Know nothing of the cells, the cursor and the style."""
        self.rows = [[UNKNOWN] * width for _ in range(height)]
        self._known.clear()
        self.unsettle()
        self.style = None

    def unsettle(self) -> None:
        """Know nothing of the cursor."""
        self.y = self.x = UNSURE

    def renumber(self, old: Cells, new: Cells) -> None:
        """Follow the wanted screen to new numbers."""
        for row in self.rows:
            row[:] = [new.copy_of(number, old) for number in row]
        self.style = None if self.style is None else new.style(self.style.look)

    def update(self, screen: Screen) -> str:
        """The bytes that make the terminal show the wanted screen in the touched rows; they are taken as sent."""
        want, sent = screen.rows, self.rows
        changes: dict[int, list[int]] = {}
        places = range(screen.width)
        for y in sorted(screen.touched):
            if want[y] != sent[y]:
                changed = list(compress(places, map(ne, want[y], sent[y])))
                if self._wanted(y, want[y]) or (changed := [x for x in changed if want[y][x] != UNKNOWN]):
                    changes[y] = changed
        screen.touched.clear()
        if not changes:
            return ""
        # Something else may have written to the terminal in between: the first place is said in full.
        self.unsettle()
        head = ""
        scroll = find(want, sent, changes)
        if scroll is not None:
            head = self._scroll(scroll, screen.cells)
            for y in range(scroll.top, scroll.bottom + 1):
                changes[y] = list(compress(places, map(ne, want[y], sent[y])))
        return head + self._encode(screen, changes)

    def reset(self, cells: Cells) -> str:
        """The bytes after which whoever writes next finds the terminal's own style."""
        if self.style is cells.base:
            return ""
        change = cells.change(self.style, cells.base)
        self.style = cells.base
        return change

    def move(self, y: int, x: int) -> str:
        """The shortest bytes that bring the cursor to a cell."""
        bytes_ = step(self.y, self.x, y, x)
        self.y, self.x = y, x
        return bytes_

    def _wanted(self, y: int, row: list[int]) -> bool:
        """Whether all of a wanted row is known."""
        if y not in self._known:
            if UNKNOWN in row:
                return False
            self._known.add(y)
        return True

    def _scroll(self, scroll: Scroll, cells: Cells) -> str:
        """Let the terminal move rows; the lines that come in take the background, which is made the terminal's own."""
        scroll.apply(self.rows, cells.blank)
        # Setting the region moves the cursor, to a corner that not all terminals agree on.
        self.unsettle()
        return self.reset(cells) + scroll.bytes()

    def _encode(self, screen: Screen, changes: dict[int, list[int]]) -> str:
        """The bytes for the changed columns of some rows."""
        out: list[str] = []
        if screen.contested:
            out.extend(self._contested(screen, changes))
        groups: dict[Style, list[Run]] = {}
        for y, columns in changes.items():
            if columns:
                self._runs(screen, y, columns, groups)
                self.rows[y][:] = screen.rows[y]
        if groups:
            out.append(self._cheapest(screen.cells, groups))
        if self.style is not None and self.style.look.link:
            # Between frames no link is open, whatever happens until the next.
            out.append(self._switch(screen.cells, screen.cells.linked(self.style, "")))
        return "".join(out)

    def _runs(self, screen: Screen, y: int, columns: list[int], groups: dict[Style, list[Run]]) -> None:
        """Sort the changed cells of a row into runs of one style."""
        row, styles, texts = screen.rows[y], screen.cells.styles, screen.cells.texts
        if y in screen.wide:
            columns = [x for x in columns if texts[row[x]]]
            if not columns:
                return
        start = last = columns[0]
        style = styles[row[start]]
        for x in columns:
            if styles[row[x]] is style:
                gap = x - last - 1
                if gap <= 0 or (gap <= GAP and _bridged(row[last + 1 : x], style, screen.cells)):
                    last = x
                    continue
            self._run(screen, y, start, last + 1, style, groups)
            start = last = x
            style = styles[row[x]]
        self._run(screen, y, start, last + 1, style, groups)

    def _run(self, screen: Screen, y: int, start: int, end: int, style: Style, groups: dict[Style, list[Run]]) -> None:
        """Add one run, its blanks erased where that is shorter."""
        row, texts, width = screen.rows[y], screen.cells.texts, screen.width
        runs = groups.setdefault(style, [])
        if y in screen.wide:
            unsure = screen.cells.unsure
            for x in range(start, end):
                if row[x] in unsure:
                    runs.append((y, start, "".join([texts[number] for number in row[start : x + 1]]), UNSURE))
                    start = x + 2
            if start >= end:
                return
            if end < width and row[end] != UNKNOWN and not texts[row[end]]:
                end += 1
        text = "".join([texts[number] for number in row[start:end]])
        if "    " in text and style.look.erasable and (self._erases or not style.look.back):
            text, end = _erased(text, row, style.cells[" "], end)
        runs.append((y, start, text, end if end < width else UNSURE))

    def _cheapest(self, cells: Cells, groups: dict[Style, list[Run]]) -> str:
        """The runs in the cheaper of two orders."""
        tour = self._tour(cells, groups)
        if len(groups) == 1:
            return self._emit(cells, [(style, groups[style]) for style in tour])
        by_row = sorted(((run, style) for style, runs in groups.items() for run in runs), key=lambda pair: pair[0][:2])
        by_style = [(style, groups[style]) for style in tour]
        switches = sum(
            len(cells.change(one, other)) for (_, one), (_, other) in pairwise(by_row) if one is not other
        ) - sum(len(cells.change(one, other)) for one, other in pairwise(tour))
        if switches > MOVE * len(by_row):
            return self._emit(cells, by_style)
        before = self.style, self.y, self.x
        styled = self._emit(cells, by_style)
        after = self.style, self.y, self.x
        self.style, self.y, self.x = before
        rowed = self._emit(cells, [(style, [run]) for run, style in by_row])
        if len(rowed) < len(styled):
            return rowed
        self.style, self.y, self.x = after
        return styled

    def _tour(self, cells: Cells, groups: dict[Style, list[Run]]) -> list[Style]:
        """The styles, each followed by the one that is cheapest to change to."""
        left = list(groups)
        if len(left) > GREEDY:
            return left
        tour: list[Style] = []
        at = self.style
        while left:
            _, place = min((len(cells.change(at, style)), place) for place, style in enumerate(left))
            at = left.pop(place)
            tour.append(at)
        return tour

    def _emit(self, cells: Cells, order: Iterable[tuple[Style, Sequence[Run]]]) -> str:
        """The bytes of runs in that order."""
        out: list[str] = []
        y, x, at = self.y, self.x, self.style
        for style, runs in order:
            if style is not at:
                out.append(cells.change(at, style))
                at = style
            for line, column, text, end in runs:
                out += (step(y, x, line, column), text)
                y, x = line, end
        self.y, self.x, self.style = y, x, at
        return "".join(out)

    def _contested(self, screen: Screen, changes: dict[int, list[int]]) -> Iterable[str]:
        """Whole rows in which terminals may draw something wider or narrower: from left to right, each place said.

        What such a character covers too much is drawn over by what follows it.
        """
        cells, texts = screen.cells, screen.cells.texts
        for y in sorted(screen.contested & changes.keys()):
            row = screen.rows[y]
            if cells.disputed.isdisjoint(row):
                screen.contested.discard(y)
            for x, number in enumerate(row):
                if number == UNKNOWN or not texts[number]:
                    continue
                yield self.move(y, x)
                yield self._switch(cells, cells.styles[number])
                wide = x + 1 < len(row) and row[x + 1] != UNKNOWN and not texts[row[x + 1]]
                if number in cells.disputed:
                    # Blank first what it may leave uncovered.
                    yield (" \b" if not wide else "  \b\b") if x + 1 + wide < len(row) else ""
                yield texts[number]
                sure = number not in cells.disputed and number not in cells.unsure
                self.x = x + 1 + wide if sure and x + 1 + wide < len(row) else UNSURE
            self.rows[y][:] = row
            changes[y] = []

    def _switch(self, cells: Cells, style: Style) -> str:
        """Change to a style."""
        if style is self.style:
            return ""
        change = cells.change(self.style, style)
        self.style = style
        return change


def _bridged(gap: list[int], style: Style, cells: Cells) -> bool:
    """Whether the cells between two runs are of the same style and shorter to send than to jump."""
    if any(number == UNKNOWN or cells.styles[number] is not style for number in gap):
        return False
    return len("".join([cells.texts[number] for number in gap]).encode()) <= JUMPS[len(gap)]


def _erased(text: str, row: list[int], blank: int, end: int) -> tuple[str, int]:
    """The text of a run that ends before a column, with long blanks erased; and the column after it."""
    kept = text.rstrip(" ")
    blanks = len(text) - len(kept)
    tail = " " * blanks
    if blanks > len("\x1b[K") and row[end:] == [blank] * (len(row) - end):
        tail = "\x1b[K"
    elif blanks > len(f"\x1b[{blanks}X"):
        tail = f"\x1b[{blanks}X"
    else:
        blanks = 0
    return LONG_BLANK.sub(lambda found: f"\x1b[{len(found[0])}X\x1b[{len(found[0])}C", kept) + tail, end - blanks


def step(y0: int, x0: int, y: int, x: int) -> str:
    """The shortest bytes that move the cursor from one cell to another; UNSURE where it is not known."""
    if y == y0:
        return _along(x0, x)
    if y0 != UNSURE and x == 0 and y == y0 + 1:
        # Never on the last line, so it does not scroll.
        return "\r\n"
    place = f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H" if y else "\x1b[H"
    if y0 == UNSURE or (x0 == UNSURE and x):
        return place
    lines = abs(y - y0)
    down = f"\x1b[{lines if lines > 1 else ''}{'B' if y > y0 else 'A'}"
    # The column is said after the row: an unknown one is still that of the last written cell.
    way = down + _along(x0, x)
    return way if len(way) < len(place) else place


def _along(x0: int, x: int) -> str:
    """The shortest bytes that move the cursor along its row."""
    if x == x0:
        return ""
    if x == 0:
        return "\r"
    place = f"\x1b[{x + 1}G"
    if x0 == UNSURE:
        return place
    cells = x - x0
    way = (
        "\b" * -cells if -4 <= cells < 0 else f"\x1b[{abs(cells) if abs(cells) > 1 else ''}{'C' if cells > 0 else 'D'}"
    )
    return way if len(way) <= len(place) else place

"""The shown screen, and the shortest bytes that make the wanted one of it.

Runs of changed cells are sent style by style, not row by row: a screen has few styles, and to move the cursor costs
less than to change the colours. Where styles are cheap (16 colours) the order of the rows may win; both are tried then.
"""

import re
from collections.abc import Iterable
from itertools import compress, pairwise
from operator import ne
from typing import Final

from tui.link.cells import UNKNOWN, Cells, Style
from tui.link.moves import UNSURE, along, step
from tui.link.runs import fitting, guess, known_stretches, stretches
from tui.link.screen import Screen
from tui.link.scroll import Scroll, find

MANY: Final = 24
"""Changed cells of a row from which on it is looked at by its styles."""
GREEDY: Final = 48
"""Most styles among which the nearest next one is looked for."""
MOVE: Final = 8
"""Most bytes that ordering by style costs a run more than the order of the rows."""
BLANKS: Final = " " * 4
LEAST_REST, LEAST_BLANKS = len(BLANKS), 5
"""Blanks that are shorter erased than sent: at the end of a row, and elsewhere."""
LONG_BLANKS: Final = " " * 11
"""The same inside of a run, where they are jumped over as well."""
LONG_BLANK: Final = re.compile(f"{LONG_BLANKS}+")
Run = tuple[Style, int, int, str, int]
"""Style, row, first column, bytes, and the column after them or UNSURE."""


class Shown:
    """What the terminal shows: cells, where its cursor is, and in which style it writes."""

    def __init__(self, *, erases: bool) -> None:
        """Know nothing yet.

        Args:
            erases: Whether erased cells take the background colour (terminfo's `bce`).
        """
        self.rows: list[list[int]] = []
        self.style: Style | None = None  # unknown
        self.y = self.x = UNSURE
        self._erases = erases
        self._erasable: dict[Style, bool] = {}
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
        self._erasable.clear()

    def update(self, screen: Screen, room: int | None = None, first: Iterable[int] = ()) -> str:
        """The bytes that make the terminal show the wanted screen in the touched rows; they are taken as sent.

        Args:
            screen: The wanted screen. Rows that are left for the next time stay touched.
            room: About how many bytes there may be.
            first: Rows that come before the others when there is no room for all.
        """
        want, sent = screen.rows, self.rows
        changes: dict[int, bytes] = {}
        for y in sorted(screen.touched):
            if want[y] != sent[y]:
                changed = bytes(map(ne, want[y], sent[y]))
                if not self._wanted(y, want[y]):
                    changed = bytes(
                        differs and number != UNKNOWN for differs, number in zip(changed, want[y], strict=True)
                    )
                if 1 in changed:
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
                changes[y] = bytes(map(ne, want[y], sent[y]))
        if room is not None and sum(map(guess, changes.values())) > room:
            changes = fitting(screen, changes, room, first)
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

    def _encode(self, screen: Screen, changes: dict[int, bytes]) -> str:
        """The bytes for the changed columns of some rows."""
        out: list[str] = []
        if screen.contested:
            out.extend(self._contested(screen, changes))
        runs: list[Run] = []
        for y, changed in changes.items():
            if 1 in changed:
                (self._wide_runs if y in screen.wide else self._runs)(screen, y, changed, runs)
                self.rows[y][:] = screen.rows[y]
        if runs:
            out.append(self._cheapest(screen.cells, runs))
        if self.style is not None and self.style.look.link:
            # Between frames no link is open, whatever happens until the next.
            out.append(self._switch(screen.cells, screen.cells.linked(self.style, "")))
        return "".join(out)

    def _runs(self, screen: Screen, y: int, changed: bytes, runs: list[Run]) -> None:
        """Add the changed cells of a row without wide characters as runs of one style."""
        row, texts, width = screen.rows[y], screen.cells.texts, screen.width
        line = "".join(map(texts.__getitem__, row))
        # Where each cell is one character, a run is a piece of the line.
        sliced = len(line) == width
        # With few changed cells it is quicker to look at each.
        spans = screen.spans.get(y, ()) if sliced and changed.count(1) >= MANY and line.isascii() else ()
        if spans and spans[0] <= changed.index(1) and changed.rindex(1) < spans[-1]:
            found = known_stretches(row, changed, spans, screen.cells)
        else:
            found = stretches(row, list(compress(range(width), changed)), screen.cells)
        for start, end, style in found:
            text = line[start:end] if sliced else "".join(map(texts.__getitem__, row[start:end]))
            if text[-4:] == BLANKS or LONG_BLANKS in text:
                text, after = self._erased(text, row, style, end)
                runs.append((style, y, start, text, after if after < width else UNSURE))
            else:
                runs.append((style, y, start, text, end if end < width else UNSURE))

    def _wide_runs(self, screen: Screen, y: int, changed: bytes, runs: list[Run]) -> None:
        """The same for a row that may hold wide characters: after some, the cursor's place is not sure."""
        row, texts, unsure, width = screen.rows[y], screen.cells.texts, screen.cells.unsure, screen.width
        columns = [x for x in compress(range(width), changed) if texts[row[x]]]
        for start, end, style in stretches(row, columns, screen.cells) if columns else ():
            begin, after = start, end
            for x in range(start, end):
                if row[x] in unsure:
                    runs.append((style, y, begin, "".join(map(texts.__getitem__, row[begin : x + 1])), UNSURE))
                    begin = x + 2
            if begin >= end:
                continue
            if end < width and row[end] != UNKNOWN and not texts[row[end]]:
                after += 1
            text = "".join(map(texts.__getitem__, row[begin:after]))
            text, after = self._erased(text, row, style, after)
            runs.append((style, y, begin, text, after if after < width else UNSURE))

    def _erased(self, text: str, row: list[int], style: Style, end: int) -> tuple[str, int]:
        """The text of a run that ends before a column, with long blanks erased; and the column after it."""
        kept = text.rstrip(" ")
        blanks = len(text) - len(kept)
        rest = blanks >= LEAST_REST and row[end:].count(style.cells[" "]) == len(row) - end
        long = LONG_BLANKS in kept
        if not (rest or long or blanks >= LEAST_BLANKS) or not self._can_erase(style):
            return text, end
        if long:
            kept = LONG_BLANK.sub(lambda found: f"\x1b[{len(found[0])}X\x1b[{len(found[0])}C", kept)
        if rest or blanks >= LEAST_BLANKS:
            return kept + ("\x1b[K" if rest else f"\x1b[{blanks}X"), end - blanks
        return kept + " " * blanks, end

    def _can_erase(self, style: Style) -> bool:
        """Whether an erased cell looks like a space of that style."""
        can = self._erasable.get(style)
        if can is None:
            can = self._erasable[style] = style.look.erasable and (self._erases or not style.look.back)
        return can

    def _cheapest(self, cells: Cells, runs: list[Run]) -> str:
        """The runs, which come row by row, in the cheaper of two orders."""
        groups: dict[Style, list[Run]] = {}
        at: Style | None = None
        switches = 0
        for run in runs:
            style = run[0]
            if style is not at:
                if at is not None:
                    switches += len(at.changes.get(style) or cells.change(at, style))
                at = style
            if style in groups:
                groups[style].append(run)
            else:
                groups[style] = [run]
        if len(groups) == 1:
            return self._emit(cells, runs)
        tour = self._tour(cells, groups)
        styled = [run for style in tour for run in groups[style]]
        switches -= sum(len(cells.change(one, other)) for one, other in pairwise(tour))
        if switches > MOVE * len(runs):
            return self._emit(cells, styled)
        before = self.style, self.y, self.x
        by_style = self._emit(cells, styled)
        after = self.style, self.y, self.x
        self.style, self.y, self.x = before
        by_row = self._emit(cells, runs)
        if len(by_row) < len(by_style):
            return by_row
        self.style, self.y, self.x = after
        return by_style

    def _tour(self, cells: Cells, groups: Iterable[Style]) -> list[Style]:
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

    def _emit(self, cells: Cells, runs: Iterable[Run]) -> str:
        """The bytes of runs in that order."""
        out: list[str] = []
        y, x, at = self.y, self.x, self.style
        for style, line, column, text, end in runs:
            if style is not at:
                out.append(cells.change(at, style))
                at = style
            # Most moves are along a row.
            out += (along(x, column) if line == y else step(y, x, line, column), text)
            y, x = line, end
        self.y, self.x, self.style = y, x, at
        return "".join(out)

    def _contested(self, screen: Screen, changes: dict[int, bytes]) -> Iterable[str]:
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
            changes[y] = b""

    def _switch(self, cells: Cells, style: Style) -> str:
        """Change to a style."""
        if style is self.style:
            return ""
        change = cells.change(self.style, style)
        self.style = style
        return change

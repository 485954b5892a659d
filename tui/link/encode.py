"""The shown screen, and the shortest bytes that make the wanted one of it.

Runs of changed cells are sent style by style, not row by row: a screen has few styles, and to move the cursor costs
less than to change the colours. Where styles are cheap (16 colours) the order of the rows may win; both are tried then.
"""

from collections.abc import Iterable
from itertools import compress, pairwise
from operator import ne
from typing import Final

from tui.link.blanks import BLANKS, LONG_BLANKS, Blanks
from tui.link.cells import UNKNOWN, Cells, Style
from tui.link.moves import UNSURE, along, step
from tui.link.plain import Plain
from tui.link.rows import Rows
from tui.link.runs import LONG_GAP, fitting, guess, parts_of, stretches
from tui.link.screen import Screen
from tui.link.scroll import Scroll, find

GREEDY: Final = 48
"""Most styles among which the nearest next one is looked for."""
MOVE: Final = 8
"""Most bytes that ordering by style costs a run more than the order of the rows."""
Run = tuple[Style, int, int, str, int]
"""Style, row, first column, bytes, and the column after them or UNSURE."""


class Shown:
    """What the terminal shows: cells, where its cursor is, and in which style it writes."""

    def __init__(self, *, erases: bool) -> None:
        """Know nothing yet.

        Args:
            erases: Whether erased cells take the background colour (terminfo's `bce`).
        """
        self.rows = Rows(0, 0)
        self.style: Style | None = None  # unknown
        self.y = self.x = UNSURE
        self._blanks = Blanks(coloured=erases)
        self._known: set[int] = set()
        """Rows of the wanted screen that are known to be known."""

    def forget(self, width: int, height: int) -> None:
        """Know nothing of the cells, the cursor and the style."""
        self.rows = Rows(width, height)
        self._known.clear()
        self.unsettle()
        self.style = None

    def unsettle(self) -> None:
        """Know nothing of the cursor."""
        self.y = self.x = UNSURE

    def renumber(self, old: Cells, new: Cells) -> None:
        """Follow the wanted screen to new numbers."""
        self.rows.renumber(old, new)
        self.style = None if self.style is None else new.style(self.style.look)
        self._blanks.forget()

    def update(self, screen: Screen, room: int | None = None, first: Iterable[int] = ()) -> str:
        """The bytes that make the terminal show the wanted screen in the touched rows; they are taken as sent.

        Args:
            screen: The wanted screen. Rows that are left for the next time stay touched.
            room: About how many bytes there may be.
            first: Rows that come before the others when there is no room for all.
        """
        changes = {y: changed for y in sorted(screen.touched) if 1 in (changed := self._changed(screen, y))}
        screen.touched.clear()
        if not changes:
            return ""
        # Something else may have written to the terminal in between: the first place is said in full.
        self.unsettle()
        head = ""
        scroll = find(screen.rows, self.rows, changes)
        if scroll is not None:
            head = self._scroll(scroll, screen.cells)
            for y in range(scroll.top, scroll.bottom + 1):
                changes[y] = self._changed(screen, y)
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

    def _changed(self, screen: Screen, y: int) -> bytes:
        """A 1 for each column of a row that is to be sent; empty where there is none."""
        plain, shown = screen.rows.plain.get(y), self.rows.plain.get(y)
        if plain is not None and shown is not None:
            return b"" if plain is shown or plain == shown else plain.differing(shown)
        want, sent = screen.rows[y], self.rows[y]
        if want == sent:
            return b""
        changed = bytes(map(ne, want, sent))
        if y not in self._known:
            if UNKNOWN in want:
                return bytes(differs and number != UNKNOWN for differs, number in zip(changed, want, strict=True))
            self._known.add(y)
        return changed

    def _scroll(self, scroll: Scroll, cells: Cells) -> str:
        """Let the terminal move rows; the lines that come in take the background, which is made the terminal's own."""
        self.rows.scroll(scroll, cells.blank)
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
                self.rows.copy(y, screen.rows)
        if runs:
            out.append(self._cheapest(screen.cells, runs))
        if self.style is not None and self.style.look.link:
            # Between frames no link is open, whatever happens until the next.
            out.append(self._switch(screen.cells, screen.cells.linked(self.style, "")))
        return "".join(out)

    def _runs(self, screen: Screen, y: int, changed: bytes, runs: list[Run]) -> None:
        """Add the changed cells of a row without wide characters as runs of one style."""
        plain = screen.rows.plain.get(y)
        if plain is not None and plain.text.isascii():
            self._plain_runs(plain, screen.rows, y, changed, runs)
            return
        row, width = screen.rows[y], screen.width
        texts = screen.cells.texts
        for start, end, style in stretches(row, list(compress(range(width), changed)), screen.cells):
            text = "".join(map(texts.__getitem__, row[start:end]))
            text, after = self._blanks.erased(text, screen.rows, y, style, end)
            runs.append((style, y, start, text, after if after < width else UNSURE))

    def _plain_runs(self, line: Plain, rows: Rows, y: int, changed: bytes, runs: list[Run]) -> None:
        """The same for a line of plain ASCII, of which it is known where its styles end."""
        find, last_of, text_of, width = changed.find, changed.rfind, line.text, len(changed)
        start = 0
        for end, style in zip(line.ends, line.at, strict=True):
            first = find(1, start, end)
            start = end
            if first < 0:
                continue
            last = last_of(1, first, end) + 1
            places = ((first, last),) if find(LONG_GAP, first, last) < 0 else parts_of(changed, first, last)
            for begin, stop in places:
                text = text_of[begin:stop]
                if text[-4:] == BLANKS or LONG_BLANKS in text:
                    text, stop = self._blanks.erased(text, rows, y, style, stop)  # noqa: PLW2901
                runs.append((style, y, begin, text, stop if stop < width else UNSURE))

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
            text, after = self._blanks.erased(text, screen.rows, y, style, after)
            runs.append((style, y, begin, text, after if after < width else UNSURE))

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
            self.rows.copy(y, screen.rows)
            changes[y] = b""

    def _switch(self, cells: Cells, style: Style) -> str:
        """Change to a style."""
        if style is self.style:
            return ""
        change = cells.change(self.style, style)
        self.style = style
        return change

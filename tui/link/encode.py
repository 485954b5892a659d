"""The shown screen, and the shortest bytes that make the wanted one of it."""

from collections.abc import Collection, Iterable, Mapping
from itertools import compress, groupby
from operator import ne
from typing import Final

from tui.link.blanks import BLANKS, LEAST_REST, LONG_BLANKS, Blanks
from tui.link.cells import UNKNOWN, Cells, Style
from tui.link.moves import UNSURE, step
from tui.link.order import At, Runs, cheapest
from tui.link.rows import Rows
from tui.link.runs import fitting, guess, spans, stretches
from tui.link.screen import Screen
from tui.link.scroll import Scroll, find
from tui.link.turned import Made, Turn, Turned

MARK: Final = 1
"""Cells in which the text of a row's beginning differs when its cursor's mark comes or goes."""


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
        self._turned = Turned()
        self._known: set[int] = set()
        """Rows of the wanted screen that are known to be known."""

    def forget(self, width: int, height: int) -> None:
        """Know nothing of the cells, the cursor and the style."""
        self.rows = Rows(width, height)
        self._known.clear()
        self._turned.clear()
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
        self._turned.clear()

    def update(self, screen: Screen, room: int | None = None, first: Iterable[int] = ()) -> str:
        """The bytes that make the terminal show the wanted screen in the touched rows; they are taken as sent.

        Args:
            screen: The wanted screen. Rows that are left for the next time stay touched.
            room: About how many bytes there may be.
            first: Rows that come before the others when there is no room for all.
        """
        turn = self._turned.turn(screen.rows, self.rows, screen.touched, self.style)
        if turn is not None and (text := self._again(turn, screen, room)):
            return text
        changes = self._changes(screen, screen.touched)
        screen.touched.clear()
        if not changes:
            return ""
        # Something else may have written to the terminal in between: the first place is said in full.
        self.unsettle()
        head = ""
        scroll = find(screen.rows, self.rows, changes)
        if scroll is not None:
            head = self._scroll(scroll, screen.cells)
            moved = range(scroll.top, scroll.bottom + 1)
            others = {y: changed for y, changed in changes.items() if y not in moved}
            changes = dict(sorted((others | self._changes(screen, moved)).items()))
        cost = 0 if room is None and turn is None else sum(map(guess, changes.values()))
        if room is not None and cost > room:
            changes, turn = fitting(screen, changes, room, first), None
        text = head + self._encode(screen, changes)
        if turn is not None:
            self._turned.keep(Made(turn, text, cost, At(self.style, self.y, self.x)))
        return text

    def begun(self, screen: Screen, places: Collection[int], columns: int, least: int) -> str:
        """The bytes for the first columns of some rows, whose rest is left for the next time; they are taken as sent.

        Nothing where they take no more than `least` bytes as a whole, or where a row begins with another text, not only
        with another mark: for a moment its name would stand beside the figures of what was there before.
        """
        lines, shown = screen.rows.plain, self.rows.plain
        whole = {y: lines[y] for y in places if y in lines and y in shown}
        named = all(sum(map(ne, line.text[:columns], shown[y].text)) <= MARK for y, line in whole.items())
        if not named or sum(map(guess, screen.rows.differing(whole, self.rows).values())) <= least:
            return ""
        others, screen.touched = screen.touched, set(whole)
        for y, line in whole.items():
            lines[y] = shown[y].over(line.first(columns), 0)
        text = self.update(screen)
        lines |= whole
        screen.touched = others
        return text

    def _again(self, turn: Turn, screen: Screen, room: int | None) -> str:
        """The bytes of a turn that was made before and for which there is room; else none."""
        made = self._turned.find(turn)
        if made is None or (room is not None and made.cost > room):
            return ""
        screen.touched.clear()
        for y in turn.places():
            self.rows.copy(y, screen.rows)
        self.style, self.y, self.x = made.after
        return made.text

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

    def _changes(self, screen: Screen, places: Iterable[int]) -> dict[int, bytes]:
        """By row that differs from what is shown, from top to bottom, a 1 for each column that is to be sent, else a 0."""
        changes = screen.rows.differing(places, self.rows)
        for y in places:
            if not (y in screen.rows.plain and y in self.rows.plain) and 1 in (changed := self._changed(screen, y)):
                changes[y] = changed
        return dict(sorted(changes.items()))

    def _changed(self, screen: Screen, y: int) -> bytes:
        """The same for a row of which not all is plain; empty where there is no difference."""
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
        runs = Runs.none()
        due = [y for y, changed in changes.items() if 1 in changed]
        for plain, rows in groupby(due, screen.rows.plain.__contains__):
            if plain:
                self._plain_runs(screen, {y: changes[y] for y in rows}, runs)
            else:
                for y in rows:
                    (self._wide_runs if y in screen.wide else self._runs)(screen, y, changes[y], runs)
        for y in due:
            self.rows.copy(y, screen.rows)
        if runs.texts:
            text, (self.style, self.y, self.x) = cheapest(screen.cells, runs, At(self.style, self.y, self.x))
            out.append(text)
        if self.style is not None and self.style.look.link:
            # Between frames no link is open, whatever happens until the next.
            out.append(self._switch(screen.cells, screen.cells.linked(self.style, "")))
        return "".join(out)

    def _runs(self, screen: Screen, y: int, changed: bytes, runs: Runs) -> None:
        """Add the changed cells of a row without wide characters as runs of one style."""
        row, width = screen.rows[y], screen.width
        texts = screen.cells.texts
        for start, end, style in stretches(row, list(compress(range(width), changed)), screen.cells):
            text = "".join(map(texts.__getitem__, row[start:end]))
            text, after = self._blanks.erased(text, screen.rows, y, style, end)
            runs.add(style, y, start, text, after if after < width else UNSURE)

    def _plain_runs(self, screen: Screen, changes: Mapping[int, bytes], runs: Runs) -> None:
        """The same for plain lines, all of them at once."""
        rows, width, inks = screen.rows, screen.width, screen.cells.inks
        places = list(changes)
        lines = [rows.plain[y] for y in places]
        # With a cell between each two lines, which is never sent.
        text, marks = " ".join([line.text for line in lines]), b"\0".join([line.marks for line in lines])
        firsts, afters = spans(lines, marks, changes.values())
        styles = [inks[marks[first]] for first in firsts]
        at = [places[first // (width + 1)] for first in firsts]
        texts = [text[first:after] for first, after in zip(firsts, afters, strict=True)]
        ends = [after % (width + 1) for after in afters]
        for run in [run for run, part in enumerate(texts) if part[-LEAST_REST:] == BLANKS or LONG_BLANKS in part]:
            texts[run], ends[run] = self._blanks.erased(texts[run], rows, at[run], styles[run], ends[run])
        runs.styles.extend(styles)
        runs.rows.extend(at)
        runs.starts.extend([first % (width + 1) for first in firsts])
        runs.texts.extend(texts)
        runs.ends.extend([end if end < width else UNSURE for end in ends])

    def _wide_runs(self, screen: Screen, y: int, changed: bytes, runs: Runs) -> None:
        """The same for a row that may hold wide characters: after some, the cursor's place is not sure."""
        row, texts, unsure, width = screen.rows[y], screen.cells.texts, screen.cells.unsure, screen.width
        columns = [x for x in compress(range(width), changed) if texts[row[x]]]
        for start, end, style in stretches(row, columns, screen.cells) if columns else ():
            begin, after = start, end
            for x in range(start, end):
                if row[x] in unsure:
                    runs.add(style, y, begin, "".join(map(texts.__getitem__, row[begin : x + 1])), UNSURE)
                    begin = x + 2
            if begin >= end:
                continue
            if end < width and row[end] != UNKNOWN and not texts[row[end]]:
                after += 1
            text = "".join(map(texts.__getitem__, row[begin:after]))
            text, after = self._blanks.erased(text, screen.rows, y, style, after)
            runs.add(style, y, begin, text, after if after < width else UNSURE)

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

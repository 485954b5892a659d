"""The picture of a table of text cells: in it, a change of one cell costs one cell. Base of `grid.Grid`.

The sheet keeps what every visible line shows as a small comparable value, a `Line`. Whatever happens (new cells, a
move of the cursor, another order, a scroll) ends in one place, `_repaint`, which compares the lines shown with the
lines wanted and refreshes the spans that differ. Nothing else can cost a byte.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import zip_longest

from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer

from tui.format import Cell
from tui.widgets.column import Column, Slot, clip, lay_out, total_width, width_of
from tui.widgets.drawn import DrawnRows
from tui.widgets.flash import Flashes
from tui.widgets.line import Line, changed_span, draw_groups, draw_titles
from tui.widgets.once import once
from tui.widgets.painted import Painted
from tui.widgets.pen import Looks, Pen

SLICE = 10
"""Rows brought up to date in one go: a few milliseconds, between which a key gets its turn."""
SLICE_SECONDS = 0.004
"""Between two slices the one before is painted."""


class Sheet(Painted, ScrollView):
    """Rows of cells under a header, of which those in sight are drawn; where the cursor is, others decide.

    Cells are asked for when their row becomes visible, and kept: what changes later is told by `update` (the new
    cells) or `invalidate` (ask again when needed).
    """

    ALLOW_SELECT = False

    def __init__(
        self,
        columns: Sequence[Column] = (),
        *,
        id: str | None = None,  # noqa: A002 -- the name all of Textual's widgets use
        classes: str | None = None,
        flash_seconds: float = 0.4,
    ) -> None:
        """Make a table without rows.

        Args:
            columns: Its columns, from left to right; the leading fixed ones stay in sight.
            id: The widget's id.
            classes: The widget's CSS classes.
            flash_seconds: How long changed characters stay lit, in seconds; 0 is never.
        """
        super().__init__(id=id, classes=classes)
        self.flash_seconds = flash_seconds
        self._columns = tuple(columns)
        self._column = 0
        self._first = 0
        self._keys: tuple[str, ...] = ()
        self._rows: dict[str, int] = {}
        self._stale: set[str] = set()
        """Rows whose kept cells are those of a moment ago."""
        self._slices: Timer | None = None
        self._ask: Callable[[str], Sequence[Cell]] = lambda _key: ()
        self._cells: dict[str, tuple[Cell, ...]] = {}
        self.cursor_shown = True
        """False for a table that is only read."""
        self._cursor = 0
        self._marks: frozenset[str] = frozenset()
        self._sort: tuple[str, bool] | None = None
        self._empty_text = ""
        self._flashes = Flashes()
        self._fade: Timer | None = None
        self._slots: tuple[Slot, ...] = ()
        self._lines: list[Line] = []
        self._begun = False
        self._header: tuple[object, ...] = ()
        self._viewport: tuple[str, ...] = ()
        self._drawn = DrawnRows()
        self._style = Looks(self, "grid")

    def update(self, changes: Mapping[str, Sequence[Cell]]) -> None:
        """Show the new cells of some rows; keys that are not in the table are passed over.

        Costs the spans of the visible cells that differ in text or role, nothing when none does.
        """
        visible = set(self.visible_keys())
        for key, cells in changes.items():
            old, new = self._cells.get(key), tuple(cells)
            if key in self._rows and old != new:
                self._cells[key] = new
                if old is not None and key in visible and not self.is_calm:
                    self._flashes.light(key, self._columns, old, new)
        if self._flashes.lit and self._fade is None:
            self._wait_to_fade()
        self._repaint()

    def invalidate(self, keys: Iterable[str] | None = None) -> None:
        """Drop the kept cells of these rows, or of all: visible ones are asked for at once, others when they show."""
        self._forget(list(self._cells) if keys is None else keys)
        self._repaint()

    def _forget(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._cells.pop(key, None)

    def renew(self, keys: AbstractSet[str]) -> None:
        """Ask for the cells of these rows again: some of those in sight now, more after a breath, others when they show."""
        visible = set(self.visible_keys())
        self._forget(keys - visible)
        self._stale |= keys & visible
        if self._stale and self._slices is None:
            self._renew_slice()

    @property
    def is_calm(self) -> bool:
        """Whether nothing flashes: in this table, or in the whole app."""
        return self.flash_seconds <= 0 or getattr(self.app, "calm", False)

    @property
    def renewing(self) -> bool:
        """Whether rows in sight wait for their new cells."""
        return self._slices is not None

    def _renew_slice(self) -> None:
        """Bring the uppermost of the stale rows up to date, after the echo of a key."""
        if self.key_in_hand:
            self._slices = once(self, SLICE_SECONDS, self._renew_slice)
            return
        visible = self.visible_keys()
        due = [key for key in visible if key in self._stale]
        self._forget(self._stale.difference(due))  # scrolled out of sight meanwhile
        self._stale = set(due[SLICE:])
        self._slices = once(self, SLICE_SECONDS, self._renew_slice) if self._stale else None
        self.update({key: self._ask(key) for key in due[:SLICE]})

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, from left to right."""
        return self._columns

    @property
    def keys(self) -> tuple[str, ...]:
        """The rows, from top to bottom."""
        return self._keys

    def visible_keys(self) -> tuple[str, ...]:
        """The rows on the screen, from top to bottom."""
        return self._keys[self._top : self._top + self._page]

    @property
    def sort_indicator(self) -> tuple[str, bool] | None:
        """The column that the rows are sorted by and whether it descends; drawn as an arrow at its title."""
        return self._sort

    @sort_indicator.setter
    def sort_indicator(self, sort: tuple[str, bool] | None) -> None:
        self._sort = sort
        self._repaint()

    @property
    def empty_text(self) -> str:
        """What is shown, centred, when there are no rows."""
        return self._empty_text

    @empty_text.setter
    def empty_text(self, text: str) -> None:
        if text != self._empty_text:
            self._empty_text = text
            if not self._keys:
                self.refresh()

    @property
    def _header_height(self) -> int:
        return 2 if any(column.group for column in self._columns) else 1

    @property
    def _top(self) -> int:
        return self.scroll_offset.y

    @property
    def _page(self) -> int:
        """How many rows fit below the header."""
        return max(0, self.size.height - self._header_height)

    def _fit_content(self) -> None:
        self.virtual_size = Size(total_width(self._columns), self._header_height + len(self._keys))

    def _scroll_rows(self, top: int) -> None:
        """Make `top`, or the nearest possible row, the first visible one; at once."""
        top = max(0, min(top, len(self._keys) - self._page))
        if self._page and top != self._top:
            self.scroll_to(y=top, animate=False, force=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Repaint what a scroll changes, and that is not the header."""
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = new_value
        if round(old_value) != round(new_value):
            self._repaint()

    def _cells_of(self, key: str) -> tuple[Cell, ...]:
        """The cells of a row, asked for once."""
        cells = self._cells.get(key)
        if cells is None:
            cells = self._cells[key] = tuple(self._ask(key))
        return cells

    def _line(self, row: int) -> Line:
        """What the line of a row is to show."""
        key = self._keys[row]
        return Line(
            self._slots,
            key,
            self._cells_of(key),
            self._column if row == self._cursor and self.cursor_shown else -1,
            key in self._marks,
            self._flashes.of(key),
        )

    def _repaint(self) -> None:
        """Refresh the spans of the screen on which something else is to be seen than before."""
        if regions := self._differences():
            self.refresh(*regions)
        before, self._viewport = self._viewport, self.visible_keys()
        if before != self._viewport:
            self._viewport_changed(self._viewport)

    def _differences(self) -> list[Region]:
        """Bring the lines up to date; the spans that are others for it."""
        width, header = self.size.width, self._header_height
        slots = lay_out(self._columns, width, self._first)
        self._slots = self._slots if slots == self._slots else slots  # the same object is compared in no time
        regions = []
        looks = (self._columns, self._slots, self._column, self._sort)
        if looks != self._header:
            self._header = looks
            regions.append(Region(0, 0, width, header))
        rows = range(self._top, min(self._top + self._page, len(self._keys)))
        before, self._lines = self._lines, [self._line(row) for row in rows]
        for y, (old, new) in enumerate(zip_longest(before, self._lines), header):
            if old != new:
                start, end = changed_span(old, new, width)
                if start < end:
                    regions.append(Region(start, y, end - start, 1))
        return regions

    def _viewport_changed(self, visible: tuple[str, ...]) -> None:
        """Called when other rows are visible, or the same in another order."""

    def _put_out(self) -> None:
        """Let what is lit now go out, slice by slice; what is lit meanwhile stays for its own time."""
        if not self.key_in_hand:
            self._flashes.fade(SLICE)
            self._repaint()
        self._wait_to_fade()

    def _wait_to_fade(self) -> None:
        seconds = SLICE_SECONDS if self._flashes.fading else self.flash_seconds
        self._fade = once(self, seconds, self._put_out) if self._flashes.lit else None

    def notify_style_update(self) -> None:
        """Forget what was drawn with other styles; Textual repaints when those of a part have changed."""
        super().notify_style_update()
        self._style.clear()
        self._drawn.clear()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        if not self._begun:  # the first picture is drawn before anybody tells its size
            self._begun = True
            self._differences()
        width, row = self.size.width, y - self._header_height
        if row == -1:
            return draw_titles(self._columns, self._slots, width, self._style, cursor=self._column, sort=self._sort)
        if row < 0:
            return draw_groups(self._columns, self._slots, width, self._style)
        if row < len(self._lines):
            return self._drawn.strip(self._lines[row], self._columns, width, self._style)
        pen = Pen(self._style())
        if not self._keys and row == max(0, (self._page - 1) // 2):
            text = clip(self._empty_text, width)
            pen.move_to((width - width_of(text)) // 2)
            pen.write(text, self._style("empty"))
        return pen.strip(width)

"""A live table of text cells: cursor, marks, sorting arrow, sideways scrolling. Knows nothing of markets.

How it draws, and why a change of one cell costs one cell, is in `sheet`; the columns are in `column`.
Run `python -m tui.widgets.grid` to see one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from textual import events
from textual.message import Message

from tui.format import Cell
from tui.widgets.column import Column, column_at, first_showing, fixed_count
from tui.widgets.sheet import Sheet

__all__ = ["Column", "Grid"]

PARTS = ("header", "group", "cursor", "cursor-column", "mark", "gutter", "empty", "flash", "flash-up", "flash-down")
ROLES = ("up", "down", "flat", "muted", "accent", "warn", "error", "symbol", "bar")


class Grid(Sheet, can_focus=True, inherit_bindings=False):
    """A table of fixed-width columns with a cursor, marks, and a flash of the characters that change.

    There are actions but no keys: those belong to the screen. Sideways it scrolls by whole columns, so that no
    number is ever shown without its first digits.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"grid--{name}" for name in PARTS + ROLES}
    """`grid--<role>` is the style of cells of that role; an unknown role is plain. `cursor` is the cursor's row."""

    DEFAULT_CSS = """
    Grid {
        overflow: hidden auto;
        scrollbar-size: 0 0;
        & > .grid--header { color: $text-muted; text-style: bold; }
        & > .grid--group { color: $text-muted; }
        & > .grid--cursor { background: $foreground 12%; }
        &:focus > .grid--cursor { background: $primary 35%; }
        & > .grid--cursor-column { text-style: underline; }
        & > .grid--gutter { color: $accent; text-style: bold; }
        & > .grid--mark { color: $accent; text-style: bold; }
        & > .grid--empty { color: $text-muted; }
        & > .grid--up { color: $text-success; }
        & > .grid--down { color: $text-error; }
        & > .grid--flat { color: $foreground; }
        & > .grid--muted { color: $text-muted; }
        & > .grid--accent { color: $text-accent; }
        & > .grid--warn { color: $text-warning; }
        & > .grid--error { color: $text-error; text-style: bold; }
        & > .grid--symbol { text-style: bold; }
        & > .grid--bar { color: $text-primary; }
        & > .grid--flash { background: $primary-muted; }
        & > .grid--flash-up { background: $success-muted; }
        & > .grid--flash-down { background: $error-muted; }
    }
    """

    @dataclass
    class Sent(Message):
        """What the messages of a grid share."""

        grid: "Grid"

        @property
        def control(self) -> "Grid":
            """The grid that sent it."""
            return self.grid

    @dataclass
    class CursorMoved(Sent):
        """The cursor is on another row, or on none."""

        key: str | None

        def can_replace(self, message: Message) -> bool:
            """Of several that wait, the newest is enough."""
            return isinstance(message, Grid.CursorMoved) and message.grid is self.grid

    @dataclass
    class Opened(Sent):
        """The user opened a row."""

        key: str

    @dataclass
    class MarksChanged(Sent):
        """The user marked or unmarked a row."""

        marks: frozenset[str]

    @dataclass
    class ViewportChanged(Sent):
        """Other rows are visible, or the same in another order."""

        keys: tuple[str, ...]

        def can_replace(self, message: Message) -> bool:
            """Of several that wait, the newest is enough."""
            return isinstance(message, Grid.ViewportChanged) and message.grid is self.grid

    @dataclass
    class HeaderClicked(Sent):
        """The user clicked the title of a column."""

        column: str

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Replace the columns; the cells of all rows are asked for again. The cursor stays in its column if it can."""
        kept = self.cursor_column
        self._columns = tuple(columns)
        self._first = 0
        self._column = next((index for index, column in enumerate(self._columns) if column.key == kept), 0)
        self._cells.clear()
        self._flashes.clear()
        self._drawn.forget_rows()
        self._fit_content()
        self._show_column()

    def set_rows(self, keys: Sequence[str], cells: Callable[[str], Sequence[Cell]]) -> None:
        """Replace the rows and their order.

        The cursor follows its key and keeps its line of the screen where that is possible; when its key is gone it
        stays at the nearest row. Marks stay, since a filter may only hide what is marked.

        Args:
            keys: The rows from top to bottom, each key once.
            cells: From a key to its cells, one for each column; called for rows that become visible.
        """
        self._ask = cells
        self._cells.clear()
        self._flashes.clear()
        self._stale.clear()
        self._place(keys)

    def reorder(self, keys: Sequence[str], coming: Mapping[str, tuple[Cell, ...]] = MappingProxyType({})) -> None:
        """Another order, or more or fewer rows: those that stay in sight keep their cells until they are asked again.

        Args:
            keys: The rows, from top to bottom.
            coming: Cells of rows that come into sight, asked for before so that they need not be now.
        """
        self._forget(self._cells.keys() - set(self.visible_keys()))
        # One that was removed while the others were asked for has no place any more.
        self._cells.update({key: coming[key] for key in coming.keys() & set(keys)})
        self._place(keys)
        self.renew(self._cells.keys() & set(keys))

    def coming(self, keys: Sequence[str]) -> list[str]:
        """The rows that are not in sight, and would be in this order."""
        _, top = self._landing(keys)
        top, seen = max(0, min(top, len(keys) - self._page)), set(self.visible_keys())
        return [key for key in keys[top : top + self._page] if key not in seen]

    def _landing(self, keys: Sequence[str]) -> tuple[int, int]:
        """Where the cursor and the first row in sight would be in this order: it follows its key, and keeps its line."""
        line, followed = self._cursor - self._top, self.cursor_key
        at = keys.index(followed) if followed in keys else self._cursor
        cursor = max(0, min(at, len(keys) - 1))
        return cursor, cursor - line if 0 <= line < self._page else self._top

    def _place(self, keys: Sequence[str]) -> None:
        followed, keys = self.cursor_key, tuple(dict.fromkeys(keys))
        self._cursor, top = self._landing(keys)
        self._keys = keys
        self._rows = {key: row for row, key in enumerate(keys)}
        self._fit_content()
        self._scroll_rows(top)
        self._repaint()
        if self.cursor_key != followed:
            self.post_message(self.CursorMoved(self, self.cursor_key))

    @property
    def marks(self) -> frozenset[str]:
        """The marked rows, those that a filter hides among them. Setting it tells nobody."""
        return self._marks

    @marks.setter
    def marks(self, marks: Iterable[str]) -> None:
        self._marks = frozenset(marks)
        self._repaint()

    # The cursor

    @property
    def cursor_key(self) -> str | None:
        """The row under the cursor; None without rows. Setting a key that is not in the table does nothing."""
        return self._keys[self._cursor] if self._keys else None

    @cursor_key.setter
    def cursor_key(self, key: str | None) -> None:
        if key is not None and key in self._rows:
            self._move(self._rows[key] - self._cursor)

    @property
    def cursor_column(self) -> str:
        """The key of the column under the cursor; empty without columns. Setting an unknown key does nothing."""
        return self._columns[self._column].key if self._columns else ""

    @cursor_column.setter
    def cursor_column(self, key: str) -> None:
        for index, column in enumerate(self._columns):
            if column.key == key:
                self._column = index
                self._show_column()
                break

    def action_cursor_up(self) -> None:
        """Move the cursor one row up."""
        self._move(-1)

    def action_cursor_down(self) -> None:
        """Move the cursor one row down."""
        self._move(1)

    def action_cursor_left(self) -> None:
        """Move the cursor one column to the left, and scroll sideways when it has to."""
        self._column = max(0, self._column - 1)
        self._show_column()

    def action_cursor_right(self) -> None:
        """Move the cursor one column to the right, and scroll sideways when it has to."""
        self._column = max(0, min(self._column + 1, len(self._columns) - 1))
        self._show_column()

    def action_first(self) -> None:
        """Move the cursor to the first row."""
        self._move(-len(self._keys))

    def action_last(self) -> None:
        """Move the cursor to the last row."""
        self._move(len(self._keys))

    def action_page_up(self) -> None:
        """Move the cursor and the rows one page up."""
        self._move(-max(1, self._page), turn=True)

    def action_page_down(self) -> None:
        """Move the cursor and the rows one page down."""
        self._move(max(1, self._page), turn=True)

    def action_half_page_up(self) -> None:
        """Move the cursor and the rows half a page up."""
        self._move(-max(1, self._page // 2), turn=True)

    def action_half_page_down(self) -> None:
        """Move the cursor and the rows half a page down."""
        self._move(max(1, self._page // 2), turn=True)

    def action_toggle_mark(self) -> None:
        """Mark the row under the cursor, or unmark it."""
        if (key := self.cursor_key) is not None:
            self.marks = self._marks ^ {key}
            self.post_message(self.MarksChanged(self, self._marks))

    def action_open(self) -> None:
        """Say that the row under the cursor is to be opened."""
        if (key := self.cursor_key) is not None:
            self.post_message(self.Opened(self, key))

    def _move(self, rows: int, *, turn: bool = False) -> None:
        """Move the cursor by some rows; `turn` scrolls by as much, so that it keeps its line."""
        before = self.cursor_key
        self._cursor = max(0, min(self._cursor + rows, len(self._keys) - 1))
        top = self._top + rows if turn else self._top
        self._scroll_rows(max(self._cursor - self._page + 1, min(top, self._cursor)))
        self._repaint()
        if self.cursor_key != before:
            self.post_message(self.CursorMoved(self, self.cursor_key))

    def _show_column(self) -> None:
        """Scroll sideways, by as little as possible, until the cursor's column is whole."""
        first = min(self._first, self._last_first)
        self._first = first_showing(self._columns, self.size.width, first, self._column)
        self._repaint()

    @property
    def _last_first(self) -> int:
        """The first scrolled column when the last one is just whole: nothing is gained by scrolling further."""
        return first_showing(self._columns, self.size.width, 0, len(self._columns) - 1)

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self._show_column()
        self._move(0)

    # The mouse

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the cell; open its row at a double click; tell of a click on a title."""
        offset = event.get_content_offset(self)
        if offset is None or event.button != 1:
            return
        column = column_at(self._slots, offset.x)
        row = self._top + offset.y - self._header_height
        if offset.y < self._header_height:
            if column is not None:
                self.post_message(self.HeaderClicked(self, self._columns[column].key))
        elif row < len(self._keys):
            self._column = self._column if column is None else column
            self._show_column()
            self._move(row - self._cursor)
            if event.chain == 2:
                self.action_open()

    def on_mouse_scroll_left(self, event: events.MouseScrollLeft) -> None:
        """Scroll one column to the left."""
        self._scroll_columns(-1, event)

    def on_mouse_scroll_right(self, event: events.MouseScrollRight) -> None:
        """Scroll one column to the right."""
        self._scroll_columns(1, event)

    def _scroll_columns(self, count: int, event: events.MouseEvent) -> None:
        first = max(self._first, fixed_count(self._columns)) + count
        self._first = max(fixed_count(self._columns), min(first, self._last_first))
        self._repaint()
        event.stop()

    def _viewport_changed(self, visible: tuple[str, ...]) -> None:
        self.post_message(self.ViewportChanged(self, visible))


if __name__ == "__main__":
    from tui.widgets.grid_demo import GridDemo

    GridDemo().run()

"""A table of any rows by columns as data: an order that keeps still, a filter, and cells derived when they are seen."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tui.columns import Field, in_order
from tui.format import Cell
from tui.widgets.grid import Column, Grid


class Table(Grid):
    """Give it `columns` and `rows`; it sorts by a column, filters by words and keeps a last line where it is."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id, classes=classes)
        self._shown_fields: list[Field] = []
        self._find: Callable[[str], Any] = lambda _key: None
        self._listed: tuple[str, ...] = ()
        self._words: Callable[[str], str] = str
        self._foot: Mapping[str, Sequence[Cell]] = {}
        self.sort: tuple[str, bool] | None = None
        """Column and whether descending; None is the given order."""
        self.filter = ""

    def begin(self) -> None:
        """As new: no rows, no order, no filter, no marks."""
        self.sort, self.filter, self.marks = None, "", ()
        self.set_rows([], lambda _key: ())

    def show_rows(
        self,
        shown_fields: Sequence[Field],
        keys: Sequence[str],
        find: Callable[[str], Any],
        *,
        words: Callable[[str], str] = str,
        foot: Mapping[str, Sequence[Cell]] | None = None,
    ) -> None:
        """Draw everything anew.

        Args:
            shown_fields: The columns.
            keys: The rows in their own order.
            find: The row of a key now, None when it has gone.
            words: What a filter looks through.
            foot: Lines that stay below all others.
        """
        self._shown_fields, self._find, self._listed = list(shown_fields), find, tuple(keys)
        self._words, self._foot = words, foot or {}
        columns = [Column(f.key, f.title, f.width, f.align, f.group, f.fixed, f.flash) for f in self._shown_fields]
        if columns != list(self.columns):
            self.set_columns(columns)
        self.settle(force=True)

    def settle(self, *, force: bool = False) -> None:
        """Bring the order up to date."""
        words = self.filter.casefold()
        keys = [key for key in self._listed if not words or words in self._words(key).casefold()]
        field = next((f for f in self._shown_fields if self.sort and f.key == self.sort[0]), None)
        if field is not None and self.sort is not None:
            rows = ((key, self._find(key)) for key in keys)
            keys = in_order({key: field.value(row) for key, row in rows if row is not None}, descending=self.sort[1])
        keys += self._foot
        self.sort_indicator = self.sort
        if force:
            self.set_rows(keys, self.row_cells)
        elif keys != list(self.keys):
            self.reorder(keys)

    def row_cells(self, key: str) -> Sequence[Cell]:
        """The cells of one row, derived now."""
        if key in self._foot:
            return self._foot[key]
        row = self._find(key)
        return [Cell("")] * len(self._shown_fields) if row is None else [f.cell(row) for f in self._shown_fields]

    def change(
        self,
        keys: set[str],
        find: Callable[[str], Any] | None = None,
        foot: Mapping[str, Sequence[Cell]] | None = None,
    ) -> None:
        """New cells for those of `keys` that are on the screen; the others are derived when they come into it."""
        if find is not None:
            self._find = find
        if foot is not None:
            self._foot = foot
            keys = keys | foot.keys()
        self.renew(keys)

    def sort_by(self, column: str) -> None:
        """Sort by a column, the greatest first (words from A); a second time goes back to the given order."""
        words = next((f for f in self._shown_fields if f.key == column and f.align == "left"), None) is not None
        self.sort = None if self.sort and self.sort[0] == column else (column, not words)
        self.settle(force=True)

    def reverse(self) -> None:
        """Turn the order around."""
        if self.sort is None:
            self.sort_by(self.cursor_column)
        else:
            self.sort = (self.sort[0], not self.sort[1])
            self.settle(force=True)

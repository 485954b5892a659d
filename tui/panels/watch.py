"""The watchlist as a table: rows from the board, columns from `tui.columns`, an order that does not jump about."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from tui.board import Board
from tui.columns import Field, fields, ordered, picked
from tui.format import Cell
from tui.rows import Row
from tui.view import View
from tui.widgets.grid import Column, Grid


class Watch(Grid):
    """The grid of the monitor. Rows re-sort on a key or when `settle` is called, never under the eye."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self._fields: list[Field] = []
        self._board: Board | None = None
        self._view: View | None = None
        self._ranked: dict[str, Row] = {}
        self.empty_text = "This list is empty. Press a to add symbols."

    def show_all(self, board: Board, view: View) -> None:
        """Columns, order and every visible row anew."""
        self._board, self._view = board, view
        width = self.size.width or self.app.size.width
        self._fields, _ = picked(fields(view.benchmark, view.window, view.volume_window, width), view.columns)
        columns = [Column(f.key, f.title, f.width, f.align, f.group, f.fixed, f.flash) for f in self._fields]
        if columns != list(self.columns):
            self.set_columns(columns)
        self.sort_indicator = view.sort
        self.settle(force=True)

    def settle(self, *, force: bool = False) -> None:
        """Bring the order up to date: list order or the chosen column's, with the filter applied."""
        if self._board is None or self._view is None:
            return
        view, board = self._view, self._board
        symbols: Sequence[str] = view.symbols
        if view.filter:
            needle = view.filter.casefold()
            symbols = [s for s in symbols if needle in s.casefold() or needle in (board.row(s).name or "").casefold()]
            self.empty_text = f"No row has “{view.filter}”. Press F to show all."
        else:
            self.empty_text = "This list is empty. Press a to add symbols."
        field = next((f for f in self._fields if view.sort and f.key == view.sort[0]), None)
        if field is not None and view.sort is not None:
            rows = board.rows(symbols) if field.key == "rank" else [board.row(s) for s in symbols]
            symbols = [row.symbol for row in ordered(rows, field, descending=view.sort[1])]
        if force or list(symbols) != list(self.keys):
            self.set_rows(symbols, self.row_cells)
        self._rank(symbols)

    def show(self, changed: AbstractSet[str]) -> None:
        """New cells for those of `changed` that are on the screen; the others are derived when they come into it."""
        if self._board is None:
            return
        visible = set(self.visible_keys())
        self.invalidate([key for key in changed if key not in visible])
        self.update({key: self.row_cells(key) for key in visible & changed})

    def _rank(self, symbols: Iterable[str]) -> None:
        """Ranks need the whole list, so they are brought up to date with the order, not with each tick."""
        assert self._board is not None
        if any(f.key == "rank" for f in self._fields):
            self._ranked = {row.symbol: row for row in self._board.rows(list(symbols))}

    def row_cells(self, key: str) -> list[Cell]:
        """The cells of one row, derived now."""
        assert self._board is not None
        row = self._board.row(key)
        ranked = self._ranked.get(key)
        return [f.cell(ranked if f.key == "rank" and ranked else row) for f in self._fields]

    def ages(self) -> None:
        """Bring the ages of the visible rows up to date."""
        self.show(frozenset(self.visible_keys()))

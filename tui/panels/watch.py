"""The watchlist as a table: rows from the board, columns from `tui.columns`, an order that does not jump about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from tui.analytics.row import ranks
from tui.columns import Field, fields, in_order, picked
from tui.format import Cell
from tui.jobs import job, slices
from tui.rows import Row
from tui.view import View
from tui.widgets.grid import Column, Grid

if TYPE_CHECKING:
    from tui.board import Board

SLICE = 100
"""Rows derived in one go when nobody waits for them: a few milliseconds."""


class Watch(Grid):
    """The grid of the monitor. Rows re-sort on a key or when `settle` is called, never under the eye."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self._fields: list[Field] = []
        self._board: Board | None = None
        self._view: View | None = None
        self._ranks: dict[str, int | None] = {}
        self._ranking = False
        self.empty_text = "This list is empty. Press a to add symbols."

    def show_waiting(self, view: View) -> None:
        """The list itself, before there is a market: every figure unknown."""
        self._view = view
        self._lay_out(view)
        self.set_rows(view.symbols, lambda key: [field.cell(Row(symbol=key)) for field in self._fields])

    def show_all(self, board: Board, view: View) -> None:
        """Columns, order and every visible row anew."""
        self._board, self._view = board, view
        self._lay_out(view)
        self.sort_indicator = view.sort
        self.settle(force=True)

    def _lay_out(self, view: View) -> None:
        width = self.size.width or self.app.size.width
        self._fields, _ = picked(fields(view.benchmark, view.window, view.volume_window, width), view.columns)
        columns = [Column(f.key, f.title, f.width, f.align, f.group, f.fixed, f.flash) for f in self._fields]
        if columns != list(self.columns):
            self.set_columns(columns)

    def settle(self, *, force: bool = False) -> None:
        """Bring the order up to date; with `force` ask for all cells again, even where it stays."""
        if self._board is None or self._view is None:
            return
        symbols = self._order()
        if force:
            self.set_rows(symbols, self.row_cells)
        elif list(symbols) != list(self.keys):
            self.reorder(symbols)

    def _order(self, values: Mapping[str, object] | None = None) -> Sequence[str]:
        """The rows from top to bottom: list order or the chosen column's, with the filter applied.

        Args:
            values: What the rows are sorted by, where it is known already, and the ranks with it.
        """
        assert self._view is not None
        assert self._board is not None
        view, board = self._view, self._board
        symbols: Sequence[str] = view.symbols
        if view.filter:
            needle = view.filter.casefold()
            symbols = [s for s in symbols if needle in s.casefold() or needle in (board.name(s) or "").casefold()]
            self.empty_text = f"No row has “{view.filter}”. Press F to show all."
        else:
            self.empty_text = "This list is empty. Press a to add symbols."
        if values is None and self._shows_ranks:
            self._ranks = ranks(board.excesses(symbols))
        field = self._sort_field
        if field is not None and view.sort is not None:
            found = self._values(field, symbols) if values is None else {s: values.get(s) for s in symbols}
            symbols = in_order(found, descending=view.sort[1])
        return symbols

    def _values(self, field: Field, symbols: Sequence[str]) -> Mapping[str, object]:
        assert self._board is not None
        if field.excess is not None:
            return self._board.excesses(symbols, field.excess)
        return {symbol: field.value(self._row(symbol)) for symbol in symbols}

    @property
    def _sort_field(self) -> Field | None:
        sort = self._view.sort if self._view is not None else None
        return next((f for f in self._fields if sort and f.key == sort[0]), None)

    async def settle_gently(self) -> None:
        """`settle` when nobody waits for it: the rows of a long list are derived in slices, with keys between them."""
        field = self._sort_field
        if self._view is None or field is None:
            return
        await self._rank_gently(self.keys)
        # The values alone: thousands of rows that stay alive have the collector walk through everything.
        values: dict[str, object] = {}
        async for part in slices(self._view.symbols, SLICE):
            values |= self._values(field, part)
        if self._sort_field is not field:
            return
        coming: dict[str, tuple[Cell, ...]] = {}
        async for part in slices(self.coming(self._order(values)), SLICE):
            coming |= {key: tuple(self.row_cells(key)) for key in part}
        symbols = self._order(values)
        if self._sort_field is field and list(symbols) != list(self.keys):
            self.reorder(symbols, coming)

    async def age_gently(self) -> None:
        """Bring the ages and the ranks of the visible rows up to date, the ranks in slices."""
        if self._board is not None:
            await self._rank_gently(self.keys)
        self.show(frozenset(self.visible_keys()))

    def show(self, changed: AbstractSet[str]) -> None:
        """New cells for those of `changed` that are on the screen; the others are derived when they come into it."""
        if self._board is not None:
            self.renew(changed)
            if self._lacks_ranks():
                self.run_worker(job(self.age_gently), group="ranks")

    @property
    def _shows_ranks(self) -> bool:
        return any(f.key == "rank" for f in self._fields)

    async def _rank_gently(self, symbols: Sequence[str]) -> None:
        """Ranks need the whole list, so they are brought up to date with the order and the ages, not with each tick."""
        if self._board is None or not self._shows_ranks:
            return
        found: dict[str, float | None] = {}
        self._ranking = True
        try:
            async for part in slices(symbols, SLICE):
                found |= self._board.excesses(part)
        finally:
            self._ranking = False
        self._ranks = ranks(found)

    def _lacks_ranks(self) -> bool:
        """Whether a row on the screen could have a rank and has none: what it is ranked by came after the last ranking."""
        if self._board is None or self._ranking or not self._shows_ranks:
            return False
        without = [key for key in self.visible_keys() if self._ranks.get(key) is None]
        return any(excess is not None for excess in self._board.excesses(without).values())

    def row_cells(self, key: str) -> list[Cell]:
        """The cells of one row, derived now."""
        row = self._row(key)
        return [f.cell(row) for f in self._fields]

    def _row(self, key: str) -> Row:
        assert self._board is not None
        return self._board.row(key, rank=self._ranks.get(key))

"""The list by its volume ratios: rows from the board, an order that keeps still between two looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.jobs import slices
from tui.panels.table import Table
from tui.studies.volume_rows import VolumeRow, row_of
from tui.volume_columns import list_fields

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from tui.board import Board
    from tui.view import View

SLICE = 100
"""Rows derived in one go when nobody waits for them: a few milliseconds."""


class VolumeList(Table):
    """What trades most against its usual volume, the highest ratio first."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self._board: Board | None = None
        self.sort = ("volume_ratio", True)
        self.empty_text = "This list is empty. Press 1, then a to add symbols."

    def show_view(self, board: Board, view: View, rows: Mapping[str, VolumeRow | None] | None = None) -> None:
        """Columns, order and every visible row anew; `rows` are derived already."""
        self._board = board
        self.empty_text = (
            f"No row has “{self.filter}”. Press F to show all."
            if self.filter
            else "This list is empty. Press 1, then a to add symbols."
        )
        self.show_rows(
            list_fields(view.volume_window),
            view.symbols,
            self._row if rows is None else rows.get,
            words=lambda symbol: f"{symbol} {board.name(symbol) or ''}",
        )
        # Cells are always derived from what is true when they are seen.
        self._find = self._row
        self.marks = view.marks

    def show_waiting(self, view: View) -> None:
        """The list itself, before there is a market: every figure unknown."""
        self.show_rows(list_fields(view.volume_window), view.symbols, lambda symbol: VolumeRow(symbol=symbol))

    def show_changes(self, changed: AbstractSet[str]) -> None:
        """New cells for those of `changed` that are on the screen."""
        if self._board is not None:
            self.change(set(changed) & set(self.keys))

    async def show_gently(self, board: Board, view: View) -> None:
        """`show_view` in slices, with keys between them; what was there stays until all of it is known."""
        self._board = board
        if not self.keys:
            self.empty_text = "Sorting by volume"
        self.show_view(board, view, await self._derived(view.symbols))

    async def settle_gently(self) -> None:
        """Bring the order up to date when nobody waits for it: a long list in slices, with keys between them."""
        self._find = (await self._derived(self._listed)).get
        try:
            self.settle()
        finally:
            self._find = self._row

    async def _derived(self, symbols: Sequence[str]) -> dict[str, VolumeRow | None]:
        rows: dict[str, VolumeRow | None] = {}
        async for part in slices(symbols, SLICE):
            rows |= {symbol: self._row(symbol) for symbol in part}
        return rows

    def _row(self, symbol: str) -> VolumeRow | None:
        return row_of(self._board, symbol) if self._board is not None else None

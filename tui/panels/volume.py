"""The volume-ratio panel: what trades most against its usual volume."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nlargest
from typing import TYPE_CHECKING

from tui import format as fmt
from tui.jobs import slices
from tui.panels.title import show_title
from tui.view import View
from tui.widgets.bars import BarRow, Bars

if TYPE_CHECKING:
    from tui.board import Board

HIGH = 2.0
"""From here on a ratio is marked: twice the usual."""


SLICE = 200
"""Ratios looked up in one go when nobody waits for them: about a millisecond."""

Ratio = tuple[float, bool, str]
"""A volume ratio, whether it is rough, and whose it is."""


def ratios(board: Board, symbols: Sequence[str]) -> list[Ratio]:
    """The ratios of those symbols that have one."""
    return [(*found, symbol) for symbol in symbols if (found := board.volume_ratio(symbol)) is not None]


class VolumeRatio(Bars, can_focus=True):
    """Bars of the list's volume ratios, the highest first, with a tick at the usual."""

    def show_view(self, board: Board, view: View) -> None:
        """Draw the ratios of the list; symbols without one (indices, yields) are left out."""
        self._draw_ratios(view, ratios(board, view.symbols))

    async def show_gently(self, board: Board, view: View) -> None:
        """`show_view` when nobody waits for it: the ratios of a long list are looked up in slices, keys between them."""
        symbols, known = view.symbols, list[Ratio]()
        async for part in slices(symbols, SLICE):
            known += ratios(board, part)
        self._draw_ratios(view, known)

    def _draw_ratios(self, view: View, known: Sequence[Ratio]) -> None:
        highest = nlargest(max(1, self.size.height), known, key=lambda each: each[0])
        show_title(self, f" Volume ratio, {view.volume_window} sessions ")
        self.show(
            [
                BarRow(
                    fmt.clean(symbol, 8), value, fmt.ratio(value, rough=rough).text, "warn" if value >= HIGH else "bar"
                )
                for value, rough, symbol in highest
            ]
        )

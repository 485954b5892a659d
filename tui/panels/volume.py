"""The volume-ratio panel: what trades most against its usual volume."""

from __future__ import annotations

from heapq import nlargest
from typing import TYPE_CHECKING

from tui import format as fmt
from tui.panels.title import show_title
from tui.view import View
from tui.widgets.bars import BarRow, Bars

if TYPE_CHECKING:
    from tui.board import Board

HIGH = 2.0
"""From here on a ratio is marked: twice the usual."""


class VolumeRatio(Bars, can_focus=True):
    """Bars of the list's volume ratios, the highest first, with a tick at the usual."""

    def show_view(self, board: Board, view: View) -> None:
        """Draw the ratios of the list; symbols without one (indices, yields) are left out."""
        known = [(*found, symbol) for symbol in view.symbols if (found := board.volume_ratio(symbol)) is not None]
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

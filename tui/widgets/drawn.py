"""The rows of a table as they were drawn last, and the slots they are made of: what comes again is not drawn again."""

from collections import OrderedDict
from collections.abc import Sequence

from textual.strip import Strip

from tui.widgets.column import Column
from tui.widgets.line import Drawn, Line, Parts, Styler, draw_row

ROWS_KEPT = 160
"""Rows kept for scrolling back: a few screens, and a bound on memory."""
PARTS_KEPT = 2_000
"""Slots kept, of all rows together: the figures of a small list over a day."""


class DrawnRows:
    """Keeps the rows that were asked for last, each as it looked then."""

    def __init__(self) -> None:
        self._rows: OrderedDict[str, Drawn] = OrderedDict()
        self._parts: Parts = {}

    def __len__(self) -> int:
        return len(self._rows)

    def strip(self, line: Line, columns: Sequence[Column], width: int, style: Styler) -> Strip:
        """A row, drawn when it looks otherwise than the last time (arguments as those of `draw_row`)."""
        drawn = self._rows.get(line.key)
        if drawn is None or drawn.line != line or drawn.strip.cell_length != width:
            if len(self._parts) > PARTS_KEPT:
                self._parts.clear()
            drawn = self._rows[line.key] = draw_row(line, columns, width, style, drawn, self._parts)
        self._rows.move_to_end(line.key)
        if len(self._rows) > ROWS_KEPT:
            self._rows.popitem(last=False)
        return drawn.strip

    def forget_rows(self) -> None:
        """The columns are others."""
        self._rows.clear()

    def clear(self) -> None:
        """The styles are others."""
        self._rows.clear()
        self._parts.clear()

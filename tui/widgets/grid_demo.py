"""A small live grid, to look at: `python -m tui.widgets.grid`, q quits."""

import random
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType

from tui.format import Cell
from tui.widgets.column import Column
from tui.widgets.grid import Grid

COLUMNS = (
    Column("symbol", "Symbol", 8, align="left", fixed=True, flash=False),
    Column("last", "Last", 9),
    Column("day", "1D", 7, group="change, %"),
    Column("week", "1W", 7, group="change, %"),
    Column("month", "1M", 7, group="change, %"),
    Column("volume", "Volume", 10),
    Column("note", "Note", 14, align="left", flash=False),
)
KEYS = {
    "j,down": "cursor_down",
    "k,up": "cursor_up",
    "h,left": "cursor_left",
    "l,right": "cursor_right",
    "g,home": "first",
    "G,end": "last",
    "ctrl+d,pagedown": "page_down",
    "ctrl+u,pageup": "page_up",
    "space": "toggle_mark",
    "enter": "open",
}


class GridDemo(App[None]):
    """Two hundred rows, three of which change twice a second; `s` sorts them by the cursor's column."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(keys, f"grid('{action}')", show=False) for keys, action in KEYS.items()),
        Binding("s", "sort", "Sort"),
        Binding("q", "quit", "Quit"),
    ]

    def compose(self) -> ComposeResult:
        """Show the grid alone."""
        yield Grid(COLUMNS)

    def on_mount(self) -> None:
        """Invent the rows and let them change."""
        self._chance = random.Random(7)
        self._rows = {
            f"ROW{number:03}": [self._chance.uniform(20, 400)] + [self._chance.gauss(0, 4) for _ in range(3)]
            for number in range(200)
        }
        self._order = list(self._rows)
        self._show()
        self.set_interval(0.5, self._tick)

    def action_grid(self, action: str) -> None:
        """Pass a key on to the grid."""
        getattr(self.query_one(Grid), f"action_{action}")()

    def action_sort(self) -> None:
        """Sort by the cursor's column, highest first."""
        column = self.query_one(Grid).cursor_column
        place = {"last": 0, "day": 1, "week": 2, "month": 3}.get(column)
        if place is None:
            self._order.sort()
        else:
            self._order.sort(key=lambda key: self._rows[key][place], reverse=True)
        self.query_one(Grid).sort_indicator = (column, place is not None)
        self._show()

    def _show(self) -> None:
        self.query_one(Grid).set_rows(self._order, self._cells)

    def _cells(self, key: str) -> list[Cell]:
        last, *changes = self._rows[key]
        return [
            Cell(key, "symbol"),
            Cell(f"{last:,.2f}"),
            *(Cell(f"{change:+.2f}", "up" if change >= 0 else "down") for change in changes),
            Cell(f"{last * 12345:,.0f}", "muted"),
            Cell("日本 wide text" if last > 200 else "plain"),
        ]

    def _tick(self) -> None:
        moved = self._chance.sample(self._order[:30], 3)
        for key in moved:
            step = self._chance.gauss(0, 0.1)
            self._rows[key][0] += step
            self._rows[key][1] += step
        self.query_one(Grid).update({key: self._cells(key) for key in moved})

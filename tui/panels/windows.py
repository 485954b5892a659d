"""All windows of one symbol against its benchmark."""

from tui import format as fmt
from tui.analytics.windows import Window
from tui.detail import Detail, WindowLine
from tui.format import MISSING, Cell
from tui.widgets.grid import Column, Grid


class Windows(Grid):
    """A row per window: return, the benchmark's over the same dates, excess, total return, and since when."""

    def show_detail(self, detail: Detail, benchmark: str, chosen: Window) -> None:
        """Draw the windows; the one in use is marked by its colour and a sign."""
        columns = [
            Column("window", "Window", 7, "left", fixed=True, flash=False),
            Column("own", "Return%", 8),
            Column("benchmark", f"{fmt.clean(benchmark, 6)}%", 8),
            Column("excess", "Excess", 8),
            Column("total", "TR%", 8, flash=False),
            Column("from", "From", 10, "left", flash=False),
        ]
        cells = {line.window.value: window_cells(line, chosen) for line in detail.lines}
        if columns != list(self.columns):
            self.set_columns(columns)
        if list(cells) == list(self.keys):
            self.update(cells)
        else:
            self.set_rows(list(cells), cells.__getitem__)


def window_cells(line: WindowLine, chosen: Window) -> list[Cell]:
    """The cells of one window."""
    mine = line.window is chosen
    return [
        Cell(f"{line.window.value}{' ◂' if mine else ''}", "accent" if mine else "text"),
        fmt.change(line.own, 8),
        fmt.change(line.benchmark, 8),
        fmt.points(line.excess, 8),
        fmt.change(line.total, 8),
        Cell(f"{line.base}", "muted") if line.base else MISSING,
    ]

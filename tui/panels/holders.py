"""The funds that hold a symbol, with its weight and what it adds to each of them today."""

from collections.abc import Sequence

from tui import format as fmt
from tui.format import MISSING, Cell
from tui.widgets.grid import Column, Grid

COLUMNS = (
    Column("fund", "Held by", 8, "left", fixed=True, flash=False),
    Column("weight", "Wt%", 7, flash=False),
    Column("contribution", "Contr", 7),
)


class Holders(Grid):
    """A row per fund; opening one goes to its sectors."""

    def show_holders(self, holders: Sequence[tuple[str, float]], return_1d: float | None) -> None:
        """Draw the funds.

        Args:
            holders: Fund and the symbol's weight in its latest list, as a fraction.
            return_1d: The symbol's return today; a contribution is the listed weight times it.
        """
        if list(self.columns) != list(COLUMNS):
            self.set_columns(COLUMNS)
        cells = {fund: _cells(fund, weight, return_1d) for fund, weight in holders}
        if list(cells) == list(self.keys):
            self.update(cells)
        else:
            self.set_rows(list(cells), cells.__getitem__)


def _cells(fund: str, weight: float, return_1d: float | None) -> Sequence[Cell]:
    contribution = MISSING
    if return_1d is not None:
        points = weight * return_1d * 100
        text = f"{points:+.3f}"
        flat = float(text) == 0
        contribution = Cell("0.000" if flat else text, "flat" if flat else "up" if points > 0 else "down")
    return Cell(fmt.clean(fund, 8), "symbol"), Cell(f"{weight * 100:.3f}"), contribution

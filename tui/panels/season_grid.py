"""Every month of every year, coloured by sign and strength."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, ClassVar

from tui import format as fmt
from tui.format import MISSING, Cell
from tui.panels.quiet import Quiet
from tui.panels.title import show_title
from tui.studies.seasons import MONTHS
from tui.widgets.grid import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.analytics.seasons import Year
    from tui.studies.seasons import SeasonsAnswer

STRONG = 2.0
"""A month this many times as large as the middle one is strong."""

RUNNING = "*"
"""Behind the return of a month that is not over."""

COLUMNS = (
    Column("year", "Year", 4, "left", fixed=True, flash=False),
    Column("whole", "Year%", 7, fixed=True, flash=False),
    *(Column(month, f"{month} ", 7, flash=False) for month in MONTHS),
)


class SeasonGrid(Quiet):
    """A row per year, the newest first; `*` marks the month that runs."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"grid--up-strong", "grid--down-strong"}
    """Months of a large move, to either side."""

    DEFAULT_CSS = """
    SeasonGrid {
        & > .grid--up-strong { background: $success-muted; text-style: bold; }
        & > .grid--down-strong { background: $error-muted; text-style: bold; }
    }
    """

    def show_answer(self, answer: SeasonsAnswer) -> None:
        """Draw the years of one symbol."""
        show_title(self, f" {answer.symbol} month by month, % ({RUNNING} so far) ")
        years = answer.seasons.years
        usual = middle([value for year in years for value in year.months])
        lines = {f"{year.year}": year_cells(year, usual) for year in years}
        if list(COLUMNS) != list(self.columns):
            self.set_columns(COLUMNS)
        if list(lines) == list(self.keys):
            self.update(lines)
        else:
            self.set_rows(list(lines), lines.__getitem__)


def middle(values: Sequence[float | None]) -> float:
    """The median size of the known ones, 0 without any."""
    return median([abs(value) for value in values if value is not None] or [0.0])


def year_cells(year: Year, usual: float) -> list[Cell]:
    """A year, its whole and its months; what is `STRONG` times the usual size has a role of its own."""
    months = [_month(value, usual, running=year.running == number) for number, value in enumerate(year.months, start=1)]
    return [Cell(f"{year.year}", "symbol"), fmt.change(year.whole), *months]


def _month(value: float | None, usual: float, *, running: bool) -> Cell:
    if value is None:
        return Cell("", "muted") if not running else MISSING
    cell = fmt.change(value, 6)
    role = f"{cell.role}-strong" if cell.role in {"up", "down"} and abs(value) > STRONG * usual > 0 else cell.role
    return Cell(cell.text + (RUNNING if running else " "), role)

"""The seasons as lines of one table: a name, then mean, median, share positive, worst, best and n."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui import format as fmt
from tui.format import MISSING, Cell
from tui.studies.seasons import MONTHS
from tui.widgets.grid import Column

if TYPE_CHECKING:
    from tui.analytics.seasons import Season, Seasons, SoFar

CYCLE_NAMES = ("1 after the election", "2 midterm", "3 before the election", "4 election")
"""The four years of the US presidential cycle."""

SIDES = "lrrrrrr"
"""Alignment of the columns in plain text."""

Lines = dict[str, list[Cell]]
"""Cells by the key of their row."""


def columns(title: str, width: int) -> list[Column]:
    """The columns of a table whose first is called `title`."""
    return [
        Column("name", title, width, "left", fixed=True, flash=False),
        Column("mean", "Mean%", 7, flash=False),
        Column("positive", "Up%", 4, flash=False),
        Column("n", "n", 5, flash=False),
        Column("median", "Median%", 7, flash=False),
        Column("low", "Worst%", 7, flash=False),
        Column("high", "Best%", 7, flash=False),
    ]


def season_cells(name: Cell, season: Season) -> list[Cell]:
    """One season: two decimals, the share positive in whole percent."""
    return [
        name,
        fmt.change(season.mean),
        share(season.positive),
        Cell(f"{season.n}", "muted"),
        fmt.change(season.median),
        fmt.change(season.low),
        fmt.change(season.high),
    ]


def share(value: float | None) -> Cell:
    """A share in whole percent, without the sign."""
    return MISSING if value is None else Cell(f"{value * 100:.0f}")


def month_lines(seasons: Seasons) -> Lines:
    """The twelve months, the running one marked, and all months together."""
    now = seasons.so_far.month if seasons.so_far else 0
    lines = {
        MONTHS[each.number - 1]: season_cells(_named(MONTHS[each.number - 1], here=each.number == now), each)
        for each in seasons.months
    }
    return lines | {"all": season_cells(Cell("all", "muted"), seasons.all_months)}


def cycle_lines(seasons: Seasons) -> Lines:
    """The four years of the presidential cycle, the one of the last session marked."""
    now = (seasons.last.year - 1) % 4 + 1 if seasons.last else 0
    return {
        f"cycle-{each.number}": season_cells(_named(CYCLE_NAMES[each.number - 1], here=each.number == now), each)
        for each in seasons.cycle
    }


CYCLE_HEAD = {"cycle": [Cell("US presidential cycle", "muted")]}
"""The line above the years of the cycle."""


def now_lines(seasons: Seasons) -> Lines:
    """The running month in its own distribution: the other years after as many sessions, and what they did then."""
    so_far = seasons.so_far
    if so_far is None:
        return {}
    month = MONTHS[so_far.month - 1]
    sessions = f"{so_far.session} session{'' if so_far.session == 1 else 's'}"
    return {
        "others": season_cells(Cell(f"{month}, first {sessions}", "muted"), so_far.others),
        "rest": season_cells(Cell(f"{month}, what followed", "muted"), so_far.rest),
    }


def day_lines(seasons: Seasons) -> Lines:
    """Daily returns by calendar day, then by the session of the month."""
    days = {f"day-{each.number}": season_cells(Cell(f"day {each.number}", "symbol"), each) for each in seasons.days}
    return days | {
        f"session-{each.number}": season_cells(Cell(f"session {each.number}", "symbol"), each)
        for each in seasons.by_session
    }


def so_far_text(so_far: SoFar | None) -> str:
    """The running month in one line: its return, its percentile and its rank among the same month of all years."""
    if so_far is None:
        return "no month is running"
    place = f"percentile {so_far.percentile:.0f}" if so_far.percentile is not None else "no other year to compare"
    return (
        f"{MONTHS[so_far.month - 1]} {so_far.year} so far {fmt.change(so_far.value).text} %, "
        f"{place}, rank {so_far.rank} of {so_far.others.n + 1}"
    )


def _named(name: str, *, here: bool) -> Cell:
    return Cell(f"{name} ◂" if here else name, "accent" if here else "symbol")

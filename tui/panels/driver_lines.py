"""The tables of the drivers as lines of cells, for the screen and for `show drivers`. Pure; nothing here draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui import format as fmt
from tui import format_bars
from tui.format import MISSING, Cell
from tui.model_drivers import Frequency
from tui.widgets.column import Column

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tui.analytics.estimates import Covered
    from tui.analytics.regimes import Outcome, Regime
    from tui.studies.drivers_answers import MacroAnswer, MacroLine, RegimesAnswer

Lines = dict[str, "Sequence[Cell]"]
"""Cells by the key of their row."""

NARROW, ROOMY, WIDE = 60, 96, 120
"""Widths in cells under which names give way to ids, from which they are whole, and from which all figures have room."""

TREND = 14

SHORT = {
    "yield_fell": "yield fell",
    "yield_rose": "yield rose",
    "all_1m": "all months",
    "growth_below": "GDP slow",
    "growth_above": "GDP not slow",
    "all_3m": "all quarters",
    "after_recession": "recession",
    "after_cut": "first cut",
    "all_1y": "all years",
}
"""What a regime is called where there is little room."""


def day_text(day: date, often: Frequency) -> str:
    """The day, month or quarter that a value is of."""
    if often is Frequency.MONTHLY:
        return f"{day:%Y-%m}"
    if often is Frequency.QUARTERLY:
        return f"{day:%Y} Q{(day.month + 2) // 3}"
    return f"{day:%Y}" if often is Frequency.ANNUAL else f"{day}"


def value_text(line: MacroLine, value: float | None) -> str:
    """A value of a series: two decimals in percent, else as many as a price has."""
    return "-" if value is None else f"{value:.2f}" if line.in_percent else fmt.price(value, width=8).text


def change_cell(line: MacroLine) -> Cell:
    """The last change: `+0.06 pp` of a series in percent, else `+0.31%`."""
    if line.change is None:
        return MISSING
    cell = fmt.change(line.change / 100 if line.in_percent else line.change, 7)
    unit = " pp" if line.in_percent else "%"
    return Cell(f"{cell.text}{unit}", cell.role)


def macro_columns(width: int) -> list[Column]:
    """The columns of the macro table for a width in cells."""
    name = Column(
        "series", "Series", 8 if width < NARROW else 32 if width >= ROOMY else 24, "left", fixed=True, flash=False
    )
    return [
        name,
        Column("latest", "Latest", 8),
        Column("change", "Change", 8, flash=False),
        Column("date", "Of", 10, "left", flash=False),
        Column("trend", "Trend", TREND, "left", flash=False),
        Column("source", "Source", 9, "left", flash=False),
    ]


def macro_lines(answer: MacroAnswer, width: int) -> Lines:
    """A line per series."""
    return {
        line.id: (
            Cell(fmt.clean(line.id if width < NARROW else line.title, 32), "symbol"),
            Cell(value_text(line, line.latest)),
            change_cell(line),
            Cell(day_text(line.day, line.frequency), "warn" if line.is_old else "muted"),
            format_bars.spark(line.trend, TREND),
            Cell(fmt.clean(line.source, 9), "muted"),
        )
        for line in answer.lines
    }


def regime_columns(small: str, large: str, width: int) -> list[Column]:
    """The columns of the regime table: mean, share above zero and n of each, and the rest where there is room."""
    full = width >= WIDE
    columns = [
        Column("regime", "Regime", 38 if full else 12, "left", fixed=True, flash=False),
        Column("window", "Win", 3, "left", flash=False),
    ]
    names = {"small": small, "large": large, "difference": f"{small} - {large}"}
    for key, whose in ((key, names[key]) for key in _order(width)):
        group = fmt.clean(whose, 16)
        columns.append(Column(f"{key}_mean", "Mean", 6, group=group, flash=False))
        if full:
            columns.append(Column(f"{key}_median", "Median", 6, group=group, flash=False))
        columns += [
            Column(f"{key}_positive", ">0", 4, group=group, flash=False),
            Column(f"{key}_n", "n", 5, group=group, flash=False),
        ]
    return [
        *columns,
        Column("apart", "Apart", 5, flash=False),
        Column("basis", "Known", 10, "left", flash=False),
        Column("first", "From", 10, "left", flash=False),
        Column("last", "To", 10, "left", flash=False),
    ]


def regime_lines(answer: RegimesAnswer, width: int) -> Lines:
    """A line per regime, every figure with its n."""
    return {each.name: _regime(each, _order(width), full=width >= WIDE) for each in answer.regimes}


def _order(width: int) -> tuple[str, str, str]:
    """Whose figures come first: where there is room for one, the difference."""
    return ("difference", "small", "large") if width < NARROW else ("small", "large", "difference")


def _regime(regime: Regime, order: Sequence[str], *, full: bool) -> list[Cell]:
    base = regime.name.startswith("all_")
    name = regime.title if full else SHORT.get(regime.name, regime.title)
    cells = [Cell(name, "muted" if base else ""), Cell(regime.window, "muted")]
    for key in order:
        cells += _outcome(getattr(regime, key), full=full)
    return [
        *cells,
        Cell(f"{regime.apart}", "muted"),
        Cell(regime.basis.value, "muted"),
        Cell(f"{regime.first}", "muted") if regime.first else MISSING,
        Cell(f"{regime.last}", "muted") if regime.last else MISSING,
    ]


def _outcome(outcome: Outcome, *, full: bool) -> list[Cell]:
    return [
        fmt.change(outcome.mean, 6),
        *([fmt.change(outcome.median, 6)] if full else []),
        percent_cell(outcome.positive),
        Cell(f"{outcome.n}", "muted"),
    ]


def percent_cell(share: float | None, digits: int = 0) -> Cell:
    """A share of the whole, without a sign: `69%`."""
    return MISSING if share is None else Cell(f"{share * 100:.{digits}f}%")


def covered_cells(covered: Covered, *, signed: bool) -> list[Cell]:
    """A figure over a part of a fund, and how much of its weight that is."""
    value = covered.value
    shown = fmt.change(value, 8) if signed else percent_cell(value, 1)
    if signed and shown is not MISSING:
        shown = Cell(f"{shown.text}%", shown.role)
    return [shown, Cell(f"{covered.coverage * 100:.0f}%", "muted" if covered.coverage >= 0.5 else "warn")]

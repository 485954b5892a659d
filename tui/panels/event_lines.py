"""An answer to a condition as columns and cells: occurrences, and what followed beside what follows any session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui import format as fmt
from tui.analytics.events import Unit
from tui.columns import Field
from tui.format import Cell
from tui.panels.season_lines import share
from tui.studies.events_text import SIGNS, value_cell

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.analytics.events.answer import EventAnswer, Occurrence
    from tui.analytics.windows import Window

SHORT = 24
"""Cells that the text of a series may take in a title or a line."""


def value_title(series: str, unit: Unit) -> str:
    """What a column of a series is called: its text, with the sign of its unit where that is a short one."""
    sign = SIGNS.get(unit, "") if unit in WRITTEN else ""
    return f"{fmt.clean(series, SHORT)}{' ' if len(sign) > 1 else ''}{sign}"


WRITTEN = {Unit.RETURN, Unit.SPREAD, Unit.BASIS}
"""Units whose cells do not say what they are in."""


def occurrence_fields(answer: EventAnswer) -> list[Field]:
    """The columns of the occurrences: date, how long it lasted, the values, and the returns that followed."""
    fields = [
        Field(
            "date",
            "Date",
            10,
            lambda row: Cell(f"{row.date}", "symbol"),
            lambda row: row.date,
            "left",
            fixed=True,
            flash=False,
        )
    ]
    if answer.each.value == "run":
        fields.append(
            Field("lasted", "Days", 4, lambda row: Cell(f"{row.lasted}"), lambda row: row.lasted, flash=False)
        )
    for series, unit in answer.series.items():
        title = value_title(series, unit)
        cell, value = _value(series, unit)
        fields.append(Field(f"value {series}", title, max(8, len(title)), cell, value, flash=False))
    for symbol in answer.symbols:
        for window in answer.horizons:
            cell, value = _forward(symbol, window)
            title, group = f"+{window}%", fmt.clean(symbol, 12)
            fields.append(Field(f"{symbol} {window}", title, 7, cell, value, group=group, flash=False))
    return fields


def _value(series: str, unit: Unit) -> tuple[Callable[[Occurrence], Cell], Callable[[Occurrence], float | None]]:
    return lambda row: value_cell(row.values.get(series), unit), lambda row: row.values.get(series)


def _forward(symbol: str, window: Window) -> tuple[Callable[[Occurrence], Cell], Callable[[Occurrence], float | None]]:
    return lambda row: fmt.change(row.forward[symbol][window]), lambda row: row.forward[symbol][window]


def summary_lines(answer: EventAnswer) -> dict[str, list[Cell]]:
    """For each symbol and horizon what followed the events, then what follows any session."""
    lines = {}
    for symbol in answer.symbols:
        for window in answer.horizons:
            after, usual = answer.summary[symbol][window], answer.base[symbol][window]
            lines[f"{symbol} {window}"] = [
                Cell(f"{fmt.clean(symbol, 8)} {window}", "symbol"),
                fmt.change(after.mean, 6),
                fmt.change(usual.mean, 6),
                share(after.positive),
                share(usual.positive),
                Cell(f"{after.n}", "muted"),
                Cell(f"{usual.n}", "muted"),
                fmt.change(after.median, 6),
                fmt.change(usual.median, 6),
            ]
    return lines


def count_text(answer: EventAnswer) -> str:
    """How often, out of how many sessions."""
    noun = "event" if answer.count == 1 else "events"
    return f"{answer.count:,} {noun} in {answer.sessions:,} sessions"


def rate_text(answer: EventAnswer) -> str:
    """How rare it is."""
    if not answer.count:
        return "never"
    return f"{100 * answer.count / answer.sessions:.2f} % of sessions"


def last_text(answer: EventAnswer) -> str:
    """When it was last, and how long ago."""
    if not answer.rows or answer.sessions_since is None:
        return ""
    since = answer.sessions_since
    ago = "in the last session" if not since else f"{since:,} session{'' if since == 1 else 's'} ago"
    return f"last {answer.rows[-1].date}, {ago}"


def now_text(answer: EventAnswer) -> str:
    """The values of the last session, where it is one of the events."""
    if not answer.rows or answer.rows[-1].date != answer.last:
        return ""
    values = answer.rows[-1].values
    parts = []
    for series, unit in answer.series.items():
        sign = value_title("", unit).strip()
        parts.append(f"{fmt.clean(series, SHORT)} {value_cell(values.get(series), unit).text}{sign}")
    return "  ".join(parts)

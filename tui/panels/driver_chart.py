"""The chosen series over time, and the rolling correlation of a symbol with its changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.panels.driver_lines import value_text
from tui.panels.title import show_title
from tui.widgets.chart import Chart, Line, Picture

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tui.studies.drivers_answers import SeriesAnswer

TICKS = 6
"""Years, or months, under the x axis, about."""


class SeriesChart(Chart, can_focus=True):
    """The values of a series."""

    def show_answer(self, answer: SeriesAnswer) -> None:
        """Draw one series."""
        line = answer.line
        show_title(self, f" {line.title}, {line.unit} ")
        days = answer.days
        self.show(
            Picture(
                lines=[Line(line.id, answer.values, "series-1")],
                slots=len(days),
                labels=ticks(days),
                y_format=lambda value: value_text(line, value),
                message=f"Nothing is stored of {line.id}",
                slot_format=lambda slot: f"{days[slot]}" if slot < len(days) else "",
            ),
            now=True,
        )


class CorrelationChart(Chart, can_focus=True):
    """The rolling correlation."""

    def show_answer(self, answer: SeriesAnswer) -> None:
        """Draw the correlation of a symbol with a series' changes."""
        now = "-" if answer.correlation is None else f"{answer.correlation:+.2f}"
        title = f"{answer.symbol} with changes of {answer.line.id}: {now}, n {answer.n} of {answer.window}"
        show_title(self, f" {title} ")
        days = answer.correlation_days
        known = any(value is not None for value in answer.correlations)
        self.show(
            Picture(
                lines=[Line(answer.symbol, answer.correlations, "series-2")] if known else [],
                slots=len(days),
                labels=ticks(days),
                y_format=lambda value: f"{value:+.2f}",
                baseline=0.0,
                message=answer.problem,
                slot_format=lambda slot: f"{days[slot]}" if slot < len(days) else "",
            ),
            now=True,
        )


def ticks(days: Sequence[date]) -> list[tuple[int, str]]:
    """Where the x axis is labelled: first slots of years, or of months in a short span; a handful in all."""
    if not days:
        return []
    by_month = (days[-1] - days[0]).days < 800
    starts = [
        (slot, f"{day:%Y-%m}" if by_month else f"{day:%Y}")
        for slot, day in enumerate(days)
        if slot and (day.year, day.month * by_month) != (days[slot - 1].year, days[slot - 1].month * by_month)
    ]
    step = max(1, round(len(starts) / TICKS))
    return starts[::step]

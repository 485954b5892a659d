"""Rolling correlation, or beta, of the compared symbols to the benchmark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.analytics.measure import WINDOWS, Measure
from tui.panels.relative import nothing, session_labels
from tui.panels.title import show_title
from tui.studies.relative import YIELD
from tui.studies.relative_lines import rolling_values
from tui.widgets.chart import Chart, Line, Picture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.board import Board
    from tui.studies.relative import Comparison

EVEN = 1.0
"""A beta of one: the symbol moves as much as the benchmark."""


class Rolling(Chart, can_focus=True):
    """A line per symbol, over a year of sessions or the span where that is longer."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id, classes=classes)
        self._of: Comparison | None = None
        self._labels: Sequence[tuple[int, str]] = ()
        self._words: Sequence[str] = ()
        """The date of each slot."""

    def show_comparison(self, board: Board, comparison: Comparison, measure: Measure, *, now: bool = False) -> None:
        """Draw one measure; `now` at once, since the user did something."""
        asked, window = comparison.question, WINDOWS[measure]
        show_title(self, f" Rolling {measure} to {asked.benchmark}, {window} sessions ")
        if comparison.session is None or not comparison.days.rolling:
            self.show(nothing(f"No history of {asked.benchmark}"), now=now)
            return
        if self._of is not comparison:
            days = [*comparison.days.rolling, comparison.session]
            self._of, self._labels, self._words = comparison, session_labels(days), [f"{day}" for day in days]
        # A beta to a yield is a return per basis point.
        per_point = measure is Measure.BETA and asked.benchmark == YIELD
        lines = [
            Line(symbol, rolling_values(board, comparison, symbol, measure), f"series-{index + 1}")
            for index, symbol in enumerate(asked.symbols)
        ]
        self.show(
            Picture(
                lines=lines,
                slots=len(self._words),
                labels=self._labels,
                y_format=(lambda value: f"{value:.4f}") if per_point else (lambda value: f"{value:.2f}"),
                baseline=EVEN if measure is Measure.BETA and not per_point else None,
                message=f"{window} sessions are needed",
                slot_format=self._words.__getitem__,
            ),
            now=now,
        )

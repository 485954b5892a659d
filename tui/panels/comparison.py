"""The chart of the comparison: rebased lines, relative strength or spread over a span, with a crosshair."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.panels.relative import KIND_TITLES, Relative, day_picture, framed, nothing, session_labels
from tui.panels.title import show_title
from tui.studies.relative_lines import bench_values, values_of
from tui.view import ChartKind, View
from tui.widgets.chart import Line, Picture

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tui.board import Board
    from tui.model import Bar
    from tui.studies.relative import Comparison


class ComparisonChart(Relative):
    """The chart of the monitor over any span, from a prepared comparison: a tick makes one point of each line."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id, classes=classes)
        self._of: Comparison | None = None
        self._labels: Sequence[tuple[int, str]] = ()
        self._words: Sequence[str] = ()
        """The date of each slot."""

    def show_comparison(
        self, board: Board, view: View, comparison: Comparison, bars: Mapping[str, Sequence[Bar]], *, now: bool = False
    ) -> None:
        """Draw the compared symbols.

        Args:
            board: Where prices are read.
            view: The kind of chart.
            comparison: What was prepared.
            bars: Five-minute bars of the session by symbol, for the span of one day; without them its two closes.
            now: Redraw at once: the user did something.
        """
        asked = comparison.question
        total = "  TR" if asked.total else ""
        show_title(self, f" vs {asked.benchmark}  {asked.span.text}{total}  {KIND_TITLES[view.chart]} ")
        if bars.get(asked.benchmark):
            self.show(replace(day_picture(board, view, asked.symbols, bars), slot_format=_time), now=now)
            return
        if self._of is not comparison and comparison.session is not None:
            days = [*comparison.days.span, comparison.session]
            self._of, self._labels, self._words = comparison, session_labels(days), [f"{day}" for day in days]
        self.show(_picture(board, view.chart, comparison, self._labels, self._words), now=now)


def _picture(
    board: Board,
    kind: ChartKind,
    comparison: Comparison,
    labels: Sequence[tuple[int, str]],
    words: Sequence[str],
) -> Picture:
    asked = comparison.question
    if comparison.session is None:
        return nothing(f"Waiting for the price of {asked.benchmark}")
    if not comparison.days.span:
        return nothing(f"The history of {asked.benchmark} is too short for {asked.span.text}")
    lines = [
        Line(symbol, values_of(board, comparison, symbol, kind), f"series-{index + 1}")
        for index, symbol in enumerate(asked.symbols)
    ]
    if kind is ChartKind.REBASED:
        lines.append(Line(asked.benchmark, bench_values(board, comparison), "axis"))
    return framed(kind, lines, len(words), labels, words.__getitem__)


def _time(slot: int) -> str:
    """The start of a five-minute slot in the exchange's time; the first one is the previous close."""
    minutes = 9 * 60 + 25 + 5 * slot
    return f"{minutes // 60}:{minutes % 60:02d}" if slot else "previous close"

"""The price of one symbol over the window, with its volume below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.analytics.windows import Window
from tui.detail import Detail
from tui.format import price as price_text
from tui.panels.relative import KIND_TITLES, picture, session_labels
from tui.panels.title import show_title
from tui.view import View
from tui.widgets.chart import Chart, Line, Picture

if TYPE_CHECKING:
    from tui.board import Board


class Price(Chart, can_focus=True):
    """Closes as a line, volumes as bars."""

    def show_detail(self, detail: Detail, window: Window, last: float | None, *, now: bool = False) -> None:
        """Draw the sessions from the window's base on; a window of one day shows its session and the one before.

        Args:
            detail: The symbol.
            window: How far back.
            last: The price now, which stands for the last session.
            now: Redraw at once: the user did something.
        """
        base = next((line.base for line in detail.lines if line.window is window), None)
        show_title(self, f" {detail.symbol}  {window}  close and volume ")
        if base is None:
            self.show(_nothing(f"The stored history is too short for {window}"), now=now)
            return
        start = next(i for i, day in enumerate(detail.days) if day >= base) if base >= detail.days[0] else 0
        days = detail.days[start:]
        closes = [*detail.closes[start:-1], last if last is not None else detail.closes[-1]]
        volumes = detail.volumes_by_day[start:]
        self.show(
            Picture(
                lines=(Line(detail.symbol, closes, "series-1"),),
                slots=len(days),
                labels=session_labels(days),
                y_format=lambda value: price_text(value).text,
                bars=[float(v) if v is not None else None for v in volumes] if any(volumes) else None,
            ),
            now=now,
        )

    def show_against(self, board: Board, view: View, symbol: str, *, now: bool = False) -> None:
        """Draw the symbol against the benchmark instead, in the view's kind of chart."""
        show_title(self, f" {symbol} vs {view.benchmark}  {view.window}  {KIND_TITLES[view.chart]} ")
        self.show(picture(board, view, [symbol]), now=now)


def _nothing(message: str) -> Picture:
    return Picture(lines=(), slots=0, labels=(), y_format=str, message=message)

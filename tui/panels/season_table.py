"""Seasons as a table that is only read: months, the running month with the presidential cycle, days of the month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.panels.quiet import Quiet
from tui.panels.season_lines import CYCLE_HEAD, columns, cycle_lines, day_lines, month_lines, now_lines, so_far_text
from tui.panels.title import show_title

if TYPE_CHECKING:
    from tui.panels.season_lines import Lines
    from tui.studies.seasons import SeasonsAnswer


class _SeasonTable(Quiet):
    """A row per season."""

    def _show(self, title: str, width: int, lines: Lines) -> None:
        wanted = columns(title, width)
        if wanted != list(self.columns):
            self.set_columns(wanted)
        if list(lines) == list(self.keys):
            self.update(lines)
        else:
            self.set_rows(list(lines), lines.__getitem__)


class SeasonMonths(_SeasonTable):
    """The twelve calendar months, with all of them together below."""

    def show_answer(self, answer: SeasonsAnswer) -> None:
        """Draw the months of one symbol."""
        first = answer.seasons.first
        show_title(self, f" {answer.symbol} by month{f', since {first:%Y}' if first else ''} ")
        self._show("Month", 6, month_lines(answer.seasons))


class SeasonNow(_SeasonTable):
    """The month so far in its own distribution, and the presidential cycle."""

    def show_answer(self, answer: SeasonsAnswer) -> None:
        """Draw the running month and the cycle of one symbol."""
        show_title(self, f" {answer.symbol}  {so_far_text(answer.seasons.so_far)} ")
        self._show("Season", 22, now_lines(answer.seasons) | CYCLE_HEAD | cycle_lines(answer.seasons))


class SeasonDays(_SeasonTable):
    """The days of the month, by the calendar and by session."""

    def show_answer(self, answer: SeasonsAnswer) -> None:
        """Draw the days of one symbol."""
        show_title(self, f" {answer.symbol} by day of the month ")
        self._show("Day", 10, day_lines(answer.seasons))

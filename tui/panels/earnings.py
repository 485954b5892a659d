"""What analysts expect two funds' holdings to earn, and how many estimates are raised or cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.panels.fund_lines import earnings_columns, earnings_lines, told_text
from tui.panels.listing import Listing
from tui.panels.title import show_subtitle, show_title

if TYPE_CHECKING:
    from tui.studies.drivers_answers import EarningsAnswer


class EarningsTable(Listing):
    """Growth and revisions by period, two funds side by side."""

    def show_answer(self, answer: EarningsAnswer) -> None:
        """Draw two funds."""
        told = told_text(answer.a, answer.b)
        show_title(self, f" Earnings: {answer.a.symbol} against {answer.b.symbol}{f', {told}' if told else ''} ")
        known = answer.a.told or answer.b.told
        self.empty_text = answer.problem
        # Content, for what is said may have brackets; where there are no lines, it stands in their place.
        show_subtitle(self, f" {answer.problem} " if answer.problem and known else "")
        lines = earnings_lines(answer) if known else {}
        self.show_lines(earnings_columns(answer.a.symbol, answer.b.symbol), lines)

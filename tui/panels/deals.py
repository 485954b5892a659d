"""Merger filings since a date: deals per week as bars, by form and by sector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.panels.fund_lines import deals_columns, deals_lines
from tui.panels.listing import Listing
from tui.panels.title import show_title

if TYPE_CHECKING:
    from tui.studies.drivers_answers import DealsAnswer


class DealsTable(Listing):
    """Weeks, forms and sectors, one under the other."""

    def show_answer(self, answer: DealsAnswer) -> None:
        """Draw the deals."""
        show_title(self, f" {deals_title(answer)} ")
        self.empty_text = answer.problem or f"No merger filing is stored since {answer.since}"
        self.show_lines(deals_columns(self.size.width), deals_lines(answer))


def deals_title(answer: DealsAnswer) -> str:
    """How many deals since when, and how many days of it have been read."""
    deals = answer.deals
    read = "" if answer.days_read >= answer.days else f", {answer.days_read} of {answer.days} weekdays read"
    older = "" if answer.run_up or not deals.filings else ", older ones may count as new"
    return f"Deals: {deals.deals} in {deals.filings} filings since {answer.since}{read}{older}"

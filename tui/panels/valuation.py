"""One fund's valuation against another's, with the history of the discount."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.panels.fund_lines import valuation_columns, valuation_lines
from tui.panels.listing import Listing
from tui.panels.title import show_subtitle, show_title

if TYPE_CHECKING:
    from tui.studies.drivers_answers import ValuationAnswer


class ValuationTable(Listing):
    """P/S, P/E both ways, discounts, coverage."""

    def show_answer(self, answer: ValuationAnswer) -> None:
        """Draw two funds."""
        a, b = answer.a.symbol, answer.b.symbol
        sources = f", by {', '.join(answer.sources)}" if answer.sources else ""
        show_title(self, f" Valuation: {a} against {b}{sources} ")
        known = answer.a.told or answer.b.told
        self.empty_text = answer.problem
        # Content, for what is said may have brackets; where there are no lines, it stands in their place.
        show_subtitle(self, f" {answer.problem} " if answer.problem and known else "")
        width = self.size.width
        self.show_lines(valuation_columns(a, b, width), valuation_lines(answer, width) if known else {})

"""The macro series: latest, change, date, a small trend; the cursor chooses the one that is charted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.panels.driver_lines import macro_columns, macro_lines
from tui.panels.listing import Listing
from tui.panels.title import show_title

if TYPE_CHECKING:
    from tui.studies.drivers_answers import MacroAnswer


class MacroTable(Listing):
    """A row per series."""

    def show_answer(self, answer: MacroAnswer) -> None:
        """Draw the series that are known."""
        show_title(self, " Yields and macro series ")
        self.empty_text = answer.problem
        self.show_lines(macro_columns(self.size.width), macro_lines(answer, self.size.width))

"""What followed the events, beside what follows any session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.panels.event_lines import summary_lines
from tui.panels.quiet import Quiet
from tui.panels.title import show_title
from tui.widgets.grid import Column

if TYPE_CHECKING:
    from tui.analytics.events.answer import EventAnswer

EVENT, ANY = "event", "any"
"""After the events, and after any session."""

COLUMNS = (
    Column("name", "After", 11, "left", fixed=True, flash=False),
    *(
        Column(f"{figure} {side}", side, width, "right", figure, flash=False)
        for figure, width in (("mean %", 6), ("up %", 5), ("n", 5), ("median %", 6))
        for side in (EVENT, ANY)
    ),
)


class EventSummary(Quiet):
    """A row per symbol and horizon."""

    def show_answer(self, answer: EventAnswer) -> None:
        """Draw the returns that followed beside the base rate."""
        show_title(self, " What followed, and the base rate ")
        if list(self.columns) != list(COLUMNS):
            self.set_columns(COLUMNS)
        lines = summary_lines(answer)
        if list(lines) == list(self.keys):
            self.update(lines)
        else:
            self.set_rows(list(lines), lines.__getitem__)

    def show_nothing(self) -> None:
        """There is no answer."""
        show_title(self, " What followed ")
        self.set_rows([], lambda _key: ())

"""The days of unusual volume of one symbol: what the price did that day, and what followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.panels.table import Table
from tui.panels.title import show_title
from tui.volume_columns import day_fields, unusual_title

if TYPE_CHECKING:
    from tui.studies.volume import VolumeDay


class VolumeDays(Table):
    """A row a day, the newest first."""

    _shown: VolumeDay | None = None

    def show_day(self, symbol: str, day: VolumeDay) -> None:
        """Draw the unusual days of a symbol; the same ones again cost nothing."""
        if day is self._shown:
            return
        self._shown = day
        found = {str(each.session): each for each in day.unusual.days}
        title = unusual_title(day.unusual)
        show_title(self, f" {symbol}  unusual volume: {title} ")
        self.empty_text = day.why if day.symbol.startswith("^") else title
        self.show_rows(day_fields(), list(found), found.get)

"""The occurrences of an event with their values and what followed, the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.panels.event_lines import occurrence_fields
from tui.panels.table import Table
from tui.panels.title import show_title

if TYPE_CHECKING:
    from datetime import date

    from tui.analytics.events.answer import EventAnswer, Occurrence


class EventRows(Table):
    """A row per occurrence; sorted and filtered like any table."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id, classes=classes)
        self._rows_by_date: dict[str, Occurrence] = {}

    def show_answer(self, answer: EventAnswer) -> None:
        """Draw the occurrences; the cursor stays on its date where that is one of them."""
        show_title(self, f" {answer.count:,} event{'' if answer.count == 1 else 's'} ")
        self.empty_text = "it never held on the sessions searched"
        self._rows_by_date = {row.date.isoformat(): row for row in reversed(answer.rows)}
        fields = occurrence_fields(answer)
        if self.sort is not None and self.sort[0] not in {field.key for field in fields}:
            self.sort = None
        self.show_rows(fields, list(self._rows_by_date), self._rows_by_date.get)

    def show_nothing(self, why: str) -> None:
        """Say why there are no rows."""
        show_title(self, " Events ")
        self.empty_text = why
        self._rows_by_date = {}
        self.show_rows([], [], lambda _key: None)

    @property
    def chosen(self) -> date | None:
        """The date under the cursor."""
        row = self._rows_by_date.get(self.cursor_key or "")
        return row.date if row else None

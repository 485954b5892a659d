"""A table that shows prepared lines of cells, and draws only what differs from the last ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.widgets.grid import Column, Grid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tui.format import Cell


class Listing(Grid):
    """Rows by their keys, as they are given."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id, classes=classes)
        self._prepared: Mapping[str, Sequence[Cell]] = {}

    def line(self, key: str) -> dict[str, str]:
        """The texts of one row by the names of their columns."""
        names = [f"{each.group} {each.title}".strip() or each.key for each in self.columns]
        return {name: cell.text.strip() for name, cell in zip(names, self._prepared.get(key, ()), strict=False)}

    def show_lines(self, columns: Sequence[Column], lines: Mapping[str, Sequence[Cell]]) -> None:
        """Draw these lines; the cursor stays with its key."""
        self._prepared = lines
        if list(columns) != list(self.columns):
            self.set_columns(columns)
        if list(lines) == list(self.keys):
            self.update(lines)
        else:
            self.set_rows(list(lines), lines.__getitem__)

"""Which characters of a table are lit since they have changed, and which of those are to go out."""

from collections.abc import Sequence

from tui.format import MISSING, Cell
from tui.widgets.column import Column, first_difference, fit
from tui.widgets.line import cell_at


class Flashes:
    """The lit characters of every row: by column, the first of them; all after it are lit as well."""

    def __init__(self) -> None:
        self.lit: dict[str, dict[int, int]] = {}
        self.fading: list[str] = []
        """Rows whose time is over."""

    def light(self, key: str, columns: Sequence[Column], old: Sequence[Cell], new: Sequence[Cell]) -> None:
        """Light what has changed in a row; what was unknown did not change: it came."""
        for index, column in enumerate(columns):
            was, now = cell_at(old, index), cell_at(new, index)
            if column.flash and was.text != now.text and was != MISSING:
                before, after = (fit(cell.text, column.width, column.align) for cell in (was, now))
                start = max(first_difference(before, after), len(after) - len(after.lstrip()))
                row = self.lit.setdefault(key, {})
                row[index] = min(start, row.get(index, start))

    def of(self, key: str) -> tuple[tuple[int, int], ...]:
        """The lit characters of a row, as (column, first)."""
        row = self.lit.get(key)
        return tuple(sorted(row.items())) if row else ()

    def fade(self, most: int) -> None:
        """Put out so many of the rows whose time is over; when there are none, it is over for all that are lit now."""
        self.fading = self.fading or list(self.lit)
        for key in self.fading[:most]:
            self.lit.pop(key, None)
        self.fading = self.fading[most:]

    def clear(self) -> None:
        """Nothing is lit."""
        self.lit.clear()
        self.fading.clear()

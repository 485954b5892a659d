"""Blanks that are erased rather than sent."""

import re
from typing import Final

from tui.link.cells import Style
from tui.link.rows import Rows

BLANKS: Final = " " * 4
LEAST_REST, LEAST_BLANKS = len(BLANKS), 5
"""Blanks that are shorter erased than sent: at the end of a row, and elsewhere."""
LONG_BLANKS: Final = " " * 11
"""The same inside of a run, where they are jumped over as well."""
LONG_BLANK: Final = re.compile(f"{LONG_BLANKS}+")


class Blanks:
    """Shortens runs.

    Args:
        coloured: Whether erased cells take the background colour (terminfo's `bce`).
    """

    def __init__(self, *, coloured: bool) -> None:
        self._coloured = coloured
        self._erasable: dict[Style, bool] = {}

    def forget(self) -> None:
        """Know no style."""
        self._erasable.clear()

    def erased(self, text: str, rows: Rows, y: int, style: Style, end: int) -> tuple[str, int]:
        """The text of a run that ends before a column, with long blanks erased; and the column after it."""
        kept = text.rstrip(" ")
        blanks, long = len(text) - len(kept), LONG_BLANKS in kept
        if not (long or blanks >= LEAST_REST) or not self._can_erase(style):
            return text, end
        if long:
            kept = LONG_BLANK.sub(lambda found: f"\x1b[{len(found[0])}X\x1b[{len(found[0])}C", kept)
        if blanks >= LEAST_REST and rows.blank_from(y, end, style):
            return f"{kept}\x1b[K", end - blanks
        if blanks >= LEAST_BLANKS:
            return f"{kept}\x1b[{blanks}X", end - blanks
        return kept + " " * blanks, end

    def _can_erase(self, style: Style) -> bool:
        """Whether an erased cell looks like a space of that style."""
        can = self._erasable.get(style)
        if can is None:
            can = self._erasable[style] = style.look.erasable and (self._coloured or not style.look.back)
        return can

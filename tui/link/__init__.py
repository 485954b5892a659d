"""The link to the terminal: no cell is sent twice, and no frame faster than the line takes it.

Textual's compositor paints generously: a changed cell is sent with everything to the left of it in its widget, each
piece with its full colours. Over a slow line that is seconds. So here what the compositor has made is not sent but
drawn into a screen of lines (`screen`, `rows`): strip by strip where it is handed over as it is (`direct`, `strips`),
else *read* from its text, as a terminal would. A line of narrow characters stays text and styles (`plain`); the others
are cells. A second screen holds what the terminal shows. On `flush` the shortest bytes that lead from the one to the
other go out (`encode`, with `scroll` for rows that only moved), and no sooner than the terminal has answered for the
frame before (`pace`). While a frame waits, newer ones only change the screen, so that what is sent next is always the
newest state. `driver` puts the parts behind Textual's own seam.

Whatever is not plainly a frame (modes, titles, the clipboard, queries) goes through untouched. Whatever is not
understood goes through as well, and the grids then know nothing: a cell that is not known is neither compared nor
kept back, so that in doubt this is the stock driver.
"""

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.driver import Driver

__all__ = ["driver_class"]


def driver_class(environment: Mapping[str, str], *, diff: bool = True) -> "type[Driver] | None":
    """The driver for `App(driver_class=...)`; None where Textual's own choice is to stay.

    Args:
        environment: Who names a driver in `TEXTUAL_DRIVER` gets that one.
        diff: False for Textual's way of sending (`--no-diff`): each change with all that is left of it, as fast as it
            comes.
    """
    if sys.platform == "win32" or environment.get("TEXTUAL_DRIVER"):
        return None
    if not diff:
        from tui.terminal import TerminalDriver

        return TerminalDriver
    from tui.link.driver import DiffDriver

    return DiffDriver

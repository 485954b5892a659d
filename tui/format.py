"""From a value to the text of a cell and the role that colours it. Pure; nothing here knows a terminal."""

from typing import NamedTuple


class Cell(NamedTuple):
    """What one cell shows. A role is a name of the theme (`up`, `down`, `muted`, ...); "" is plain text."""

    text: str
    role: str = ""


MISSING = Cell("-", "muted")
"""Unknown is never zero."""

"""What a definition is."""

from msgspec import Struct


class Definition(Struct, frozen=True, gc=False):
    """One figure."""

    name: str
    """The field's name in a row."""
    title: str
    """How a screen calls it."""
    unit: str
    """`%`, `pp` (percentage points), `x` (times), `shares`, ...; empty for a word or a date."""
    text: str
    """One or two plain sentences."""

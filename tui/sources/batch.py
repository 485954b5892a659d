"""What one answer of any source tells of several symbols."""

from msgspec import Struct

from tui.model import Instrument, Quote


class Batch(Struct, frozen=True, kw_only=True):
    """What one answer tells of the symbols that it was asked for. Join by symbol: its order means nothing."""

    quotes: list[Quote] = []
    """One per symbol, the newest."""
    instruments: list[Instrument] = []
    refused: dict[str, str] = {}
    """Symbols whose record is not to be trusted, and why, in words for the user."""

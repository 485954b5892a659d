"""The answer to a condition: when it held, what followed, and what follows any session (docs: formulas)."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from msgspec import Struct

from tui.analytics.events.figures import Unit
from tui.analytics.windows import Window
from tui.model import DataError

HORIZONS: tuple[Window, ...] = (Window.W1, Window.M1, Window.M3, Window.M6, Window.Y1)
"""How far forward returns look: 5, 21, 63, 126 and 252 of the symbol's own sessions."""


class Each(StrEnum):
    """What counts as one event."""

    SESSION = "session"
    """Every session on which the condition holds."""
    RUN = "run"
    """Sessions in a row on which it holds are one, dated on the first."""


class NoSessionsError(DataError):
    """There is no session to search. The message says which there are."""


class Outcome(Struct, frozen=True, gc=False):
    """Returns after a number of sessions, as fractions; None where n is 0."""

    mean: float | None
    median: float | None
    positive: float | None
    """Share of returns above 0."""
    n: int
    """Known returns: an event too close to the last session has none yet."""


Outcomes = Mapping[str, Mapping[Window, Outcome]]
"""By symbol, then by horizon."""


class Occurrence(Struct, frozen=True):
    """One session on which the condition held, or the first of a run."""

    date: date
    values: Mapping[str, float | None]
    """The value of each named series on that date, by its text (`^RUT.1d`), as a fraction where it is a percentage."""
    forward: Mapping[str, Mapping[Window, float | None]]
    """By symbol and horizon, as fractions; None where it would look past the last session."""
    lasted: int
    """Sessions in a row, from this one on, for which the condition held."""


class EventAnswer(Struct, frozen=True, kw_only=True):
    """When a condition held and what followed."""

    condition: str
    """In canonical text."""
    each: Each
    symbols: tuple[str, ...]
    series: Mapping[str, Unit]
    """What each value of a row is measured in, by the text of its series."""
    horizons: tuple[Window, ...]
    rows: tuple[Occurrence, ...]
    """Oldest first."""
    sessions: int
    """Sessions searched: those on which all of the symbols traded."""
    unknown: int
    """How many of them have a value missing that the condition depends on: there it does not hold."""
    first: date
    """First session searched."""
    last: date
    """Last session searched."""
    sessions_since: int | None
    """Sessions searched after the last occurrence; None without one."""
    holds: bool
    """Whether the condition holds in the last session searched."""
    running: bool
    """Whether that session is still running, and its values are those of now."""
    summary: Outcomes
    """After the occurrences."""
    base: Outcomes
    """After any session searched: the base rate."""
    notes: tuple[str, ...] = ()
    """What to know when reading it, in sentences."""

    @property
    def count(self) -> int:
        """Occurrences."""
        return len(self.rows)


class PricePath(Struct, frozen=True):
    """One occurrence's line: prices around its date, 100 on it; None where unknown or after the last session."""

    date: date
    values: tuple[float | None, ...]


class Around(Struct, frozen=True):
    """What a symbol did around each occurrence."""

    symbol: str
    offsets: tuple[int, ...]
    """Sessions from the date: negative before it, 0 on it."""
    paths: tuple[PricePath, ...]
    """Oldest first."""
    median: tuple[float | None, ...]
    """Of the known values at each offset."""

"""What one symbol's row is made of: the `Baseline` computed once, and the `Figures` derived from it per change."""

from array import array
from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from tui.analytics.windows import Window

VOLUME_WINDOWS = (10, 20, 50, 63)
"""Selectable numbers of sessions behind a volume ratio; 63 is the default."""

TAIL = 273
"""Closes kept in a baseline: a year and a month of sessions."""


class Base(Struct, frozen=True):
    """Where a window begins: the session and its close (None when that session's close is unknown)."""

    session: date
    close: float | None


class Usual(Struct, frozen=True):
    """Usual volume over the N sessions before the as-of session, which is left out."""

    mean: float | None
    """Shares; None under N/2 known sessions."""
    median: float | None
    known: int
    """Sessions with a known volume among the N."""


class Baseline(Struct, frozen=True, kw_only=True):
    """All that a row needs from the sessions before `session`, for one symbol."""

    symbol: str
    session: date
    """The as-of session, which is not part of anything here."""
    bases: Mapping[Window, Base]
    """Windows that the history is too short for are absent."""
    usual: Mapping[int, Usual]
    """By number of sessions, one entry for each of `VOLUME_WINDOWS`."""
    high251: float | None
    """Highest high of the previous 251 sessions: with today's, the 252 of the 52-week position."""
    low251: float | None
    sum49: float | None
    """Sum of the previous 49 closes, None unless all are known."""
    sumsq49: float | None
    """Sum of their squared differences from `anchor`: well conditioned at any price."""
    anchor: float
    """The previous close, from which `sum49` and `sumsq49` are taken as differences."""
    peak: float | None
    """Highest close of all stored sessions before `session`."""
    dates: array[int]
    """Ordinals (`date.toordinal`) of the last `TAIL` sessions before `session`, oldest first."""
    closes: array[float]
    """Their closes; NaN where unknown."""
    has_volume: bool = True
    """False for an index or a yield, whose volume is not its own."""


class Profile(Struct, frozen=True):
    """`F(s)`: the share of a day's volume done by the end of 5-minute slot s, s = 0 .. 77."""

    shares: tuple[float, ...]
    """78 values, rising to 1.0."""
    source: str
    """`own`, `proxy SPY` (the symbol whose bars it is from) or `model` (the built-in curve)."""
    sessions: int = 0
    """Full sessions it is the median of; 0 for the model."""


class Figures(Struct, frozen=True, kw_only=True, gc=False):
    """The figures of one row. Returns are fractions; None is unknown. Definitions: docs, formulas."""

    symbol: str
    returns: Mapping[Window, float | None]
    excess: Mapping[Window, float | None]
    """Return minus the benchmark's over the same two dates, as a fraction (0.0109 is 1.09 pp)."""
    volume: int | None
    volume_ratio: float | None
    volume_ratio_basis: str | None
    """`full-day`, or `time-of-day own`, `time-of-day proxy SPY`, `time-of-day model`; None without a ratio."""
    volume_ratio_rough: bool
    """Shown as `~`: before 09:45, or under 50,000 shares of usual volume, while the session runs."""
    dollar_volume: float | None
    range52: float | None
    """0 at the 52-week low, 1 at the high."""
    zscore50: float | None
    drawdown: float | None
    """0 at the highest close, negative below it."""

"""What one symbol's row is made of: the `Baseline` computed once, and the `Figures` derived from it per change."""

from array import array
from collections.abc import Mapping
from datetime import date
from math import nan

from msgspec import Struct

from tui.analytics.windows import Window

VOLUME_WINDOWS = (10, 20, 50, 63)
"""Selectable numbers of sessions behind a volume ratio; 63 is the default."""

TAIL = 273
"""Closes kept in a baseline: a year and a month of sessions."""

INDEX_MARK = "^"
"""First letter of the symbols of indices and yields."""


class Base(Struct, frozen=True, gc=False):
    """Where a window begins: the session and its close (None when that session's close is unknown)."""

    session: date
    close: float | None


class Usual(Struct, frozen=True, gc=False):
    """Usual volume over the N sessions before the as-of session, which is left out."""

    mean: float | None
    """Shares; None under N/2 known sessions."""
    median: float | None
    known: int
    """Sessions with a known volume among the N."""


NO_VOLUME: Mapping[int, Usual] = dict.fromkeys(VOLUME_WINDOWS, Usual(None, None, 0))
"""The usual volume of a symbol that has none of its own."""


class Baseline(Struct, frozen=True, kw_only=True, gc=False):
    """All that a row needs from the sessions before `session`, for one symbol."""

    symbol: str
    session: date
    """The as-of session, which is not part of anything here."""
    bases: Mapping[Window, Base]
    """Windows that the history is too short for are absent."""
    usual: Mapping[int, Usual]
    """By number of sessions, one entry for each of `VOLUME_WINDOWS`."""
    high251: float | None
    """Highest high of the previous 251 sessions: with today's, the 252 of the 52-week position.

    A session whose high is unknown counts with its close; None under 200 known sessions.
    """
    low251: float | None
    """Lowest low of the same sessions, in the same way."""
    sum49: float | None
    """Sum of the differences of the previous 49 closes from `anchor`, None unless all are known."""
    sumsq49: float | None
    """Sum of the squares of those differences: well conditioned at any price."""
    anchor: float
    """The previous close, from which `sum49`, `sumsq49` and `sum199` are taken as differences; NaN when unknown."""
    peak: float | None
    """Highest close of all stored sessions before `session`."""
    dates: "array[int]"  # quoted: subscriptable at run time from Python 3.12 on
    """Ordinals (`date.toordinal`) of the last `TAIL` sessions before `session`, oldest first."""
    closes: "array[float]"
    """Their closes; NaN where unknown."""
    has_volume: bool = True
    """False for an index or a yield, whose volume is not its own."""
    sum199: float | None = None
    """Sum of the differences of the previous 199 closes from `anchor`, None unless all are known."""
    usual_dollars: Mapping[int, float | None] = {}
    """Mean of close times volume over the previous N sessions, by N of `VOLUME_WINDOWS`.

    None under N/2 sessions that have both; empty where nothing is known or the volume is not the symbol's own.
    """

    @classmethod
    def unknown(cls, symbol: str, session: date) -> "Baseline":
        """The baseline of a symbol without any session before `session`: every figure of the past is unknown."""
        return cls(
            symbol=symbol,
            session=session,
            bases={},
            usual=NO_VOLUME,
            high251=None,
            low251=None,
            sum49=None,
            sumsq49=None,
            anchor=nan,
            peak=None,
            dates=array("q"),
            closes=array("d"),
            has_volume=not symbol.startswith(INDEX_MARK),
        )


class Profile(Struct, frozen=True, gc=False):
    """`F(s)`: the share of a day's volume done by the end of 5-minute slot s, s = 0 .. 77."""

    shares: tuple[float, ...]
    """78 values, rising to 1.0."""
    source: str
    """`own`, `proxy SPY` (the symbol whose bars it is from) or `model` (the built-in curve)."""
    sessions: int = 0
    """Full sessions it is the median of; 0 for the model."""

    def as_proxy(self, symbol: str) -> "Profile":
        """The same day, lent by `symbol` to another that has no bars of its own."""
        return Profile(self.shares, f"proxy {symbol}", self.sessions)


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

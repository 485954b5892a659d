"""Today's place of a spread in its own history: percentile, z-score, and the streak of out-performing sessions.

The spread at a session is the excess return over so many sessions that end with it, as a fraction: between the same
two dates for both, in sessions of the symbol (docs: formulas). Its history is that of all sessions for which both
ends are known in both.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from math import sqrt

import polars as pl
from msgspec import Struct

from tui.analytics.columns import finite, known, simple_return

LEAST = 20
"""Spreads under which a place among them says nothing."""


class Place(Struct, frozen=True, gc=False):
    """Where a spread stands among all of its kind, its own included."""

    value: float | None
    """The spread itself, as a fraction."""
    percentile: float | None
    """Share of the others that are lower, equal ones by half: 0 to 1."""
    zscore: float | None
    """Sample standard deviations (ddof 1) from their mean; None where they are all the same."""
    n: int
    """Spreads that are known, its own among them; under `LEAST` of them percentile and z-score are unknown."""


class Streak(Struct, frozen=True, gc=False):
    """Sessions in a row in which the symbol did better than the benchmark."""

    length: int | None
    """Those that end with the as-of session: 0 when it did not; None while its own 1D excess is unknown."""
    longest: int
    """The longest of all, the running one included."""
    n: int
    """Sessions whose 1D excess is known."""


class SpreadHistory(Struct, frozen=True):
    """The spreads of the sessions before the as-of session, in order of size."""

    values: Sequence[float]
    mean: float
    squares: float
    """Sum of the squared distances from the mean."""

    def place(self, value: float | None) -> Place:
        """Where a spread of today stands among them and itself."""
        n = len(self.values)
        if value is None:
            return Place(None, None, None, n)
        n += 1
        if n < LEAST:
            return Place(value, None, None, n)
        distance = value - self.mean
        # The mean and the squares with one value more, without a second look at the others.
        squares = self.squares + distance * distance * (n - 1) / n
        flat = self.values[0] == self.values[-1] == value
        score = None if flat or squares <= 0 else distance * (n - 1) / n / sqrt(squares / (n - 1))
        below = (bisect_left(self.values, value) + bisect_right(self.values, value)) / 2
        return Place(value, below / (n - 1), score, n)


class StreakHistory(Struct, frozen=True, gc=False):
    """The streaks of the sessions before the as-of session."""

    running: int
    """Out-performing sessions in a row that end with the one before it."""
    longest: int
    n: int

    def today(self, excess: float | None) -> Streak:
        """With today's 1D excess."""
        if excess is None:
            return Streak(None, self.longest, self.n)
        length = self.running + 1 if excess > 0 else 0
        return Streak(length, max(self.longest, length), self.n + 1)


def spreads(a: pl.DataFrame, b: pl.DataFrame, sessions: int) -> pl.DataFrame:
    """`date` and `value`: the excess of `a` over `b` for every session of `a`, null where an end is unknown.

    Frames hold one symbol's sessions, sorted by date: `date` and `close`.
    """
    both = (
        a.lazy()
        .select("date", a=known("close"))
        .join(b.lazy().select("date", b=known("close")), on="date", how="left", maintain_order="left")
    )
    excess = simple_return(pl.col("a"), sessions) - simple_return(pl.col("b"), sessions)
    return both.select("date", value=finite(excess)).collect(engine="in-memory")


def history_of(values: pl.Series) -> SpreadHistory:
    """The spreads of the past, with what a place of today needs; nulls are left out."""
    line = values.to_frame("value").select(pl.col("value").drop_nulls().sort()).to_series()
    mean = line.mean() if len(line) else 0.0
    assert isinstance(mean, float)
    distance = line - mean
    return SpreadHistory(line.to_list(), mean, float((distance * distance).sum()))


def streaks_of(values: pl.Series) -> StreakHistory:
    """The streaks in the 1D excess of sessions in their order; an unknown one ends a streak."""
    longest = running = n = 0
    for value in values.to_list():
        n += value is not None
        running = running + 1 if value is not None and value > 0 else 0
        longest = max(longest, running)
    return StreakHistory(running, longest, n)

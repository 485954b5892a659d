"""Breadth: how many of a list's symbols take part in a move (docs: formulas, "Inside a fund").

Free of polars: it runs for every tick of a holding.
"""

from collections.abc import Mapping
from math import isnan
from typing import TypedDict

from msgspec import Struct

from tui.analytics.figures import Baseline
from tui.analytics.windows import Window

SHORT_MEAN, LONG_MEAN = 50, 200
"""Closes of the two means, today's included: as many as `Baseline.sum49` and `sum199` and one more."""

LEAST, MOST = 1e-9, 1e15
"""Prices outside are broken data: unknown, as are those that are not positive and NaN."""


class Breadth(Struct, frozen=True, kw_only=True, gc=False):
    """Counts over the symbols of a list, each of them once for every row it has there."""

    advancers: int
    """Symbols whose price is above their previous close."""
    decliners: int
    unchanged: int
    """Symbols at exactly their previous close; one without a price today is in none of the three."""
    above_mean50: float | None
    """Share (0 .. 1) of the symbols above the mean of the 50 closes that end with today's price.

    Of those that have all 50; None when none has. One at its mean is not above it.
    """
    above_mean200: float | None
    """The same with 200 closes."""
    new_highs: int
    """Symbols whose price is above the highest high of the previous 251 sessions; unknown under 200 known ones."""
    new_lows: int
    """Symbols whose price is below the lowest low of the same sessions."""


# What a price says of its symbol, a bit each: a change of one is a change of one count.
COVERED, UP, DOWN, SAME, KNOWN50, ABOVE50, KNOWN200, ABOVE200, HIGH, LOW, IN_WINDOW = (1 << bit for bit in range(11))
BITS = 11


class Levels:
    """The levels that a symbol's price is held against all day."""

    __slots__ = ("anchor", "high", "low", "prev", "sum50", "sum200")

    def __init__(self, baseline: Baseline | None) -> None:
        self.prev = usable(prev_close(baseline))
        self.anchor = 0.0 if baseline is None or isnan(baseline.anchor) else baseline.anchor
        self.sum50 = None if baseline is None else baseline.sum49
        self.sum200 = None if baseline is None else baseline.sum199
        self.high = None if baseline is None else baseline.high251
        self.low = None if baseline is None else baseline.low251

    def marks(self, price: float) -> int:
        """The bits that are true of a price.

        P > (P + sum of the n - 1 closes before) / n is (P - anchor) * (n - 1) > sum of their distances from `anchor`:
        the mean itself is never rounded.
        """
        bits = 0
        prev = self.prev
        if prev is not None:
            bits = COVERED | (UP if price > prev else DOWN if price < prev else SAME)
        distance = price - self.anchor
        if self.sum50 is not None:
            bits |= KNOWN50 | ABOVE50 if distance * (SHORT_MEAN - 1) > self.sum50 else KNOWN50
        if self.sum200 is not None:
            bits |= KNOWN200 | ABOVE200 if distance * (LONG_MEAN - 1) > self.sum200 else KNOWN200
        if self.high is not None and price > self.high:
            bits |= HIGH
        if self.low is not None and price < self.low:
            bits |= LOW
        return bits


def breadth(prices: Mapping[str, float | None], baselines: Mapping[str, Baseline]) -> Breadth:
    """The breadth of a list, from the prices of one session and the baselines of that session."""
    counts = [0] * BITS
    for symbol, latest in prices.items():
        price = usable(latest)
        if price is not None:
            recount(counts, Levels(baselines.get(symbol)).marks(price), 0)
    return Breadth(**summary(counts))


def recount(counts: list[int], new: int, old: int) -> None:
    """Change the counts (one per bit) by what has become true and what has ceased to be."""
    changed = new ^ old
    while changed:
        bit = changed & -changed
        counts[bit.bit_length() - 1] += 1 if new & bit else -1
        changed ^= bit


def count(counts: list[int], bit: int) -> int:
    """The count of one bit."""
    return counts[bit.bit_length() - 1]


class Summary(TypedDict):
    """The fields of `Breadth`."""

    advancers: int
    decliners: int
    unchanged: int
    above_mean50: float | None
    above_mean200: float | None
    new_highs: int
    new_lows: int


def summary(counts: list[int]) -> Summary:
    """The fields of `Breadth`, from the counts."""
    known50, known200 = count(counts, KNOWN50), count(counts, KNOWN200)
    return Summary(
        advancers=count(counts, UP),
        decliners=count(counts, DOWN),
        unchanged=count(counts, SAME),
        above_mean50=count(counts, ABOVE50) / known50 if known50 else None,
        above_mean200=count(counts, ABOVE200) / known200 if known200 else None,
        new_highs=count(counts, HIGH),
        new_lows=count(counts, LOW),
    )


def usable(price: float | None) -> float | None:
    """The price, or None for what cannot be one."""
    return price if price is not None and LEAST < price < MOST else None


def prev_close(baseline: Baseline | None) -> float | None:
    """The close of the symbol's session before the as-of one; None where unknown."""
    base = None if baseline is None else baseline.bases.get(Window.D1)
    return None if base is None else base.close

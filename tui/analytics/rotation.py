"""Rotation against a benchmark: how strong a symbol is by its own measure, and whether it is getting stronger.

`RS = P_sym / P_bench` on sessions common to both; `ratio = 100 * RS / mean63(RS)`;
`momentum = 100 * ratio / mean21(ratio)` (docs: formulas). A mean is unknown unless all its sessions are known.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from math import isfinite

import polars as pl
from msgspec import Struct

from tui.analytics.columns import finite

RATIO_SESSIONS = 63
MOMENTUM_SESSIONS = 21

TAILS = (5, 10, 20)
"""Selectable lengths of a tail, in sessions, the as-of session among them."""

EVEN = 100.0
"""Where a symbol is as strong as in the mean, and where it keeps its strength."""


class Quadrant(StrEnum):
    """Where a symbol stands, in the order in which it is usually walked through."""

    LEADING = "leading"
    """Stronger than in its mean, and getting stronger."""
    WEAKENING = "weakening"
    LAGGING = "lagging"
    IMPROVING = "improving"


class Spot(Struct, frozen=True, gc=False):
    """One session's place in the plane of ratio and momentum."""

    session: date
    ratio: float | None
    momentum: float | None

    @property
    def quadrant(self) -> Quadrant | None:
        """The quadrant; None where either is unknown."""
        return quadrant(self.ratio, self.momentum)


class Rotation(Struct, frozen=True):
    """The sessions before the as-of session, so that a price makes its spot by plain arithmetic."""

    tail: Sequence[Spot]
    """The last known sessions before it, oldest first, one fewer than the longest of `TAILS`."""
    strengths: Sequence[float | None]
    """The last 62 values of RS before it."""
    ratios: Sequence[float | None]
    """The last 20 ratios before it."""

    def today(self, session: date, own: float | None, bench: float | None) -> Spot:
        """The spot of the as-of session at these prices, with what is unknown as None."""
        if own is None or bench is None or bench <= 0:
            return Spot(session, None, None)
        ratio = _over_mean(own / bench, self.strengths, RATIO_SESSIONS)
        momentum = None if ratio is None else _over_mean(ratio, self.ratios, MOMENTUM_SESSIONS)
        return Spot(session, ratio, momentum)

    def walked(self, spot: Spot, length: int) -> list[Spot]:
        """The tail that ends with a spot: at most `length` sessions, oldest first, the spot among them."""
        return [*self.tail[max(0, len(self.tail) + 1 - length) :], spot]


def quadrant(ratio: float | None, momentum: float | None) -> Quadrant | None:
    """The quadrant of a ratio and a momentum; 100 counts as the better side."""
    if ratio is None or momentum is None:
        return None
    if ratio >= EVEN:
        return Quadrant.LEADING if momentum >= EVEN else Quadrant.WEAKENING
    return Quadrant.IMPROVING if momentum >= EVEN else Quadrant.LAGGING


def rotation(closes: pl.DataFrame) -> pl.DataFrame:
    """`date`, `strength`, `ratio` and `momentum` of `a` against `b` on all common sessions; null where unknown.

    `closes` are theirs on those sessions, as `common` gives them.
    """
    strength = finite(pl.when(pl.col("b") > 0).then(pl.col("a") / pl.col("b")))
    ratio = finite(EVEN * pl.col("strength") / pl.col("strength").rolling_mean(RATIO_SESSIONS))
    momentum = finite(EVEN * pl.col("ratio") / pl.col("ratio").rolling_mean(MOMENTUM_SESSIONS))
    return (
        closes.lazy()
        .select("date", strength=strength)
        .with_columns(ratio=ratio)
        .with_columns(momentum=momentum)
        .select("date", "strength", "ratio", "momentum")
        .collect(engine="in-memory")
    )


def prepared(closes: pl.DataFrame) -> Rotation:
    """What a live price needs, from the closes on common sessions (`common`) before the as-of session."""
    # Only the end counts: the sums of a rolling mean would carry the roundings of all that lies before.
    frame = rotation(closes.tail(RATIO_SESSIONS + MOMENTUM_SESSIONS + max(TAILS)))
    end = frame.tail(max(TAILS) - 1)
    return Rotation(
        [Spot(*row) for row in zip(end["date"], end["ratio"], end["momentum"], strict=True)],
        frame["strength"].tail(RATIO_SESSIONS - 1).to_list(),
        frame["ratio"].tail(MOMENTUM_SESSIONS - 1).to_list(),
    )


def _over_mean(value: float, before: Sequence[float | None], sessions: int) -> float | None:
    """100 times a value over the mean of `sessions` values that end with it; None unless all are known."""
    known = [each for each in before if each is not None]
    if len(known) < sessions - 1:
        return None
    mean = (sum(known) + value) / sessions
    figure = EVEN * value / mean if mean > 0 else None
    return figure if figure is not None and isfinite(figure) else None

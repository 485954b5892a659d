"""Weights of a fund's holdings on another day than that of the issuer's file: as its shares' prices have moved since."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from math import fsum, isnan

from tui.analytics.breadth import usable
from tui.analytics.figures import Baseline
from tui.model import Fund


def drifted(weights: Sequence[float], growth: Sequence[float | None]) -> list[float]:
    """Weights after each holding has grown by its factor (1.02 is +2 %; below 1 back in time, just as well).

    Those with a known factor are renormalised among themselves: together they weigh what they weighed before. A holding
    whose factor is unknown keeps its weight, which is to say that it is taken to have moved with the others. So the sum
    of all stays what it was, and the share that has prices is never scaled up to hide the share that has none.
    """
    pairs = list(zip(weights, growth, strict=True))
    before = fsum(weight for weight, factor in pairs if factor is not None)
    after = fsum(weight * factor for weight, factor in pairs if factor is not None)
    # Short positions can cancel what is long: there is nothing sensible to scale to then.
    if before <= 0 or after <= 0:
        return list(weights)
    scale = before / after
    return [weight if factor is None else weight * factor * scale for weight, factor in pairs]


def growth(now: float | None, then: float | None) -> float | None:
    """`now / then`, None where either is unknown."""
    return None if now is None or then is None else now / then


def close_on_or_before(baseline: Baseline | None, day: date) -> float | None:
    """Close of the symbol's last session on or before `day`, as far back as the baseline goes; None where unknown.

    A `day` on or after the baseline's session has its close not in the baseline, but in the history of that day.
    """
    if baseline is None or day >= baseline.session:
        return None
    at = bisect_right(baseline.dates, day.toordinal()) - 1
    return _known(baseline.closes[at]) if at >= 0 else None


def close_of(baseline: Baseline | None, session: date) -> float | None:
    """Close of exactly that session: one of the baseline's tail, or where one of its windows begins."""
    if baseline is None:
        return None
    ordinal = session.toordinal()
    at = bisect_left(baseline.dates, ordinal)
    if at < len(baseline.dates) and baseline.dates[at] == ordinal:
        return _known(baseline.closes[at])
    for base in baseline.bases.values():
        if base.session == session:
            return usable(base.close)
    return None


def weights_by_symbol(fund: Fund) -> dict[str, float]:
    """Weight of each symbol: several rows of one symbol add up, rows without a symbol are left out."""
    weights: dict[str, float] = {}
    for holding in fund.holdings:
        if holding.symbol is not None:
            weights[holding.symbol] = weights.get(holding.symbol, 0.0) + holding.weight
    return weights


def _known(close: float) -> float | None:
    """The close, or None for NaN and what cannot be one."""
    return None if isnan(close) else usable(close)

"""From values to rows: the limits of the vertical axis and its round ticks. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, isfinite, log10

MOST_TICKS = 6
HUGE = 1e300
"""Greater values are drawn at the edge: the span of two of them would no longer be a number."""
QUARTERS = 4
"""The limits lie on quarters of a tick, so that a small move of the extremes leaves the axis and every pixel where they are."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The vertical axis: its limits, and the ticks between them, lowest first."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def dot(self, value: float, dots: int) -> int:
        """Return the dot of a value, 0 at the bottom, `dots - 1` at the top; a value outside lies on the edge."""
        share = (value - self.low) / (self.high - self.low)
        return round(min(1.0, max(0.0, share)) * (dots - 1))


def scale(values: Sequence[float], rows: int, y_format: Callable[[float], str]) -> Scale:
    """Return the axis for these extremes on `rows` terminal rows.

    Three to six ticks where there is room, on multiples of 1, 2, 2.5 or 5, never two with the same text or in the same row.
    """
    low, high = max(-HUGE, min(values)), min(HUGE, max(values))
    if high - low <= 1e-9 * max(abs(low), abs(high)):
        pad = max(abs(low), abs(high)) * 0.01 or 1.0
        low, high = low - pad, high + pad
    wanted = min(MOST_TICKS, max(3, rows // 3 + 1))
    best: tuple[tuple[bool, int, float], Scale] | None = None
    for step in _steps(high - low):
        axis = _with_step(low, high, step)
        texts = [y_format(tick) for tick in axis.ticks]
        marks = [axis.dot(tick, rows * 4) // 4 for tick in axis.ticks]
        apart = min((after - before for before, after in pairwise(marks)), default=rows)
        if len(axis.ticks) > MOST_TICKS or len(set(texts)) < len(texts) or apart < (2 if rows > 8 else 1):
            continue
        score = (len(axis.ticks) < 3, abs(len(axis.ticks) - wanted), axis.high - axis.low)
        if best is None or score < best[0]:
            best = (score, axis)
    return best[1] if best else Scale(low, high, ())


def _steps(span: float) -> list[float]:
    """Return the round steps that could divide a span, the coarsest first."""
    exponent = floor(log10(span))
    steps = (base * 10.0**power for power in (exponent, exponent - 1) for base in (5, 2.5, 2, 1))
    return [step for step in steps if isfinite(step) and step > 0]


def _with_step(low: float, high: float, step: float) -> Scale:
    """Return the axis with ticks on the multiples of a step and its limits on quarters of it."""
    quarter = step / QUARTERS
    # The product may lie a rounding inside of what it has to hold.
    bottom, top = min(floor(low / quarter) * quarter, low), max(ceil(high / quarter) * quarter, high)
    first, last = ceil(bottom / step), floor(top / step)
    count = min(last - first + 1, MOST_TICKS + 1)
    return Scale(bottom, top, tuple((first + number) * step for number in range(count)))

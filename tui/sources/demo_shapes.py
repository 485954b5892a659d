"""What the simulated market is drawn from: fat-tailed shocks, walks that arrive, the volume of a day."""

import math
from datetime import date
from functools import lru_cache
from itertools import accumulate
from random import Random

from tui.sessions import session_close, session_open

SLOT = 300
"""Seconds of a slot."""


@lru_cache(1)
def shocks() -> tuple[float, ...]:
    """Student's t with four degrees of freedom and unit variance: evenly likely values, for `Random.choices`.

    The quantile function has a closed form for four degrees (W. T. Shaw, "Sampling Student's T distribution", 2006).
    """
    count = 4096
    values = []
    for each in range(count):
        uniform = (each + 0.5) / count
        root = 2 * math.sqrt(uniform * (1 - uniform))
        size = math.sqrt(2 * (math.cos(math.acos(root) / 3) / root - 1))
        values.append(math.copysign(size, uniform - 0.5))
    return tuple(values)


def slots_of(session: date) -> int:
    """Five-minute slots of a session: 78, or 42 on a half day."""
    return int((session_close(session) - session_open(session)).total_seconds()) // SLOT


def bridge(rng: Random, steps: int) -> list[float]:
    """A walk of fat-tailed steps from 0 back to 0, `steps + 1` points, of unit variance were it let go."""
    walk = list(accumulate(rng.choices(shocks(), k=steps), initial=0.0))
    drift, size = walk[-1] / steps, 1 / math.sqrt(steps)
    return [(each - drift * place) * size for place, each in enumerate(walk)]


def rounded(prices: list[float], scale: int) -> list[float]:
    """Prices as the nearest multiples of `1 / scale`; keeps their order, and never gives zero."""
    return [(int(price * scale + 0.5) or 1) / scale for price in prices]


def fitted(path: list[float], high: float, low: float, *, stretch: bool = True) -> list[float]:
    """The path with what exceeds its first and last price pressed into `low` .. `high`, and stretched to reach them.

    What lies between open and close stays, and so does the order of any two prices.
    """
    top, bottom = max(path[0], path[-1]), min(path[0], path[-1])
    over, under = max(path) - top, bottom - min(path)
    up = (high - top) / over if over > 0 else 0.0
    down = (bottom - low) / under if under > 0 else 0.0
    if not stretch:
        up, down = min(up, 1.0), min(down, 1.0)
    return [
        # The outer bounds only take away what floating point adds.
        min(high, top + (each - top) * up)
        if each > top
        else max(low, bottom - (bottom - each) * down)
        if each < bottom
        else each
        for each in path
    ]


@lru_cache(8)
def volume_curve(slots: int) -> tuple[float, ...]:
    """Relative volume of each slot of a day: a U that puts 13 % into the first half hour and 20 % into the last."""
    places = [(slot + 0.5) / slots for slot in range(slots)]
    return tuple(0.76 + 2.07 * math.exp(-each / 0.04) + 5.24 * math.exp((each - 1) / 0.03) for each in places)

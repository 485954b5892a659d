"""Style and size of a fund's holdings, each marked with the method by which it is known.

Style is membership: index families (Russell's, S&P's) split a universe into a value and a growth half, and a fund on
each half says which companies are in it, in both with a part of their value when they are neither. Size is relative to
the fund itself: a third of its money each.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from math import fsum

from msgspec import Struct

from tui.analytics.funds_weights import weights_by_symbol
from tui.model import AssetClass, Fund

THIRDS = "market-value thirds"
"""The method of a size."""

MEMBERSHIP = "membership"
"""The method of a style, followed by the two funds: `membership IWN/IWO`."""


class Size(StrEnum):
    """The third of the fund's money that a holding is in."""

    LARGE = "large"
    MID = "mid"
    SMALL = "small"


class HoldingStyle(Struct, frozen=True, kw_only=True, gc=False):
    """Where one holding stands."""

    symbol: str | None
    name: str
    weight: float
    """Fraction of the fund at the holdings date."""
    value: float | None
    """Share (0 .. 1) of it that is value; the rest is growth. None where neither fund holds it."""
    style_method: str | None
    """`membership IWN/IWO`: the pair of funds that it is known by; None with an unknown style."""
    size: Size | None
    """None for a holding without a positive weight, and for what is not equity."""
    size_method: str | None


class FundStyle(Struct, frozen=True, kw_only=True, gc=False):
    """A fund by style and by size: fractions of the fund, in the weights of its holdings date."""

    value: float
    growth: float
    unknown: float
    """What no pair of funds knows: never shared out over the other two."""
    methods: tuple[str, ...]
    """Those that were used, in the order of the pairs."""
    large: float
    mid: float
    small: float
    """About a third of its equity each: how many companies each takes (`members`) is what tells funds apart."""
    members: dict[Size, int]
    holdings: tuple[HoldingStyle, ...]
    """In the order of the fund's list."""


def style_of(fund: Fund, pairs: Iterable[tuple[Fund, Fund]]) -> FundStyle:
    """The style and size of a fund's holdings.

    Args:
        fund: What is asked about.
        pairs: A value fund and the growth fund of the same family, in order of preference: (IWN, IWO), (IWD, IWF). The
            first pair that holds a symbol decides.

    A symbol in only one of the two is wholly that; one in both, with weights v in the value fund and g in the growth
    fund, is value by v / (v + g). That is the index's own split as far as its two halves are worth the same, which is
    how they are drawn.
    """
    known = [_Family(value, growth) for value, growth in pairs]
    equity = [holding.weight if holding.asset_class is AssetClass.EQUITY else 0.0 for holding in fund.holdings]
    sizes = thirds(equity)
    rows = []
    for holding, size in zip(fund.holdings, sizes, strict=True):
        family = next((each for each in known if each.knows(holding.symbol)), None)
        rows.append(
            HoldingStyle(
                symbol=holding.symbol,
                name=holding.name,
                weight=holding.weight,
                value=None if family is None or holding.symbol is None else family.value_share(holding.symbol),
                style_method=None if family is None else family.method,
                size=size,
                size_method=None if size is None else THIRDS,
            )
        )
    used = {row.style_method for row in rows}
    by_size = {size: [row.weight for row in rows if row.size is size] for size in Size}
    return FundStyle(
        value=fsum(row.weight * row.value for row in rows if row.value is not None),
        growth=fsum(row.weight * (1 - row.value) for row in rows if row.value is not None),
        unknown=fsum(row.weight for row in rows if row.value is None),
        methods=tuple(each.method for each in known if each.method in used),
        large=fsum(by_size[Size.LARGE]),
        mid=fsum(by_size[Size.MID]),
        small=fsum(by_size[Size.SMALL]),
        members={size: len(weights) for size, weights in by_size.items()},
        holdings=tuple(rows),
    )


def thirds(weights: Sequence[float]) -> list[Size | None]:
    """Size of each weight: by weight, largest first, it is in the third in which its own part of the sum begins.

    So the largest is always large. Equal weights keep their order; one that is not positive has no size.
    """
    sizes: list[Size | None] = [None] * len(weights)
    positive = sorted((at for at, weight in enumerate(weights) if weight > 0), key=lambda at: -weights[at])
    whole, before = fsum(weights[at] for at in positive), 0.0
    for at in positive:
        sizes[at] = Size.LARGE if before * 3 < whole else Size.MID if before * 3 < 2 * whole else Size.SMALL
        before += weights[at]
    return sizes


class _Family:
    """A value fund and the growth fund beside it."""

    def __init__(self, value: Fund, growth: Fund) -> None:
        self.method = f"{MEMBERSHIP} {value.symbol}/{growth.symbol}"
        self._value, self._growth = weights_by_symbol(value), weights_by_symbol(growth)

    def knows(self, symbol: str | None) -> bool:
        """Whether either holds it."""
        return symbol in self._value or symbol in self._growth

    def value_share(self, symbol: str) -> float:
        """How much of it is value, 0 .. 1; held by both with no weight in either, it is half of each."""
        if symbol not in self._growth:
            return 1.0
        if symbol not in self._value:
            return 0.0
        value, growth = max(0.0, self._value[symbol]), max(0.0, self._growth[symbol])
        return value / (value + growth) if value + growth else 0.5

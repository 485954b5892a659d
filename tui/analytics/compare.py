"""Two funds side by side, sector by sector."""

from collections.abc import Iterable

from msgspec import Struct

from tui.analytics.funds_figures import SectorFigures
from tui.analytics.funds_sums import difference


class Side(Struct, frozen=True, gc=False):
    """One sector in one fund: fractions; None is unknown."""

    weight: float
    """0 in a fund without the sector: it has none, which is not the same as unknown."""
    return_1d: float | None
    contribution: float | None
    """0 in a fund without the sector."""
    window_return: float | None


class SectorPair(Struct, frozen=True, kw_only=True, gc=False):
    """One sector in two funds, and how much more the one has of it than the other: one minus other."""

    sector: str
    one: Side
    other: Side
    weight: float
    """Difference of the weights, as a fraction (0.02 is 2 pp)."""
    return_1d: float | None
    """Difference of the sector's returns: the two funds hold different companies in it."""
    contribution: float | None
    """Difference of the contributions: its part in the difference of the two funds' explained returns."""
    window_return: float | None


ABSENT = Side(0.0, None, 0.0, None)
"""A sector that a fund does not hold."""


def compare(one: Iterable[SectorFigures], other: Iterable[SectorFigures]) -> list[SectorPair]:
    """All sectors of two funds, the heaviest in either first, so that the order does not depend on which is the one.

    Compare figures of the same session and the same window; the weights are those drifted to the previous close.
    """
    ones = {row.sector: _side(row) for row in one}
    others = {row.sector: _side(row) for row in other}
    pairs = [
        _pair(sector, ones.get(sector, ABSENT), others.get(sector, ABSENT))
        for sector in dict.fromkeys([*ones, *others])
    ]
    return sorted(pairs, key=lambda pair: (-max(pair.one.weight, pair.other.weight), pair.sector))


def _side(row: SectorFigures) -> Side:
    """What is compared of a sector."""
    return Side(row.weight, row.return_1d, row.contribution, row.window_return)


def _pair(sector: str, one: Side, other: Side) -> SectorPair:
    """The two and their difference."""
    return SectorPair(
        sector=sector,
        one=one,
        other=other,
        weight=one.weight - other.weight,
        return_1d=difference(one.return_1d, other.return_1d),
        contribution=difference(one.contribution, other.contribution),
        window_return=difference(one.window_return, other.window_return),
    )

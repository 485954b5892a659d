"""The moving parts of a `FundBook`: a holding's latest figures and the sums of a group of holdings.

Sums are kept as whole numbers of a tiny unit, because whole numbers add up exactly: whatever the order of the ticks, and
however many, a sum is what a regroup from scratch gives, to the last bit.
"""

from collections.abc import Iterable

from tui.analytics.breadth import (
    ABOVE50,
    ABOVE200,
    BITS,
    COVERED,
    HIGH,
    IN_WINDOW,
    KNOWN50,
    KNOWN200,
    LOW,
    Levels,
    count,
    recount,
)
from tui.analytics.figures import Baseline
from tui.analytics.funds_figures import HoldingFigures
from tui.model import Holding

UNIT = 1 << 90
"""Parts of a fund in which weights and contributions are added up: fine enough for the smallest of them."""

DOLLAR = 1 << 30
"""Parts of a dollar in which dollar volume is."""


class Sums:
    """Sums over a group of holdings, those without a known value left out of both sides of a ratio."""

    __slots__ = ("contribution", "counts", "covered", "dollars", "expected", "gain", "known_dollars", "window")

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Sums of nothing."""
        self.contribution = 0
        self.covered = 0
        """Weight of the holdings with a 1D return."""
        self.gain = 0
        self.window = 0
        """Weight, where the window begins, of the holdings with a return over it."""
        self.dollars = 0
        self.expected = 0
        self.known_dollars = 0
        """Holdings in the two above."""
        self.counts = [0] * BITS

    def add(self, other: "Sums") -> None:
        """Add those of another group."""
        for name in self.__slots__:
            if name != "counts":
                setattr(self, name, getattr(self, name) + getattr(other, name))
        self.counts = [mine + theirs for mine, theirs in zip(self.counts, other.counts, strict=True)]

    @property
    def members_covered(self) -> int:
        """Holdings with a 1D return."""
        return count(self.counts, COVERED)

    @property
    def contributed(self) -> float | None:
        """Sum of the contributions, as a fraction of the fund."""
        return self.contribution / UNIT if self.members_covered else None

    @property
    def return_1d(self) -> float | None:
        """Of the covered holdings, by weight."""
        return self.contribution / self.covered if self.members_covered and self.covered else None

    @property
    def window_return(self) -> float | None:
        """Of the holdings with a return over the window, by their weights where it begins."""
        return self.gain / self.window if self.window else None

    @property
    def volume_ratio(self) -> float | None:
        """Dollar volume over the usual one."""
        return self.dollars / self.expected if self.expected else None

    @property
    def dollar_volume(self) -> float | None:
        """In dollars."""
        return self.dollars / DOLLAR if self.known_dollars else None


def difference(one: float | None, other: float | None) -> float | None:
    """`one - other`, None where either is unknown."""
    return None if one is None or other is None else one - other


def total(groups: Iterable[Sums]) -> Sums:
    """The sums of all groups together."""
    made = Sums()
    for group in groups:
        made.add(group)
    return made


class Member:
    """One holding: what is fixed for the session, its latest, and its part in the sums of its sector."""

    __slots__ = (
        "contribution",
        "dollars",
        "expected",
        "gain",
        "has_volume",
        "holding",
        "levels",
        "marks",
        "price",
        "sector",
        "share",
        "start",
        "start_units",
        "sums",
        "units",
        "usual",
        "usual_dollars",
        "volume",
        "weight",
        "weight_units",
        "window_units",
    )

    def __init__(self, holding: Holding, sector: str, sums: Sums, baseline: Baseline | None, sessions: int) -> None:
        self.holding = holding
        self.sector = sector
        self.sums = sums
        self.levels = Levels(baseline)
        self.has_volume = baseline is not None and baseline.has_volume
        self.usual = None if baseline is None else baseline.usual[sessions].mean
        self.usual_dollars = None if baseline is None else baseline.usual_dollars.get(sessions)
        self.price: float | None = None
        self.volume: int | None = None
        self.share: float | None = None
        self.weigh(holding.weight)
        self.begin(None, 0.0)
        self.clear()

    def weigh(self, weight: float) -> None:
        """Set the drifted weight at the previous close; before anything is counted."""
        self.weight = weight
        self.units = weight * UNIT
        self.weight_units = int(self.units)

    def begin(self, start: float | None, weight: float) -> None:
        """Set the close and the drifted weight where the window begins; before anything is counted."""
        self.start = start
        self.start_units = weight * UNIT
        self.window_units = int(self.start_units)

    def clear(self) -> None:
        """Have no part in the sums."""
        self.contribution = self.gain = self.marks = 0
        self.dollars: int | None = None
        self.expected = 0

    def reprice(self, price: float | None) -> None:
        """Take the latest price into the sums."""
        self.price = price
        contribution = gain = marks = 0
        if price is not None:
            levels = self.levels
            marks = levels.marks(price)
            if levels.prev is not None:
                contribution = int(self.units * (price / levels.prev - 1))
            if self.start is not None:
                gain = int(self.start_units * (price / self.start - 1))
                marks |= IN_WINDOW
        sums = self.sums
        sums.contribution += contribution - self.contribution
        sums.gain += gain - self.gain
        self.contribution, self.gain = contribution, gain
        changed = marks ^ self.marks
        if changed:
            recount(sums.counts, marks, self.marks)
            self.marks = marks
            if changed & COVERED:
                sums.covered += self.weight_units if marks & COVERED else -self.weight_units
            if changed & IN_WINDOW:
                sums.window += self.window_units if marks & IN_WINDOW else -self.window_units

    def revolume(self, volume: int | None, share: float | None) -> None:
        """Take the latest volume into the sums, at the latest price."""
        self.volume, self.share = volume, share
        sums = self.sums
        if self.dollars is not None:
            sums.dollars -= self.dollars
            sums.expected -= self.expected
            sums.known_dollars -= 1
        if volume is None or share is None or self.price is None or self.usual_dollars is None:
            self.dollars, self.expected = None, 0
            return
        self.dollars = dollars = int(self.price * volume * DOLLAR)
        self.expected = expected = int(self.usual_dollars * share * DOLLAR)
        sums.dollars += dollars
        sums.expected += expected
        sums.known_dollars += 1

    def figures(self, fund_window_return: float | None) -> HoldingFigures:
        """All of it, as a row."""
        price, volume, marks = self.price, self.volume, self.marks
        covered = marks & COVERED
        window_return = None if price is None or self.start is None else price / self.start - 1
        return_1d = price / self.levels.prev - 1 if covered and price is not None and self.levels.prev else None
        usual = self.usual * self.share if self.usual and self.share else None
        return HoldingFigures(
            symbol=self.holding.symbol,
            name=self.holding.name,
            sector=self.sector,
            weight=self.weight,
            weight_published=self.holding.weight,
            price=price,
            return_1d=return_1d,
            contribution=None if return_1d is None else self.weight * return_1d,
            window_return=window_return,
            excess=difference(window_return, fund_window_return),
            volume_ratio=None if volume is None or usual is None else volume / usual,
            dollar_volume=None if price is None or volume is None else price * volume,
            above_mean50=bool(marks & ABOVE50) if marks & KNOWN50 else None,
            above_mean200=bool(marks & ABOVE200) if marks & KNOWN200 else None,
            new_high=bool(marks & HIGH),
            new_low=bool(marks & LOW),
        )

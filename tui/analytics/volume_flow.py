"""Where the money of a list goes today: dollar volume of what rises against that of what falls.

Free of polars: it is brought up to date while ticks come in.
"""

from collections.abc import Iterable

from msgspec import Struct


class Side(Struct, frozen=True, gc=False):
    """One side of the balance."""

    dollars: float = 0.0
    """Sum of price times volume, in the currency of the list."""
    members: int = 0


class Flow(Struct, frozen=True, gc=False):
    """The dollar volume of a list by the sign of each one's return of the day."""

    advancing: Side = Side()
    declining: Side = Side()
    unchanged: Side = Side()
    unknown: int = 0
    """Symbols without a price, a previous close or a volume of their own (indices): in none of the sums."""

    @property
    def total(self) -> float:
        """Dollar volume of all that is counted."""
        return self.advancing.dollars + self.declining.dollars + self.unchanged.dollars

    @property
    def advancing_share(self) -> float | None:
        """Advancing as a share of advancing and declining, 0 to 1; None where neither has traded."""
        moved = self.advancing.dollars + self.declining.dollars
        return self.advancing.dollars / moved if moved > 0 else None

    @property
    def ratio(self) -> float | None:
        """Advancing / declining dollar volume; None where nothing has declined."""
        return self.advancing.dollars / self.declining.dollars if self.declining.dollars > 0 else None


def flow(members: Iterable[tuple[float | None, float | None]]) -> Flow:
    """The balance of a list from each member's 1D return (a fraction) and dollar volume so far.

    A member of which either is unknown is counted as such and left out of the sums.
    """
    dollars, counts, unknown = [0.0, 0.0, 0.0], [0, 0, 0], 0
    for change, traded in members:
        if change is None or traded is None:
            unknown += 1
            continue
        side = 0 if change > 0 else 1 if change < 0 else 2
        dollars[side] += traded
        counts[side] += 1
    advancing, declining, unchanged = (Side(amount, count) for amount, count in zip(dollars, counts, strict=True))
    return Flow(advancing, declining, unchanged, unknown)

"""All stores of what drives prices, beside the history in one folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

from msgspec import Struct

from tui.store.deals import DayRead, Deals
from tui.store.dialects import Parsed
from tui.store.estimates import Estimates
from tui.store.fundamentals import Fundamentals
from tui.store.macro import Macro


class DriverStores(Struct, frozen=True):
    """The stores under one folder."""

    macro: Macro
    fundamentals: Fundamentals
    estimates: Estimates
    deals: Deals

    @classmethod
    def at(cls, root: Path) -> Self:
        """The stores under `root`, which need not exist yet."""
        return cls(Macro(root), Fundamentals(root), Estimates(root), Deals(root))

    def take(self, parsed: Sequence[Parsed]) -> list[str]:
        """Store what files hold besides bars; returns a sentence for each kind. The history has the bars already.

        Raises:
            HistoryError: a file cannot be written.
        """
        said = []
        if series := [each for one in parsed for each in one.series]:
            done = self.macro.save(*series, history=False)
            said.append(
                f"{len(done.symbols):,} series: {_rows(done.added, 'observation')} added, {done.changed:,} changed"
            )
        if figures := [each for one in parsed for each in one.fundamentals]:
            done = self.fundamentals.save(figures)
            said.append(f"fundamentals of {len(done.symbols):,}: {_rows(done.added)} added, {done.changed:,} changed")
        if estimates := [each for one in parsed for each in one.estimates]:
            done = self.estimates.save(estimates)
            said.append(f"estimates of {len(done.symbols):,}: {_rows(done.added)} added, {done.changed:,} changed")
        for one in parsed:
            if one.filings:
                # The index is of the day that most of its filings, and the last of them, have.
                day = max(each.filed for each in one.filings)
                done = self.deals.save(one.filings, {day: DayRead(0.0, len(one.filings))})
                said.append(f"filings of {day}: {_rows(done.added)} added, {done.changed:,} changed")
        return said


def _rows(number: int, noun: str = "row") -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"

"""What drives prices, remembered and not stored: for the simulated market. The reading and writing sides of the stores."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict, replace

from tui.model_drivers import Estimate, Filing, Fundamental, Series

if TYPE_CHECKING:
    import polars as pl

    from tui.store.deals import DayRead


class MacroMemory:
    """Series by their ids."""

    def __init__(self) -> None:
        self._series: dict[str, Series] = {}

    def ids(self) -> list[str]:
        """The known series, sorted."""
        return sorted(self._series)

    def load(self, series_id: str) -> Series | None:
        """The series; None where it is not known."""
        return self._series.get(series_id)

    def save(self, *found: Series) -> None:
        """Take these in place of what was known of them."""
        self._series.update({each.id: each for each in found})


class RowMemory:
    """Fundamentals or estimates."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = schema
        self._rows: dict[tuple[object, ...], Fundamental | Estimate] = {}

    def frame(
        self, symbols: Sequence[str] | None = None, start: date | None = None, end: date | None = None
    ) -> "pl.DataFrame":
        """Every row of these symbols (all when None) with `start <= as_of <= end`, sorted by symbol and day."""
        wanted = None if symbols is None else set(symbols)
        rows = [
            each
            for each in self._rows.values()
            if (wanted is None or each.symbol in wanted)
            and (start is None or each.as_of >= start)
            and (end is None or each.as_of <= end)
        ]
        return _frame(sorted(rows, key=lambda each: (each.symbol, each.as_of)), self._schema)

    def save(self, found: Iterable[Fundamental | Estimate]) -> None:
        """Take these in place of what was told on the same day."""
        for each in found:
            self._rows[each.symbol, each.as_of, getattr(each, "period", None)] = each


class DealsMemory:
    """Filings, and the days whose index was read."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = schema
        self._rows: dict[tuple[str, int], Filing] = {}
        self._days: dict[date, DayRead] = {}

    def frame(self, start: date | None = None, end: date | None = None) -> "pl.DataFrame":
        """Filings with `start <= filed <= end`."""
        rows = [
            each
            for each in self._rows.values()
            if (start is None or each.filed >= start) and (end is None or each.filed <= end)
        ]
        return _frame(rows, self._schema)

    def days(self) -> "dict[date, DayRead]":
        """The days whose index was asked for."""
        return dict(self._days)

    def industries(self) -> dict[int, tuple[int, str | None]]:
        """SIC code and words of each company that has been asked for, by its CIK."""
        return {each.cik: (each.sic, each.industry) for each in self._rows.values() if each.sic is not None}

    def save(self, found: Iterable[Filing], read: "Mapping[date, DayRead] | None" = None) -> None:
        """Take in filings, and note which days were read."""
        self._rows.update({(each.accession, each.cik): each for each in found})
        self._days.update(read or {})

    def classify(self, known: Mapping[int, tuple[int, str]]) -> None:
        """Note SIC codes and their words, by CIK."""
        for key, each in self._rows.items():
            if each.cik in known:
                self._rows[key] = replace(each, sic=known[each.cik][0], industry=known[each.cik][1])


class DriverMemory:
    """All of them together, in place of `DriverStores`."""

    def __init__(self) -> None:
        from tui.store.deals import FILING_SCHEMA
        from tui.store.estimates import ESTIMATE_SCHEMA
        from tui.store.fundamentals import FUNDAMENTAL_SCHEMA

        self.macro = MacroMemory()
        self.fundamentals = RowMemory(FUNDAMENTAL_SCHEMA)
        self.estimates = RowMemory(ESTIMATE_SCHEMA)
        self.deals = DealsMemory(FILING_SCHEMA)


def _frame(rows: Sequence[Any], schema: Mapping[str, Any]) -> "pl.DataFrame":
    from tui.analytics.columns import frame_of

    return frame_of([asdict(each) for each in rows], schema)

"""A history that lives in memory: for markets that are simulated or played, which leave nothing on disk."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import polars as pl

from tui.model import Bars
from tui.store.schema import DAILY_SCHEMA, bars_frame

ROWS = 20_000
"""Rows that are made at once: each column is copied by one call, which holds the interpreter."""


class Memory:
    """Daily bars by symbol, with the reading side of `History`. Used from one worker thread at a time."""

    def __init__(self) -> None:
        self._frames: dict[str, pl.DataFrame] = {}

    def append(self, bars: Iterable[Bars]) -> None:
        """Add bars; those of a known session are replaced."""
        for together in _groups(bars):
            for (symbol,), rows in bars_frame(*together).partition_by("symbol", as_dict=True).items():
                held = self._frames.get(symbol)
                if held is None:
                    self._frames[symbol] = rows
                else:
                    both = pl.concat([held, rows]).lazy()
                    self._frames[symbol] = (
                        both.unique("date", keep="last", maintain_order=True).sort("date").collect(engine="in-memory")
                    )

    def frame(
        self,
        symbols: Sequence[str] | None = None,
        start: date | None = None,
        end: date | None = None,
        columns: Sequence[str] | None = None,
    ) -> pl.DataFrame:
        """Rows of `DAILY_SCHEMA` (or its keys and the named columns) with `start <= date <= end`, sorted."""
        names = sorted(self._frames if symbols is None else set(symbols) & self._frames.keys())
        frame = pl.concat([self._frames[name] for name in names]) if names else pl.DataFrame(schema=DAILY_SCHEMA)
        rows = frame.lazy()
        if start is not None:
            rows = rows.filter(pl.col("date") >= start)
        if end is not None:
            rows = rows.filter(pl.col("date") <= end)
        return (rows if columns is None else rows.select("symbol", "date", *columns)).collect(engine="in-memory")

    def peaks(self, symbols: Sequence[str], before: date) -> dict[str, float]:
        """Highest close of each symbol in the sessions before a date; symbols without one are absent."""
        found = (
            self.frame(symbols, end=before)
            .lazy()
            .filter(pl.col("date") < before, pl.col("close").is_not_null())
            .group_by("symbol")
            .agg(pl.col("close").max())
            .collect(engine="in-memory")
        )
        return dict(found.iter_rows())

    def last_sessions(self, symbols: Sequence[str]) -> dict[str, date]:
        """The last stored session of each symbol; symbols without bars are absent."""
        return {name: self._frames[name]["date"][-1] for name in symbols if name in self._frames}


def _groups(bars: Iterable[Bars]) -> Iterator[list[Bars]]:
    """Bars that are made into rows together: of different symbols, and not too many."""
    group: dict[str, Bars] = {}
    rows = 0
    for one in bars:
        if group and (one.symbol in group or rows + len(one.dates) > ROWS):
            yield list(group.values())
            group, rows = {}, 0
        if one.dates:
            group[one.symbol] = one
            rows += len(one.dates)
    if group:
        yield list(group.values())

"""A history that lives in memory: for markets that are simulated or played, which leave nothing on disk."""

from collections.abc import Iterable, Sequence
from datetime import date

import polars as pl

from tui.model import Bars
from tui.store.schema import DAILY_SCHEMA, bars_frame


class Memory:
    """Daily bars by symbol, with the reading side of `History`. Used from one worker thread at a time."""

    def __init__(self) -> None:
        self._frames: dict[str, pl.DataFrame] = {}

    def append(self, bars: Iterable[Bars]) -> None:
        """Add bars; those of a known session are replaced."""
        for one in bars:
            if not one.dates:
                continue
            frame = bars_frame(one)
            held = self._frames.get(one.symbol)
            if held is not None:
                frame = pl.concat([held, frame]).unique("date", keep="last", maintain_order=True).sort("date")
            self._frames[one.symbol] = frame

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
        if start is not None:
            frame = frame.filter(pl.col("date") >= start)
        if end is not None:
            frame = frame.filter(pl.col("date") <= end)
        return frame if columns is None else frame.select("symbol", "date", *columns)

    def peaks(self, symbols: Sequence[str], before: date) -> dict[str, float]:
        """Highest close of each symbol in the sessions before a date; symbols without one are absent."""
        found = (
            self.frame(symbols, end=before)
            .filter(pl.col("date") < before, pl.col("close").is_not_null())
            .group_by("symbol")
            .agg(pl.col("close").max())
        )
        return dict(found.iter_rows())

    def last_sessions(self, symbols: Sequence[str]) -> dict[str, date]:
        """The last stored session of each symbol; symbols without bars are absent."""
        return {name: self._frames[name]["date"][-1] for name in symbols if name in self._frames}

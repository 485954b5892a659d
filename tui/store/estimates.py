"""What companies are expected to earn, by the day it was told: older days stay.

root/estimates/2026-11.parquet
"""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import polars as pl
from msgspec.structs import asdict

from tui.model_drivers import Estimate
from tui.store.fundamentals import newest, of
from tui.store.ledger import Ledger
from tui.store.writer import Written
from tui.typed import converted

FOLDER = "estimates"

ESTIMATE_SCHEMA: dict[str, pl.DataType] = {
    "symbol": pl.String(),
    "period": pl.String(),
    "as_of": pl.Date(),
    "source": pl.String(),
    "fetched_at": pl.Float64(),
    "ends": pl.Date(),
    "growth": pl.Float64(),
    "average": pl.Float64(),
    "year_ago": pl.Float64(),
    "analysts": pl.Int64(),
    "average_7d": pl.Float64(),
    "average_30d": pl.Float64(),
    "up_7d": pl.Int64(),
    "up_30d": pl.Int64(),
    "down_7d": pl.Int64(),
    "down_30d": pl.Int64(),
    "currency": pl.String(),
}
"""One row per symbol, period, day and source, named like the fields of `Estimate`."""


class Estimates:
    """The estimates under the folder `root`, which need not exist yet. Blocking; may be called in a thread.

    Raises:
        HistoryError: from any method, when a file cannot be read or written; the message names it.
    """

    def __init__(self, root: Path) -> None:
        keys = ("symbol", "period", "as_of", "source")
        self._rows = Ledger(root / FOLDER, ESTIMATE_SCHEMA, keys, "as_of", "%Y-%m")

    def frame(
        self, symbols: Sequence[str] | None = None, start: date | None = None, end: date | None = None
    ) -> pl.DataFrame:
        """Every row of these symbols (all when None) with `start <= as_of <= end`: `ESTIMATE_SCHEMA`, sorted."""
        return of(self._rows.read(start, end), symbols)

    def latest(self, symbols: Sequence[str] | None = None, before: date | None = None) -> list[Estimate]:
        """The newest row of each symbol and period as of `before` or earlier; of one day, the one fetched last."""
        rows = newest(self.frame(symbols, end=before), ("symbol", "period"))
        return converted(rows.to_dicts(), list[Estimate])

    def save(self, found: Iterable[Estimate]) -> Written:
        """Upsert by symbol, period, day and source; None never replaces what was told."""
        return self._rows.add(pl.DataFrame([asdict(each) for each in found], schema=ESTIMATE_SCHEMA))

"""What companies sell and earn, by the day it was told: older days stay, so that a history of valuation accrues.

root/fundamentals/2026-11.parquet
"""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import polars as pl
from msgspec.structs import asdict

from tui.model_drivers import Fundamental
from tui.store.ledger import Ledger
from tui.store.writer import Written
from tui.typed import converted

FOLDER = "fundamentals"

FUNDAMENTAL_SCHEMA: dict[str, pl.DataType] = {
    "symbol": pl.String(),
    "as_of": pl.Date(),
    "source": pl.String(),
    "fetched_at": pl.Float64(),
    "price": pl.Float64(),
    "market_cap": pl.Float64(),
    "sales": pl.Float64(),
    "earnings": pl.Float64(),
    "eps": pl.Float64(),
    "price_to_sales": pl.Float64(),
    "price_to_earnings": pl.Float64(),
    "currency": pl.String(),
    "sales_currency": pl.String(),
}
"""One row per symbol, day and source, named like the fields of `Fundamental`."""


class Fundamentals:
    """The figures under the folder `root`, which need not exist yet. Blocking; may be called in a thread.

    Raises:
        HistoryError: from any method, when a file cannot be read or written; the message names it.
    """

    def __init__(self, root: Path) -> None:
        self._rows = Ledger(root / FOLDER, FUNDAMENTAL_SCHEMA, ("symbol", "as_of", "source"), "as_of", "%Y-%m")

    def frame(
        self, symbols: Sequence[str] | None = None, start: date | None = None, end: date | None = None
    ) -> pl.DataFrame:
        """Every row of these symbols (all when None) with `start <= as_of <= end`: `FUNDAMENTAL_SCHEMA`, sorted."""
        return of(self._rows.read(start, end), symbols)

    def latest(self, symbols: Sequence[str] | None = None, before: date | None = None) -> list[Fundamental]:
        """The newest row of each symbol as of `before` or earlier; of one day, the one fetched last."""
        rows = newest(self.frame(symbols, end=before), ("symbol",))
        return converted(rows.to_dicts(), list[Fundamental])

    def save(self, found: Iterable[Fundamental]) -> Written:
        """Upsert by symbol, day and source; None never replaces what was told."""
        return self._rows.add(pl.DataFrame([asdict(each) for each in found], schema=FUNDAMENTAL_SCHEMA))


def of(rows: pl.DataFrame, symbols: Sequence[str] | None) -> pl.DataFrame:
    """The rows of these symbols, all of them when None."""
    return rows if symbols is None else rows.filter(pl.col("symbol").is_in(list(symbols)))


def newest(rows: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Of each key the row of the newest day, and of one day the one fetched last."""
    return rows.sort(*keys, "as_of", "fetched_at").unique(keys, keep="last", maintain_order=True)

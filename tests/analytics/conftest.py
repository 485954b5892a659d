"""The real daily history, as the store would hand it out."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import polars as pl
import pytest

Load = Callable[..., pl.DataFrame]

PRICES = dict.fromkeys(("open", "high", "low", "close", "adj_close"), pl.Float64)


@cache
def _daily(path: Path) -> pl.DataFrame:
    frame = pl.read_csv(path, schema={"date": pl.Date, **PRICES, "volume": pl.Int64})
    return frame.select(pl.lit(path.stem).alias("symbol"), pl.all())


@pytest.fixture(scope="session")
def daily(shared_data: Path) -> Load:
    """Reads the daily bars of the symbols it is called with, sorted by symbol and date."""

    def load(*symbols: str) -> pl.DataFrame:
        return pl.concat([_daily(shared_data / "history" / "daily" / f"{symbol}.csv") for symbol in sorted(symbols)])

    return load


@pytest.fixture(scope="session")
def intraday(shared_data: Path) -> pl.DataFrame:
    """Five-minute bars of SPY and others."""
    return pl.read_parquet(shared_data / "history" / "intraday_5m.parquet")

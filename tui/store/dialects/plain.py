"""Daily bars of one symbol under names everybody uses: our own CSV, Yahoo's download, Stooq's, `date,close`.

    date,open,high,low,close,adj_close,volume
    Date,Open,High,Low,Close,Adj Close,Volume

A `ticker` or `symbol` column may tell several symbols apart; distributions and splits are taken along.
"""

import polars as pl

from tui.store.dialects import partial
from tui.store.dialects.base import Hints, Parsed, named_symbol, one_symbol
from tui.store.dialects.observed import series_of, slow
from tui.store.dialects.table import Table
from tui.store.schema import DAILY_SCHEMA, conform

NAME = "daily bars"

VALUES = ("open", "high", "low", "close", "adj_close", "volume")
PAYMENTS = ("dividends", "dividend", "capital_gains")
"""Cash that the adjusted close takes off, all of it: Yahoo adjusts for the sum, even where it counts twice."""
SPLITS = ("stock_splits", "split")
TICKERS = ("symbol", "ticker")


def recognises(table: Table) -> bool:
    """A date first, then at least a close."""
    return table.names[0] == "date" and bool({"close", "adj_close"} & set(table.names))


def parse(table: Table, hints: Hints) -> Parsed:
    """Read the bars; one that looks partial is left out when asked."""
    frame, notes = partial.settle(read(table, hints), hints)
    closes_alone = set(table.names) <= {"date", "close", *TICKERS}
    series = slow(series_of(frame, "own", hints)) if closes_alone else []
    return Parsed(dialect=NAME, daily=conform(frame, DAILY_SCHEMA), series=series, notes=notes)


def read(table: Table, hints: Hints) -> pl.DataFrame:
    """All known columns of the table under our names, with `symbol`; in the order of the file."""
    columns = [table.dates("date")]
    columns += [table.numbers(name) for name in VALUES if name in table.names]
    frame = pl.DataFrame(columns)
    for ours, names in (("dividend", PAYMENTS), ("split", SPLITS)):
        if events := [table.numbers(name) for name in names if name in table.names]:
            total = pl.sum_horizontal(events)
            frame = frame.with_columns(pl.when(total != 0).then(total).alias(ours))  # 0 is how files say "none"
    if "volume" in frame.columns:
        frame = frame.with_columns(pl.col("volume").round().cast(pl.Int64))
    else:
        frame = frame.with_columns(volume=pl.lit(None, pl.Int64))
    for name in TICKERS:
        if name in table.names:
            return one_symbol(frame.with_columns(symbol=table.rows.get_column(name)), hints)
    return frame.with_columns(symbol=pl.lit(named_symbol(hints)))

"""yfinance's `history()` as CSV: prices adjusted for dividends, and the dividends with which to undo it.

Date,Open,High,Low,Close,Volume,Dividends,Stock Splits[,Capital Gains][,ticker]
"""

import polars as pl

from tui.store.dialects import partial, plain
from tui.store.dialects.base import DialectError, Hints, Parsed
from tui.store.dialects.table import Table
from tui.store.schema import DAILY_SCHEMA, conform

NAME = "yfinance, adjusted"

PRICES = ("open", "high", "low", "close")


def recognises(table: Table) -> bool:
    """Dividends are told but no adjusted close beside the close: the close itself is the adjusted one."""
    return table.names[0] == "date" and {"close", "dividends"} <= set(table.names) and "adj_close" not in table.names


def parse(table: Table, hints: Hints) -> Parsed:
    """Read the bars and rebuild the prices as they were traded (split-adjusted only)."""
    frame = plain.read(table, hints)
    each = [
        rebuild(bars) for bars in frame.sort("date", maintain_order=True).partition_by("symbol", maintain_order=True)
    ]
    frame, notes = partial.settle(pl.concat(each), hints)
    for (symbol,), bars in frame.group_by(["symbol"], maintain_order=True):
        count = bars.get_column("dividend").count()
        noun = "distribution" if count == 1 else "distributions"
        notes.append(f"{symbol}: adjusted prices; the close rebuilt from {count} {noun}")
    return Parsed(dialect=NAME, daily=conform(frame, DAILY_SCHEMA), notes=notes)


def rebuild(bars: pl.DataFrame) -> pl.DataFrame:
    """Bars of one symbol, oldest first and adjusted, with prices as traded and the adjusted close in `adj_close`.

    Yahoo multiplies all prices before an ex-date by `1 - D / P`, with `P` the close before it. From the last bar,
    whose factor is 1, backwards: with `F` the factor from the ex-date on and `A` the adjusted close before it,
    `A = P * F * (1 - D / P)`, so `P = A / F + D` and the factor before the ex-date is `A / P`. This is exact; it
    holds for a file that reaches to the day of its download, as later dividends are not in it.

    Raises:
        DialectError: a dividend has no positive close before it to be taken from.
    """
    closes = bars.get_column("close").to_list()
    factors = [1.0] * len(closes)
    factor = 1.0
    paid = 0.0
    dividends = bars.get_column("dividend").fill_null(0.0).to_list()
    for row in range(len(closes) - 1, -1, -1):
        close = closes[row]
        if paid and close is not None:
            traded = close / factor + paid
            if close <= 0 or traded <= 0:
                raise DialectError(f"a distribution of {paid:g} cannot be undone at a close of {close:g}")
            factor, paid = close / traded, 0.0
        factors[row] = factor
        paid += dividends[row]
    scale = pl.Series("factor", factors, dtype=pl.Float64)
    return bars.with_columns(
        pl.col("close").alias("adj_close"), *(pl.col(name) / scale for name in PRICES if name in bars.columns)
    )

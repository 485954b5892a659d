"""Series of one value: FRED's CSV, and `date,value`.

    DATE,RU2000PR                 (`.` is a missing observation)
    observation_date,DGS10,DGS2   (so is an empty cell)
    date,value                    (the symbol is the file's name)

A missing observation is no row: FRED fills holidays with them.
"""

import polars as pl

from tui.store.dialects.base import DialectError, Hints, Parsed, named_symbol, one_symbol, symbol_of
from tui.store.dialects.observed import series_of
from tui.store.dialects.table import Table
from tui.store.schema import DAILY_SCHEMA, conform

NAME = "series"

_DATES = ("date", "observation_date")
_NOT_SERIES = {"open", "high", "low", "close", "adj_close", "volume", "dividends", "ticker", "symbol"}


def recognises(table: Table) -> bool:
    """A date, then only columns that are called `value` or like a series."""
    rest = table.header[1:]
    return (
        table.names[0] in _DATES
        and bool(rest)
        and not _NOT_SERIES & set(table.names)
        and (table.names[1:] == ["value"] or all(cell == symbol_of(cell) for cell in rest))
    )


def parse(table: Table, hints: Hints) -> Parsed:
    """Read each series as the closes of a symbol."""
    dates = table.dates(table.names[0]).alias("date")
    series = [
        pl.DataFrame([dates, table.numbers(name).alias("close")]).with_columns(symbol=pl.lit(_symbol(cell, hints)))
        for name, cell in zip(table.names[1:], table.header[1:], strict=True)
    ]
    if not series:
        raise DialectError("has no series")
    frame = one_symbol(pl.concat(series).drop_nulls("close"), hints)
    source = "own" if table.names[1:] == ["value"] else "fred"
    return Parsed(dialect=NAME, daily=conform(frame, DAILY_SCHEMA), series=series_of(frame, source, hints))


def _symbol(cell: str, hints: Hints) -> str:
    return named_symbol(hints) if cell.lower() == "value" else cell

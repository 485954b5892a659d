"""Five-minute bars as CSV: `date` or `datetime` with an offset from UTC, which may differ from line to line.

date,open,high,low,close,volume
2024-03-11 13:30:00+00:00,510.48,...
2026-08-21 15:45:00-04:00,766.46,...
"""

from datetime import timedelta

import polars as pl

from tui.store.dialects.base import DialectError, Hints, Parsed, named_symbol, one_symbol
from tui.store.dialects.plain import TICKERS
from tui.store.dialects.table import LINE, Table
from tui.store.schema import BAR_SCHEMA, conform

NAME = "five-minute bars"

STEP = timedelta(minutes=5)
_VALUES = ("open", "high", "low", "close", "volume")
_WHENS = ("datetime", "time", "date")


def recognises(table: Table) -> bool:
    """Prices, and a first column of times: called so, or with days that have several times each."""
    name = table.names[0]
    if name not in _WHENS or "close" not in table.names:
        return False
    when = table.rows.get_column(name)
    days = when.str.slice(0, 10).n_unique()
    return name != "date" or (when.n_unique() > 2 * days and when.str.len_chars().max() != 10)


def parse(table: Table, hints: Hints) -> Parsed:
    """Read the bars; their starts become UTC.

    Raises:
        DialectError: the bars are of another length than five minutes.
    """
    times = table.times(table.names[0]).alias("time")
    values = [table.numbers(name) for name in _VALUES if name in table.names]
    frame = pl.DataFrame([times, *values])
    ticker = next((name for name in TICKERS if name in table.names), None)
    if ticker:
        frame = one_symbol(frame.with_columns(symbol=table.rows.get_column(ticker)), hints)
    else:
        frame = frame.with_columns(symbol=pl.lit(named_symbol(hints)))
    off = (times.dt.epoch("s") % int(STEP.total_seconds())) != 0
    if off.any():
        line = table.rows.get_column(LINE).filter(off)[0]
        raise DialectError("the bar does not begin on a multiple of five minutes", line)
    step = frame.sort("symbol", "time").select(pl.col("time").diff().over("symbol")).to_series()
    shortest = step.filter(step > timedelta(0)).min()
    if isinstance(shortest, timedelta) and shortest != STEP:
        raise DialectError(f"holds bars of {shortest.total_seconds() / 60:g} minutes: only five-minute bars are kept")
    return Parsed(dialect=NAME, intraday=conform(frame, BAR_SCHEMA))

"""Long Parquet: `symbol,date` and any of the daily columns, or `symbol,time` and five-minute bars."""

import polars as pl

from tui.store.dialects.base import DialectError, Hints, Parsed, one_symbol
from tui.store.schema import BAR_SCHEMA, DAILY_SCHEMA, HistoryError, conform
from tui.store.text import clean

NAME = "long Parquet"


def kind_of(columns: list[str]) -> str | None:
    """`daily` or `intraday` by the names of the columns; None for neither."""
    names = set(columns)
    if {"symbol", "time"} <= names and names & {"close"}:
        return "intraday"
    if {"symbol", "date"} <= names and names & {"close", "adj_close", "open", "high", "low", "volume"}:
        return "daily"
    return None


def parse(frame: pl.DataFrame, hints: Hints) -> Parsed:
    """Bring the table into our form.

    Raises:
        DialectError: it is neither kind, or a column is of a type that cannot be ours.
    """
    kind = kind_of(frame.columns)
    if kind is None:
        raise DialectError("has no columns symbol, date (or time) and close: not a table of bars")
    time = frame.schema.get("time")
    if kind == "intraday" and not (isinstance(time, pl.Datetime) and time.time_zone):
        raise DialectError("the column time is not a time with a zone")
    try:
        bars = conform(one_symbol(frame, hints), BAR_SCHEMA if kind == "intraday" else DAILY_SCHEMA)
    except (HistoryError, pl.exceptions.PolarsError) as error:
        raise DialectError(clean(str(error))) from error
    return Parsed(dialect=NAME, intraday=bars) if kind == "intraday" else Parsed(dialect=NAME, daily=bars)

"""The two tables of the history, and how any frame is brought into their form."""

from bisect import bisect_left
from collections.abc import Mapping
from datetime import date
from math import prod

import polars as pl

from tui.model import Bars, DataError

DAILY_SCHEMA: dict[str, pl.DataType] = {
    "symbol": pl.String(),
    "date": pl.Date(),
    "open": pl.Float64(),
    "high": pl.Float64(),
    "low": pl.Float64(),
    "close": pl.Float64(),
    "adj_close": pl.Float64(),
    "volume": pl.Int64(),
    "dividend": pl.Float64(),
    "split": pl.Float64(),
}
"""One row per symbol and session. `close` is split-adjusted with dividends ignored, `adj_close` is adjusted for both;
`dividend` is cash per share on the ex-date, `split` new shares per old share; both are null on all other days."""

BAR_SCHEMA: dict[str, pl.DataType] = {
    "symbol": pl.String(),
    "time": pl.Datetime("us", "UTC"),
    "open": pl.Float64(),
    "high": pl.Float64(),
    "low": pl.Float64(),
    "close": pl.Float64(),
    "volume": pl.Int64(),
}
"""One row per symbol and five minutes; `time` is the bar's start."""

DAILY_KEYS = ("symbol", "date")
BAR_KEYS = ("symbol", "time")


class HistoryError(DataError):
    """The history could not be read or written. The message names the file and says what can be done."""


def conform(frame: pl.DataFrame, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """`frame` with the columns and types of `schema`, in its order: missing ones null, others left out.

    A price that is not a finite number is null, and so is the volume of an index (`^...`): it has none of its own,
    and what is sent as such is a copy of another's (docs: formulas, "Volume ratio").

    Raises:
        HistoryError: a key column is missing or holds nulls, or a column cannot be of its type.
    """
    keys = list(schema)[:2]
    if missing := [key for key in keys if key not in frame.columns]:
        raise HistoryError(f"bars need the column {missing[0]!r}")
    columns = [_column(frame, name, dtype) for name, dtype in schema.items()]
    own = pl.when(~pl.col("symbol").str.starts_with("^")).then(pl.col("volume"))
    try:
        result = frame.lazy().select(columns).with_columns(volume=own).collect(engine="in-memory")
    except pl.exceptions.PolarsError as error:
        raise HistoryError(f"bars with a column of another type: {error}") from error
    if any(result[key].null_count() for key in keys):
        raise HistoryError(f"bars without a {keys[0]} or {keys[1]}")
    return result


def bars_frame(*many: Bars) -> pl.DataFrame:
    """The daily bars of one symbol, or of several one after another, as rows of `DAILY_SCHEMA`.

    A dividend or split dated on a day without a bar goes to the next bar: the first one whose price it touches.
    """
    columns: dict[str, list[object]] = {name: [] for name in DAILY_SCHEMA}
    for bars in many:
        columns["symbol"] += [bars.symbol] * len(bars.dates)
        columns["date"] += bars.dates
        for name in ("open", "high", "low", "close", "adj_close", "volume"):
            columns[name] += getattr(bars, name)
        columns["dividend"] += [sum(cash) if cash else None for cash in _by_bar(bars.dates, bars.dividends)]
        columns["split"] += [prod(ratios) if ratios else None for ratios in _by_bar(bars.dates, bars.splits)]
    return conform(pl.DataFrame(columns, schema=DAILY_SCHEMA), DAILY_SCHEMA)


def _column(frame: pl.DataFrame, name: str, dtype: pl.DataType) -> pl.Expr:
    if name not in frame.columns:
        return pl.lit(None, dtype).alias(name)
    column = pl.col(name)
    if dtype.is_float():
        column = column.cast(dtype)
        return pl.when(column.is_finite()).then(column).alias(name)
    if dtype.is_integer() and frame.schema[name].is_float():
        return pl.when(column.is_finite()).then(column).round().cast(dtype).alias(name)
    return column.cast(dtype)


def _by_bar(dates: list[date], events: Mapping[date, float]) -> list[list[float]]:
    slots: list[list[float]] = [[] for _ in dates]
    for day, value in sorted(events.items()):
        position = bisect_left(dates, day)
        if position < len(dates):
            slots[position].append(value)
    return slots

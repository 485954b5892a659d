"""Columns of stored bars as the analytics read them: floats, with one kind of unknown."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from tui.analytics.figures import INDEX_MARK


def known(name: str) -> pl.Expr:
    """The column as Float64, with NaN taken for what it is: unknown."""
    return pl.col(name).cast(pl.Float64).fill_nan(None).alias(name)


def known_or_null(frame: pl.DataFrame, name: str) -> pl.Expr:
    """`known(name)`, or a column of nulls where the frame has none of that name."""
    return known(name) if name in frame.columns else pl.lit(None, pl.Float64).alias(name)


def finite(figure: pl.Expr) -> pl.Expr:
    """The figure, with null for what a division by zero leaves (NaN and infinities)."""
    return pl.when(figure.is_finite()).then(figure)


def simple_return(close: pl.Expr, sessions: int = 1) -> pl.Expr:
    """`P(t) / P(t - sessions) - 1` as a fraction; null where either close is unknown or the base is not positive."""
    base = close.shift(sessions)
    return pl.when(base > 0).then(close / base - 1)


def row_of(dates: pl.Series, day: date) -> int:
    """Row of the first session on or after `day`, of one symbol's sessions in their order; their number if there is none.

    A handful of looks; a query of polars, however small, costs half a millisecond of two threads.
    """
    return bisect_left(dates, day)


def has_own_volume(symbol: str) -> bool:
    """False for an index or a yield: what is reported as its volume is not its own (docs: formulas)."""
    return not symbol.startswith(INDEX_MARK)


def frame_of(rows: Sequence[Mapping[str, object]], schema: Mapping[str, Any]) -> pl.DataFrame:
    """Rows by column names as a frame of a schema; of no rows, an empty one."""
    return pl.DataFrame(list(rows), schema=dict(schema))

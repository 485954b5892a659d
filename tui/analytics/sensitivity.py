"""How a symbol moves with a macro series: the rolling correlation of its returns with the series' changes.

Series are frames of `date` (the first day that a value is about) and `value`, null where it is missing, oldest first;
prices are one symbol's sessions, `date` and `close`. A series in percent changes by basis points, any other by its own
percentage. Definitions: docs, formulas ("Correlation and beta").
"""

from datetime import date

import polars as pl
from msgspec import Struct

from tui.analytics.columns import known, simple_return
from tui.analytics.measure import CORRELATION_WINDOW
from tui.analytics.relative import BASIS_POINTS, ROUNDING, moves
from tui.model_drivers import Frequency

WINDOWS = {
    Frequency.DAILY: CORRELATION_WINDOW,
    Frequency.WEEKLY: 52,
    Frequency.MONTHLY: 36,
    Frequency.QUARTERLY: 20,
    Frequency.ANNUAL: 10,
}
"""Pairs of changes behind a correlation, by how often the series is told."""


class Change(Struct, frozen=True, gc=False):
    """A series' latest value beside an earlier one."""

    value: float
    day: date
    """What the value is of."""
    before: float | None
    """The value before it; None where there is none."""
    change: float | None
    """The difference to `before`: in the series' own unit, or as a fraction of `before` when it is not in percent."""


def latest(series: pl.DataFrame, *, in_percent: bool, back: int = 1) -> Change | None:
    """The last known value and its change over `back` known values; None for a series without values."""
    values = series.drop_nulls("value").filter(pl.col("value").is_finite())
    if not values.height:
        return None
    day, value = values["date"][-1], values["value"][-1]
    if values.height <= back:
        return Change(value, day, None, None)
    before = values["value"][-1 - back]
    if in_percent:
        return Change(value, day, before, value - before)
    return Change(value, day, before, value / before - 1 if before > 0 else None)


def changes(prices: pl.DataFrame, series: pl.DataFrame, often: Frequency, *, in_percent: bool) -> pl.DataFrame:
    """`date`, `a` (the symbol's return) and `b` (the series' change, in basis points or as a fraction).

    A daily series is measured from one session common to both to the next. Of any other, a value is about the days
    until the next one: the return is that of the same days, from the last close before them to their last one, and
    the row's date is the next value's day. The last value, whose days may not be over, is left out.
    """
    values = series.select("date", value=known("value"))
    closes = prices.select("date", close=known("close"))
    if often is Frequency.DAILY:
        return moves(closes, values.rename({"value": "close"}), in_percent)
    change = pl.col("value").diff() * BASIS_POINTS if in_percent else simple_return(pl.col("value"))
    spans = values.select(until=pl.col("date").shift(-1), start=pl.col("date"), b=change).drop_nulls("until")
    stored = closes.drop_nulls("close")
    spans = _last_before(_last_before(spans, stored, "start", "base"), stored, "until", "end")
    own = pl.when(pl.col("base") > 0).then(pl.col("end") / pl.col("base") - 1)
    return spans.select(date="until", a=own, b="b")


def rolling_correlation(pairs: pl.DataFrame, window: int, start: date | None = None) -> pl.DataFrame:
    """`date`, `value` and `n`: the correlation over the last `window` pairs, at each pair from `start` on.

    Null before there are as many, where less than half of them are known, and where one side did not move.
    """
    before = int(pairs["date"].search_sorted(start, side="left")) if start else 0
    rows = pairs[max(0, before - window + 1) :].with_columns(known=pl.all_horizontal(pl.col("a", "b").is_not_null()))
    a, b = pl.col("a").filter("known"), pl.col("b").filter("known")
    moving = (a.std(ddof=1) > ROUNDING) & (b.std(ddof=1) > ROUNDING)
    # Window by window: running sums would carry the rounding of every large return that has left.
    made = (
        rows.with_row_index("row")
        .with_columns(pl.col("row").cast(pl.Int64))
        .rolling("row", period=f"{window}i")
        .agg(
            pl.col("date").last(),
            pl.len().alias("rows"),
            pl.col("known").sum().cast(pl.Int64).alias("n"),
            value=pl.when(moving).then(pl.corr(a, b)),
        )
    )
    whole = (pl.col("rows") == window) & (pl.col("n") * 2 >= window)
    found = made.select("date", value=pl.when(whole).then(pl.col("value").clip(-1, 1)), n="n")
    return found if start is None else found.filter(pl.col("date") >= start)


def _last_before(spans: pl.DataFrame, closes: pl.DataFrame, at: str, name: str) -> pl.DataFrame:
    """The last close strictly before the day of a column, at most ten days old."""
    found = closes.select(pl.col("date").alias(at), pl.col("close").alias(name)).set_sorted(at)
    return spans.sort(at).join_asof(found, on=at, strategy="backward", allow_exact_matches=False, tolerance="10d")

"""One symbol against another: rebased, relative-strength and spread lines, correlation and beta.

Frames hold one symbol's sessions, sorted by date: `date` and `close`. Lines are frames of `date` and `value`, null
where a close is unknown: a gap stays a gap. Definitions: docs, formulas.
"""

from datetime import date

import polars as pl
from msgspec import Struct

from tui.analytics.columns import finite, known, simple_return
from tui.analytics.measure import BETA_WINDOW, CORRELATION_WINDOW

ZSCORE = 50
"""Closes of the z-score, the session's own included."""

BASIS_POINTS = 100
"""In one percentage point: a yield is quoted in percent."""

ROUNDING = 1e-12
"""Standard deviation of returns under which there is no movement, only the rounding of the division."""


class Estimate(Struct, frozen=True, gc=False):
    """A figure estimated from pairs of daily returns, shown with their number."""

    value: float | None
    """None under two pairs, and where one side did not move."""
    n: int
    """Pairs of returns that are known."""


class Yearly(Struct, frozen=True, gc=False):
    """The estimate of one calendar year."""

    year: int
    value: float | None
    n: int


def rebased(frame: pl.DataFrame, start: date) -> pl.DataFrame:
    """`100 * P / P(start)` from the last session on or before `start`; empty when there is none."""
    line = frame.select("date", value=known("close"))
    return _from(line, start).select("date", value=_rebase(pl.col("value")))


def strength(a: pl.DataFrame, b: pl.DataFrame, start: date) -> pl.DataFrame:
    """The relative-strength line of `a` over `b`: their ratio, 100 at the start, on sessions common to both."""
    return _from(common(a, b), start).select("date", value=_rebase(pl.col("a") / pl.col("b")))


def spread(a: pl.DataFrame, b: pl.DataFrame, start: date) -> pl.DataFrame:
    """Rebased `a` minus rebased `b` in percentage points, 0 at the start, on sessions common to both."""
    return _from(common(a, b), start).select("date", value=_rebase(pl.col("a")) - _rebase(pl.col("b")))


def correlation(
    a: pl.DataFrame, b: pl.DataFrame, window: int = CORRELATION_WINDOW, *, against_yield: bool = False
) -> Estimate:
    """Correlation of simple daily returns over the last `window` returns of sessions common to both.

    With `against_yield`, `b` is a yield in percent, and its daily change in basis points takes the return's place.
    """
    pairs = moves(a, b, against_yield).tail(window).drop_nulls()
    return Estimate(*pairs.select(*_correlation()).row(0))


def beta(a: pl.DataFrame, b: pl.DataFrame, window: int = BETA_WINDOW, *, against_yield: bool = False) -> Estimate:
    """Slope of the daily returns of `a` on those of `b`: covariance / variance of `b`, ddof 1.

    Sessions, window and `against_yield` as in `correlation`; against a yield it is the return, as a fraction, per
    basis point.
    """
    pairs = moves(a, b, against_yield).tail(window).drop_nulls()
    slope = pl.cov("a", "b", ddof=1) / pl.col("b").var(ddof=1)
    return Estimate(*pairs.select(_if_moving(slope, "b"), pl.len()).row(0))


def yearly_correlation(a: pl.DataFrame, b: pl.DataFrame, *, against_yield: bool = False) -> list[Yearly]:
    """Correlation of the daily returns whose session falls in each calendar year, oldest first.

    The year's first return is measured from the last session of the year before.
    """
    return yearly(moves(a, b, against_yield))


def yearly(pairs: pl.DataFrame) -> list[Yearly]:
    """`yearly_correlation` of what `moves` gives."""
    known_ones = pairs.lazy().drop_nulls()
    years = (
        known_ones.group_by(pl.col("date").dt.year(), maintain_order=True)
        .agg(*_correlation())
        .collect(engine="in-memory")
    )
    return [Yearly(*row) for row in years.iter_rows()]


def zscore50(close: pl.Expr) -> pl.Expr:
    """`(P - mean50) / std50` of a column of closes at each session (ddof 1); null unless all 50 are known."""
    # A flat stretch has no spread. Rolling sums leave a trace of rounding there, hence the extremes.
    flat = close.rolling_max(ZSCORE) == close.rolling_min(ZSCORE)
    score = (close - close.rolling_mean(ZSCORE)) / close.rolling_std(ZSCORE, ddof=1)
    return pl.when(~flat).then(finite(score))


def drawdown(close: pl.Expr) -> pl.Expr:
    """`P / max(P so far) - 1` of a column of closes that begins with the history, as a fraction, 0 or negative."""
    peak = close.cum_max()
    return pl.when(peak > 0).then(close / peak - 1)


def common(a: pl.DataFrame, b: pl.DataFrame) -> pl.DataFrame:
    """`date`, `a` and `b`: the closes of both on the sessions that both have."""
    left, right = a.lazy().select("date", a=known("close")), b.lazy().select("date", b=known("close"))
    return left.join(right, on="date", how="inner", maintain_order="left").collect(engine="in-memory")


def _from(line: pl.DataFrame, start: date) -> pl.DataFrame:
    """The line from the last session on or before `start`; empty when there is none."""
    return line.filter(pl.col("date") >= pl.col("date").filter(pl.col("date") <= start).max())


def _rebase(value: pl.Expr) -> pl.Expr:
    """100 times the value over its first one."""
    first = value.first()
    # By way of the difference the start is exactly 100: polars divides by a scalar with its rounded reciprocal.
    return finite(100 + 100 * (value - first) / first)


def moves(a: pl.DataFrame, b: pl.DataFrame, against_yield: bool = False) -> pl.DataFrame:
    """`date`, `a` and `b`: what each did since the previous session common to both."""
    return moved(common(a, b), against_yield)


def moved(closes: pl.DataFrame, against_yield: bool = False) -> pl.DataFrame:
    """`moves` of what `common` gives."""
    theirs = pl.col("b").diff() * BASIS_POINTS if against_yield else simple_return(pl.col("b"))
    return closes.select("date", a=simple_return(pl.col("a")), b=theirs)[1:]


def _correlation() -> tuple[pl.Expr, pl.Expr]:
    """The correlation of `a` and `b`, and the number of pairs."""
    return _if_moving(pl.corr("a", "b"), "a", "b"), pl.len()


def _if_moving(figure: pl.Expr, *columns: str) -> pl.Expr:
    """The figure, or null where one of the columns does not vary: it would divide one rounding by another."""
    return pl.when(pl.all_horizontal(pl.col(column).std(ddof=1) > ROUNDING for column in columns)).then(figure)

"""Rolling correlation and beta to the benchmark: as a line over past sessions, and of today from prepared returns.

Every point is the estimate of `relative.correlation` or `relative.beta` as it was at that session: the same window,
the same pairs of simple daily returns on sessions common to both (docs: formulas).
"""

from collections.abc import Sequence
from datetime import date
from math import isfinite, sqrt

import polars as pl
from msgspec import Struct

from tui.analytics.columns import row_of
from tui.analytics.measure import WINDOWS, Measure
from tui.analytics.relative import BASIS_POINTS, ROUNDING, Estimate, moved

FEWEST = 2
"""A window with fewer than one in so many known returns has no point on the line."""


class Pairs(Struct, frozen=True):
    """The daily returns before the as-of session, and the closes that today's are measured from."""

    own: Sequence[float | None]
    """The last 252 returns of the symbol, oldest first; None where unknown."""
    bench: Sequence[float | None]
    """The benchmark's of the same sessions, or a yield's changes in basis points."""
    own_close: float | None
    """Close of the last common session."""
    bench_close: float | None
    against_yield: bool = False
    this_year: int = 0
    """How many of them are of the calendar year of the as-of session."""

    def today(self, measure: Measure, own: float | None, bench: float | None) -> Estimate:
        """The estimate with the as-of session at these prices; without a price, of the sessions before it."""
        return self._estimate(measure, own, bench, WINDOWS[measure])

    def year(self, own: float | None, bench: float | None) -> Estimate:
        """The correlation of the as-of session's calendar year, with that session at these prices."""
        has_today = own is not None and bench is not None
        return self._estimate(Measure.CORRELATION, own, bench, self.this_year + has_today)

    def _estimate(self, measure: Measure, own: float | None, bench: float | None, window: int) -> Estimate:
        mine, theirs = list(self.own), list(self.bench)
        if own is not None and bench is not None and self.own:
            mine.append(_return(own, self.own_close))
            theirs.append(self._moved(bench))
        first = max(0, len(mine) - window)
        pairs = [(a, b) for a, b in zip(mine[first:], theirs[first:], strict=True) if a is not None and b is not None]
        return _correlation(pairs) if measure is Measure.CORRELATION else _beta(pairs)

    def _moved(self, bench: float) -> float | None:
        if not self.against_yield:
            return _return(bench, self.bench_close)
        return None if self.bench_close is None else (bench - self.bench_close) * BASIS_POINTS


def rolling(pairs: pl.DataFrame, measure: Measure, start: date) -> pl.DataFrame:
    """`date`, `value` and `n` (known pairs of the window) at each common session from `start` on.

    Args:
        pairs: What `moves` gives of a symbol and its benchmark.
        measure: Correlation over 63 returns or beta over 252.
        start: First session wanted.

    A session without a whole window before it, or with less than half of it known, has no value.
    """
    window = WINDOWS[measure]
    needed = pairs[max(0, row_of(pairs["date"], start) - window + 1) :]
    mine, theirs = pl.col("a").filter("known"), pl.col("b").filter("known")
    if measure is Measure.CORRELATION:
        figure, must_move = pl.corr(mine, theirs), [mine, theirs]
    else:
        figure, must_move = pl.cov(mine, theirs, ddof=1) / theirs.var(ddof=1), [theirs]
    moving = pl.all_horizontal(each.std(ddof=1) > ROUNDING for each in must_move)
    # Window by window, not by running sums: those would carry the rounding of every large return that has left.
    made = (
        needed.lazy()
        .with_columns(known=pl.col("a").is_not_null() & pl.col("b").is_not_null())
        .with_row_index("row")
        .with_columns(pl.col("row").cast(pl.Int64))
        .rolling("row", period=f"{window}i")
        .agg(
            pl.col("date").last(),
            pl.len().alias("rows"),
            pl.col("known").sum().alias("n"),
            value=pl.when(moving).then(figure),
        )
    )
    whole = (pl.col("rows") == window) & (pl.col("n") * FEWEST >= window)
    return (
        made.filter(pl.col("date") >= start)
        .select("date", value=pl.when(whole).then(pl.col("value")), n="n")
        .collect(engine="in-memory")
    )


def prepared(closes: pl.DataFrame, session: date, *, against_yield: bool = False) -> Pairs:
    """What an estimate of the as-of session needs, from the closes on common sessions (`common`) before it."""
    longest = max(WINDOWS.values())
    closes = closes.tail(longest + 1)
    pairs = moved(closes, against_yield)
    last = closes.row(-1) if closes.height else (None, None, None)
    # A first common session has no return yet, but today's can be measured from it: hence the empty pair.
    first: list[float | None] = [None] if closes.height else []
    return Pairs(
        (first + pairs["a"].to_list())[-longest:],
        (first + pairs["b"].to_list())[-longest:],
        last[1],
        last[2],
        against_yield,
        row_of(pairs["date"], date(session.year + 1, 1, 1)) - row_of(pairs["date"], date(session.year, 1, 1)),
    )


def _return(price: float, close: float | None) -> float | None:
    return None if close is None or close <= 0 else price / close - 1


def _correlation(pairs: Sequence[tuple[float, float]]) -> Estimate:
    n = len(pairs)
    if n < 2:
        return Estimate(None, n)
    xx, yy, xy = _squares(pairs)
    if min(xx, yy) <= ROUNDING * ROUNDING * (n - 1):
        return Estimate(None, n)
    # Rounding can take it past one, which no correlation is.
    return Estimate(max(-1.0, min(1.0, xy / (sqrt(xx) * sqrt(yy)))), n)


def _beta(pairs: Sequence[tuple[float, float]]) -> Estimate:
    n = len(pairs)
    if n < 2:
        return Estimate(None, n)
    _, yy, xy = _squares(pairs)
    slope = xy / yy if yy > ROUNDING * ROUNDING * (n - 1) else None
    return Estimate(slope if slope is not None and isfinite(slope) else None, n)


def _squares(pairs: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """Sums of squares and products about the means."""
    n = len(pairs)
    mean_a, mean_b = sum(a for a, _ in pairs) / n, sum(b for _, b in pairs) / n
    xx = yy = xy = 0.0
    for a, b in pairs:
        da, db = a - mean_a, b - mean_b
        xx += da * da
        yy += db * db
        xy += da * db
    return xx, yy, xy

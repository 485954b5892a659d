"""What analysts expect of a fund's holdings: growth of their earnings together, and how many estimates are raised or cut.

Estimates are frames of one row per company and period: `symbol`, `growth`, `average`, `year_ago`, `analysts`,
`average_7d`, `average_30d`, `up_7d`, `down_7d`, `up_30d`, `down_30d`, null where unknown. Weights are fractions of a
fund, prices are those of today. Every figure has its coverage: the share of the weight that it is known of.
"""

from collections.abc import Mapping

import polars as pl
from msgspec import Struct

from tui.analytics.columns import finite, known_or_null

PERIODS = ("0q", "+1q", "0y", "+1y")
"""The current and the next quarter and fiscal year, as estimates name them."""


class Covered(Struct, frozen=True, gc=False):
    """A figure over a part of a fund."""

    value: float | None
    coverage: float
    """Share of the weight that it is made of."""
    n: int
    """Holdings."""


class Outlook(Struct, frozen=True, gc=False, kw_only=True):
    """A fund's estimates for one period."""

    period: str
    growth: Covered
    """Earnings expected of all holdings together over those of the year before, less one; losses count against it."""
    typical: Covered
    """The growth that half of the weight is above."""
    up_7d: Covered
    """Share of the estimates raised in seven days, by weight."""
    down_7d: Covered
    up_30d: Covered
    down_30d: Covered
    revision_7d: Covered
    """Change of the earnings expected together over seven days ago."""
    revision_30d: Covered


def outlook(period: str, weights: Mapping[str, float], estimates: pl.DataFrame, prices: Mapping[str, float]) -> Outlook:
    """A fund's estimates for one period.

    A weight `w` at a price `P` is `w / P` shares for each unit of the fund; the fund's earnings are the sum of
    shares times earnings per share, of the holdings of which both sides of a comparison are known.

    Args:
        period: One of `PERIODS`; of `estimates` only its rows count.
        weights: The fund's holdings; those without a symbol count under any key that is no symbol.
        estimates: One row per symbol and period at most.
        prices: The last price by symbol, in the currency of the estimates.
    """
    long = {symbol: weight for symbol, weight in weights.items() if weight > 0}
    held = pl.DataFrame(
        {"symbol": list(long), "w": list(long.values()), "price": [prices.get(symbol) for symbol in long]},
        {"symbol": pl.String, "w": pl.Float64, "price": pl.Float64},
    )
    told = estimates.filter(pl.col("period") == period).select(
        "symbol", *(known_or_null(estimates, name) for name in _COLUMNS)
    )
    rows = held.join(told, on="symbol", how="left", maintain_order="left").with_columns(
        shares=pl.when(pl.col("price") > 0).then(pl.col("w") / pl.col("price")),
    )
    total = float(rows["w"].sum())
    return Outlook(
        period=period,
        growth=_together(rows, "year_ago", total),
        typical=_typical(rows, total),
        up_7d=_share(rows, "up_7d", total),
        down_7d=_share(rows, "down_7d", total),
        up_30d=_share(rows, "up_30d", total),
        down_30d=_share(rows, "down_30d", total),
        revision_7d=_together(rows, "average_7d", total),
        revision_30d=_together(rows, "average_30d", total),
    )


_COLUMNS = (
    "growth",
    "average",
    "year_ago",
    "analysts",
    "average_7d",
    "average_30d",
    "up_7d",
    "down_7d",
    "up_30d",
    "down_30d",
)


def _together(rows: pl.DataFrame, base: str, total: float) -> Covered:
    """Earnings expected of all holdings together over another figure of theirs, less one."""
    both = rows.drop_nulls(["shares", "average", base])
    then = float((both["shares"] * both[base]).sum())
    now = float((both["shares"] * both["average"]).sum())
    # From a loss of all together there is no growth to tell.
    return _covered(now / then - 1 if then > 0 else None, both, total)


def _typical(rows: pl.DataFrame, total: float) -> Covered:
    """The weighted median of the holdings' own growth."""
    both = rows.with_columns(finite(pl.col("growth")).alias("growth")).drop_nulls("growth").sort("growth")
    half = float(both["w"].sum()) / 2
    above = both.filter(pl.col("w").cum_sum() >= half)
    return _covered(above["growth"][0] if above.height else None, both, total)


def _share(rows: pl.DataFrame, counted: str, total: float) -> Covered:
    """The share of the estimates that a count tells of, each holding's by its weight."""
    both = rows.filter(pl.col("analysts") > 0).drop_nulls(counted)
    weight = float(both["w"].sum())
    # A count of revisions can be above that of analysts, who may revise twice.
    share = (both[counted] / both["analysts"]).clip(0, 1)
    return _covered(float((both["w"] * share).sum()) / weight if weight > 0 else None, both, total)


def _covered(value: float | None, rows: pl.DataFrame, total: float) -> Covered:
    return Covered(value, float(rows["w"].sum()) / total if total > 0 else 0.0, rows.height)

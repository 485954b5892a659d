"""What a fund costs for what its holdings sell and earn: P/S, P/E with and without loss-makers, and a discount.

Fundamentals are frames of one row per company and day it was told: `symbol`, `as_of`, `price`, `market_cap`, `sales`,
`earnings`, `eps`, `price_to_sales`, `price_to_earnings`, `currency` and `sales_currency`, null where unknown. Weights
are fractions of a fund. Definitions: docs, formulas ("Inside a fund").
"""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl
from msgspec import Struct

from tui.analytics.columns import finite, known


class Valuation(Struct, frozen=True, gc=False, kw_only=True):
    """A fund by its holdings' fundamentals; None where nothing is known or a sum is not positive."""

    ps: float | None = None
    """Price / sales."""
    pe_all: float | None = None
    """Price / earnings, the losses of loss-makers taken off the earnings."""
    pe_profitable: float | None = None
    """Price / earnings of the holdings that earn something."""
    sales_coverage: float = 0.0
    """Share of the weight whose sales are known."""
    earnings_coverage: float = 0.0
    """Share of the weight whose earnings are known."""
    loss_weight: float | None = None
    """Share of the weight with known earnings that makes losses, or nothing."""
    sales_n: int = 0
    earnings_n: int = 0
    losses_n: int = 0
    n: int = 0
    """Holdings with a weight."""


_AMOUNTS = ("price", "market_cap", "sales", "earnings", "eps", "price_to_sales", "price_to_earnings")


class Discount(Struct, frozen=True, gc=False, kw_only=True):
    """How much cheaper one fund is than another on a day, as fractions; negative is dearer."""

    day: date
    ps: float | None = None
    pe_all: float | None = None
    pe_profitable: float | None = None


def yields(fundamentals: pl.DataFrame) -> pl.DataFrame:
    """`symbol`, and its `sales` and `earnings` of twelve months per unit of market value.

    From the amounts where both are in one currency, else from the ratios that the source tells. A loss has no P/E:
    without amounts it is known by the earnings per share.
    """
    one_currency = (pl.col("currency") == pl.col("sales_currency")).fill_null(value=True)
    worth = pl.when(one_currency & (pl.col("market_cap") > 0)).then(pl.col("market_cap"))
    price = pl.when(one_currency & (pl.col("price") > 0)).then(pl.col("price"))
    ratios = {
        name: pl.when(pl.col(name) > 0).then(1 / pl.col(name)) for name in ("price_to_sales", "price_to_earnings")
    }
    sold = pl.when(pl.col("sales") >= 0).then(pl.col("sales"))
    amounts = [name for name in _AMOUNTS if name not in fundamentals.columns]
    words = [name for name in ("currency", "sales_currency") if name not in fundamentals.columns]
    return (
        fundamentals.with_columns(
            *(pl.lit(None, pl.Float64).alias(name) for name in amounts),
            *(pl.lit(None, pl.String).alias(name) for name in words),
        )
        .with_columns(known(name) for name in _AMOUNTS)
        .select(
            "symbol",
            sales=pl.coalesce(finite(sold / worth), finite(ratios["price_to_sales"])),
            earnings=pl.coalesce(
                finite(pl.col("earnings") / worth), finite(pl.col("eps") / price), finite(ratios["price_to_earnings"])
            ),
        )
    )


def valuation(weights: Mapping[str, float], fundamentals: pl.DataFrame) -> Valuation:
    """The fund's P/S and P/E: its weights over what they stand for of each holding's sales and earnings.

    A weight `w` in a company worth `M` that sells `S` stands for sales of `w * S / M`; so the market values' sum over
    the sales' sum is `sum(w) / sum(w * S / M)`, over the holdings whose sales are known. Short positions are left out.

    Args:
        weights: The fund's holdings; those without a symbol count under any key that is no symbol.
        fundamentals: One row per symbol at most.
    """
    long = {symbol: weight for symbol, weight in weights.items() if weight > 0}
    held = pl.DataFrame({"symbol": list(long), "w": list(long.values())}, {"symbol": pl.String, "w": pl.Float64})
    rows = held.join(yields(fundamentals), on="symbol", how="left", maintain_order="left")
    total = _sum(rows["w"])
    if not total > 0:
        return Valuation()
    sold, earned = rows.drop_nulls("sales"), rows.drop_nulls("earnings")
    losing = earned.filter(pl.col("earnings") <= 0)
    return Valuation(
        ps=_multiple(sold, "sales"),
        pe_all=_multiple(earned, "earnings"),
        pe_profitable=_multiple(earned.filter(pl.col("earnings") > 0), "earnings"),
        sales_coverage=_sum(sold["w"]) / total,
        earnings_coverage=_sum(earned["w"]) / total,
        loss_weight=_sum(losing["w"]) / _sum(earned["w"]) if earned.height else None,
        sales_n=sold.height,
        earnings_n=earned.height,
        losses_n=losing.height,
        n=rows.height,
    )


def discount(a: float | None, b: float | None) -> float | None:
    """`1 - a/b`, the discount of `a` to `b`; None unless both are positive."""
    if a is None or b is None or not (a > 0 and b > 0):
        return None
    return 1 - a / b


def discount_on(day: date, a: Valuation, b: Valuation) -> Discount:
    """The discount of fund `a` to fund `b` by every figure."""
    return Discount(
        day=day,
        ps=discount(a.ps, b.ps),
        pe_all=discount(a.pe_all, b.pe_all),
        pe_profitable=discount(a.pe_profitable, b.pe_profitable),
    )


def as_known(told: pl.DataFrame, day: date, keys: Sequence[str] = ("symbol",)) -> pl.DataFrame:
    """Of each key the newest row of a day's `as_of` or earlier, of one day the one fetched last: nothing from ahead."""
    then = told.filter(pl.col("as_of") <= day)
    order = [*keys, "as_of", *(["fetched_at"] if "fetched_at" in told.columns else [])]
    return then.sort(order).unique(list(keys), keep="last", maintain_order=True)


def days_of(fundamentals: pl.DataFrame, symbols: Sequence[str]) -> list[date]:
    """The days on which something new was learned of any of these symbols, oldest first."""
    return fundamentals.filter(pl.col("symbol").is_in(list(symbols)))["as_of"].unique().sort().to_list()


def _multiple(rows: pl.DataFrame, column: str) -> float | None:
    """`sum(w) / sum(w * yield)`; None where that sum is not positive."""
    below = _sum(rows["w"] * rows[column])
    return _sum(rows["w"]) / below if below > 0 else None


def _sum(values: pl.Series) -> float:
    return float(values.sum())

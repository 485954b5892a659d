"""How well a fund's holdings explain its past: day by day, in polars (docs: formulas, "Inside a fund")."""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from tui.analytics.columns import finite, known


def closes_on(frame: pl.DataFrame, day: date, column: str = "close") -> dict[str, float]:
    """Close of each symbol's last session on or before `day`; symbols without a known one are absent.

    Args:
        frame: Daily bars, sorted by symbol and date.
        day: The holdings date.
        column: `close`, or `adj_close` for dividends reinvested.
    """
    return dict(_on(frame, day, column).drop_nulls().iter_rows())


def explained(
    frame: pl.DataFrame,
    weights: Mapping[str, float],
    as_of: date,
    sessions: Sequence[date],
    fund: pl.DataFrame | None = None,
    *,
    column: str = "adj_close",
) -> pl.DataFrame:
    """What a fund's holdings explain of its daily return, by session.

    Args:
        frame: The members' daily bars, sorted by symbol and date: `symbol`, `date` and `column`.
        weights: Fraction of the fund by symbol on the holdings date, over all rows of the fund: those of symbols
            without prices are what is not covered (see `funds_weights.weights_by_symbol`).
        as_of: The holdings date; sessions before it are explained as well, with weights drifted back.
        sessions: Which ones; the session before each is that of the members' (or the fund's) bars.
        fund: The fund's own bars, `date` and `column`.
        column: `adj_close` for the total return, `close` for the price return.

    Returns:
        A row for each of `sessions`, in their order: `date`, `explained` (sum of drifted weight at the previous close
        times 1D return, over the covered members, as it is), `scaled` (that over `coverage`), `fund` (its own return)
        and `coverage` (sum of the drifted weights of the members with a close on both days). Fractions; `explained` and
        `scaled` are null and `coverage` is 0 where nothing is covered, `fund` is null where unknown. Drift is that of
        `funds_weights.drifted`: a member without a close on the holdings date keeps its weight.
    """
    wanted = pl.DataFrame({"date": sessions}, schema={"date": pl.Date})
    of_fund = pl.DataFrame(schema={"date": pl.Date, "price": pl.Float64}) if fund is None else _prices(fund, column)
    days = wanted.with_columns(previous=_previous(wanted, frame["date"], of_fund["date"]))
    held = pl.DataFrame(
        {"symbol": list(weights), "weight": list(weights.values())}, schema={"symbol": pl.String, "weight": pl.Float64}
    )
    prices = _prices(frame, column, "symbol").join(held.select("symbol"), on="symbol", how="semi")
    members = (
        days.unique("date")
        .join(held.join(_on(frame, as_of, column), on="symbol", how="left"), how="cross")
        .join(prices, on=["symbol", "date"], how="left")
        .join(prices.rename({"date": "previous", "price": "before"}), on=["symbol", "previous"], how="left")
        .select("date", _drifted(), change=_ratio("price", "before") - 1)
        .filter(pl.col("change").is_not_null())
        .group_by("date")
        .agg(explained=(pl.col("drifted") * pl.col("change")).sum(), coverage=pl.col("drifted").sum())
    )
    own = of_fund.rename({"date": "previous", "price": "before"})
    return (
        days.join(members, on="date", how="left", maintain_order="left")
        .join(of_fund, on="date", how="left", maintain_order="left")
        .join(own, on="previous", how="left", maintain_order="left")
        .select(
            "date",
            "explained",
            scaled=finite(pl.col("explained") / pl.col("coverage")),
            fund=_ratio("price", "before") - 1,
            coverage=pl.col("coverage").fill_null(0.0),
        )
    )


def _prices(frame: pl.DataFrame, column: str, *keys: str) -> pl.DataFrame:
    """The usable prices of one column, as `price`."""
    return frame.select(*keys, "date", price=known(column)).filter(pl.col("price") > 0)


def _on(frame: pl.DataFrame, day: date, column: str) -> pl.DataFrame:
    """`then` by symbol: the price of its last session on or before `day`, null where that is unknown."""
    past = frame.filter(pl.col("date") <= day).select("symbol", then=known(column))
    last = past.group_by("symbol", maintain_order=True).agg(pl.col("then").last())
    return last.with_columns(then=pl.when(pl.col("then") > 0).then("then"))


def _previous(wanted: pl.DataFrame, *calendars: pl.Series) -> pl.Series:
    """The last day before each of the wanted, of those in any of the calendars."""
    days = pl.concat(calendars).unique().sort()
    at = [int(days.search_sorted(day)) for day in wanted["date"]]
    return pl.Series([days[each - 1] if each else None for each in at], dtype=pl.Date)


def _ratio(one: str, other: str) -> pl.Expr:
    """The ratio of two prices, null where either is unknown."""
    return pl.col(one) / pl.col(other)


def _drifted() -> pl.Expr:
    """Weight of each member at the previous close of its day."""
    weight = pl.col("weight")
    grown = weight * _ratio("before", "then")
    before, after = weight.filter(grown.is_not_null()).sum().over("date"), grown.sum().over("date")
    scaled = pl.when((before > 0) & (after > 0)).then(grown * before / after)
    return pl.coalesce(scaled, weight).alias("drifted")

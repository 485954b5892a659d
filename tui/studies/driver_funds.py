"""Two funds' valuation and estimates, from what is stored of their holdings."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tui.model import AssetClass, Fund
from tui.studies.drivers_answers import EarningsAnswer, FundOutlook, FundValuation, ValuationAnswer

if TYPE_CHECKING:
    from tui.loader import Shelf

NO_FIGURES = "No fundamentals stored: outpace history import FILE"
NO_ESTIMATES = "No estimates stored: outpace history import FILE"

CLOSE_DAYS = 10
"""How old a close may be that estimates are weighed by: holidays around a weekend."""
NAMELESS = "\0"
"""How the keys of holdings without a symbol begin."""


def valuation_of(
    stores: Any, one: tuple[str, Fund | None, str], two: tuple[str, Fund | None, str], day: date
) -> ValuationAnswer:
    """One fund's valuation against another's on a day. Blocking: called in a thread."""
    from tui.analytics.valuation import as_known, days_of, discount_on, valuation

    weights = [weights_of(fund) for _, fund, _ in (one, two)]
    symbols = sorted({*weights[0], *weights[1]})
    frame = stores.fundamentals.frame(symbols, None, day)
    history = []
    for told in days_of(frame, symbols):
        known = as_known(frame, told)
        history.append(discount_on(told, valuation(weights[0], known), valuation(weights[1], known)))
    known = as_known(frame, day)
    funds = []
    for (symbol, fund, problem), held in zip((one, two), weights, strict=True):
        own = known.filter(known["symbol"].is_in(list(held)))
        funds.append(
            FundValuation(
                symbol=symbol,
                holdings_as_of=fund.as_of if fund else None,
                told=own["as_of"].max() if own.height else None,  # type: ignore[arg-type]
                valuation=valuation(held, known),
                problem=problem,
            )
        )
    problem = next((each.problem for each in funds if each.problem), "" if known.height else NO_FIGURES)
    return ValuationAnswer(
        a=funds[0],
        b=funds[1],
        history=history,
        sources=known["source"].unique().sort().to_list(),
        problem=problem,
    )


def earnings_of(
    stores: Any,
    one: tuple[str, Fund | None, str],
    two: tuple[str, Fund | None, str],
    quoted: Mapping[str, float],
    day: date,
) -> EarningsAnswer:
    """What analysts expect of two funds' holdings on a day. Blocking: called in a thread."""
    from tui.analytics.estimates import PERIODS, outlook
    from tui.analytics.valuation import as_known

    weights = [weights_of(fund) for _, fund, _ in (one, two)]
    symbols = sorted({*weights[0], *weights[1]})
    frame = stores.estimates.frame(symbols, None, day)
    known = as_known(frame, day, ("symbol", "period"))
    priced = as_known(stores.fundamentals.frame(symbols, None, day), day).drop_nulls("price")
    prices = {**dict(zip(priced["symbol"].to_list(), priced["price"].to_list(), strict=True)), **quoted}
    funds = []
    for (symbol, _, problem), held in zip((one, two), weights, strict=True):
        own = known.filter(known["symbol"].is_in(list(held)))
        funds.append(
            FundOutlook(
                symbol=symbol,
                told=own["as_of"].max() if own.height else None,  # type: ignore[arg-type]
                outlooks=[outlook(period, held, known, prices) for period in PERIODS],
                problem=problem,
            )
        )
    problem = next((each.problem for each in funds if each.problem), "" if known.height else NO_ESTIMATES)
    sources = known["source"].unique().sort().to_list()
    return EarningsAnswer(a=funds[0], b=funds[1], sources=sources, problem=problem)


def last_closes(shelf: "Shelf", symbols: Sequence[str], day: date) -> dict[str, float]:
    """The last stored close of each symbol, where it is of these days. Blocking: called in a thread."""
    from tui.analytics.funds_history import closes_on

    return closes_on(shelf.frame(symbols, day - timedelta(days=CLOSE_DAYS), day, ("close",)), day)


def weights_of(fund: Fund | None) -> dict[str, float]:
    """Weights of a fund's shares by symbol; a holding without one counts under a key that is none."""
    weights: dict[str, float] = {}
    for place, each in enumerate(fund.holdings if fund else ()):
        if each.asset_class is AssetClass.EQUITY:
            key = each.symbol or f"{NAMELESS}{place}"
            weights[key] = weights.get(key, 0.0) + each.weight
    return weights


def named(weights: Mapping[str, float]) -> dict[str, float]:
    """Those that have a symbol."""
    return {symbol: weight for symbol, weight in weights.items() if not symbol.startswith(NAMELESS)}

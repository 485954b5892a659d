"""What a company is worth, sells and earns, in Yahoo's `quoteSummary` (docs: sources, 2.6). Pure.

Not affiliated with Yahoo; its endpoints are undocumented, meant for personal use, and may stop any day.
"""

from datetime import date

from msgspec import Struct, field

from tui.model_drivers import Fundamental
from tui.sources.base import MalformedError, NoDataError
from tui.sources.text import refuse_page
from tui.sources.yahoo_wire import SOURCE, Number, decode, money, number, results

MODULES = ("price", "summaryDetail", "defaultKeyStatistics", "financialData")

_WHO = "Yahoo"
_MOST = 1e15
"""Ten times what all shares of the world are worth together, USD."""


class _Price(Struct, frozen=True, rename="camel"):
    """`price`."""

    symbol: str | None = None
    currency: str | None = None
    quote_type: str | None = None
    regular_market_price: Number = None
    market_cap: Number = None


class _Detail(Struct, frozen=True, rename="camel"):
    """`summaryDetail`; a ratio may be `"Infinity"`."""

    currency: str | None = None
    market_cap: Number = None
    previous_close: Number = None
    trailing_pe: Number = field(default=None, name="trailingPE")
    price_to_sales: Number = field(default=None, name="priceToSalesTrailing12Months")


class _Statistics(Struct, frozen=True, rename="camel"):
    """`defaultKeyStatistics`."""

    trailing_eps: Number = None
    net_income_to_common: Number = None


class _Financial(Struct, frozen=True, rename="camel"):
    """`financialData`."""

    current_price: Number = None
    total_revenue: Number = None
    financial_currency: str | None = None


class _Summary(Struct, frozen=True, rename="camel"):
    """One result of quoteSummary; a module that does not apply is absent."""

    price: _Price | None = None
    summary_detail: _Detail | None = None
    default_key_statistics: _Statistics | None = None
    financial_data: _Financial | None = None


def parse_fundamental(payload: bytes, symbol: str, as_of: date, fetched_at: float) -> Fundamental:
    """The figures of the company `symbol`, as told on `as_of`.

    Raises:
        MalformedError: the answer is none, or another symbol's.
        NoDataError: it has no figures, as of a currency.
        SourceError: the error that the answer names.
    """
    refuse_page(payload, _WHO)
    summary = decode(only(payload), _Summary)
    price, detail = summary.price or _Price(), summary.summary_detail or _Detail()
    statistics, financial = summary.default_key_statistics or _Statistics(), summary.financial_data or _Financial()
    check_symbol(price.symbol, symbol)
    paid = money(symbol, price.currency or detail.currency, price.quote_type)
    cap = _positive(detail.market_cap) or _positive(price.market_cap)
    sales = _finite(financial.total_revenue)
    ratio = _positive(detail.price_to_sales)
    if ratio is None and cap and sales and sales > 0 and paid.currency == financial.financial_currency:
        ratio = cap / sales
    found = Fundamental(
        symbol=symbol,
        as_of=as_of,
        source=SOURCE,
        fetched_at=fetched_at,
        price=paid.price(price.regular_market_price) or paid.price(financial.current_price),
        market_cap=cap,
        sales=sales,
        earnings=_finite(statistics.net_income_to_common),
        eps=_finite(statistics.trailing_eps),
        price_to_sales=ratio,
        price_to_earnings=_positive(detail.trailing_pe),
        currency=paid.currency,
        sales_currency=financial.financial_currency or None,
    )
    if all(each is None for each in (found.market_cap, found.sales, found.eps, found.price_to_earnings)):
        raise NoDataError(f"{_WHO} has no figures of {symbol}.")
    return found


def only(payload: bytes) -> bytes:
    """The one result of an answer of quoteSummary.

    Raises:
        MalformedError: there is none, or several.
    """
    found = results(payload, "quoteSummary")
    if len(found) != 1:
        raise MalformedError(f"{_WHO}: the answer is not of one company; try again later.")
    return bytes(found[0])


def check_symbol(said: str | None, asked: str) -> None:
    """Refuse an answer about another company.

    Raises:
        MalformedError: it says so.
    """
    if said is not None and said.upper() != asked.upper():
        raise MalformedError(f"{_WHO}: these are the figures of another company than {asked}; try again later.")


def _finite(value: Number) -> float | None:
    found = number(value)
    return found if found is not None and abs(found) < _MOST else None


def _positive(value: Number) -> float | None:
    found = _finite(value)
    return found if found is not None and found > 0 else None

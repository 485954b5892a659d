"""Yahoo's `topHoldings`: the ten largest positions and eleven sector weights, and a share's sector by search.

The list is a part of the fund, marked `partial`; sectors are Morningstar's, not GICS (docs: sources, 2.6 and 2.7). Not
affiliated with Yahoo; its endpoints are undocumented, meant for personal use, and may stop any day.
"""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from math import fsum

from msgspec import Raw, Struct

from tui.model import Fund, Holding
from tui.sectors import sector_of, taxonomy_of
from tui.sources.base import MalformedError, NoDataError, UnknownSymbolError
from tui.sources.holdings.base import known_day, known_symbol
from tui.sources.http import Http
from tui.sources.text import refuse_page
from tui.sources.yahoo_auth import Auth
from tui.sources.yahoo_summary import summary
from tui.sources.yahoo_wire import SOURCE, Number, decode, is_symbol, name_of, number, parse_error, results
from tui.symbology import canonical

SEARCH = "yahoo search"
"""Who says a sector that was found by search."""

_WHO = "Yahoo"
_MODULES = "topHoldings,quoteType"
_MOST = 1.05
"""Largest sum of weights: what is owed can lift a part of a fund a little above the whole."""


class _Top(Struct, frozen=True, rename="camel"):
    """One of `holdings`."""

    symbol: str | None = None
    holding_name: str | None = None
    holding_percent: Number = None


class _TopHoldings(Struct, frozen=True, rename="camel"):
    """`topHoldings`."""

    holdings: list[_Top] = []
    sector_weightings: list[dict[str, Number]] = []
    stock_position: Number = None


class _Named(Struct, frozen=True, rename="camel"):
    """What `quoteType` and `price` have in common."""

    symbol: str | None = None
    long_name: str | None = None
    short_name: str | None = None


class _Summary(Struct, frozen=True, rename="camel"):
    """One result of quoteSummary."""

    top_holdings: _TopHoldings | None = None
    quote_type: _Named | None = None
    price: _Named | None = None


class _Hit(Struct, frozen=True):
    """One of the `quotes` of a search."""

    symbol: str | None = None
    sector: str | None = None


class _Search(Struct, frozen=True):
    """The answer of a search."""

    quotes: list[Raw]


def recognises(payload: bytes) -> bool:
    """Whether the bytes look like an answer of quoteSummary with top holdings."""
    return b'"quoteSummary"' in payload[:200] and b'"topHoldings"' in payload


def parse_top_holdings(payload: bytes, symbol: str | None = None, as_of: date | None = None) -> Fund:
    """The ten largest holdings and the sector weights in an answer of quoteSummary; it has no date, so `as_of` is needed.

    Weights are fractions of the fund's shares: Yahoo's of the whole fund are divided by the part that is in shares.

    Raises:
        SourceError: the error that the answer names.
        MalformedError: it is no such answer, or another fund's.
        NoDataError: the symbol is no fund, or one without shares.
    """
    refuse_page(payload, _WHO)
    found = results(payload, "quoteSummary")
    if len(found) != 1:
        raise MalformedError(f"{_WHO}: the answer is not of one fund; try again later.")
    summary = decode(found[0], _Summary)
    said = next((each.symbol for each in (summary.quote_type, summary.price) if each and each.symbol), None)
    known = known_symbol(said, symbol, _WHO)
    top = summary.top_holdings
    if top is None or not (top.holdings or top.sector_weightings):
        raise NoDataError(f"{_WHO} lists no holdings of {known}.")
    names = [name for each in (summary.quote_type, summary.price) if each for name in (each.long_name, each.short_name)]
    in_shares = number(top.stock_position)
    part = in_shares if in_shares is not None and 0 < in_shares <= 1 else 1.0
    holdings = [holding for each in top.holdings if (holding := _holding(each, part)) is not None]
    weights = _sector_weights(top.sector_weightings)
    if fsum(each.weight for each in holdings) > _MOST or fsum(weights.values()) > _MOST:
        raise MalformedError(f"{_WHO}: the weights of {known} are more than a whole; try again later.")
    return Fund(
        symbol=known,
        name=name_of(*names) or known,
        as_of=known_day(None, as_of, _WHO),
        source=SOURCE,
        holdings=holdings,
        partial=True,
        sector_weights=weights,
    )


def parse_search_sector(payload: bytes, symbol: str) -> tuple[str, str] | None:
    """The sector of a share in an answer of search and who says so; None where it has none.

    Raises:
        MalformedError: it is no answer of search.
    """
    for raw in decode(payload, _Search).quotes:
        hit = decode(raw, _Hit)
        if hit.symbol == symbol and (sector := sector_of(hit.sector, taxonomy_of(SOURCE))):
            return sector, SEARCH
    return None


class YahooTop:
    """Top holdings, with Yahoo's cookie and crumb, and sectors by search, without.

    `http` and `auth` are the Yahoo source's, one budget and one pair for both, and are not closed here.
    """

    name = SOURCE

    def __init__(
        self,
        http: Http,
        auth: Auth,
        *,
        base: str = "https://query1.finance.yahoo.com",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._http = http
        self._auth = auth
        self._base = base
        self._clock = clock

    async def fund(self, symbol: str) -> Fund:
        """The ten largest holdings as of today, since Yahoo gives no date.

        Raises:
            SourceError: one of its kinds; nothing else.
        """
        _check(symbol)
        body = await summary(self._http, self._auth, self._base, symbol, _MODULES)
        return parse_top_holdings(body, symbol, datetime.fromtimestamp(self._clock(), UTC).date())

    async def sector(self, symbol: str) -> tuple[str, str] | None:
        """The sector of one share by search and who says so; None where Yahoo knows none. Worth keeping for weeks.

        Raises:
            SourceError: one of its kinds; nothing else.
        """
        _check(symbol)
        reply = await self._http.get(
            f"{self._base}/v1/finance/search", {"q": symbol, "quotesCount": 6, "newsCount": 0, "listsCount": 0}
        )
        if reply.status != 200:
            raise parse_error(reply.status, reply.body, "search")
        return parse_search_sector(reply.body, symbol)

    async def aclose(self) -> None:
        """Nothing: the client belongs to the Yahoo source."""


def _check(symbol: str) -> None:
    if not is_symbol(symbol):
        raise UnknownSymbolError(f"{symbol!r} is not one of Yahoo's symbols.")


def _holding(top: _Top, part: float) -> Holding | None:
    weight, symbol = number(top.holding_percent), canonical(top.symbol)
    name = name_of(top.holding_name) or symbol
    if weight is None or name is None:
        return None
    if not 0 <= weight <= 1:
        raise MalformedError(f"{_WHO}: a weight is not between nothing and all; try again later.")
    return Holding(symbol=symbol, name=name, weight=weight / part)


def _sector_weights(told: list[dict[str, Number]]) -> dict[str, float]:
    """Fractions by sector, in our words; those that are zero are left out."""
    weights: dict[str, float] = {}
    for word, value in (item for each in told for item in each.items()):
        sector, weight = sector_of(word, taxonomy_of(SOURCE)), number(value)
        if sector is None or (weight is not None and not 0 <= weight <= 1):
            raise MalformedError(f"{_WHO}: sector weights have changed their form ({word[:30]!r}); try again later.")
        if weight:
            weights[sector] = weights.get(sector, 0.0) + weight
    return weights

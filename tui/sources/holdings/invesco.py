"""Invesco's JSON of holdings, asked for by CUSIP, which its catalogue tells (docs: sources, 4).

It knows no sectors. Rows of a future have a contra row that takes its value back. For personal, informational use; the
data are Invesco's.
"""

import html
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from tui.model import AssetClass, Fund, Holding
from tui.sources.base import MalformedError, NoDataError, UnreachableError
from tui.sources.holdings.base import (
    Position,
    complete,
    day,
    known_day,
    known_symbol,
    sorted_into,
    weigh,
)
from tui.sources.http import Http
from tui.sources.text import refuse_page
from tui.symbology import canonical, cusip, isin
from tui.typed import from_json

SOURCE = "invesco"
HOSTS = ("dng-api.invesco.com", "www.invesco.com")

CUSIPS = {"QQQM": "46138G649", "RSP": "46137V357", "SPHQ": "46137V241", "SPLV": "46138E354"}
"""Funds that need not be looked up in the catalogue."""

BY_TICKER = frozenset({"QQQ"})
"""The only fund that the service knows by its ticker."""

_WHO = "Invesco"
_DEEP = 12
_CLASSES = (
    # In this order: "Currency Collateral" is cash, and "Synthetic Cash" the contra of a future.
    (re.compile(r"future|option|swap|forward|synthetic|contra", re.IGNORECASE), AssetClass.DERIVATIVE),
    (re.compile(r"currency|cash|money market|repurchase|collateral", re.IGNORECASE), AssetClass.CASH),
    (
        re.compile(r"stock|share|receipt|reit|\b[ag]dr\b|equity|partnership|registr|\bunits?\b|trust", re.IGNORECASE),
        AssetClass.EQUITY,
    ),
    (re.compile(r"bond|note|bill|treasury|debt|municipal|mortgage|loan", re.IGNORECASE), AssetClass.BOND),
)


class _Row(Struct, frozen=True, rename="camel"):
    """One of `holdings`."""

    issuer_name: str | None = None
    ticker: str | None = None
    percentage_of_total_net_assets: float | None = None
    units: float | None = None
    market_value_base: float | None = None
    security_type_name: str | None = None
    cusip: str | None = None
    isin: str | None = None


class _List(Struct, frozen=True, rename="camel"):
    """The answer."""

    holdings: list[_Row]
    effective_date: str | None = None
    effective_business_date: str | None = None
    cusip: str | None = None
    """What was asked for: a CUSIP, or a ticker."""


def recognises(payload: bytes) -> bool:
    """Whether the bytes look like an answer with holdings."""
    return payload[:4096].lstrip().startswith(b"{") and b'"percentageOfTotalNetAssets"' in payload


def parse_invesco(
    payload: bytes, symbol: str | None = None, as_of: date | None = None, *, identity: str | None = None
) -> Fund:
    """The fund in an answer; `identity` is the CUSIP that was asked for. Partial when its percents do not make 100.

    Raises:
        MalformedError: it is no such answer, or another fund's.
    """
    refuse_page(payload, _WHO)
    try:
        told = from_json(payload, _List)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise MalformedError(f"{_WHO}: the answer is not a list of holdings; try again later.") from None
    code = cusip(told.cusip)
    if identity is not None and told.cusip is not None and told.cusip.upper() != identity.upper():
        raise MalformedError(f"{_WHO}: these are the holdings of {told.cusip[:12]!r}, not of {symbol}.")
    by_code = {number: fund for fund, number in CUSIPS.items()}
    said = by_code.get(code) if code else canonical(told.cusip)
    known = known_symbol(said, symbol, _WHO)
    positions = [_position(row) for row in told.holdings]
    if not positions:
        raise MalformedError(f"{_WHO}: the list is empty; try again later.")
    whole = complete(positions)
    holdings = weigh(positions, _WHO)
    if not whole:
        holdings = [
            msgspec.structs.replace(holding, weight=(position.percent or 0.0) / 100)
            for holding, position in zip(holdings, positions, strict=True)
        ]
    return Fund(
        symbol=known,
        name=known,
        as_of=known_day(day(told.effective_date) or day(told.effective_business_date), as_of, _WHO),
        source=SOURCE,
        holdings=holdings,
        partial=not whole,
    )


def parse_catalogue(payload: bytes, symbol: str) -> str:
    """The CUSIP of a fund in the catalogue, wherever in it stands an object with both its `ticker` and a `cusip`.

    Raises:
        MalformedError: it is no catalogue.
        NoDataError: the fund is not in it.
    """
    refuse_page(payload, _WHO)
    try:
        catalogue = msgspec.json.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise MalformedError(f"{_WHO}: the catalogue is not what it is known to be; import the fund's file.") from None
    for each in _objects(catalogue, _DEEP):
        if canonical(str(each.get("ticker"))) == symbol and (code := cusip(str(each.get("cusip")))):
            return code
    raise NoDataError(f"{symbol} is not in Invesco's catalogue.")


class Invesco:
    """The issuer's service. `http` is its own and closed with it; what the catalogue told is kept."""

    name = SOURCE

    def __init__(self, http: Http, *, base: str = "https://dng-api.invesco.com/cache/v1") -> None:
        self._http = http
        self._base = base
        self._cusips = dict(CUSIPS)

    async def fund(self, symbol: str) -> Fund:
        """The holdings last published.

        Raises:
            SourceError: one of its kinds; nothing else.
        """
        kind = "ticker" if symbol in BY_TICKER else "cusip"
        identity = symbol if kind == "ticker" else await self._cusip(symbol)
        url = f"{self._base}/accounts/en_US/shareclasses/{identity}/holdings/fund"
        body = await self._ask(url, symbol, {"idType": kind, "productType": "ETF"})
        return parse_invesco(body, symbol, identity=identity)

    async def aclose(self) -> None:
        """Close the connections; safe to call twice."""
        await self._http.aclose()

    async def _cusip(self, symbol: str) -> str:
        if symbol not in self._cusips:
            if canonical(symbol) != symbol:
                raise NoDataError(f"{symbol} is no fund of Invesco.")
            asked = {"productType": "ETF", "ticker": symbol}
            body = await self._ask(f"{self._base}/product/search", symbol, asked)
            self._cusips[symbol] = parse_catalogue(body, symbol)
        return self._cusips[symbol]

    async def _ask(self, url: str, symbol: str, params: dict[str, str]) -> bytes:
        reply = await self._http.get(url, params)
        if reply.status in {400, 404}:
            raise NoDataError(f"Invesco has no holdings of {symbol}.")
        if reply.status != 200:
            raise UnreachableError(f"Invesco answered with an unexpected status ({reply.status}).")
        return reply.body


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    """All objects of a JSON value, down to a depth."""
    if depth and isinstance(value, dict):
        yield value
    if depth and isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _objects(part, depth - 1)


def _position(row: _Row) -> Position:
    kind = _class_of(row.security_type_name or "")
    ticker = canonical(row.ticker) if kind is AssetClass.EQUITY else None
    name = " ".join(html.unescape(row.issuer_name or "").split())
    holding = Holding(
        symbol=ticker,
        name=name or ticker or "",
        weight=0.0,
        market_value=row.market_value_base,
        shares=row.units,
        asset_class=kind,
        cusip=cusip(row.cusip),
        isin=isin(row.isin),
    )
    return Position(sorted_into(holding, None, SOURCE), row.percentage_of_total_net_assets)


def _class_of(words: str) -> AssetClass:
    return next((kind for pattern, kind in _CLASSES if pattern.search(words)), AssetClass.OTHER)

"""iShares' CSV of holdings: with or without the lines above the header and the disclaimer (docs: sources, 4).

Its weights are rounded to hundredths of a percent, 0.00 for hundreds of small positions, so they are made anew from the
market values. For personal, informational use; the file is BlackRock's.
"""

from datetime import date
from urllib.parse import quote

from msgspec import Struct

from tui.model import AssetClass, Fund, Holding
from tui.sources.base import MalformedError, NoDataError, UnreachableError
from tui.sources.holdings.base import (
    Position,
    complete,
    consistent,
    day,
    known_day,
    known_symbol,
    number,
    sorted_into,
    weigh,
)
from tui.sources.holdings.table import Row, read_csv
from tui.sources.http import Http
from tui.sources.text import text_of
from tui.symbology import canonical, cusip, isin

SOURCE = "ishares"
HOSTS = ("www.ishares.com",)

_WHO = "iShares"
_REQUIRED = ("ticker", "name", "sector", "asset class", "market value")
_CLASSES = {
    "equity": AssetClass.EQUITY,
    "cash": AssetClass.CASH,
    "money market": AssetClass.CASH,
    "cash collateral and margins": AssetClass.CASH,
    "cash and/or derivatives": AssetClass.CASH,
    "futures": AssetClass.DERIVATIVE,
    "forwards": AssetClass.DERIVATIVE,
    "fx": AssetClass.DERIVATIVE,
    "options": AssetClass.DERIVATIVE,
    "swaps": AssetClass.DERIVATIVE,
    "synthetic cash": AssetClass.DERIVATIVE,
    "bond": AssetClass.BOND,
    "fixed income": AssetClass.BOND,
}


class Product(Struct, frozen=True):
    """A fund on the issuer's site."""

    number: int
    name: str
    slug: str


PRODUCTS = {
    "IWM": Product(239710, "iShares Russell 2000 ETF", "ishares-russell-2000-etf"),
    "IWN": Product(239712, "iShares Russell 2000 Value ETF", "ishares-russell-2000-value-etf"),
    "IWO": Product(239709, "iShares Russell 2000 Growth ETF", "ishares-russell-2000-growth-etf"),
    "IWB": Product(239707, "iShares Russell 1000 ETF", "ishares-russell-1000-etf"),
    "IWD": Product(239708, "iShares Russell 1000 Value ETF", "ishares-russell-1000-value-etf"),
    "IWF": Product(239706, "iShares Russell 1000 Growth ETF", "ishares-russell-1000-growth-etf"),
    "IWV": Product(239714, "iShares Russell 3000 ETF", "ishares-russell-3000-etf"),
    "IVV": Product(239726, "iShares Core S&P 500 ETF", "ishares-core-sp-500-etf"),
    "IJH": Product(239763, "iShares Core S&P Mid-Cap ETF", "ishares-core-sp-midcap-etf"),
    "IJR": Product(239774, "iShares Core S&P Small-Cap ETF", "ishares-core-sp-smallcap-etf"),
    "IBB": Product(239699, "iShares Biotechnology ETF", "ishares-biotechnology-etf"),
}
"""Those that can be asked for by symbol. The file names its fund and not the symbol, so a wrong number is found out."""

_SYMBOLS = {product.name.casefold(): symbol for symbol, product in PRODUCTS.items()}


def recognises(payload: bytes) -> bool:
    """Whether the bytes begin like a file of iShares."""
    head = payload[:4096].removeprefix(b"\xef\xbb\xbf")
    return b"Ticker,Name,Sector,Asset Class" in head or b"Fund Holdings as of" in head


def parse_ishares(payload: bytes, symbol: str | None = None, as_of: date | None = None) -> Fund:
    """The fund in a CSV file; `as_of` is for a file without the lines above the header.

    Raises:
        MalformedError: it is no such file, breaks off, or is another fund's.
    """
    table = read_csv(text_of(payload, _WHO), _REQUIRED, _WHO)
    title = table.preamble[0][0].strip() if table.preamble and table.preamble[0] else None
    told = table.said("fund holdings as of")
    if told is not None and day(told) is None:
        raise MalformedError(f"{_WHO}: there are no holdings for this day; ask for the day before.")
    if table.preamble and not table.closed:
        raise MalformedError(f"{_WHO}: the file breaks off before its disclaimer; download it again.")
    name = _checked(title, symbol)
    positions = [_position(row) for row in table.rows]
    if not positions:
        raise MalformedError(f"{_WHO}: the list is empty; ask for the day before.")
    if not complete(positions):
        raise MalformedError(f"{_WHO}: the weights do not add up to 100 %: the file is not whole; download it again.")
    if not consistent(positions):
        raise MalformedError(f"{_WHO}: weights and market values contradict each other; download the file again.")
    known = known_symbol(_SYMBOLS.get((title or "").casefold()), symbol, _WHO)
    return Fund(
        symbol=known,
        name=name or known,
        as_of=known_day(day(told) if told else None, as_of, _WHO),
        source=SOURCE,
        holdings=weigh(positions, _WHO),
    )


class IShares:
    """The issuer's daily files. `http` is its own and closed with it; `products` are the funds that it knows."""

    name = SOURCE

    def __init__(
        self, http: Http, *, base: str = "https://www.ishares.com", products: dict[str, Product] | None = None
    ) -> None:
        self._http = http
        self._base = base
        self._products = PRODUCTS if products is None else products

    async def fund(self, symbol: str, as_of: date | None = None) -> Fund:
        """The holdings last published, or those of a past day.

        Raises:
            SourceError: one of its kinds; nothing else.
        """
        product = self._products.get(symbol)
        if product is None:
            raise NoDataError(f"{symbol} is no fund of iShares that outpace knows; import its file.")
        url = f"{self._base}/us/products/{product.number}/{quote(product.slug)}/1467271812596.ajax"
        asked = {"fileType": "csv", "fileName": f"{symbol}_holdings", "dataType": "fund"}
        reply = await self._http.get(url, asked | ({"asOfDate": f"{as_of:%Y%m%d}"} if as_of else {}), accept="text/csv")
        if reply.status != 200:
            raise UnreachableError(f"iShares answered with an unexpected status ({reply.status}).")
        return parse_ishares(reply.body, symbol)

    async def aclose(self) -> None:
        """Close the connections; safe to call twice."""
        await self._http.aclose()


def _checked(title: str | None, symbol: str | None) -> str | None:
    """The name of the fund.

    Raises:
        MalformedError: it is not that of `symbol`.
    """
    product = PRODUCTS.get(symbol or "")
    if title and product is not None and title.casefold() != product.name.casefold():
        raise MalformedError(f"{_WHO}: these are the holdings of {title!r}, not of {symbol}.")
    return title or (product.name if product else None)


def _position(row: Row) -> Position:
    kind = _CLASSES.get(row.text("asset class").lower(), AssetClass.OTHER)
    value = row.read(number, "market value")
    if value is None:
        raise MalformedError(f"{_WHO}: line {row.line} has no market value; download the file again.")
    holding = Holding(
        symbol=canonical(row.text("ticker")) if kind is AssetClass.EQUITY else None,
        name=row.text("name"),
        weight=0.0,
        market_value=value,
        # "Shares" until 2025, "Quantity" since.
        shares=row.read(number, "quantity", "shares"),
        price=row.read(number, "price"),
        asset_class=kind,
        cusip=cusip(row.text("cusip")),
        isin=isin(row.text("isin")),
        currency=_word(row.text("market currency", "currency")),
        country=_word(row.text("location")),
    )
    return Position(sorted_into(holding, row.text("sector"), SOURCE), row.read(number, "weight (%)"))


def _word(text: str) -> str | None:
    return None if text in {"", "-"} else text

"""Finding the symbol of a security by its CUSIP, its ISIN or its name, where a filing leaves the ticker out. Pure."""

import re
from collections.abc import Iterable
from typing import Self

import msgspec
from msgspec import Struct

from tui.model import AssetClass, Fund
from tui.sources.base import MalformedError
from tui.symbology import canonical, cusip_of_isin
from tui.typed import from_json

_FORMS = re.compile(
    r"\b(?:INC(?:ORPORATED)?|CORP(?:ORATION)?|CO(?:MPANY)?|COMPANIES|LTD|LIMITED|PLC|LLC|LP|NV|SA|AG|SE|HOLDINGS?|GROUP|TRUST|THE|COM|NEW|"
    r"COMMON STOCK|ORDINARY SHARES|REIT)\b"
)
_CLASSES = re.compile(r"\b(?:CLASS|CL|SERIES)\s+([A-Z])\b")


class _Ticker(Struct, frozen=True):
    """One of the SEC's list of companies."""

    ticker: str
    title: str


class Index:
    """What is known of securities, gathered from lists that have both tickers and other names.

    A name that two symbols share finds neither: better no symbol than another company's.
    """

    def __init__(self) -> None:
        self._by_code: dict[str, str] = {}
        self._by_name: dict[str, str | None] = {}

    @classmethod
    def of(cls, funds: Iterable[Fund]) -> Self:
        """The index of the equity rows of these funds."""
        index = cls()
        for fund in funds:
            for holding in fund.holdings:
                if holding.symbol and holding.asset_class is AssetClass.EQUITY:
                    index.add(holding.symbol, name=holding.name, cusip=holding.cusip, isin=holding.isin)
        return index

    def add(self, symbol: str, *, name: str | None = None, cusip: str | None = None, isin: str | None = None) -> None:
        """Take one security."""
        for code in (cusip, isin, cusip_of_isin(isin)):
            if code:
                self._by_code.setdefault(code, symbol)
        if key := plain_name(name):
            self._by_name[key] = symbol if self._by_name.get(key, symbol) == symbol else None

    def find(self, *, cusip: str | None = None, isin: str | None = None, name: str | None = None) -> str | None:
        """The symbol by CUSIP, else by ISIN, else by name; None where it is not known or not certain."""
        for code in (cusip, isin, cusip_of_isin(isin)):
            if code and code in self._by_code:
                return self._by_code[code]
        return self._by_name.get(plain_name(name))


def plain_name(name: str | None) -> str:
    """A company's name without its legal form and punctuation, its share class kept: `ALPHABET A`."""
    words = re.sub(r"[^A-Z0-9 ]+", " ", (name or "").upper().replace(".", "").replace("'", "").replace("&", " AND "))
    words = _CLASSES.sub(r"\1", words)
    return " ".join(_FORMS.sub(" ", words).split())


def parse_company_tickers(payload: bytes) -> Index:
    """The index of the SEC's `company_tickers.json`: an object of `{cik_str, ticker, title}` by number.

    Raises:
        MalformedError: it is something else.
    """
    try:
        companies = from_json(payload, dict[str, _Ticker])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise MalformedError("The SEC's list of companies is not what it is known to be; download it again.") from None
    index = Index()
    for company in companies.values():
        if symbol := canonical(company.ticker):
            index.add(symbol, name=company.title)
    return index

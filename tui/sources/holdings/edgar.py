"""Fetching a fund's newest N-PORT from the SEC, which asks every program for a contact (docs: sources, 4 and 5).

Without an e-mail address in the settings this source is off. Filings are in the public domain, sixty days late.
"""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

import msgspec
from msgspec import Struct

from tui import __version__
from tui.model import Fund
from tui.sources.base import DeniedError, MalformedError, NoDataError, UnreachableError
from tui.sources.holdings.identify import Index
from tui.sources.holdings.nport import SOURCE, parse_nport
from tui.sources.http import Http, Limits, Reply
from tui.typed import from_json

if TYPE_CHECKING:
    from tui.sources.tape_wire import Wire

T = TypeVar("T")

HOSTS = ("www.sec.gov", "data.sec.gov")

LIMITS = Limits(per_minute=120, burst=4, at_once=1, body=64 * 2**20, breaker=(600, 1200, 3600))
"""A fifth of what the SEC allows; who goes beyond that is refused for about ten minutes."""

OPENED = 25
"""Filings looked into for the right series: a trust files one for each of its funds, and its list does not say which."""

_OFF = "The SEC asks for a contact: set email in config.toml (or OUTPACE_EMAIL) to your address to use its filings."


class Series(Struct, frozen=True):
    """A fund as the SEC knows it."""

    cik: int
    """The number of the trust."""
    series: str
    """`S000012345`."""


class _Recent(Struct, frozen=True, rename="camel"):
    """`filings.recent`: parallel columns, newest first."""

    accession_number: list[str]
    form: list[str]


class _Filings(Struct, frozen=True):
    """`filings`."""

    recent: _Recent


class _Submissions(Struct, frozen=True):
    """The list of what a registrant has filed."""

    filings: _Filings


class _Funds(Struct, frozen=True):
    """`company_tickers_mf.json`: rows of `cik`, `seriesId`, `classId`, `symbol`."""

    fields: list[str]
    data: list[list[int | str | None]]


class ContactHttp(Http):
    """A client that says who is asking: `outpace/1.0 you@example.org`, as the SEC wants it."""

    def __init__(self, email: str, *, limits: Limits = LIMITS, wire: "Wire | None" = None) -> None:
        super().__init__("The SEC", hosts=HOSTS, limits=limits, wire=wire, agent=f"outpace/{__version__} {email}")


def parse_filings(payload: bytes) -> list[str]:
    """The accession numbers of a registrant's N-PORT filings, newest first.

    Raises:
        MalformedError: it is no list of filings.
    """
    recent = _decoded(payload, _Submissions).filings.recent
    return [
        number
        for number, form in zip(recent.accession_number, recent.form, strict=False)
        if form in {"NPORT-P", "NPORT-P/A"}
    ]


def parse_fund_tickers(payload: bytes, symbol: str) -> Series:
    """Trust and series of a fund, in the SEC's list of funds.

    Raises:
        MalformedError: it is no such list.
        NoDataError: the fund is not in it.
    """
    listed = _decoded(payload, _Funds)
    for row in listed.data:
        fields = dict(zip(listed.fields, row, strict=False))
        cik, series = fields.get("cik"), fields.get("seriesId")
        if fields.get("symbol") == symbol and isinstance(cik, int) and isinstance(series, str):
            return Series(cik, series)
    raise NoDataError(f"The SEC lists no fund {symbol}.")


class Edgar:
    """The SEC's filings. `http` is its own and closed with it, None while the user has given no e-mail address.

    `known` are funds that need not be looked up; `index` finds symbols where a filing has none.
    """

    name = SOURCE

    def __init__(
        self,
        http: ContactHttp | None,
        *,
        base: str = "https://www.sec.gov",
        data: str = "https://data.sec.gov",
        known: Mapping[str, Series] | None = None,
        index: Index | None = None,
    ) -> None:
        self._http = http
        self._base = base
        self._data = data
        self._known = dict(known or {})
        self._index = index

    async def fund(self, symbol: str) -> Fund:
        """The holdings of the newest filing.

        Raises:
            DeniedError: no e-mail address is set, or the SEC refuses us.
            SourceError: another of its kinds; nothing else.
        """
        if self._http is None:
            raise DeniedError(_OFF)
        if symbol not in self._known:
            tickers = await self._ask(self._http, f"{self._base}/files/company_tickers_mf.json", symbol)
            self._known[symbol] = await asyncio.to_thread(parse_fund_tickers, tickers, symbol)
        which = self._known[symbol]
        filings = parse_filings(
            await self._ask(self._http, f"{self._data}/submissions/CIK{which.cik:010d}.json", symbol)
        )
        for number in filings[:OPENED]:
            place = f"{which.cik}/{number.replace('-', '')}/primary_doc.xml"
            body = await self._ask(self._http, f"{self._base}/Archives/edgar/data/{place}", symbol)
            if which.series.encode() in body:
                return await asyncio.to_thread(parse_nport, body, symbol, index=self._index, series=which.series)
        raise NoDataError(f"{symbol} is not among the last {OPENED} N-PORT filings of its trust; import its filing.")

    async def aclose(self) -> None:
        """Close the connections; safe to call twice."""
        if self._http is not None:
            await self._http.aclose()

    @staticmethod
    async def _ask(http: Http, url: str, symbol: str) -> bytes:
        reply = await http.get(url, accept="*/*")
        if reply.status == 200:
            return reply.body
        # What does not exist is answered with 403 or 404 and the store's own error; a refusal of ours is a web page.
        if reply.status == 404 or (reply.status == 403 and _is_missing(reply)):
            raise NoDataError(f"The SEC has no filing of {symbol} there.")
        if reply.status == 403:
            raise DeniedError("The SEC refuses our requests for about ten minutes; check email in config.toml.")
        raise UnreachableError(f"The SEC answered with an unexpected status ({reply.status}).")


def _is_missing(reply: Reply) -> bool:
    return b"<Error><Code>" in reply.body[:500]


def _decoded(payload: bytes, kind: type[T]) -> T:
    try:
        return from_json(payload, kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise MalformedError("The SEC's answer is not what it is known to send; try again later.") from None

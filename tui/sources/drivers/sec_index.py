"""The SEC's daily index of filings, by form, and a company's industry (docs: sources, 5).

    Form Type   Company Name             CIK         Date Filed  File Name
    425         ANIXTER INTERNATIONAL    52795       20200318    edgar/data/52795/0001140361-20-006194.txt

Columns of a fixed width that has changed over the years, so that the header says where they are. In the public domain.
The SEC asks every program for a contact: without an e-mail address in the settings this source is off.
"""

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from time import time
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from tui.model_drivers import DEAL_FORMS, Filing
from tui.sources.base import DeniedError, MalformedError, NoDataError, UnreachableError
from tui.sources.text import refuse_page
from tui.typed import from_json

if TYPE_CHECKING:
    from tui.sources.holdings.edgar import ContactHttp
    from tui.sources.http import Reply

SOURCE = "sec"
BASE = "https://www.sec.gov"
DATA = "https://data.sec.gov"

FIRST_DAY = date(1994, 1, 1)
"""Before it there are no daily indexes."""

_WHO = "The SEC"
_OFF = "The SEC asks for a contact: set email in config.toml (or OUTPACE_EMAIL) to your address to count its filings."
_COLUMNS = re.compile(r"Form Type {2,}Company Name +CIK +Date Filed +File Name\s*")
_LINE = re.compile(
    r"(?P<rest>\S.*?) +(?P<cik>\d{1,10}) +(?P<day>\d{8}|\d{4}-\d{2}-\d{2}) +"
    r"(?P<path>edgar/data/\d{1,10}/(?P<accession>\d{10}-\d{2}-\d{6})\.txt)\s*",
    re.ASCII,
)
_GAP = re.compile(r" {2,}")
_WEEKEND = 5


class _Company(Struct, frozen=True, rename="camel"):
    """What `submissions` begins with."""

    sic: str | None = None
    sic_description: str | None = None


def recognises(payload: bytes) -> bool:
    """Whether the bytes begin like a daily index by form."""
    return b"Form Type " in payload[:2000] and b"Company Name" in payload[:2000] and b"File Name" in payload[:2000]


def kind_of(form: str) -> str:
    """A form without an amendment's `/A`, and with `SC` for `SCHEDULE`, as it is written since December 2024."""
    kind = form.removesuffix("/A")
    return f"SC {kind.removeprefix('SCHEDULE ')}" if kind.startswith("SCHEDULE ") else kind


def parse_index(payload: bytes) -> list[Filing]:
    """The filings on the forms of deals in a daily index, in its order; a filing of several companies is there for each.

    Raises:
        MalformedError: it is no such index, or a line cannot be read.
    """
    refuse_page(payload, _WHO)
    lines = enumerate(_text(payload).splitlines(), 1)
    header = next((line for _number, line in lines if _COLUMNS.fullmatch(line)), None)
    if header is None:
        raise MalformedError(f"{_WHO}: this is no index by form: its header is missing; try again later.")
    company_at = header.index("Company Name")
    found: dict[tuple[str, int], Filing] = {}
    for number, line in lines:
        if not line.strip() or not line.strip("- "):
            continue
        filing = _filing(line, company_at, number)
        if filing is not None:
            found.setdefault((filing.accession, filing.cik), filing)
    return list(found.values())


def parse_industry(payload: bytes) -> tuple[int, str] | None:
    """The SIC code of a company and its words, in its list of submissions; None where it has none, as funds have.

    Raises:
        MalformedError: it is no such list.
    """
    refuse_page(payload, _WHO)
    try:
        company = from_json(payload, _Company)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise MalformedError(f"{_WHO}: the answer is not what it is known to send; try again later.") from None
    code = (company.sic or "").strip()
    if not (code.isascii() and code.isdecimal() and len(code) <= 4 and int(code)):
        return None
    return int(code), " ".join((company.sic_description or "").split())


def is_missing(body: bytes) -> bool:
    """Whether a refusal is only the store's word that there is no such file: a ban is a web page."""
    return b"<Error><Code>" in body[:500]


class SecIndex:
    """The daily index. `http` says who asks and is closed with it; None while the user has given no e-mail address."""

    name = SOURCE

    def __init__(
        self,
        http: "ContactHttp | None",
        *,
        base: str = BASE,
        data: str = DATA,
        clock: Callable[[], float] = time,
    ) -> None:
        self._http = http
        self._base = base
        self._data = data
        self._clock = clock

    async def filings(self, day: date) -> list[Filing]:
        """The filings of a day on the forms of deals.

        Raises:
            DeniedError: no e-mail address is set, or the SEC refuses us.
            NoDataError: there is no index for that day: a weekend, a holiday, or one that is not out yet.
            SourceError: another of its kinds; nothing else.
        """
        # East of Greenwich tomorrow may have begun already.
        last = datetime.fromtimestamp(self._clock(), UTC).date() + timedelta(days=1)
        if day.weekday() >= _WEEKEND or not FIRST_DAY <= day <= last:
            raise NoDataError(f"{_WHO} has no index for {day}.")
        quarter = (day.month - 1) // 3 + 1
        url = f"{self._base}/Archives/edgar/daily-index/{day.year}/QTR{quarter}/form.{day:%Y%m%d}.idx"
        return await asyncio.to_thread(parse_index, await self._ask(url, f"index for {day}"))

    async def industry(self, cik: int) -> tuple[int, str] | None:
        """The SIC code of a company and its words; None where it has none.

        Raises:
            SourceError: one of its kinds; nothing else.
        """
        body = await self._ask(f"{self._data}/submissions/CIK{cik:010d}.json", f"company {cik}")
        return await asyncio.to_thread(parse_industry, body)

    async def aclose(self) -> None:
        """Close the connections; safe to call twice."""
        if self._http is not None:
            await self._http.aclose()

    async def _ask(self, url: str, what: str) -> bytes:
        if self._http is None:
            raise DeniedError(_OFF)
        reply = await self._http.get(url, accept="*/*")
        if reply.status == 200:
            return reply.body
        raise _refusal(reply, what)


def _refusal(reply: "Reply", what: str) -> DeniedError | NoDataError | UnreachableError:
    if reply.status == 404 or (reply.status == 403 and is_missing(reply.body)):
        return NoDataError(f"{_WHO} has no {what}.")
    if reply.status == 403:
        return DeniedError("The SEC refuses our requests for about ten minutes; check email in config.toml.")
    return UnreachableError(f"{_WHO} answered with an unexpected status ({reply.status}).")


def _text(payload: bytes) -> str:
    """Names of companies are in UTF-8 today, and were not always."""
    try:
        return payload.decode("utf-8-sig")
    except UnicodeDecodeError:
        return payload.decode("latin-1")


def _filing(line: str, company_at: int, number: int) -> Filing | None:
    """The filing of a line, None where its form is not one of deals."""
    found = _LINE.fullmatch(line)
    day = _day(found["day"]) if found else None
    if found is None or day is None:
        raise MalformedError(f"{_WHO}: line {number} is not one of its index: cut off? Try again later.")
    rest = found["rest"]
    if len(rest) > company_at and rest[company_at - 1] == " " and rest[company_at] != " ":
        form, company = rest[:company_at], rest[company_at:]
    else:
        form, company = [*_GAP.split(rest, 1), ""][:2]
    form, company = form.strip(), " ".join(company.split())
    kind = kind_of(form)
    if kind not in DEAL_FORMS:
        return None
    return Filing(
        accession=found["accession"],
        cik=int(found["cik"]),
        company=company,
        form=form,
        kind=kind,
        filed=day,
        amendment=form.endswith("/A"),
        path=found["path"],
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

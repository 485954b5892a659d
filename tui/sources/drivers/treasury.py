"""The US Treasury's daily par yield curve: its CSV and its XML, of which each year has columns of its own (docs: sources, 5).

    Date,"1 Mo","2 Mo","3 Mo",...,"30 Yr"       newest first, MM/DD/YYYY, no newline at the end
    <m:properties><d:NEW_DATE>2022-01-03T00:00:00</d:NEW_DATE><d:BC_10YEAR>1.63</d:BC_10YEAR>...

Percent; in the public domain; published in the evening of the day. A tenor that was not issued is missing: an empty cell,
`N/A`, a null, or a zero. Short bills did yield 0.00, in 2011 and 2020; a zero of a longer tenor is a stand-in.
"""

import asyncio
import re
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from tui.model_drivers import TENORS, Frequency, Series
from tui.sources.base import MalformedError, NoDataError, SourceError
from tui.sources.drivers.text import number_of, rows_of, status_error, whole
from tui.sources.text import refuse_page

if TYPE_CHECKING:
    from tui.sources.http import Http

SOURCE = "treasury"
BASE = "https://home.treasury.gov"
FIRST_YEAR = 1990
"""Of the curve as it is published now."""

_WHO = "The Treasury"
_TENOR = re.compile(r"(\d{1,2}(?:\.5)?) ?(mo(?:nth)?|yr|year)s?\.?", re.IGNORECASE | re.ASCII)
_PROPERTY = re.compile(r"BC_(\d{1,2}(?:_5)?)(MONTH|YEAR)", re.ASCII)
_DAY = re.compile(
    r"(?:(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})|(?P<iso>\d{4}-\d{2}-\d{2})(?:T[0-9:.]+Z?)?)", re.ASCII
)
_BILLS = {name for name in TENORS if name.endswith("M")} | {"UST1Y"}
"""Tenors whose yield has been, or may be, zero."""
_MOST = 25.0
"""Percent that no yield has reached."""
_DATA = "{http://schemas.microsoft.com/ado/2007/08/dataservices}"
_META = "{http://schemas.microsoft.com/ado/2007/08/dataservices/metadata}"
_CSV = "resource-center/data-chart-center/interest-rates/daily-treasury-rates.csv"
_XML = "resource-center/data-chart-center/interest-rates/pages/xml"
_KIND = "daily_treasury_yield_curve"

Curve = dict[date, dict[str, float]]
"""Yields by tenor of each day; a day without any is left out."""


class _Builder(TreeBuilder):
    """Builds elements, and refuses a document type, the only place where entities could be declared."""

    def doctype(self, _name: str, _public: str | None, _system: str | None) -> None:
        """Called by the parser where `<!DOCTYPE` begins."""
        raise MalformedError(f"{_WHO}: the file declares a document type, which its feed does not; try again later.")


def recognises(payload: bytes) -> bool:
    """Whether the bytes begin like a file of the curve, in either form."""
    head = payload[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"<"):
        return b"DailyTreasuryYieldCurve" in head or b"interest-rates/pages/xml" in head
    first = head.split(b"\n", 1)[0].decode("utf-8", "replace")
    return first[:5].lower() == "date," and tenor(first.split(",")[1].strip().strip('"')) is not None


def parse_curve(payload: bytes, fetched_at: float) -> list[Series]:
    """The curve in either form, a series for each tenor that it has, shortest first.

    Raises:
        MalformedError: it is neither form, or a part of it cannot be read.
    """
    refuse_page(payload, _WHO)
    is_xml = payload.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")
    return series_of(parse_xml(payload) if is_xml else parse_csv(payload), fetched_at)


def parse_csv(payload: bytes) -> Curve:
    """The curve in the CSV form; columns that are no tenor are passed over.

    Raises:
        MalformedError: there is no date or no tenor in the header, or a line cannot be read.
    """
    rows = rows_of(payload, _WHO)
    header = next(rows).cells
    columns = {place: name for place, cell in enumerate(header) if (name := tenor(cell)) is not None}
    if header[0].lower() != "date" or not columns:
        raise MalformedError(f"{_WHO}: line 1 has no Date and tenors such as 10 Yr: the form has changed.")
    for place, cell in enumerate(header[1:], 1):
        # Two names that have run together, or one that is there twice: those after it stand over the figures of others.
        if (
            '"' in cell
            or cell in header[:place]
            or (cell[:1].isdigit() and not _TENOR.fullmatch(" ".join(cell.split())))
        ):
            raise MalformedError(f"{_WHO}: line 1: {cell[:20]!r} is no name of a column: the file is damaged.")
    curve: Curve = {}
    for row in rows:
        cells = whole(row, header, _WHO)
        day = _day(cells[0])
        if day is None:
            raise MalformedError(f"{_WHO}: line {row.line}: {cells[0][:20]!r} is not a date (MM/DD/YYYY).")
        told = {name: cells[place] for place, name in columns.items()}
        _take(curve, day, told, f"line {row.line}")
    return curve


def parse_xml(payload: bytes) -> Curve:
    """The curve in the XML form, of today's site or of the one before it.

    Raises:
        MalformedError: it is no such feed, or breaks off.
    """
    parser = XMLParser(target=_Builder())  # noqa: S314 (a document type is refused; see the docstring)
    try:
        parser.feed(payload.removeprefix(b"\xef\xbb\xbf").lstrip())
        root: Element = parser.close()
    except (ParseError, LookupError, ValueError):
        raise MalformedError(f"{_WHO}: the feed breaks off or is not XML; try again later.") from None
    curve: Curve = {}
    for entry in root.iter(f"{_META}properties"):
        day = _day((entry.findtext(f"{_DATA}NEW_DATE") or "").strip())
        if day is None:
            raise MalformedError(f"{_WHO}: an entry of the feed has no date: the form has changed.")
        told = {}
        for each in entry:
            found = _PROPERTY.fullmatch(each.tag.removeprefix(_DATA))
            name = f"UST{found[1]}{found[2][0]}" if found else ""
            if name in TENORS:
                told[name] = each.text or ""
        if not told:
            raise MalformedError(f"{_WHO}: {day} has no tenor in the feed: the form has changed.")
        _take(curve, day, told, str(day))
    if not curve and not root.tag.endswith(("feed", "pre")):
        raise MalformedError(f"{_WHO}: this XML is not its feed; try again later.")
    return curve


def series_of(curve: Curve, fetched_at: float) -> list[Series]:
    """The curve as a series for each tenor that any day has."""
    days = sorted(curve)
    found = []
    for name, words in TENORS.items():
        known = [day for day in days if name in curve[day]]
        if known:
            found.append(
                Series(
                    id=name,
                    dates=known,
                    values=[curve[day][name] for day in known],
                    title=f"US Treasury {words} par yield",
                    unit="percent",
                    frequency=Frequency.DAILY,
                    source=SOURCE,
                    fetched_at=fetched_at,
                )
            )
    return found


def tenor(column: str) -> str | None:
    """The series of a column (`10 Yr`, `1.5 Month`), None where it is no tenor."""
    found = _TENOR.fullmatch(" ".join(column.split()))
    name = f"UST{found[1].replace('.', '_')}{found[2][0].upper()}" if found else ""
    return name if name in TENORS else None


class Treasury:
    """The curve by year: the CSV, and where that is not what it should be, the XML. `http` is closed with it."""

    name = SOURCE

    def __init__(self, http: "Http", *, base: str = BASE, clock: Callable[[], float] = time.time) -> None:
        self._http = http
        self._base = base
        self._clock = clock

    async def yields(self, since: date) -> list[Series]:
        """Every tenor from the year of `since`, at the latest this one, to this year; a request for each year.

        Raises:
            NoDataError: nothing is published for these years.
            SourceError: another of its kinds; nothing else.
        """
        now = self._clock()
        curve: Curve = {}
        this_year = datetime.fromtimestamp(now, UTC).year
        for year in range(min(max(since.year, FIRST_YEAR), this_year), this_year + 1):
            curve |= await self._year(year)
        if not curve:
            raise NoDataError(f"{_WHO} has no yields since {since}.")
        return series_of(curve, now)

    async def aclose(self) -> None:
        """Close the connections; safe to call twice."""
        await self._http.aclose()

    async def _year(self, year: int) -> Curve:
        query: dict[str, str | int] = {"type": _KIND, "field_tdr_date_value": year, "page": "", "_format": "csv"}
        try:
            return await asyncio.to_thread(parse_csv, await self._ask(f"{_CSV}/{year}/all", query, year))
        except (MalformedError, NoDataError):
            feed = await self._ask(_XML, {"data": _KIND, "field_tdr_date_value": year}, year)
            return await asyncio.to_thread(parse_xml, feed)

    async def _ask(self, path: str, query: dict[str, str | int], year: int) -> bytes:
        reply = await self._http.get(f"{self._base}/{path}", query, accept="*/*")
        if reply.status != 200:
            raise _refused(reply.status, year)
        refuse_page(reply.body, _WHO)
        return reply.body


def _refused(status: int, year: int) -> SourceError:
    return status_error(status, _WHO, f"yields of {year}")


def _take(curve: Curve, day: date, told: dict[str, str], where: str) -> None:
    """Add a day's yields to the curve; a day whose every cell is empty or zero is a holiday."""
    values: dict[str, float] = {}
    for name, text in told.items():
        try:
            value = number_of(text)
        except ValueError as error:
            raise MalformedError(f"{_WHO}: {where}, {name}: {error}; try again later.") from None
        if value is None or (value == 0 and name not in _BILLS):
            continue
        if not -_MOST < value < _MOST:
            raise MalformedError(f"{_WHO}: {where}, {name}: {value:g} percent cannot be a yield; try again later.")
        values[name] = value
    if any(values.values()):
        curve[day] = values


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    try:
        if found["iso"]:
            return date.fromisoformat(found["iso"])
        return date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        return None

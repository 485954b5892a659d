"""FRED, the St. Louis Fed's database: the CSV behind its charts, and the JSON of its API (docs: sources, 5).

    observation_date,DGS10,DGS2        today's; a missing observation is an empty cell
    DATE,DGS10                         until 2025; a missing observation is a `.`

The CSV needs no key. Attribution: series come from FRED, Federal Reserve Bank of St. Louis; FRED does not endorse or
certify this program. Some series belong to third parties.
"""

import asyncio
import re
import time
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, TypeVar

import msgspec
from msgspec import Struct

from tui.model_drivers import CATALOG, Series, frequency_of
from tui.sources.base import MalformedError, NoDataError, UnknownSymbolError
from tui.sources.drivers.text import number_of, rows_of, status_error, whole
from tui.sources.text import refuse_page
from tui.typed import from_json

if TYPE_CHECKING:
    from tui.sources.http import Http

SOURCE = "fred"
BASE = "https://fred.stlouisfed.org"

_WHO = "FRED"
_ID = re.compile(r"[A-Z0-9]{1,32}", re.ASCII)
_DATES = ("observation_date", "date")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

T = TypeVar("T")


class _Observed(Struct, frozen=True):
    """One of `observations`; the value is a text, `.` where it is missing."""

    date: str
    value: str


class _Observations(Struct, frozen=True):
    """The answer of `series/observations`, which does not say of which series it is."""

    observations: list[_Observed]


def parse_fredgraph(payload: bytes, fetched_at: float) -> list[Series]:
    """The series of a CSV, one for each column after the date; those without any observation are left out.

    Raises:
        MalformedError: the header is not FRED's, or a line cannot be read.
    """
    rows = rows_of(payload, _WHO)
    header = next(rows).cells
    names = header[1:]
    if header[0].lower() not in _DATES or not names or not all(_ID.fullmatch(name) for name in names):
        raise MalformedError(f"{_WHO}: line 1 is not observation_date and the names of series; try again later.")
    if len(set(names)) != len(names):
        raise MalformedError(f"{_WHO}: line 1 names a series twice; try again later.")
    columns: list[dict[date, float]] = [{} for _ in names]
    for row in rows:
        day, *cells = whole(row, header, _WHO)
        when = _day(day, f"line {row.line}")
        for column, cell in zip(columns, cells, strict=True):
            if (value := _value(cell, f"line {row.line}")) is not None:
                column[when] = value
    return [_series(name, column, fetched_at) for name, column in zip(names, columns, strict=True) if column]


def parse_observations(payload: bytes, series_id: str, fetched_at: float) -> Series:
    """The observations in an answer of the API.

    Raises:
        MalformedError: it is no such answer.
        NoDataError: it has no observation.
    """
    refuse_page(payload, _WHO)
    column: dict[date, float] = {}
    for each in _decode(payload, _Observations).observations:
        if (value := _value(each.value, each.date[:20])) is not None:
            column[_day(each.date, "an observation")] = value
    if not column:
        raise NoDataError(f"{_WHO} has no observation of {series_id} there.")
    return _series(series_id, column, fetched_at)


class Fred:
    """The keyless CSV. `http` is closed with it; give it a short patience, since FRED stalls."""

    name = SOURCE

    def __init__(self, http: "Http", *, base: str = BASE, clock: Callable[[], float] = time.time) -> None:
        self._http = http
        self._base = base
        self._clock = clock

    async def series(self, series_id: str, since: date | None = None) -> Series:
        """One series, all of it when `since` is None.

        Raises:
            UnknownSymbolError: FRED has no series of this name.
            NoDataError: it has no observation since then.
            SourceError: another of its kinds; nothing else.
        """
        if not _ID.fullmatch(series_id):
            raise UnknownSymbolError(f"{series_id[:40]!r} is not the name of a series; FRED's look like DGS10.")
        query = {"id": series_id} | ({"cosd": since.isoformat()} if since else {})
        reply = await self._http.get(f"{self._base}/graph/fredgraph.csv", query, accept="text/csv")
        if reply.status in {400, 404}:
            raise UnknownSymbolError(f"{_WHO} has no series {series_id}; look it up at {BASE}.")
        if reply.status != 200:
            raise status_error(reply.status, _WHO, f"series {series_id}")
        for found in await asyncio.to_thread(parse_fredgraph, reply.body, self._clock()):
            if found.id == series_id:
                return found
        raise NoDataError(f"{_WHO} has no observation of {series_id}{f' since {since}' if since else ''}.")

    async def aclose(self) -> None:
        """Close the connections; safe to call twice."""
        await self._http.aclose()


def _series(series_id: str, column: dict[date, float], fetched_at: float) -> Series:
    dates = sorted(column)
    about = CATALOG.get(series_id)
    return Series(
        id=series_id,
        dates=dates,
        values=[column[day] for day in dates],
        title=about.title if about else None,
        unit=about.unit if about else None,
        frequency=about.frequency if about else frequency_of(dates),
        source=SOURCE,
        fetched_at=fetched_at,
    )


def _value(text: str, where: str) -> float | None:
    try:
        return number_of(text)
    except ValueError as error:
        raise MalformedError(f"{_WHO}: {where}: {error}; try again later.") from None


def _day(text: str, where: str) -> date:
    try:
        if _ISO.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise MalformedError(f"{_WHO}: {where}: {text[:20]!r} is not a date (YYYY-MM-DD); try again later.")


def _decode(payload: bytes, kind: type[T]) -> T:
    try:
        return from_json(payload, kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise MalformedError(f"{_WHO}: the answer is not what it is known to send; try again later.") from None

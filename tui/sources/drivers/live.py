"""The official sources and Yahoo as one `DriverSource`: each question goes to who publishes the answer."""

from collections.abc import Sequence
from datetime import date

from tui.model_drivers import TENORS, Estimate, Filing, Fundamental, Series
from tui.sources.base import NoDataError
from tui.sources.drivers.companies import Companies
from tui.sources.drivers.fred import Fred
from tui.sources.drivers.sec_index import SecIndex
from tui.sources.drivers.treasury import Treasury
from tui.sources.http import Limits

FRED_LIMITS = Limits(per_minute=30, burst=10, at_once=1, read=8, total=20)
"""FRED stalls at times: eight seconds without a byte are enough."""

TREASURY_LIMITS = Limits(per_minute=30, burst=6, at_once=1, read=15)

_UNPUBLISHED = {
    "PMI": "ISM does not let its index be passed on: import a file of your own with the columns date,close as PMI.csv"
}


class LiveDrivers:
    """The Treasury's yields, FRED's series, Yahoo's figures and estimates, the SEC's filings.

    Those given are closed with it; the connection of `companies` is the Yahoo source's and is not.
    """

    name = "live"

    def __init__(self, treasury: Treasury, fred: Fred, companies: Companies, sec: SecIndex) -> None:
        self._treasury = treasury
        self._fred = fred
        self._companies = companies
        self._sec = sec

    def nature(self) -> None:
        """The world's own data."""

    async def yields(self, since: date) -> list[Series]:
        """The curve from the year of `since` on, by the Treasury."""
        return await self._treasury.yields(since)

    async def series(self, series_id: str, since: date | None = None) -> Series:
        """A tenor of the curve by the Treasury (this year's when `since` is None), anything else by FRED.

        Raises:
            NoDataError: the series is one that nobody may publish, or there is nothing since then.
            SourceError: another of its kinds; nothing else.
        """
        if series_id in _UNPUBLISHED:
            raise NoDataError(_UNPUBLISHED[series_id])
        if series_id not in TENORS:
            return await self._fred.series(series_id, since)
        curve = await self._treasury.yields(since or date.max)
        for each in curve:
            if each.id == series_id:
                return each
        raise NoDataError(f"the Treasury has no {TENORS[series_id]} yield since {since}")

    async def fundamentals(self, symbols: Sequence[str]) -> list[Fundamental]:
        """Companies' figures, by Yahoo."""
        return await self._companies.fundamentals(symbols)

    async def estimates(self, symbols: Sequence[str]) -> list[Estimate]:
        """Companies' estimates, by Yahoo."""
        return await self._companies.estimates(symbols)

    async def filings(self, day: date) -> list[Filing]:
        """A day's filings on the forms of deals, by the SEC."""
        return await self._sec.filings(day)

    async def industry(self, cik: int) -> tuple[int, str] | None:
        """A company's industry, by the SEC."""
        return await self._sec.industry(cik)

    async def aclose(self) -> None:
        """Close the connections; safe to call twice."""
        await self._treasury.aclose()
        await self._fred.aclose()
        await self._sec.aclose()

"""The protocol that every source of drivers speaks; what goes wrong leaves it as a `SourceError` of `tui.sources.base`."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol, runtime_checkable

from tui.model_drivers import Estimate, Filing, Fundamental, Series


@runtime_checkable
class DriverSource(Protocol):
    """Who can be asked for yields, macro series, fundamentals, estimates and filings.

    All methods are safe to call from one event loop, and to cancel. What comes is for the stores to keep: ask for what is
    missing there, and no more than once in a publication window.
    """

    name: str
    """Short name, kept with whatever comes from it."""

    def nature(self) -> str | None:
        """Words for data that is not the world's (`SIMULATED`), else None."""

    async def yields(self, since: date) -> list[Series]:
        """The Treasury's par yield curve from the year of `since` on: a series for each tenor, `UST1M` .. `UST30Y`, percent.

        Raises:
            SourceError: one of its kinds; nothing else.
        """

    async def series(self, series_id: str, since: date | None = None) -> Series:
        """One macro series (all of it when `since` is None).

        Raises:
            UnknownSymbolError: there is no such series.
            SourceError: another of its kinds; nothing else.
        """

    async def fundamentals(self, symbols: Sequence[str]) -> list[Fundamental]:
        """What is known of these companies; those without figures are left out. A request for each company.

        A row for each company and day that it tells of: live sources tell of today alone.

        Raises:
            SourceError: the source cannot be asked at all, or not any further (what came until then is lost: ask in
                small groups); nothing else.
        """

    async def estimates(self, symbols: Sequence[str]) -> list[Estimate]:
        """Expected earnings, a row for each company and period; companies without estimates are left out.

        Raises:
            SourceError: as `fundamentals` does; nothing else.
        """

    async def filings(self, day: date) -> list[Filing]:
        """Filings of one day on the forms of deals (`DEAL_FORMS`).

        Raises:
            NoDataError: the SEC has no index for that day: a holiday, a weekend, or one that is not out yet.
            DeniedError: no contact address is set.
            SourceError: another of its kinds; nothing else.
        """

    async def industry(self, cik: int) -> tuple[int, str] | None:
        """The SIC code of a company that files with the SEC and its words; None where it has none.

        Raises:
            SourceError: one of its kinds; nothing else.
        """

    async def aclose(self) -> None:
        """Release connections; safe to call twice."""

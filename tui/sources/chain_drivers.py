"""What drives prices, with the Treasury's yields of the first who has them: the Treasury itself, or FRED, who repeats them."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Protocol

from msgspec.structs import replace

from tui.model_drivers import TENORS, Series
from tui.sources.base import NoDataError, UnknownSymbolError
from tui.sources.drivers.companies import Companies
from tui.sources.drivers.fred import Fred
from tui.sources.drivers.live import LiveDrivers
from tui.sources.drivers.sec_index import SecIndex
from tui.sources.drivers.treasury import Treasury
from tui.sources.line import Line

_FRED = {
    "UST1M": "DGS1MO", "UST3M": "DGS3MO", "UST6M": "DGS6MO", "UST1Y": "DGS1", "UST2Y": "DGS2", "UST3Y": "DGS3",
    "UST5Y": "DGS5", "UST7Y": "DGS7", "UST10Y": "DGS10", "UST20Y": "DGS20", "UST30Y": "DGS30",
}  # fmt: skip
"""FRED's names of the tenors that it has."""


class Curve(Protocol):
    """Who has the Treasury's yields."""

    async def yields(self, since: date) -> list[Series]:
        """As `drivers.base.DriverSource` says."""


class FredCurve:
    """The Treasury's yields as FRED repeats them a day later: fewer tenors, a request for each."""

    def __init__(self, fred: Fred, clock: Callable[[], float] = time.time) -> None:
        self._fred = fred
        self._clock = clock

    async def yields(self, since: date) -> list[Series]:
        """The curve from the year of `since` on.

        Raises:
            NoDataError: there is nothing since then.
            SourceError: another of its kinds; nothing else.
        """
        this_year = datetime.fromtimestamp(self._clock(), UTC).year
        first = date(min(since.year, this_year), 1, 1)
        curve = []
        for tenor, name in _FRED.items():
            try:
                series = await self._fred.series(name, first)
            except (NoDataError, UnknownSymbolError):
                continue
            curve.append(replace(series, id=tenor, title=f"US Treasury {TENORS[tenor]} par yield"))
        if not curve:
            raise NoDataError(f"FRED has no yields since {since}.")
        return curve


class ChainDrivers(LiveDrivers):
    """As `LiveDrivers`, but the curve comes from the first of `order` (`treasury`, `fred`) who answers."""

    def __init__(
        self,
        treasury: Treasury,
        fred: Fred,
        companies: Companies,
        sec: SecIndex,
        *,
        order: Sequence[str],
        clock: Callable[[], float] = time.time,
        jitter: Callable[[], float] = lambda: 1.0,
    ) -> None:
        super().__init__(treasury, fred, companies, sec)
        there: dict[str, Curve] = {"treasury": treasury, "fred": FredCurve(fred, clock)}
        self._curves: Line[Curve] = Line({name: there[name] for name in order if name in there}, clock, jitter)

    async def yields(self, since: date) -> list[Series]:
        """The curve from the year of `since` on, of the first who has it.

        Raises:
            SourceError: one of its kinds; nothing else.
        """
        return await self._curves.ask(lambda source: source.yields(since), "the Treasury's yields")

    async def series(self, series_id: str, since: date | None = None) -> Series:
        """A tenor of the curve of the first who has it, anything else by FRED.

        Raises:
            SourceError: one of its kinds; nothing else.
        """
        if series_id not in TENORS:
            return await super().series(series_id, since)
        for each in await self.yields(since or date.max):
            if each.id == series_id:
                return each
        raise NoDataError(f"nobody has a {TENORS[series_id]} yield since {since}")

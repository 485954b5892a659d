"""Drivers of the simulated market: yields that move with its own ten-year yield, invented macro series, figures and deals.

Everything follows from the seed, the name and the day alone, whatever was asked before. Nothing of it is the world's.
"""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from tui.model_drivers import CATALOG, DEAL_FORMS, MACRO, TENORS, Estimate, Filing, Frequency, Fundamental, Series
from tui.sessions import is_session, session_of
from tui.sources.base import NoDataError, SourceError, UnknownSymbolError
from tui.sources.demo import Demo
from tui.sources.drivers.demo_deals import filings_of, industry_of
from tui.sources.drivers.earnings import PERIODS

YIELD = "^TNX"
"""The simulated market's ten-year yield: all other tenors lie on a curve around it."""

FIRST = date(1990, 1, 1)
"""First month of the macro series."""

MONTHS_TOLD = 13
"""Month ends, with the day itself, that a company's figures are told of: so a history of valuation is there at once."""

_LAG = {Frequency.MONTHLY: 45, Frequency.QUARTERLY: 120}
"""Days from the first of a period until its figure is out."""

_WALKS = {
    # value of May 2026, growth a year, size of a step, whether it grows by factors
    "FEDFUNDS": (3.6, 0.0, 0.12, False),
    "CPIAUCSL": (330.0, 0.026, 0.0014, True),
    "PPIACO": (262.0, 0.022, 0.007, True),
    "GDP": (31_800.0, 0.046, 0.006, True),
    "GDPC1": (24_300.0, 0.022, 0.006, True),
    "BUSLOANS": (2_790.0, 0.045, 0.006, True),
    "PMI": (50.8, 0.0, 0.9, False),
    "UNRATE": (4.3, 0.0, 0.13, False),
}
"""How each series wanders to and from its value before `_ANCHOR`."""

_BOUNDS = {"FEDFUNDS": (0.05, 8.0), "PMI": (38.0, 62.0), "UNRATE": (3.2, 10.5)}
_ANCHOR = date(2026, 6, 1)
_SMALL_SIZE = 0.5
"""Loading on size beyond which a company is a small one."""


class DemoDrivers:
    """What drives the simulated market `demo`, as of its own clock."""

    name = "demo"

    def __init__(self, demo: Demo, seed: int = 7) -> None:
        self._demo = demo
        self._seed = seed

    def nature(self) -> str:
        """Words for the status bar: nothing here is real."""
        return "SIMULATED"

    async def yields(self, since: date) -> list[Series]:
        """Every tenor, for the sessions of the simulated ten-year yield from the year of `since` on.

        Raises:
            NoDataError: nothing is simulated since then.
        """
        ten = await self._demo.history(YIELD, date(since.year, 1, 1))
        told = [(day, value) for day, value in zip(ten.dates, ten.close, strict=True) if value is not None]
        slopes = self._slopes([day for day, _value in told])
        return [
            Series(
                id=name,
                dates=[day for day, _value in told],
                values=[_on_curve(name, value, slope) for (_day, value), slope in zip(told, slopes, strict=True)],
                title=CATALOG[name].title,
                unit=CATALOG[name].unit,
                frequency=Frequency.DAILY,
                source=self.name,
                fetched_at=self._demo.now().timestamp(),
            )
            for name in TENORS
        ]

    async def series(self, series_id: str, since: date | None = None) -> Series:
        """One of the drivers' macro series.

        Raises:
            UnknownSymbolError: no such series is simulated.
            NoDataError: nothing is simulated since then.
        """
        if series_id == "DGS10":
            curve = {each.id: each for each in await self.yields(since or FIRST)}
            dates, values = curve["UST10Y"].dates, curve["UST10Y"].values
        elif series_id in _WALKS:
            dates, values = self._walk(series_id)
        else:
            raise UnknownSymbolError(f"{series_id}: not among the simulated series: {' '.join(MACRO)}")
        kept = sum(day < since for day in dates) if since else 0
        if not dates[kept:]:
            raise NoDataError(f"{series_id}: nothing is simulated since {since}")
        about = CATALOG[series_id]
        return Series(
            id=series_id,
            dates=dates[kept:],
            values=values[kept:],
            title=about.title,
            unit=about.unit,
            frequency=about.frequency,
            source=self.name,
            fetched_at=self._demo.now().timestamp(),
        )

    async def fundamentals(self, symbols: Sequence[str]) -> list[Fundamental]:
        """The figures of simulated companies at the last month ends and today; others are left out."""
        return [row for symbol in dict.fromkeys(symbols) for row in await self._figures(symbol)]

    async def estimates(self, symbols: Sequence[str]) -> list[Estimate]:
        """The estimates of simulated companies; others are left out."""
        known = self._demo.companies()
        day, now = session_of(self._demo.now()), self._demo.now().timestamp()
        return [
            self._estimate(symbol, place, day, now)
            for symbol in dict.fromkeys(symbols)
            if symbol in known
            for place in range(len(PERIODS))
        ]

    async def filings(self, day: date) -> list[Filing]:
        """Filings of invented deals.

        Raises:
            NoDataError: the day is no session, or has not come yet.
        """
        if not is_session(day) or day > session_of(self._demo.now()):
            raise NoDataError(f"no filings are simulated for {day}")
        return [each for each in filings_of(self._seed, day) if each.kind in DEAL_FORMS]

    async def industry(self, cik: int) -> tuple[int, str] | None:
        """The industry of an invented company."""
        return industry_of(cik)

    async def aclose(self) -> None:
        """Nothing is held open."""

    def _slopes(self, days: Sequence[date]) -> list[float]:
        """How steep the curve is on each day: points between the ten-year and the three-month yield, over years."""
        shift = Random(f"{self._seed} curve").uniform(0, math.tau)
        return [0.35 + 0.75 * math.sin(shift + day.toordinal() / 365.25 * 0.9) for day in days]

    def _walk(self, series_id: str) -> tuple[list[date], list[float]]:
        """The periods from `FIRST` to the last one that is out, and their values."""
        anchor, growth, step, factors = _WALKS[series_id]
        monthly = CATALOG[series_id].frequency is Frequency.MONTHLY
        periods = 12 if monthly else 4
        today = session_of(self._demo.now())
        until = today - timedelta(days=_LAG[CATALOG[series_id].frequency])
        dates = [
            date(year, month, 1)
            for year in range(FIRST.year, max(today, _ANCHOR).year + 1)
            for month in range(1, 13, 12 // periods)
        ]
        # Each step belongs to its own period, so that a later day adds steps and changes none.
        path = list(
            accumulate(Random(f"{self._seed} {series_id} {day}").gauss(growth / periods, step) for day in dates)
        )
        base = path[sum(day < _ANCHOR for day in dates) - 1]
        out = sum(day <= until for day in dates)
        if factors:
            return dates[:out], [round(anchor * math.exp(each - base), 3) for each in path[:out]]
        low, high = _BOUNDS[series_id]
        return dates[:out], [round(_folded(anchor + each - base, low, high), 2) for each in path[:out]]

    async def _figures(self, symbol: str) -> list[Fundamental]:
        listing = self._demo.companies().get(symbol)
        if listing is None or listing.volume is None:
            return []
        today, now = session_of(self._demo.now()), self._demo.now().timestamp()
        try:
            bars = await self._demo.history(symbol, today - timedelta(days=31 * MONTHS_TOLD))
        except SourceError:
            return []
        rng = Random(f"{self._seed} {symbol} figures")
        small = listing.size > _SMALL_SIZE
        young = small and listing.sector == "Health Care" and listing.idio > 0.028
        shares = listing.volume * rng.uniform(90, 220)
        ratio = rng.lognormvariate(2.6 if young else 0.25 if small else 1.15, 0.45)
        margin = rng.uniform(-2.5, -0.3) if young else rng.gauss(0.05, 0.08) if small else rng.gauss(0.15, 0.05)
        sales = listing.price * shares / ratio
        growth = rng.gauss(0.08 if small else 0.06, 0.05)
        found = []
        for day, price in _month_ends(list(zip(bars.dates, bars.close, strict=True))):
            then = sales * (1 + growth) ** ((day.toordinal() - _ANCHOR.toordinal()) / 365.25)
            earned = then * margin
            found.append(
                Fundamental(
                    symbol=symbol,
                    as_of=day,
                    source=self.name,
                    fetched_at=now,
                    price=price,
                    market_cap=round(price * shares),
                    sales=round(then),
                    earnings=round(earned),
                    eps=round(earned / shares, 2),
                    price_to_sales=round(price * shares / then, 2),
                    price_to_earnings=round(price * shares / earned, 2) if earned > 0 else None,
                    currency="USD",
                    sales_currency="USD",
                )
            )
        return found

    def _estimate(self, symbol: str, place: int, day: date, now: float) -> Estimate:
        small = self._demo.companies()[symbol].size > _SMALL_SIZE
        rng = Random(f"{self._seed} {symbol} {PERIODS[place]} {day:%Y-%m} estimates")
        growth = rng.gauss(0.17 if small else 0.12, 0.12 if small else 0.06)
        before = round(rng.uniform(0.2, 1.6) if small else rng.uniform(0.9, 4.0), 2) * (4 if place > 1 else 1)
        analysts = rng.randint(2, 9) if small else rng.randint(12, 38)
        up, down = (rng.randint(0, analysts // 2) for _ in range(2))
        average = round(before * (1 + growth), 3)
        return Estimate(
            symbol=symbol,
            period=PERIODS[place],
            as_of=day,
            source=self.name,
            fetched_at=now,
            ends=_period_end(day, place),
            growth=round(growth, 4),
            average=average,
            year_ago=before,
            analysts=analysts,
            average_7d=round(average * (1 - 0.002 * (up - down) / analysts), 3),
            average_30d=round(average * (1 - 0.02 * (up - down) / analysts), 3),
            up_7d=rng.randint(0, up),
            up_30d=up,
            down_7d=rng.randint(0, down),
            down_30d=down,
            currency="USD",
        )


def _on_curve(name: str, ten: float, slope: float) -> float:
    """A tenor's yield: short ones lie `slope` below the ten-year one, long ones a little above."""
    unit = name[-1]
    years = float(name[3:-1].replace("_", ".")) / (12 if unit == "M" else 1)
    place = (math.log(years) - math.log(0.25)) / (math.log(10) - math.log(0.25))
    return round(max(0.01, ten - slope * (1 - place)), 2)


def _folded(value: float, low: float, high: float) -> float:
    """A value reflected at the bounds as often as it takes."""
    span = high - low
    place = (value - low) % (2 * span)
    return low + (place if place <= span else 2 * span - place)


def _month_ends(closes: Sequence[tuple[date, float | None]]) -> list[tuple[date, float]]:
    """The last close of each of the last months, the running one among them."""
    ends = {(day.year, day.month): (day, close) for day, close in closes if close is not None}
    return list(ends.values())[-MONTHS_TOLD:]


def _period_end(day: date, place: int) -> date:
    """Last day of the current or next quarter, or year."""
    if place > 1:
        return date(day.year + place - 2, 12, 31)
    quarter = day.year * 4 + (day.month - 1) // 3 + place + 1
    return date(quarter // 4, quarter % 4 * 3 + 1, 1) - timedelta(days=1)

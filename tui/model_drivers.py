"""The parcels of what drives prices: yields, macro series, fundamentals, estimates, filings.

Units as in `tui.model`: growth as fractions (0.12 is 12 %), money in whole units of its currency, times as epoch seconds
UTC. A series keeps the unit of its source, named in `unit`: yields and rates are in percent (4.25), as everybody quotes
them. Unknown is None, never zero.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from itertools import pairwise
from statistics import median

from msgspec import Struct


class Frequency(StrEnum):
    """How often a series is observed."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    ANNUAL = "annual"
    OTHER = "other"


_STEPS = (
    (4, Frequency.DAILY),
    (8, Frequency.WEEKLY),
    (32, Frequency.MONTHLY),
    (93, Frequency.QUARTERLY),
    (367, Frequency.ANNUAL),
)
"""Days between two observations at most."""


def frequency_of(dates: Sequence[date]) -> Frequency:
    """How often something was observed, by the median of the days between; for sources that do not say. Dates ascend."""
    gaps = [(later - earlier).days for earlier, later in pairwise(dates)]
    if not gaps:
        return Frequency.OTHER
    return next((name for most, name in _STEPS if median(gaps) <= most), Frequency.OTHER)


class Observation(Struct, frozen=True, gc=False):
    """One value of a series and the day, or the first day of the period, that it is of."""

    date: date
    value: float


class Series(Struct, frozen=True, kw_only=True):
    """An economic series: parallel columns, oldest first, each date once, without the dates whose value is missing."""

    id: str
    """Its source's own: `DGS10`, `CPIAUCSL`; `UST10Y` for a tenor of the Treasury's curve; the file's name for a user's."""
    dates: list[date]
    """The day, or the first day of the month or quarter. A figure is published later than that: see its source."""
    values: list[float]
    title: str | None = None
    unit: str | None = None
    """`percent`, `index`, `billions of USD`."""
    frequency: Frequency = Frequency.OTHER
    source: str
    """Short name: `treasury`, `fred`, `own`, `demo`."""
    fetched_at: float
    """When we received it: epoch seconds UTC."""

    def latest(self, before: date | None = None) -> Observation | None:
        """The last observation dated `before` or earlier (of all when None)."""
        place = len(self.dates) if before is None else bisect_right(self.dates, before)
        return Observation(self.dates[place - 1], self.values[place - 1]) if place else None

    def previous(self, before: date | None = None) -> Observation | None:
        """The observation before `latest`."""
        place = (len(self.dates) if before is None else bisect_right(self.dates, before)) - 1
        return Observation(self.dates[place - 1], self.values[place - 1]) if place > 0 else None


class About(Struct, frozen=True):
    """What is known of a series before anything is fetched."""

    title: str
    unit: str
    frequency: Frequency


TENORS = {
    "UST1M": "1-month",
    "UST1_5M": "1.5-month",
    "UST2M": "2-month",
    "UST3M": "3-month",
    "UST4M": "4-month",
    "UST6M": "6-month",
    "UST1Y": "1-year",
    "UST2Y": "2-year",
    "UST3Y": "3-year",
    "UST5Y": "5-year",
    "UST7Y": "7-year",
    "UST10Y": "10-year",
    "UST20Y": "20-year",
    "UST30Y": "30-year",
}
"""Tenors of the US Treasury's par yield curve by the name of their series, shortest first."""

CATALOG: dict[str, About] = {
    **{name: About(f"US Treasury {tenor} par yield", "percent", Frequency.DAILY) for name, tenor in TENORS.items()},
    "DGS2": About("2-year Treasury yield", "percent", Frequency.DAILY),
    "DGS10": About("10-year Treasury yield", "percent", Frequency.DAILY),
    "DGS30": About("30-year Treasury yield", "percent", Frequency.DAILY),
    "DFF": About("Fed funds rate, daily", "percent", Frequency.DAILY),
    "T10Y2Y": About("10-year less 2-year yield", "percent", Frequency.DAILY),
    "T10Y3M": About("10-year less 3-month yield", "percent", Frequency.DAILY),
    "FEDFUNDS": About("Fed funds rate", "percent", Frequency.MONTHLY),
    "CPIAUCSL": About("Consumer prices (CPI), adjusted", "index 1982-84=100", Frequency.MONTHLY),
    "PPIACO": About("Producer prices (PPI), all goods", "index 1982=100", Frequency.MONTHLY),
    "GDP": About("GDP", "billions of USD, annual rate", Frequency.QUARTERLY),
    "GDPC1": About("Real GDP", "billions of 2017 USD, annual rate", Frequency.QUARTERLY),
    "BUSLOANS": About("Business loans of all banks", "billions of USD", Frequency.MONTHLY),
    "PMI": About("ISM manufacturing index (PMI)", "index, 50 is no change", Frequency.MONTHLY),
    "UNRATE": About("Unemployment rate", "percent", Frequency.MONTHLY),
    "ICSA": About("Initial jobless claims", "claims", Frequency.WEEKLY),
    "USREC": About("US recession (NBER), 1 in one", "0 or 1", Frequency.MONTHLY),
}
"""The series that the screens ask for by name; any other is known by what its source says."""

MACRO = ("DGS10", "FEDFUNDS", "CPIAUCSL", "PPIACO", "GDP", "GDPC1", "BUSLOANS", "PMI", "UNRATE")
"""The series of the drivers' screen, in its order."""


class Fundamental(Struct, frozen=True, kw_only=True):
    """What a company is worth, sells and earns, as one source told it on one day."""

    symbol: str
    as_of: date
    """The day that it was told."""
    source: str
    fetched_at: float
    """Epoch seconds UTC."""
    price: float | None = None
    """In `currency`."""
    market_cap: float | None = None
    """In `currency`."""
    sales: float | None = None
    """Of the trailing twelve months, in `sales_currency`."""
    earnings: float | None = None
    """Net income to common shares of the trailing twelve months, in `sales_currency`; negative is a loss."""
    eps: float | None = None
    """Earnings per share of the trailing twelve months, as the source tells it; negative is a loss."""
    price_to_sales: float | None = None
    """As the source tells it; where it does not, market cap / sales if both are in one currency."""
    price_to_earnings: float | None = None
    """As the source tells it; None for a company with a loss, where sources tell none."""
    currency: str | None = None
    sales_currency: str | None = None


class Estimate(Struct, frozen=True, kw_only=True):
    """What analysts expect a company to earn in one period, as one source told it on one day."""

    symbol: str
    period: str
    """`0q` the current quarter, `+1q` the next, `0y` the current fiscal year, `+1y` the next."""
    as_of: date
    """The day that it was told."""
    source: str
    fetched_at: float
    """Epoch seconds UTC."""
    ends: date | None = None
    """Last day of the period."""
    growth: float | None = None
    """Expected growth of earnings per share, a fraction; as the source tells it. Yahoo measures against adjusted earnings,
    where `average / year_ago - 1` measures against reported ones."""
    average: float | None = None
    """Mean estimate of earnings per share, in `currency`."""
    year_ago: float | None = None
    """Earnings per share of the period a year before."""
    analysts: int | None = None
    average_7d: float | None = None
    """The mean estimate of seven days ago."""
    average_30d: float | None = None
    """The mean estimate of thirty days ago."""
    up_7d: int | None = None
    """Estimates raised in the last seven days."""
    up_30d: int | None = None
    down_7d: int | None = None
    """Estimates cut in the last seven days; None where the source counts only those of thirty."""
    down_30d: int | None = None
    currency: str | None = None


class Filing(Struct, frozen=True, kw_only=True):
    """A filing with the SEC under one company's name; one of several companies has a row for each, under one accession."""

    accession: str
    """`0001193125-20-077148`; with `cik` the key of the row."""
    cik: int
    company: str
    form: str
    """As the SEC's index writes it: `425`, `SC TO-T/A`, `SCHEDULE 14D9`."""
    kind: str
    """`form` without an amendment's `/A` and with `SC` for `SCHEDULE`: one of `DEAL_FORMS`."""
    filed: date
    amendment: bool = False
    path: str | None = None
    """Below https://www.sec.gov/Archives/."""
    sic: int | None = None
    """Standard industrial classification of the company; None where nobody was asked yet."""
    industry: str | None = None
    """In the SEC's words for `sic`."""
    items: str | None = None
    """Items of an 8-K (`1.01,9.01`), where known: 1.01 is a material agreement, 2.01 a completed acquisition."""


DEAL_FORMS = ("S-4", "F-4", "425", "DEFM14A", "PREM14A", "SC TO-T", "SC TO-C", "SC 14D9", "SC 13E3", "8-K")
"""Forms that mergers and tender offers are filed on. An 8-K may be of anything, and tells of a deal only by its items."""

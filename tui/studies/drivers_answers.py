"""What the studies of the drivers answer: frozen, plain, and the same for the screen and for `show drivers`."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from tui.model_drivers import Frequency

if TYPE_CHECKING:
    from tui.analytics.deals import Deals
    from tui.analytics.estimates import Outlook
    from tui.analytics.regimes import Regime
    from tui.analytics.valuation import Discount, Valuation


class MacroLine(Struct, frozen=True, kw_only=True):
    """One series in the table."""

    id: str
    title: str
    unit: str
    in_percent: bool
    """Whether its change is a difference in percentage points."""
    frequency: Frequency
    source: str
    latest: float
    day: date
    """The day, or the first day of the period, that the latest value is of."""
    before: float | None
    change: float | None
    """To the value before: in the series' own unit where it is in percent, else a fraction."""
    trend: Sequence[float]
    """The last values, oldest first."""
    is_old: bool = False
    """Whether newer ones are out by now: what is stored ends early."""


class MacroAnswer(Struct, frozen=True, kw_only=True):
    """The series that are known, in the order of the screen."""

    lines: Sequence[MacroLine]
    problem: str = ""
    """What to do where there are none, or why there is nothing newer."""


class SeriesAnswer(Struct, frozen=True, kw_only=True):
    """One series over time, and how a symbol went with its changes."""

    line: MacroLine
    symbol: str
    days: Sequence[date]
    values: Sequence[float | None]
    window: int
    """Pairs of changes behind a correlation."""
    correlation_days: Sequence[date]
    correlations: Sequence[float | None]
    n: int
    """Pairs behind the last correlation; 0 without one."""
    problem: str = ""
    """Why there is no correlation."""

    @property
    def correlation(self) -> float | None:
        """The last correlation."""
        return self.correlations[-1] if self.correlations else None


class RegimesAnswer(Struct, frozen=True, kw_only=True):
    """Returns of two symbols in each regime."""

    small: str
    large: str
    session: date
    regimes: "Sequence[Regime]"
    series: Sequence[str]
    """Who says when a regime was: `DGS10 (fred)`."""
    missing: Sequence[str]
    """What is not stored, with what to do."""
    first: date | None = None
    sessions: int = 0
    """Sessions common to both, from the first."""


class FundValuation(Struct, frozen=True, kw_only=True):
    """One fund's valuation."""

    symbol: str
    holdings_as_of: date | None
    told: date | None
    """The newest day of the figures that it is made of."""
    valuation: "Valuation"
    problem: str = ""


class ValuationAnswer(Struct, frozen=True, kw_only=True):
    """A fund against another."""

    a: FundValuation
    b: FundValuation
    history: "Sequence[Discount]"
    """The discount of `a` to `b` on every day on which something was told, oldest first; the last is now."""
    sources: Sequence[str] = ()
    problem: str = ""


class FundOutlook(Struct, frozen=True, kw_only=True):
    """One fund's estimates."""

    symbol: str
    told: date | None
    outlooks: "Sequence[Outlook]"
    """One per period, the nearest first."""
    problem: str = ""


class EarningsAnswer(Struct, frozen=True, kw_only=True):
    """The estimates of two funds."""

    a: FundOutlook
    b: FundOutlook
    sources: Sequence[str] = ()
    problem: str = ""


class DealsAnswer(Struct, frozen=True, kw_only=True):
    """Merger filings since a date."""

    since: date
    deals: "Deals"
    days_read: int
    """Days since then whose index was read, those without one among them."""
    days: int
    """Weekdays since then."""
    run_up: bool = True
    """Whether the days before have been read too: else a deal that was open already counts as a new one."""
    problem: str = ""

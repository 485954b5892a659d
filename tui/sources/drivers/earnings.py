"""What analysts expect a company to earn, and how many have raised or cut, in Yahoo's `earningsTrend` (docs: sources, 2.6).

Pure. Not affiliated with Yahoo; its endpoints are undocumented, meant for personal use, and may stop any day.
"""

from datetime import date
from typing import Any

from msgspec import Struct, field

from tui.model_drivers import Estimate
from tui.sources.base import NoDataError
from tui.sources.drivers.fundamentals import check_symbol, only
from tui.sources.text import refuse_page
from tui.sources.yahoo_wire import SOURCE, Number, decode, number

MODULES = ("price", "earningsTrend")

PERIODS = ("0q", "+1q", "0y", "+1y")
"""The current and next quarter and fiscal year; Yahoo's five-year outlooks are left out."""

_WHO = "Yahoo"
_MOST_ANALYSTS = 10_000


class _Mean(Struct, frozen=True, rename="camel"):
    """`earningsEstimate`."""

    avg: Number = None
    year_ago_eps: Number = None
    number_of_analysts: Number = None
    growth: Number = None
    earnings_currency: str | None = None


class _Past(Struct, frozen=True):
    """`epsTrend`: the mean estimate of some days ago."""

    week: Number = field(default=None, name="7daysAgo")
    month: Number = field(default=None, name="30daysAgo")


class _Revisions(Struct, frozen=True):
    """`epsRevisions`. The capitals are Yahoo's; the down of seven days came later than the others."""

    up_week: Number = field(default=None, name="upLast7days")
    up_month: Number = field(default=None, name="upLast30days")
    down_week: Number = field(default=None, name="downLast7Days")
    down_month: Number = field(default=None, name="downLast30days")


class _Period(Struct, frozen=True, rename="camel"):
    """One of `trend`."""

    period: str | None = None
    end_date: Any = None
    growth: Number = None
    earnings_estimate: _Mean | None = None
    eps_trend: _Past | None = None
    eps_revisions: _Revisions | None = None


class _Trend(Struct, frozen=True):
    """`earningsTrend`."""

    trend: list[_Period] = []


class _Named(Struct, frozen=True):
    """What is wanted of `price`."""

    symbol: str | None = None


class _Summary(Struct, frozen=True, rename="camel"):
    """One result of quoteSummary."""

    price: _Named | None = None
    earnings_trend: _Trend | None = None


def parse_estimates(payload: bytes, symbol: str, as_of: date, fetched_at: float) -> list[Estimate]:
    """The estimates of `symbol` as told on `as_of`, a row for each of `PERIODS` of which anything is told.

    Raises:
        MalformedError: the answer is none, or another symbol's.
        NoDataError: nobody estimates it.
        SourceError: the error that the answer names.
    """
    refuse_page(payload, _WHO)
    summary = decode(only(payload), _Summary)
    check_symbol(summary.price.symbol if summary.price else None, symbol)
    told = {each.period: each for each in (summary.earnings_trend or _Trend()).trend}
    found = [
        estimate
        for period in PERIODS
        if period in told and (estimate := _estimate(told[period], symbol, as_of, fetched_at)) is not None
    ]
    if not found:
        raise NoDataError(f"{_WHO} has no estimates of {symbol}.")
    return found


def _estimate(told: _Period, symbol: str, as_of: date, fetched_at: float) -> Estimate | None:
    """The row of one period, None where it says nothing."""
    mean, past, revisions = told.earnings_estimate or _Mean(), told.eps_trend or _Past(), told.eps_revisions
    growth = number(told.growth)
    average, analysts = number(mean.avg), _count(mean.number_of_analysts)
    if average is None and growth is None and revisions is None:
        return None
    counts = revisions or _Revisions()
    return Estimate(
        symbol=symbol,
        period=str(told.period),
        as_of=as_of,
        source=SOURCE,
        fetched_at=fetched_at,
        ends=_day(told.end_date),
        growth=growth if growth is not None else number(mean.growth),
        average=average,
        year_ago=number(mean.year_ago_eps),
        analysts=analysts,
        average_7d=number(past.week),
        average_30d=number(past.month),
        up_7d=_count(counts.up_week),
        up_30d=_count(counts.up_month),
        down_7d=_count(counts.down_week),
        down_30d=_count(counts.down_month),
        currency=mean.earnings_currency or None,
    )


def _count(value: Number) -> int | None:
    found = number(value)
    return int(found) if found is not None and 0 <= found < _MOST_ANALYSTS and found == int(found) else None


def _day(text: object) -> date | None:
    """`2025-09-30`, also as `{"fmt": ...}`."""
    if isinstance(text, dict):
        text = text.get("fmt")
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None

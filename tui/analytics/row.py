"""From a live price and a `Baseline` to the figures of a row: plain arithmetic, the same for a past session's bar.

Free of polars: it runs for every changed symbol of every frame.
"""

from collections.abc import Mapping
from datetime import date
from math import isnan, sqrt
from typing import Protocol

from msgspec import Struct

from tui.analytics.figures import Base, Baseline, Figures, Profile
from tui.analytics.volume_model import MODEL, share_done
from tui.analytics.windows import Window

FULL_DAY = "full-day"
TIME_OF_DAY = "time-of-day"

ROUGH_MINUTES = 15
"""Minutes after the open during which a time-of-day ratio is marked rough: until 09:45."""

ROUGH_SLOTS = 3
"""The same in five-minute slots."""

ROUGH_VOLUME = 50_000
"""Shares of usual volume under which a time-of-day ratio is marked rough."""

ZSCORE = 50
"""Closes of the z-score, today's included."""


class Today(Struct, frozen=True, kw_only=True, gc=False):
    """The as-of session of one symbol, running or over."""

    price: float | None
    """The last price; the close when `final`."""
    high: float | None = None
    low: float | None = None
    volume: int | None = None
    """Shares so far."""
    session: date | None
    final: bool
    """The session is over and the figures are those of the whole day."""
    elapsed_slot: int | None = None
    """Five-minute slot, 0 .. 77, of the moment that the volume was counted at; None outside a running session."""
    minute: float | None = None
    """The same moment in minutes since the open, where it is known: finer than the slot, and then preferred."""


class Priced(Protocol):
    """What a benchmark's latest is read from: a quote, or a `Today`."""

    @property
    def price(self) -> float | None:
        """The last price, or the close."""

    @property
    def session(self) -> date | None:
        """The session it belongs to."""

    @property
    def final(self) -> bool:
        """Whether it is that session's close."""


class Bench(Struct, frozen=True, gc=False):
    """The benchmark, laid out for looking up the dates of other symbols."""

    symbol: str
    session: date | None
    """The session of `price`."""
    price: float | None
    """Its last price, or its close when that session is over."""
    closes: Mapping[int, float]
    """Known closes by session (`date.toordinal`), that of `session` among them when it is over."""


def bench_of(baseline: Baseline, latest: Priced | None = None) -> Bench:
    """The benchmark from its baseline and its latest quote; make it anew when either changes.

    Besides the sessions of the baseline's tail it knows those where its own 3Y and 5Y windows begin.
    """
    closes = dict(zip(baseline.dates, baseline.closes, strict=True))
    for base in baseline.bases.values():
        if base.close is not None:
            closes[base.session.toordinal()] = base.close
    known = {session: close for session, close in closes.items() if not isnan(close)}
    if latest is None:
        return Bench(baseline.symbol, None, None, known)
    if latest.final and latest.price is not None and latest.session is not None:
        known[latest.session.toordinal()] = latest.price
    return Bench(baseline.symbol, latest.session, latest.price, known)


_UNKNOWN: dict[Window, float | None] = dict.fromkeys(Window)
_NO_CLOSES: Mapping[int, float] = {}


def derive(
    today: Today, baseline: Baseline, bench: Bench | None, *, volume_window: int, profile: Profile | None
) -> Figures:
    """The figures of one row (docs: formulas), in constant time.

    Args:
        today: The as-of session so far.
        baseline: The sessions before it. One of another session is not mixed in: what needs it is None then.
        bench: What excess is measured against; None leaves it unknown.
        volume_window: Sessions behind the volume ratio, one of `VOLUME_WINDOWS`.
        profile: The usual day, for the ratio of a running session; None is the built-in curve.

    Raises:
        KeyError: a `volume_window` that the baseline does not have.
    """
    price = today.price
    volume = today.volume if baseline.has_volume else None
    returns, excess = _UNKNOWN.copy(), _UNKNOWN.copy()
    ratio, basis, rough = volume_ratio(today, baseline, volume_window=volume_window, profile=profile)
    position = zscore = drawdown = None
    if price is not None and baseline.session == today.session:
        _compare(price, baseline.bases, bench, _price_then(bench, today), (returns, excess))
        position = _range52(price, today, baseline)
        zscore = _zscore50(price, baseline)
        drawdown = _drawdown(price, baseline.peak)
    return Figures(
        symbol=baseline.symbol,
        returns=returns,
        excess=excess,
        volume=volume,
        volume_ratio=ratio,
        volume_ratio_basis=basis,
        volume_ratio_rough=rough,
        dollar_volume=None if price is None or volume is None else price * volume,
        range52=position,
        zscore50=zscore,
        drawdown=drawdown,
    )


def excess_over(window: Window, today: Today, baseline: Baseline, bench: Bench | None) -> float | None:
    """The excess of one window alone, as `derive` has it: what ranking a whole list needs, at a fraction of its cost."""
    base = baseline.bases.get(window)
    if base is None or today.price is None or baseline.session != today.session:
        return None
    excess: dict[Window, float | None] = {}
    _compare(today.price, {window: base}, bench, _price_then(bench, today), ({}, excess))
    return excess.get(window)


def volume_ratio(
    today: Today, baseline: Baseline, *, volume_window: int, profile: Profile | None
) -> tuple[float | None, str | None, bool]:
    """The volume ratio alone, as `derive` has it: the ratio, its basis, and whether it is rough.

    Raises:
        KeyError: a `volume_window` that the baseline does not have.
    """
    volume, usual = today.volume, baseline.usual[volume_window].mean
    if baseline.session != today.session or volume is None or not baseline.has_volume or not usual:
        return None, None, False
    if today.final:
        return volume / usual, FULL_DAY, False
    profile = profile or MODEL
    done = share_done(profile, today.elapsed_slot, today.minute)
    if not done:
        return None, None, False
    early = (
        today.minute < ROUGH_MINUTES
        if today.minute is not None
        else today.elapsed_slot is not None and today.elapsed_slot < ROUGH_SLOTS
    )
    return volume / (usual * done), f"{TIME_OF_DAY} {profile.source}", early or usual < ROUGH_VOLUME


def ranks(values: Mapping[str, float | None]) -> dict[str, int | None]:
    """Position of each symbol by its value, 1 is the highest; ties share the better rank, None has none."""
    known = sorted((value for value in values.values() if value is not None and not isnan(value)), reverse=True)
    first: dict[float, int] = {}
    for position, value in enumerate(known, start=1):
        first.setdefault(value, position)
    return {symbol: None if value is None else first.get(value) for symbol, value in values.items()}


def _compare(
    price: float,
    bases: Mapping[Window, Base],
    bench: Bench | None,
    bench_price: float | None,
    figures: tuple[dict[Window, float | None], dict[Window, float | None]],
) -> None:
    """Fill in the return over each base, and its excess over the benchmark's between the same two dates.

    A base that is not positive has no return: a percentage of it would have the wrong sign.
    """
    returns, excess = figures
    bench_closes, bench_now = _NO_CLOSES, 0.0
    if bench is not None and bench_price is not None:
        bench_closes, bench_now = bench.closes, bench_price
    for window, base in bases.items():
        close = base.close
        if close is not None and close > 0:
            returns[window] = growth = price / close - 1
            bench_close = bench_closes.get(base.session.toordinal())
            if bench_close is not None and bench_close > 0:
                excess[window] = growth - (bench_now / bench_close - 1)


def _price_then(bench: Bench | None, today: Today) -> float | None:
    """The benchmark's price of today's session: its close when today is over, its last while today runs."""
    if bench is None or today.session is None:
        return None
    close = bench.closes.get(today.session.toordinal()) if today.final else None
    if close is not None:
        return close
    return bench.price if bench.session == today.session else None


def _range52(price: float, today: Today, baseline: Baseline) -> float | None:
    """Where the price stands between the lowest low and the highest high of 252 sessions: 0 .. 1."""
    if baseline.high251 is None or baseline.low251 is None:
        return None
    # A last price may be newer than the high and the low that came with it.
    high = max(baseline.high251, price, price if today.high is None else today.high)
    low = min(baseline.low251, price, price if today.low is None else today.low)
    return (price - low) / (high - low) if high > low else None


def _zscore50(price: float, baseline: Baseline) -> float | None:
    """Sample standard deviations (ddof 1) between the price and the mean of the 50 closes that end with it.

    Measured from the previous close, which shifts price and mean alike and leaves the spread as it is.
    """
    if baseline.sum49 is None or baseline.sumsq49 is None:
        return None
    distance = price - baseline.anchor
    mean = (baseline.sum49 + distance) / ZSCORE
    squares = baseline.sumsq49 + distance * distance - ZSCORE * mean * mean
    return (distance - mean) / sqrt(squares / (ZSCORE - 1)) if squares > 0 else None


def _drawdown(price: float, peak: float | None) -> float | None:
    """How far the price is below the highest close, its own included: 0 at a new high, else negative."""
    if peak is None or (highest := max(peak, price)) <= 0:
        return None
    return price / highest - 1

"""Yahoo's charts as bars: pure functions from bytes to values, with every trap of the format (docs: sources, 2.3)."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from math import log
from zoneinfo import ZoneInfo

from msgspec import Raw, Struct

from tui.model import Bar, Bars
from tui.sources.base import MalformedError, NoDataError
from tui.sources.yahoo_wire import (
    SOURCE,
    Chart,
    Columns,
    Events,
    Meta,
    Money,
    Number,
    Span,
    day,
    decode,
    is_index,
    moment,
    money,
    number,
    results,
    shares,
    zone,
)

SETTLING = 20 * 60
"""Seconds after a close until the day's bar is taken for finished: late prints, and exchanges that are late."""

INTERVALS = {"1m": 60, "2m": 120, "5m": 300, "15m": 900, "30m": 1800, "60m": 3600, "1h": 3600, "90m": 5400}
"""Seconds of Yahoo's intraday intervals."""

_FIVEFOLD = log(5)


class _Row(Struct):
    """One bar of the wire, its values read."""

    time: float
    open: float | None
    high: float | None
    low: float | None
    close: float | None
    adj_close: float | None
    volume: int | None


def implausible(price: float | None, before: float | None) -> bool:
    """Whether a price is more than five times, or less than a fifth of, the one before: a wrong unit, not a move."""
    return price is not None and before is not None and price > 0 < before and abs(log(price / before)) > _FIVEFOLD


def parse_chart_daily(body: bytes, symbol: str, fetched_at: float, *, finished: bool = False) -> Bars:
    """The daily bars of a v8 chart, oldest first, one per date of the exchange's zone.

    The running session comes as two rows, of which the earlier has no close: they become one. A single bar that is five
    times off its neighbours, without a split, keeps its volume and loses its prices. With `finished`, sessions that
    were not over (and settled) at `fetched_at` are left out. Dividends are in the unit of the prices.

    Raises:
        NoDataError: there is no bar.
        MalformedError: bars of another symbol or interval (Yahoo coarsens long ranges silently), or no chart at all.
        SourceError: the error that the answer names.
    """
    chart = _chart(body, symbol, "1d")
    unit, local = _reading(chart.meta, symbol)
    by_date: dict[date, _Row] = {}
    for row in _rows(chart, symbol, unit):
        known = by_date.get(session := day(row.time, local))
        by_date[session] = row if known is None else _merged(known, row)
    if finished:
        running = _running(chart.meta, local, fetched_at)
        by_date = {session: row for session, row in by_date.items() if session < running}
    dividends, splits = _events(chart.events or Events(), unit, local)
    _without_spikes(by_date, splits)
    rows = list(by_date.values())
    if all(row.close is None for row in rows):
        raise NoDataError(f"Yahoo has no bars of {symbol} for this span.")
    return Bars(
        symbol=symbol,
        source=SOURCE,
        fetched_at=fetched_at,
        dates=list(by_date),
        open=[row.open for row in rows],
        high=[row.high for row in rows],
        low=[row.low for row in rows],
        close=[row.close for row in rows],
        adj_close=[row.adj_close for row in rows],
        volume=[row.volume for row in rows],
        dividends=dividends,
        splits=splits,
        currency=unit.currency,
    )


def parse_chart_intraday(body: bytes, symbol: str, *, interval: str = "5m") -> dict[date, list[Bar]]:
    """The intraday bars of a v8 chart by session (the exchange's date), both oldest first.

    Left out: stubs off the interval's grid (the row of the last trade) or at the close, and whatever is outside the
    regular session, where Yahoo's volume is always 0.

    Raises:
        NoDataError: there is no bar.
        MalformedError: bars of another symbol or interval, or no chart at all.
        SourceError: the error that the answer names.
    """
    chart = _chart(body, symbol, interval)
    unit, local = _reading(chart.meta, symbol)
    regular, step = _regular(chart.meta, local), INTERVALS[interval]
    rows = {row.time: row for row in _rows(chart, symbol, unit) if row.time % step == 0 and regular(row.time)}
    sessions: dict[date, list[Bar]] = {}
    for time, row in rows.items():
        bar = Bar(time=time, open=row.open, high=row.high, low=row.low, close=row.close, volume=row.volume)
        sessions.setdefault(day(time, local), []).append(bar)
    if all(row.close is None for row in rows.values()):
        raise NoDataError(f"Yahoo has no intraday bars of {symbol} for this span.")
    return sessions


def _chart(body: bytes, symbol: str, granularity: str) -> Chart:
    """The chart in `body`, if it is the one that was asked for."""
    found = results(body, "chart")
    if not found:
        raise NoDataError(f"Yahoo has no bars of {symbol}.")
    chart = decode(found[0], Chart)
    if chart.meta.symbol.upper() != symbol.upper():
        raise MalformedError(f"Yahoo answered for another symbol than {symbol}.")
    if chart.meta.data_granularity != granularity:
        raise MalformedError(f"Yahoo answered with coarser or finer bars of {symbol} than the {granularity} asked for.")
    if not chart.timestamp:
        raise NoDataError(f"Yahoo has no bars of {symbol} for this span.")
    return chart


def _reading(meta: Meta, symbol: str) -> tuple[Money, ZoneInfo]:
    """How prices and times of this chart are read. The zone by name: `gmtoffset` is that of the request, not the bar."""
    return money(symbol, meta.currency, meta.instrument_type), zone(meta.exchange_timezone_name)


def _rows(chart: Chart, symbol: str, unit: Money) -> Iterator[_Row]:
    """The rows, oldest first; without those that have no time."""
    times = chart.timestamp or []
    columns = chart.indicators.quote[0] if chart.indicators.quote else Columns()
    adjusted = chart.indicators.adjclose[0].adjclose if chart.indicators.adjclose else None
    index = is_index(symbol, chart.meta.instrument_type)

    def column(values: list[Number] | None) -> list[Number]:
        if values is None:
            return [None] * len(times)
        if len(values) != len(times):
            raise MalformedError(f"Yahoo's bars of {symbol} have columns of different lengths.")
        return values

    rows = zip(
        times,
        *(column(values) for values in (columns.open, columns.high, columns.low, columns.close, adjusted)),
        column(columns.volume),
        strict=True,
    )
    timed = [(time, rest) for raw, *rest in rows if (time := moment(raw)) is not None]
    price = unit.price
    for time, (opened, high, low, close, adj, volume) in sorted(timed, key=lambda row: row[0]):
        yield _Row(time, price(opened), price(high), price(low), price(close), price(adj), shares(volume, index=index))


def _merged(early: _Row, late: _Row) -> _Row:
    """Two rows of one session: the open of the earlier, the close of the later, the widest range."""
    highs = [high for high in (early.high, late.high) if high is not None]
    lows = [low for low in (early.low, late.low) if low is not None]
    volumes = [volume for volume in (early.volume, late.volume) if volume is not None]
    return _Row(
        time=late.time,
        open=late.open if early.open is None else early.open,
        high=max(highs, default=None),
        low=min(lows, default=None),
        close=early.close if late.close is None else late.close,
        adj_close=early.adj_close if late.adj_close is None else late.adj_close,
        volume=max(volumes, default=None),
    )


def _running(meta: Meta, local: ZoneInfo, fetched_at: float) -> date:
    """The first date whose session was not over at `fetched_at`."""
    regular = meta.current_trading_period.regular if meta.current_trading_period else None
    if regular is None or moment(regular.start) is None:
        return day(fetched_at, local)
    current = day(regular.start, local)
    return current + timedelta(days=1) if fetched_at >= regular.end + SETTLING else current


def _events(events: Events, unit: Money, local: ZoneInfo) -> tuple[dict[date, float], dict[date, float]]:
    """Dividends and splits by their own date: the key of their dict is only the bar that they fell into."""
    dividends: dict[date, float] = {}
    for dividend in (events.dividends or {}).values():
        time, amount = moment(dividend.date), number(dividend.amount)
        if time is not None and amount is not None and amount > 0:
            session = day(time, local)
            dividends[session] = dividends.get(session, 0.0) + amount / unit.divisor
    splits: dict[date, float] = {}
    for split in (events.splits or {}).values():
        time, new, old = moment(split.date), number(split.numerator), number(split.denominator)
        if time is not None and new is not None and old is not None and new > 0 and old > 0:
            session = day(time, local)
            splits[session] = splits.get(session, 1.0) * new / old
    return dividends, splits


def _without_spikes(by_date: dict[date, _Row], splits: dict[date, float]) -> None:
    """Clear the prices of single bars that leap away and back, such as pence taken for pounds."""
    closed = [(session, row) for session, row in by_date.items() if row.close is not None]
    before: float | None = None
    for place, (session, row) in enumerate(closed):
        after = closed[place + 1][1].close if place + 1 < len(closed) else before
        if session not in splits and implausible(row.close, before) and not implausible(after, before):
            row.open = row.high = row.low = row.close = row.adj_close = None
        else:
            before = row.close


def _regular(meta: Meta, local: ZoneInfo) -> Callable[[float], bool]:
    """Whether a bar's start lies in a regular session: by the periods listed for its date, else by the usual hours."""
    spans = {day(span.start, local): span for span in _spans(meta.trading_periods) if moment(span.start) is not None}
    current = meta.current_trading_period.regular if meta.current_trading_period else None
    usual = None
    if current is not None and moment(current.start) is not None and moment(current.end) is not None:
        usual = tuple(datetime.fromtimestamp(second, local).time() for second in (current.start, current.end))

    def within(time: float) -> bool:
        if (span := spans.get(day(time, local))) is not None:
            return span.start <= time < span.end
        if usual is None or usual[0] >= usual[1]:
            return True
        return usual[0] <= datetime.fromtimestamp(time, local).time() < usual[1]

    return within


def _spans(periods: Raw) -> list[Span]:
    """The regular sessions of `tradingPeriods` in any of its shapes; none when it has another."""
    try:
        return [span for group in decode(periods, list[list[Span]]) for span in group]
    except MalformedError:
        pass
    try:
        return [span for group in decode(periods, dict[str, list[list[Span]]]).get("regular", []) for span in group]
    except MalformedError:
        return []

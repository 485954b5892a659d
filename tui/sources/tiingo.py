"""Tiingo, with the user's own key: daily history of decades, and prices of IEX (docs: sources, 3).

The free plan has some 50 requests an hour. The volume of IEX is not the market's, and is never told as such.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import date
from urllib.parse import quote as url_quote

from msgspec import Struct

from tui.model import Bars, Quote
from tui.sessions import Phase
from tui.sources.base import MalformedError, NoDataError, UnknownSymbolError
from tui.sources.batch import Batch
from tui.sources.credentials import Key
from tui.sources.http import Http, Limits
from tui.sources.vendors import (
    Pace,
    day_of,
    decoded,
    finished,
    hours_of,
    instant,
    is_over,
    is_sane,
    is_share,
    refusal,
    session_at,
)
from tui.sources.yahoo_wire import Money, Number, number, shares

SOURCE = "tiingo"
BASE = "https://api.tiingo.com"
LIMITS = Limits(per_minute=0.8, burst=12, at_once=1)
"""48 an hour."""

EVERY = 150.0
"""Seconds between two requests for the same quotes: half of what an hour allows is left for history."""

_WHO = "Tiingo"
_OK = 200
_FIRST = date(1962, 1, 2)
_USD = Money("USD", 1, negative=False)


class _Last(Struct, frozen=True, rename="camel"):
    """A row of `/iex`."""

    ticker: str
    timestamp: str | None = None
    tngo_last: Number = None
    prev_close: Number = None


class _Day(Struct, frozen=True, rename="camel"):
    """A row of `/tiingo/daily/SYM/prices`: the prices as they were, and adjusted for splits and dividends."""

    date: str
    open: Number = None
    high: Number = None
    low: Number = None
    close: Number = None
    volume: Number = None
    adj_close: Number = None
    adj_volume: Number = None
    div_cash: Number = None
    split_factor: Number = None


def parse_iex(body: bytes, fetched_at: float) -> Batch:
    """The quotes in an answer of `/iex`; those made outside the session, and those without a price, are left out.

    Raises:
        MalformedError: it is no such answer.
    """
    batch = Batch()
    for row in decoded(body, list[_Last], _WHO):
        symbol, made, price = row.ticker.upper(), instant(row.timestamp), _USD.price(row.tngo_last)
        if made is None or not is_sane(made, fetched_at) or price is None:
            batch.refused[symbol] = "no time or no price"
        elif hours_of(made) is Phase.OPEN:
            session = session_at(made)
            batch.quotes.append(
                Quote(
                    symbol=symbol,
                    price=price,
                    session=session,
                    as_of=made,
                    fetched_at=fetched_at,
                    source=SOURCE,
                    final=is_over(session, fetched_at),
                    prev_close=_USD.price(row.prev_close),
                    currency="USD",
                )
            )
    return batch


def parse_daily(body: bytes, symbol: str, fetched_at: float) -> Bars:
    """Daily bars, oldest first; its prices are those of the day, and are divided by all later splits here.

    Raises:
        MalformedError: it is no such answer.
        NoDataError: it has no finished session.
    """
    rows: dict[date, _Day] = {}
    for row in decoded(body, list[_Day], _WHO):
        day = day_of(row.date)
        if day is None:
            raise MalformedError(f"{_WHO} sent a day without a date.")
        if not number(row.split_factor):
            # Without it all earlier prices would be off by the factor of a split.
            raise MalformedError(f"{_WHO} does not say whether {symbol} was split on {day}.")
        rows[day] = row
    dates = sorted(rows)
    splits = {day: factor for day in dates if (factor := number(rows[day].split_factor)) and factor > 0 and factor != 1}
    factors, later = {}, 1.0
    for day in reversed(dates):
        factors[day] = later
        later *= splits.get(day, 1.0)
    dates = dates[: finished(dates, fetched_at)]
    if not dates:
        raise NoDataError(f"{_WHO} has no bars of {symbol} for this span.")

    def prices(name: str) -> list[float | None]:
        found = [_USD.price(getattr(rows[day], name)) for day in dates]
        return [price and round(price / factors[day], 8) for day, price in zip(dates, found, strict=True)]

    volumes = [shares(rows[day].volume, index=False) for day in dates]
    dividends = {day: cash for day in dates if (cash := number(rows[day].div_cash)) and cash > 0}
    return Bars(
        symbol=symbol,
        source=SOURCE,
        fetched_at=fetched_at,
        dates=dates,
        open=prices("open"),
        high=prices("high"),
        low=prices("low"),
        close=prices("close"),
        adj_close=[_USD.price(rows[day].adj_close) for day in dates],
        volume=[None if one is None else int(one * factors[day]) for day, one in zip(dates, volumes, strict=True)],
        dividends={day: round(cash / factors[day], 8) for day, cash in dividends.items()},
        splits={day: factor for day, factor in splits.items() if day in set(dates)},
        currency="USD",
    )


class Tiingo:
    """Quotes of IEX and daily bars. `http` is its own."""

    name, source, label, batch, delay, whole, usable, trouble = SOURCE, SOURCE, _WHO, 100, 0, False, True, ""
    rests_until = 0.0

    def __init__(self, http: Http, key: Key, *, base: str = BASE, clock: Callable[[], float] = time.time) -> None:
        self._http = http
        self._headers = {"Authorization": f"Token {key.value}"}
        self._base = base
        self._pace = Pace(EVERY, clock)

    def covers(self, symbol: str) -> bool:
        """Whether it could know this symbol."""
        return is_share(symbol)

    async def ask(self, symbols: Sequence[str]) -> Batch:
        """The quotes of these symbols, of a request at most every two minutes and a half.

        Raises:
            SourceError: it does not answer at all.
        """
        due = self._pace.due(symbols)
        answer = Batch()
        if due:
            body, fetched_at = await self._get("/iex/", {"tickers": ",".join(due)}, urgent=True)
            answer = parse_iex(body, fetched_at)
        return self._pace.whole(symbols, due, answer)

    async def history(self, symbol: str, start: date | None = None) -> Bars:
        """Daily bars from `start`, all when None.

        Raises:
            SourceError: one of its kinds; nothing else.
        """
        if not is_share(symbol):
            raise UnknownSymbolError(f"{_WHO} does not know {symbol}.")
        path = f"/tiingo/daily/{url_quote(symbol.lower(), safe='')}/prices"
        body, fetched_at = await self._get(path, {"startDate": (start or _FIRST).isoformat()})
        return await asyncio.to_thread(parse_daily, body, symbol, fetched_at)

    async def _get(self, path: str, asked: dict[str, str], *, urgent: bool = False) -> tuple[bytes, float]:
        reply = await self._http.get(f"{self._base}{path}", asked, headers=self._headers, urgent=urgent)
        if reply.status != _OK:
            raise refusal(reply.status, _WHO)
        return reply.body, reply.fetched_at

    async def aclose(self) -> None:
        """Close the connections; safe to call twice."""
        await self._http.aclose()

"""Alpaca, with the user's own key: prices of IEX at once, bars of all exchanges 15 minutes late (docs: sources, 3).

IEX trades about one share in sixty: its volume, its high and its low are not the market's, and are never told as such.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

from msgspec import Struct

from tui.model import Bar, Bars, Quote
from tui.sessions import NEW_YORK, Phase, session_close, session_of
from tui.sources.base import MalformedError, NoDataError, UnknownSymbolError
from tui.sources.batch import Batch
from tui.sources.credentials import Key
from tui.sources.http import Http, Limits
from tui.sources.vendors import (
    decoded,
    dotted,
    finished,
    hours_of,
    instant,
    is_over,
    is_sane,
    is_share,
    midnight,
    refusal,
    session_at,
    stamp,
)
from tui.sources.yahoo_wire import Money, Number, shares

SOURCE = "alpaca"
BASE = "https://data.alpaca.markets"
LIMITS = Limits(per_minute=100, burst=10, at_once=2)
"""Half of what the free plan allows."""

LATE = 16 * 60
"""Seconds: the free plan has the bars of all exchanges only once they are a quarter of an hour old."""

_WHO = "Alpaca"
_OK = 200
_PAGES = 20
_FIRST = date(2016, 1, 1)
_USUAL_DAYS = 45
_USD = Money("USD", 1, negative=False)


class _Trade(Struct, frozen=True):
    t: str | None = None
    p: Number = None


class _Bar(Struct, frozen=True):
    t: str
    o: Number = None
    h: Number = None
    l: Number = None  # noqa: E741 (its name on the wire)
    c: Number = None
    v: Number = None


class _Snapshot(Struct, frozen=True, rename="camel"):
    latest_trade: _Trade | None = None
    daily_bar: _Bar | None = None


class Page(Struct, frozen=True):
    """A page of bars."""

    bars: dict[str, list[_Bar]] | None = None
    next_page_token: str | None = None


def parse_snapshots(body: bytes, fetched_at: float) -> Batch:
    """The quotes in an answer of snapshots, by the names of the wire (`BRK.B`).

    A trade outside the session stands beside the session's last price.

    Raises:
        MalformedError: it is no such answer.
    """
    batch = Batch()
    for name, snapshot in decoded(body, dict[str, _Snapshot | None], _WHO).items():
        symbol = name.replace(".", "-")
        if snapshot is None or (trade := snapshot.latest_trade) is None:
            continue
        made, price = instant(trade.t), _USD.price(trade.p)
        if made is None or not is_sane(made, fetched_at) or price is None:
            batch.refused[symbol] = "no time or no price"
            continue
        quote = _quote(symbol, price, made, snapshot.daily_bar, fetched_at)
        if quote is not None:
            batch.quotes.append(quote)
    return batch


def _quote(symbol: str, price: float, made: float, day: _Bar | None, fetched_at: float) -> Quote | None:
    hours = hours_of(made)
    if hours is Phase.OPEN:
        session = session_at(made)
        return Quote(
            symbol=symbol, price=price, session=session, as_of=made, fetched_at=fetched_at, source=SOURCE,
            currency="USD", final=is_over(session, fetched_at),
        )  # fmt: skip
    began, close = instant(day.t) if day else None, _USD.price(day.c) if day else None
    if began is None or close is None:
        return None
    session = session_at(began)
    ended = session_close(session).timestamp()
    return Quote(
        symbol=symbol, price=close, session=session, as_of=min(ended, made), fetched_at=fetched_at, source=SOURCE,
        currency="USD", final=is_over(session, fetched_at),
        extended_price=price if made > ended else None,
        extended_phase=("PRE" if hours is Phase.PRE else "POST") if made > ended else None,
        extended_at=made if made > ended else None,
    )  # fmt: skip


def parse_page(body: bytes) -> Page:
    """A page of bars; `{"bars":{}}` is an empty one.

    Raises:
        MalformedError: it is none.
    """
    return decoded(body, Page, _WHO)


class Alpaca:
    """Quotes of IEX and bars of all exchanges. `http` is its own."""

    name, source, label, batch, delay, whole, usable, trouble = SOURCE, SOURCE, _WHO, 100, 0, False, True, ""
    rests_until = 0.0

    def __init__(self, http: Http, key: Key, *, base: str = BASE, clock: Callable[[], float] = time.time) -> None:
        self._http = http
        self._headers = {"APCA-API-KEY-ID": key.value, "APCA-API-SECRET-KEY": key.secret}
        self._base = base
        self._clock = clock

    def covers(self, symbol: str) -> bool:
        """Whether it could know this symbol."""
        return is_share(symbol)

    async def ask(self, symbols: Sequence[str]) -> Batch:
        """The quotes of these symbols.

        Raises:
            SourceError: it does not answer at all.
        """
        body, fetched_at = await self._get(
            "snapshots", {"symbols": ",".join(map(dotted, symbols)), "feed": "iex"}, urgent=True
        )
        return parse_snapshots(body, fetched_at)

    async def history(self, symbol: str, start: date | None = None) -> Bars:
        """Daily bars from `start` (2016 at the earliest), adjusted for splits, without dividends.

        Raises:
            SourceError: one of its kinds; nothing else.
        """
        now = self._clock()
        rows = await self._bars(symbol, "1Day", midnight(max(start or _FIRST, _FIRST)), stamp(now - LATE))
        by_day = {datetime.fromtimestamp(at, NEW_YORK).date(): bar for at, bar in rows}
        dates = sorted(by_day)
        dates = dates[: finished(dates, now)]
        if not dates:
            raise NoDataError(f"{_WHO} has no bars of {symbol} for this span.")
        bars = [by_day[day] for day in dates]
        return Bars(
            symbol=symbol,
            source=SOURCE,
            fetched_at=now,
            dates=dates,
            open=[bar.open for bar in bars],
            high=[bar.high for bar in bars],
            low=[bar.low for bar in bars],
            close=[bar.close for bar in bars],
            adj_close=[None] * len(bars),
            volume=[bar.volume for bar in bars],
            currency="USD",
        )

    async def intraday(self, symbol: str, session: date | None = None) -> list[Bar]:
        """Five-minute bars of the regular session (the current or last when None), the last quarter of an hour missing.

        Raises:
            SourceError: one of its kinds; nothing else.
        """
        now = self._clock()
        day = session or session_of(datetime.fromtimestamp(now, UTC))
        rows = await self._bars(symbol, "5Min", midnight(day), stamp(min(now - LATE, session_close(day).timestamp())))
        bars = [bar for at, bar in rows if hours_of(at) is Phase.OPEN and session_at(at) == day and at + 300 <= now]
        if not bars:
            raise NoDataError(f"{_WHO} has no five-minute bars of {symbol} for this session.")
        return bars

    async def intraday_history(self, symbol: str) -> list[Bar]:
        """Five-minute bars of the last weeks before the current session, oldest first.

        Raises:
            SourceError: one of its kinds; nothing else.
        """
        current = session_of(datetime.fromtimestamp(self._clock(), UTC))
        first = current - timedelta(days=_USUAL_DAYS)
        rows = await self._bars(symbol, "5Min", midnight(first), midnight(current))
        bars = [bar for at, bar in rows if hours_of(at) is Phase.OPEN and session_at(at) < current]
        if not bars:
            raise NoDataError(f"{_WHO} has no five-minute bars of {symbol}.")
        return bars

    async def _bars(self, symbol: str, size: str, start: str, end: str) -> list[tuple[float, Bar]]:
        """All pages of bars of all exchanges with their times, rising."""
        if not is_share(symbol):
            raise UnknownSymbolError(f"{_WHO} does not know {symbol}.")
        asked: dict[str, str | int] = {"symbols": dotted(symbol), "timeframe": size, "start": start, "end": end, "adjustment": "split",
                 "feed": "sip", "limit": 10_000}  # fmt: skip
        found: dict[float, Bar] = {}
        token: str | None = None
        for _ in range(_PAGES):
            body, _fetched_at = await self._get("bars", asked | ({"page_token": token} if token else {}))
            page = await asyncio.to_thread(parse_page, body)
            found |= {bar.time: bar for bar in map(_bar, (page.bars or {}).get(dotted(symbol), ()))}
            if not page.next_page_token:
                return sorted(found.items())
            if page.next_page_token == token:
                break
            token = page.next_page_token
        raise MalformedError(f"{_WHO}'s pages of {symbol} have no end.")

    async def _get(self, what: str, asked: dict[str, str | int], *, urgent: bool = False) -> tuple[bytes, float]:
        reply = await self._http.get(f"{self._base}/v2/stocks/{what}", asked, headers=self._headers, urgent=urgent)
        if reply.status != _OK:
            raise refusal(reply.status, _WHO)
        return reply.body, reply.fetched_at

    async def aclose(self) -> None:
        """Close the connections; safe to call twice."""
        await self._http.aclose()


def _bar(raw: _Bar) -> Bar:
    at = instant(raw.t)
    if at is None:
        raise MalformedError(f"{_WHO} sent a bar without a time.")
    return Bar(
        time=at,
        open=_USD.price(raw.o),
        high=_USD.price(raw.h),
        low=_USD.price(raw.l),
        close=_USD.price(raw.c),
        volume=shares(raw.v, index=False),
    )

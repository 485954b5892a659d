"""Cboe's delayed quotes: 15 minutes late, one symbol per request, asked only whether they have changed (docs: sources, 3).

Its change and percent are measured from a base that has rolled already: neither is read, nor is its previous close.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import date
from urllib.parse import quote as url_quote

from msgspec import Raw, Struct

from tui.model import Bars, Quote
from tui.sessions import Phase, previous_session, session_close
from tui.sources.base import MalformedError, NoDataError, SourceError, UnknownSymbolError, UnreachableError
from tui.sources.batch import Batch
from tui.sources.http import Http
from tui.sources.vendors import (
    Pace,
    day_of,
    decoded,
    dotted,
    finished,
    hours_of,
    in_new_york,
    is_over,
    is_sane,
    is_share,
    session_at,
    since,
)
from tui.sources.yahoo_parse import implausible
from tui.sources.yahoo_wire import Money, Number, number, shares

SOURCE = "cboe"
BASE = "https://cdn.cboe.com"

DELAY = 900
"""Seconds."""

EVERY = 60.0
"""Seconds between two requests for one symbol."""

COARSE = 5.0
"""Its history is rounded to cents after the splits: earlier closes below this, USD, are off by more than 0.1 %."""

_INDICES = {
    "^GSPC": "_SPX", "^SPX": "_SPX", "^RUT": "_RUT", "^NDX": "_NDX", "^OEX": "_OEX",
    "^VIX": "_VIX", "^VXN": "_VXN", "^RVX": "_RVX", "^VVIX": "_VVIX",
}  # fmt: skip
"""Indices that it quotes in the same unit as Yahoo; its `_TNX` is ten times the yield, its `_DJX` a hundredth of the Dow."""

_WHO = "Cboe"
_OK, _GONE = 200, {403, 404}
_USD = Money("USD", 1, negative=False)


class _Data(Struct, frozen=True):
    """`data` of a quote; numbers may be text."""

    symbol: str
    current_price: Number = None
    open: Number = None
    high: Number = None
    low: Number = None
    close: Number = None
    volume: Number = None
    last_trade_time: str | None = None


class _Quote(Struct, frozen=True):
    data: _Data


class _Day(Struct, frozen=True):
    """A day of the history."""

    date: str
    open: Number = None
    high: Number = None
    low: Number = None
    close: Number = None
    volume: Number = None


class _History(Struct, frozen=True):
    data: list[Raw] | None = None
    symbol: str | None = None


def code_of(symbol: str) -> str | None:
    """Cboe's name for a symbol (`^VIX` is `_VIX`, `BRK-B` is `BRK.B`); None where it has none in the same unit."""
    return _INDICES.get(symbol) or (dotted(symbol) if is_share(symbol) else None)


def parse_quote(body: bytes, symbol: str, fetched_at: float) -> Quote:
    """The quote of `symbol`. Once the session is over its price is the close, and a later one stands beside it.

    Raises:
        MalformedError: it is no such answer, or another symbol's.
        NoDataError: it tells no price.
    """
    data = decoded(body, _Quote, _WHO).data
    code = code_of(symbol) or symbol
    if data.symbol.lstrip("^_$") != code.lstrip("_"):
        raise MalformedError(f"{_WHO} answered for another symbol than {symbol}.")
    made = in_new_york(data.last_trade_time)
    if made is None or not is_sane(made, fetched_at):
        raise MalformedError(f"{_WHO} does not say when the price of {symbol} was made.")
    early = hours_of(made) is Phase.PRE
    session = previous_session(session_at(made)) if early else session_at(made)
    last, ended = _USD.price(data.current_price), session_close(session).timestamp()
    over = is_over(session, fetched_at, DELAY)
    close = _USD.price(data.close)
    # Outside the session the last price is not the session's; what `close` holds while it runs nobody says.
    price = close if over or hours_of(fetched_at - DELAY) is not Phase.OPEN else last
    if price is None:
        raise NoDataError(f"{_WHO} tells no price of {symbol}.")
    beside = over and last is not None and last != price
    return Quote(
        symbol=symbol,
        price=price,
        session=session,
        as_of=min(made, ended),
        fetched_at=fetched_at,
        source=SOURCE,
        delay=DELAY,
        final=over,
        open=_USD.price(data.open),
        high=_USD.price(data.high),
        low=_USD.price(data.low),
        volume=shares(data.volume, index=symbol.startswith("^")),
        currency="USD",
        extended_price=last if beside else None,
        extended_phase=("PRE" if early else "POST") if beside else None,
        extended_at=max(made, ended + 1) if beside else None,
    )


def parse_history(body: bytes, symbol: str, fetched_at: float) -> Bars:
    """Daily bars, oldest first, from where cents are fine enough; its latest day is missing for a while.

    Raises:
        MalformedError: it is no such answer.
        NoDataError: it has none that can be used.
    """
    index = symbol.startswith("^")
    days: dict[date, _Day] = {}
    for raw in decoded(body, _History, _WHO).data or ():
        row = decoded(bytes(raw), _Day, _WHO)
        day = day_of(row.date)
        if day is not None and _USD.price(row.close) is not None:
            days[day] = row
    dates = sorted(days)
    dates = dates[: finished(dates, fetched_at)]
    closes = [number(days[day].close) or 0.0 for day in dates]
    fine = next((place + 1 for place in range(len(closes) - 1, -1, -1) if closes[place] < COARSE), 0)
    kept = [
        day
        for place, day in enumerate(dates)
        if place >= fine and not (place > fine and implausible(closes[place], closes[place - 1]))
    ]
    if not kept:
        raise NoDataError(f"{_WHO} has no history of {symbol} that can be used.")

    def prices(name: str) -> list[float | None]:
        return [_USD.price(getattr(days[day], name)) for day in kept]

    return Bars(
        symbol=symbol,
        source=SOURCE,
        fetched_at=fetched_at,
        dates=kept,
        open=prices("open"),
        high=prices("high"),
        low=prices("low"),
        close=prices("close"),
        adj_close=[None] * len(kept),
        volume=[shares(days[day].volume, index=index) or None for day in kept],
        currency="USD",
    )


class Cboe:
    """Delayed quotes and daily bars of what New York trades. `http` is its own; conditional requests cost Cboe little."""

    name, source, label, batch, delay, whole, usable, trouble = SOURCE, SOURCE, _WHO, 8, DELAY, False, True, ""
    rests_until = 0.0

    def __init__(self, http: Http, *, base: str = BASE, clock: Callable[[], float] = time.time) -> None:
        self._http = http
        self._base = f"{base}/api/global/delayed_quotes"
        self._pace = Pace(EVERY, clock)

    def covers(self, symbol: str) -> bool:
        """Whether it could know this symbol."""
        return code_of(symbol) is not None

    async def ask(self, symbols: Sequence[str]) -> Batch:
        """The quotes of these symbols, a request for each that has not been asked for in the last minute.

        Raises:
            SourceError: it answers for none of them.
        """
        due = self._pace.due(symbols)
        found = await asyncio.gather(*map(self._quote, due), return_exceptions=True)
        quotes, refused, failed, answered = [], {}, [], []
        for symbol, each in zip(due, found, strict=True):
            if isinstance(each, Quote):
                quotes.append(each)
            elif isinstance(each, UnknownSymbolError):
                pass
            elif isinstance(each, MalformedError | NoDataError):
                refused[symbol] = str(each)
            elif isinstance(each, SourceError):
                failed.append(each)
                continue
            elif isinstance(each, BaseException):
                raise each
            answered.append(symbol)
        if not quotes and (failed or len(refused) > 1):
            raise failed[0] if failed else MalformedError(f"{_WHO}'s answers are not what they are known to be.")
        return self._pace.whole(symbols, answered, Batch(quotes=quotes, refused=refused))

    async def _quote(self, symbol: str) -> Quote:
        body, fetched_at = await self._get("quotes", symbol, urgent=True)
        return parse_quote(body, symbol, fetched_at)

    async def history(self, symbol: str, start: date | None = None) -> Bars:
        """Daily bars from `start`, without dividends; all since 2004 when None.

        Raises:
            SourceError: one of its kinds; nothing else.
        """
        body, fetched_at = await self._get("charts/historical", symbol)
        bars = await asyncio.to_thread(parse_history, body, symbol, fetched_at)
        return bars if start is None else since(bars, start)

    async def _get(self, kind: str, symbol: str, *, urgent: bool = False) -> tuple[bytes, float]:
        code = code_of(symbol)
        if code is None:
            raise UnknownSymbolError(f"{_WHO} does not quote {symbol}.")
        reply = await self._http.get(f"{self._base}/{kind}/{url_quote(code, safe='')}.json", urgent=urgent)
        if reply.status in _GONE:
            raise UnknownSymbolError(f"{_WHO} does not quote {symbol}.")
        if reply.status >= 500:
            raise UnreachableError(f"{_WHO} has a fault of its own ({reply.status}).")
        if reply.status != _OK:
            raise MalformedError(f"{_WHO} answered with an unexpected status ({reply.status}).")
        return reply.body, reply.fetched_at

    async def aclose(self) -> None:
        """Close the connections; safe to call twice."""
        await self._http.aclose()

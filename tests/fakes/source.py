"""A source under a test's hand: it yields what is put into it, and its histories are made of arithmetic."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta

from tui import sessions
from tui.model import Bar, Bars, Fund, Health, Instrument, Kind, Quote, State, Update
from tui.sources.base import NoDataError, SourceError, UnknownSymbolError, Wanted

SESSION = date(2024, 7, 12)
NOON = datetime(2024, 7, 12, 16, 0, tzinfo=UTC)
"""12:00 in New York."""


def days_before(session: date, count: int) -> list[date]:
    """That many sessions before one, oldest first."""
    found: list[date] = []
    while len(found) < count:
        session = sessions.previous_session(session)
        found.append(session)
    return found[::-1]


def bars(symbol: str, closes: Sequence[float | None], session: date = SESSION, volume: int | None = 1000) -> Bars:
    """Daily bars that end the session before `session`."""
    return Bars(
        symbol=symbol,
        source="fake",
        fetched_at=0.0,
        dates=days_before(session, len(closes)),
        open=list(closes),
        high=list(closes),
        low=list(closes),
        close=list(closes),
        adj_close=list(closes),
        volume=[volume] * len(closes),
    )


def quote(symbol: str, price: float | None, **more: object) -> Quote:
    """A quote of noon."""
    given: dict[str, object] = {
        "session": SESSION,
        "as_of": NOON.timestamp(),
        "fetched_at": NOON.timestamp(),
        "source": "fake",
    }
    return Quote(symbol=symbol, price=price, **(given | more))  # type: ignore[arg-type]


class FakeSource:
    """Knows the symbols of `histories`; `send` puts updates on the wire."""

    name = "fake"
    cheap_intraday = False

    def __init__(self, histories: dict[str, Bars] | None = None, now: datetime = NOON) -> None:
        self.histories = histories or {}
        self.moment = now
        self.asked: list[tuple[str, date | None]] = []
        self.errors: dict[str, SourceError] = {}
        self.closed = 0
        self.nature_text: str | None = None
        self.gate: asyncio.Event | None = None
        self._wire: asyncio.Queue[Update | Exception] = asyncio.Queue()

    def nature(self) -> str | None:
        return self.nature_text

    def now(self) -> datetime:
        return self.moment

    def send(self, *quotes: Quote, epoch: int, unknown: Sequence[str] = (), health: Health | None = None) -> None:
        health = health or Health(state=State.LIVE)
        self._wire.put_nowait(Update(epoch=epoch, quotes=list(quotes), unknown=list(unknown), health=health))

    def break_with(self, error: Exception) -> None:
        self._wire.put_nowait(error)

    async def instruments(self, symbols: Sequence[str]) -> list[Instrument]:
        return [Instrument(symbol=s, name=f"{s} Fund", kind=Kind.FUND) for s in symbols if s in self.histories]

    async def history(self, symbol: str, start: date | None = None) -> Bars:
        self.asked.append((symbol, start))
        if self.gate is not None:
            await self.gate.wait()
        if symbol in self.errors:
            raise self.errors[symbol]
        if symbol not in self.histories:
            raise UnknownSymbolError(f"{symbol} is not known")
        return self.histories[symbol]

    async def intraday(self, symbol: str, session: date | None = None) -> list[Bar]:
        opened = sessions.session_open(session or SESSION)
        return [
            Bar(time=(opened + timedelta(minutes=5 * i)).timestamp(), open=1.0, high=1.0, low=1.0, close=1.0, volume=1)
            for i in range(30)
        ]

    async def intraday_history(self, symbol: str) -> list[Bar]:
        raise NoDataError(f"none for {symbol}")

    async def quotes(self, wanted: Wanted) -> AsyncIterator[Update]:
        while True:
            item = await self._wire.get()
            if isinstance(item, Exception):
                raise item
            yield item

    async def fund(self, symbol: str) -> Fund:
        raise NoDataError(f"none for {symbol}")

    async def aclose(self) -> None:
        self.closed += 1

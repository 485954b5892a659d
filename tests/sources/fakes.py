"""Stand-ins at the seams of the played sources: the wall clock, the standing order and the archive."""

import asyncio
from collections.abc import Sequence
from datetime import date

from tui.model import Bar, Bars
from tui.sessions import session_open
from tui.sources.base import Wanted


class Wall:
    """A wall clock that moves when it is told to."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds

    def __call__(self) -> float:
        return self.seconds


class PacedWanted(Wanted):
    """An order whose pauses take no time, but move the wall clock on."""

    def __init__(self, wall: Wall) -> None:
        super().__init__()
        self.pauses: list[float] = []
        self._wall = wall

    async def wait(self, timeout: float) -> None:  # noqa: ASYNC109
        self.pauses.append(timeout)
        self._wall.seconds += timeout
        await asyncio.sleep(0)


class MemoryArchive:
    """An archive of what it is given: daily bars by symbol, five-minute bars by symbol and session."""

    def __init__(self, daily: Sequence[Bars], bars: dict[tuple[str, date], list[Bar]] | None = None) -> None:
        self._daily = {each.symbol: each for each in daily}
        self._bars = bars or {}

    def symbols(self) -> list[str]:
        return sorted(self._daily)

    def days(self) -> list[date]:
        return sorted({day for each in self._daily.values() for day in each.dates})

    def daily(self, symbol: str, start: date | None = None, end: date | None = None) -> Bars:
        held = self._daily.get(symbol) or daily_bars(symbol, {})
        kept = [
            place
            for place, day in enumerate(held.dates)
            if (start is None or day >= start) and (end is None or day <= end)
        ]
        columns = ("dates", "open", "high", "low", "close", "adj_close", "volume")
        return Bars(
            symbol=symbol,
            source=held.source,
            fetched_at=held.fetched_at,
            **{name: [getattr(held, name)[place] for place in kept] for name in columns},
        )

    def daily_many(self, symbols: Sequence[str], start: date, end: date) -> list[Bars]:
        return [bars for symbol in symbols if (bars := self.daily(symbol, start, end)).dates]

    def intraday(self, symbol: str, session: date) -> list[Bar]:
        return self._bars.get((symbol, session), [])

    def intraday_sessions(self, symbol: str) -> list[date]:
        return sorted(session for name, session in self._bars if name == symbol)


def daily_bars(symbol: str, closes: dict[date, float | None], volume: int | None = 1000) -> Bars:
    """Daily bars with these closes, a range of one around them, and the same volume on each day."""
    prices = list(closes.values())
    return Bars(
        symbol=symbol,
        source="test",
        fetched_at=0.0,
        dates=list(closes),
        open=list(prices),
        high=[None if price is None else price + 1 for price in prices],
        low=[None if price is None else price - 1 for price in prices],
        close=list(prices),
        adj_close=list(prices),
        volume=[volume] * len(prices),
    )


def five_minute_bars(session: date, closes: Sequence[float], volume: int | None = 10) -> list[Bar]:
    """Bars from the open on, each from the last close to its own, reaching a quarter beyond both."""
    begin = session_open(session).timestamp()
    opens = [closes[0], *closes[:-1]]
    return [
        Bar(
            time=begin + 300 * slot,
            open=opened,
            high=max(opened, close) + 0.25,
            low=min(opened, close) - 0.25,
            close=close,
            volume=volume,
        )
        for slot, (opened, close) in enumerate(zip(opens, closes, strict=True))
    ]

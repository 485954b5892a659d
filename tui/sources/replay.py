"""A past market played again from an archive: five-minute bars where it has them, whole days where it has not."""

import asyncio
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import ParamSpec, TypeVar

from msgspec import structs

from tui.model import Bar, Bars, Fund, Health, Instrument, Kind, Quote, State, Update
from tui.sessions import NEW_YORK, is_session, session_close, session_open
from tui.sources.base import Archive, NoDataError, SourceError, UnknownSymbolError, UnreachableError, Wanted
from tui.sources.demo_clock import PlayedClock
from tui.sources.replay_tape import SLOT, Tape

_P = ParamSpec("_P")
_T = TypeVar("_T")

USUAL = 30
"""Sessions that a symbol's usual day is taken from."""

_LONGEST = 1.0
_SHORTEST = 0.1
"""Wall seconds between two looks at the archive."""

_BARS_KEPT = 1024
"""Sessions of five-minute bars kept, of all symbols together: the last ones of a list, and several days of it."""

_RECENT_DAYS = 30
"""Calendar days read for all symbols at once; one that did not trade twice in them is looked up alone."""


class Replay:
    """Plays an archive from a session's open at `speed` times the wall clock, session after session.

    The constructor reads which sessions the archive has, and so belongs into a thread; later reads find one
    themselves.

    Args:
        archive: Where the bars are.
        date: The session to begin with, or the last one before it; None is the last session with five-minute bars
            for most of whose symbols the day's own bar is there as well, or the last session when there are none.
        speed: Played seconds per wall second; 0 stands still.
        clock: Wall seconds.
        instruments: What is known of the symbols besides bars.
        at_close: Whether to begin with the session's close instead of its open.

    Raises:
        NoDataError: the archive has no session on or before `date`; the message has its range.
        UnreachableError: the archive cannot be read.
        ValueError: `speed` is negative.
    """

    name = "replay"
    cheap_intraday = True

    def __init__(
        self,
        archive: Archive,
        date: date | None,
        speed: float = 60.0,
        clock: Callable[[], float] = time.time,
        instruments: Mapping[str, Instrument] | None = None,
        *,
        at_close: bool = False,
    ) -> None:
        self._archive = archive
        self._instruments = instruments or {}
        self._symbols = frozenset(_guarded(archive.symbols))
        self._sessions = _guarded(_programme, archive, date)
        self._bars = lru_cache(_BARS_KEPT)(self._read_bars)
        start = (session_close if at_close else session_open)(self._sessions[0])
        self._clock = PlayedClock(start, speed, clock, self._following)

    def nature(self) -> str:
        """The played minute in New York and the speed, if it moves: `REPLAY 2024-07-12 09:47 x60`."""
        speed = f" x{self._clock.speed:g}" if self._clock.speed else ""
        return f"REPLAY {self.now().astimezone(NEW_YORK):%Y-%m-%d %H:%M}{speed}"

    def now(self) -> datetime:
        """The played moment, UTC; a quarter of an hour after the last close it stands still."""
        return self._clock.now()

    async def instruments(self, symbols: Sequence[str]) -> list[Instrument]:
        """What was given of those symbols that the archive has; a `^` is at least known as an index."""
        return [
            self._instruments.get(symbol)
            or Instrument(symbol=symbol, kind=Kind.INDEX if symbol.startswith("^") else Kind.OTHER)
            for symbol in symbols
            if symbol in self._symbols
        ]

    async def history(self, symbol: str, start: date | None = None) -> Bars:
        """Daily bars before the played session, and its own once it is over.

        Raises:
            UnknownSymbolError: the archive does not have the symbol.
            NoDataError: no bar in the range.
            UnreachableError: the archive cannot be read.
        """
        if symbol not in self._symbols:
            raise UnknownSymbolError(f"{symbol}: not in the archive")
        moment = self.now()
        session = self._session(moment)
        end = session if moment >= session_close(session) else session - timedelta(days=1)
        bars = await asyncio.to_thread(_guarded, self._archive.daily, symbol, start, end)
        if not bars.dates:
            raise NoDataError(f"{symbol}: no daily bars up to {end} in the archive")
        return structs.replace(bars, volume=[None] * len(bars.dates)) if symbol.startswith("^") else bars

    async def intraday(self, symbol: str, session: date | None = None) -> list[Bar]:
        """Five-minute bars of a session that are finished by now; None is the played session.

        Raises:
            NoDataError: none are, or the session is still to come.
            UnreachableError: the archive cannot be read.
        """
        moment = self.now()
        day = session or self._session(moment)
        bars = await asyncio.to_thread(self._bars, symbol, day) if day <= self._session(moment) else []
        finished = [bar for bar in bars if bar.time + SLOT <= moment.timestamp()]
        if not finished:
            raise NoDataError(f"{symbol}: no five-minute bars of {day} in the archive so far")
        return finished

    async def intraday_history(self, symbol: str) -> list[Bar]:
        """Five-minute bars of the last `USUAL` sessions before the played one that have them.

        Raises:
            NoDataError: there are none.
            UnreachableError: the archive cannot be read.
        """
        bars = await asyncio.to_thread(self._read_usual, symbol, self._session(self.now()))
        if not bars:
            raise NoDataError(f"{symbol}: no five-minute bars before the played session in the archive")
        return bars

    async def quotes(self, wanted: Wanted) -> AsyncIterator[Update]:
        """All wanted symbols on a new order or session, then those with a newly finished bar."""
        epoch: int | None = None
        session: date | None = None
        tapes: dict[str, Tape] = {}
        seen: dict[str, Quote] = {}
        while True:
            want, moment = wanted.now, self.now()
            played = self._session(moment)
            fresh = (want.epoch, played) != (epoch, session)
            if fresh:
                try:
                    loaded = await asyncio.to_thread(self._tapes, want.symbols, played)
                except UnreachableError as error:
                    yield Update(epoch=want.epoch, health=Health(state=State.OFFLINE, detail=str(error)))
                    await wanted.wait(_LONGEST)
                    continue
                seen = seen if want.epoch == epoch else {}
                epoch, session, tapes = want.epoch, played, loaded
                # Reading took its time, of which much is played; a session that has begun meanwhile is next.
                later = self.now()
                moment = later if self._session(later) == played else moment
            quotes = [quote for tape in tapes.values() if (quote := tape.at(moment, self.name))]
            changed = [quote for quote in quotes if _differs(quote, seen.get(quote.symbol))]
            seen |= {quote.symbol: quote for quote in changed}
            if fresh:
                unknown = [symbol for symbol in want.symbols if not tapes[symbol].known]
                yield Update(epoch=want.epoch, quotes=changed, unknown=unknown, health=Health(state=State.LIVE))
            elif changed:
                yield Update(epoch=want.epoch, quotes=changed)
            await wanted.wait(self._pause())

    async def fund(self, symbol: str) -> Fund:
        """An archive of bars has no holdings.

        Raises:
            NoDataError: always.
        """
        raise NoDataError(f"{symbol}: no holdings in the archive")

    async def aclose(self) -> None:
        """Nothing is held open."""

    def _pause(self) -> float:
        """Wall seconds until the next slot ends, within bounds."""
        if self._clock.speed <= 0:
            return _LONGEST
        left = (SLOT - self.now().timestamp() % SLOT) / self._clock.speed
        return max(_SHORTEST, min(_LONGEST, left))

    def _following(self, day: date) -> date | None:
        place = bisect_right(self._sessions, day)
        return self._sessions[place] if place < len(self._sessions) else None

    def _session(self, moment: datetime) -> date:
        """The last session of the archive that has opened by now."""
        return self._sessions[bisect_right(self._sessions, moment, key=session_open) - 1]

    def _read_bars(self, symbol: str, session: date) -> list[Bar]:
        """The bars of the regular session; an index has no volume of its own."""
        begin, end = session_open(session).timestamp(), session_close(session).timestamp()
        bars = [bar for bar in _guarded(self._archive.intraday, symbol, session) if begin <= bar.time < end]
        return [structs.replace(bar, volume=None) for bar in bars] if symbol.startswith("^") else bars

    def _read_usual(self, symbol: str, before: date) -> list[Bar]:
        days = [day for day in _guarded(self._archive.intraday_sessions, symbol) if day < before]
        return [bar for day in days[-USUAL:] for bar in self._read_bars(symbol, day)]

    def _tapes(self, symbols: Sequence[str], session: date) -> dict[str, Tape]:
        """What is needed of each symbol to play a session. Blocking."""
        start = session - timedelta(days=_RECENT_DAYS)
        daily = {bars.symbol: bars for bars in _guarded(self._archive.daily_many, symbols, start, session)}
        tapes = {}
        for symbol in symbols:
            bars = daily.get(symbol)
            if symbol in self._symbols and (bars is None or sum(close is not None for close in bars.close) < 2):
                bars = _guarded(self._archive.daily, symbol, None, session)
            tapes[symbol] = Tape(symbol, session, bars, self._bars(symbol, session), self._instruments.get(symbol))
        return tapes


def _guarded(read: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """What an archive answers; whatever goes wrong in it becomes an error of a source, with its own words."""
    try:
        return read(*args, **kwargs)
    except SourceError:
        raise
    except Exception as error:
        raise UnreachableError(f"the archive cannot be read: {error}") from error


def _differs(new: Quote, old: Quote | None) -> bool:
    return old is None or (new.as_of, new.price, new.volume, new.final) != (old.as_of, old.price, old.volume, old.final)


def _fullest(archive: Archive, symbols: Sequence[str], days: Collection[date]) -> date | None:
    """The last of `days` on which most of these symbols have a daily bar: where the daily bars have ended, nothing is compared."""
    if not days:
        return None
    daily = archive.daily_many(symbols, min(days), max(days))
    counts = Counter(
        day for bars in daily for day, close in zip(bars.dates, bars.close, strict=True) if close is not None
    )
    most = max((counts[day] for day in days), default=0)
    return max(day for day in days if counts[day] * 2 > most or not most)


def _programme(archive: Archive, asked: date | None) -> list[date]:
    """The archive's sessions from the one to begin with, in order.

    Raises:
        NoDataError: none on or before the day that was asked for.
    """
    detailed = {symbol: found for symbol in archive.symbols() if (found := archive.intraday_sessions(symbol))}
    days = {day for found in detailed.values() for day in found if is_session(day)}
    whole = sorted({day for day in archive.days() if is_session(day)} | days)
    if not whole:
        raise NoDataError("the archive has no bars of any session")
    first = bisect_right(whole, asked or _fullest(archive, list(detailed), days) or whole[-1]) - 1
    if first < 0:
        raise NoDataError(f"no session on or before {asked}: the archive has {whole[0]} to {whole[-1]}")
    return whole[first:]

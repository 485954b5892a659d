"""Five-minute bars that a live source has told, kept in the history: a later start has them when nobody can be asked."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Protocol

from msgspec import Struct

from tui import sessions
from tui.model import Bar, DataError
from tui.sources.base import Source, SourceError, UnknownSymbolError

log = logging.getLogger(__name__)

BAR_SECONDS = 300
USUAL_DAYS = 95
"""Calendar days of stored bars that stand in for those of the source: 63 sessions fit in them."""


class BarStore(Protocol):
    """Where bars are kept; blocking, called in a thread."""

    def append_intraday_many(self, bars: Mapping[str, Sequence[Bar]]) -> object:
        """Store five-minute bars by symbol, all in one commit."""

    def intraday_between(self, symbol: str, first: date, last: date) -> list[Bar]:
        """Five-minute bars of these sessions, oldest first."""


class Pace(Struct, frozen=True, kw_only=True):
    """How soon bars are written."""

    gather: float = 2.0
    """Seconds for which bars of other symbols are waited for: they are asked for together, and written in one commit."""
    rest: float = 60.0
    """Seconds between two commits at least."""


class KeptBars:
    """Asks a source for bars, keeps what it tells, and falls back on what is kept. On one event loop.

    A bar is kept once its five minutes are over; a later answer with other figures replaces it.
    """

    def __init__(self, source: Source, store: BarStore, pace: Pace | None = None) -> None:
        self._source = source
        self._store = store
        self._pace = pace or Pace()
        self._known: dict[str, dict[float, Bar]] = {}
        self._waiting: dict[str, dict[float, Bar]] = {}
        self._writing: asyncio.Task[None] | None = None
        self._busy = asyncio.Lock()

    async def intraday(self, symbol: str, session: date | None = None) -> list[Bar]:
        """Five-minute bars of a session, of the source or else of those kept.

        Raises:
            SourceError: the source has none, and none are kept.
        """
        try:
            bars = await self._source.intraday(symbol, session)
        except UnknownSymbolError:
            raise
        except SourceError:
            day = session or sessions.session_of(self._source.now())
            if kept := await self._kept(symbol, day, day):
                return kept
            raise
        self._keep(symbol, bars)
        return bars

    async def intraday_history(self, symbol: str) -> list[Bar]:
        """Five-minute bars of recent sessions before the current one, of the source or else of those kept.

        Raises:
            SourceError: the source has none, and none are kept.
        """
        try:
            bars = await self._source.intraday_history(symbol)
        except UnknownSymbolError:
            raise
        except SourceError:
            last = sessions.previous_session(sessions.session_of(self._source.now()))
            if kept := await self._kept(symbol, last - timedelta(days=USUAL_DAYS), last):
                return kept
            raise
        self._keep(symbol, bars)
        return bars

    async def aclose(self) -> None:
        """Write what waits; safe to call twice."""
        async with self._busy:  # a commit that has begun ends first
            if self._writing is not None:
                self._writing.cancel()
                with suppress(asyncio.CancelledError):
                    await self._writing
        await self._write()

    async def _kept(self, symbol: str, first: date, last: date) -> list[Bar]:
        """The bars that are stored or wait to be."""
        try:
            stored = await asyncio.to_thread(self._store.intraday_between, symbol, first, last)
        except DataError as error:
            log.warning("no kept bars of %s: %s", symbol, error)
            stored = []
        start = sessions.session_open(first).timestamp() if sessions.is_session(first) else 0.0
        late = {t: bar for t, bar in self._waiting.get(symbol, {}).items() if start <= t < _end(last)}
        return [bar for _, bar in sorted(({bar.time: bar for bar in stored} | late).items())]

    def _keep(self, symbol: str, bars: Sequence[Bar]) -> None:
        """Have the bars written that are over and not known yet."""
        over = self._source.now().timestamp() - BAR_SECONDS
        known = self._known.setdefault(symbol, {})
        new = {bar.time: bar for bar in bars if bar.time <= over and known.get(bar.time) != bar}
        if not new:
            return
        known |= new
        self._waiting.setdefault(symbol, {}).update(new)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_soon(), name="five-minute bars")

    async def _write_soon(self) -> None:
        try:
            await asyncio.sleep(self._pace.gather)
            while self._waiting:
                await self._write()
                await asyncio.sleep(self._pace.rest)
        finally:
            self._writing = None

    async def _write(self) -> None:
        """Commit what waits; what cannot be written now is kept when the next answer tells it again."""
        async with self._busy:
            waiting, self._waiting = self._waiting, {}
            if not waiting:
                return
            listed = {symbol: list(by_time.values()) for symbol, by_time in waiting.items()}
            try:
                await asyncio.to_thread(self._store.append_intraday_many, listed)
            except DataError as error:
                log.warning("five-minute bars are not kept: %s", error)
                for symbol in waiting:
                    self._known.pop(symbol, None)


def _end(day: date) -> float:
    """The end of the day's session, with what is told of the close itself."""
    return sessions.session_close(sessions.last_session(day)).timestamp() + BAR_SECONDS

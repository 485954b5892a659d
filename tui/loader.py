"""From history to baselines, off the event loop: what is stored is used at once, what is missing is asked for.

One round: read the tail of what is stored, make baselines in a thread, publish them; then fetch a few symbols whose
history is absent or ends too early, store it, and make those baselines anew. What is visible comes first; a list
that changes meanwhile changes what is fetched next.
"""

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta

from tui import loader_steps as steps
from tui import sessions
from tui.analytics.figures import Baseline, Profile
from tui.jobs import ended
from tui.loader_steps import Shelf
from tui.model import Bars, DataError
from tui.sources.base import LimitedError, NoDataError, Source, SourceError, UnknownSymbolError, Wanted

__all__ = ["PROXIES", "Loader", "Shelf"]
log = logging.getLogger(__name__)

BATCH = 16
"""Symbols whose history is fetched before their baselines are made."""
OVERLAP_DAYS = 7
"""Days fetched again with an append, to notice an adjustment."""
RETRY_SECONDS = 60.0
LOOK_SECONDS = 600.0
"""How often the clock is looked at meanwhile; a machine may sleep through a close."""
PROXIES = ("IWM", "SPY")
"""Whose day stands for a symbol without five-minute bars of its own."""


class Loader:
    """Keeps `baselines` and `profiles` for what is wanted. All state is touched on the event loop only."""

    def __init__(self, source: Source, shelf: Shelf, wanted: Wanted, *, fetch: bool) -> None:
        self.baselines: dict[str, Baseline] = {}
        self.made = 0  # baselines so far: as long as it stands still, so do they
        self.profiles: dict[str, Profile] = {}
        self.notes: dict[str, str] = {}
        """Why a symbol has no history, in words."""
        self.on_loaded: Callable[[set[str]], None] = lambda _symbols: None
        self.on_complete: Callable[[], None] = lambda: None
        """Called when something was loaded and nothing is left to load."""
        self._source = source
        self._shelf = shelf
        self._wanted = wanted
        self._fetch = fetch
        self._sessions: dict[str, date] = {}
        self._fetched: dict[str, date] = {}
        self._not_before: dict[str, float] = {}
        self._last_stored: dict[str, date] = {}
        self._read: dict[str, date] = {}
        self._profiled: set[tuple[str, date]] = set()
        self._need = asyncio.Event()
        self.idle = asyncio.Event()
        """Set while nothing is left to load."""
        self._loaded_some = False
        self.after_close = steps.AFTER_CLOSE + random.random() * steps.SPREAD
        """How long after the close the day is appended to what is stored."""
        self._appended: dict[str, date] = {}

    def need(self, sessions_by_symbol: dict[str, date]) -> None:
        """Tell which session each symbol's quote belongs to; a symbol whose baseline is for another is loaded."""
        for symbol, session in sessions_by_symbol.items():
            if self._sessions.get(symbol) != session:
                self._sessions[symbol] = session
                self._wake()

    def session(self, symbol: str) -> date:
        """The session that a symbol's baseline is for."""
        return self._sessions.get(symbol) or sessions.session_of(self._source.now())

    def renew(self) -> None:
        """Forget failures and look again: the user asked, or the list has changed."""
        self._not_before.clear()
        self._wake()

    def _wake(self) -> None:
        self.idle.clear()
        self._need.set()

    async def run(self) -> None:
        """Load whatever is needed, for as long as the program runs."""
        while True:
            await self._wait()
            epoch = self._wanted.now.epoch
            try:
                await self._read_stored(epoch)
                await self._fetch_missing(epoch)
                await self._read_profiles()
                await self._append_day(epoch)
            except DataError as error:
                self._failed(str(error))
            except Exception:
                log.exception("the history failed")
                self._failed("the history could not be read; see the log")
            if not self._need.is_set() and not self._due_to_fetch():
                self.idle.set()
                if self._loaded_some:
                    self._loaded_some = False
                    self.on_complete()

    def _failed(self, reason: str) -> None:
        """Say why figures are missing; what is there stays, and the next order or refresh tries again."""
        log.warning("history: %s", reason)
        lacking = {symbol for symbol in self._wanted.now.symbols if symbol not in self.baselines}
        self.notes |= dict.fromkeys(lacking, reason)
        self.on_loaded(lacking)
        self.idle.set()

    async def _wait(self) -> None:
        """Until something is needed, a failed fetch may be tried again, or the day may be appended."""
        loop = asyncio.get_running_loop()
        pending = [self._not_before[s] for s in self._wanted.now.symbols if s in self._not_before]
        pause = max(0.05, min(pending) - loop.time()) if pending and self._fetch else None
        if self._keeps_days():
            pause = min(pause or LOOK_SECONDS, max(0.05, self._until_append()))
        with suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._need.wait()
        self._need.clear()

    async def _read_stored(self, epoch: int) -> None:
        """Baselines of all wanted symbols that have none for their session, from what is stored."""
        due: dict[date, list[str]] = defaultdict(list)
        for symbol in self._ordered():
            session = self.session(symbol)
            held = self.baselines.get(symbol)
            if (held is None or held.session != session) and self._read.get(symbol) != session:
                due[session].append(symbol)
        for session, due_symbols in due.items():
            await self._baseline(due_symbols, session, epoch)

    async def _baseline(self, symbols: Sequence[str], session: date, epoch: int) -> None:
        made, last, holes = await asyncio.to_thread(steps.make, self._shelf, symbols, session)
        if epoch != self._wanted.now.epoch:
            symbols = [s for s in symbols if s in self._wanted.now.symbols]
        self._last_stored |= last
        loaded = set()
        for symbol in symbols:
            self._read[symbol] = session
            if symbol in made and self._current(symbol, session):
                self.baselines[symbol] = made[symbol]
                self.made += 1
                self._loaded_some = True
                self.notes[symbol] = holes.get(symbol, "")
                loaded.add(symbol)
            elif not self._fetch:
                self.notes[symbol] = "no stored history before this session: outpace history import"
                loaded.add(symbol)
        if loaded:
            self.on_loaded(loaded)

    def _current(self, symbol: str, session: date) -> bool:
        """Whether the stored history reaches up to `session`, or is all that the source has.

        Windows count sessions: with the last ones missing, every figure would be another window's.
        """
        if not self._fetch or self._fetched.get(symbol) == session:
            return True
        last = self._last_stored.get(symbol)
        return last is not None and last >= sessions.previous_session(session)

    def _ordered(self) -> list[str]:
        want = self._wanted.now
        return list(dict.fromkeys((*want.visible, *want.symbols)))

    def _due_to_fetch(self) -> list[str]:
        """Wanted symbols whose stored history ends before the session that precedes theirs, visible ones first."""
        now = asyncio.get_running_loop().time()
        return [
            symbol
            for symbol in (self._ordered() if self._fetch else ())
            if not self._current(symbol, self.session(symbol)) and self._not_before.get(symbol, 0.0) <= now
        ]

    async def _fetch_missing(self, epoch: int) -> None:
        while (batch := self._due_to_fetch()[:BATCH]) and not self._need.is_set():
            answers = await self._meanwhile(asyncio.gather(*map(self._history, batch)))
            await self._store([bars for bars in answers if bars is not None], epoch)

    async def _store(self, fetched: Sequence[Bars], epoch: int) -> None:
        """Keep what was fetched, and make those baselines anew."""
        if full := [bars for bars in fetched if bars.dates]:
            await asyncio.to_thread(self._shelf.append, full)
        by_session: dict[date, list[str]] = defaultdict(list)
        for bars in fetched:
            by_session[self.session(bars.symbol)].append(bars.symbol)
        for session, symbols in by_session.items():
            await self._baseline(symbols, session, epoch)

    def _keeps_days(self) -> bool:
        """Whether the days of this market are to be stored: it is that of now, and stored at all."""
        return self._fetch and self._source.nature() is None

    def _until_append(self) -> float:
        """Seconds until the day may be appended, 10 min at most."""
        now = self._source.now()
        left = (sessions.session_close(sessions.session_of(now)) + self.after_close - now).total_seconds()
        return left if 0 < left < LOOK_SECONDS else LOOK_SECONDS

    def _due_to_append(self, now: datetime) -> list[str]:
        """Wanted symbols whose session is over for a while and not stored yet, visible ones first."""
        soonest = asyncio.get_running_loop().time()
        due = []
        for symbol in self._ordered() if self._keeps_days() else ():
            session, last = self.session(symbol), self._last_stored.get(symbol)
            over = sessions.session_close(session) + self.after_close <= now
            stored = last is None or last >= session or self._appended.get(symbol) == session
            if over and not stored and self._not_before.get(symbol, 0.0) <= soonest:
                due.append(symbol)
        return due

    async def _append_day(self, epoch: int) -> None:
        """Append the session that is over to what is stored, once for each symbol."""
        while (batch := self._due_to_append(self._source.now())[:BATCH]) and not self._need.is_set():
            # Another instance may have appended it.
            self._last_stored |= await asyncio.to_thread(self._shelf.last_sessions, batch)
            lacking = [symbol for symbol in batch if self._last_stored[symbol] < self.session(symbol)]
            for symbol in set(batch).difference(lacking):
                self._not_before.pop(symbol, None)
            answers = await self._meanwhile(asyncio.gather(*(self._history(s, quietly=True) for s in lacking)))
            fetched = [bars for bars in answers if bars is not None]
            self._appended |= {bars.symbol: self.session(bars.symbol) for bars in fetched}
            await self._store(fetched, epoch)

    async def _meanwhile(self, fetching: "asyncio.Future[list[Bars | None]]") -> list[Bars | None]:
        """What is being fetched, in the end; until then what is needed anew is read from what is stored."""
        try:
            while not fetching.done():
                needed = asyncio.ensure_future(self._need.wait())
                await asyncio.wait((fetching, needed), return_when=asyncio.FIRST_COMPLETED)
                needed.cancel()
                if self._need.is_set() and not fetching.done():
                    self._need.clear()
                    await self._read_stored(self._wanted.now.epoch)
            return fetching.result()
        finally:
            await ended(fetching)

    async def _history(self, symbol: str, *, quietly: bool = False) -> Bars | None:
        """The missing part of one symbol's history; None when it could not be had now, with a note unless `quietly`."""
        session = self.session(symbol)
        last = self._last_stored.get(symbol)
        start = last - timedelta(days=OVERLAP_DAYS) if last else None
        try:
            bars = await self._source.history(symbol, start)
            if start is not None and await asyncio.to_thread(steps.was_adjusted, self._shelf, bars):
                bars = await self._source.history(symbol, None)
        except LimitedError as error:
            seconds = max(RETRY_SECONDS, error.retry_at - self._source.now().timestamp())
            self._put_off(symbol, seconds, str(error), quietly=quietly)
        except (UnknownSymbolError, NoDataError) as error:
            self._fetched[symbol] = self._appended[symbol] = session
            self._not_before.pop(symbol, None)
            if not quietly:
                self.notes[symbol] = str(error)
                self.on_loaded({symbol})
        except SourceError as error:
            self._put_off(symbol, RETRY_SECONDS, str(error), quietly=quietly)
        else:
            self._fetched[symbol] = session
            self._not_before.pop(symbol, None)
            return bars
        return None

    def _put_off(self, symbol: str, seconds: float, reason: str, *, quietly: bool) -> None:
        self._not_before[symbol] = asyncio.get_running_loop().time() + seconds
        if not quietly:
            self.notes[symbol] = reason
        log.info("history of %s put off for %.0f s: %s", symbol, seconds, reason)

    async def _read_profiles(self) -> None:
        """The usual day of the proxies, and of each wanted symbol where it costs no request."""
        symbols = [*PROXIES, *(self._ordered() if self._source.cheap_intraday else ())]
        for symbol in dict.fromkeys(symbols):
            if self._need.is_set():
                return
            session = self.session(symbol)
            if symbol.startswith("^") or (symbol, session) in self._profiled:
                continue
            self._profiled.add((symbol, session))
            try:
                bars = await self._source.intraday_history(symbol)
            except SourceError as error:
                # Where there are none, as in a past session, the symbols of a fund would fill the log with one line each.
                level = logging.DEBUG if isinstance(error, NoDataError) else logging.INFO
                log.log(level, "no usual day for %s: %s", symbol, error)
                continue
            made = await asyncio.to_thread(steps.profile, symbol, bars, session)
            if made is not None:
                self.profiles[symbol] = made
                self.on_loaded({symbol} if symbol not in PROXIES else set(self._wanted.now.symbols))

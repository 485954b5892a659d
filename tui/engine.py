"""The pump: runs a source, applies its batches to the live store, keeps baselines loaded and reports the state.

One event loop, no locks. Whoever shows the market sets `on_wake` and calls `drain` at its own pace.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from datetime import date

from tui import sessions
from tui.loader import Loader, Shelf
from tui.model import Bar, DataError, Health, Quote, State, Update
from tui.sources.base import LimitedError, Source, UnreachableError, Wanted
from tui.store.live import Live

log = logging.getLogger(__name__)

RESTART_SECONDS = 5.0
"""Pause before a source that failed unexpectedly is started again."""


class Engine:
    """One source with its live quotes and baselines, for one list and one benchmark at a time."""

    def __init__(
        self,
        source: Source,
        shelf: Shelf,
        *,
        fetch: bool,
        stale_after: float,
        recall: Callable[[Sequence[str]], list[Quote]] | None = None,
    ) -> None:
        self.source = source
        self.shelf = shelf
        self.live = Live()
        self.wanted = Wanted()
        self.loader = Loader(source, shelf, self.wanted, fetch=fetch)
        self.loader.on_loaded = self._loaded
        self.health = Health(state=State.WAITING)
        self.stale_after = stale_after
        self.benchmark = ""
        self.on_wake: Callable[[], None] = lambda: None
        self.on_health: Callable[[Health], None] = lambda _health: None
        self._recall = recall
        self._forgotten = asyncio.Event()
        self._news = asyncio.Event()
        self._told: set[str] = set()
        self._intraday: dict[tuple[str, date | None], list[Bar]] = {}
        self._whole: set[tuple[str, date | None]] = set()

    def watch(self, symbols: Sequence[str], benchmark: str) -> None:
        """Follow another list or benchmark; what comes back late for the old one is dropped."""
        self.benchmark = benchmark
        self.wanted.order(tuple(dict.fromkeys((*symbols, benchmark))))
        self.live.touch(set(self.wanted.now.symbols))
        self.loader.need(self._sessions())
        self.loader.renew()
        self._forgotten.set()
        self.on_wake()

    def look_at(self, visible: Sequence[str]) -> None:
        """Tell which symbols are on the screen: they are asked for first."""
        if visible != self.wanted.now.visible:
            self.wanted.order(self.wanted.now.symbols, tuple(visible), same_epoch=True)

    def refresh(self) -> None:
        """Ask again now for what is wanted, without waiting for the source's own round."""
        self.loader.renew()
        self.wanted.order(self.wanted.now.symbols, self.wanted.now.visible)

    async def run(self) -> None:
        """Pump until cancelled; leaves no task behind."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._pump(), name="quotes")
            group.create_task(self.loader.run(), name="history")
            if self._recall is not None:
                group.create_task(self._remember(self._recall), name="last known")

    async def _remember(self, recall: Callable[[Sequence[str]], list[Quote]]) -> None:
        """Show the last stored session of what has no quote yet: a screen is never blank for want of a network."""
        while True:
            await self._forgotten.wait()
            self._forgotten.clear()
            want = self.wanted.now
            missing = [symbol for symbol in want.symbols if symbol not in self.live.quotes]
            try:
                found = await asyncio.to_thread(recall, missing)
            except DataError as error:
                log.warning("nothing is remembered: %s", error)
                continue
            self._take_in(Update(epoch=want.epoch, quotes=found))

    async def _pump(self) -> None:
        while True:
            try:
                async with contextlib.aclosing(self.source.quotes(self.wanted)) as updates:  # type: ignore[type-var]
                    async for update in updates:
                        self.apply(update)
            except DataError as error:
                log.warning("%s: %s", self.source.name, error)
                self._report(Health(state=State.OFFLINE, detail=str(error)))
            except Exception:
                log.exception("the feed of %s failed", self.source.name)
                self._report(Health(state=State.OFFLINE, detail="the feed failed; see the log"))
            await asyncio.sleep(RESTART_SECONDS)

    def apply(self, update: Update) -> None:
        """Take in what a source yielded."""
        if update.health is not None:
            self._report(update.health)
        if update.epoch == self.wanted.now.epoch:
            self._told.update(quote.symbol for quote in update.quotes)
        self._take_in(update)

    def _take_in(self, update: Update) -> None:
        """Take in quotes that were told, or remembered, for the present list."""
        if update.epoch != self.wanted.now.epoch:
            return
        changed = self.live.apply(update, self.wanted.now.epoch)
        quotes = self.live.quotes
        self.loader.need({q.symbol: s for q in update.quotes if (s := quotes[q.symbol].session) is not None})
        if changed:
            self.on_wake()
        self._news.set()

    def _sessions(self) -> dict[str, date]:
        now = sessions.session_of(self.source.now())
        quotes = self.live.quotes
        return {s: (quotes[s].session if s in quotes else None) or now for s in self.wanted.now.symbols}

    def _loaded(self, symbols: set[str]) -> None:
        self.live.touch(set(self.wanted.now.symbols) if self.benchmark in symbols else symbols)
        self._news.set()
        self.on_wake()

    def _report(self, health: Health) -> None:
        if health != self.health:
            self.health = health
            self.on_health(health)
        self._news.set()

    async def intraday(self, symbol: str) -> list[Bar]:
        """Five-minute bars of the symbol's session, asked for anew while it runs and once more when it is over.

        Empty when there are none; where the source has none now, those it had last.
        """
        quote = self.live.quotes.get(symbol)
        key = (symbol, quote.session if quote else None)
        if key not in self._whole:
            over = quote is None or quote.final
            try:
                self._intraday[key] = await self.source.intraday(*key)
                self._forget_bars(key)
            except DataError as error:
                log.info("no intraday bars for %s: %s", symbol, error)
                over = over and not isinstance(error, LimitedError | UnreachableError)
                self._intraday.setdefault(key, [])
            if over:
                self._whole.add(key)
        return self._intraday[key]

    def _forget_bars(self, key: tuple[str, date | None]) -> None:
        """Let go of the bars of a symbol's other sessions: the program stays open for days."""
        for old in [each for each in self._intraday if each[0] == key[0] and each != key]:
            del self._intraday[old]
            self._whole.discard(old)

    async def settle(self, seconds: float) -> bool:
        """Wait until every wanted symbol has been answered and nothing is left to load; False on time-out."""
        try:
            async with asyncio.timeout(seconds):
                while not self._answered():
                    self._news.clear()
                    await self._news.wait()
                await self.loader.idle.wait()
        except TimeoutError:
            return False
        return True

    def _answered(self) -> bool:
        known = self._told | self.live.unknown
        bad = self.health.state in {State.OFFLINE, State.LIMITED}
        return bad or all(symbol in known for symbol in self.wanted.now.symbols)

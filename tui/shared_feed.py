"""One live source for all instances on a home: one of them asks it, the others follow the state that it writes.

Whoever holds the lease (`store.lease`) asks the source for what all of them want (`store.wishes`) and writes what it
tells (`store.state`), at once and then every second while somebody follows, else every five. The others read that. A
holder that ends is followed by another within half a second; one that is stopped, or whose machine slept, within five
seconds, and it follows when it comes back. The engine sees one source either way.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct

from tui.kept_bars import BarStore, KeptBars
from tui.model import Bar, Bars, Fund, Instrument, Quote, Update
from tui.shared_book import Book, hinted, part_of
from tui.sources.base import Source, Want, Wanted
from tui.store.lease import SECONDS as LEASE_SECONDS
from tui.store.lease import Lease
from tui.store.state import Saved, States
from tui.store.wishes import SECONDS as WISH_SECONDS
from tui.store.wishes import Wish, Wishes

BYTES_PER_SECOND = 100_000
"""A large state is written less often: the disk has other things to do."""

log = logging.getLogger(__name__)

T = TypeVar("T")


class Pace(Struct, frozen=True, kw_only=True):
    """How long things last, in seconds; a test turns them."""

    beat: float = 1.0
    """Between two signs of life of who asks."""
    look: float = 0.5
    """Between two looks of who follows."""
    lease: float = LEASE_SECONDS
    """Without a sign of life, another one asks."""
    wish: float = WISH_SECONDS
    """After which the wish of an instance that is gone does not count."""
    save: float = 5.0
    """Between two states on the disk."""
    save_followed: float = 1.0
    """The same while somebody follows."""


class SharedFeed:
    """A live source, shared with the other instances that are given the same folder.

    Args:
        inner: The source itself; its quotes are asked for by one instance at a time.
        folder: Where lease, wishes and states lie.
        bars: Where five-minute bars are kept; None keeps none.
    """

    def __init__(self, inner: Source, folder: Path, bars: BarStore | None = None, pace: Pace | None = None) -> None:
        self.name = inner.name
        self.names = frozenset({inner.name, *getattr(inner, "names", ())})
        """All that a quote of ours may name as its source."""
        self.cheap_intraday = inner.cheap_intraday
        self.asks = False
        """Whether it is we who ask the source now."""
        self._inner: Any = inner
        self._pace = pace or Pace()
        self._lease = Lease(folder, seconds=self._pace.lease)
        self._wishes = Wishes(folder, seconds=self._pace.wish)
        self._states = States(folder)
        self._bars = KeptBars(inner, bars) if bars is not None else None
        self._union = Wanted()
        self._others: list[Wish] = []
        self._book = Book()
        self._unsaved = asyncio.Event()
        self._alone = False
        # Of its own: while all threads compute, the lease must not be lost. One, so that its steps never overlap.
        self._disk = ThreadPoolExecutor(1, thread_name_prefix="shared feed")
        self._closed = False

    # --- what is not shared -------------------------------------------------------------------------------------

    def nature(self) -> str | None:
        """As the source says."""
        return self._inner.nature()  # type: ignore[no-any-return]

    def now(self) -> datetime:
        """As the source says."""
        return self._inner.now()  # type: ignore[no-any-return]

    async def history(self, symbol: str, start: date | None = None) -> Bars:
        """Daily bars, as the source tells them.

        Raises:
            SourceError: one of its kinds; nothing else.
        """
        return await self._inner.history(symbol, start)  # type: ignore[no-any-return]

    async def intraday(self, symbol: str, session: date | None = None) -> list[Bar]:
        """Five-minute bars of one session (the current or last when None), of the source or else of those kept.

        Raises:
            SourceError: one of its kinds; nothing else.
        """
        return await (self._bars or self._inner).intraday(symbol, session)

    async def intraday_history(self, symbol: str) -> list[Bar]:
        """Five-minute bars of the recent sessions before the current one, of the source or else of those kept.

        Raises:
            SourceError: one of its kinds; nothing else.
        """
        return await (self._bars or self._inner).intraday_history(symbol)

    async def fund(self, symbol: str) -> Fund:
        """What the fund holds, as the source tells it; raises a SourceError."""
        return await self._inner.fund(symbol)  # type: ignore[no-any-return]

    async def instruments(self, symbols: Sequence[str]) -> list[Instrument]:
        """What the source, or who asks it, knows of these symbols; no request is made."""
        found = {each.symbol: each for each in await self._inner.instruments(symbols)}
        known = self._book.instruments | found
        return [known[symbol] for symbol in symbols if symbol in known]

    @property
    def question(self) -> str:
        """What a provider wants the user to decide; empty when nothing is open."""
        return getattr(self._inner, "question", "")

    async def consent(self, agree: bool) -> None:
        """The user's answer to `question`."""
        await self._inner.consent(agree)

    async def aclose(self) -> None:
        """Write what is not written yet, let another instance ask, and close the source; safe to call twice."""
        if not self._closed:
            self._closed = True
            if self._bars is not None:
                await self._bars.aclose()
            await self._save()
            await self._on_disk(self._leave)
            self._disk.shutdown(wait=False)
        await self._inner.aclose()

    # --- the quotes ---------------------------------------------------------------------------------------------

    async def quotes(self, wanted: Wanted) -> AsyncGenerator[Update, None]:
        """What the source tells, asked by us or by another instance; never raises a SourceError."""
        while True:
            self.asks, saved = await self._on_disk(partial(self._look, wanted.now))
            part = self._lead(wanted) if self.asks else self._follow(wanted, saved)
            async with aclosing(part) as updates:
                async for update in updates:
                    yield update

    async def _lead(self, wanted: Wanted) -> AsyncGenerator[Update, None]:
        """Ask the source for what all want, and tell them, until the lease is lost."""
        self._book.inherit(await self._on_disk(self._states.load))
        self._order(wanted.now, self._others, anew=True)
        log.info("this instance asks %s", self.name)
        async with aclosing(self._inner.quotes(self._union)) as rounds:
            polled = asyncio.ensure_future(anext(rounds))
            ordered = asyncio.ensure_future(wanted.wait(3600))
            beating = asyncio.create_task(self._beat(wanted), name="lease")
            saving = asyncio.create_task(self._keep_saving(), name="last state")
            tasks = (polled, ordered, beating, saving)
            epoch = wanted.now.epoch
            try:
                while not beating.done():
                    await asyncio.wait((polled, ordered, beating), return_when=asyncio.FIRST_COMPLETED)
                    if ordered.done():
                        self._order(wanted.now, self._others, anew=wanted.now.epoch != epoch)
                        epoch = wanted.now.epoch
                        ordered = asyncio.ensure_future(wanted.wait(3600))
                    if polled.done():
                        update: Update = polled.result()
                        if self._book.take(update):
                            self._unsaved.set()
                        if (ours := part_of(update, wanted.now)) is not None:
                            yield ours
                        polled = asyncio.ensure_future(anext(rounds))
                    tasks = (polled, ordered, beating, saving)
                beating.result()
                log.info("another instance asks %s now", self.name)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _follow(self, wanted: Wanted, saved: Saved | None) -> AsyncGenerator[Update, None]:
        """Tell what the instance that asks has written (`saved`, and what comes), until it is we who ask."""
        last: Saved | None = None
        epoch = -1
        shown: dict[str, Quote] = {}
        while True:
            want = wanted.now
            if want.epoch != epoch:
                epoch, last, shown = want.epoch, None, {}
            if saved is not None and saved is not last:
                last = saved
                self._book.learn(saved.instruments)
                quotes = {quote.symbol: quote for quote in saved.quotes}
                new = [q for s in want.symbols if (q := quotes.get(s)) is not None and shown.get(s) != q]
                shown = quotes
                unknown = sorted(set(saved.unknown).intersection(want.symbols))
                yield Update(epoch=epoch, quotes=new, unknown=unknown, health=hinted(saved.health))
            await wanted.wait(self._pace.look)
            self.asks, saved = await self._on_disk(partial(self._look, wanted.now))
            if self.asks:
                return

    # --- who asks -----------------------------------------------------------------------------------------------

    def _order(self, want: Want, others: Sequence[Wish], *, anew: bool) -> None:
        """Want what all of us want; our own comes first."""
        symbols = tuple(dict.fromkeys((*want.symbols, *(s for wish in others for s in wish.symbols))))
        seen: tuple[str, ...] = want.visible
        if any(wish.visible for wish in others):
            seen = tuple(dict.fromkeys((*(seen or want.symbols[:60]), *(s for wish in others for s in wish.visible))))
        same = not anew and set(symbols) == set(self._union.now.symbols)
        if not same or seen != self._union.now.visible:
            self._union.order(symbols, seen, same_epoch=same)

    async def _beat(self, wanted: Wanted) -> None:
        """Show that we are there, and see what the others want; ends when the lease is lost."""
        while True:
            await asyncio.sleep(self._pace.beat)
            held, others = await self._on_disk(self._sign)
            if not held:
                return
            if others != self._others:
                self._others = others
                self._order(wanted.now, others, anew=False)
                self._unsaved.set()

    async def _keep_saving(self) -> None:
        """Write the state when something was told, and not more often than need be."""
        while True:
            await self._unsaved.wait()
            size = await self._save()
            least = self._pace.save_followed if self._others else self._pace.save
            await asyncio.sleep(max(least, size / BYTES_PER_SECOND if least else 0.0))

    async def _save(self) -> int:
        """Write the state if it is ours to write and is not written yet; returns its size."""
        if not self._unsaved.is_set() or not self._lease.term:
            return 0
        self._unsaved.clear()
        self._book.learn(await self._inner.instruments(self._book.symbols))
        saved = self._book.saved(self.now().timestamp())
        try:
            return await self._on_disk(partial(self._write, saved))
        except OSError as error:
            log.warning("the last state cannot be written: %s", error)
            return 0
        except asyncio.CancelledError:
            self._unsaved.set()
            raise

    # --- on the disk's own thread -------------------------------------------------------------------------------

    async def _on_disk(self, step: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._disk, step)

    def _look(self, want: Want) -> tuple[bool, Saved | None]:
        """Whether it is we who ask; if not, say what we want, and read what the one who asks has written."""
        try:
            if self._alone or self._lease.hold():
                self._wishes.withdraw()
                return True, None
            self._wishes.tell(Wish(want.symbols, want.visible))
        except OSError as error:
            log.warning("quotes are not shared with other windows: %s", error)  # each asks for itself
            self._alone = True
            return True, None
        return False, self._states.load() if self._lease.alive else None

    def _sign(self) -> tuple[bool, list[Wish]]:
        """Beat, and read what the others want."""
        if self._alone:
            return True, []
        try:
            return self._lease.hold(), self._wishes.others()
        except OSError as error:
            log.warning("quotes are no longer shared with other windows: %s", error)
            self._alone = True
            return True, []

    def _write(self, saved: Saved) -> int:
        return self._states.save(self._lease.term, saved) if self._lease.term else 0

    def _leave(self) -> None:
        self._wishes.withdraw()
        self._lease.release()

"""Quotes as a stream that follows what is wanted: rounds, batches, ways in their order, and no step back."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Protocol

from tui.model import Health, Instrument, State, Update
from tui.sessions import Phase, phase
from tui.sources.base import SourceError, Want, Wanted
from tui.sources.batch import Batch
from tui.sources.feed_book import Book, Told
from tui.sources.feed_health import frozen, health_of, slow, symbol_notes
from tui.sources.feed_turns import Turns
from tui.sources.needs import Need
from tui.sources.ways import Way
from tui.sources.yahoo_plan import ROUND, Plan, on_screen
from tui.sources.yahoo_pricing import quote_of, streamable
from tui.sources.yahoo_stream import SILENCE, Stream

_JUMP = 30.0
"""Seconds by which a pause may last longer than it should before the machine must have slept."""

SLOW = 45.0
"""Seconds of a round without an answer for the screen, after which the picture is said to be stale."""

_IN_VAIN = "Yahoo's stream tells nothing new. Prices are asked for every 15 s instead."

_log = logging.getLogger(__name__)


class Consenting(Protocol):
    """Who may have a question for the user."""

    question: str
    """Empty when nothing is open."""

    async def consent(self, agree: bool) -> None:
        """Take the answer."""


class Nobody:
    """Has no question."""

    question = ""

    async def consent(self, agree: bool) -> None:
        """There was no question."""


class Feed:
    """Several ways to quotes, and the loop that takes them in turn.

    Args:
        ways: For what is on the screen and for the rest, who is asked, in order.
        clock: Epoch seconds UTC; it may jump.
        jitter: The factor by which a pause is stretched.
        stream: Serves what is on the screen as long as it can; the ways fill what it leaves.
        consenting: Who may have a question for the user.
    """

    def __init__(
        self,
        ways: Mapping[Need, Sequence[Way]],
        *,
        clock: Callable[[], float],
        jitter: Callable[[], float],
        stream: Stream | None = None,
        consenting: Consenting | None = None,
        plan: Plan | None = None,
    ) -> None:
        self._clock = clock
        self._jitter = jitter
        self._stream = stream
        self._was_up = False
        self._useful_at = 0.0
        self._consenting = consenting or Nobody()
        self._plan = plan or Plan()
        self._turns = Turns(ways, clock, jitter)
        self._book = Book(self._turns.rank)
        self.sources = frozenset(way.source for order in ways.values() for way in order)
        """What the quotes may name as their source."""

    @property
    def instruments(self) -> Mapping[str, Instrument]:
        """What the quotes so far have told of their symbols."""
        return self._book.instruments

    @property
    def question(self) -> str:
        """What only the user can decide; empty when nothing is open."""
        return self._consenting.question

    async def consent(self, agree: bool) -> None:
        """The user's answer to `question`."""
        await self._consenting.consent(agree)

    async def quotes(self, wanted: Wanted) -> AsyncGenerator[Update, None]:
        """Rounds of quotes, those on the screen first, and what the stream brings between them; no failure ends them.

        A failure is an update with its health. On a new list, what is known of it is told again at once.
        """
        if self._stream is None:
            async with aclosing(self._rounds(wanted)) as updates:
                async for update in updates:
                    yield update
            return
        streaming = asyncio.create_task(self._stream.run(), name="stream")
        async with aclosing(self._rounds(wanted)) as rounds:
            polled = asyncio.ensure_future(anext(rounds))
            pushed = asyncio.ensure_future(self._stream.news.wait())
            try:
                while True:
                    await asyncio.wait((polled, pushed), return_when=asyncio.FIRST_COMPLETED)
                    if pushed.done():
                        if (news := self._pushed(wanted.now)) is not None:
                            yield news
                        pushed = asyncio.ensure_future(self._stream.news.wait())
                    if polled.done():
                        yield polled.result()
                        polled = asyncio.ensure_future(anext(rounds))
            finally:
                for task in (polled, pushed, streaming):
                    task.cancel()
                await asyncio.gather(polled, pushed, streaming, return_exceptions=True)

    async def _rounds(self, wanted: Wanted) -> AsyncGenerator[Update, None]:
        """What the ways tell, round after round."""
        epoch, failures = -1, 0
        while True:
            want = wanted.now
            self._follow(want)
            if want.epoch != epoch:
                epoch = want.epoch
                if (update := self._recalled(want)) is not None:
                    yield update
            pause = ROUND * self._jitter()
            try:
                async with aclosing(self._round(want, wanted)) as updates:
                    async for update in updates:
                        failures = 0
                        yield update
                pause = max(pause, self._turns.rest())
            except Exception:  # noqa: BLE001 (logged, and shown)
                # A fault of ours in one answer must not end the stream of all.
                _log.exception("a round of quotes failed")
                failures += 1
                yield Update(epoch=epoch, health=Health(state=State.STALE, detail="A round failed; see the log."))
                pause = min(pause * 2 ** min(failures - 1, 4), 300.0)
            await self._rest(wanted, epoch, pause)

    async def _rest(self, wanted: Wanted, epoch: int, pause: float) -> None:
        """Wait out the pause; a new list cuts it short, not scrolling in the old one. After a sleep all is asked anew."""
        until = self._clock() + pause
        left = pause
        # More left than the whole pause means that the clock was set back.
        while 0 < left <= pause and wanted.now.epoch == epoch:
            part = min(left, ROUND)
            before = self._clock()
            await wanted.wait(part)
            if self._clock() - before > part + _JUMP:
                self._woke()
                return
            self._follow(wanted.now)
            left = until - self._clock()

    def _woke(self) -> None:
        """The machine has slept: what could not be reached may be there now, and a connection may be dead."""
        _log.info("the clock has jumped ahead: all is asked again")
        self._turns.woke()
        if self._stream is not None:
            self._stream.renew()

    def _recalled(self, want: Want) -> Update | None:
        """What is known of a list before any request."""
        quotes = [self._book.quotes[symbol] for symbol in want.symbols if symbol in self._book.quotes]
        unknown = self._plan.unknown(want, self._clock())
        return Update(epoch=want.epoch, quotes=quotes, unknown=unknown) if quotes or unknown else None

    async def _round(self, want: Want, wanted: Wanted) -> AsyncGenerator[Update, None]:
        """Ask batch by batch for what is due; after 15 s what is not on the screen waits for the next round."""
        started, loop = self._clock(), asyncio.get_running_loop()
        # By a clock that does not jump.
        began = loop.time()
        served = self._stream.served() if self._stream is not None and self._streaming else frozenset()
        due = self._plan.due(want, started, self._book.quotes, self._book.zones(), served)
        turns = self._turns
        if strange := turns.begin(due, want):
            self._plan.missing(strange, started)
            yield Update(epoch=want.epoch, unknown=strange)
        while wanted.now.epoch == want.epoch and (turns.pressing or self._clock() - started < ROUND):
            found = turns.next()
            if found is None:
                break
            way, symbols = found
            asking = asyncio.ensure_future(way.ask(symbols))
            try:
                if not await self._in_time(asking, want, symbols, SLOW - (loop.time() - began)):
                    yield Update(epoch=want.epoch, health=slow(way))
                told = self._book.take(symbols, await asking)
                told.check(way.label, symbols)
            except SourceError as error:
                _log.info("%s cannot answer: %s", way.name, error)
                turns.failed(way, symbols, error)
                continue
            finally:
                asking.cancel()
            yield self._update(want, way, symbols, told)
        if turns.lost:
            yield Update(epoch=want.epoch, health=self._health(want, {}))

    async def _in_time(self, asking: asyncio.Future[Batch], want: Want, symbols: list[str], seconds: float) -> bool:
        """Wait for an answer; False where the screen would wait for it too long."""
        if self._streaming or not set(on_screen(want)) & set(symbols):
            return True
        await asyncio.wait((asking,), timeout=max(0.0, seconds))
        return asking.done()

    def _update(self, want: Want, way: Way, symbols: list[str], told: Told) -> Update:
        """What an answer tells that is new and not worse; whom it leaves open waits for the next way."""
        unknown = self._turns.answered(way, symbols, told, self._book.quotes)
        now = self._clock()
        self._plan.asked(symbols, now)
        self._plan.missing(unknown, now)
        return Update(epoch=want.epoch, quotes=told.quotes, unknown=unknown, health=self._health(want, told.doubts))

    def _follow(self, want: Want) -> None:
        """Let the stream serve what is on the screen, as long as anything of it can move."""
        if self._stream is not None:
            moving = self._plan.moving(want, self._clock(), self._book.zones())
            self._stream.follow([symbol for symbol in on_screen(want) if streamable(symbol)] if moving else ())

    def _pushed(self, want: Want) -> Update | None:
        """What the stream has brought since it was last asked."""
        assert self._stream is not None
        now = self._clock()
        quotes = [
            quote
            for pricing in self._stream.take()
            if pricing.symbol in want.symbols
            and (quote := quote_of(pricing, self._book.quotes, self._book.instruments, now)) is not None
        ]
        told = self._book.push(quotes)
        if told.quotes:
            self._useful_at = now
        changed = self._was_up is not self._streaming
        if not told.quotes and not told.doubts and not changed:
            return None
        self._was_up = self._streaming
        return Update(epoch=want.epoch, quotes=told.quotes, health=self._health(want, told.doubts))

    @property
    def _streaming(self) -> bool:
        """Whether the stream serves: it is up and, in an open market, has lately told something that could be used."""
        if self._stream is None or not self._stream.up:
            return False
        now = self._clock()
        return now - self._useful_at <= SILENCE or phase(datetime.fromtimestamp(now, UTC)) is not Phase.OPEN

    @property
    def _vain(self) -> str:
        """What to say of a stream that is up and tells nothing new."""
        assert self._stream is not None
        return _IN_VAIN if self._stream.up and self._useful_at else ""

    def _health(self, want: Want, doubts: Mapping[str, str]) -> Health:
        """How what is on the screen is doing."""
        notes = symbol_notes(doubts, self._book.differing(on_screen(want)))
        streaming = self._streaming
        if self._stream is not None and (trouble := self._stream.trouble or ("" if streaming else self._vain)):
            notes.append(trouble)
        health = health_of(
            self._turns.ways[Need.VISIBLE],
            self._turns.gates,
            self._turns.answering,
            notes,
            self._consenting.question,
            streaming=streaming,
        )
        if health.state not in {State.LIVE, State.DELAYED}:
            return health
        shown = [self._book.quotes[symbol] for symbol in on_screen(want) if symbol in self._book.quotes]
        return frozen(shown, self._book.zones(), self._clock()) or health

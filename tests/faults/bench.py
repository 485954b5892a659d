"""One script, played: the real engine over the real chain, all pauses and limits as in use, only the hours made short."""

import asyncio
import logging
import random
import re
import ssl
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults import truth
from tests.faults.loop import play
from tests.faults.server import Market, Spoil
from tests.faults.stream import SpoilFrames, Ticker
from tui.assembly import STALE_SECONDS
from tui.board import Board
from tui.config import Settings, Yahoo
from tui.config_chain import Addresses
from tui.config_chain import Chain as Orders
from tui.engine import Engine
from tui.model import SEVERITY, Quote, State
from tui.sources.chain_make import Knobs, make
from tui.sources.credentials import Key
from tui.store.memory import Memory

YAHOO = ("cookie", "crumb", "quote", "spark", "chart")
ALL = (*YAHOO, "cboe", "past")
SETTLED = 3 * 3600.0
"""Seconds after a fault within which nothing must be left of it, not even a word."""

_TIME = re.compile(r"\b\d\d:\d\d\b")


@dataclass(frozen=True)
class Step:
    """Something that goes wrong, `at` seconds after the fault begins: an answer, the stream, or the line itself."""

    spoil: Spoil | None = None
    where: Sequence[str] = ()
    frames: SpoilFrames | None = None
    stream: Callable[[Ticker], None] | None = None
    line: str = ""
    """`down`: nobody listens; else the name of a certificate to listen with."""
    at: float = 0.0


@dataclass(frozen=True)
class Script:
    """A fault as data: what happens, and what must come of it."""

    name: str
    fault: str
    """What the fault is, for a reader of the README."""
    steps: Sequence[Step]
    state: State
    """The state word while it lasts, once the screen can know."""
    says: str = ""
    """What the status line explains, with every time as 14:35."""
    back: float = 15.0
    """Seconds after its end within which every price is new and the word is LIVE."""
    lasts: float = 60.0
    """Seconds."""
    stream: bool = False
    """Whether the stream takes part."""
    symbols: Sequence[str] = truth.SYMBOLS
    history: bool = False
    """Whether daily bars are fetched too; `says` is then what a row says for want of them."""
    tls: bool = False
    kept: bool = True
    """Whether the prices of before the fault are there when it begins."""
    settles: bool = False
    """Whether to go on until nothing is left of it, not even a word; where others show it, that need not be seen again."""


@dataclass
class Played:
    """What came of a script."""

    word: State = State.WAITING
    words: list[State] = field(default_factory=list)
    says: str = ""
    back: float = -1.0
    shown: dict[str, float | None] = field(default_factory=dict)
    before: dict[str, float | None] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    handles: tuple[int, int, int] = (0, 0, 0)
    """Open files and sockets before, at most, and after."""
    asked: list[str] = field(default_factory=list)


class _Errors(logging.Handler):
    """Keeps what was logged as an error: nothing that comes from outside is one."""

    def __init__(self, kept: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._kept = kept

    def emit(self, record: logging.LogRecord) -> None:
        self._kept.append(logging.Formatter("%(name)s: %(message)s").format(record))


class Bench:
    """A market, an engine over it, and a witness that knows every true price."""

    def __init__(self, script: Script, folder: Path, certificates: dict[str, ssl.SSLContext]) -> None:
        self.script = script
        self.folder = folder
        self.certificates = certificates
        self.played = Played()
        self._high: dict[str, float] = {}

    def clock(self) -> float:
        return truth.START + asyncio.get_running_loop().time()

    async def play(self) -> Played:
        """The whole script; what is left over is counted at the end."""
        loop, played = asyncio.get_running_loop(), self.played
        loop.set_exception_handler(lambda _loop, context: played.errors.append(str(context)))
        handler = _Errors(played.errors)
        logging.getLogger("tui").addHandler(handler)
        handles = _handles()
        try:
            async with AsyncExitStack() as stack:
                await self._open(stack)
                await self._act()
                played.handles = (handles, self._most, 0)
        finally:
            logging.getLogger("tui").removeHandler(handler)
        await asyncio.sleep(1)
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        played.left = [task.get_name() for task in tasks]
        played.handles = (handles, self._most, _handles())
        return played

    async def _open(self, stack: AsyncExitStack) -> None:
        script = self.script
        tls = self.certificates.get("good") if script.tls else None
        self.market = await stack.enter_async_context(Market(clock=self.clock, tls=tls))
        self.ticker = await stack.enter_async_context(Ticker(self.clock)) if script.stream else None
        self.chain = chain(self.market, self.clock, self.folder, self.ticker)
        stack.push_async_callback(self.chain.aclose)
        self.engine = Engine(self.chain, Memory(), fetch=script.history, stale_after=STALE_SECONDS)
        self.board = Board(self.engine, window="1M", volume_window=63)  # type: ignore[arg-type]
        self.engine.on_wake = self._look
        pump = asyncio.create_task(self.engine.run(), name="engine")
        stack.push_async_callback(_stopped, pump)
        self.pump = pump

    async def _act(self) -> None:
        """Good times, the fault, and good times again."""
        script, played, self._most = self.script, self.played, _handles()
        if not script.kept:
            await self._steps()
        self.engine.watch(script.symbols, script.symbols[0])
        if script.kept:
            await self.until(self._well, 120)
            await asyncio.sleep(30)
            played.before = self._prices()
            await self._steps()
        await self._watch(script.lasts)
        played.word, played.says, played.shown = self.word(), _TIME.sub("14:35", self._says()), self._prices()
        self._most = max(self._most, _handles())
        ended = self.clock()
        await self._mend()
        played.back = await self.until(lambda: self._well() and self._new(ended), script.back + 3600)
        if script.settles:
            await self.until(lambda: self._well() and not self._says(), SETTLED)
        played.asked = self.market.kinds()
        assert not self.pump.done()

    async def _steps(self) -> None:
        begun = asyncio.get_running_loop().time()
        for step in self.script.steps:
            await asyncio.sleep(max(0.0, begun + step.at - asyncio.get_running_loop().time()))
            self.market.spoils.update(dict.fromkeys(step.where, step.spoil) if step.spoil else {})
            if self.ticker is not None:
                self.ticker.spoil = step.frames or self.ticker.spoil
                if step.stream is not None:
                    step.stream(self.ticker)
            if step.line:
                await self.market.down()
            if step.line and step.line != "down":
                await self.market.up(self.certificates[step.line])

    async def _mend(self) -> None:
        """The fault is over."""
        self.market.spoils.clear()
        if self.ticker is not None:
            self.ticker.spoil, self.ticker.deaf, self.ticker.ends, self.ticker.refuse = None, False, None, None
        if any(step.line for step in self.script.steps):
            await self.market.down()
            await self.market.up()

    async def _watch(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while loop.time() < end:
            await asyncio.sleep(min(5.0, end - loop.time()))
            self._look()
            if not self.played.words or self.played.words[-1] is not self.word():
                self.played.words.append(self.word())

    async def until(self, done: Callable[[], bool], within: float) -> float:
        """Seconds until it holds; those of the program's own clock."""
        begun = asyncio.get_running_loop().time()
        while not done():
            passed = asyncio.get_running_loop().time() - begun
            assert passed < within, (self.script.name, self.word(), self.engine.health, self._prices())
            await asyncio.sleep(0.5 if passed < 30 else 5.0)
            self._look()
        return asyncio.get_running_loop().time() - begun

    def word(self) -> State:
        """What the status line says: the worst state of what is visible."""
        states = [self.board.state(symbol) for symbol in self.script.symbols]
        return max(states, key=SEVERITY.__getitem__)

    def _says(self) -> str:
        notes = list(dict.fromkeys(self.engine.loader.notes.values())) if self.script.history else []
        return " ".join(notes or [self.engine.health.detail])

    def _well(self) -> bool:
        loaded = not self.script.history or all(s in self.engine.loader.baselines for s in self.script.symbols)
        return loaded and self.word() is State.LIVE and None not in self._prices().values()

    def _new(self, since: float) -> bool:
        """Whether every price was made since."""
        return all(self.engine.live.quotes[symbol].as_of >= since - 1 for symbol in self.script.symbols)

    def _prices(self) -> dict[str, float | None]:
        held = self.engine.live.quotes
        return {symbol: held[symbol].price if symbol in held else None for symbol in self.script.symbols}

    def _look(self) -> None:
        """The witness: every price is the true one of its time, and no time steps back."""
        for symbol, quote in self.engine.live.quotes.items():
            wrong = _wrong(quote, self.clock(), self._high.get(symbol, 0.0))
            self._high[symbol] = max(quote.as_of, self._high.get(symbol, 0.0))
            if wrong and wrong not in self.played.wrong:
                self.played.wrong.append(wrong)


def _wrong(quote: Quote, now: float, high: float) -> str:
    if quote.price is None:
        return f"{quote.symbol} has lost its price"
    if abs(quote.price - truth.price(quote.symbol, int(quote.as_of))) > 1e-9:
        return f"{quote.symbol} {quote.price} of {quote.source} is not true"
    if quote.as_of > now + 1:
        return f"{quote.symbol} is of the future"
    if quote.session != truth.SESSION:
        return f"{quote.symbol} is of {quote.session}"
    return f"{quote.symbol} steps back" if quote.as_of < high else ""


def chain(market: Market, clock: Callable[[], float], folder: Path, ticker: Ticker | None, **keys: Key) -> Any:
    """The chain of the program: its limits, its pauses, its orders."""
    settings = Settings(
        yahoo=Yahoo(base=market.url, cookie=f"{market.url}/cookie", stream=ticker.url if ticker else Yahoo().stream),
        addresses=Addresses(cboe=market.url, alpaca=market.url, tiingo=market.url, finnhub=market.url),
        chain=Orders(),
    )
    return make(settings, keys, folder, Knobs(clock=clock, jitter=lambda: 1.0))[0]


async def _stopped(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _handles() -> int:
    """Open files and sockets of this process."""
    return len(list(Path("/dev/fd").iterdir()))


def run(script: Script, folder: Path, certificates: dict[str, ssl.SSLContext] | None = None) -> Played:
    """Play one script on a loop of its own; chance is the same in every run."""
    random.seed(script.name)
    return play(Bench(script, folder, certificates or {}).play())

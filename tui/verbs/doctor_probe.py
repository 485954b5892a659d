"""`outpace doctor --probe`: each source asked once, one after the other, for something small that it surely has."""

import asyncio
import os
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tui.config import Paths, Settings
from tui.config import Yahoo as YahooAddresses
from tui.config_chain import Addresses
from tui.config_chain import Chain as Orders
from tui.model import DataError, Quote, State
from tui.sources.base import SourceError, Wanted
from tui.sources.credentials import VARIABLES, Key, KeyFileError, load
from tui.typed import converted

if TYPE_CHECKING:
    from tui.sources.chain import Chain

SYMBOL = "SPY"
"""What is asked for: everybody knows it."""

PATIENCE = 45.0
"""Seconds for one source; a time-out and one retry fit in."""

STREAM_PATIENCE = 12.0
"""Seconds for a first frame; a silent stream is no fault while nothing trades."""

_DAYS = timedelta(days=10)


class Probe(Struct, frozen=True):
    """One question to one source: its name, what for, and who asks; the answer is in words for the user."""

    name: str
    need: str
    ask: Callable[[], Awaitable[str]]


async def probe(probes: list[Probe]) -> AsyncGenerator[tuple[bool, str, str], None]:
    """Ask them in turn: whether it is well, whom, and what came of it. Nothing that a source sent is in the words."""
    for each in probes:
        began = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                found, fine = await each.ask(), True
        except TimeoutError:
            found, fine = f"no answer in {PATIENCE:.0f} s", False
        except DataError as error:
            found, fine = str(error), False
        except Exception as error:  # noqa: BLE001 (a doctor reports whatever is wrong; the name alone tells no secret)
            found, fine = f"failed ({type(error).__name__})", False
        yield fine, each.name, f"{each.need}: {found} ({1000 * (time.perf_counter() - began):.0f} ms)"


class Probes:
    """The probes that the settings ask for. What it opens is closed by `aclose`; `clock` is epoch seconds UTC."""

    def __init__(self, settings: Settings, paths: Paths, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._settings = settings
        self._paths = paths
        self._open: list[Callable[[], Awaitable[None]]] = []
        self._keys: dict[str, Key] = {}
        self.problem = ""
        """Why the file of keys cannot be used."""
        try:
            self._keys = load(paths.config_dir / "keys.toml", os.environ)
        except KeyFileError as error:
            self.problem = str(error)

    def all(self) -> list[Probe]:
        """One for each source of each need, in the order of the settings."""
        order = self._settings.chain
        ways = list(dict.fromkeys((*order.visible, *order.list)))
        probes = [self._stream() if way == "yahoo-stream" else self._quotes(way) for way in ways if self._is_there(way)]
        probes += [self._bars(name, "daily bars") for name in order.history if self._is_there(name)]
        probes += [self._bars(name, "five-minute bars") for name in order.intraday if self._is_there(name)]
        # Those below have no addresses in the settings: what is sent to a proxy or a test is sent nowhere else.
        return probes if self._elsewhere else probes + self._funds() + self._series()

    def without_keys(self) -> list[str]:
        """Sources of the chain that are passed over for want of the user's key."""
        order = self._settings.chain
        names = dict.fromkeys((*order.visible, *order.list, *order.history, *order.intraday))
        return [name for name in names if name in VARIABLES and name not in self._keys]

    async def aclose(self) -> None:
        """Close every connection."""
        while self._open:
            await self._open.pop()()

    @property
    def _elsewhere(self) -> bool:
        return self._settings.yahoo.base != YahooAddresses().base

    def _is_there(self, name: str) -> bool:
        if name in VARIABLES and name not in self._keys:
            return False
        if not self._elsewhere or name.startswith("yahoo"):
            stays = YahooAddresses().stream if name == "yahoo-stream" and self._elsewhere else ""
            return self._settings.yahoo.stream != stays
        return bool(getattr(self._settings.addresses, name) != getattr(Addresses(), name))

    def _chain(self, **orders: tuple[str, ...]) -> "Chain":
        """A chain of one source, of the same limits, cookie and silences as the program's."""
        from tui.sources.chain_make import Knobs, make

        nobody: dict[str, tuple[str, ...]] = dict.fromkeys(("visible", "list", "history", "intraday"), ())
        settings = replace(self._settings, chain=converted(nobody | orders, Orders))
        chain = make(settings, self._keys, self._paths.cache_dir, Knobs(clock=self._clock))[0]
        self._open.append(chain.aclose)
        return chain

    def _quotes(self, way: str) -> Probe:
        async def ask() -> str:
            chain, wanted = self._chain(visible=(way,)), Wanted()
            wanted.order((SYMBOL,), (SYMBOL,))
            async with aclosing(chain.quotes(wanted)) as updates:
                async for update in updates:
                    if update.quotes:
                        return _told(update.quotes[0], chain.now())
                    if update.health is not None and update.health.state is not State.WAITING:
                        raise SourceError(update.health.detail or "it tells no price")
            raise SourceError("it tells no price")

        return Probe(way, "quotes", ask)

    def _stream(self) -> Probe:
        async def ask() -> str:
            from tui.sources.http_breaker import Breaker
            from tui.sources.yahoo_stream import Stream

            silence = Breaker("Yahoo", (900.0,), self._clock, self._paths.cache_dir / "yahoo-breaker.json")
            stream = Stream(self._settings.yahoo.stream, silence, clock=self._clock)
            stream.follow((SYMBOL,))
            running = asyncio.create_task(stream.run())
            try:
                async with asyncio.timeout(STREAM_PATIENCE):
                    await stream.news.wait()
            except TimeoutError:
                pass
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
            told = stream.take()
            if told:
                return f"{SYMBOL} {told[-1].price:g} as it is made"
            if stream.trouble:
                raise SourceError(stream.trouble.partition(" Prices are")[0])
            return "connected; no price came, as when nothing trades"

        return Probe("yahoo-stream", "quotes", ask)

    def _bars(self, name: str, need: str) -> Probe:
        async def daily() -> str:
            chain = self._chain(history=(name,))
            bars = await chain.history(SYMBOL, chain.now().date() - _DAYS)
            return f"{len(bars.dates)} sessions of {SYMBOL} up to {bars.dates[-1]}"

        async def intraday() -> str:
            bars = await self._chain(intraday=(name,)).intraday(SYMBOL)
            return f"{len(bars)} bars of {SYMBOL}"

        return Probe(name, need, daily if need == "daily bars" else intraday)

    def _funds(self) -> list[Probe]:
        from tui.sources.holdings.invesco import Invesco
        from tui.sources.holdings.ishares import IShares
        from tui.sources.holdings.ssga import SSGA
        from tui.sources.http import Http

        issuers = {"ishares": (IShares, "IWM"), "ssga": (SSGA, "SPY"), "invesco": (Invesco, "QQQ")}

        def one(name: str) -> Probe:
            kind, symbol = issuers[name]

            async def ask() -> str:
                issuer = kind(Http(name))
                self._open.append(issuer.aclose)
                fund = await issuer.fund(symbol)
                return f"{len(fund.holdings)} positions of {symbol} on {fund.as_of}"

            return Probe(name, "holdings", ask)

        return [one(name) for name in self._settings.chain.holdings if name in issuers]

    def _series(self) -> list[Probe]:
        from tui.sources.drivers.fred import Fred
        from tui.sources.drivers.live import FRED_LIMITS, TREASURY_LIMITS
        from tui.sources.drivers.treasury import Treasury
        from tui.sources.http import Http

        async def treasury() -> str:
            source = Treasury(Http("The Treasury", limits=TREASURY_LIMITS))
            self._open.append(source.aclose)
            curve = await source.yields(_today())
            return f"{len(curve)} tenors up to {max(each.dates[-1] for each in curve)}"

        async def fred() -> str:
            source = Fred(Http("FRED", limits=FRED_LIMITS))
            self._open.append(source.aclose)
            series = await source.series("DGS10", _today() - 3 * _DAYS)
            return f"DGS10 up to {series.dates[-1]}"

        asked = {"treasury": treasury, "fred": fred}
        order = self._settings.chain
        names = dict.fromkeys((*order.yields, *order.macro))
        return [Probe(name, "yields", asked[name]) for name in names if name in asked]


def _today() -> date:
    return datetime.now(UTC).date()


def _told(quote: Quote, now: datetime) -> str:
    """A quote in words, with its age."""
    if quote.price is None:
        raise SourceError(f"it knows {SYMBOL}, and tells no price")
    seconds = max(0.0, now.timestamp() - quote.as_of)
    age = (
        f"{seconds:.0f} s"
        if seconds < 120
        else f"{seconds / 60:.0f} min"
        if seconds < 7200
        else f"{seconds / 3600:.0f} h"
    )
    return f"{quote.symbol} {quote.price:.2f}, {age} old"

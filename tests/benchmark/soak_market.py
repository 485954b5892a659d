"""A live market on loopback sockets, played at speed: Yahoo's answers out of recordings, its stream, and small accidents.

A thread of the parent serves; the program finds it by its `config.toml`, and has its clock turned. Every price follows from
the symbol and the second alone, so that what the program holds can be checked against what was said.
"""

import asyncio
import json
import logging
import math
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

from tests.conftest import SHARED
from tests.fakes.source import days_before
from tests.faults.truth import CLOSES, OPENED, REGULAR, SESSION
from tests.sources.server import QUICK, Answer, Request, Server, recorded
from tests.sources.ws_server import StreamServer, pricing
from tests.sources.yahoo_payloads import DAY, answer, chart, record, spark
from tui.model import Quote
from tui.sessions import session_open

START = OPENED + 1800
BEGAN, SPEED = "OUTPACE_SOAK_BEGAN", "OUTPACE_SOAK_SPEED"
"""Variables that tell the program when the played day began, and how fast it is."""
SESSIONS = 300
EVERY = 0.25
"""Wall seconds between two prices of every symbol on the stream."""
ACCIDENTS = 40
"""Every so many requests one is left without an answer; every so many rounds the stream is cut."""
RECORDED_CHART = SHARED / "recordings" / "yahoo" / "chart" / "satvalue_SPY_5y_1d.json"
RECORDED_TOP = SHARED / "recordings" / "yahoo" / "quotesummary" / "pageQQQ_quoteSummary_QQQ_formatted.json"

CONFIG = """
[yahoo]
base = "{url}"
cookie = "{url}/cookie"
stream = "{stream}"

[chain]
holdings = ["yahoo"]
"""


def played(began: float, speed: float) -> Callable[[], float]:
    """The played clock: epoch seconds UTC, nights included."""
    return lambda: START + (time.time() - began) * speed


def price(symbol: str, at: float) -> float:
    """What a symbol costs at a second of the session."""
    seed = crc32(symbol.encode())
    return round((20 + seed % 400) * (1 + 0.01 * math.sin(int(at) / (200 + seed % 700))), 2)


def told(quote: Quote) -> float | None:
    """What was said of a quote's symbol at its time; None for a price of another session."""
    return price(quote.symbol, quote.as_of) if OPENED <= quote.as_of <= CLOSES and not quote.final else None


def turn() -> Callable[[Quote], float | None]:
    """In the program: the clock that is played, no waiting by the wall, and nobody asked but the loopback."""
    from tui import assembly
    from tui.sources import base, chain_make

    speed = float(os.environ[SPEED])
    clock = played(float(os.environ[BEGAN]), speed)
    make, wait = chain_make.make, base.Wanted.wait

    def made(settings: Any, keys: Any, cache_dir: Path) -> Any:
        knobs = chain_make.Knobs(
            clock=clock, limits=QUICK, hosts=frozenset({"127.0.0.1"}), heartbeat=0.5, pauses=(0.05, 0.5)
        )
        return make(settings, {}, cache_dir, knobs)

    async def shorter(wanted: base.Wanted, seconds: float) -> None:
        await wait(wanted, seconds / speed)

    chain_make.make = made
    base.Wanted.wait = shorter  # type: ignore[method-assign]
    assembly._drivers = lambda _settings, _yahoo: None  # type: ignore[assignment,return-value]
    return told


@cache
def shape() -> tuple[float, ...]:
    """Closes before the session as multiples of the last one: those of a recording, else a slow wave."""
    closes: list[float] = []
    with suppress(OSError, ValueError, LookupError):
        (told_of,) = json.loads(recorded(RECORDED_CHART).body)["chart"]["result"]
        closes = [each for each in told_of["indicators"]["quote"][0]["close"] if each][-SESSIONS:]
    closes = closes if len(closes) == SESSIONS else [100 + 5 * math.sin(at / 20) for at in range(SESSIONS)]
    return tuple(each / closes[-1] for each in closes)


class Market:
    """All of Yahoo that the program asks for."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.asked = 0

    def routes(self, server: Server) -> None:
        """Serve from there."""
        top = recorded(RECORDED_TOP) if RECORDED_TOP.exists() else Answer(b"{}", 404)
        server.routes |= {
            "/cookie": Answer(b"", 404, {"Set-Cookie": "A3=abc; Path=/"}),
            "/v1/test/getcrumb": Answer(b"cr/umb.1"),
            "/v7/finance/quote": self._spoilt(lambda request: self._quotes(request, "quoteResponse")),
            "/v7/finance/spark": self._spoilt(lambda request: self._quotes(request, "spark")),
            "/v8/finance/chart/": self._spoilt(self._chart),
            "/v10/finance/quoteSummary/": self._spoilt(lambda _request: top),
        }

    def _spoilt(self, good: Callable[[Request], Answer]) -> Callable[[Request], Answer]:
        """Now and then a connection ends without an answer."""

        def made(request: Request) -> Answer:
            self.asked += 1
            return Answer(drop=True) if self.asked % ACCIDENTS == 0 else good(request)

        return made

    def _quotes(self, request: Request, wrapper: str) -> Answer:
        at = min(self.clock(), CLOSES)
        symbols = [each for each in request.symbols if not each.startswith("Z")]
        if wrapper == "spark":
            items = [spark({**self._fields(s, at), "currentTradingPeriod": REGULAR}, symbol=s) for s in symbols]
        else:
            items = [record(**self._fields(s, at)) for s in symbols]
        return Answer(answer(items, wrapper))

    def _fields(self, symbol: str, at: float) -> dict[str, object]:
        closed = at >= CLOSES
        return {
            "symbol": symbol,
            "regularMarketTime": int(at),
            "regularMarketPrice": price(symbol, at),
            "regularMarketVolume": int(1000 * (at - OPENED)),
            "marketState": "POST" if closed else "REGULAR",
        }

    def _chart(self, request: Request) -> Answer:
        symbol = request.path.rsplit("/", 1)[-1].replace("%5E", "^")
        if request.query.get("interval") == "5m":
            until = min(self.clock(), CLOSES)
            times = range(int(OPENED), int(until), 300)
            rows = [(at, *[price(symbol, at)] * 4, 1000) for at in times]
            return Answer(chart(rows, symbol=symbol, granularity="5m", adjusted=False))
        closes = [price(symbol, OPENED) * each for each in shape()]
        days = days_before(SESSION, len(closes))
        rows = [
            (int(session_open(day).timestamp()), *[close] * 4, 2_000_000)
            for day, close in zip(days, closes, strict=True)
        ]
        begin = int(request.query.get("period1", 0))
        return Answer(chart([row for row in rows if row[0] >= begin - DAY], symbol=symbol))


class Ticker(StreamServer):
    """Prices of what was subscribed to last, without end; now and then the line is cut."""

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__()
        self.clock = clock
        self.cuts = 0

    async def tick(self) -> None:
        """Send until cancelled."""
        from websockets.exceptions import ConnectionClosed

        rounds = 0
        while True:
            await asyncio.sleep(EVERY)
            rounds += 1
            del self.connections[:-1], self.heard[:-20]
            at = int(self.clock())
            if not self.connections or at >= CLOSES:
                continue
            symbols = next((each["subscribe"] for each in reversed(self.heard) if "subscribe" in each), [])
            with suppress(ConnectionClosed):
                if rounds % ACCIDENTS == 0:
                    self.cuts += 1
                    await self.hang_up()
                else:
                    await self.say(*(pricing(s, price(s, at), at, volume=int(1000 * (at - OPENED))) for s in symbols))


@contextmanager
def serving(folder: Path, speed: float) -> Iterator[dict[str, str]]:
    """A market in a thread, and its address in the program's config; the variables that the program needs."""
    # At sixty times the clock every connection is soon a silent one, and begun anew.
    logging.getLogger("websockets.server").setLevel(logging.CRITICAL)
    began = time.time()
    loop = asyncio.new_event_loop()
    ready, over = threading.Event(), asyncio.Event()

    def written(url: str, stream: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.toml").write_text(CONFIG.format(url=url, stream=stream), encoding="utf-8")

    async def serve() -> None:
        clock = played(began, speed)
        async with Server() as server, Ticker(clock) as ticker:
            Market(clock).routes(server)
            written(server.url, ticker.url)
            ticking = asyncio.create_task(ticker.tick())
            ready.set()
            await over.wait()
            ticking.cancel()
            await asyncio.gather(ticking, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield {BEGAN: repr(began), SPEED: repr(speed)}
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(10)
        loop.close()

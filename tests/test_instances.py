"""Two real instances on one home, over a real server: one asks, both show, and who is gone is followed by the other."""

import asyncio
import json
import os
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.sources.server import Answer, Server
from tests.sources.yahoo_kit import QUOTE, SPARK, known
from tests.sources.yahoo_payloads import NOW, answer, record
from tui.store.state import States

PROJECT = Path(__file__).resolve().parents[1]


class Market:
    """A Yahoo whose price is set by the test; tells who has asked for quotes."""

    def __init__(self, server):
        self.url = server.url
        self.price = 100.0
        self.is_up = True
        self.offset = NOW - time.time()
        self.asked = Counter()
        self.symbols = set()
        server.routes["/cookie"] = Answer(b"", 404, {"Set-Cookie": "A3=abc; Path=/"})
        server.routes["/v1/test/getcrumb"] = Answer(b"cr/umb.1")
        server.routes[QUOTE] = self._quote
        server.routes[SPARK] = Answer(drop=True)

    def _quote(self, request):
        if not self.is_up:
            return Answer(drop=True)
        self.asked[request.headers["user-agent"]] += 1
        self.symbols = set(request.symbols)
        made = time.time() + self.offset
        return Answer(
            answer([record(symbol=s, regularMarketPrice=self.price, regularMarketTime=made) for s in known(request)])
        )


class Shown:
    """An instance: its process, and what it shows now."""

    def __init__(self, process):
        self.process = process
        self.now = {"asks": None, "prices": {}, "state": "", "detail": ""}
        self._reader = asyncio.create_task(self._read())

    async def _read(self):
        async for line in self.process.stdout:
            self.now = json.loads(line)

    def shows(self, price, *symbols):
        return all(self.now["prices"].get(symbol) == price for symbol in symbols)

    def send(self, what):
        self.process.send_signal(what)

    async def end(self):
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()
        await self._reader


@pytest.fixture
async def market():
    async with Server() as server:
        yield Market(server)


@pytest.fixture
async def start(market):
    running = []

    async def started(name, *symbols):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.instance", name, market.url, str(market.offset), *symbols,
            cwd=PROJECT, env=dict(os.environ), stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        running.append(Shown(process))
        return running[-1]

    yield started
    for each in running:
        await each.end()


async def until(true, seconds=30.0):
    """Wait until something holds; returns how long it took."""
    begun = time.monotonic()
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.01)
    return time.monotonic() - begun


async def test_two_instances_when_on_one_home_then_one_asks_and_both_show_the_same(market, start):
    one = await start("one", "IWM", "SPY")
    await until(lambda: one.shows(100.0, "IWM", "SPY"))
    two = await start("two", "QQQ", "IWM")
    await until(lambda: two.shows(100.0, "QQQ", "IWM"))
    assert {"IWM", "SPY", "QQQ"} == market.symbols
    market.price = 150.25
    await until(lambda: one.shows(150.25, "IWM", "SPY") and two.shows(150.25, "QQQ", "IWM"))
    assert (one.now["asks"], two.now["asks"]) == (True, False)
    assert (one.now["state"], two.now["state"]) == ("LIVE", "LIVE")
    assert one.now["source"] == two.now["source"] == ["yahoo"]
    assert (one.now["detail"], two.now["detail"]) == ("", "Another window asks.")
    assert set(market.asked) == {"one"}


async def test_a_follower_when_the_one_who_asks_is_killed_then_it_asks_at_once(market, start):
    one = await start("one", "IWM")
    await until(lambda: one.shows(100.0, "IWM"))
    two = await start("two", "IWM")
    await until(lambda: two.now["detail"] == "Another window asks.")
    one.send(signal.SIGKILL)
    await one.process.wait()
    market.price = 99.5
    assert await until(lambda: two.shows(99.5, "IWM")) < 4.0
    assert two.now["asks"]
    assert two.now["detail"] == ""


async def test_a_follower_when_the_one_who_asks_is_stopped_then_it_asks_and_the_other_follows_when_it_wakes(
    market, start
):
    one = await start("one", "IWM")
    await until(lambda: one.shows(100.0, "IWM"))
    two = await start("two", "IWM")
    await until(lambda: two.now["detail"] == "Another window asks.")
    one.send(signal.SIGSTOP)
    market.price = 99.5
    assert await until(lambda: two.shows(99.5, "IWM")) < 9.0
    assert two.now["asks"]
    market.price = 98.0
    one.send(signal.SIGCONT)
    await until(lambda: one.shows(98.0, "IWM") and one.now["asks"] is False)
    asked = market.asked["one"]
    before = market.asked["two"]
    await until(lambda: market.asked["two"] > before + 5)
    assert market.asked["one"] == asked, "who has lost the lease asks no more"


async def test_a_start_when_the_network_is_gone_then_the_prices_of_the_killed_one_are_there_and_offline(market, start):
    one = await start("one", "IWM", "SPY")
    market.price = 77.0
    await until(lambda: one.shows(77.0, "IWM", "SPY") and saved() == {"IWM": 77.0, "SPY": 77.0})
    one.send(signal.SIGKILL)
    await one.process.wait()
    market.is_up = False
    again = await start("again", "IWM", "SPY")
    await until(lambda: again.now["state"] == "OFFLINE" and again.shows(77.0, "IWM", "SPY"))
    market.is_up, market.price = True, 78.0
    await until(lambda: again.shows(78.0, "IWM", "SPY") and again.now["state"] == "LIVE")


def saved():
    """The prices in the last state of this home."""
    (folder,) = Path(os.environ["XDG_STATE_HOME"]).glob("outpace/feed-*")
    state = States(folder).load()
    return {quote.symbol: quote.price for quote in (state.quotes if state else [])}

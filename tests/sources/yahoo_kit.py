"""What the tests of the whole Yahoo source share besides fixtures."""

import asyncio
from contextlib import aclosing

from tests.sources.server import QUICK, Answer, Clock, Request
from tui.sources.base import Wanted
from tui.sources.http import Http
from tui.sources.yahoo import Yahoo

QUOTE, SPARK, CHART = "/v7/finance/quote", "/v7/finance/spark", "/v8/finance/chart/"


class Quickly(Wanted):
    """A standing order whose pauses move the clock instead of lasting."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock
        self.pauses: list[float] = []

    async def wait(self, timeout):  # noqa: ASYNC109
        self.pauses.append(timeout)
        self.clock.now += timeout
        await asyncio.sleep(0)


def known(request: Request) -> list[str]:
    return [symbol for symbol in request.symbols if not symbol.startswith("X")]


def make(market, clock, folder):
    http = Http("Yahoo", hosts={"127.0.0.1"}, limits=QUICK, clock=clock)
    return Yahoo(
        http,
        base=market.url,
        base2=market.url,
        cookie_url=f"{market.url}/cookie",
        page_url=f"{market.url}/page",
        cache_dir=folder,
        clock=clock,
        jitter=lambda: 1.0,
    )


async def take(source, wanted, count):
    """The first updates of the stream."""
    updates = []
    async with aclosing(source.quotes(wanted)) as stream:
        async for update in stream:
            updates.append(update)
            if len(updates) == count:
                break
    return updates


def without_crumb(market):
    market.routes["/cookie"] = market.routes["/page"] = Answer(b"")

# ruff: noqa: T201 (its lines are what the tests wait for)
"""A whole instance without a screen, for the tests of several processes: `python -m tests.instance NAME URL OFFSET LIST`.

The home comes from the environment. The clock is the machine's plus OFFSET, so that the market is open, and rounds are
short. A line of JSON is printed whenever what would be shown is another.
"""

import asyncio
import json
import os
import sys
import time
from functools import partial

from tests.sources.server import QUICK
from tui.config import Paths, Settings, Yahoo


async def watch(name: str, url: str, offset: float, symbols: list[str]) -> None:
    """Show `symbols` until killed."""
    from tui import assembly as assemblies
    from tui.engine import Engine
    from tui.sources import chain_make, feed, gate, http, yahoo_plan

    feed.ROUND = yahoo_plan.ROUND = 0.2
    gate.SHORTEST = 1.0
    http.USER_AGENT = name
    knobs = chain_make.Knobs(
        clock=lambda: time.time() + offset, jitter=lambda: 1.0, limits=QUICK, hosts=frozenset({"127.0.0.1"})
    )
    chain_make.make = partial(chain_make.make, knobs=knobs)
    settings = Settings(yahoo=Yahoo(base=url, cookie=f"{url}/cookie"))
    built = assemblies.assemble(settings, Paths.find(os.environ), symbols, symbols[0])
    engine = Engine(built.source, built.shelf, fetch=False, stale_after=600.0, recall=built.recall)
    told: dict[str, object] = {}

    def tell(*_: object) -> None:
        nonlocal told
        quotes = engine.live.quotes
        now = {
            "asks": built.source.asks,
            "state": engine.health.state,
            "detail": engine.health.detail,
            "source": sorted({quote.source for quote in quotes.values()}),
            "prices": {symbol: quotes[symbol].price for symbol in symbols if symbol in quotes},
        }
        if now != told:
            told = now
            print(json.dumps(now), flush=True)

    engine.on_wake = engine.on_health = tell
    engine.watch(symbols, symbols[0])
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(engine.run())
            while True:
                await asyncio.sleep(0.05)
                engine.live.drain()
                tell()
    finally:
        await built.aclose()


if __name__ == "__main__":
    who, where, ahead, *wanted = sys.argv[1:]
    asyncio.run(watch(who, where, float(ahead), wanted))

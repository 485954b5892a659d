"""A market that was recorded is the same market when it is played, without the network."""

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest

from tests.sources.server import Answer, Server
from tests.sources.yahoo_payloads import DAY, NOW, OPENED, answer, chart, record
from tui import config
from tui.assembly import Assembly, assemble
from tui.model import Quote
from tui.sources.base import NoDataError, Wanted

SYMBOLS = ("SPY", "IWM")


@pytest.fixture
async def market():
    prices = {"SPY": 101.5, "IWM": 42.25}
    async with Server() as server:
        server.routes["/cookie"] = Answer(b"", 404, {"Set-Cookie": "A3=s3cret; Path=/"})
        server.routes["/v1/test/getcrumb"] = Answer(b"s3cr3t.crumb")
        server.routes["/v7/finance/quote"] = lambda request: Answer(
            answer([record(symbol=s, regularMarketPrice=prices[s]) for s in request.symbols if s in prices])
        )
        rows = [(OPENED - DAY * n, 1.0, 2.0, 0.5, 100.0 + n, 1000) for n in range(5, 0, -1)]
        server.routes["/v8/finance/chart/"] = lambda request: Answer(
            chart(rows, symbol=request.path.rpartition("/")[2].partition("?")[0])
        )
        yield server


def paths_in(folder: Path) -> config.Paths:
    return config.Paths(config_dir=folder, data_dir=folder, cache_dir=folder, state_dir=folder)


def opened(folder: Path, base: str, **flags: object) -> Assembly:
    yahoo = config.Yahoo(base=base, cookie=f"{base}/cookie")
    return assemble(config.Settings(yahoo=yahoo, **flags), paths_in(folder), SYMBOLS, "SPY")


async def seen(assembly: Assembly) -> tuple[dict[str, Quote], list[float | None]]:
    """The first quotes and the history of SPY."""
    wanted = Wanted()
    wanted.order(SYMBOLS, SYMBOLS)
    quotes: dict[str, Quote] = {}
    try:
        async with asyncio.timeout(30), aclosing(assembly.source.quotes(wanted)) as stream:
            async for update in stream:
                quotes |= {quote.symbol: quote for quote in update.quotes}
                if quotes.keys() >= set(SYMBOLS):
                    break
        bars = await assembly.source.history("SPY")
    finally:
        await assembly.aclose()
    return quotes, list(bars.close)


async def test_recording_when_played_then_shows_what_was_shown_then(market, tmp_path) -> None:
    tape = tmp_path / "tape"
    live, closes = await seen(opened(tmp_path, market.url, record=tape))
    asked = len(market.requests)
    assembly = opened(tmp_path, market.url, source=f"replay:{tape}")
    assert (assembly.source.nature() or "").startswith("RECORDED 20")
    played, same = await seen(assembly)
    assert len(market.requests) == asked, "nothing is asked of the network"
    assert {s: (q.price, q.volume, q.as_of) for s, q in played.items()} == {
        s: (q.price, q.volume, q.as_of) for s, q in live.items()
    }
    assert played["IWM"].price == 42.25
    assert played["SPY"].as_of == NOW - 60
    assert same == closes == [105.0, 104.0, 103.0, 102.0, 101.0]
    everything = b"".join(path.read_bytes() for path in sorted(tape.iterdir()))
    assert b"s3cr" not in everything


async def test_recording_when_the_folder_is_no_tape_then_it_is_a_folder_of_bars(tmp_path) -> None:
    with pytest.raises(NoDataError):
        opened(tmp_path, "http://localhost:1", source=f"replay:{tmp_path / 'none'}")

"""Every recording of Yahoo, as it was on the wire, over a real socket: right values or a typed error."""

import json
from pathlib import Path

import pytest

from tests.conftest import SHARED
from tests.sources.server import recorded
from tests.sources.yahoo_kit import CHART, QUOTE, SPARK, take, without_crumb
from tests.sources.yahoo_payloads import DAY, NOW
from tui.model import State
from tui.sources.base import MalformedError, SourceError

RECORDINGS = SHARED / "recordings/yahoo"

pytestmark = pytest.mark.usefixtures("shared_data")


def files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((RECORDINGS / folder).glob("*"))]


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def inside(body: bytes, wrapper: str) -> list[dict]:
    """The records of a good answer."""
    return json.loads(body)[wrapper]["result"]


@pytest.mark.parametrize("path", files("chart"), ids=named)
async def test_recording_when_a_chart_then_right_bars_or_a_typed_error(market, yahoo, clock, path):
    body = recorded(path)
    meta = inside(body.body, "chart")[0]["meta"]
    clock.now = float(meta["regularMarketTime"] + 7 * DAY)
    market.routes[CHART] = body
    if meta["dataGranularity"] != "1d":
        with pytest.raises(MalformedError, match="coarser"):
            await yahoo.history(meta["symbol"])
    else:
        bars = await yahoo.history(meta["symbol"])
        wire = inside(body.body, "chart")[0]
        closes = [close for close in wire["indicators"]["quote"][0]["close"] if close is not None]
        assert [close for close in bars.close if close is not None] == closes
        assert bars.dates == sorted(set(bars.dates))
    if meta["dataGranularity"] != "5m":
        with pytest.raises(MalformedError, match="coarser"):
            await yahoo.intraday(meta["symbol"])
    else:
        assert len(await yahoo.intraday(meta["symbol"])) == 11


@pytest.mark.parametrize("path", files("quote"), ids=named)
async def test_recording_when_a_quote_then_each_price_lands_on_its_symbol(market, yahoo, wanted, path):
    market.routes[QUOTE] = recorded(path)
    records = inside(market.routes[QUOTE].body, "quoteResponse")

    def raw(value):
        return value.get("raw") if isinstance(value, dict) else value

    wanted.clock.now = float(max((raw(r["regularMarketTime"]) for r in records), default=NOW)) + 60
    wanted.order([r["symbol"] for r in records] + ["MISSING"])
    (update,) = await take(yahoo, wanted, 1)
    prices = {
        r["symbol"]: (raw(r.get("regularMarketPrice")) or 0) / (100 if r.get("currency") == "GBp" else 1) or None
        for r in records
    }
    assert {quote.symbol: quote.price for quote in update.quotes} == pytest.approx(prices)
    assert (update.unknown, update.health.state) == (["MISSING"], State.LIVE)


@pytest.mark.parametrize("path", files("spark"), ids=named)
async def test_recording_when_a_spark_then_each_price_lands_on_its_symbol(market, yahoo, wanted, path):
    without_crumb(market)
    market.routes[SPARK] = recorded(path)
    tree = json.loads(market.routes[SPARK].body)
    if "spark" in tree:
        prices = {item["symbol"]: item["response"][0]["meta"]["regularMarketPrice"] for item in tree["spark"]["result"]}
        symbols = list(prices)
    else:
        symbols = list(tree)
        prices = {"AAPL": 324.99, "^GSPC": 7666.6, "EURUSD=X": 1.1592}  # and HSBA.L, pence or pounds unknown
    wanted.clock.now = 1_788_400_000.0
    wanted.order([*symbols, "MISSING"])
    (update,) = await take(yahoo, wanted, 1)
    assert {quote.symbol: quote.price for quote in update.quotes} == prices
    assert update.unknown == ["MISSING"]


@pytest.mark.parametrize("path", files("errors"), ids=named)
async def test_recording_when_an_error_then_typed_for_bars_and_told_by_quotes(market, yahoo, wanted, path):
    market.routes[CHART] = market.routes[QUOTE] = market.routes[SPARK] = recorded(path)
    wanted.order(["SPY"])
    (update,) = await take(yahoo, wanted, 1)
    assert update.quotes == []
    assert update.unknown == (["SPY"] if "200_empty" in path.name else [])
    for ask in (yahoo.history, yahoo.intraday, yahoo.intraday_history):
        with pytest.raises(SourceError) as caught:
            await ask("SPY")
        assert type(caught.value) is not SourceError


@pytest.mark.parametrize(
    "path", files("quotesummary", "screener", "search", "websocket", "marketsummary", "csv"), ids=named
)
async def test_recording_when_of_another_endpoint_then_malformed_and_no_crash(market, yahoo, wanted, path):
    market.routes[CHART] = market.routes[QUOTE] = market.routes[SPARK] = recorded(path)
    for ask in (yahoo.history, yahoo.intraday):
        with pytest.raises(MalformedError):
            await ask("AAPL")
    wanted.order(["AAPL"])
    (update,) = await take(yahoo, wanted, 1)
    assert (update.quotes, update.unknown, update.health.state) == ([], [], State.STALE)


async def test_recordings_when_looked_for_then_they_are_there():
    assert len(files("chart", "quote", "spark", "errors")) >= 60

"""A whole chain on loopback: Yahoo, its stream, Cboe and the keyed sources, each as good as a test wants it."""

import asyncio
import json
from contextlib import aclosing
from datetime import UTC, datetime, timedelta

from tests.sources.server import QUICK, Answer
from tui.config import Settings, Yahoo
from tui.config_chain import Addresses
from tui.config_chain import Chain as Orders
from tui.sessions import NEW_YORK
from tui.sources.chain_make import Knobs, make
from tui.sources.credentials import Key

CBOE = "/api/global/delayed_quotes/quotes/"
HISTORY = "/api/global/delayed_quotes/charts/historical/"
SNAPSHOTS, BARS = "/v2/stocks/snapshots", "/v2/stocks/bars"
IEX, DAILY = "/iex/", "/tiingo/daily/"
FINNHUB = "/api/v1/quote"
KEYS = {"alpaca": Key("alpaca-k3y", "alpaca-s3cret"), "tiingo": Key("tiingo-k3y"), "finnhub": Key("finnhub-k3y")}


def make_chain(market, clock, folder, *, keys=None, stream=None, orders=None, **knobs):
    """The chain over one server for all providers, with a stream only if one is given."""
    settings = Settings(
        yahoo=Yahoo(
            base=market.url,
            cookie=f"{market.url}/cookie",
            stream=stream.url if stream else Yahoo().stream,
        ),
        addresses=Addresses(cboe=market.url, alpaca=market.url, tiingo=market.url, finnhub=market.url),
        chain=Orders(**(orders or {})),
    )
    turned = {"heartbeat": 0.02, "pauses": (0.01, 0.02), "jitter": lambda: 1.0, **knobs}
    knobs = Knobs(clock=clock, limits=QUICK, hosts=frozenset({"127.0.0.1"}), **turned)
    return make(settings, keys or {}, folder, knobs)[0]


def local(seconds: float) -> str:
    """A moment on New York's clock, as Cboe writes it."""
    return datetime.fromtimestamp(seconds, NEW_YORK).strftime("%Y-%m-%dT%H:%M:%S")


def zulu(seconds: float) -> str:
    return (datetime.fromtimestamp(0, UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def cboe(symbol="SPY", price=101.0, made=0.0, **data):
    fields = {
        "symbol": symbol,
        "current_price": price,
        "open": 100.5,
        "high": 102.0,
        "low": 100.0,
        "close": price,
        "prev_day_close": price,
        "price_change_percent": 3.4112,
        "volume": 1000,
        "last_trade_time": local(made),
        **data,
    }
    return json.dumps({"timestamp": "2025-10-29 16:37:00", "data": fields, "symbol": symbol}).encode()


def snapshots(**trades):
    """Alpaca's answer: a price and its time by symbol."""
    return json.dumps(
        {name: {"latestTrade": {"t": zulu(made), "p": price}} for name, (price, made) in trades.items()}
    ).encode()


def serve_cboe(market, clock, price=101.0, late=900):
    """Cboe knows all symbols but those that begin with X."""

    def answer(request):
        symbol = request.path.rsplit("/", 1)[1].removesuffix(".json")
        if symbol.startswith("X"):
            return Answer(b"<Error><Code>AccessDenied</Code></Error>", 403)
        return Answer(cboe(symbol, price, clock.now - late))

    market.routes[CBOE] = answer


async def until(source, wanted, done, most=60):
    """Updates up to the first for which `done(update)` holds."""
    seen = []
    async with asyncio.timeout(20), aclosing(source.quotes(wanted)) as stream:
        async for update in stream:
            seen.append(update)
            if done(update):
                return seen
            assert len(seen) < most, seen[-3:]
    raise AssertionError

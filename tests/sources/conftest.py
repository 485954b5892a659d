"""A server, a client and a Yahoo of one's own for each test; no test waits and none leaves the machine."""

import pytest

from tests.sources.server import QUICK, Answer, Clock, Server
from tests.sources.yahoo_kit import QUOTE, SPARK, Quickly, known, make
from tests.sources.yahoo_payloads import answer, record, spark
from tui.sources.http import Http


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def server():
    async with Server() as running:
        yield running


@pytest.fixture
async def http(clock):
    client = Http("Yahoo", hosts={"127.0.0.1"}, limits=QUICK, clock=clock)
    yield client
    await client.aclose()


@pytest.fixture
def market(server):
    """A Yahoo that knows all symbols but those that begin with X, by either half."""
    server.routes["/cookie"] = Answer(b"", 404, {"Set-Cookie": "A3=abc; Path=/"})
    server.routes["/v1/test/getcrumb"] = Answer(b"cr/umb.1")
    server.routes[QUOTE] = lambda request: Answer(answer([record(symbol=s) for s in known(request)]))
    server.routes[SPARK] = lambda request: Answer(answer([spark(symbol=s) for s in known(request)], "spark"))
    return server


@pytest.fixture
async def yahoo(market, clock, tmp_path):
    source = make(market, clock, tmp_path)
    yield source
    await source.aclose()


@pytest.fixture
def wanted(clock):
    return Quickly(clock)

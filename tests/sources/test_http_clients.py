"""The connections of the polite client: none is lost, whenever a request is given up, and none is held for nothing."""

import asyncio
import itertools
from pathlib import Path

import httpx
import pytest

from tests.sources.server import QUICK, Answer
from tui.sources import http_clients
from tui.sources.base import UnreachableError
from tui.sources.http import Http, Limits


async def _until(true):
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0)


async def _cancelled(server, http, times=1):
    """Give up a request that is not answered."""
    task = asyncio.create_task(http.get(f"{server.url}/hang"))
    async with asyncio.timeout(10):
        await server.received(len(server.requests) + 1)
    for _ in range(times):
        task.cancel()
        await asyncio.sleep(0)
    await asyncio.wait([task])


def _sockets():
    """How many this process has; 0 where there is no /proc."""
    folder = Path("/proc/self/fd")
    return sum(str(each.readlink()).startswith("socket:") for each in folder.glob("*") if each.is_symlink())


@pytest.mark.parametrize("connected", [True, False])
async def test_get_when_cancelled_at_any_moment_then_the_next_is_answered(server, http, connected):
    """A pool of httpx that loses a connection at each cancellation is used up after four, and then silent for good."""
    server.routes["/"] = Answer(b"{}")
    server.routes["/hang"] = Answer(hang=True)
    await http.get(server.url)
    for steps in itertools.count():
        if connected:
            await http.get(f"{server.url}/before")
        else:
            await _cancelled(server, http)
        task = asyncio.create_task(http.get(f"{server.url}/{steps}"))
        for _ in range(steps):
            await asyncio.sleep(0)
        if task.done():
            break
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert steps > 5
    assert (await http.get(f"{server.url}/after")).body == b"{}"
    await _until(lambda: server.open == 1)


async def test_get_when_cancelled_twice_then_the_connection_is_closed_all_the_same(server, http):
    server.routes["/hang"] = Answer(hang=True)
    for _ in range(6):
        await _cancelled(server, http, times=2)
    await _until(lambda: server.open == 0)


async def test_get_when_the_whole_takes_too_long_then_its_connection_is_closed(server, clock):
    http = Http("Yahoo", limits=Limits(per_minute=6e6, pause=(0, 0), total=0.01), clock=clock)
    server.routes["/"] = Answer(hang=True)
    for _ in range(3):
        with pytest.raises(UnreachableError, match="in time"):
            await http.get(server.url)
    await _until(lambda: server.open == 0)
    await http.aclose()


async def test_connections_when_two_ask_at_once_then_two_are_kept(server, http):
    server.routes["/"] = Answer(b"{}")
    for turn in range(3):
        await asyncio.gather(*(http.get(f"{server.url}/{turn}/{number}") for number in range(4)))
    assert server.connections == server.open == 2


async def test_ready_when_several_begin_at_once_then_one_client_is_made(monkeypatch):
    """Each one too many would rest, and take a request to a connection of its own."""
    made, make = [], httpx.AsyncClient
    monkeypatch.setattr(httpx, "AsyncClient", lambda **how: made.append(make(**how)) or made[-1])
    clients = http_clients.Clients()
    await asyncio.gather(*(clients.ready() for _ in range(4)))
    assert len(made) == 1
    await clients.aclose()


async def test_connection_when_nothing_is_asked_for_a_while_then_it_is_closed(server, http, monkeypatch):
    monkeypatch.setattr(http_clients, "KEPT_SECONDS", 0.0)
    server.routes["/"] = Answer(b"{}")
    assert (await http.get(server.url)).body == b"{}"
    await _until(lambda: server.open == 0)
    assert (await http.get(server.url)).body == b"{}"
    assert server.connections == 2


async def test_aclose_when_a_request_hangs_then_it_ends_and_no_socket_is_left(server, clock):
    before = _sockets()
    http = Http("Yahoo", limits=QUICK, clock=clock)
    server.routes["/"] = Answer(hang=True)
    task = asyncio.create_task(http.get(server.url))
    await server.received(1)
    await http.aclose()
    with pytest.raises(UnreachableError):
        await task
    await _until(lambda: server.open == 0 and _sockets() == before)


async def test_certificates_when_the_file_named_is_none_then_unreachable_says_where_to_look(
    server, clock, monkeypatch, tmp_path
):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    http = Http("Yahoo", limits=QUICK, clock=clock)
    with pytest.raises(UnreachableError, match="SSL_CERT_FILE"):
        await http.get(server.url)
    assert not server.requests
    await http.aclose()

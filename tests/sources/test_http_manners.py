"""The client's manners beyond the budget: who goes first, what is asked only whether it has changed, what is never told."""

import asyncio
import logging

import pytest

from tests.sources.server import QUICK, Answer
from tui.sources.base import LimitedError
from tui.sources.http import Http, Limits
from tui.sources.http_breaker import Breaker
from tui.sources.http_turns import Turns


async def test_get_when_it_has_not_changed_then_the_body_is_the_kept_one_with_a_new_time(server, http, clock):
    server.routes["/"] = [Answer(b"body", headers={"ETag": '"1"', "Cache-Control": "max-age=10"}), Answer(status=304)]
    first = await http.get(server.url)
    clock.now += 10
    again = await http.get(server.url)
    assert (again.status, again.body, again.fetched_at) == (200, b"body", first.fetched_at + 10)
    assert server.requests[1].headers["if-none-match"] == '"1"'


async def test_get_when_fresh_then_nothing_is_asked_at_all(server, http, clock):
    server.routes["/"] = Answer(b"body", headers={"ETag": '"1"', "Cache-Control": "max-age=10"})
    await http.get(server.url)
    clock.now += 9
    assert (await http.get(server.url)).body == b"body"
    assert len(server.requests) == 1


async def test_get_when_304_comes_unasked_then_it_is_a_status_like_others(server, http):
    server.routes["/"] = Answer(status=304)
    assert (await http.get(server.url)).status == 304


@pytest.mark.parametrize(
    "how", [{"headers": {"X-Key": "s3cret"}}, {"secrets": {"token": "s3cret"}}, {"cookie": "A3=s3cret"}]
)
async def test_get_when_it_holds_a_secret_then_it_is_not_kept_and_not_logged(server, http, caplog, how):
    caplog.set_level(logging.DEBUG)
    server.routes["/"] = Answer(b"body", headers={"ETag": '"1"', "Cache-Control": "max-age=10"})
    for _ in range(2):
        await http.get(server.url, **how)
    assert len(server.requests) == 2
    assert "if-none-match" not in server.requests[1].headers
    assert "s3cret" not in caplog.text


async def test_get_when_redirects_are_not_followed_then_where_they_lead_is_told(server, http):
    server.routes["/"] = Answer(status=302, headers={"Location": "/there", "Set-Cookie": "A=1"})
    reply = await http.get(server.url, follow=False)
    assert (reply.status, reply.location, reply.cookies) == (302, f"{server.url}/there", ("A=1",))


async def test_get_when_a_form_then_it_is_posted_and_never_kept(server, http):
    server.routes["/"] = Answer(b"ok", headers={"Cache-Control": "max-age=10"})
    for _ in range(2):
        await http.get(server.url, form={"a": ["1", "2"]})
    assert server.bodies == [{"a": ["1", "2"]}] * 2


async def test_kept_when_there_are_too_many_then_the_oldest_goes(server, clock):
    http = Http("Cboe", limits=Limits(per_minute=6e6, kept=2), clock=clock)
    server.routes["/"] = Answer(b"body", headers={"Cache-Control": "max-age=10"})
    for path in "abcab":
        await http.get(f"{server.url}/{path}")
    assert "".join(path[1:] for path in server.paths()) == "abcab"
    await http.aclose()


async def test_turns_when_an_urgent_one_waits_then_it_goes_before_those_that_came_earlier(server, clock):
    http = Http("Yahoo", limits=Limits(per_minute=6e6, burst=100, at_once=1), clock=clock)
    held = asyncio.Event()
    server.routes["/"] = Answer(b"")
    release = http._turns.turn(urgent=False)
    await release.__aenter__()
    tasks = [asyncio.create_task(http.get(f"{server.url}/history{number}")) for number in range(3)]
    await asyncio.sleep(0)
    tasks.append(asyncio.create_task(http.get(f"{server.url}/screen", urgent=True)))
    while not http._turns._queues[0] or len(http._turns._queues[1]) < 3:
        await asyncio.sleep(0)
    held.set()
    await release.__aexit__(None, None, None)
    await asyncio.gather(*tasks)
    assert server.paths() == ["/screen", "/history0", "/history1", "/history2"]
    await http.aclose()


async def test_turns_when_a_waiting_one_is_cancelled_then_no_place_is_lost():
    turns = Turns(1)
    order = []

    async def one(name):
        async with turns.turn(urgent=False):
            order.append(name)
            await asyncio.sleep(0)

    async with turns.turn(urgent=True):
        tasks = [asyncio.create_task(one(name)) for name in "abc"]
        await asyncio.sleep(0)
        tasks[0].cancel()
        await asyncio.sleep(0)
    # Handed over and cancelled at the same moment: the place goes on to the next.
    tasks[1].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert order == ["c"]
    async with asyncio.timeout(5), turns.turn(urgent=False):
        order.append("free")
    assert order == ["c", "free"]


def test_breaker_when_the_clock_was_set_back_then_it_does_not_stay_shut_for_ever(clock):
    breaker = Breaker("Yahoo", (900.0,), clock)
    breaker.trip(None)
    with pytest.raises(LimitedError):
        breaker.check()
    clock.now -= 2 * 86_400
    breaker.check()


async def test_budget_when_many_tasks_ask_then_they_share_one(server, clock):
    """Twenty a minute and six at first: of nine asked by three tasks at once, six go out."""
    http = Http("Yahoo", limits=Limits(per_minute=0.001, burst=6, at_once=9), clock=clock)
    server.routes["/"] = Answer(b"")
    tasks = [asyncio.create_task(http.get(f"{server.url}/{task}{turn}")) for task in "abc" for turn in range(3)]
    await server.received(6)
    for _ in range(50):
        await asyncio.sleep(0)
    assert len(server.requests) == 6
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await http.aclose()


def test_limits_when_nobody_says_otherwise_then_they_are_the_cautious_ones():
    limits = Limits()
    assert (limits.per_minute, limits.burst, limits.at_once) == (20, 6, 2)
    assert limits.breaker == (15 * 60, 30 * 60, 60 * 60, 120 * 60)
    assert QUICK.breaker == limits.breaker


def test_breaker_when_started_again_then_the_silence_goes_on_and_grows(clock, tmp_path):
    def start():
        return Breaker("Yahoo", (900.0, 1800.0), clock, tmp_path / "cache" / "yahoo-breaker.json")

    start().trip(None)
    again = start()
    with pytest.raises(LimitedError) as caught:
        again.check()
    assert caught.value.retry_at == clock.now + 900
    clock.now += 900
    again.check()
    assert again.trip(None).retry_at == clock.now + 1800
    (file,) = (tmp_path / "cache").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    clock.now += 1800
    start().calm()
    assert not file.exists()


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"[" * 50_000, b'{"until":"x"}', b'{"until":1e12,"trips":1}', b'{"until":5,"trips":-1}']
)
def test_breaker_when_the_file_is_spoilt_then_nothing_is_silent(clock, tmp_path, content):
    file = tmp_path / "breaker.json"
    file.write_bytes(content)
    Breaker("Yahoo", (900.0,), clock, file).check()


def test_breaker_when_the_folder_cannot_be_written_then_it_is_silent_all_the_same(clock, tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    breaker = Breaker("Yahoo", (900.0,), clock, tmp_path / "cache" / "x.json")
    breaker.trip(None)
    with pytest.raises(LimitedError):
        breaker.check()

"""The polite client, against a real server over a real socket."""

import asyncio
import gzip
import logging
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from tests.sources.server import QUICK, Answer
from tui import __version__
from tui.sources.base import LimitedError, MalformedError, SourceError, UnreachableError
from tui.sources.http import Http, Limits, RedirectedError

START = 1_761_755_820.0


async def test_get_when_answered_then_status_body_and_time_come_back(server, http):
    server.routes["/quote"] = Answer(b"{}", 404)
    reply = await http.get(f"{server.url}/quote", {"symbols": "^RUT,A&B"})
    assert (reply.status, reply.body, reply.fetched_at) == (404, b"{}", START)
    assert server.requests[0].query == {"symbols": "^RUT,A&B"}


async def test_headers_when_asking_then_they_are_honest(server, http):
    server.routes["/"] = Answer(b"{}")
    await http.get(server.url)
    sent = server.requests[0].headers
    assert sent["user-agent"].startswith(f"Mozilla/5.0 (compatible; outpace/{__version__}; +https://")
    assert sent["accept"] == "application/json"
    assert sent["accept-encoding"] == "gzip"
    assert "cookie" not in sent


async def test_cookies_when_set_by_the_server_then_they_are_reported_and_never_sent_unasked(server, http):
    server.routes["/"] = Answer(b"{}", headers={"Set-Cookie": "A3=secret; Path=/"})
    reply = await http.get(f"{server.url}/one")
    await http.get(f"{server.url}/two")
    await http.get(f"{server.url}/three", cookie="A3=mine")
    assert reply.cookies == ("A3=secret; Path=/",)
    assert [request.headers.get("cookie") for request in server.requests] == [None, None, "A3=mine"]


async def test_connections_when_asking_in_turn_then_one_is_kept(server, http):
    server.routes["/"] = Answer(b"{}")
    for number in range(3):
        await http.get(f"{server.url}/{number}")
    assert server.connections == 1


@pytest.mark.parametrize("first", [Answer(status=503), Answer(status=500), Answer(drop=True)])
async def test_get_when_the_first_try_fails_then_the_second_answers(server, http, first):
    server.routes["/"] = [first, Answer(b"well")]
    assert (await http.get(server.url)).body == b"well"
    assert len(server.requests) == 2


async def test_get_when_the_server_stays_ill_then_it_is_asked_twice_only(server, http):
    server.routes["/"] = Answer(b"<html>Will be right back</html>", 502)
    with pytest.raises(UnreachableError, match="502"):
        await http.get(server.url)
    assert len(server.requests) == 2


async def test_get_when_any_status_will_do_then_a_server_error_is_an_answer(server, http):
    server.routes["/"] = Answer(b"", 502, {"Set-Cookie": "A3=x"})
    reply = await http.get(server.url, any_status=True)
    assert (reply.status, reply.cookies, len(server.requests)) == (502, ("A3=x",), 1)


async def test_get_when_a_kept_connection_drops_then_it_is_tried_at_once(server, clock):
    """The pause is a day: only the immediate retry can answer."""
    http = Http("Yahoo", limits=Limits(per_minute=6e6, pause=(86_400, 86_400)), clock=clock)
    server.routes["/"] = [Answer(b"1"), Answer(drop=True), Answer(b"2")]
    await http.get(f"{server.url}/a")
    assert (await http.get(f"{server.url}/b")).body == b"2"
    await http.aclose()


async def test_get_when_connections_keep_dropping_then_three_tries_are_enough(server, http):
    server.routes["/"] = Answer(drop=True)
    with pytest.raises(UnreachableError, match="broke the connection off"):
        await http.get(server.url)
    assert len(server.requests) == 3


async def test_get_when_nothing_answers_in_time_then_unreachable(server, clock):
    http = Http("Yahoo", limits=Limits(per_minute=6e6, pause=(0, 0), read=0.01), clock=clock)
    server.routes["/"] = Answer(hang=True)
    with pytest.raises(UnreachableError, match="in time"):
        await http.get(server.url)
    assert len(server.requests) == 2
    await http.aclose()


async def test_get_when_the_answer_drips_then_the_whole_is_bounded(server, clock):
    http = Http("Yahoo", limits=Limits(per_minute=6e6, pause=(0, 0), total=0.02), clock=clock)
    server.routes["/"] = Answer(hang=True)
    with pytest.raises(UnreachableError, match="in time"):
        await http.get(server.url)
    await http.aclose()


async def test_get_when_no_one_listens_then_unreachable(server, http):
    await server.__aexit__()
    with pytest.raises(UnreachableError, match="no connection"):
        await http.get(server.url)


async def test_get_when_cancelled_then_it_is_not_retried(server, http):
    server.routes["/"] = Answer(hang=True)
    task = asyncio.create_task(http.get(server.url))
    await server.received(1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(server.requests) == 1


async def test_429_when_it_names_seconds_then_nothing_goes_out_until_then(server, http, clock):
    server.routes["/"] = [Answer(b"Edge: Too Many Requests", 429, {"Retry-After": "90"}), Answer(b"calm")]
    with pytest.raises(LimitedError) as caught:
        await http.get(f"{server.url}/a")
    assert caught.value.retry_at == START + 90
    clock.now += 89
    with pytest.raises(LimitedError):
        await http.get(f"{server.url}/b")
    assert len(server.requests) == 1
    clock.now += 1
    assert (await http.get(f"{server.url}/b")).body == b"calm"


async def test_429_when_it_names_a_date_then_that_is_when(server, http):
    when = format_datetime(datetime.fromtimestamp(START + 600, UTC), usegmt=True)
    server.routes["/"] = Answer(status=429, headers={"Retry-After": when})
    with pytest.raises(LimitedError) as caught:
        await http.get(server.url)
    assert caught.value.retry_at == START + 600


@pytest.mark.parametrize("value", [None, "soon", "", "-5", "٣", "Tue, 99 Foo 2025"])
async def test_429_when_it_names_nothing_usable_then_the_silence_grows_until_an_answer(server, http, clock, value):
    headers = {} if value is None else {"Retry-After": value.encode().decode("latin-1")}
    limited = Answer(status=429, headers=headers)
    server.routes["/"] = [limited, limited, limited, limited, limited, Answer(b"calm"), limited]
    waits = []
    for number in range(7):
        try:
            await http.get(f"{server.url}/{number}")
        except LimitedError as error:
            waits.append((error.retry_at - clock.now) / 60)
            clock.now = error.retry_at
    assert waits == [15, 30, 60, 120, 120, 15]


async def test_429_when_two_were_in_flight_then_it_counts_once(server, http, clock):
    server.routes["/"] = Answer(status=429)
    both = await asyncio.gather(*(http.get(f"{server.url}/{n}") for n in range(2)), return_exceptions=True)
    assert [error.retry_at for error in both] == [START + 900] * 2


async def test_breaker_when_time_is_up_then_one_request_finds_out_alone(server, http, clock):
    server.routes["/"] = Answer(status=429)
    with pytest.raises(LimitedError):
        await http.get(server.url)
    clock.now += 900
    both = await asyncio.gather(*(http.get(f"{server.url}/{n}") for n in range(4)), return_exceptions=True)
    assert all(isinstance(error, LimitedError) for error in both)
    assert len(server.requests) == 2


async def test_budget_when_it_is_used_up_then_the_next_request_waits(server, clock):
    http = Http("Yahoo", limits=Limits(per_minute=0.001, burst=2), clock=clock)
    server.routes["/"] = Answer(b"{}")
    tasks = [asyncio.create_task(http.get(f"{server.url}/{number}")) for number in range(3)]
    done, waiting = set(), set(tasks)
    while len(done) < 2:
        finished, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        done |= finished
    assert (len(server.requests), len(waiting)) == (2, 1)
    for task in waiting:
        task.cancel()
    await asyncio.wait(waiting)
    await http.aclose()


async def test_slots_when_two_are_in_flight_then_the_third_waits(server, http):
    server.routes["/"] = Answer(hang=True)
    tasks = [asyncio.create_task(http.get(f"{server.url}/{number}")) for number in range(4)]
    await server.received(2)
    for _ in range(50):
        await asyncio.sleep(0)
    assert len(server.requests) == 2
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


async def test_redirect_when_to_an_allowed_host_then_it_is_followed(server, http):
    server.routes["/old"] = Answer(status=302, headers={"Location": "/new", "Set-Cookie": "A1=x"})
    server.routes["/new"] = Answer(b"here")
    reply = await http.get(f"{server.url}/old", cookie="A3=secret")
    assert (reply.body, reply.cookies) == (b"here", ("A1=x",))
    assert "cookie" not in server.requests[1].headers


async def test_redirect_when_to_another_host_then_it_is_refused_and_named(server, http):
    server.routes["/"] = Answer(status=307, headers={"Location": f"http://localhost:{server.port}/consent"})
    with pytest.raises(RedirectedError) as caught:
        await http.get(server.url)
    assert caught.value.host == "localhost"
    assert len(server.requests) == 1


async def test_redirect_when_in_circles_then_malformed(server, http):
    server.routes["/"] = Answer(status=301, headers={"Location": "/"})
    with pytest.raises(MalformedError):
        await http.get(server.url)
    assert len(server.requests) == 6


async def test_body_when_packed_then_it_is_unpacked(server, http):
    server.routes["/"] = Answer(gzip.compress(b"[1]" * 999), headers={"Content-Encoding": "gzip"})
    assert (await http.get(server.url)).body == b"[1]" * 999


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(b"x" * 1001), "more than"),
        (Answer(gzip.compress(bytes(10**6)), headers={"Content-Encoding": "gzip"}), "more than"),
        (Answer(gzip.compress(b"hello")[:-9], headers={"Content-Encoding": "gzip"}), "breaks off"),
        (Answer(b"no gzip at all", headers={"Content-Encoding": "gzip"}), "unpacked"),
        (Answer(b"", headers={"Content-Encoding": "br"}), "did not ask for"),
    ],
)
async def test_body_when_too_large_or_broken_then_malformed(server, clock, answer, words):
    http = Http("Yahoo", limits=Limits(per_minute=6e6, body=1000), clock=clock)
    server.routes["/"] = answer
    with pytest.raises(MalformedError, match=words):
        await http.get(server.url)
    await http.aclose()


async def test_body_when_cut_short_then_unreachable(server, http):
    server.routes["/"] = Answer(b"{", truncate=10)
    with pytest.raises(UnreachableError):
        await http.get(server.url)


async def test_max_age_when_fresh_then_the_answer_is_reused_with_its_own_time(server, http, clock):
    server.routes["/"] = Answer(b"{}", headers={"Cache-Control": "public, max-age=10, stale-while-revalidate=20"})
    first = await http.get(server.url, {"a": "1"})
    clock.now += 9.9
    assert await http.get(server.url, {"a": "1"}) is first
    clock.now += 0.1
    assert (await http.get(server.url, {"a": "1"})).fetched_at == START + 10
    await http.get(server.url, {"a": "2"})
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"{}"),
        Answer(b"{}", headers={"Cache-Control": "max-age=0, private"}),
        Answer(b"{}", headers={"Cache-Control": "no-store, max-age=60"}),
        Answer(b"{}", headers={"Cache-Control": "max-age=60", "Age": "60"}),
        Answer(b"{}", 404, headers={"Cache-Control": "max-age=60"}),
        Answer(b"{}", headers={"Cache-Control": "max-age=60", "Set-Cookie": "A3=x"}),
    ],
)
async def test_max_age_when_not_to_be_reused_then_it_is_asked_again(server, http, answer):
    server.routes["/"] = answer
    for _ in range(2):
        await http.get(server.url)
    assert len(server.requests) == 2


async def test_max_age_when_the_clock_was_set_back_then_it_is_asked_again(server, http, clock):
    server.routes["/"] = Answer(b"{}", headers={"Cache-Control": "max-age=10"})
    await http.get(server.url)
    clock.now -= 3600
    await http.get(server.url)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"{}"),
        Answer(status=500),
        Answer(status=429),
        Answer(drop=True),
        Answer(status=302, headers={"Location": "http://elsewhere.test/?crumb=sEcReT"}),
        Answer(b"x", headers={"Content-Encoding": "gzip"}),
    ],
)
async def test_secrets_when_anything_happens_then_no_text_and_no_log_holds_them(server, http, caplog, answer):
    caplog.set_level(logging.DEBUG)
    server.routes["/"] = answer
    texts = [repr(http)]
    try:
        texts.append(repr(await http.get(server.url, secrets={"crumb": "sEcReT"}, cookie="A3=sEcReT")))
    except SourceError as error:
        while error is not None:
            texts += [str(error), repr(error)]
            error = error.__cause__ or error.__context__
    assert server.requests[0].query["crumb"] == "sEcReT"
    assert "sEcReT" not in " ".join([*texts, caplog.text])


async def test_aclose_when_called_twice_or_early_then_later_requests_are_refused(server, clock):
    http = Http("Yahoo", clock=clock)
    await http.aclose()
    await http.aclose()
    with pytest.raises(UnreachableError, match="closed"):
        await http.get(server.url)


async def test_proxy_when_it_cannot_be_used_then_unreachable_says_where_to_look(server, clock, monkeypatch):
    monkeypatch.setenv("ALL_PROXY", "nonsense://user:sEcReT@host")
    http = Http("Yahoo", clock=clock, limits=QUICK)
    with pytest.raises(UnreachableError, match="ALL_PROXY") as caught:
        await http.get(server.url)
    assert "sEcReT" not in str(caught.value)
    await http.aclose()

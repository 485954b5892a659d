"""Yahoo's stream, against a real WebSocket server over a real socket; and the chain that leans on it."""

import asyncio
from contextlib import aclosing

import pytest

from tests.sources.chain_kit import make_chain
from tests.sources.server import Answer
from tests.sources.ws_server import StreamServer, pricing
from tests.sources.yahoo_kit import QUOTE, SPARK, Quickly
from tests.sources.yahoo_payloads import CLOSES, NOW, answer, record
from tui.model import State
from tui.sources.base import Wanted
from tui.sources.http import USER_AGENT
from tui.sources.http_breaker import Breaker
from tui.sources.yahoo_stream import MOST, SILENCE, Stream


@pytest.fixture
async def stream_server():
    async with StreamServer() as running:
        yield running


@pytest.fixture
async def stream(stream_server, clock):
    made = Stream(
        stream_server.url,
        Breaker("Yahoo", (900.0, 1800.0), clock),
        clock=clock,
        heartbeat=0.02,
        pauses=(0.01, 0.02),
    )
    task = asyncio.create_task(made.run())
    yield made
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def taken(stream):
    """The next prices that come."""
    async with asyncio.timeout(20):
        while not (found := stream.take()):
            await stream.news.wait()
    return {pricing.symbol: pricing.price for pricing in found}


# The connection


async def test_follow_when_something_is_on_the_screen_then_it_connects_honestly_and_subscribes(stream, stream_server):
    stream.follow(["IWM", "SPY", "IWM"])
    await stream_server.subscribed("SPY")
    assert stream_server.heard[0] == {"subscribe": ["IWM", "SPY"]}
    assert stream_server.agents == [USER_AGENT]


async def test_follow_when_nothing_is_wanted_then_there_is_no_connection(stream, stream_server):
    stream.follow([])
    for _ in range(20):
        await asyncio.sleep(0)
    assert (stream_server.handshakes, stream.trouble) == (0, "")


async def test_follow_when_nothing_is_wanted_any_more_then_the_connection_ends(stream, stream_server):
    stream.follow(["IWM"])
    await stream_server.subscribed("IWM")
    stream.follow([])
    await stream_server.connections[0].wait_closed()
    assert stream_server.handshakes == 1


async def test_heartbeat_when_time_passes_then_the_whole_list_is_sent_again(stream, stream_server):
    stream.follow(["IWM", "SPY"])
    await stream_server.until(lambda: len(stream_server.heard) >= 4)
    assert stream_server.heard[:4] == [{"subscribe": ["IWM", "SPY"]}] * 4
    assert stream_server.handshakes == 1


async def test_follow_when_the_screen_scrolls_then_what_left_it_is_unsubscribed(stream, stream_server):
    stream.follow(["IWM", "SPY"])
    await stream_server.subscribed("SPY")
    stream.follow(["SPY", "QQQ"])
    await stream_server.subscribed("QQQ")
    assert {"unsubscribe": ["IWM"]} in stream_server.heard


async def test_follow_when_more_than_a_hundred_then_a_hundred_at_once_and_all_in_turn(stream, stream_server):
    symbols = [f"S{number}" for number in range(230)]
    stream.follow(symbols)
    await stream_server.subscribed("S229")
    subscriptions = [each["subscribe"] for each in stream_server.heard if "subscribe" in each]
    assert {len(each) for each in subscriptions} == {MOST}
    assert {symbol for each in subscriptions for symbol in each} == set(symbols)


async def test_connection_when_it_breaks_then_another_with_the_whole_list(stream, stream_server):
    stream.follow(["IWM"])
    await stream_server.subscribed("IWM")
    await stream_server.say(pricing("IWM", 220.5, NOW))
    assert await taken(stream) == {"IWM": 220.5}
    assert stream.up
    await stream_server.hang_up()
    await stream_server.until(lambda: len(stream_server.connections) == 2)
    await stream_server.until(lambda: stream_server.heard[-1] == {"subscribe": ["IWM"]})
    await stream_server.say(pricing("IWM", 221.5, NOW + 1))
    assert (await taken(stream))["IWM"] == 221.5


async def test_connection_when_no_one_listens_then_it_is_tried_on_and_says_so(stream, stream_server):
    await stream_server.__aexit__()
    stream.follow(["IWM"])
    async with asyncio.timeout(20):
        while not stream.trouble:
            await asyncio.sleep(0.001)
    assert stream.trouble == "Yahoo's stream is not connected. Prices are asked for every 15 s instead."
    assert (stream.up, stream.served()) == (False, frozenset())


async def test_handshake_when_429_then_all_of_yahoo_is_silent_for_as_long_as_it_says(stream, stream_server, clock):
    stream_server.refuse = (429, {"Retry-After": "600"})
    stream.follow(["IWM"])
    await stream_server.until(lambda: stream_server.handshakes == 1)
    async with asyncio.timeout(20):
        while not stream._breaker.open_until:
            await asyncio.sleep(0.001)
    assert stream._breaker.open_until == clock.now + 600
    stream_server.refuse = None
    assert stream_server.handshakes == 1
    clock.now += 600
    await stream_server.subscribed("IWM")


async def test_handshake_when_redirected_then_it_is_not_followed(stream, stream_server):
    async with StreamServer() as elsewhere:
        stream_server.refuse = (302, {"Location": elsewhere.url})
        stream.follow(["IWM"])
        await stream_server.until(lambda: stream_server.handshakes >= 3)
        assert elsewhere.handshakes == 0


async def test_run_when_cancelled_then_the_connection_ends(stream_server, clock):
    stream = Stream(stream_server.url, Breaker("Yahoo", (900.0,), clock), clock=clock, heartbeat=9)
    task = asyncio.create_task(stream.run())
    stream.follow(["IWM"])
    await stream_server.subscribed("IWM")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await stream_server.connections[0].wait_closed()
    assert "frames" not in {each.get_name() for each in asyncio.all_tasks()}


async def test_renew_when_the_machine_has_slept_then_a_new_connection_at_once(stream, stream_server):
    stream.follow(["IWM"])
    await stream_server.subscribed("IWM")
    stream.renew()
    await stream_server.until(lambda: stream_server.handshakes == 2)


# The frames


async def test_frames_when_many_of_one_symbol_then_the_newest_alone_is_taken(stream, stream_server):
    stream.follow(["IWM", "SPY"])
    await stream_server.subscribed("IWM")
    late = pricing("IWM", 9.0, NOW - 50)
    await stream_server.say(pricing("IWM", 1.0, NOW), pricing("IWM", 2.0, NOW + 1), late, pricing("SPY", 3.0, NOW))
    seen = {}
    while "SPY" not in seen:
        seen |= await taken(stream)
    assert seen == {"IWM": 2.0, "SPY": 3.0}


async def test_frames_when_some_are_garbage_then_the_rest_stands(stream, stream_server):
    stream.follow(["IWM"])
    await stream_server.subscribed("IWM")
    await stream_server.say("garbage", b"\xff\x00", '{"type":"ping"}', pricing("IWM", 2.0, NOW, version=1))
    assert await taken(stream) == {"IWM": 2.0}
    assert stream_server.handshakes == 1


async def test_frames_when_nothing_but_garbage_then_it_connects_anew(stream, stream_server):
    stream.follow(["IWM"])
    await stream_server.subscribed("IWM")
    await stream_server.say(*["<html>"] * 50)
    await stream_server.until(lambda: stream_server.handshakes >= 2)
    assert not stream.up


async def test_frames_when_gigantic_then_it_connects_anew(stream, stream_server):
    stream.follow(["IWM"])
    await stream_server.subscribed("IWM")
    await stream_server.say("A" * 2**20)
    await stream_server.until(lambda: stream_server.handshakes >= 2)


async def test_silence_when_new_york_trades_then_it_serves_nobody_and_connects_anew(stream, stream_server, clock):
    stream.follow(["IWM"])
    await stream_server.subscribed("IWM")
    await stream_server.say(pricing("IWM", 2.0, NOW))
    await taken(stream)
    assert stream.served() == {"IWM"}
    clock.now += SILENCE + 1
    assert (stream.up, stream.served()) == (False, frozenset())
    assert "is silent" in stream.trouble
    await stream_server.until(lambda: stream_server.handshakes >= 2)


async def test_silence_when_the_session_is_over_then_it_is_nothing(stream, stream_server, clock):
    clock.now = CLOSES + 60.0
    stream.follow(["IWM"])
    await stream_server.subscribed("IWM")
    await stream_server.say(pricing("IWM", 2.0, clock.now))
    await taken(stream)
    clock.now += 20 * SILENCE
    assert (stream.up, stream.trouble) == (True, "")


# The chain


@pytest.fixture
async def chain(market, stream_server, clock, tmp_path):
    made = make_chain(market, clock, tmp_path, stream=stream_server)
    yield made
    await made.aclose()


async def next_with(updates, done):
    async with asyncio.timeout(20):
        async for update in updates:
            if done(update):
                return update
    raise AssertionError


async def test_chain_when_it_streams_then_a_snapshot_comes_first_and_frames_change_it(market, chain, stream_server):
    wanted = Wanted()
    wanted.order(["SPY"])
    async with aclosing(chain.quotes(wanted)) as updates:
        snapshot = await next_with(updates, lambda update: update.quotes)
        await stream_server.subscribed("SPY")
        await stream_server.say(pricing("SPY", 102.5, NOW - 5, volume=1200))
        moved = await next_with(updates, lambda update: update.quotes)
    assert (snapshot.quotes[0].price, moved.quotes[0].price) == (101.5, 102.5)
    assert (moved.quotes[0].prev_close, moved.quotes[0].volume, moved.quotes[0].currency) == (100.0, 1200, "USD")
    assert (moved.health.state, moved.health.detail) == (State.LIVE, "")
    assert market.paths().count(QUOTE) == 1


async def test_chain_when_it_streams_then_the_screen_is_polled_every_five_minutes_only(
    market, chain, stream_server, clock
):
    stream = chain._feed._stream

    class Talking(Quickly):
        """Every pause ends with a frame that has come in."""

        async def wait(self, timeout):  # noqa: ASYNC109
            await stream_server.subscribed("SPY")
            await super().wait(timeout)
            await stream_server.say(pricing("SPY", 102.5, clock.now))
            async with asyncio.timeout(20):
                while stream._last_frame != clock.now:
                    await asyncio.sleep(0.001)

    market.routes[QUOTE] = lambda _: Answer(answer(record(regularMarketTime=clock.now - 1)))
    wanted = Talking(clock)
    wanted.order(["SPY"])
    async with aclosing(chain.quotes(wanted)) as updates:
        await next_with(updates, lambda _: clock.now > NOW + 900)
    assert market.paths().count(QUOTE) == 4


async def test_chain_when_the_stream_goes_silent_then_polling_takes_over_and_says_so(
    market, chain, stream_server, clock
):
    wanted = Wanted()
    wanted.order(["SPY"])
    async with aclosing(chain.quotes(wanted)) as updates:
        await next_with(updates, lambda update: update.quotes)
        await stream_server.subscribed("SPY")
        await stream_server.say(pricing("SPY", 102.5, NOW - 5))
        await next_with(updates, lambda update: update.quotes)
        clock.now += SILENCE + 20
        market.routes[QUOTE] = Answer(answer(record(regularMarketTime=clock.now - 1, regularMarketPrice=103)))
        silent = await next_with(updates, lambda update: update.health and "silent" in update.health.detail)
        wanted.order(["SPY"])
        polled = await next_with(updates, lambda update: any(quote.price == 103 for quote in update.quotes))
    assert {silent.health.state, polled.health.state} == {State.LIVE}


async def test_chain_when_only_the_stream_answers_then_its_prices_are_live(market, chain, stream_server, clock):
    wanted = Wanted()
    wanted.order(["SPY"])
    async with aclosing(chain.quotes(wanted)) as updates:
        await next_with(updates, lambda update: update.quotes)
        await stream_server.subscribed("SPY")
        await stream_server.say(pricing("SPY", 102.5, NOW - 5))
        await next_with(updates, lambda update: update.quotes)
        market.routes[QUOTE] = market.routes[SPARK] = Answer(status=429)
        wanted.order(["IWM"])
        limited = await next_with(updates, lambda update: update.health and update.health.retry_at)
        await stream_server.subscribed("IWM")
        await stream_server.say(pricing("IWM", 220.5, NOW - 4))
        told = await next_with(updates, lambda update: update.quotes)
    assert (limited.health.state, limited.health.retry_at) == (State.LIVE, NOW + 900)
    assert "slow down" in limited.health.detail
    assert [(quote.symbol, quote.price) for quote in told.quotes] == [("IWM", 220.5)]


async def test_chain_when_closed_and_all_is_known_then_there_is_no_stream(market, chain, stream_server, clock):
    clock.now = CLOSES + 6 * 3600.0
    market.routes[QUOTE] = Answer(answer(record(marketState="CLOSED", regularMarketTime=CLOSES)))
    wanted = Wanted()
    wanted.order(["SPY"])
    async with aclosing(chain.quotes(wanted)) as updates:
        await next_with(updates, lambda update: update.quotes)
    assert stream_server.handshakes == 0


async def test_chain_when_frames_are_of_strangers_then_they_are_dropped(market, chain, stream_server):
    wanted = Wanted()
    wanted.order(["SPY"])
    async with aclosing(chain.quotes(wanted)) as updates:
        await next_with(updates, lambda update: update.quotes)
        await stream_server.subscribed("SPY")
        await stream_server.say(pricing("EVIL", 5.0, NOW), pricing("SPY", 102.5, NOW - 5))
        moved = await next_with(updates, lambda update: update.quotes)
    assert [quote.symbol for quote in moved.quotes] == ["SPY"]


async def test_chain_when_left_then_no_task_stays(market, chain, stream_server):
    wanted = Wanted()
    wanted.order(["SPY"])
    before = asyncio.all_tasks()
    async with aclosing(chain.quotes(wanted)) as updates:
        await next_with(updates, lambda update: update.quotes)
        await stream_server.subscribed("SPY")
    await stream_server.connections[0].wait_closed()
    left = {task.get_name() for task in asyncio.all_tasks() - before}
    assert not {"stream", "frames"} & left

"""The chain: fail-over by symbol and by need, who is asked again when, and what the user sees of it."""

import asyncio
from contextlib import aclosing

import pytest

from tests.sources.chain_kit import CBOE, HISTORY, KEYS, SNAPSHOTS, make_chain, serve_cboe, snapshots, until
from tests.sources.server import Answer
from tests.sources.yahoo_kit import CHART, QUOTE, SPARK, Quickly, take, without_crumb
from tests.sources.yahoo_payloads import CLOSES, NOW, answer, chart, fault, record, spark
from tui.engine import Engine
from tui.model import State
from tui.sources.base import LimitedError, NoDataError, Source, UnknownSymbolError
from tui.sources.needs import Need
from tui.store.memory import Memory

LIMITED = Answer(b"Edge: Too Many Requests", 429)


@pytest.fixture
async def make(market, clock, tmp_path):
    made = []

    def chain(**how):
        made.append(make_chain(market, clock, tmp_path, **how))
        return made[-1]

    yield chain
    for each in made:
        await each.aclose()


def prices(updates):
    """The last price of each symbol with its source."""
    return {quote.symbol: (quote.source, quote.price) for update in updates for quote in update.quotes}


# The order


async def test_chain_when_made_then_it_speaks_the_protocol(make, clock):
    chain = make()
    assert isinstance(chain, Source)
    assert (chain.name, chain.names, chain.nature()) == ("yahoo", {"yahoo", "cboe"}, None)
    assert chain.now().timestamp() == clock.now
    with pytest.raises(NoDataError):
        await chain.fund("IWM")
    await chain.aclose()
    await chain.aclose()


async def test_quotes_when_all_is_well_then_only_the_first_is_asked(market, make, wanted):
    wanted.order(["SPY", "QQQ"])
    (update,) = await take(make(keys=KEYS), wanted, 1)
    assert prices([update]) == {"SPY": ("yahoo", 101.5), "QQQ": ("yahoo", 101.5)}
    assert (update.health.state, update.health.detail) == (State.LIVE, "")
    assert market.paths() == ["/cookie", "/v1/test/getcrumb", QUOTE]


async def test_quotes_when_the_half_with_the_crumb_is_down_then_spark_in_the_same_round(market, make, wanted):
    without_crumb(market)
    wanted.order(["SPY"])
    updates = await until(make(), wanted, lambda update: update.quotes)
    assert (updates[-1].health.state, wanted.pauses) == (State.LIVE, [])
    assert "gave no cookie" in updates[-1].health.detail
    assert not any(CBOE in path for path in market.paths())


async def test_quotes_when_yahoo_is_limited_then_cboe_serves_the_screen_and_says_until_when(
    market, make, wanted, clock
):
    market.routes[QUOTE] = LIMITED
    serve_cboe(market, clock)
    wanted.order(["SPY", "^RUT", "BRK-B", "HSBA.L"])
    updates = await until(make(), wanted, lambda update: update.health.state is State.DELAYED)
    assert prices(updates) == dict.fromkeys(("SPY", "^RUT", "BRK-B"), ("cboe", 101.0))
    health = updates[-1].health
    assert health.retry_at == NOW + 900
    assert "Yahoo asked us to slow down. Asked again at " in health.detail
    assert "Cboe answers, 15 minutes late." in health.detail
    assert sorted(path for path in market.paths() if CBOE in path) == [
        f"{CBOE}{name}.json" for name in ("BRK.B", "SPY", "_RUT")
    ]
    assert {quote.delay for update in updates for quote in update.quotes} == {900}
    assert not any(update.unknown for update in updates)


async def test_quotes_when_the_time_has_come_then_yahoo_is_asked_again_and_the_state_is_live(
    market, make, wanted, clock
):
    market.routes[QUOTE] = [LIMITED, Answer(answer(record(regularMarketTime=NOW + 1000)))]
    serve_cboe(market, clock)
    wanted.order(["SPY"])
    updates = await until(make(), wanted, lambda update: update.health.state is State.LIVE, most=99)
    assert (prices(updates)["SPY"], clock.now >= NOW + 900) == (("yahoo", 101.5), True)
    assert market.paths().count(QUOTE) == 2
    assert SPARK not in market.paths()


async def test_quotes_when_all_rest_then_limited_wins_and_no_request_goes_out_before_its_time(
    market, make, wanted, clock
):
    market.routes[QUOTE] = [LIMITED, Answer(answer(record()))]
    wanted.order(["HSBA.L"])
    market.routes[QUOTE] = LIMITED
    failed, again = await take(make(), wanted, 2)
    assert (failed.health.state, failed.health.retry_at) == (State.LIMITED, NOW + 900)
    assert (again.health.retry_at, market.paths().count(QUOTE)) == (NOW + 900 + 1800, 2)


async def test_quotes_when_one_symbol_is_missing_then_that_one_goes_on_to_the_next(market, make, wanted, clock):
    serve_cboe(market, clock, late=20)
    wanted.order(["SPY", "IWM"])
    chain = make()
    async with aclosing(chain.quotes(wanted)) as stream:
        await anext(stream)
        market.routes[QUOTE] = Answer(answer(record(regularMarketTime=NOW + 10)))
        later = [await anext(stream), await anext(stream)]
    assert prices(later) == {"SPY": ("yahoo", 101.5), "IWM": ("cboe", 101.0)}
    assert [path for path in market.paths() if CBOE in path] == [f"{CBOE}IWM.json"]
    assert {update.health.state for update in later} == {State.LIVE}


async def test_quotes_when_a_price_is_absurd_then_the_next_source_tells_the_right_one(market, make, wanted, clock):
    market.routes[QUOTE] = Answer(answer([record(symbol="BAD", regularMarketPrice=10_150), record()]))
    serve_cboe(market, clock)
    wanted.order(["BAD", "SPY"])
    updates = await until(make(), wanted, lambda update: "BAD" in prices([update]))
    assert prices(updates) == {"SPY": ("yahoo", 101.5), "BAD": ("cboe", 101.0)}
    assert "BAD is left out (five times off its previous close)" in updates[0].health.detail


async def test_unknown_when_yahoo_leaves_it_out_then_nobody_else_is_asked(market, make, wanted):
    wanted.order(["SPY", "XNONE"])
    (update,) = await take(make(keys=KEYS), wanted, 1)
    assert update.unknown == ["XNONE"]
    assert not any("XNONE" in path for path in market.paths())


async def test_unknown_when_yahoo_cannot_be_asked_then_nobody_makes_it_so(market, make, wanted, clock):
    market.routes[QUOTE] = LIMITED
    serve_cboe(market, clock)
    wanted.order(["SPY", "XNONE"])
    updates = await until(make(), wanted, lambda update: update.quotes)
    assert not any(update.unknown for update in updates)


async def test_unknown_when_all_who_could_know_it_left_it_out_then_it_is(market, make, wanted, clock):
    serve_cboe(market, clock)
    wanted.order(["XNONE", "SPY"])
    updates = await until(make(orders={"visible": ("cboe",), "list": ()}), wanted, lambda update: update.quotes)
    assert updates[-1].unknown == ["XNONE"]


async def test_unknown_when_it_is_no_symbol_then_nobody_is_asked(market, make, wanted):
    wanted.order(["<script>"])
    (update,) = await take(make(), wanted, 1)
    assert (update.unknown, market.requests) == (["<script>"], [])


async def test_order_when_the_settings_change_it_then_so_it_is(market, make, wanted, clock):
    serve_cboe(market, clock)
    wanted.order(["SPY"])
    chain = make(orders={"visible": ("cboe", "yahoo-spark")})
    (update,) = await take(chain, wanted, 1)
    assert (prices([update]), chain.name) == ({"SPY": ("cboe", 101.0)}, "cboe")
    assert market.paths() == [f"{CBOE}SPY.json"]
    assert (update.health.state, update.health.retry_at) == (State.DELAYED, None)


async def test_order_when_there_is_a_key_then_real_time_comes_before_late(market, make, wanted, clock):
    without_crumb(market)
    market.routes[SPARK] = Answer(status=503)
    market.routes[SNAPSHOTS] = Answer(snapshots(SPY=(100.9, NOW - 5)))
    serve_cboe(market, clock)
    wanted.order(["SPY", "IWM"])
    updates = await until(make(keys=KEYS), wanted, lambda update: "IWM" in prices([update]))
    assert prices(updates) == {"SPY": ("alpaca", 100.9), "IWM": ("cboe", 101.0)}
    sent = next(request for request in market.requests if request.path == SNAPSHOTS)
    assert (sent.headers["apca-api-key-id"], sent.query["feed"]) == ("alpaca-k3y", "iex")


async def test_order_when_off_the_screen_then_cboe_is_not_asked(market, make, wanted, clock):
    market.routes[QUOTE] = LIMITED
    serve_cboe(market, clock)
    wanted.order(["SPY", "IWM", "QQQ"], ["IWM"])
    await until(make(), wanted, lambda update: update.quotes)
    assert [path for path in market.paths() if CBOE in path] == [f"{CBOE}IWM.json"]


# What never gets worse


async def test_quotes_when_the_late_source_tells_what_is_older_then_the_newer_price_stays(market, make, wanted, clock):
    market.routes[QUOTE] = [Answer(answer(record())), LIMITED, LIMITED]
    serve_cboe(market, clock, price=99.0)
    wanted.order(["SPY"])
    updates = await until(make(), wanted, lambda update: update.health.state is State.DELAYED)
    assert prices(updates) == {"SPY": ("yahoo", 101.5)}


async def test_quotes_when_two_differ_then_both_are_told_and_the_less_late_is_the_price(market, make, wanted, clock):
    clock.now = CLOSES + 3600.0
    final = record(marketState="POST", regularMarketTime=CLOSES)
    market.routes[QUOTE] = [Answer(answer(final)), LIMITED]
    serve_cboe(market, clock, price=105.0, late=3600)
    wanted.order(["SPY"])
    updates = await until(make(), wanted, lambda update: any(quote.other_price for quote in update.quotes))
    (quote,) = updates[-1].quotes
    assert (quote.price, quote.source, quote.other_price, quote.other_source) == (101.5, "yahoo", 105.0, "cboe")
    assert "Two sources differ on SPY: yahoo 101.5, cboe 105." in updates[-1].health.detail


async def test_quotes_when_two_agree_within_the_bound_then_there_is_no_other(market, make, wanted, clock):
    clock.now = CLOSES + 3600.0
    final = record(marketState="POST", regularMarketTime=CLOSES - 5)
    market.routes[QUOTE] = [Answer(answer(final)), LIMITED]
    serve_cboe(market, clock, price=101.6, late=3600)
    wanted.order(["SPY"])
    updates = await until(make(), wanted, lambda update: update.health.state is State.DELAYED)
    assert not any(quote.other_price for update in updates for quote in update.quotes)


# Nothing without need


async def test_quotes_when_closed_and_all_is_known_then_nothing_until_the_morning(market, make, wanted, clock):
    clock.now = CLOSES + 5 * 3600.0
    final = Answer(answer(record(marketState="CLOSED", regularMarketTime=CLOSES)))
    market.routes[QUOTE] = final
    wanted.order(["SPY"])
    _, morning = await take(make(), wanted, 2)
    assert morning.quotes[0].fetched_at >= CLOSES + 12 * 3600  # 04:00 in New York
    assert market.paths().count(QUOTE) == 2


async def test_quotes_when_before_the_session_then_the_screen_has_its_prices_every_five_minutes(
    market, make, wanted, clock
):
    clock.now = CLOSES + 3600.0
    late = {"marketState": "POST", "regularMarketTime": CLOSES, "postMarketPrice": 102.25}
    market.routes[QUOTE] = lambda _: Answer(answer(record(**late, postMarketTime=clock.now - 3)))
    wanted.order(["SPY"])
    updates = await take(make(), wanted, 3)
    quotes = [update.quotes[0] for update in updates]
    assert [(quote.price, quote.extended_price, quote.extended_phase) for quote in quotes] == [
        (101.5, 102.25, "POST")
    ] * 3
    assert [quote.fetched_at for quote in quotes] == [CLOSES + 3600.0 + 300 * turn for turn in range(3)]


async def test_quotes_when_the_machine_has_slept_then_the_unreachable_is_asked_at_once(market, make, clock):
    class Slept(Quickly):
        async def wait(self, timeout):  # noqa: ASYNC109
            if len(self.pauses) == 3:
                self.clock.now += 7200
            await super().wait(timeout)

    wanted = Slept(clock)
    without_crumb(market)
    market.routes[SPARK] = [Answer(status=503)] * 6 + [Answer(answer(spark(), "spark"))]
    wanted.order(["SPY"])
    chain = make(orders={"visible": ("yahoo-spark",)})
    updates = await until(chain, wanted, lambda update: update.quotes)
    assert len(wanted.pauses) == 4
    assert clock.now - NOW <= 7200 + 60
    assert {update.health.state for update in updates[:-1]} == {State.OFFLINE}


# History


async def test_history_when_yahoo_is_limited_then_the_next_and_it_rests(market, make, clock, shared_data):
    market.routes[CHART] = LIMITED
    recording = shared_data / "recordings/cboe/charts_historical_AAPL.json"
    market.routes[HISTORY] = Answer(recording.read_bytes())
    clock.now = 1_785_200_000.0
    chain = make()
    bars = [await chain.history("AAPL") for _ in range(2)]
    assert {each.source for each in bars} == {"cboe"}
    assert sum(path.startswith(CHART) for path in market.paths()) == 1
    clock.now += 900
    await chain.history("AAPL")
    assert sum(path.startswith(CHART) for path in market.paths()) == 2


async def test_history_when_the_first_rests_and_the_next_knows_nothing_then_it_is_not_given_up(market, make):
    market.routes[CHART] = LIMITED
    market.routes[HISTORY] = Answer(b"", 403)
    chain = make()
    for _ in range(2):
        with pytest.raises(LimitedError) as caught:
            await chain.history("SPY")
        assert caught.value.retry_at == NOW + 900


async def test_history_when_yahoo_does_not_know_it_and_the_next_is_down_then_it_is_unknown(market, make):
    market.routes[CHART] = Answer(fault("Not Found"), 404)
    market.routes[HISTORY] = Answer(status=503)
    with pytest.raises(UnknownSymbolError):
        await make().history("SPY")


async def test_intraday_when_nobody_is_set_up_then_it_says_where(make):
    with pytest.raises(NoDataError, match=r"\[chain\]"):
        await make(orders={"intraday": ()}).intraday("SPY")


async def test_instruments_when_quoted_then_they_are_known(make, wanted):
    chain = make()
    wanted.order(["SPY"])
    await take(chain, wanted, 1)
    assert [each.symbol for each in await chain.instruments(["SPY", "QQQ"])] == ["SPY"]


# Consent


async def test_consent_when_yahoo_asks_then_health_holds_the_question_and_nothing_is_sent(market, make, wanted):
    market.routes["/cookie"] = Answer(status=307, headers={"Location": f"http://localhost:{market.port}/consent"})
    wanted.order(["SPY"])
    chain = make(consent_hosts=frozenset({"localhost"}))
    updates = await until(chain, wanted, lambda update: update.quotes)
    assert "Shall outpace send 'agree'" in updates[-1].health.question
    assert chain.question == updates[-1].health.question
    assert "/consent" not in market.paths()
    await chain.consent(False)
    assert chain.question == ""


# The engine


async def test_engine_when_the_late_source_answers_then_it_has_settled(market, make, wanted, clock):
    market.routes[QUOTE] = market.routes[SPARK] = Answer(b"{}")
    serve_cboe(market, clock)
    market.routes[CHART] = Answer(chart([(NOW - 86_400 * 3, 1, 1, 1, 1, 1)]))
    engine = Engine(make(), Memory(), fetch=False, stale_after=600)
    engine.wanted = engine.loader._wanted = wanted
    engine.watch(["SPY"], "SPY")
    pump = asyncio.create_task(engine.run())
    assert await engine.settle(20)
    assert engine.live.quotes["SPY"].source == "cboe"
    pump.cancel()
    await asyncio.gather(pump, return_exceptions=True)


async def test_round_when_the_first_ways_take_long_to_fail_then_the_screen_still_goes_on_to_the_last(
    market, make, wanted, clock
):
    def slow(_request):
        clock.now += 20
        return Answer(status=503)

    market.routes[QUOTE] = market.routes[SPARK] = slow
    serve_cboe(market, clock)
    wanted.order(["SPY"])
    updates = await until(make(), wanted, lambda update: update.quotes)
    assert (prices(updates), wanted.pauses) == ({"SPY": ("cboe", 101.0)}, [])


async def test_round_when_it_takes_long_then_what_is_off_the_screen_waits_for_the_next(market, make, wanted, clock):
    def slow(request):
        clock.now += 16
        return Answer(answer([record(symbol=each, regularMarketTime=clock.now) for each in request.symbols]))

    market.routes[QUOTE] = slow
    symbols = [f"S{number}" for number in range(200)]
    wanted.order(symbols, symbols[:95])
    await take(make(), wanted, 3)
    asked = [request.symbols for request in market.requests if request.path == QUOTE]
    assert (asked[0] + asked[1][:5], set(asked[2]) & set(symbols[:90])) == (symbols[:95], set(symbols[:90]))


async def test_round_when_a_way_falls_out_that_nobody_asked_then_the_next_one_takes_over(market, make, wanted):
    chain = make()
    ways = chain._feed._turns.ways[Need.VISIBLE]

    def give_up(request):
        ways[0]._auth.give_up("Somebody else was refused.")
        return Answer(answer([record(symbol=symbol) for symbol in request.symbols]))

    market.routes[QUOTE] = give_up
    symbols = [f"S{number}" for number in range(100)]
    wanted.order(symbols, symbols)
    updates = await take(chain, wanted, 2)
    assert [path for path in market.paths() if "finance" in path] == [QUOTE, SPARK]
    assert sum(len(update.quotes) for update in updates) == 100

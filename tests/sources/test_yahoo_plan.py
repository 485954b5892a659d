"""How often Yahoo is asked, and for whom; hours pass without a wait."""

from contextlib import aclosing
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.sources.server import Answer
from tests.sources.yahoo_kit import QUOTE, Quickly, take
from tests.sources.yahoo_payloads import CLOSES, DAY, NOW, OPENED, answer, record
from tui.model import Quote
from tui.sources.base import Want
from tui.sources.feed_merge import better as _better
from tui.sources.yahoo_plan import ABROAD, ROUND, SWEEP, Plan
from tui.sources.yahoo_quotes import parse_quote

# The pace


async def test_pace_when_the_market_is_open_then_the_screen_often_and_the_rest_seldom(market, yahoo, wanted, clock):
    market.routes[QUOTE] = lambda r: Answer(answer([record(symbol=s, regularMarketTime=clock.now) for s in r.symbols]))
    wanted.order(["A", "B", "C"], ["B"])
    await take(yahoo, wanted, 22)
    asked = [sorted(request.symbols) for request in market.requests if request.path == QUOTE]
    assert asked == [["A", "B", "C"], *[["B"]] * 19, ["A", "B", "C"], ["B"]]
    assert set(wanted.pauses) == {ROUND}


async def test_pace_when_all_is_final_and_the_market_closed_then_nothing_until_it_opens(market, yahoo, wanted, clock):
    clock.now = CLOSES + 3600.0
    final = Answer(answer(record(marketState="POST", regularMarketTime=CLOSES)))
    market.routes[QUOTE] = final
    wanted.order(["SPY"])
    _, morning = await take(yahoo, wanted, 2)
    assert market.paths().count(QUOTE) == 2
    assert morning.quotes[0].fetched_at == pytest.approx(OPENED + DAY, abs=ROUND)


async def test_pace_when_just_closed_then_it_is_asked_until_the_close_has_settled(market, yahoo, wanted, clock):
    clock.now = CLOSES + 30.0
    market.routes[QUOTE] = Answer(answer(record(marketState="POST", regularMarketTime=CLOSES)))
    wanted.order(["SPY"])
    updates = await take(yahoo, wanted, 6)
    times = [update.quotes[0].fetched_at - CLOSES for update in updates]
    assert times[:5] == [30, 330, 630, 930, 1230]
    assert times[5] > 17 * 3600


async def test_pace_when_a_market_never_closes_then_it_is_asked_through_the_night(market, yahoo, wanted, clock):
    clock.now = CLOSES + 36_000.0
    coin = {"symbol": "BTC-USD", "quoteType": "CRYPTOCURRENCY", "exchangeTimezoneName": "UTC"}
    market.routes[QUOTE] = lambda _: Answer(answer(record(**coin, regularMarketTime=clock.now)))
    wanted.order(["BTC-USD"])
    await take(yahoo, wanted, 3)
    assert wanted.pauses == [ROUND, ROUND]


async def test_pace_when_another_country_may_have_opened_then_it_is_looked_at(market, yahoo, wanted, clock):
    clock.now = CLOSES + 36_000.0
    market.routes[QUOTE] = Answer(
        answer(record(symbol="AIR.PA", exchangeTimezoneName="Europe/Paris", marketState="CLOSED", currency="EUR"))
    )
    wanted.order(["AIR.PA"])
    first, second = await take(yahoo, wanted, 2)
    assert second.quotes[0].fetched_at - first.quotes[0].fetched_at == ABROAD


async def test_pace_when_a_record_is_useless_then_it_is_not_asked_for_every_round(market, yahoo, wanted):
    market.routes[QUOTE] = Answer(answer(record(regularMarketTime=None)))
    wanted.order(["SPY"])
    first, _ = await take(yahoo, wanted, 2)
    assert "SPY is left out" in first.health.detail
    assert sum(wanted.pauses) == SWEEP


async def test_pace_when_a_new_list_comes_then_it_is_told_at_once_what_is_known(market, yahoo, wanted):
    wanted.order(["SPY", "QQQ"])
    async with aclosing(yahoo.quotes(wanted)) as stream:
        await anext(stream)
        wanted.order(["QQQ", "IWM"])
        recalled, asked = await anext(stream), await anext(stream)
    assert (recalled.epoch, [quote.symbol for quote in recalled.quotes]) == (2, ["QQQ"])
    assert [quote.symbol for quote in asked.quotes] == ["IWM"]
    assert wanted.pauses == []


async def test_pace_when_only_the_view_moves_then_no_round_is_brought_forward(market, yahoo, clock):
    class Scrolling(Quickly):
        async def wait(self, timeout):  # noqa: ASYNC109
            self.order(self.now.symbols, [f"S{len(self.pauses) % 3}"], same_epoch=True)
            await super().wait(min(timeout, 1.0))

    wanted = Scrolling(clock)
    wanted.order(["S0", "S1", "S2"], ["S0"])
    await take(yahoo, wanted, 3)
    assert clock.now - NOW == 30


async def test_pace_when_the_clock_is_set_back_then_the_feed_does_not_stall(market, yahoo, clock):
    class Jumping(Quickly):
        async def wait(self, timeout):  # noqa: ASYNC109
            await super().wait(timeout)
            if len(self.pauses) == 1:
                self.clock.now -= 7200

    wanted = Jumping(clock)
    wanted.order(["SPY"])
    await take(yahoo, wanted, 2)
    assert wanted.pauses == [ROUND]


@settings(max_examples=30)
@given(data=st.data())
def test_better_when_quotes_come_in_any_order_then_time_and_price_never_go_back(data):
    fields = st.fixed_dictionaries(
        {
            "regularMarketTime": st.integers(int(NOW) - 2 * DAY, int(NOW)),
            "regularMarketPrice": st.none() | st.floats(50, 200),
            "regularMarketVolume": st.none() | st.integers(0, 9),
        }
    )
    known = None
    for draw in data.draw(st.lists(fields, max_size=8)):
        quote = parse_quote(answer(record(**draw)), NOW).quotes[0]
        better = _better(quote, known)
        if better is None:
            continue
        if known is not None:
            assert better.as_of >= known.as_of
            assert better.price is not None or known.price is None
            assert better.session != known.session or better.volume is not None or known.volume is None
        known = better


# Outside the session, and beside a stream


def planned(plan, moment, quotes, served=(), symbols=("SPY",), visible=()):
    return plan.due(Want(1, symbols, visible), moment, quotes, {}, served)


def final(symbol="SPY", fetched_at=0.0):
    day = datetime.fromtimestamp(CLOSES, UTC).date()
    return Quote(symbol=symbol, price=1.0, session=day, as_of=CLOSES, fetched_at=fetched_at, source="yahoo", final=True)


@pytest.mark.parametrize(
    ("hours", "symbol", "due"),
    [
        (1, "SPY", True),
        (3.9, "SPY", True),
        (4.1, "SPY", False),
        (11.9, "SPY", False),
        (12.1, "SPY", True),
        (1, "^RUT", False),
    ],
)
def test_plan_when_prices_are_made_outside_the_session_then_the_screen_is_asked_for(hours, symbol, due):
    moment = CLOSES + hours * 3600
    quotes = {symbol: final(symbol, CLOSES + 3000)}
    for extended, expected in ((True, due), (False, False)):
        plan = Plan(extended=extended)
        plan.asked([symbol], moment - SWEEP)
        assert bool(planned(plan, moment, quotes, symbols=(symbol,))) is expected


def test_plan_when_off_the_screen_then_not_outside_the_session():
    plan = Plan(extended=True)
    moment = CLOSES + 3600.0
    plan.asked(["SPY", "IWM"], moment - SWEEP)
    quotes = {name: final(name, moment - 10) for name in ("SPY", "IWM")}
    assert planned(plan, moment, quotes, symbols=("SPY", "IWM"), visible=("SPY",)) == ["SPY"]


def test_plan_when_a_stream_serves_it_then_it_is_asked_for_every_five_minutes_and_without_a_snapshot_at_once():
    plan = Plan()
    quotes = {"SPY": replace(final(), final=False)}
    plan.asked(["SPY"], float(NOW))
    assert planned(plan, NOW + ROUND, quotes) == ["SPY"]
    assert planned(plan, NOW + ROUND, quotes, served={"SPY"}) == []
    assert planned(plan, NOW + SWEEP, quotes, served={"SPY"}) == ["SPY"]
    assert planned(Plan(), NOW, {}, served={"SPY"}) == ["SPY"]


@pytest.mark.parametrize(
    ("hours", "zone", "moves"),
    [(-1, "America/New_York", True), (1, "America/New_York", True), (6, "America/New_York", False), (6, "UTC", True)],
)
def test_plan_when_anything_on_the_screen_can_move_then_it_says_so(hours, zone, moves):
    assert Plan().moving(Want(1, ("SPY",)), CLOSES + hours * 3600, {"SPY": zone}) is moves


def test_plan_when_nothing_is_on_the_screen_then_nothing_moves():
    assert not Plan().moving(Want(1, ()), float(NOW), {})

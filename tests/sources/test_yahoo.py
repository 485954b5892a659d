"""The Yahoo source against a real server over a real socket: bars, quotes, and what may go wrong."""

import asyncio
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from tests.sources.server import Answer
from tests.sources.yahoo_kit import CHART, QUOTE, SPARK, take, without_crumb
from tests.sources.yahoo_payloads import CLOSES, DAY, NOW, OPENED, answer, chart, fault, minutes, record, spark
from tui.model import State
from tui.sources.base import NoDataError, Source, UnknownSymbolError, UnreachableError, Wanted
from tui.sources.feed import Feed
from tui.sources.feed_merge import better as _better
from tui.sources.yahoo import Yahoo
from tui.sources.yahoo_plan import UNKNOWN
from tui.sources.yahoo_quotes import parse_quote

UNAUTHORIZED = Answer(b'{"finance":{"result":null,"error":{"code":"Unauthorized","description":"Invalid Crumb"}}}', 401)


async def test_source_when_made_then_it_speaks_the_protocol(yahoo, clock):
    assert isinstance(yahoo, Source)
    assert (yahoo.name, yahoo.nature(), yahoo.cheap_intraday) == ("yahoo", None, False)
    assert yahoo.now() == datetime.fromtimestamp(clock.now, UTC)
    with pytest.raises(NoDataError):
        await yahoo.fund("IWM")


async def test_source_when_it_is_sent_elsewhere_then_nothing_goes_to_yahoo(market, http, clock, tmp_path, wanted):
    """Only two addresses are given, and the cookie fails: the two others are not Yahoo's own then."""
    market.routes["/cookie"] = Answer(b"")
    source = Yahoo(http, base=market.url, cookie_url=f"{market.url}/cookie", cache_dir=tmp_path, clock=clock)
    wanted.order(["SPY"])
    (update,) = await take(source, wanted, 1)
    assert update.quotes[0].price == 101.5
    assert market.paths() == ["/cookie", SPARK]


# History and intraday


async def test_history_when_all_is_wanted_then_by_periods_and_without_the_running_session(market, yahoo):
    live = [(OPENED, 10, 12, 9, None, 5), (OPENED + 60, 10, 12, 9, 11, 5)]
    market.routes[CHART] = Answer(chart([(OPENED - DAY, 9, 11, 8, 10, 400), *live], symbol="^RUT"))
    bars = await yahoo.history("^RUT")
    assert (bars.dates, bars.close, bars.source) == ([date(2025, 10, 28)], [10], "yahoo")
    (request,) = market.requests
    assert request.path == f"{CHART}%5ERUT"
    assert request.query["interval"] == "1d"
    assert request.query["events"] == "div|split|capitalGains"
    assert "range" not in request.query
    assert int(request.query["period1"]) < -1_300_000_000
    assert 0 <= int(request.query["period2"]) - NOW <= 60


async def test_history_when_from_a_date_then_nothing_before_it(market, yahoo):
    rows = [(OPENED - n * DAY, 1, 1, 1, 1 + n / 10, 1) for n in (3, 2, 1)]
    market.routes[CHART] = Answer(chart(rows))
    bars = await yahoo.history("SPY", date(2025, 10, 27))
    assert bars.dates == [date(2025, 10, 27), date(2025, 10, 28)]
    assert {len(column) for column in (bars.open, bars.high, bars.low, bars.close, bars.adj_close, bars.volume)} == {2}
    assert market.requests[0].query["period1"] == str(int(datetime(2025, 10, 26, tzinfo=UTC).timestamp()))


@pytest.mark.parametrize("start", [date(2025, 10, 29), date(2026, 1, 1)])
async def test_history_when_nothing_is_new_then_no_data(market, yahoo, start):
    market.routes[CHART] = Answer(chart([(OPENED - DAY, 1, 1, 1, 1, 1)]))
    with pytest.raises(NoDataError):
        await yahoo.history("SPY", start)


@pytest.mark.parametrize("symbol", ["", "../admin", "A B", "A,B", "A?b=c", "Ä"])
async def test_history_when_the_symbol_cannot_be_one_then_nothing_is_asked(market, yahoo, symbol):
    with pytest.raises(UnknownSymbolError):
        await yahoo.history(symbol)
    assert market.requests == []


async def test_intraday_when_current_then_the_last_session_by_range(market, yahoo):
    market.routes[CHART] = Answer(chart(minutes(0, 1, 78), granularity="5m", adjusted=False))
    bars = await yahoo.intraday("SPY")
    assert [bar.time for bar in bars] == [OPENED, OPENED + 300]
    assert market.requests[0].query == {"interval": "5m", "range": "1d", "includePrePost": "false"}


async def test_intraday_when_of_a_session_then_only_its_bars(market, yahoo):
    rows = [(OPENED - DAY, 1, 1, 1, 7, 1), *minutes(0)]
    market.routes[CHART] = Answer(chart(rows, granularity="5m"))
    (bar,) = await yahoo.intraday("SPY", date(2025, 10, 28))
    assert bar.close == 7
    query = market.requests[0].query
    assert int(query["period1"]) <= OPENED - DAY < CLOSES - DAY <= int(query["period2"]) <= NOW + 60
    with pytest.raises(NoDataError):
        await yahoo.intraday("SPY", date(2025, 10, 27))


@pytest.mark.parametrize("session", [date(2025, 8, 1), date(2025, 11, 5)])
async def test_intraday_when_yahoo_cannot_have_it_then_nothing_is_asked(market, yahoo, session):
    with pytest.raises(NoDataError, match="59 days"):
        await yahoo.intraday("SPY", session)
    assert market.requests == []


async def test_intraday_when_at_the_wall_then_the_span_is_clamped(market, yahoo):
    market.routes[CHART] = Answer(chart(minutes(0), granularity="5m"))
    with pytest.raises(NoDataError):
        await yahoo.intraday("SPY", date(2025, 8, 31))
    assert int(market.requests[0].query["period1"]) >= NOW - 59 * DAY - 60


async def test_intraday_history_when_asked_then_all_sessions_before_the_current_one(market, yahoo):
    rows = [(OPENED - n * DAY, 1, 1, 1, 1, 1) for n in (2, 1, 0)]
    market.routes[CHART] = Answer(chart(rows, granularity="5m"))
    assert [bar.time for bar in await yahoo.intraday_history("SPY")] == [OPENED - 2 * DAY, OPENED - DAY]
    assert NOW - int(market.requests[0].query["period1"]) == pytest.approx(59 * DAY, abs=60)


# Quotes


async def test_quotes_when_the_crumb_works_then_one_request_with_it(market, yahoo, wanted):
    wanted.order(["SPY", "QQQ"])
    (update,) = await take(yahoo, wanted, 1)
    assert {quote.symbol: quote.price for quote in update.quotes} == {"SPY": 101.5, "QQQ": 101.5}
    assert (update.epoch, update.health.state, update.health.detail) == (1, State.LIVE, "")
    request = market.requests[-1]
    assert (request.path, request.query["crumb"], request.headers["cookie"]) == (QUOTE, "cr/umb.1", "A3=abc")
    assert [i.symbol for i in await yahoo.instruments(["QQQ", "NEVER"])] == ["QQQ"]


async def test_quotes_when_there_is_no_crumb_then_spark_in_small_batches_without_secrets(market, yahoo, wanted):
    without_crumb(market)
    wanted.order([f"S{n}" for n in range(31)], ["S30", "S29"])
    updates = await take(yahoo, wanted, 3)
    asked = [request.symbols for request in market.requests if request.path == SPARK]
    assert [len(symbols) for symbols in asked] == [15, 15, 1]
    assert asked[0][:2] == ["S30", "S29"]
    assert all("crumb" not in r.query and "cookie" not in r.headers for r in market.requests if r.path == SPARK)
    assert "cookie" in updates[0].health.detail


async def test_quotes_when_the_list_is_long_then_batches_of_ninety(market, yahoo, wanted):
    wanted.order([f"S{n}" for n in range(200)])
    await take(yahoo, wanted, 3)
    assert [len(request.symbols) for request in market.requests if request.path == QUOTE] == [90, 90, 20]


async def test_quotes_when_refused_once_then_one_new_crumb_and_on(market, yahoo, wanted):
    answers = [UNAUTHORIZED, Answer(answer(record()))]
    market.routes["/v1/test/getcrumb"] = [Answer(b"stale"), Answer(b"fresh")]
    market.routes[QUOTE] = answers
    wanted.order(["SPY"])
    (update,) = await take(yahoo, wanted, 1)
    assert update.quotes[0].price == 101.5
    assert [r.query["crumb"] for r in market.requests if r.path == QUOTE] == ["stale", "fresh"]


async def test_quotes_when_refused_twice_then_spark_for_a_quarter_of_an_hour(market, yahoo, wanted, clock):
    market.routes[QUOTE] = UNAUTHORIZED
    wanted.order(["SPY"])
    updates = await take(yahoo, wanted, 30)
    assert all(update.quotes[0].price == 101.5 for update in updates)
    assert market.paths().count(QUOTE) == 2
    assert market.paths().count("/v1/test/getcrumb") == 2
    assert "cookie" in updates[0].health.detail


async def test_quotes_when_the_quote_endpoint_breaks_then_spark_goes_on(market, yahoo, wanted):
    market.routes[QUOTE] = Answer(b"<html>Will be right back</html>")
    wanted.order(["SPY"])
    (update,) = await take(yahoo, wanted, 1)
    assert update.quotes[0].price == 101.5


async def test_quotes_when_symbols_are_unknown_then_they_are_named_once_and_left_in_peace(market, yahoo, wanted, clock):
    wanted.order(["SPY", "XNONE", "no good"])
    updates = await take(yahoo, wanted, 3)
    assert [update.unknown for update in updates] == [["no good"], ["XNONE"], []]
    assert [r.symbols for r in market.requests if r.path == QUOTE] == [["SPY", "XNONE"], ["SPY"]]
    wanted.order(["XNONE"])
    (again,) = await take(yahoo, wanted, 1)
    assert again.unknown == ["XNONE"]
    clock.now += UNKNOWN
    market.routes[QUOTE] = Answer(answer(record(symbol="XNONE", regularMarketTime=clock.now)))
    (later,) = await take(yahoo, wanted, 1)
    assert [quote.symbol for quote in later.quotes] == ["XNONE"]


async def test_quotes_when_yahoo_answers_nothing_then_no_symbol_becomes_unknown(market, yahoo, wanted):
    market.routes[QUOTE] = market.routes[SPARK] = Answer(answer([]))
    wanted.order(["SPY", "QQQ", "IWM", "DIA"])
    (update,) = await take(yahoo, wanted, 1)
    assert (update.unknown, update.health.state) == ([], State.STALE)


async def test_quotes_when_four_are_unknown_then_a_known_one_vouches(market, yahoo, wanted):
    wanted.order(["XA", "XB", "XC", "XD"])
    (update,) = await take(yahoo, wanted, 1)
    assert update.unknown == ["XA", "XB", "XC", "XD"]
    assert update.quotes == []


async def test_quotes_when_spark_knows_none_of_them_then_they_are_unknown(market, yahoo, wanted):
    without_crumb(market)
    market.routes[SPARK] = Answer(fault("Not Found", wrapper="spark"), 404)
    wanted.order(["XA"])
    (update,) = await take(yahoo, wanted, 1)
    assert (update.unknown, update.health.state) == (["XA"], State.LIVE)


async def test_quotes_when_a_known_symbol_is_missing_then_it_is_not_unknown(market, yahoo, wanted):
    wanted.order(["SPY", "QQQ"])
    whole, part = Answer(answer([record(), record(symbol="QQQ")])), Answer(answer(record()))
    market.routes[QUOTE] = [whole, part]
    updates = await take(yahoo, wanted, 2)
    assert ([quote.symbol for quote in updates[1].quotes], updates[1].unknown) == (["SPY"], [])


async def test_quotes_when_strangers_come_then_they_are_dropped(market, yahoo, wanted):
    market.routes[QUOTE] = Answer(answer([record(symbol="EVIL", regularMarketPrice=9), record(symbol="spy")]))
    wanted.order(["Spy"])
    (update,) = await take(yahoo, wanted, 1)
    assert [(quote.symbol, quote.price) for quote in update.quotes] == [("Spy", 101.5)]


async def test_quotes_when_one_price_is_absurd_then_the_detail_says_so_and_the_rest_stands(market, yahoo, wanted):
    market.routes[QUOTE] = Answer(answer([record(symbol="BAD", regularMarketPrice=10_150), record()]))
    wanted.order(["BAD", "SPY"])
    (update,) = await take(yahoo, wanted, 1)
    assert [quote.symbol for quote in update.quotes] == ["SPY"]
    assert "BAD is left out (five times off its previous close)" in update.health.detail
    assert update.unknown == []


@pytest.mark.parametrize(
    "worse",
    [
        {"regularMarketTime": NOW - 61, "regularMarketPrice": 55},
        {"regularMarketPrice": None},
        {"regularMarketPrice": 0},
        {"regularMarketPrice": 1015, "regularMarketPreviousClose": 1000},
        {"regularMarketTime": NOW + 3 * DAY},
    ],
)
async def test_quotes_when_the_next_one_is_worse_then_the_good_one_stays(market, yahoo, wanted, worse):
    market.routes[QUOTE] = [Answer(answer(record())), Answer(answer(record(**worse))), Answer(answer(record()))]
    wanted.order(["SPY"])
    updates = await take(yahoo, wanted, 3)
    assert [[quote.price for quote in update.quotes] for update in updates] == [[101.5], [], [101.5]]


async def test_quotes_when_the_next_one_knows_less_then_what_was_known_is_kept(market, yahoo, wanted):
    full = record(regularMarketOpen=100.5, longName="Fund", regularMarketTime=NOW - 30)
    bare = {key: full[key] for key in ("symbol", "regularMarketPrice", "exchangeTimezoneName", "marketState")}
    market.routes[QUOTE] = [Answer(answer(full)), Answer(answer({**bare, "regularMarketTime": NOW}))]
    wanted.order(["SPY"])
    _, update = await take(yahoo, wanted, 2)
    (quote,) = update.quotes
    assert (quote.open, quote.prev_close, quote.volume, quote.currency, quote.name) == (100.5, 100, 1000, "USD", "Fund")


async def test_quotes_when_a_new_session_begins_then_the_old_days_figures_go():
    old = parse_quote(answer(record(regularMarketOpen=5, longName="Fund")), NOW).quotes[0]
    new = parse_quote(
        answer(record(regularMarketTime=NOW + DAY, regularMarketVolume=None, regularMarketPreviousClose=None)),
        NOW + DAY,
    ).quotes[0]
    better = _better(new, old)
    assert (better.open, better.volume, better.prev_close, better.name) == (None, None, None, "Fund")


@pytest.mark.parametrize(
    ("trouble", "state"),
    [
        (Answer(b"Edge: Too Many Requests", 429), State.LIMITED),
        (Answer(status=503), State.OFFLINE),
        (Answer(drop=True), State.OFFLINE),
        (UNAUTHORIZED, State.OFFLINE),
        (Answer(b"what?"), State.STALE),
        (Answer(answer([{"symbol": 5}], "spark")), State.STALE),
        (Answer(b"[" * 100_000), State.STALE),
    ],
)
async def test_quotes_when_asking_fails_then_health_tells_and_the_next_round_goes_on(
    market, yahoo, wanted, trouble, state
):
    without_crumb(market)
    good = Answer(answer(spark(), "spark"))
    market.routes[SPARK] = [trouble] * (3 if trouble.drop else 2 if trouble.status == 503 else 1) + [good]
    wanted.order(["SPY"])
    failed, well = await take(yahoo, wanted, 2)
    assert (failed.epoch, failed.health.state, failed.quotes) == (1, state, [])
    assert (well.health.state, well.quotes[0].price) == (State.LIVE, 101.5)
    assert failed.health.retry_at > NOW
    assert "Asked again at " in failed.health.detail


async def test_quotes_when_limited_then_not_one_request_until_the_time_has_come(market, yahoo, wanted, clock):
    without_crumb(market)
    wanted.order(["SPY"])
    market.routes[SPARK] = [Answer(status=429), Answer(answer(spark(), "spark"))]
    failed, _ = await take(yahoo, wanted, 2)
    assert failed.health.retry_at == NOW + 900
    assert market.paths().count(SPARK) == 2
    assert clock.now >= NOW + 900


async def test_quotes_when_failing_on_then_pauses_grow(market, yahoo, wanted):
    without_crumb(market)
    market.routes[SPARK] = Answer(status=503)
    wanted.order(["SPY"])
    updates = await take(yahoo, wanted, 8)
    times = [NOW, *(update.health.retry_at for update in updates)]
    assert [after - before for before, after in pairwise(times)][:6] == [15, 30, 60, 120, 240, 300]
    assert max(wanted.pauses) == 15


async def test_quotes_when_a_fault_of_ours_strikes_then_the_stream_lives(market, yahoo, wanted, monkeypatch):
    once = iter([True])
    whole = Feed._update

    def faulty(self, *arguments):
        if next(once, False):
            raise ZeroDivisionError
        return whole(self, *arguments)

    monkeypatch.setattr(Feed, "_update", faulty)
    wanted.order(["SPY"])
    failed, well = await take(yahoo, wanted, 2)
    assert failed.health.state is State.STALE
    assert well.quotes[0].price == 101.5


async def test_quotes_when_cancelled_then_they_end(market, yahoo):
    wanted = Wanted()
    market.routes[QUOTE] = Answer(hang=True)
    wanted.order(["SPY"])
    task = asyncio.create_task(take(yahoo, wanted, 1))
    await market.received(3)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_unreachable_when_there_is_no_server_then_typed(market, yahoo):
    await market.__aexit__()
    with pytest.raises(UnreachableError):
        await yahoo.history("SPY")

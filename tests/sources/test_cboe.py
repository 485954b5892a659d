"""Cboe's delayed quotes and history: the recordings, every trap of theirs, and conditional requests over a real socket."""

import json
from datetime import UTC, date, datetime

import pytest

from tests.sources.chain_kit import CBOE, HISTORY, cboe, local
from tests.sources.server import QUICK, Answer
from tui.sessions import session_close
from tui.sources.base import (
    LimitedError,
    MalformedError,
    NoDataError,
    SourceError,
    UnknownSymbolError,
    UnreachableError,
)
from tui.sources.cboe import DELAY, EVERY, Cboe, code_of, parse_history, parse_quote
from tui.sources.http import Http

NOON = datetime(2025, 10, 29, 16, 0, tzinfo=UTC).timestamp()  # 12:00 in New York
CLOSE = session_close(date(2025, 10, 29)).timestamp()
WEEKEND = datetime(2026, 7, 25, 21, 2, 4, tzinfo=UTC).timestamp()


@pytest.fixture
async def source(server, clock):
    clock.now = NOON
    made = Cboe(Http("Cboe", limits=QUICK, clock=clock), base=server.url, clock=clock)
    yield made
    await made.aclose()


# The quote


def test_quote_when_recorded_on_a_weekend_then_the_close_is_the_price_and_its_change_is_not_read(shared_data):
    body = (shared_data / "recordings/cboe/quotes_AAPL.json").read_bytes()
    quote = parse_quote(body, "AAPL", WEEKEND)
    assert (quote.price, quote.session, quote.final) == (333.02, date(2026, 7, 24), True)
    assert (quote.extended_price, quote.extended_phase) == (333.8, "POST")
    assert (quote.prev_close, quote.volume, quote.delay, quote.currency) == (None, 47_489_415, DELAY, "USD")
    assert (quote.open, quote.high, quote.low) == (321.76, 334.37, 321.62)


def test_quote_when_its_time_has_no_zone_then_it_is_new_yorks():
    winter = datetime(2025, 12, 10, 20, 0, tzinfo=UTC).timestamp()
    quote = parse_quote(cboe("SPY", 101, made=0, last_trade_time="2025-12-10T14:45:00"), "SPY", winter)
    assert quote.as_of == winter - 900


def test_quote_when_the_session_runs_then_the_last_price_counts_and_nothing_is_final():
    quote = parse_quote(cboe("SPY", 101, made=NOON - 900, close=0.0), "SPY", NOON)
    assert (quote.price, quote.final, quote.session, quote.as_of) == (101, False, date(2025, 10, 29), NOON - 900)


@pytest.mark.parametrize(("after", "final"), [(60, False), (900 + 60, False), (900 + 1200, True)])
def test_quote_when_just_closed_then_it_is_final_only_once_the_delay_has_passed(after, final):
    quote = parse_quote(cboe("SPY", 101, made=CLOSE - 1), "SPY", CLOSE + after)
    assert quote.final is final


def test_quote_when_before_the_session_then_the_price_is_the_close_of_the_one_before():
    early = datetime(2025, 10, 29, 12, 30, tzinfo=UTC).timestamp()  # 08:30
    quote = parse_quote(cboe("SPY", 105, made=early - 900, close=101.0), "SPY", early)
    assert (quote.price, quote.session, quote.final) == (101.0, date(2025, 10, 28), True)
    assert (quote.extended_price, quote.extended_phase) == (105, "PRE")


def test_quote_when_before_the_session_and_the_close_is_gone_then_there_is_no_data():
    early = datetime(2025, 10, 29, 12, 30, tzinfo=UTC).timestamp()
    with pytest.raises(NoDataError):
        parse_quote(cboe("SPY", 105, made=early - 900, close=0.0), "SPY", early)


def test_quote_when_numbers_are_text_then_they_are_numbers():
    body = cboe("SPY", "101.500000", made=NOON - 900, volume="1000.0", open="13.700000")
    quote = parse_quote(body, "SPY", NOON)
    assert (quote.price, quote.volume, quote.open) == (101.5, 1000, 13.7)


def test_quote_when_of_an_index_then_the_name_has_a_sign_and_the_volume_is_none():
    for said in ("^VIX", "_VIX", "VIX"):
        quote = parse_quote(cboe(said, 17.5, made=NOON - 900), "^VIX", NOON)
        assert (quote.symbol, quote.price, quote.volume) == ("^VIX", 17.5, None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"<html>",
        b"[" * 100_000,
        b"\xff",
        json.dumps({"data": {}}).encode(),
        cboe("OTHER", 101, made=NOON - 900),
        cboe("SPY", 101, made=NOON + 3600),
        cboe("SPY", 101, made=NOON, last_trade_time=None),
        cboe("SPY", 101, made=NOON, last_trade_time="soon"),
        cboe("SPY", 101, made=NOON, last_trade_time="0001-01-01T00:00:00"),
        cboe("SPY", [], made=NOON - 900),
    ],
)
def test_quote_when_it_is_none_then_a_typed_error(body):
    with pytest.raises(MalformedError):
        parse_quote(body, "SPY", NOON)


@pytest.mark.parametrize("price", [0, None, "Infinity", "-1", {}, 1e999])
def test_quote_when_it_has_no_price_then_no_data(price):
    body = cboe("SPY", 0, made=NOON - 900).replace(
        b'"current_price": 0', b'"current_price": ' + json.dumps(price).encode()
    )
    with pytest.raises(SourceError):
        parse_quote(body, "SPY", NOON)


@pytest.mark.parametrize(
    ("symbol", "code"),
    [
        ("AAPL", "AAPL"),
        ("BRK-B", "BRK.B"),
        ("^VIX", "_VIX"),
        ("^GSPC", "_SPX"),
        ("^RUT", "_RUT"),
        ("^TNX", None),
        ("^DJI", None),
        ("^IXIC", None),
        ("HSBA.L", None),
        ("EURUSD=X", None),
        ("BTC-USD", None),
        ("GC=F", None),
        ("../../x", None),
    ],
)
def test_code_when_the_unit_is_another_or_it_is_not_of_new_york_then_none(symbol, code):
    assert code_of(symbol) == code


# The history


def test_history_when_recorded_then_from_where_cents_are_fine_enough(shared_data):
    body = (shared_data / "recordings/cboe/charts_historical_AAPL.json").read_bytes()
    rows = json.loads(body)["data"]
    bars = parse_history(body, "AAPL", WEEKEND)
    assert bars.dates == sorted(set(bars.dates))
    assert min(close for close in bars.close if close is not None) >= 5
    assert (bars.dates[-1].isoformat(), bars.close[-1]) == (rows[-1]["date"], rows[-1]["close"])
    assert set(bars.adj_close) == {None}
    assert bars.dates[0] > date(2004, 1, 2)


def test_history_when_numbers_are_text_then_they_are_numbers(shared_data):
    bars = parse_history((shared_data / "recordings/cboe/charts_historical_UZF.json").read_bytes(), "UZF", WEEKEND)
    assert (bars.dates[0], bars.close[0]) == (date(2013, 12, 24), 13.7)
    assert bars.volume[0] is None


def test_history_when_the_session_is_not_over_then_it_is_left_out():
    days = [
        {"date": day, "open": 10, "high": 11, "low": 9, "close": 10, "volume": 5}
        for day in ("2025-10-28", "2025-10-29")
    ]
    body = json.dumps({"data": days}).encode()
    assert parse_history(body, "SPY", NOON).dates == [date(2025, 10, 28)]
    assert parse_history(body, "SPY", CLOSE + 3600).dates == [date(2025, 10, 28), date(2025, 10, 29)]


@pytest.mark.parametrize("body", [b'{"data":[]}', b'{"data":null}', b'{"data":[{"date":"x"}]}'])
def test_history_when_it_is_empty_then_no_data(body):
    with pytest.raises(NoDataError):
        parse_history(body, "SPY", NOON)


@pytest.mark.parametrize("body", [b"", b'{"data":[5]}', b'{"data":{}}', b'{"data":[{"date":5}]}'])
def test_history_when_it_is_none_then_malformed(body):
    with pytest.raises(MalformedError):
        parse_history(body, "SPY", NOON)


# Over the wire


async def test_ask_when_asked_again_then_only_whether_it_has_changed(server, source, clock):
    first = Answer(
        cboe("SPY", 101, made=NOON - 900),
        headers={"ETag": '"abc"', "Last-Modified": "Wed, 29 Oct 2025 16:00:00 GMT", "Cache-Control": "s-maxage=5"},
    )
    server.routes[CBOE] = [
        first,
        Answer(status=304),
        Answer(cboe("SPY", 102, made=NOON - 700), headers={"ETag": '"def"'}),
    ]
    prices = []
    for _ in range(3):
        prices.append((await source.ask(["SPY"])).quotes[0])
        clock.now += EVERY
    assert [quote.price for quote in prices] == [101, 101, 102]
    assert prices[1].fetched_at == prices[0].fetched_at + EVERY
    sent = [request.headers for request in server.requests]
    assert "if-none-match" not in sent[0]
    assert (sent[1]["if-none-match"], sent[1]["if-modified-since"]) == ('"abc"', "Wed, 29 Oct 2025 16:00:00 GMT")
    assert sent[2]["if-none-match"] == '"abc"'


async def test_ask_when_asked_within_a_minute_then_what_it_said_is_said_again(server, source, clock):
    server.routes[CBOE] = Answer(cboe("SPY", 101, made=NOON - 900))
    await source.ask(["SPY"])
    clock.now += EVERY - 1
    assert (await source.ask(["SPY"])).quotes[0].price == 101
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [403, 404])
async def test_ask_when_it_does_not_know_one_then_that_one_is_left_out(server, source, status):
    server.routes[CBOE] = lambda request: Answer(
        cboe("SPY", 101, made=NOON - 900) if "SPY" in request.path else b"<Error/>",
        200 if "SPY" in request.path else status,
    )
    batch = await source.ask(["SPY", "NONE"])
    assert ([quote.symbol for quote in batch.quotes], batch.refused) == (["SPY"], {})


async def test_ask_when_one_is_broken_then_it_is_refused_and_the_rest_stands(server, source):
    server.routes[CBOE] = lambda request: Answer(cboe("SPY", 101, made=NOON - 900))
    batch = await source.ask(["SPY", "QQQ"])
    assert [quote.symbol for quote in batch.quotes] == ["SPY"]
    assert "another symbol" in batch.refused["QQQ"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(status=429), LimitedError),
        (Answer(status=503), UnreachableError),
        (Answer(drop=True), UnreachableError),
        (Answer(status=418), MalformedError),
        (Answer(b"<html>"), MalformedError),
    ],
)
async def test_ask_when_nobody_answers_then_a_typed_error(server, source, answer, error):
    server.routes[CBOE] = answer
    with pytest.raises(error):
        await source.ask(["SPY", "QQQ"])


async def test_history_when_asked_from_a_day_then_from_there(server, source, clock):
    days = [{"date": day, "close": 10} for day in ("2025-10-27", "2025-10-28")]
    server.routes[HISTORY] = Answer(json.dumps({"data": days}).encode())
    assert (await source.history("^RUT", date(2025, 10, 28))).dates == [date(2025, 10, 28)]
    assert server.paths() == [f"{HISTORY}_RUT.json"]
    with pytest.raises(NoDataError):
        await source.history("^RUT", date(2025, 10, 29))
    with pytest.raises(UnknownSymbolError):
        await source.history("EURUSD=X")


def test_local_is_the_wall_clock_of_new_york():
    assert local(NOON) == "2025-10-29T12:00:00"

"""Alpaca, Tiingo and Finnhub with the user's key: the recordings, the traps, and that no key is ever told."""

import json
import logging
from datetime import UTC, date, datetime

import pytest

from tests.sources.chain_kit import BARS, DAILY, FINNHUB, IEX, KEYS, SNAPSHOTS, snapshots, zulu
from tests.sources.server import QUICK, Answer
from tui.sessions import session_close
from tui.sources.alpaca import Alpaca, parse_page, parse_snapshots
from tui.sources.base import (
    DeniedError,
    LimitedError,
    MalformedError,
    NoDataError,
    UnknownSymbolError,
    UnreachableError,
)
from tui.sources.finnhub import EVERY, Finnhub
from tui.sources.finnhub import parse_quote as parse_finnhub
from tui.sources.http import Http
from tui.sources.tiingo import Tiingo, parse_daily, parse_iex

NOON = datetime(2025, 10, 29, 16, 0, tzinfo=UTC).timestamp()
CLOSE = session_close(date(2025, 10, 29)).timestamp()
LATER = datetime(2026, 11, 1, tzinfo=UTC).timestamp()


@pytest.fixture
async def make(server, clock):
    clock.now = NOON
    made = []

    def source(kind):
        name = kind.__name__
        made.append(kind(Http(name, limits=QUICK, clock=clock), KEYS[name.lower()], base=server.url, clock=clock))
        return made[-1]

    yield source
    for each in made:
        await each.aclose()


# Alpaca


def test_alpaca_snapshot_when_in_the_session_then_a_price_without_the_volume_of_iex():
    batch = parse_snapshots(snapshots(SPY=(100.9, NOON - 5)), NOON)
    (quote,) = batch.quotes
    assert (quote.symbol, quote.price, quote.session, quote.as_of) == ("SPY", 100.9, date(2025, 10, 29), NOON - 5)
    assert (quote.volume, quote.high, quote.prev_close, quote.final) == (None, None, None, False)


def test_alpaca_snapshot_when_after_the_session_then_the_trade_stands_beside_the_close():
    body = json.dumps(
        {
            "BRK.B": {
                "latestTrade": {"t": zulu(CLOSE + 1800), "p": 501.5},
                "dailyBar": {"t": "2025-10-29T04:00:00Z", "c": 500.25, "v": 7},
            }
        }
    ).encode()
    (quote,) = parse_snapshots(body, CLOSE + 3600).quotes
    assert (quote.symbol, quote.price, quote.as_of, quote.final) == ("BRK-B", 500.25, CLOSE, True)
    assert (quote.extended_price, quote.extended_phase, quote.extended_at) == (501.5, "POST", CLOSE + 1800)


def test_alpaca_snapshot_when_empty_null_or_timeless_then_nothing_is_made_up():
    body = json.dumps(
        {
            "A": None,
            "B": {},
            "C": {"latestTrade": {"t": "soon", "p": 5}},
            "D": {"latestTrade": {"t": zulu(NOON), "p": 0}},
        }
    ).encode()
    batch = parse_snapshots(body, NOON)
    assert (batch.quotes, set(batch.refused)) == ([], {"C", "D"})
    assert parse_snapshots(b"{}", NOON).quotes == []


def test_alpaca_page_when_recorded_then_bars_and_token(shared_data):
    folder = shared_data / "recordings/alpaca"
    page = parse_page((folder / "historical_stock_data_get_bars.json").read_bytes())
    assert [(bar.t, bar.c, bar.v) for bar in page.bars["AAPL"]] == [
        ("2022-02-01T05:00:00Z", 174.61, 85_998_033),
        ("2022-02-02T05:00:00Z", 175.84, 84_817_432),
    ]
    assert page.next_page_token
    empty = parse_page((folder / "historical_stock_data_get_bars_single_empty_response.json").read_bytes())
    assert (empty.bars, empty.next_page_token) == ({}, None)


async def test_alpaca_history_when_it_has_pages_then_all_of_them_once(server, make, shared_data):
    first = (shared_data / "recordings/alpaca/historical_stock_data_get_bars.json").read_bytes()
    second = {"bars": {"AAPL": [{"t": "2022-02-03T05:00:00Z", "o": 1, "h": 2, "l": 1, "c": 172.9, "v": 3}]}}
    server.routes[BARS] = [Answer(first), Answer(json.dumps(second).encode())]
    bars = await make(Alpaca).history("AAPL", date(2022, 2, 1))
    assert (bars.dates, bars.close) == (
        [date(2022, 2, 1), date(2022, 2, 2), date(2022, 2, 3)],
        [174.61, 175.84, 172.9],
    )
    asked = [request.query for request in server.requests]
    assert (asked[0]["feed"], asked[0]["adjustment"], asked[0]["timeframe"]) == ("sip", "split", "1Day")
    assert asked[0]["end"] == "2025-10-29T15:44:00Z"
    assert asked[1]["page_token"] == "QUFQTHxEfDIwMjItMDItMDJUMDU6MDA6MDAuMDAwMDAwMDAwWg=="


async def test_alpaca_history_when_a_page_leads_to_itself_then_it_ends(server, make, shared_data):
    server.routes[BARS] = Answer((shared_data / "recordings/alpaca/historical_stock_data_get_bars.json").read_bytes())
    with pytest.raises(MalformedError):
        await make(Alpaca).history("AAPL")
    assert len(server.requests) == 2


async def test_alpaca_intraday_when_asked_then_the_regular_session_alone(server, make, clock):
    times = [NOON - 4 * 3600 + 60 * 5 * place for place in range(60)]  # from 08:00
    rows = [{"t": zulu(at), "o": 1, "h": 2, "l": 1, "c": 1.5, "v": 10} for at in times]
    server.routes[BARS] = Answer(json.dumps({"bars": {"SPY": rows}, "next_page_token": None}).encode())
    bars = await make(Alpaca).intraday("SPY")
    assert [bar.time for bar in bars] == [at for at in times if NOON - 9000 <= at <= NOON - 300]
    with pytest.raises(NoDataError):
        await make(Alpaca).intraday("QQQ")


async def test_alpaca_intraday_history_when_asked_then_before_the_current_session(server, make):
    rows = [{"t": zulu(at), "c": 1.5, "v": 10} for at in (NOON - 86_400, NOON)]
    server.routes[BARS] = Answer(json.dumps({"bars": {"SPY": rows}}).encode())
    assert [bar.time for bar in await make(Alpaca).intraday_history("SPY")] == [NOON - 86_400]


# Tiingo


def test_tiingo_iex_when_in_the_session_then_a_price_without_the_volume_of_iex():
    row = {"ticker": "spy", "timestamp": zulu(NOON - 9), "tngoLast": 101.5, "prevClose": 100.0, "volume": 77}
    (quote,) = parse_iex(json.dumps([row]).encode(), NOON).quotes
    assert (quote.symbol, quote.price, quote.prev_close, quote.volume) == ("SPY", 101.5, 100.0, None)


def test_tiingo_iex_when_outside_the_session_then_it_is_left_out():
    row = {"ticker": "SPY", "timestamp": zulu(CLOSE + 900), "tngoLast": 101.5}
    batch = parse_iex(json.dumps([row, {"ticker": "QQQ"}]).encode(), CLOSE + 1000)
    assert (batch.quotes, set(batch.refused)) == ([], {"QQQ"})


def test_tiingo_daily_when_recorded_then_its_days(shared_data):
    body = (shared_data / "recordings/tiingo/ticker_price_with_date_0.json").read_bytes()
    bars = parse_daily(body, "GOOGL", LATER)
    assert (bars.dates, bars.close) == ([date(2015, 1, 2), date(2015, 1, 5)], [529.55, 519.46])
    assert (bars.adj_close, bars.volume, bars.splits) == ([529.55, 519.46], [1_327_870, 2_059_119], {})


def test_tiingo_daily_when_there_was_a_split_then_earlier_prices_are_divided_and_volumes_multiplied():
    rows = [
        {
            "date": "2025-10-24T00:00:00.000Z",
            "close": 400.0,
            "open": 396.0,
            "volume": 10,
            "adjClose": 99.0,
            "divCash": 2.0,
            "splitFactor": 1.0,
        },
        {"date": "2025-10-27T00:00:00.000Z", "close": 100.0, "volume": 40, "adjClose": 100.0, "splitFactor": 4.0},
        {"date": "2025-10-28T00:00:00.000Z", "close": 102.0, "volume": 50, "adjClose": 102.0, "splitFactor": 1.0},
    ]
    bars = parse_daily(json.dumps(rows).encode(), "SPY", NOON)
    assert (bars.close, bars.open[0], bars.volume) == ([100.0, 100.0, 102.0], 99.0, [40, 40, 50])
    assert (bars.splits, bars.dividends) == ({date(2025, 10, 27): 4.0}, {date(2025, 10, 24): 0.5})


async def test_tiingo_history_when_asked_then_by_its_name_and_with_the_key_in_the_head(server, make, shared_data):
    body = (shared_data / "recordings/tiingo/ticker_price_with_date_0.json").read_bytes()
    server.routes[DAILY] = Answer(body)
    await make(Tiingo).history("BRK-B", date(2015, 1, 1))
    (request,) = server.requests
    assert (request.path, request.query) == (f"{DAILY}brk-b/prices", {"startDate": "2015-01-01"})
    assert request.headers["authorization"] == "Token tiingo-k3y"


async def test_tiingo_ask_when_asked_every_round_then_a_request_every_two_and_a_half_minutes(server, make, clock):
    row = {"ticker": "SPY", "timestamp": zulu(NOON - 9), "tngoLast": 101.5}
    server.routes[IEX] = Answer(json.dumps([row]).encode())
    source = make(Tiingo)
    for _ in range(10):
        assert (await source.ask(["SPY"])).quotes[0].price == 101.5
        clock.now += 15
    assert len(server.requests) == 1
    await source.ask(["SPY"])
    assert len(server.requests) == 2


# Finnhub


def told(**fields):
    return json.dumps(
        {"c": 101.5, "d": 1.5, "dp": 1.5, "h": 102, "l": 99, "o": 100, "pc": 100, "t": int(NOON), **fields}
    ).encode()


def test_finnhub_when_in_the_session_then_a_price_and_no_volume():
    quote = parse_finnhub(told(), "SPY", NOON + 1)
    assert (quote.price, quote.open, quote.prev_close, quote.volume) == (101.5, 100, 100, None)


def test_finnhub_when_stamped_with_the_close_then_it_is_of_the_session():
    quote = parse_finnhub(told(t=int(CLOSE)), "SPY", CLOSE + 3600)
    assert (quote.final, quote.session) == (True, date(2025, 10, 29))


@pytest.mark.parametrize("fields", [{"c": 0, "t": 0}, {"c": None}, {"t": int(CLOSE + 600)}])
def test_finnhub_when_all_is_zero_or_it_is_late_then_nothing(fields):
    assert parse_finnhub(told(**fields), "SPY", CLOSE + 3600) is None


def test_finnhub_when_the_key_is_none_then_denied():
    with pytest.raises(DeniedError):
        parse_finnhub(b'{"error":"Invalid API key."}', "SPY", NOON)


def test_finnhub_when_made_in_the_future_then_malformed():
    with pytest.raises(MalformedError):
        parse_finnhub(told(t=int(NOON + 9000)), "SPY", NOON)


async def test_finnhub_ask_when_asked_then_one_request_a_symbol_and_minute(server, make, clock):
    server.routes[FINNHUB] = lambda request: Answer(told(c=0, t=0) if request.query["symbol"] == "NONE" else told())
    source = make(Finnhub)
    clock.now += 1
    batch = await source.ask(["SPY", "BRK-B", "NONE"])
    assert {quote.symbol for quote in batch.quotes} == {"SPY", "BRK-B"}
    assert {request.query["symbol"] for request in server.requests} == {"SPY", "BRK.B", "NONE"}
    clock.now += EVERY - 2
    assert {quote.symbol for quote in (await source.ask(["SPY", "BRK-B"])).quotes} == {"SPY", "BRK-B"}
    assert len(server.requests) == 3


# All of them


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, DeniedError),
        (403, DeniedError),
        (404, UnknownSymbolError),
        (429, LimitedError),
        (500, UnreachableError),
        (418, MalformedError),
    ],
)
@pytest.mark.parametrize(("kind", "path"), [(Alpaca, SNAPSHOTS), (Tiingo, IEX), (Finnhub, FINNHUB)])
async def test_ask_when_the_status_is_bad_then_a_typed_error_that_tells_no_key(
    server, make, caplog, kind, path, status, error
):
    caplog.set_level(logging.DEBUG)
    server.routes[path] = Answer(b"your key is tiingo-k3y", status)
    source = make(kind)
    with pytest.raises(error) as caught:
        await source.ask(["SPY", "QQQ"])
    texts = f"{caught.value!r} {caught.value} {caplog.text} {source!r} {KEYS!r}"
    assert not any(secret in texts for secret in ("k3y", "s3cret"))


@pytest.mark.parametrize("kind", [Alpaca, Tiingo, Finnhub])
@pytest.mark.parametrize("symbol", ["^RUT", "HSBA.L", "EURUSD=X", "BTC-USD", "x/../y", ""])
def test_covers_when_not_a_share_of_new_york_then_not(make, kind, symbol):
    assert not make(kind).covers(symbol)
    assert make(kind).covers("BRK-B")


@pytest.mark.parametrize("parse", [parse_snapshots, parse_iex, lambda body, now: parse_daily(body, "SPY", now)])
@pytest.mark.parametrize("body", [b"", b"<html>", b"[" * 100_000, b"\xff", b"5", b'[{"ticker":5}]', b'{"a":5}'])
def test_parse_when_it_is_none_then_malformed(parse, body):
    with pytest.raises(MalformedError):
        parse(body, NOON)

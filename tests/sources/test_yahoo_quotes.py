"""Yahoo's quotes: each trap on a small payload made here, and the telling recordings."""

import json
from datetime import UTC, date, datetime

import pytest

from tests.sources.server import recorded
from tests.sources.yahoo_payloads import CLOSES, DAY, NOW, OPENED, answer, record, spark
from tui.model import Kind
from tui.sources.yahoo_quotes import parse_quote, parse_spark


def one(body, parse=parse_quote, now=NOW):
    (quote,) = parse(body, now).quotes
    return quote


# v7 quote


def test_quote_when_plain_then_every_field_is_read():
    body = answer(
        record(
            regularMarketOpen=100.5,
            regularMarketDayHigh=102,
            regularMarketDayLow=100.25,
            exchangeDataDelayedBy=15,
            longName="  SPDR\u00a0S&P\x1b[31m 500   ETF ",
        )
    )
    quote = one(body)
    assert (quote.price, quote.open, quote.high, quote.low, quote.prev_close) == (101.5, 100.5, 102, 100.25, 100)
    assert (quote.volume, quote.currency, quote.delay, quote.final) == (1000, "USD", 900, False)
    assert (quote.session, quote.as_of, quote.fetched_at) == (date(2025, 10, 29), NOW - 60, NOW)
    assert quote.name == "SPDR S&P [31m 500 ETF"
    (instrument,) = parse_quote(body, NOW).instruments
    assert (instrument.kind, instrument.zone, instrument.currency) == (Kind.FUND, "America/New_York", "USD")


def test_quote_when_formatted_then_it_is_the_same():
    formatted = record(
        regularMarketPrice={"raw": 101.5, "fmt": "101.50"},
        regularMarketTime={"raw": NOW - 60, "fmt": "12:36PM EDT"},
        regularMarketVolume={"raw": 1000, "fmt": "1k", "longFmt": "1,000"},
        regularMarketOpen={},
    )
    assert one(answer(formatted)) == one(answer(record()))


@pytest.mark.parametrize(
    ("state", "delay", "age", "final"),
    [
        ("REGULAR", 0, 60, False),
        ("POST", 0, 60, True),
        ("POSTPOST", 0, 60, True),
        ("CLOSED", 0, 60, True),
        ("PREPRE", 0, 60, True),
        ("PRE", 0, 60, True),
        ("POST", 15, 905, False),  # a price of before the close, five minutes after it
        ("POST", 15, 1300, True),
        (None, 0, 60, False),
    ],
)
def test_quote_when_the_session_is_over_then_final_once_the_delay_has_passed(state, delay, age, final):
    body = answer(record(marketState=state, exchangeDataDelayedBy=delay, regularMarketTime=NOW - age))
    assert one(body).final is final


def test_quote_when_pence_then_pounds():
    quote = one(
        answer(record(symbol="OCDO.L", currency="GBp", regularMarketPrice=308.8, regularMarketPreviousClose=315.2))
    )
    assert (quote.price, quote.prev_close, quote.volume, quote.currency) == (3.088, 3.152, 1000, "GBP")


def test_quote_when_tokyo_trades_then_the_session_is_its_own_date():
    late = int(datetime(2025, 10, 29, 1, tzinfo=UTC).timestamp())
    tokyo = one(answer(record(regularMarketTime=late, exchangeTimezoneName="Asia/Tokyo")))
    new_york = one(answer(record(regularMarketTime=late)))
    assert (tokyo.session, new_york.session) == (date(2025, 10, 29), date(2025, 10, 28))


@pytest.mark.parametrize("price", [0, -1, None, {}, "Infinity", "NaN", "", "n/a"])
def test_quote_when_the_price_cannot_be_one_then_it_is_unknown_and_the_symbol_known(price):
    assert one(answer(record(regularMarketPrice=price))).price is None


def test_quote_when_the_day_has_zeros_then_they_are_unknown():
    quote = one(answer(record(symbol="^VXAPL", regularMarketOpen=0, regularMarketDayHigh=0, regularMarketDayLow=0)))
    assert (quote.open, quote.high, quote.low, quote.volume) == (None, None, None, None)


@pytest.mark.parametrize("price", [0.1, 19.9, 501, 10_150])
def test_quote_when_five_times_off_its_previous_close_then_only_it_is_refused(price):
    batch = parse_quote(answer([record(symbol="BAD", regularMarketPrice=price), record()]), NOW)
    assert [quote.symbol for quote in batch.quotes] == ["SPY"]
    assert list(batch.refused) == ["BAD"]


@pytest.mark.parametrize(
    "broken",
    [
        {"regularMarketTime": None},
        {"regularMarketTime": (NOW + 2 * DAY)},
        {"regularMarketTime": NOW * 1000},
        {"regularMarketPrice": [1]},
        {"regularMarketPrice": True},
        {"exchangeTimezoneName": "Nowhere"},
        {"currency": 5},
        {"symbol": "BAD.L", "currency": None},
    ],
)
def test_quote_when_one_record_is_broken_then_the_others_stand(broken):
    batch = parse_quote(answer([{**record(symbol="BAD"), **broken}, record()]), NOW)
    assert [quote.symbol for quote in batch.quotes] == ["SPY"]
    assert len(batch.refused) == 1


def test_quote_when_a_symbol_comes_twice_then_the_newest_counts():
    records = [record(regularMarketPrice=2, regularMarketPreviousClose=2), record(regularMarketTime=NOW - 90)]
    assert one(answer(records)).price == 2


@pytest.mark.parametrize(
    ("kind", "symbol", "ours"),
    [
        ("INDEX", "^TNX", Kind.YIELD),
        ("INDEX", "^RUT", Kind.INDEX),
        ("CRYPTOCURRENCY", "BTC-USD", Kind.CRYPTO),
        ("NONE", "X", Kind.OTHER),
        (None, "X", Kind.OTHER),
    ],
)
def test_kind_when_named_by_yahoo_then_it_is_one_of_ours(kind, symbol, ours):
    (instrument,) = parse_quote(answer(record(symbol=symbol, quoteType=kind)), NOW).instruments
    assert instrument.kind is ours


# spark


def test_spark_when_order_differs_then_it_is_joined_by_symbol():
    items = [spark(symbol="B", meta={"regularMarketPrice": 102}), spark(symbol="A", meta={"regularMarketPrice": 99})]
    batch = parse_spark(answer(items, "spark"), NOW)
    assert {quote.symbol: quote.price for quote in batch.quotes} == {"A": 99, "B": 102}


def test_spark_when_meta_is_of_another_symbol_then_it_is_refused():
    batch = parse_spark(answer([spark(meta={"symbol": "QQQ"}), spark(symbol="A")], "spark"), NOW)
    assert [quote.symbol for quote in batch.quotes] == ["A"]
    assert list(batch.refused) == ["SPY"]


@pytest.mark.parametrize(
    ("as_of", "now", "final"),
    [
        (CLOSES - 1, CLOSES - 1, False),
        (CLOSES, CLOSES, True),
        (CLOSES - 900, CLOSES + 60, False),
        (CLOSES - 900, CLOSES + 20 * 60, True),  # a thin fund's last trade
        (OPENED - DAY, OPENED + 60, True),  # not traded today: the price is yesterday's close
    ],
)
def test_spark_when_the_price_is_the_last_of_its_session_then_final(as_of, now, final):
    assert one(answer(spark({"regularMarketTime": as_of}), "spark"), parse_spark, now).final is final


@pytest.mark.parametrize(
    ("meta", "before"),
    [
        ({"previousClose": 100, "chartPreviousClose": 90, "range": "1d"}, 100),
        ({"previousClose": None, "chartPreviousClose": 90, "range": "1d"}, 90),
        ({"previousClose": None, "chartPreviousClose": 90, "range": "5d"}, None),
    ],
)
def test_spark_when_the_previous_close_is_that_of_the_range_then_only_one_day_will_do(meta, before):
    assert one(answer(spark(meta), "spark"), parse_spark).prev_close == before


def test_spark_when_flat_then_the_last_known_close_is_the_price():
    flat = {
        "symbol": "SPY",
        "timestamp": [OPENED, OPENED + 300, OPENED + 600],
        "close": [1.0, 1.1, None],
        "start": OPENED,
        "end": CLOSES,
        "previousClose": 1.0,
        "dataGranularity": 300,
    }
    quote = one(json.dumps({"SPY": flat}).encode(), parse_spark)
    assert (quote.price, quote.as_of, quote.session, quote.final) == (1.1, OPENED + 300, date(2025, 10, 29), False)
    batch = parse_spark(json.dumps({"QQQ": flat, "HSBA.L": {**flat, "symbol": "HSBA.L"}}).encode(), NOW)
    assert batch.quotes == []
    assert sorted(batch.refused) == ["HSBA.L", "SPY"]


def test_spark_when_flat_and_in_auckland_then_the_session_is_its_own_date():
    opens = int(datetime(2025, 10, 28, 21, tzinfo=UTC).timestamp())  # 10:00 on the 29th
    flat = {"symbol": "AIR.NZ", "timestamp": [opens], "close": [1.0], "start": opens, "end": opens + 24_300}
    assert one(json.dumps({"AIR.NZ": flat}).encode(), parse_spark).session == date(2025, 10, 29)


@pytest.mark.parametrize(
    ("parse", "body"), [(parse_spark, b"{}"), (parse_spark, answer([], "spark")), (parse_quote, answer([]))]
)
def test_batch_when_nothing_is_known_then_it_is_empty(parse, body):
    assert parse(body, NOW).quotes == []


def test_quote_when_recorded_then_delays_and_sessions_are_those_of_each_exchange(shared_data):
    file = "pageAAPL_quote_v7_GPRO_1810.HK_005930.KS_SONY_5371.TWO_249.json"
    batch = parse_quote(recorded(shared_data / "recordings/yahoo/quote" / file).body, NOW)
    by_symbol = {quote.symbol: quote for quote in batch.quotes}
    assert len(by_symbol) == 11
    seoul, hong_kong, sony = by_symbol["005930.KS"], by_symbol["1810.HK"], by_symbol["SONY"]
    assert (seoul.price, seoul.delay, seoul.session, seoul.final) == (100_500, 1200, date(2025, 10, 29), True)
    assert (hong_kong.price, hong_kong.delay, hong_kong.session) == (44.92, 900, date(2025, 10, 28))
    assert (sony.price, sony.delay, sony.final, sony.prev_close) == (28.395, 0, False, 28.99)


def test_spark_when_recorded_then_indices_have_no_volume_and_rut_is_late(shared_data):
    file = "pageQQQ_spark_v7_^GSPC_^DJI_^IXIC_^RUT_CL=F_GC=F_^VIX.json"
    batch = parse_spark(recorded(shared_data / "recordings/yahoo/spark" / file).body, 1_761_174_600)
    by_symbol = {quote.symbol: quote for quote in batch.quotes}
    rut, gold, vix = by_symbol["^RUT"], by_symbol["GC=F"], by_symbol["^VIX"]
    assert (rut.price, rut.prev_close, rut.volume, rut.delay, rut.final) == (2451.5522, 2487.6853, None, 900, True)
    assert rut.name == "Russell 2000 Index"
    assert (gold.price, gold.volume, gold.delay, gold.final) == (4111.8, 6086, 600, False)
    assert (vix.price, vix.session, vix.high) == (18.6, date(2025, 10, 22), 21.01)
    assert by_symbol["^GSPC"].volume is None

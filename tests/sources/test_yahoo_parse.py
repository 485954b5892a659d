"""Yahoo's formats: each trap on a small payload made here, and every recording as it was on the wire."""

import json
from datetime import UTC, date, datetime
from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources.server import recorded
from tui.model import Bar, Bars, Kind
from tui.sources.base import (
    DeniedError,
    MalformedError,
    NoDataError,
    SourceError,
    UnknownSymbolError,
    UnreachableError,
)
from tui.sources.yahoo_parse import parse_chart_daily, parse_chart_intraday
from tui.sources.yahoo_quotes import parse_quote, parse_spark
from tui.sources.yahoo_wire import is_symbol, parse_error

NOW = 1_761_755_820.0  # 2025-10-29 12:37 in New York
OPENED = 1_761_744_600  # 09:30
CLOSES = OPENED + 23_400
DAY = 86_400
REGULAR = {"regular": {"start": OPENED, "end": CLOSES, "timezone": "EDT", "gmtoffset": -14400}}


def chart(rows, *, symbol="SPY", granularity="1d", adjusted=True, events=None, **meta):
    """A v8 chart of rows (time, open, high, low, close, volume)."""
    columns = list(zip(*rows, strict=True)) or [[]] * 6
    quote = dict(zip(("open", "high", "low", "close", "volume"), columns[1:], strict=True))
    result = {
        "meta": {
            "symbol": symbol,
            "currency": "USD",
            "instrumentType": "ETF",
            "exchangeTimezoneName": "America/New_York",
            "dataGranularity": granularity,
            "currentTradingPeriod": REGULAR,
            **meta,
        },
        "timestamp": columns[0],
        "indicators": {"quote": [quote], "adjclose": [{"adjclose": columns[4]}] if adjusted else None},
        **({"events": events} if events else {}),
    }
    return json.dumps({"chart": {"result": [result], "error": None}}).encode()


def answer(record, wrapper="quoteResponse"):
    return json.dumps({wrapper: {"result": record if isinstance(record, list) else [record], "error": None}}).encode()


def record(**fields):
    return {
        "symbol": "SPY",
        "quoteType": "ETF",
        "currency": "USD",
        "exchangeTimezoneName": "America/New_York",
        "exchangeDataDelayedBy": 0,
        "marketState": "REGULAR",
        "regularMarketTime": NOW - 60,
        "regularMarketPrice": 101.5,
        "regularMarketPreviousClose": 100.0,
        "regularMarketVolume": 1000,
        **fields,
    }


def spark(meta=None, symbol="SPY", **item):
    inner = {
        "symbol": symbol,
        "currency": "USD",
        "instrumentType": "ETF",
        "exchangeTimezoneName": "America/New_York",
        "regularMarketTime": NOW - 60,
        "regularMarketPrice": 101.5,
        "previousClose": 100.0,
        "regularMarketVolume": 1000,
        "currentTradingPeriod": REGULAR,
        **(meta or {}),
    }
    return {"symbol": symbol, "response": [{"meta": inner, "indicators": {"quote": [{"close": [1]}]}}], **item}


def one(body, parse=parse_quote, now=NOW):
    (quote,) = parse(body, now).quotes
    return quote


# Daily bars


def test_daily_when_the_session_runs_then_its_two_rows_are_one():
    live = [(OPENED, 10, 12, 9, None, 500), (OPENED + 900, 10, 12.5, 9, 11, 500)]
    bars = parse_chart_daily(chart([(OPENED - DAY, 9, 11, 8, 10, 400), *live]), "SPY", NOW)
    assert bars.dates == [date(2025, 10, 28), date(2025, 10, 29)]
    assert (bars.open[1], bars.high[1], bars.low[1], bars.close[1], bars.volume[1]) == (10, 12.5, 9, 11, 500)
    assert bars.adj_close == [10, 11]


@pytest.mark.parametrize(("seconds", "sessions"), [(-1, 1), (20 * 60 - 1, 1), (20 * 60, 2)])
def test_daily_when_only_finished_sessions_count_then_a_day_joins_once_it_has_settled(seconds, sessions):
    body = chart([(OPENED - DAY, 9, 11, 8, 10, 400), (OPENED, 10, 12, 9, 11, 500)])
    assert len(parse_chart_daily(body, "SPY", CLOSES + seconds, finished=True).dates) == sessions


def test_daily_when_the_period_is_already_tomorrows_then_todays_bar_is_finished():
    later = {"regular": {"start": OPENED + DAY, "end": CLOSES + DAY}}
    body = chart([(OPENED, 10, 12, 9, 11, 500)], currentTradingPeriod=later)
    assert parse_chart_daily(body, "SPY", CLOSES + 1, finished=True).dates == [date(2025, 10, 29)]


def test_daily_when_values_are_missing_then_they_are_none_and_the_day_stays():
    rows = [(OPENED - DAY, None, None, None, None, None), (OPENED, 10, "Infinity", {}, 11, -5)]
    bars = parse_chart_daily(chart(rows), "SPY", NOW)
    assert (bars.open, bars.high, bars.low) == ([None, 10], [None, None], [None, None])
    assert (bars.close, bars.volume) == ([None, 11], [None, None])


def test_daily_when_rows_are_out_of_order_then_dates_rise():
    rows = [(OPENED, 1, 1, 1, 1.2, 1), (OPENED - 2 * DAY, 1, 1, 1, 1.0, 1), (OPENED - DAY, 1, 1, 1, 1.1, 1)]
    bars = parse_chart_daily(chart(rows), "SPY", NOW)
    assert bars.dates == sorted(bars.dates)
    assert bars.close == [1.0, 1.1, 1.2]


def test_daily_when_summer_time_ends_then_the_zone_is_taken_by_name():
    """Sunday 2025-11-02 23:30 EST would be Monday by the offset that was in force when asked."""
    sunday = int(datetime(2025, 11, 3, 4, 30, tzinfo=UTC).timestamp())
    bars = parse_chart_daily(chart([(sunday, 1, 1, 1, 1, 1)], gmtoffset=-14400), "SPY", NOW)
    assert bars.dates == [date(2025, 11, 2)]


@pytest.mark.parametrize(("currency", "whole"), [("GBp", "GBP"), ("ZAc", "ZAR"), ("ILA", "ILS")])
def test_daily_when_in_hundredths_then_prices_and_dividends_are_divided_and_volume_is_not(currency, whole):
    events = {"dividends": {"1": {"amount": 25.0, "date": OPENED}}}
    bars = parse_chart_daily(chart([(OPENED, 315.2, 320, 310, 318, 500)], currency=currency, events=events), "SPY", NOW)
    assert (bars.open, bars.high, bars.low, bars.close, bars.adj_close) == ([3.152], [3.2], [3.1], [3.18], [3.18])
    assert (bars.volume, bars.currency, bars.dividends) == ([500], whole, {date(2025, 10, 29): 0.25})


@pytest.mark.parametrize("symbol", ["HSBA.L", "NPN.JO", "TEVA.TA"])
def test_daily_when_the_currency_is_missing_where_it_may_be_hundredths_then_malformed(symbol):
    body = chart([(OPENED, 1, 1, 1, 1, 1)], symbol=symbol, currency=None)
    with pytest.raises(MalformedError, match="hundredths"):
        parse_chart_daily(body, symbol, NOW)


def test_daily_when_the_currency_is_null_elsewhere_then_prices_stay():
    bars = parse_chart_daily(chart([(OPENED, 1, 1, 1, 10.38, 1)], currency=None), "SPY", NOW)
    assert (bars.close, bars.currency) == ([10.38], None)


@pytest.mark.parametrize("granularity", ["3mo", "1mo", "5m", None])
def test_daily_when_other_bars_come_than_asked_for_then_malformed(granularity):
    body = chart([(OPENED, 1, 1, 1, 1, 1)], granularity=granularity)
    with pytest.raises(MalformedError, match="coarser"):
        parse_chart_daily(body, "SPY", NOW)


def test_daily_when_another_symbol_answers_then_malformed():
    with pytest.raises(MalformedError, match="another symbol"):
        parse_chart_daily(chart([(OPENED, 1, 1, 1, 1, 1)], symbol="QQQ"), "SPY", NOW)


def test_daily_when_a_column_is_shorter_then_malformed():
    body = chart([(OPENED, 1, 1, 1, 1, 1)]).replace(b'"close": [1]', b'"close": []')
    with pytest.raises(MalformedError, match="different lengths"):
        parse_chart_daily(body, "SPY", NOW)


@pytest.mark.parametrize("rows", [[], [(OPENED, None, None, None, None, 5)], [(None, 1, 1, 1, 1, 1)]])
def test_daily_when_no_bar_has_a_close_then_no_data(rows):
    with pytest.raises(NoDataError):
        parse_chart_daily(chart(rows), "SPY", NOW)


def test_daily_when_there_is_no_timestamp_then_no_data():
    body = json.loads(chart([]))
    del body["chart"]["result"][0]["timestamp"]
    body["chart"]["result"][0]["indicators"] = {"quote": [{}]}
    with pytest.raises(NoDataError):
        parse_chart_daily(json.dumps(body).encode(), "SPY", NOW)


def test_daily_when_an_index_then_its_volume_is_unknown():
    rows = [(OPENED, 1, 1, 1, 1, 5_500_000_000)]
    assert parse_chart_daily(chart(rows, symbol="^RUT"), "^RUT", NOW).volume == [None]
    assert parse_chart_daily(chart(rows, symbol="X", instrumentType="INDEX"), "X", NOW).volume == [None]


def test_daily_when_events_then_they_count_by_their_own_date():
    events = {
        "splits": {str(OPENED - 30 * DAY): {"date": OPENED, "numerator": 4, "denominator": 1, "splitRatio": "4:1"}},
        "dividends": {
            "1": {"date": OPENED - DAY, "amount": 0.5},
            "2": {"date": OPENED - DAY, "amount": {"raw": 0.25}},
            "3": {"date": None, "amount": 9},
            "4": {"date": OPENED, "amount": "Infinity"},
        },
    }
    bars = parse_chart_daily(chart([(OPENED, 1, 1, 1, 1, 1)], events=events), "SPY", NOW)
    assert bars.splits == {date(2025, 10, 29): 4.0}
    assert bars.dividends == {date(2025, 10, 28): 0.75}


@pytest.mark.parametrize(
    ("closes", "kept"),
    [
        ([100, 10_000, 101], [100, None, 101]),
        ([100, 1, 101], [100, None, 101]),
        ([100, 101, 10_100], [100, 101, None]),
        ([100, 501, 520], [100, 501, 520]),
        ([100, 499, 101], [100, 499, 101]),
        ([1, None, 100, 1.1], [1, None, None, 1.1]),
    ],
)
def test_daily_when_one_bar_leaps_away_and_back_then_its_prices_are_unknown(closes, kept):
    rows = [(OPENED + DAY * place, price, price, price, price, 7) for place, price in enumerate(closes)]
    bars = parse_chart_daily(chart(rows), "SPY", NOW + 9 * DAY)
    assert (bars.close, bars.high, bars.adj_close) == (kept, kept, kept)
    assert bars.volume == [7] * len(closes)


def test_daily_when_a_split_explains_the_leap_then_it_stays():
    events = {"splits": {"1": {"date": OPENED, "numerator": 1, "denominator": 10}}}
    rows = [(OPENED - DAY, 1, 1, 1, 1, 1), (OPENED, 10, 10, 10, 10, 1)]
    assert parse_chart_daily(chart(rows, events=events), "SPY", NOW).close == [1, 10]


def test_daily_when_a_future_then_a_price_may_be_negative_and_else_not():
    rows = [(OPENED - DAY, 18, 18, 18, 18, 1), (OPENED, 10, 10, -40, -37.63, 1)]
    future = parse_chart_daily(chart(rows, symbol="CL=F", instrumentType="FUTURE"), "CL=F", NOW)
    assert (future.close, future.low) == ([18, -37.63], [18, -40])
    assert parse_chart_daily(chart(rows), "SPY", NOW).close == [18, None]


@pytest.mark.parametrize("name", [None, "", "Mars/Olympus", "../../etc/passwd", "America", "a\x00b"])
def test_daily_when_the_zone_does_not_exist_then_malformed(name):
    with pytest.raises(MalformedError, match="time zone"):
        parse_chart_daily(chart([(OPENED, 1, 1, 1, 1, 1)], exchangeTimezoneName=name), "SPY", NOW)


@pytest.mark.parametrize("time", [OPENED * 1000, -1e18, 1e300])
def test_daily_when_a_time_cannot_be_one_then_its_row_is_left_out(time):
    bars = parse_chart_daily(chart([(time, 1, 1, 1, 1, 1), (OPENED, 2, 2, 2, 2, 2)]), "SPY", NOW)
    assert (bars.dates, bars.close) == ([date(2025, 10, 29)], [2])


# Intraday bars


def minutes(*places, volume=10):
    return [(OPENED + 300 * place, 1, 2, 0.5, 1.5, volume) for place in places]


def test_intraday_when_there_are_stubs_then_they_are_dropped():
    rows = [
        *minutes(0, 1, 77),
        (OPENED + 1234, 9, 9, 9, 9, 0),  # the last trade, off the grid
        *minutes(78, 79, -1, volume=0),  # at the close, after it, and before the open
    ]
    sessions = parse_chart_intraday(chart(rows, granularity="5m", adjusted=False), "SPY")
    assert list(sessions) == [date(2025, 10, 29)]
    bars = sessions[date(2025, 10, 29)]
    assert [bar.time for bar in bars] == [OPENED, OPENED + 300, OPENED + 77 * 300]
    assert bars[0] == Bar(time=OPENED, open=1, high=2, low=0.5, close=1.5, volume=10)


@pytest.mark.parametrize("shape", ["list", "dict"])
def test_intraday_when_periods_are_listed_then_a_half_day_ends_at_its_own_close(shape):
    half = [[{"start": OPENED - DAY, "end": OPENED - DAY + 12_600}], [{"start": OPENED, "end": CLOSES}]]
    periods = half if shape == "list" else {"pre": [], "regular": half, "post": []}
    rows = [(OPENED - DAY + 12_300, 1, 1, 1, 1, 1), (OPENED - DAY + 12_600, 1, 1, 1, 1, 0), *minutes(42)]
    sessions = parse_chart_intraday(chart(rows, granularity="5m", tradingPeriods=periods), "SPY")
    assert {session: len(bars) for session, bars in sessions.items()} == {date(2025, 10, 28): 1, date(2025, 10, 29): 1}


@pytest.mark.parametrize("periods", [{"pre": [], "post": []}, [], "odd", [[{"start": "x"}]]])
def test_intraday_when_periods_have_another_shape_then_the_usual_hours_do(periods):
    rows = minutes(-1, 0, 78)
    sessions = parse_chart_intraday(chart(rows, granularity="5m", tradingPeriods=periods), "SPY")
    assert [bar.time for bar in sessions[date(2025, 10, 29)]] == [OPENED]


def test_intraday_when_winter_time_has_come_then_the_usual_hours_move_with_it():
    winter = OPENED + 6 * DAY + 3600  # Tuesday 2025-11-04, 09:30 EST
    rows = [(winter - 300, 1, 1, 1, 1, 1), (winter, 1, 1, 1, 1, 1), (winter + 23_400, 1, 1, 1, 1, 0)]
    sessions = parse_chart_intraday(chart(rows, granularity="5m"), "SPY")
    assert [bar.time for bar in sessions[date(2025, 11, 4)]] == [winter]


@pytest.mark.parametrize("rows", [[], minutes(78), [(OPENED, None, None, None, None, None)]])
def test_intraday_when_no_bar_is_left_then_no_data(rows):
    with pytest.raises(NoDataError):
        parse_chart_intraday(chart(rows, granularity="5m"), "SPY")


def test_intraday_when_coarsened_then_malformed():
    with pytest.raises(MalformedError, match="coarser"):
        parse_chart_intraday(chart(minutes(0), granularity="1h"), "SPY")


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


# Errors


def fault(code, description="words of theirs"):
    return json.dumps({"chart": {"result": None, "error": {"code": code, "description": description}}}).encode()


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (404, fault("Not Found", "No data found, symbol may be delisted"), UnknownSymbolError),
        (404, b"<html>not found</html>", MalformedError),
        (422, fault("Unprocessable Entity"), NoDataError),
        (400, fault("Bad Request", "Data doesn't exist for startDate = 1, endDate = 2"), NoDataError),
        (400, fault("Bad Request"), MalformedError),
        (401, fault("Unauthorized", "Invalid Crumb"), DeniedError),
        (403, b"", DeniedError),
        (503, b"Will be right back", UnreachableError),
        (204, b"", MalformedError),
    ],
)
def test_error_when_the_status_is_not_200_then_its_kind_is_told_in_our_words(status, body, kind):
    error = parse_error(status, body)
    assert type(error) is kind
    assert "theirs" not in str(error)


def test_error_when_it_comes_with_status_200_then_it_is_raised_all_the_same():
    for parse in (
        lambda: parse_chart_daily(fault("Not Found"), "SPY", NOW),
        lambda: parse_chart_intraday(fault("Not Found"), "SPY"),
    ):
        with pytest.raises(UnknownSymbolError):
            parse()


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("^RUT", True),
        ("BRK-B", True),
        ("EURUSD=X", True),
        ("M&M.NS", True),
        ("0P000071W8.TO", True),
        ("", False),
        ("A,B", False),
        ("../x", False),
        ("A B", False),
        ("É", False),
        ("A" * 33, False),
    ],
)
def test_symbol_when_it_could_be_one_then_only_it_may_go_into_a_url(text, fits):
    assert is_symbol(text) is fits


# Anything at all

PARSERS = {
    "daily": lambda body: parse_chart_daily(body, "SPY", NOW),
    "intraday": lambda body: parse_chart_intraday(body, "SPY"),
    "quote": lambda body: parse_quote(body, NOW),
    "spark": lambda body: parse_spark(body, NOW),
    "error": lambda body: parse_error(404, body),
}
WHOLE = {
    "daily": chart(
        [(OPENED, 1, 2, 0.5, 1.5, 9)], events={"splits": {"1": {"date": OPENED, "numerator": 2, "denominator": 1}}}
    ),
    "intraday": chart(minutes(0, 1), granularity="5m", tradingPeriods=[[{"start": OPENED, "end": CLOSES}]]),
    "quote": answer(record()),
    "spark": answer(spark(), "spark"),
    "error": fault("Not Found"),
}
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["SPY", "1d", "GBp", "Infinity"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


def holds(found):
    """What a parser gave is well-formed: finite prices, rising dates, columns of one length."""
    if isinstance(found, Bars):
        assert found.dates == sorted(set(found.dates))
        for column in (found.open, found.high, found.low, found.close, found.adj_close, found.volume):
            assert len(column) == len(found.dates)
            assert all(value is None or isfinite(value) for value in column)
    elif isinstance(found, dict):
        for bars in found.values():
            assert [bar.time for bar in bars] == sorted({bar.time for bar in bars})
    elif not isinstance(found, SourceError):
        assert all(
            quote.price is None or (isfinite(quote.price) and quote.price > 0)
            for quote in found.quotes
            if not quote.symbol.endswith("=F") and quote.price is not None and quote.price > 0
        )
        assert len({quote.symbol for quote in found.quotes}) == len(found.quotes)


def attempt(name, body):
    try:
        holds(PARSERS[name](body))
    except SourceError:
        return


def places(node, path=()):
    yield path
    for key, inner in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from places(inner, (*path, key))


@given(name=st.sampled_from(sorted(PARSERS)), data=st.data())
def test_parsers_when_the_json_is_mutated_then_a_value_or_a_source_error(name, data):
    tree = json.loads(WHOLE[name])
    for path in data.draw(st.lists(st.sampled_from(list(places(tree))[1:]), min_size=1, max_size=3)):
        node = tree
        try:
            for key in path[:-1]:
                node = node[key]
            node[path[-1]] = data.draw(ANYTHING)
        except (KeyError, IndexError, TypeError):
            continue
    attempt(name, json.dumps(tree).encode("utf-8", "surrogatepass"))


@given(name=st.sampled_from(sorted(PARSERS)), data=st.data())
def test_parsers_when_the_bytes_are_cut_or_changed_then_a_value_or_a_source_error(name, data):
    body = bytearray(WHOLE[name])
    for place in data.draw(st.lists(st.integers(0, len(body) - 1), max_size=3)):
        body[place] = data.draw(st.integers(0, 255))
    attempt(name, bytes(body[: data.draw(st.integers(0, len(body)))]))


@pytest.mark.parametrize("name", sorted(PARSERS))
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff",
        b"Too Many Requests\r\n",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"chart":null}',
        b'{"chart":{"result":null,"error":null}}',
        b'{"chart":{"result":[]}}',
    ],
)
def test_parsers_when_the_body_is_something_else_then_a_value_or_a_source_error(name, body):
    attempt(name, body)


# The recordings


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("satvalue_SPY_5y_1d.json", (1256, date(2026, 3, 24), 651.3200073242188, 653.875, 49_890_406, "USD")),
        ("fomo_SPY_1d_2026-09.json", (1, date(2026, 9, 1), 762.010009765625, 761.780029296875, 41_054_800, "USD")),
        ("pricehist_inrx-with-null.json", (4, date(2017, 7, 13), 64.46800231933594, 64.36499786376953, 0, "INR")),
        ("rs_history_chart_GS2C.DE.json", (5, date(2025, 10, 29), 20.1299991607666, 19.947999954223633, 9179, "EUR")),
        (
            "yf2_hist_chart-ADH-delisted-null-currency.json",
            (1, date(2020, 1, 2), 11.0, 10.380000114440918, 637_529, None),
        ),
        (
            "yf2_chart-BTC-USD-2020-01-01-to-2020-01-03.json",
            (3, date(2020, 1, 3), 6984.4287109375, 7344.88427734375, 28_111_481_032, "USD"),
        ),
    ],
)
def test_daily_when_recorded_then_the_last_session_is_right(shared_data, file, expected):
    body = recorded(shared_data / "recordings/yahoo/chart" / file).body
    symbol = json.loads(body)["chart"]["result"][0]["meta"]["symbol"]
    bars = parse_chart_daily(body, symbol, 1_790_000_000)
    assert (len(bars.dates), bars.dates[-1], bars.open[-1], bars.close[-1], bars.volume[-1], bars.currency) == expected


def test_daily_when_recorded_with_a_null_row_then_the_day_is_kept_unknown(shared_data):
    body = recorded(shared_data / "recordings/yahoo/chart/pricehist_inrx-with-null.json").body
    bars = parse_chart_daily(body, "INR=X", 1_790_000_000)
    assert bars.dates[1] == date(2017, 7, 11)
    assert (bars.open[1], bars.high[1], bars.low[1], bars.close[1], bars.volume[1]) == (None,) * 5


@pytest.mark.parametrize(
    ("file", "splits", "dividends"),
    [
        ("yf2_chart-AAPL-2020-08-31-to-2020-11-07.json", {date(2020, 8, 31): 4.0}, {date(2020, 11, 6): 0.205}),
        ("yf2_historical-via-chart-NVDA-split-2021-02-01-to-2022-01-31.csv.json", {date(2021, 7, 20): 4.0}, {}),
        (
            "yf2_historical-via-chart-MSFT-dividends-2021-02-01-to-2022-01-31.csv.json",
            {},
            {date(2021, 2, 17): 0.56, date(2021, 5, 19): 0.56, date(2021, 8, 18): 0.56, date(2021, 11, 17): 0.62},
        ),
    ],
)
def test_daily_when_recorded_with_events_then_they_are_dated(shared_data, file, splits, dividends):
    body = recorded(shared_data / "recordings/yahoo/chart" / file).body
    symbol = json.loads(body)["chart"]["result"][0]["meta"]["symbol"]
    bars = parse_chart_daily(body, symbol, 1_790_000_000)
    assert (bars.splits, bars.dividends) == (splits, dividends)


@pytest.mark.parametrize(
    ("file", "interval", "session", "count", "volume"),
    [
        ("omarchy_HSBA.L_5m_1d.json", "5m", date(2026, 9, 2), 11, 218_276),
        ("yf2_hist_chart-AAPL-1m-2024-10-02.json", "1m", date(2024, 10, 2), 390, 546_314),
        ("yf2_hist_chart-TSLA-30m-prepost-2021-11-22.json", "30m", date(2021, 11, 22), 13, 2_477_475),
    ],
)
def test_intraday_when_recorded_then_only_the_session_is_left(shared_data, file, interval, session, count, volume):
    body = recorded(shared_data / "recordings/yahoo/chart" / file).body
    symbol = json.loads(body)["chart"]["result"][0]["meta"]["symbol"]
    sessions = parse_chart_intraday(body, symbol, interval=interval)
    assert {day: len(bars) for day, bars in sessions.items()} == {session: count}
    assert sessions[session][-1].volume == volume


def test_intraday_when_recorded_in_pence_then_pounds(shared_data):
    body = recorded(shared_data / "recordings/yahoo/chart/omarchy_HSBA.L_5m_1d.json").body
    (bars,) = parse_chart_intraday(body, "HSBA.L").values()
    assert (bars[-1].close, bars[-1].volume) == (15.40800049, 218_276)


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

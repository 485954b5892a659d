"""Yahoo's charts: each trap on a small payload made here, and the telling recordings."""

import json
from datetime import UTC, date, datetime

import pytest

from tests.sources.server import recorded
from tests.sources.yahoo_payloads import CLOSES, DAY, NOW, OPENED, chart, minutes
from tui.model import Bar
from tui.sources.base import MalformedError, NoDataError
from tui.sources.yahoo_parse import parse_chart_daily, parse_chart_intraday

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
    ("file", "interval", "expected"),
    [
        ("omarchy_HSBA.L_5m_1d.json", "5m", (date(2026, 9, 2), 11, 218_276)),
        ("yf2_hist_chart-AAPL-1m-2024-10-02.json", "1m", (date(2024, 10, 2), 390, 546_314)),
        ("yf2_hist_chart-TSLA-30m-prepost-2021-11-22.json", "30m", (date(2021, 11, 22), 13, 2_477_475)),
    ],
)
def test_intraday_when_recorded_then_only_the_session_is_left(shared_data, file, interval, expected):
    body = recorded(shared_data / "recordings/yahoo/chart" / file).body
    symbol = json.loads(body)["chart"]["result"][0]["meta"]["symbol"]
    sessions = parse_chart_intraday(body, symbol, interval=interval)
    assert [(session, len(bars), bars[-1].volume) for session, bars in sessions.items()] == [expected]


def test_intraday_when_recorded_in_pence_then_pounds(shared_data):
    body = recorded(shared_data / "recordings/yahoo/chart/omarchy_HSBA.L_5m_1d.json").body
    (bars,) = parse_chart_intraday(body, "HSBA.L").values()
    assert (bars[-1].close, bars[-1].volume) == (15.40800049, 218_276)

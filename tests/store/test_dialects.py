"""Each dialect on payloads made here; the real files are in `test_dialects_real.py`."""

import unicodedata
from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.store.dialects import DialectError, Hints, parse_csv, parse_parquet, read
from tui.store.dialects.yfinance import rebuild
from tui.store.schema import BAR_SCHEMA, DAILY_SCHEMA

OURS = "date,open,high,low,close,adj_close,volume\n2024-07-11,1,3,0.5,2,1.9,100\n2024-07-12,2,4,1.5,3,3,\n"
YAHOO = "Date,Open,High,Low,Close,Adj Close,Volume\r\n2024-07-11,1,3,0.5,2,1.9,100\r\n2024-07-12,null,null,null,null,null,null\r\n"
BARS = (
    "date,open,high,low,close,volume,wap\n"
    "2024-07-12 13:30:00+00:00,1,1,1,1,10.0,1\n"
    "2024-07-12 13:35:00+00:00,1,1,1,2,11.0,1\n"
    "2024-07-12 09:40:00-04:00,1,1,1,3,12.0,1\n"
)
MULTI = (
    "Price,Close,Close,High,High,Adj Close,Adj Close,Volume,Volume\n"
    "Ticker,IWM,^RUT,IWM,^RUT,IWM,^RUT,IWM,^RUT\n"
    "Date,,,,,,,,\n"
    "2024-07-11,2,20,3,30,1.9,20,100,7\n"
    "2024-07-12,3,,4,,3,,110,\n"
)


def parse(text, stem="SPY", **hints):
    data = text.encode() if isinstance(text, str) else text
    return parse_csv(data, Hints(stem=stem, **hints))


def rows(parsed, *columns):
    return parsed.daily.sort("symbol", "date").select(columns).rows()


# --- recognised ---------------------------------------------------------------------------------------------------


def test_parse_when_it_is_our_csv_then_the_stem_is_the_symbol():
    parsed = parse(OURS)
    assert dict(parsed.daily.schema) == DAILY_SCHEMA
    assert rows(parsed, "symbol", "date", "open", "high", "low", "close", "adj_close", "volume") == [
        ("SPY", date(2024, 7, 11), 1.0, 3.0, 0.5, 2.0, 1.9, 100),
        ("SPY", date(2024, 7, 12), 2.0, 4.0, 1.5, 3.0, 3.0, None),
    ]


def test_parse_when_yahoos_cells_say_null_then_they_are_unknown():
    assert rows(parse(YAHOO, "^RUT"), "symbol", "close", "volume") == [("^RUT", 2.0, None), ("^RUT", None, None)]


def test_parse_when_only_dates_and_closes_are_there_then_the_rest_is_unknown():
    assert rows(parse("date,close\n2025-04-01,49.0\n", "pmi"), "symbol", "close", "open") == [("PMI", 49.0, None)]


@pytest.mark.parametrize(
    ("text", "stem", "expected"),
    [
        ("DATE,RU2000PR\n1978-12-29,100.00\n1979-01-01,.\n", "x_y", [("RU2000PR", 100.0)]),
        ("observation_date,DGS10,DGS2\n2026-01-01,,\n2026-01-02,4.1,3.5\n", "a b", [("DGS10", 4.1), ("DGS2", 3.5)]),
        ("date,value\n1980-01-01,\n1980-01-02,10.5\n", "DGS10", [("DGS10", 10.5)]),
        ("date,T10Y2Y\n1990-01-02,-0.07\n", "x_y", [("T10Y2Y", -0.07)]),
    ],
)
def test_parse_when_it_is_a_series_then_missing_observations_are_no_rows(text, stem, expected):
    assert rows(parse(text, stem), "symbol", "close") == expected


def test_parse_when_the_header_has_three_lines_then_each_ticker_has_its_own_rows():
    parsed = parse(MULTI, "whatever it is")
    assert rows(parsed, "symbol", "date", "close", "adj_close", "volume") == [
        ("IWM", date(2024, 7, 11), 2.0, 1.9, 100),
        ("IWM", date(2024, 7, 12), 3.0, 3.0, 110),
        ("^RUT", date(2024, 7, 11), 20.0, 20.0, None),
    ]


def test_parse_when_the_three_lines_are_grouped_by_ticker_then_they_are_read_alike():
    lines = (
        MULTI.replace("Price,", "P,").replace("Ticker,", "Price,").replace("P,", "Ticker,").splitlines(keepends=True)
    )
    swapped = "".join([lines[1], lines[0], *lines[2:]])
    assert parse(swapped).daily.equals(parse(MULTI).daily)


def test_parse_when_no_adjusted_close_is_there_then_a_note_says_how_the_close_is_taken():
    parsed = parse("Price,Close\nTicker,SPY\nDate,\n2024-07-12,3\n", "a b")
    assert rows(parsed, "symbol", "close", "adj_close") == [("SPY", 3.0, None)]
    assert parsed.notes == ["no adjusted close and no dividends: the close is taken as it is, adjusted or not"]


def test_parse_when_five_minute_bars_mix_zones_then_all_are_utc():
    parsed = parse(BARS)
    assert parsed.daily is None
    assert dict(parsed.intraday.schema) == BAR_SCHEMA
    times = [datetime(2024, 7, 12, 13, minute, tzinfo=UTC) for minute in (30, 35, 40)]
    assert times == parsed.intraday["time"].to_list()
    assert parsed.intraday["volume"].to_list() == [10, 11, 12]


def test_parse_when_daily_bars_carry_a_time_then_the_written_day_counts():
    text = "Date,Open,High,Low,Close,Adj Close,Volume\n2022-10-25 04:00:00+00:00,26,26,26,26,26,100.0\n"
    assert [(date(2022, 10, 25),)] == rows(parse(text), "date")


def test_parse_when_a_ticker_column_is_there_then_it_names_the_symbols():
    text = "Date,Close,Adj Close,ticker\n2024-07-12,1,1,IWM\n2024-07-12,2,2,spy\n"
    assert rows(parse(text, "no symbol!"), "symbol", "close") == [("IWM", 1.0), ("SPY", 2.0)]


def test_parse_when_cells_are_quoted_or_a_mark_begins_the_file_then_they_are_read():
    text = '\ufeff"Date","Close"\r\n\r\n"2024-07-12"," 1.5 "\r\n'
    assert rows(parse(text), "close") == [(1.5,)]


@pytest.mark.parametrize("columns", [("symbol", "date", "adj_close"), ("symbol", "date", "open", "close", "volume")])
def test_parquet_when_it_has_any_of_the_daily_columns_then_they_are_read(tmp_path, columns):
    values = {"symbol": "AAOI", "date": date(2021, 1, 4), "open": 8.5, "close": 8.75, "adj_close": 8.5, "volume": 3}
    path = tmp_path / "members.parquet"
    pl.DataFrame({name: [values[name]] for name in columns}).write_parquet(path)
    assert rows(read(path), *columns) == [tuple(values[name] for name in columns)]


def test_parquet_when_it_has_times_then_they_are_five_minute_bars(tmp_path):
    path = tmp_path / "bars.parquet"
    time = datetime(2024, 3, 11, 13, 30, tzinfo=UTC)
    pl.DataFrame({"symbol": ["^RUT"], "time": [time], "close": [1.0], "volume": [5]}).write_parquet(path)
    assert [("^RUT", time, None, None, None, 1.0, None)] == read(path).intraday.rows()


# --- prices adjusted for dividends --------------------------------------------------------------------------------

_prices = st.lists(st.floats(10, 100), min_size=1, max_size=12)


@given(_prices, st.data())
def test_rebuild_when_prices_were_adjusted_as_yahoo_does_then_the_traded_ones_come_back(closes, data):
    paid = [data.draw(st.sampled_from([0.0, 0.0, 0.3, 2.0])) for _ in closes]
    factors = [1.0] * len(closes)
    for row in range(len(closes) - 2, -1, -1):
        factors[row] = factors[row + 1] * (1 - paid[row + 1] / closes[row])
    adjusted = [close * factor for close, factor in zip(closes, factors, strict=True)]
    found = rebuild(pl.DataFrame({"high": [a * 1.5 for a in adjusted], "close": adjusted, "dividend": paid}))
    assert pytest.approx(closes, rel=1e-9) == found["close"].to_list()
    assert pytest.approx([c * 1.5 for c in closes], rel=1e-9) == found["high"].to_list()
    assert adjusted == found["adj_close"].to_list()


def test_rebuild_when_the_close_before_an_ex_date_is_unknown_then_the_one_before_it_counts():
    bars = pl.DataFrame({"close": [9.0, None, 10.0], "dividend": [None, None, 1.0]})
    assert rebuild(bars)["close"].to_list() == [10.0, None, 10.0]


def test_parse_when_gains_are_paid_too_then_all_that_is_paid_counts():
    text = (
        "Date,Open,High,Low,Close,Volume,Dividends,Stock Splits,Capital Gains\n"
        "2025-12-17 00:00:00-05:00,8,8,8,8,5,0.0,0.0,0.0\n2025-12-18 00:00:00-05:00,9,9,9,9,5,0.5,2.0,1.5\n"
    )
    parsed = parse(text)
    assert rows(parsed, "close", "adj_close", "dividend", "split") == [(10.0, 8.0, None, None), (9.0, 9.0, 2.0, 2.0)]
    assert parsed.notes == ["SPY: adjusted prices; the close rebuilt from 1 distribution"]


# --- a partial last bar -------------------------------------------------------------------------------------------

QUIET = "Date,Open,High,Low,Close,Adj Close,Volume\n" + "".join(
    f"2024-07-{day:02},1,1,1,1,1,{volume}\n" for day, volume in enumerate([100] * 7 + [19], start=5)
)


def test_parse_when_the_last_volume_is_tiny_then_it_is_kept_and_told():
    parsed = parse(QUIET)
    assert parsed.daily.height == 8
    expected = (
        "SPY: the last bar, 2024-07-12, looks partial: its volume 19 is 19% of the usual; --drop-partial leaves it out"
    )
    assert [expected] == parsed.notes


def test_parse_when_asked_to_drop_a_partial_bar_then_it_is_left_out_and_told():
    parsed = parse(QUIET, drop_partial=True)
    assert date(2024, 7, 11) == parsed.daily["date"].max()
    assert parsed.notes == ["SPY: left out the last bar, 2024-07-12: its volume 19 is 19% of the usual"]


@pytest.mark.parametrize(("minute", "partial"), [(59, True), (60, False)])
def test_parse_when_the_file_was_written_in_the_last_session_then_its_bar_is_partial(minute, partial):
    written = datetime(2024, 7, 12, 19 + minute // 60, minute % 60, tzinfo=UTC)
    parsed = parse(OURS, modified=written, drop_partial=True)
    assert (1 if partial else 2) == parsed.daily.height
    assert partial == bool(parsed.notes)


def test_parse_when_no_bar_looks_partial_then_dropping_drops_nothing():
    assert (parse(OURS, drop_partial=True).daily.height, parse(OURS, drop_partial=True).notes) == (2, [])


# --- refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (OURS.replace("1.5,3", "1.5,3x"), 3, "close “3x” is not a number"),
        (OURS.replace("1.5,3", "1.5,inf"), 3, "close “inf” is not a number"),
        (OURS.replace("2024-07-12", "07/12/2024"), 3, "date “07/12/2024” is not a date"),
        (OURS.replace("2024-07-12", "2024-02-31"), 3, "date “2024-02-31” is not a date"),
        ("\n\n" + OURS[:-12], 5, "has 2 cells where the header has 7"),
        (OURS.replace(",adj_close,volume", ",adj_close,volume,"), 2, "has 7 cells where the header has 8"),
        (BARS.replace("09:40:00-04:00", "09:40:00"), 4, "is not a time with an offset"),
        (BARS.replace("13:35", "13:36"), 3, "does not begin on a multiple of five minutes"),
        (b"date,close\n2024-07-12,\xff\n", 2, "is not UTF-8 text"),
        ("Name,Ticker\nABBVIE,ABBV\n", 1, "the header “Name,Ticker” is of no known format"),
        ("date,price in \x1b[31mred\n2024-07-12,1\n", 1, "the header “date,price in [31mred” is of no known format"),
    ],
)
def test_parse_when_a_line_cannot_be_read_then_the_error_names_line_and_reason(text, line, reason):
    with pytest.raises(DialectError) as caught:
        parse(text)
    assert line == caught.value.line
    assert reason in caught.value.reason


@pytest.mark.parametrize(
    ("text", "hints", "reason"),
    [
        ("", {}, "is empty"),
        ("\n \n", {}, "is empty"),
        ("date,close\n", {}, "has a header and no rows"),
        (OURS, {"stem": "RUT_yahoo_download_1990-2024"}, "rename to SYMBOL.csv or give --symbol SYMBOL"),
        (OURS, {"symbol": "no symbol"}, "“no symbol” is not a symbol"),
        (MULTI, {"symbol": "SPY"}, "holds 2 symbols: --symbol is for a file of one"),
        (BARS.replace("13:35", "13:45").replace("09:40", "10:00"), {}, "holds bars of 15 minutes"),
    ],
)
def test_parse_when_the_file_as_a_whole_cannot_be_read_then_the_error_says_why(text, hints, reason):
    with pytest.raises(DialectError, match=reason) as caught:
        parse(text, **hints)
    assert caught.value.line is None


def test_parse_when_a_symbol_is_given_then_it_stands_above_the_name_of_the_file():
    assert rows(parse(YAHOO, "RUT_yahoo_download", symbol="^rut"), "symbol") == [("^RUT",), ("^RUT",)]


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (pl.DataFrame({"a": [1]}), "not a table of bars"),
        (pl.DataFrame({"symbol": [None], "date": [date(2024, 1, 2)], "close": [1.0]}), "is not a symbol"),
        (pl.DataFrame({"symbol": ["A"], "date": [date(2024, 1, 2)], "close": ["x"]}), "type|conver|str"),
        (pl.DataFrame({"symbol": ["A"], "time": [datetime(2024, 1, 2, 9)], "close": [1.0]}), "not a time with a zone"),  # noqa: DTZ001
    ],
)
def test_parquet_when_it_is_not_a_table_of_bars_then_the_error_says_why(tmp_path, frame, reason):
    frame.write_parquet(tmp_path / "x.parquet")
    with pytest.raises(DialectError, match=reason):
        parse_parquet(tmp_path / "x.parquet", Hints(stem="x"))


def test_read_when_a_file_is_damaged_or_gone_then_the_error_says_why(tmp_path):
    (tmp_path / "x.parquet").write_bytes(b"PAR1")
    with pytest.raises(DialectError, match="damaged or not Parquet"):
        read(tmp_path / "x.parquet")
    with pytest.raises(DialectError, match="cannot be read"):
        read(tmp_path / "gone.csv")


_cell = st.text(max_size=6) | st.sampled_from(["2024-07-12", "1.5", "null", ".", '"', "1,2"])
_head = st.sampled_from([*(text.splitlines()[0] for text in (OURS, YAHOO, BARS, MULTI)), "DATE,X", "date,value", ","])


@given(_head, st.lists(st.lists(_cell, max_size=9).map(",".join), max_size=6).map("\n".join))
def test_parse_when_given_anything_then_it_is_read_or_refused_in_printable_words(head, body):
    refused = ""
    try:
        parse(f"{head}\n{body}".encode("utf-8", "surrogatepass"))
    except DialectError as error:
        refused = str(error)
    assert not [c for c in refused if unicodedata.category(c) in {"Cc", "Cf", "Cs"}]

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given

from tests.store.strategies import as_frame, daily_rows
from tui import sessions
from tui.store.check import FLAT, Finding, Trouble, examine, findings
from tui.store.dialects import read
from tui.store.history import History
from tui.store.schema import DAILY_SCHEMA, conform

START = date(2024, 7, 1)


def bars(closes, symbol="IWM", start=START, **columns):
    """Bars of consecutive exchange sessions; high and low enclose the close."""
    days = [sessions.last_session(start)]
    while len(days) < len(closes):
        days.append(sessions.next_session(days[-1]))
    frame = pl.DataFrame({"symbol": symbol, "date": days, "close": closes, "volume": 100} | columns)
    spread = {"open": pl.col("close"), "high": pl.col("close") * 1.01, "low": pl.col("close") * 0.99}
    return conform(frame.with_columns(**{name: e for name, e in spread.items() if name not in columns}), DAILY_SCHEMA)


def troubles(frame):
    return [(found.trouble, found.first, found.last) for found in examine(frame)]


def walk(count):
    return [100.0 + n % 7 for n in range(count)]


def test_examine_when_bars_are_sound_then_nothing_is_found():
    assert examine(bars(walk(60))) == []
    assert examine(pl.DataFrame(schema=DAILY_SCHEMA)) == []
    assert examine(bars([1.0])) == []


def test_examine_when_sessions_are_missing_then_each_stretch_is_one_gap():
    frame = bars(walk(20))
    days = frame["date"].to_list()
    held = frame.filter(~pl.col("date").is_in([days[3], days[8], days[9], days[10]]))
    assert [
        Finding("IWM", Trouble.GAP, days[3], days[3], "1 session is missing"),
        Finding("IWM", Trouble.GAP, days[8], days[10], "3 sessions are missing"),
    ] == examine(held)


def test_examine_when_a_holiday_lies_between_then_it_is_no_gap():
    frame = bars(walk(5), start=date(2024, 7, 3))
    assert date(2024, 7, 4) not in frame["date"].to_list()
    assert examine(frame) == []


@pytest.mark.parametrize("symbol", ["HSBA.L", "BTC-USD", "EURUSD=X", "GC=F"])
def test_examine_when_the_symbol_trades_by_another_calendar_then_no_gap_is_claimed(symbol):
    assert examine(bars(walk(20), symbol).gather_every(2)) == []


def test_examine_when_bars_are_weekly_or_before_the_table_of_sessions_then_no_gap_is_claimed():
    assert examine(bars(walk(40)).gather_every(5)) == []
    days = [date(1960, 1, 4) + timedelta(days=2 * n) for n in range(9)]
    assert examine(bars(walk(9)).with_columns(date=pl.Series(days))) == []


def test_examine_when_a_session_has_two_bars_then_it_is_a_duplicate():
    frame = bars(walk(3))
    assert troubles(pl.concat([frame, frame.head(1)])) == [(Trouble.DUPLICATE, START, START)]


@pytest.mark.parametrize(
    ("column", "value", "detail"),
    [
        (
            "high",
            90.0,
            "the high is under the low; the open is outside low and high; the close is outside low and high",
        ),
        ("open", 120.0, "the open is outside low and high"),
        ("low", -1.0, "a price is not positive"),
        ("volume", -5, "the volume is negative"),
    ],
)
def test_examine_when_a_bar_is_impossible_then_it_says_in_what(column, value, detail):
    frame = bars(walk(3))
    wrong = frame.with_columns(pl.when(pl.col("date") == START).then(value).otherwise(column).alias(column))
    assert [Finding("IWM", Trouble.IMPOSSIBLE, START, START, detail)] == examine(conform(wrong, DAILY_SCHEMA))


def test_examine_when_impossible_bars_follow_each_other_then_they_are_one_finding():
    frame = bars(walk(5)).with_columns(open=pl.lit(500.0))
    (found,) = examine(frame)
    assert (
        found.trouble,
        found.first,
        found.detail,
    ) == (Trouble.IMPOSSIBLE, START, "the open is outside low and high (5 bars)")


@pytest.mark.parametrize(("factor", "found"), [(2.1, True), (0.5, True), (1.79, False), (0.56, False)])
def test_examine_when_a_close_jumps_then_it_is_told_beyond_the_threshold(factor, found):
    assert found == bool(troubles(bars([100.0, 100.0 * factor, 101.0 * factor])))


def test_examine_when_a_split_explains_the_jump_then_it_is_none():
    assert examine(bars([100.0, 25.0, 25.5], split=[None, 4.0, None])) == []


def test_examine_when_only_adjusted_closes_are_known_then_they_are_searched():
    frame = bars([100.0, 300.0]).with_columns(adj_close=pl.col("close"))
    only = conform(frame.select("symbol", "date", "adj_close"), DAILY_SCHEMA)
    assert [found.trouble for found in examine(only)] == [Trouble.JUMP]


def test_examine_when_the_close_stands_still_then_only_a_long_run_is_told():
    assert examine(bars([5.0] * (FLAT - 1))) == []
    (found,) = examine(bars([4.0] + [5.0] * FLAT + [6.0]))
    assert (found.trouble, found.detail) == (Trouble.FLAT, "10 sessions at 5")


def test_examine_when_it_is_a_series_of_values_then_standing_still_and_jumping_is_its_nature():
    frame = conform(bars([-1.0, 5.0] + [5.0] * 20).select("symbol", "date", "close"), DAILY_SCHEMA)
    assert examine(frame) == []


@given(daily_rows())
def test_examine_when_given_any_rows_then_the_findings_are_sorted_and_within_them(rows):
    frame = as_frame(rows)
    found = examine(frame)
    assert sorted(found, key=lambda each: (each.symbol, each.first)) == found
    spans = {symbol: (min(days), max(days)) for symbol, days in frame.group_by("symbol").agg("date").iter_rows()}
    assert all(spans[each.symbol][0] <= each.first <= each.last <= spans[each.symbol][1] for each in found)


def test_findings_when_symbols_are_many_then_they_are_read_in_batches(tmp_path, monkeypatch):
    monkeypatch.setattr("tui.store.check.BATCH", 2)
    history, done = History(tmp_path), []
    history.append(pl.concat([bars([1.0, 9.0], f"S{n}") for n in range(5)]))
    found = list(findings(history, history.symbols(), done.append))
    assert [f"S{n}" for n in range(5)] == [each.symbol for each in found]
    assert done == [2, 4, 5]


def test_examine_when_given_the_real_files_then_what_is_known_of_them_is_found(shared_data):
    daily = shared_data / "history" / "daily"
    assert examine(read(daily / "SPY.csv").daily) == []
    vix = examine(read(daily / "^VIX.csv").daily)
    assert [(Trouble.JUMP, date(2018, 2, 5))] == [(found.trouble, found.first) for found in vix]

"""All five-minute bars of a symbol at once."""

from datetime import date, datetime, time, timedelta

import pytest

from tui.model import Bar
from tui.sessions import NEW_YORK
from tui.store.history import History
from tui.store.total import TotalReturn

DAYS = (date(2023, 12, 28), date(2023, 12, 29), date(2024, 1, 2))


def bar(day: date, clock: time, volume: int) -> Bar:
    return Bar(
        time=datetime.combine(day, clock, NEW_YORK).timestamp(), open=1.0, high=1.0, low=1.0, close=1.0, volume=volume
    )


@pytest.fixture
def history(tmp_path):
    made = History(tmp_path)
    made.append_intraday("SPY", [bar(day, time(9, 30), at) for at, day in enumerate(DAYS)])
    made.append_intraday("IWM", [bar(DAYS[0], time(9, 30), 99)])
    return made


def test_bars_when_no_end_is_given_then_all_of_the_symbol_across_the_years(history):
    frame = history.bars("SPY")
    assert frame.columns == ["symbol", "time", "volume"]
    assert frame["volume"].to_list() == [0, 1, 2]
    assert frame["time"].is_sorted()
    assert TotalReturn(history).bars("SPY").equals(frame)


def test_bars_when_an_end_is_given_then_that_session_is_the_last(history):
    history.append_intraday("SPY", [bar(DAYS[1], time(15, 55), 5), bar(DAYS[1] + timedelta(days=1), time(0, 0), 6)])
    assert history.bars("SPY", DAYS[1])["volume"].to_list() == [0, 1, 5]


def test_bars_when_nothing_is_stored_then_an_empty_table_of_the_same_columns(history, tmp_path):
    assert history.bars("QQQ").height == 0
    assert History(tmp_path / "none").bars("SPY").columns == ["symbol", "time", "volume"]

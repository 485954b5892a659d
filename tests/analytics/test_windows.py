from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.analytics.windows import MONITOR, SESSIONS, Window, period_start

PERIODS = [window for window in Window if window not in SESSIONS]


@pytest.mark.parametrize(
    ("window", "start"),
    [
        (Window.WTD, date(2024, 5, 13)),
        (Window.MTD, date(2024, 5, 1)),
        (Window.QTD, date(2024, 4, 1)),
        (Window.YTD, date(2024, 1, 1)),
    ],
)
def test_period_of_a_calendar_window_starts_on_its_first_day(window, start):
    assert period_start(window, date(2024, 5, 15)) == start
    assert period_start(window, start) == start


@given(st.dates(date(1928, 1, 1), date(2100, 12, 31)), st.sampled_from(PERIODS))
def test_period_of_any_day_holds_the_day_and_starts_on_a_first(day, window):
    start = period_start(window, day)
    assert start <= day
    assert start.weekday() == 0 if window is Window.WTD else start.day == 1


def test_period_of_a_window_that_counts_sessions_is_an_error():
    with pytest.raises(KeyError):
        period_start(Window.M1, date(2024, 5, 15))


def test_windows_of_the_monitor_are_windows_and_in_rising_order():
    assert [window for window in Window if window in MONITOR and window in SESSIONS] == [
        window for window in MONITOR if window in SESSIONS
    ]
    assert list(SESSIONS.values()) == sorted(SESSIONS.values())

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics import reference
from tests.analytics.reference import frame_of, history
from tui.analytics.figures import Base
from tui.analytics.returns import excess_all, returns_all, since
from tui.analytics.windows import Window


@given(st.integers(0, 10**6), st.integers(1, 1300), st.sampled_from([0.0, 0.1, 0.6]))
@settings(max_examples=40, deadline=None)
def test_returns_of_any_history_are_those_of_the_reference(seed, length, unknown):
    days = history(seed, length, unknown=unknown, start=date(2018, 1, 2))
    session = days[-1].date
    made = returns_all(frame_of(A=days), session)
    assert list(made) == list(Window)
    for window, each in made.items():
        base = reference.base_of(days, session, window.value)
        expected = reference.return_of(days, session, window.value, days[-1].close)
        assert each.base == (None if base is None else Base(base.date, base.close))
        assert each.value == (None if expected is None else pytest.approx(expected))


def test_returns_when_the_session_runs_end_with_the_live_price():
    days = history(1, 30)
    session = days[-1].date + timedelta(days=1)
    made = returns_all(frame_of(A=days), session, [Window.D1], price=days[-1].close * 1.25)
    assert made[Window.D1].value == pytest.approx(0.25)
    assert made[Window.D1].base == Base(days[-1].date, days[-1].close)


def test_returns_when_the_session_has_no_row_are_unknown_but_show_their_bases():
    days = history(2, 30)
    made = returns_all(frame_of(A=days), days[-1].date + timedelta(days=1))
    assert {each.value for each in made.values()} == {None}
    assert made[Window.D1].base == Base(days[-1].date, days[-1].close)


def test_returns_of_an_empty_history_are_unknown():
    made = returns_all(frame_of(), date(2024, 1, 2))
    assert {(each.value, each.base) for each in made.values()} == {(None, None)}


def test_total_return_takes_the_adjusted_close():
    days = history(3, 10)
    frame = frame_of(A=days).with_columns(adj_close=pl.col("close") * pl.Series([0.5] * 5 + [1.0] * 5))
    session = days[-1].date
    price, total = (returns_all(frame, session, [Window.W1], total=each)[Window.W1] for each in (False, True))
    assert total.value == pytest.approx((price.value + 1) * 2 - 1)
    assert total.base.close == days[4].close / 2


def test_since_a_day_without_a_session_begins_with_the_close_before_it():
    days = history(4, 10, start=date(2024, 1, 1))  # a Monday
    frame, session = frame_of(A=days), days[-1].date
    friday = days[4]
    for start in (date(2024, 1, 5), date(2024, 1, 6), date(2024, 1, 7)):
        made = since(frame, start, session)
        assert made.base == Base(friday.date, friday.close)
        assert made.value == pytest.approx(days[-1].close / friday.close - 1)
    assert since(frame, date(2024, 1, 8), session).base.session == date(2024, 1, 8)


@pytest.mark.parametrize("start", [date(2023, 12, 31), date(2024, 1, 12), date(2024, 1, 13)])
def test_since_a_day_before_the_history_or_not_before_the_session_is_unknown(start):
    days = history(4, 10, start=date(2024, 1, 1))
    made = since(frame_of(A=days), start, date(2024, 1, 12))
    assert (made.value, made.base) == (None, None)


def test_excess_is_over_the_two_dates_of_the_symbol_not_of_the_benchmark():
    days = history(5, 30)
    bench = [day for day in history(6, 30) if day.date != days[-3].date]
    made = excess_all(frame_of(A=days), frame_of(B=bench), days[-1].date, [Window.W1, Window.D1])
    week = made[Window.W1]
    assert week.bench.base.session == week.own.base.session == days[-6].date
    assert week.value == week.own.value - week.bench.value


def test_excess_when_the_benchmark_has_no_row_at_the_base_is_unknown():
    days = history(7, 30)
    bench = [day for day in days if day.date != days[-6].date]
    week = excess_all(frame_of(A=days), frame_of(B=bench), days[-1].date, [Window.W1])[Window.W1]
    assert (week.value, week.bench.base) == (None, None)
    assert week.own.value is not None


def test_excess_when_the_session_runs_is_between_the_two_live_prices():
    days = history(8, 30)
    session, last = days[-1].date + timedelta(days=1), days[-1].close
    frame = frame_of(A=days)
    made = excess_all(frame, frame, session, [Window.D1], price=last * 1.5, bench_price=last * 1.25)
    assert made[Window.D1].value == pytest.approx(0.25)

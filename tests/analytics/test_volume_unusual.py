"""Days of unusual volume against plain loops; nothing after the as-of session is ever looked at."""

import statistics
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics import reference
from tests.analytics.reference import frame_of, history
from tui.analytics.volume_unusual import FOLLOWED, unusual
from tui.analytics.windows import SESSIONS


def naive(days, bound, window, span):
    found = []
    for at in range(max(0, len(days) - span), len(days)):
        day = days[at]
        usual = reference.usual_volume(days[: at + 1], day.date, window, statistics.mean)
        if day.volume is None or not usual:
            continue
        if day.volume / usual < bound:
            continue

        def later(count, at=at, day=day):
            if at + count >= len(days) or day.close is None or days[at + count].close is None:
                return None
            return days[at + count].close / day.close - 1

        before = days[at - 1].close if at else None
        change = None if before is None or day.close is None else day.close / before - 1
        found.append((day.date, day.volume / usual, change, [later(SESSIONS[each]) for each in FOLLOWED]))
    return found[::-1]


def same(value):
    return value if value is None else pytest.approx(value)


@given(
    st.integers(0, 10**6),
    st.sampled_from([0, 1, 7, 40, 90]),
    st.sampled_from([0.0, 0.2]),
    st.sampled_from([0.8, 1.5, 2.0]),
    st.sampled_from([10, 20]),
)
@settings(max_examples=40, deadline=None)
def test_unusual_days_of_any_history_are_those_of_plain_loops(seed, length, unknown, bound, window):
    days = history(seed, length, unknown=unknown)
    last = days[-1].date if days else date(2024, 1, 2)
    found = unusual(frame_of(A=days), last, window=window, bound=bound, span=30)
    expected = naive(days, bound, window, 30)
    assert [day.session for day in found.days] == [each[0] for each in expected]
    for day, (_, ratio, change, followed) in zip(found.days, expected, strict=True):
        assert day.ratio == pytest.approx(ratio)
        assert day.change == same(change)
        assert [day.followed[each] for each in FOLLOWED] == [same(value) for value in followed]


@given(st.integers(0, 10**6), st.integers(70, 89))
@settings(max_examples=20, deadline=None)
def test_unusual_days_when_later_sessions_are_known_are_the_same_as_without_them(seed, cut):
    days = history(seed, 90)
    session = days[cut - 1].date
    whole, known = unusual(frame_of(A=days), session, bound=1.0), unusual(frame_of(A=days[:cut]), session, bound=1.0)
    assert whole == known
    assert all(day.session <= session for day in whole.days)
    assert [day.followed[FOLLOWED[0]] for day in whole.days if day.session > days[cut - 6].date] == [None] * sum(
        day.session > days[cut - 6].date for day in whole.days
    )


@given(st.integers(0, 10**6), st.sampled_from([0.25, 4.0, 1024.0]))
@settings(max_examples=10, deadline=None)
def test_unusual_days_do_not_depend_on_the_scale_of_prices(seed, factor):
    days = history(seed, 80)
    frame = frame_of(A=days)
    one = unusual(frame, days[-1].date, bound=1.0)
    other = unusual(frame.with_columns(pl.col("close") * factor), days[-1].date, bound=1.0)
    for before, after in zip(one.days, other.days, strict=True):
        assert (before.session, before.ratio) == (after.session, after.ratio)
        assert after.change == same(before.change)
        assert after.dollar_volume == same(None if before.dollar_volume is None else before.dollar_volume * factor)


def test_unusual_days_of_an_index_are_none():
    days = history(3, 80)
    found = unusual(frame_of(INDEX=days), days[-1].date, bound=0.1)
    assert (found.known, found.days, found.highest) == (0, (), None)


def test_a_day_at_the_bound_counts_and_the_highest_is_told_even_under_it():
    days = [day._replace(volume=1000) for day in history(4, 40)]
    days[-3] = days[-3]._replace(volume=2000)
    at = unusual(frame_of(A=days), days[-1].date, window=20, bound=2.0)
    over = unusual(frame_of(A=days), days[-1].date, window=20, bound=2.5)
    assert [day.session for day in at.days] == [days[-3].date]
    assert over.days == ()
    assert over.highest.session == days[-3].date
    assert over.highest.ratio == pytest.approx(2.0)


def test_a_half_day_is_named_as_such():
    days = history(5, 40, start=date(2024, 5, 9))
    at = next(i for i, day in enumerate(days) if day.date == date(2024, 7, 3))
    days = [day._replace(volume=1000) for day in days[: at + 1]]
    days[at] = days[at]._replace(volume=9000)
    found = unusual(frame_of(A=days), days[at].date, window=10)
    assert [(day.session, day.half_day) for day in found.days] == [(date(2024, 7, 3), True)]


@pytest.mark.parametrize(("window", "ratio"), [(63, 36.77), (20, 31.37)])
def test_qqqs_traded_its_golden_ratio_on_2024_07_12(daily, window, ratio):
    found = unusual(daily("QQQS"), date(2024, 7, 12), window=window)
    assert found.days[0].session == date(2024, 7, 12)
    assert round(found.days[0].ratio, 2) == ratio
    assert round(found.days[0].change * 100, 3) == 1.718
    assert set(found.days[0].followed.values()) == {None}
    later = unusual(daily("QQQS"), date(2024, 7, 12) + timedelta(days=60), window=window)
    same_day = next(day for day in later.days if day.session == date(2024, 7, 12))
    assert None not in same_day.followed.values()

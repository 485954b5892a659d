"""Rolling estimates against the estimate of each session's own past, and today's from prepared returns."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics.reference import frame_of, history, without
from tui.analytics.measure import WINDOWS, Measure
from tui.analytics.relative import beta, common, correlation, moves, yearly_correlation
from tui.analytics.rolling import prepared, rolling

seeds = st.integers(0, 10**6)
measures = st.sampled_from(Measure)
ESTIMATE = {Measure.CORRELATION: correlation, Measure.BETA: beta}
EVER = date(1900, 1, 1)


@given(seeds, st.sampled_from([0, 1, 63, 64, 65, 100]), st.sampled_from([0.0, 0.1, 0.5]), st.booleans())
# An example is up to a hundred points, each of them computed anew.
@settings(max_examples=20, deadline=None)
def test_every_point_is_the_estimate_of_its_own_past(seed, length, unknown, against_yield):
    a = without(history(seed, length, unknown=unknown), seed, 2)
    b = history(seed + 1, length, unknown=unknown)
    line = rolling(moves(frame_of(A=a), frame_of(B=b), against_yield), Measure.CORRELATION, EVER)
    for at, (day, value, n) in enumerate(line.iter_rows()):
        past = [[each for each in side if each.date <= day] for side in (a, b)]
        expected = correlation(frame_of(A=past[0]), frame_of(B=past[1]), against_yield=against_yield)
        assert n == expected.n
        if at < WINDOWS[Measure.CORRELATION] - 1 or 2 * n < WINDOWS[Measure.CORRELATION]:
            assert value is None
        else:
            assert value == pytest.approx(expected.value, abs=1e-9)


def test_the_line_from_a_session_on_is_the_end_of_the_whole_line():
    pairs = moves(frame_of(A=history(5, 400)), frame_of(B=history(6, 400)))
    for measure in Measure:
        whole = rolling(pairs, measure, EVER)
        start = whole["date"][300]
        part, end = rolling(pairs, measure, start), whole.filter(pl.col("date") >= start)
        assert part["date"].to_list() == end["date"].to_list()
        assert part["value"].to_list() == pytest.approx(end["value"].to_list(), abs=1e-12)
        assert whole["value"].drop_nulls().len() == 400 - WINDOWS[measure]


@given(seeds, st.sampled_from([1, 2, 3, 62, 63, 64, 251, 252, 253, 300]), st.sampled_from([0.0, 0.1]), measures)
@settings(max_examples=50, deadline=None)
def test_today_from_prepared_returns_is_the_estimate_of_the_whole(seed, length, unknown, measure):
    a, b = history(seed, length, unknown=unknown), history(seed + 1, length, unknown=unknown)
    made = prepared(common(frame_of(A=a[:-1]), frame_of(B=b[:-1])), a[-1].date)
    today = made.today(measure, a[-1].close, b[-1].close)
    if None in (a[-1].close, b[-1].close):
        whole = ESTIMATE[measure](frame_of(A=a[:-1]), frame_of(B=b[:-1]))
    else:
        whole = ESTIMATE[measure](frame_of(A=a), frame_of(B=b))
    assert today.n == whole.n
    assert today.value == (None if whole.value is None else pytest.approx(whole.value, rel=1e-7, abs=1e-9))


@given(seeds, st.sampled_from([1, 2, 30, 200, 260, 400]))
@settings(max_examples=30, deadline=None)
def test_the_running_year_from_prepared_returns_is_that_of_the_whole(seed, length):
    a, b = history(seed, length), history(seed + 1, length)
    year = prepared(common(frame_of(A=a[:-1]), frame_of(B=b[:-1])), a[-1].date).year(a[-1].close, b[-1].close)
    whole = {each.year: each for each in yearly_correlation(frame_of(A=a), frame_of(B=b))}.get(a[-1].date.year)
    assert year.n == (whole.n if whole else 0)
    expected = whole.value if whole else None
    assert year.value == (None if expected is None else pytest.approx(expected, abs=1e-9))


@given(seeds, st.floats(1e-3, 1e3), measures)
@settings(max_examples=20, deadline=None)
def test_estimates_of_today_when_prices_scale_stay(seed, scale, measure):
    a, b = history(seed, 90), history(seed + 1, 90)
    scaled = [day._replace(close=day.close * scale) for day in a]
    one, other = (
        prepared(common(frame_of(A=side[:-1]), frame_of(B=b[:-1])), b[-1].date).today(
            measure, side[-1].close, b[-1].close
        )
        for side in (a, scaled)
    )
    assert other.value == pytest.approx(one.value, rel=1e-7, abs=1e-9)


def test_estimates_against_a_side_that_stands_still_are_unknown():
    a = history(1, 100)
    still = [day._replace(close=10.1) for day in a]
    for measure in Measure:
        made = prepared(common(frame_of(A=a[:-1]), frame_of(B=still[:-1])), a[-1].date)
        assert made.today(measure, a[-1].close, 10.1).value is None
    line = rolling(moves(frame_of(A=a), frame_of(B=still)), Measure.CORRELATION, EVER)
    assert line["value"].null_count() == line.height


def test_spy_and_iwm_on_real_days(daily):
    frame = daily("SPY", "IWM")
    spy, iwm = (frame.filter(pl.col("symbol") == name) for name in ("SPY", "IWM"))
    for year, expected in ((2022, 0.9314), (2023, 0.8001)):
        sides = [side.filter(pl.col("date").dt.year() <= year) for side in (iwm, spy)]
        made = prepared(common(*(side[:-1] for side in sides)), sides[0]["date"][-1])
        found = made.year(*(side["close"][-1] for side in sides))
        assert found.value == pytest.approx(expected, abs=5e-5)

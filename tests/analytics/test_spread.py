"""Today's place of a spread against naive loops over all of its kind."""

import statistics

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics.reference import frame_of, history, without
from tui.analytics.spread import LEAST, history_of, spreads, streaks_of

seeds = st.integers(0, 10**6)
lengths = st.sampled_from([0, 1, 2, 5, 22, 60, 90])
unknowns = st.sampled_from([0.0, 0.1, 0.6])
values = st.lists(st.none() | st.floats(-1, 1, allow_subnormal=False), max_size=60)


def naive_spreads(a, b, sessions):
    other = {day.date: day.close for day in b}
    made = []
    for at, day in enumerate(a):
        base = a[at - sessions] if at >= sessions else None
        ends = (day.close, other.get(day.date), base and base.close, base and other.get(base.date))
        made.append(None if None in ends else ends[0] / ends[2] - ends[1] / ends[3])
    return made


def naive_streaks(line):
    """Every streak of the line, the running one last (0 where it has ended)."""
    found, length = [], 0
    for value in line:
        ahead = value is not None and value > 0
        length = length + 1 if ahead else 0
        found.append(length)
    return found or [0]


@given(seeds, lengths, unknowns, st.sampled_from([1, 5, 21]))
@settings(max_examples=40, deadline=None)
def test_spreads_of_any_two_histories_are_those_of_the_naive_walk(seed, length, unknown, sessions):
    a, b = history(seed, length, unknown=unknown), without(history(seed + 1, length, unknown=unknown), seed, 3)
    made = spreads(frame_of(A=a), frame_of(B=b), sessions)["value"].to_list()
    expected = naive_spreads(a, b, sessions)
    assert made == [None if value is None else pytest.approx(value, abs=1e-12) for value in expected]


@given(seeds, st.floats(1e-3, 1e3))
@settings(max_examples=20, deadline=None)
def test_spreads_when_a_price_scales_stay(seed, scale):
    a, b = frame_of(A=history(seed, 60)), frame_of(B=history(seed + 1, 60))
    scaled = a.with_columns(pl.col("close") * scale)
    before, after = spreads(a, b, 5)["value"].drop_nulls(), spreads(scaled, b, 5)["value"].drop_nulls()
    assert after.to_list() == pytest.approx(before.to_list(), abs=1e-9)


@given(values, st.floats(-1, 1, allow_subnormal=False))
@settings(max_examples=200, deadline=None)
def test_place_of_a_spread_is_that_of_naive_loops(line, today):
    place = history_of(pl.Series(line, dtype=pl.Float64)).place(today)
    known = [value for value in line if value is not None]
    assert (place.value, place.n) == (today, len(known) + 1)
    if place.n < LEAST:
        assert (place.percentile, place.zscore) == (None, None)
        return
    lower, equal = sum(value < today for value in known), sum(value == today for value in known)
    assert place.percentile == pytest.approx((lower + equal / 2) / len(known))
    spread = statistics.stdev([*known, today])
    if spread > 1e-6:
        expected = (today - statistics.fmean([*known, today])) / spread
        assert place.zscore == pytest.approx(expected, rel=1e-6, abs=1e-9)


def test_place_among_spreads_that_are_all_the_same_has_no_zscore_and_is_in_the_middle():
    place = history_of(pl.Series([0.1] * 40)).place(0.1)
    assert (place.percentile, place.zscore, place.n) == (0.5, None, 41)


def test_place_of_an_unknown_spread_is_unknown_and_says_of_how_many():
    place = history_of(pl.Series([0.1, None, 0.2])).place(None)
    assert (place.value, place.percentile, place.zscore, place.n) == (None, None, None, 2)


@given(values, st.none() | st.floats(-1, 1))
@settings(max_examples=200, deadline=None)
def test_streak_with_today_is_that_of_a_naive_count(line, today):
    made = streaks_of(pl.Series(line, dtype=pl.Float64)).today(today)
    counted = naive_streaks([*line, today])
    assert made.length == (None if today is None else counted[-1])
    assert made.longest == max(counted)
    assert made.n == sum(value is not None for value in [*line, today])


@given(values, st.floats(1e-3, 1e3))
def test_streak_when_the_excess_scales_stays(line, scale):
    def of(values):
        return streaks_of(pl.Series(values, dtype=pl.Float64))

    normal = [None if value is None or abs(value) < 1e-100 else value for value in line]
    assert of(normal) == of([None if value is None else value * scale for value in normal])

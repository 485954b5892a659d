import itertools
import math
import statistics
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics import reference
from tests.analytics.reference import Day, frame_of, history, without
from tui.analytics.relative import (
    beta,
    correlation,
    drawdown,
    rebased,
    spread,
    strength,
    yearly_correlation,
    zscore50,
)


def pairs(a: list[Day], b: list[Day], *, basis_points: bool = False) -> list[tuple[date, float, float]]:
    """What both did from one common session to the next, where that is known."""
    other = {day.date: day.close for day in b}
    common = [(day.date, day.close, other[day.date]) for day in a if day.date in other]
    made = []
    for (_, a0, b0), (day, a1, b1) in itertools.pairwise(common):
        known = None not in (a0, a1, b0, b1)
        made.append((day, a1 / a0 - 1, (b1 - b0) * 100 if basis_points else b1 / b0 - 1) if known else None)
    return made


seeds = st.integers(0, 10**6)
lengths = st.sampled_from([0, 1, 2, 3, 4, 20, 64, 65, 90])
unknowns = st.sampled_from([0.0, 0.1, 0.7])


@given(seeds, lengths, unknowns, st.booleans())
@settings(max_examples=60, deadline=None)
def test_correlation_and_beta_of_any_two_histories_are_those_of_the_reference(seed, length, unknown, bp):
    a = without(history(seed, length, unknown=unknown), seed, 2)
    b = without(history(seed + 1, length, unknown=unknown), seed + 1, 2)
    known = [pair for pair in pairs(a, b, basis_points=bp)[-63:] if pair]
    mine, theirs = [pair[1] for pair in known], [pair[2] for pair in known]
    frames = frame_of(A=a), frame_of(B=b)
    correlated = correlation(*frames, against_yield=bp)
    slope = beta(*frames, 63, against_yield=bp)
    assert correlated.n == slope.n == len(known)
    if len(known) < 2:
        assert (correlated.value, slope.value) == (None, None)
    else:
        assert correlated.value == pytest.approx(statistics.correlation(mine, theirs), abs=1e-9)
        expected = statistics.covariance(mine, theirs) / statistics.variance(theirs)
        assert slope.value == pytest.approx(expected, rel=1e-9, abs=1e-12)


@given(seeds, st.floats(1e-3, 1e3))
@settings(max_examples=20, deadline=None)
def test_correlation_and_beta_when_a_price_scales_stay(seed, scale):
    a, b = frame_of(A=history(seed, 80)), frame_of(B=history(seed + 1, 80))
    scaled = a.with_columns(pl.col("close") * scale)
    assert correlation(scaled, b).value == pytest.approx(correlation(a, b).value, abs=1e-9)
    assert beta(scaled, b).value == pytest.approx(beta(a, b).value, rel=1e-9, abs=1e-12)
    assert correlation(a, a).value == pytest.approx(1.0)
    assert beta(a, a).value == pytest.approx(1.0)


def test_correlation_when_one_side_does_not_move_is_unknown():
    a = history(1, 40)
    flat = [day._replace(close=10.1) for day in a]
    steady = [day._replace(close=1.01**at) for at, day in enumerate(a)]
    for still in (flat, steady):
        assert correlation(frame_of(A=a), frame_of(B=still)).value is None
        assert beta(frame_of(A=a), frame_of(B=still)).value is None
        assert correlation(frame_of(A=still), frame_of(B=a)).n == 39


@given(seeds)
@settings(max_examples=10, deadline=None)
def test_yearly_correlation_covers_each_year_once(seed):
    a, b = history(seed, 600), history(seed + 1, 600)
    made = yearly_correlation(frame_of(A=a), frame_of(B=b))
    every = pairs(a, b)
    assert [each.year for each in made] == sorted({day.year for day, *_ in every})
    for each in made:
        mine, theirs = zip(*[(x, y) for day, x, y in every if day.year == each.year], strict=True)
        assert each.n == len(mine)
        assert each.value == pytest.approx(statistics.correlation(mine, theirs), abs=1e-9)


def test_rebased_line_begins_with_a_hundred_at_the_last_session_on_or_before_the_start():
    days = history(2, 10, start=date(2024, 1, 1))
    line = rebased(frame_of(A=days), date(2024, 1, 7))
    assert line["date"].to_list() == [day.date for day in days[4:]]
    assert line["value"].to_list() == [pytest.approx(100 * day.close / days[4].close) for day in days[4:]]
    assert line["value"][0] == 100.0


def test_rebased_line_when_the_history_begins_later_is_empty():
    assert rebased(frame_of(A=history(2, 10)), date(2000, 1, 1)).is_empty()
    assert rebased(frame_of(), date(2000, 1, 1)).is_empty()


def test_lines_where_a_close_is_unknown_have_a_gap():
    days = history(3, 6)
    days[2] = days[2]._replace(close=None)
    frame = frame_of(A=days)
    for line in (
        rebased(frame, days[0].date),
        strength(frame, frame, days[0].date),
        spread(frame, frame, days[0].date),
    ):
        assert [value is None for value in line["value"]] == [False, False, True, False, False, False]
    assert rebased(frame, days[2].date)["value"].null_count() == 4


@given(seeds, st.integers(1, 30), st.integers(0, 5))
@settings(max_examples=30, deadline=None)
def test_strength_and_spread_of_any_two_histories_are_on_their_common_sessions(seed, length, holes):
    a, b = without(history(seed, length), seed, holes), without(history(seed + 1, length), seed + 1, holes)
    other = {day.date: day.close for day in b}
    common = [(day.date, day.close, other[day.date]) for day in a if day.date in other]
    start = common[0][0] if common else date(2024, 1, 1)
    ratios, gaps = strength(frame_of(A=a), frame_of(B=b), start), spread(frame_of(A=a), frame_of(B=b), start)
    assert ratios["date"].to_list() == gaps["date"].to_list() == [day for day, *_ in common]
    for (_, x, y), ratio, gap in zip(common, ratios["value"], gaps["value"], strict=True):
        _, x0, y0 = common[0]
        assert ratio == pytest.approx(100 * (x / y) / (x0 / y0))
        assert gap == pytest.approx(100 * x / x0 - 100 * y / y0, abs=1e-9)
    if common:
        assert (ratios["value"][0], gaps["value"][0]) == (100.0, 0.0)


@given(seeds, st.sampled_from([1, 49, 50, 51, 130]), st.sampled_from([0.0, 0.02]))
@settings(max_examples=30, deadline=None)
def test_zscore_and_drawdown_series_are_those_of_a_row_at_every_session(seed, length, unknown):
    days = history(seed, length, unknown=unknown)
    frame = frame_of(A=days).select(z=zscore50(pl.col("close")), d=drawdown(pl.col("close")))
    for at, (day, z, fall) in enumerate(zip(days, frame["z"], frame["d"], strict=True)):
        past = days[: at + 1]
        expected = reference.zscore50(past, day.date, day.close)
        assert z == (None if expected is None else pytest.approx(expected, rel=1e-6, abs=1e-8))
        closes = [each.close for each in past if each.close is not None]
        assert fall == (None if day.close is None else pytest.approx(day.close / max(closes) - 1))


def test_zscore_series_on_a_flat_stretch_after_a_wild_one_is_unknown():
    closes = [day.close * 1e6 for day in history(4, 60)] + [10.1] * 60
    scores = pl.DataFrame({"close": closes}).select(zscore50(pl.col("close"))).to_series()
    assert scores[60] is not None
    assert scores[-11:].null_count() == 11
    assert all(math.isfinite(score) for score in scores.drop_nulls())

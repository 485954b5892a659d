"""Rotation against a naive walk over the closes, and the same from prepared sums."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics.reference import Day, frame_of, history, without
from tui.analytics.relative import common
from tui.analytics.rotation import MOMENTUM_SESSIONS, RATIO_SESSIONS, Quadrant, Rotation, prepared, quadrant, rotation

seeds = st.integers(0, 10**6)
lengths = st.sampled_from([0, 1, 62, 63, 64, 82, 83, 84, 110, 150])
unknowns = st.sampled_from([0.0, 0.0, 0.01])


def naive(a: list[Day], b: list[Day]) -> list[tuple[date, float | None, float | None]]:
    """Session, ratio and momentum, each mean over all of its values or none."""
    closes = {day.date: day.close for day in b}
    strengths = [
        (day.date, None if None in (day.close, closes[day.date]) else day.close / closes[day.date])
        for day in a
        if day.date in closes
    ]

    def over_mean(values, at, count):
        window = values[max(0, at - count + 1) : at + 1]
        return None if len(window) < count or None in window else 100 * values[at] / (sum(window) / count)

    rs = [value for _, value in strengths]
    ratios = [over_mean(rs, at, 63) for at in range(len(rs))]
    momenta = [over_mean(ratios, at, 21) for at in range(len(rs))]
    return [(day, ratios[at], momenta[at]) for at, (day, _) in enumerate(strengths)]


@given(seeds, lengths, unknowns)
@settings(max_examples=40, deadline=None)
def test_rotation_of_any_two_histories_is_that_of_the_naive_walk(seed, length, unknown):
    a = without(history(seed, length, unknown=unknown), seed, 2)
    b = history(seed + 1, length, unknown=unknown)
    made = rotation(common(frame_of(A=a), frame_of(B=b))).select("date", "ratio", "momentum").rows()
    expected = naive(a, b)
    assert [row[0] for row in made] == [row[0] for row in expected]
    for one, other in zip(made, expected, strict=True):
        assert one[1:] == tuple(None if value is None else pytest.approx(value, rel=1e-9) for value in other[1:])


@given(seeds, lengths, unknowns, st.sampled_from([5, 10, 20]))
@settings(max_examples=40, deadline=None)
def test_today_from_prepared_sums_is_the_last_session_of_the_whole(seed, length, unknown, tail):
    a, b = history(seed, length + 1, unknown=unknown), history(seed + 1, length + 1, unknown=unknown)
    whole = naive(a, b)
    made = prepared(common(frame_of(A=a[:-1]), frame_of(B=b[:-1])))
    spot = made.today(a[-1].date, a[-1].close, b[-1].close)
    assert (spot.session, spot.ratio, spot.momentum) == tuple(
        pytest.approx(value, rel=1e-9) if isinstance(value, float) else value for value in whole[-1]
    )
    walked = made.walked(spot, tail)
    assert [each.session for each in walked] == [row[0] for row in whole[-tail:]]
    assert [each.ratio for each in walked] == [
        None if row[1] is None else pytest.approx(row[1], rel=1e-9) for row in whole[-tail:]
    ]


@given(seeds, st.floats(1e-3, 1e3))
@settings(max_examples=20, deadline=None)
def test_rotation_when_a_price_scales_stays(seed, scale):
    a, b = frame_of(A=history(seed, 120)), frame_of(B=history(seed + 1, 120))
    before = rotation(common(a, b))
    after = rotation(common(a.with_columns(pl.col("close") * scale), b))
    for name in ("ratio", "momentum"):
        assert after[name].to_list() == pytest.approx(before[name].to_list(), rel=1e-9)


def test_rotation_of_the_benchmark_itself_is_the_middle():
    frame = frame_of(A=history(3, 100))
    last = rotation(common(frame, frame)).row(-1, named=True)
    assert (last["ratio"], last["momentum"]) == (pytest.approx(100), pytest.approx(100))


@pytest.mark.parametrize(
    ("ratio", "momentum", "expected"),
    [
        (100, 100, Quadrant.LEADING),
        (100, 99.9, Quadrant.WEAKENING),
        (99.9, 99.9, Quadrant.LAGGING),
        (99.9, 100, Quadrant.IMPROVING),
        (None, 100, None),
        (100, None, None),
    ],
)
def test_quadrant_of_a_ratio_and_a_momentum_counts_100_as_the_better_side(ratio, momentum, expected):
    assert quadrant(ratio, momentum) is expected


def test_today_without_a_price_is_unknown():
    nothing = Rotation([], [1.0] * (RATIO_SESSIONS - 1), [100.0] * (MOMENTUM_SESSIONS - 1))
    for own, bench in ((None, 1.0), (1.0, None), (1.0, 0.0)):
        spot = nothing.today(date(2024, 7, 12), own, bench)
        assert (spot.ratio, spot.momentum, spot.quadrant) == (None, None, None)
    assert nothing.today(date(2024, 7, 12), 1.0, 1.0).quadrant is Quadrant.LEADING

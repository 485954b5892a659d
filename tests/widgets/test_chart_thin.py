"""What a line keeps of its values."""

from itertools import pairwise
from math import inf, nan

from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.thin import MAX_POINTS, Pixel, clean, merge, thin

VALUES = st.lists(st.none() | st.floats(-1e6, 1e6), max_size=1500)
SIZES = st.integers(1, 400)


@given(VALUES, SIZES)
def test_thin_when_any_values_then_at_most_two_points_a_column_and_the_limit(values, columns):
    points = thin(values, slots=len(values), columns=columns)
    assert len(points) <= min(MAX_POINTS, 2 * columns + 2)


@given(VALUES, SIZES)
def test_thin_when_any_values_then_extremes_and_ends_are_kept(values, columns):
    known = [value for value in values if value is not None]
    kept = [point.value for point in thin(values, slots=len(values), columns=columns)]
    assert bool(known) == bool(kept)
    if known:
        assert (min(known), max(known), known[0], known[-1]) == (min(kept), max(kept), kept[0], kept[-1])


@given(VALUES, SIZES)
def test_thin_when_any_values_then_points_are_in_order_and_true(values, columns):
    points = thin(values, slots=len(values) + 5, columns=columns)
    slots = [point.slot for point in points]
    assert sorted(set(slots)) == slots
    assert [values[slot] for slot in slots] == [point.value for point in points]


@given(VALUES, SIZES)
def test_thin_when_a_value_is_missing_then_no_stroke_crosses_it(values, columns):
    points = thin(values, slots=len(values), columns=columns)
    for before, after in pairwise(points):
        assert after.joined == (None not in values[before.slot : after.slot])


def test_thin_when_values_are_few_then_all_are_kept():
    assert [point.slot for point in thin([3.0, None, 1.0, 2.0], slots=100, columns=100)] == [0, 2, 3]


def test_thin_when_a_spike_is_one_value_of_thousands_then_it_is_kept():
    values = [1.0] * 5000
    values[3333] = 9.0
    assert 3333 in [point.slot for point in thin(values, slots=5000, columns=120)]


def test_clean_when_numbers_are_not_finite_then_they_are_gaps():
    assert clean([1.0, nan, inf, None, -inf, 2.0]) == [1.0, None, None, None, None, 2.0]


def test_clean_when_the_sum_overflows_then_the_values_stay():
    assert clean([1.7e308, 1.7e308]) == [1.7e308, 1.7e308]


def test_merge_when_strokes_are_level_or_upright_then_only_their_ends_stay():
    walk = [
        Pixel(0, 0, False),
        Pixel(1, 0, True),
        Pixel(2, 0, True),
        Pixel(2, 3, True),
        Pixel(2, 3, True),
        Pixel(2, 5, True),
    ]
    assert merge(walk) == (Pixel(0, 0, False), Pixel(2, 0, True), Pixel(2, 5, True))


def test_merge_when_an_upright_stroke_turns_back_then_its_top_stays():
    walk = (Pixel(2, 0, False), Pixel(2, 9, True), Pixel(2, 4, True))
    assert merge(walk) == walk


def test_merge_when_a_stroke_ends_in_a_gap_then_the_gap_stays():
    walk = (Pixel(0, 0, False), Pixel(1, 0, True), Pixel(4, 0, False), Pixel(5, 0, True))
    assert merge(walk) == walk

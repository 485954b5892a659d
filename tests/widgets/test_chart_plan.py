"""Where the parts of a chart go."""

from itertools import pairwise
from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.chart_demo import sample
from tui.widgets.chart_paint import Row, Span, differences
from tui.widgets.chart_plan import Line, Picture, arrange, end_labels, spread
from tui.widgets.chart_scale import MOST_TICKS, scale
from tui.widgets.thin import MAX_POINTS


def one_decimal(value):
    return f"{value:.1f}"


def picture(*series, slots=None, **more):
    lines = [Line(f"L{number}", values, f"series-{number}") for number, values in enumerate(series, 1)]
    slots = slots or max((len(values) for values in series), default=1)
    return Picture(lines=lines, slots=slots, labels=[(0, "start"), (slots - 1, "end")], y_format=one_decimal, **more)


@given(st.integers(-(10**9), 10**9).map(lambda number: number / 1000), st.floats(1e-3, 1e6), st.integers(3, 60))
def test_scale_when_any_range_then_it_holds_it_with_distinct_ticks(low, span, rows):
    axis = scale([low, low + span], rows, repr)
    assert axis.low <= low <= low + span <= axis.high
    assert len(axis.ticks) <= MOST_TICKS
    marks = [axis.dot(tick, rows * 4) // 4 for tick in axis.ticks]
    assert all(before < after for before, after in pairwise(marks))


@pytest.mark.parametrize("rows", [3, 4, 8, 20, 48])
@pytest.mark.parametrize("extremes", [(97.3, 122.8), (0.0, 1.0), (-14.3, 10.4), (213.14, 213.9), (5e7, 9e7)])
def test_scale_when_common_ranges_then_two_to_six_ticks(extremes, rows):
    assert (2 if rows < 8 else 3) <= len(scale(extremes, rows, lambda value: f"{value:.2f}").ticks) <= MOST_TICKS


@pytest.mark.parametrize(
    "values", [[5.0], [0.0, 0.0], [-3.0, -3.0], [1e300, 1e300], [-1.7e308, 1.7e308], [1.0, 1.0 + 1e-15]]
)
def test_scale_when_values_are_equal_or_huge_then_it_is_a_range(values):
    axis = scale(values, 10, repr)
    assert axis.low < axis.high
    assert all(0 <= axis.dot(value, 40) < 40 for value in values)


def test_scale_when_an_extreme_moves_a_little_then_the_axis_stays():
    assert scale([90.2, 121.3], 20, one_decimal) == scale([90.4, 121.6], 20, one_decimal)


def test_scale_when_the_format_is_coarse_then_no_two_ticks_read_the_same():
    axis = scale([100.1, 101.2], 20, lambda value: f"{value:.0f}")
    texts = [f"{tick:.0f}" for tick in axis.ticks]
    assert len(set(texts)) == len(texts) > 0


@given(st.lists(st.integers(0, 19), max_size=20))
def test_spread_when_rows_collide_then_all_differ_in_order_and_fit(wanted):
    rows = spread(sorted(wanted), 20)
    assert sorted(set(rows)) == rows
    assert all(0 <= row < 20 for row in rows)


def test_spread_when_there_is_room_then_nothing_moves_and_a_crowd_is_centred():
    assert spread([2, 5, 9], 20) == [2, 5, 9]
    assert spread([5, 5, 5], 20) == [4, 5, 6]


@pytest.mark.parametrize("size", [(24, 5), (40, 8), (60, 12), (100, 30), (200, 50)])
def test_arrange_when_any_size_then_all_texts_are_inside_and_apart(size):
    plan = arrange(sample(8, 300), *size)
    taken = set()
    ends = end_labels(plan, [line.values[-1] for line in plan.lines])
    for text in [*plan.texts, *ends]:
        cells = {(text.row, text.column + offset) for offset in range(len(text.text))}
        assert all(0 <= row < size[1] and 0 <= column < size[0] for row, column in cells)
        assert not cells & taken
        taken |= cells
    assert plan.columns >= size[0] // 3
    assert ends


def test_arrange_when_twelve_lines_of_thousands_then_points_within_the_bound():
    plan = arrange(sample(12, 5000), 200, 50)
    assert len(plan.curves) == 12
    assert all(len(curve.pixels) <= MAX_POINTS for curve in plan.curves)


def test_arrange_when_lines_are_shorter_than_the_slots_then_the_right_stays_empty():
    plan = arrange(picture([1.0, 2.0, 3.0], slots=78), 60, 12)
    assert max(pixel.x for pixel in plan.curves[0].pixels) == plan.column(2) < plan.columns * 2 // 20


def test_arrange_when_a_baseline_is_outside_the_data_then_the_axis_reaches_it():
    plan = arrange(picture([10.0, 11.0], baseline=0.0), 60, 12)
    assert plan.axis is not None
    assert plan.axis.low <= 0.0
    assert plan.baseline_row == plan.row(0.0)


@pytest.mark.parametrize("values", [[], [None, None], [nan, nan]])
def test_arrange_when_nothing_is_known_then_only_the_message_in_the_middle(values):
    plan = arrange(picture(values, message="no history yet"), 40, 9)
    assert plan.rows == 0
    assert [(text.row, text.column, text.text) for text in plan.texts] == [(4, 13, "no history yet")]


def test_arrange_when_too_small_then_label_and_value_alone():
    plan = arrange(picture([1.0, 2.5], [7.0]), 12, 2)
    assert [(text.row, text.text) for text in plan.texts] == [(0, "L1 2.5"), (1, "L2 7.0")]


def test_arrange_when_a_label_is_wide_then_every_cell_is_one_character():
    plan = arrange(Picture([Line("日経 225\n", [1.0, 2.0])], 2, [(0, "一月")], one_decimal), 60, 12)
    assert plan.lines[0].label == "?? 225?"


def test_arrange_when_x_labels_are_many_then_an_even_choice_with_the_last():
    months = [(slot, f"{slot:03}") for slot in range(0, 120, 5)]
    plan = arrange(Picture([Line("a", [1.0, 2.0])], 116, months, one_decimal), 60, 12)
    shown = [int(text.text) for text in plan.texts if text.row == 11]
    assert shown[-1] == 115
    assert len({after - before for before, after in pairwise(shown)}) == 1
    assert len(shown) > 5


def test_arrange_when_bars_are_given_then_the_greatest_fills_the_strip():
    plan = arrange(picture([1.0, 2.0, 3.0, 2.0], bars=[1.0, None, 8.0, nan], bar_format=one_decimal), 60, 16)
    columns = ["".join(rows) for rows in zip(*plan.strip, strict=True)]
    assert len(plan.strip) == 3
    assert columns[plan.column(2) // 2] == "███"
    assert columns[plan.column(1) // 2] == columns[plan.columns - 1] == "   "
    assert columns[0] == "  ▃"
    assert "8.0" in [text.text for text in plan.texts]


def test_line_when_the_role_is_unknown_then_the_roles_are_named():
    with pytest.raises(ValueError, match=r"series-1.*not 'red'"):
        Line("a", [1.0], "red")


def test_differences_when_cells_differ_then_one_span_a_row():
    before = [Row("abcdef", "      "), Row("xyz   ", "aaa   "), Row("same  ", "      ")]
    after = [Row("aXcdYf", "      "), Row("xyz   ", "aba   "), Row("same  ", "      ")]
    assert differences(before, after) == [Span(0, 1, 5), Span(1, 1, 2)]

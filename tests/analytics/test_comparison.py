"""The parts of a comparison against the definitions that are already there."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics.reference import excess_of, frame_of, history, without
from tui.analytics.comparison import (
    Start,
    adjusted,
    bench_line,
    closes_of,
    days_of,
    first_common,
    point,
    side_of,
    starts_of,
)
from tui.analytics.relative import rebased, spread, strength
from tui.analytics.span import ALL, Span
from tui.analytics.windows import Window

seeds = st.integers(0, 10**6)
lengths = st.sampled_from([2, 6, 23, 70, 300])
unknowns = st.sampled_from([0.0, 0.1])


@given(seeds, lengths, unknowns)
@settings(max_examples=30, deadline=None)
def test_excess_from_every_start_is_that_of_the_reference(seed, length, unknown):
    a, b = without(history(seed, length, unknown=unknown), seed, 1), history(seed + 1, length, unknown=unknown)
    session = date(2026, 1, 2)
    starts = starts_of(frame_of(A=a), frame_of(B=b), session, Span(Window.M1), None)
    for window in Window:
        expected = excess_of(a, b, session, window.value, price=51.0, bench_price=49.0)
        pair = starts[window.value].returns(51.0, 49.0) if window.value in starts else (None, None)
        got = None if None in pair else pair[0] - pair[1]
        assert got == (None if expected is None else pytest.approx(expected, abs=1e-12))


@given(seeds, st.sampled_from([10, 40, 300]))
@settings(max_examples=20, deadline=None)
def test_lines_with_todays_point_are_those_of_the_definitions(seed, length):
    a, b = history(seed, length), history(seed + 1, length)
    frames = frame_of(A=a), frame_of(B=b)
    session = a[-1].date
    days = days_of(frames[1], session, Span(Window.W1), None)
    side = side_of("A", *frames, session, None, days, sessions=5, against_yield=False)
    today = point(side.base, a[-1].close, b[-1].close)
    start = days.span[0]
    whole = (rebased(frames[0], start), strength(*frames, start), spread(*frames, start))
    for line, last, expected in zip(
        (side.lines.rebased, side.lines.ratio, side.lines.spread), today, whole, strict=True
    ):
        assert [*line, last] == pytest.approx(expected["value"].to_list(), abs=1e-9)
    bench, base = bench_line(frames[1], days.span)
    assert bench == pytest.approx(rebased(frames[1], start)["value"].to_list()[:-1])
    assert base == b[-6].close


def test_a_symbol_without_a_close_at_the_start_has_no_line():
    a, b = history(1, 5, start=date(2024, 3, 1)), history(2, 40, start=date(2024, 1, 10))
    session = date(2024, 3, 8)
    days = days_of(frame_of(B=b), session, Span(Window.M1), None)
    side = side_of("A", frame_of(A=a), frame_of(B=b), session, None, days, sessions=21, against_yield=False)
    assert side.base is None
    assert set(side.lines.rebased) == {None}
    assert point(side.base, 1.0, 1.0) == (None, None, None)
    assert side.first == a[0].date


def test_a_span_since_a_date_begins_with_the_last_close_on_or_before_it():
    b = history(2, 40, start=date(2024, 1, 8))
    saturday = date(2024, 1, 20)
    days = days_of(frame_of(B=b), date(2024, 2, 1), Span(since=saturday), saturday)
    assert (days.span[0], days.span[-1]) == (date(2024, 1, 19), date(2024, 1, 31))
    assert days.rolling[0] == b[0].date
    starts = starts_of(frame_of(A=b), frame_of(B=b), date(2024, 2, 1), Span(since=saturday), saturday)
    assert starts["SINCE 2024-01-20"].session == date(2024, 1, 19)
    assert starts["SINCE 2024-01-20"].own == starts["SINCE 2024-01-20"].bench


def test_a_span_longer_than_the_history_has_no_days():
    days = days_of(frame_of(B=history(2, 40)), date(2024, 2, 1), Span(Window.Y5), None)
    assert days.span == []
    assert len(days.rolling) == 40


def test_all_begins_with_the_first_session_that_every_one_has():
    early, late = frame_of(A=history(1, 30, start=date(2023, 1, 2))), frame_of(B=history(2, 30, start=date(2023, 1, 9)))
    assert first_common([early, late]) == date(2023, 1, 9)
    assert first_common([early, late.clear()]) is None
    assert (ALL.text, Span(Window.M3).text, Span(since=date(2024, 5, 16)).text) == ("ALL", "3M", "SINCE 2024-05-16")


def test_a_return_from_a_start_that_is_not_positive_is_unknown():
    assert Start(date(2024, 1, 2), 0.0, -1.0).returns(1.0, 1.0) == (None, None)
    assert Start(date(2024, 1, 2), 2.0, None).returns(3.0, 1.0) == (0.5, None)


def test_total_returns_take_the_adjusted_close_and_say_that_of_the_session(daily):
    stored = closes_of(daily("IWM", "SPY"), total=True)
    session = date(2023, 12, 18)
    iwm = stored.filter(symbol="IWM").drop("symbol")
    spy = stored.filter(symbol="SPY").drop("symbol")
    now = adjusted(stored, {"IWM": session, "SPY": session, "NONE": session})
    assert set(now) == {"IWM", "SPY"}
    own, _ = starts_of(iwm, spy, session, Span(Window.M3), None)["3M"].returns(now["IWM"], now["SPY"])
    assert own == pytest.approx(0.0900, abs=5e-5)

from datetime import date, timedelta
from math import isnan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics import reference
from tests.analytics.reference import Day, frame_of, history
from tui.analytics.baseline import DayBar, baselines, today
from tui.analytics.figures import TAIL, VOLUME_WINDOWS, Base, Baseline
from tui.analytics.windows import SESSIONS, Window

histories = st.builds(
    history,
    st.integers(0, 10**6),
    st.sampled_from([1, 2, 5, 6, 48, 49, 50, 62, 63, 199, 200, 201, 251, 252, 253, 280]),
    unknown=st.sampled_from([0.0, 0.02, 0.2, 0.6, 1.0]),
)


def plain(baseline: Baseline) -> tuple[object, ...]:
    """The baseline as values that compare, whatever is NaN."""
    closes = [None if isnan(close) else close for close in baseline.closes]
    anchor = None if isnan(baseline.anchor) else baseline.anchor
    known = (baseline.high251, baseline.low251, baseline.sum49, baseline.sumsq49, anchor, baseline.peak)
    return baseline.bases, baseline.usual, known, list(baseline.dates), closes, baseline.has_volume


@given(histories, st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_baseline_of_any_history_is_that_of_the_reference(days, ahead):
    session = days[-1].date + timedelta(days=ahead)
    past = [day for day in days if day.date < session]
    made = baselines(frame_of(A=days), session)
    assert list(made) == (["A"] if past else [])
    if not past:
        return
    baseline = made["A"]
    for window in Window:
        base = reference.base_of(days, session, window.value)
        assert baseline.bases.get(window) == (None if base is None else Base(base.date, base.close))
    for count in VOLUME_WINDOWS:
        usual = baseline.usual[count]
        assert usual.mean == pytest.approx(reference.usual_volume(days, session, count))
        assert usual.median == pytest.approx(reference.usual_volume(days, session, count, reference.statistics.median))
        assert usual.known == sum(day.volume is not None for day in past[-count:])
    closes = [day.close for day in past]
    assert baseline.peak == max((close for close in closes if close is not None), default=None)
    assert [date.fromordinal(day) for day in baseline.dates] == [day.date for day in past[-TAIL:]]
    assert [None if isnan(close) else close for close in baseline.closes] == closes[-TAIL:]
    if len(closes) < 49 or None in closes[-49:]:
        assert baseline.sum49 is None
        assert baseline.sumsq49 is None
    else:
        assert baseline.anchor == closes[-1]
        assert baseline.sum49 == pytest.approx(sum(close - closes[-1] for close in closes[-49:]), abs=1e-9)
        assert baseline.sumsq49 == pytest.approx(sum((close - closes[-1]) ** 2 for close in closes[-49:]))


@given(st.lists(histories, min_size=1, max_size=4), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_baseline_of_a_symbol_among_others_is_that_of_the_symbol_alone(several, rng):
    session = max(days[-1].date for days in several)
    names = [f"S{at}" for at in range(len(several))]
    rng.shuffle(names)
    made = baselines(frame_of(**dict(zip(names, several, strict=True))), session)
    for name, days in zip(names, several, strict=True):
        alone = baselines(frame_of(**{name: days}), session)
        assert made.keys() >= alone.keys()
        for symbol, baseline in alone.items():
            assert plain(made[symbol]) == plain(baseline)


@given(histories, st.integers(1, 40))
@settings(max_examples=25, deadline=None)
def test_baseline_with_rows_after_the_session_is_that_without_them(days, later):
    session = days[max(0, len(days) - later)].date
    past = [day for day in days if day.date < session]
    made, expected = baselines(frame_of(A=days), session), baselines(frame_of(A=past), session)
    assert {symbol: plain(each) for symbol, each in made.items()} == {
        symbol: plain(each) for symbol, each in expected.items()
    }


def test_baselines_when_the_frame_is_empty_are_none():
    assert baselines(frame_of(), date(2024, 1, 2)) == {}
    assert baselines(frame_of(A=history(1, 5)), date(2000, 1, 3)) == {}
    assert today(frame_of(), date(2024, 1, 2)) == {}


def test_baseline_when_only_closes_are_given_takes_them_for_highs_and_lows():
    days = history(1, 260)
    made = baselines(frame_of(A=days).select("symbol", "date", "close"), date(2030, 1, 1))["A"]
    assert made.high251 == max(day.close for day in days[-251:])
    assert made.low251 == min(day.close for day in days[-251:])
    assert {usual.mean for usual in made.usual.values()} == {None}


def test_baseline_of_a_mixed_history_takes_the_close_only_where_the_high_is_unknown():
    days = history(2, 260)
    days[100] = days[100]._replace(high=None, low=None, close=1e6)
    days[101] = days[101]._replace(close=1e9)
    made = baselines(frame_of(A=days), date(2030, 1, 1))["A"]
    assert made.high251 == 1e6


@pytest.mark.parametrize(("back", "counts"), [(1, True), (251, True), (252, False)])
def test_range_of_a_year_ends_251_sessions_back(back, counts):
    days = history(2, 260)
    days[-back] = days[-back]._replace(high=1e6, low=0.5)
    made = baselines(frame_of(A=days), date(2030, 1, 1))["A"]
    assert (made.high251 == 1e6, made.low251 == 0.5) == (counts, counts)


@pytest.mark.parametrize(("known", "expected"), [(199, False), (200, True)])
def test_range_of_a_year_when_under_200_sessions_are_known_is_unknown(known, expected):
    made = baselines(frame_of(A=history(3, known)), date(2030, 1, 1))["A"]
    assert (made.high251 is not None, made.low251 is not None) == (expected, expected)


@pytest.mark.parametrize(("known", "expected"), [(4, None), (5, 100.0)])
def test_usual_volume_when_under_half_the_sessions_are_known_is_unknown(known, expected):
    days = [day._replace(volume=100 if at < known else None) for at, day in enumerate(history(4, 10))]
    usual = baselines(frame_of(A=days), date(2030, 1, 1))["A"].usual[10]
    assert (usual.mean, usual.median, usual.known) == (expected, expected, known)


def test_usual_volume_when_nothing_was_traded_counts_as_known():
    days = [day._replace(volume=0) for day in history(4, 10)]
    usual = baselines(frame_of(A=days), date(2030, 1, 1))["A"].usual[10]
    assert (usual.mean, usual.median, usual.known) == (0.0, 0.0, 10)


def test_baseline_of_an_index_has_no_volume_whatever_is_reported():
    made = baselines(frame_of(INDEX=history(5, 80), X=history(5, 80)), date(2030, 1, 1))
    assert not made["^X"].has_volume
    assert {(usual.mean, usual.median, usual.known) for usual in made["^X"].usual.values()} == {(None, None, 0)}
    assert made["X"].has_volume
    assert made["X"].usual[63].mean is not None


def test_base_where_the_close_is_unknown_does_not_slide_to_another_day():
    days = history(6, 30)
    days[-5] = days[-5]._replace(close=None)
    made = baselines(frame_of(A=days), date(2030, 1, 1))["A"]
    assert made.bases[Window.W1] == Base(days[-5].date, None)


def test_base_of_a_calendar_window_when_a_holiday_begins_the_period_is_the_session_before_it():
    days = [Day(date(2023, 12, 28 + at), None, None, 1.0 + at, None) for at in range(2)]
    made = baselines(frame_of(A=days), date(2024, 1, 2))["A"]
    assert {made.bases[window] for window in (Window.WTD, Window.MTD, Window.QTD, Window.YTD)} == {
        Base(date(2023, 12, 29), 2.0)
    }
    assert baselines(frame_of(A=days), date(2023, 12, 29))["A"].bases.keys() == {Window.D1}


def test_close_that_is_not_a_number_is_unknown():
    days = [day._replace(close=float("nan")) if at == 59 else day for at, day in enumerate(history(7, 60))]
    made = baselines(frame_of(A=days), date(2030, 1, 1))["A"]
    assert made.bases[Window.D1].close is None
    assert made.sum49 is None
    assert made.peak is not None
    assert not isnan(made.peak)


def test_peak_when_the_frame_is_a_tail_is_that_of_the_whole_history():
    days = history(8, 30)
    highest = max(day.close for day in days)
    frame, session = frame_of(A=days, B=days), date(2030, 1, 1)
    made = baselines(frame, session, {"A": highest * 2})
    assert (made["A"].peak, made["B"].peak) == (highest * 2, highest)
    assert baselines(frame, session, {"A": highest / 2})["A"].peak == highest


def test_baseline_of_a_long_history_is_that_of_its_last_sessions():
    long, short = history(9, 1400, start=date(2015, 1, 1)), history(10, 40, start=date(2020, 1, 1))
    session = long[-1].date + timedelta(days=1)
    made = baselines(frame_of(A=short, B=long, C=short), session)
    assert made["B"].bases[Window.Y5] == Base(long[-1260].date, long[-1260].close)
    assert made["B"].bases[Window.Y3] == Base(long[-756].date, long[-756].close)
    assert made["B"].peak == max(day.close for day in long)
    assert plain(made["C"]) == plain(baselines(frame_of(C=short), session)["C"])
    assert made["A"].bases.keys() & SESSIONS.keys() == {Window.D1, Window.W1, Window.M1}


def test_baseline_of_a_symbol_without_history_knows_nothing():
    unknown = Baseline.unknown("^X", date(2024, 1, 2))
    assert (unknown.bases, unknown.peak, unknown.has_volume) == ({}, None, False)
    assert unknown.usual.keys() == set(VOLUME_WINDOWS)


def test_today_of_a_session_is_its_bars_with_unknowns_as_they_are():
    days = history(11, 3)
    days[1] = days[1]._replace(high=None, volume=None)
    frame = frame_of(A=days, B=days[:1])
    assert today(frame, days[1].date) == {"A": DayBar(None, None, days[1].low, days[1].close, None)}
    assert today(frame, days[0].date).keys() == {"A", "B"}
    assert isinstance(today(frame, days[0].date)["A"].volume, int)

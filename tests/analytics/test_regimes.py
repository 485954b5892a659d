import itertools
import math
import statistics
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics.reference import Day, frame_of, history, without
from tui.analytics.regimes import (
    Basis,
    by_events,
    by_growth,
    by_yield,
    common_sessions,
    first_cuts,
    growth_rates,
    midpoint,
)

seeds = st.integers(0, 10**6)
lengths = st.sampled_from([0, 1, 21, 22, 40, 90, 330])
SERIES = {"date": pl.Date, "value": pl.Float64, "known": pl.Date}


def series(rows):
    return pl.DataFrame([(day, value, day) for day, value in rows], SERIES, orient="row")


def naive_windows(a: list[Day], b: list[Day], sessions: int):
    other = {day.date: day.close for day in b}
    both = [(day.date, day.close, other[day.date]) for day in a if day.date in other]
    for (start, a0, b0), (end, a1, b1) in zip(both, both[sessions:], strict=False):
        yield start, end, a1 / a0 - 1 if None not in (a0, a1) else None, b1 / b0 - 1 if None not in (b0, b1) else None


def assert_is(regime, spans):
    small = [s for *_, s, _ in spans if s is not None]
    large = [x for *_, x in spans if x is not None]
    gaps = [s - x for *_, s, x in spans if None not in (s, x)]
    for outcome, values in ((regime.small, small), (regime.large, large), (regime.difference, gaps)):
        assert outcome.n == len(values)
        if not values:
            assert (outcome.mean, outcome.median, outcome.positive) == (None, None, None)
            continue
        assert outcome.mean == pytest.approx(statistics.fmean(values), abs=1e-12)
        assert outcome.median == pytest.approx(statistics.median(values), abs=1e-12)
        assert outcome.positive == pytest.approx(sum(value > 0 for value in values) / len(values))


@given(seeds, lengths, st.sampled_from([0.0, 0.2]))
@settings(max_examples=40, deadline=None)
def test_returns_by_yield_of_any_two_histories_are_those_of_the_plain_loop(seed, length, unknown):
    a = without(history(seed, length, unknown=unknown), seed, 2)
    b = without(history(seed + 1, length, unknown=unknown), seed + 1, 2)
    told = [(day.date, round(day.close / 10, 2)) for day in without(history(seed + 2, length), seed + 2, 9)]

    def yield_on(day):
        past = [(d, v) for d, v in told if d <= day]
        return past[-1][1] if past and (day - past[-1][0]).days <= 5 else None

    spans = list(naive_windows(a, b, 21))
    moved = [(span, yield_on(span[0]), yield_on(span[1])) for span in spans]
    known = [(span, then - first) for span, first, then in moved if None not in (first, then)]
    fell, rose, everything = by_yield(common_sessions(frame_of(A=a), frame_of(B=b)), series(told))
    assert_is(fell, [span for span, change in known if change < -1e-9])
    assert_is(rose, [span for span, change in known if change > 1e-9])
    assert_is(everything, spans)
    assert everything.apart == math.ceil(len(spans) / 21)


@given(seeds, st.floats(1e-3, 1e3))
@settings(max_examples=15, deadline=None)
def test_regimes_when_a_price_scales_stay(seed, scale):
    a, b = frame_of(A=history(seed, 90)), frame_of(B=history(seed + 1, 90))
    told = series([(day.date, day.close) for day in history(seed + 2, 90)])
    scaled = a.with_columns(pl.col("close") * scale)
    for one, other in zip(
        by_yield(common_sessions(a, b), told), by_yield(common_sessions(scaled, b), told), strict=True
    ):
        assert one.small.n == other.small.n
        assert one.small.mean == pytest.approx(other.small.mean, abs=1e-9)
        assert one.difference.mean == pytest.approx(other.difference.mean, abs=1e-9)


@given(seeds, st.integers(30, 300))
@settings(max_examples=15, deadline=None)
def test_regimes_when_later_sessions_come_keep_the_windows_that_were_over(seed, cut):
    a, b = history(seed, 330), history(seed + 1, 330)
    told = series([(day.date, day.close) for day in history(seed + 2, 330)])
    early = by_yield(common_sessions(frame_of(A=a[:cut]), frame_of(B=b[:cut])), told)
    last = a[cut - 1].date
    spans = [span for span in naive_windows(a, b, 21) if span[1] <= last]
    assert_is(early[2], spans)
    assert all(each.last is None or each.last <= last for each in early)


def quarters(values, delay=30):
    days = [date(2018 + place // 4, place % 4 * 3 + 1, 1) for place in range(len(values))]
    rows = [(day, value, day + timedelta(days=91 + delay)) for day, value in zip(days, values, strict=True)]
    return pl.DataFrame(rows, SERIES, orient="row")


@given(st.lists(st.floats(90, 110), min_size=0, max_size=30))
@settings(max_examples=40, deadline=None)
def test_the_median_of_growth_is_of_what_was_known_by_then(values):
    made = growth_rates(quarters(values))
    rates = [b / a - 1 for a, b in itertools.pairwise(values)]
    assert made["growth"].to_list() == pytest.approx(rates)
    expected = [statistics.median(rates[: n + 1]) if n >= 7 else None for n in range(len(rates))]
    found = made["median"].to_list()
    assert [each is None for each in found] == [each is None for each in expected]
    assert [each for each in found if each is not None] == pytest.approx([e for e in expected if e is not None])


def test_growth_is_not_used_on_the_days_before_it_was_published():
    a, b = history(1, 330, start=date(2020, 1, 1)), history(2, 330, start=date(2020, 1, 1))
    values = [100 * 1.01**n for n in range(9)]
    slump = values[-1] * 0.9
    # The quarter from 2020-04-01 is known on 2020-07-30.
    below, _, everything = by_growth(common_sessions(frame_of(A=a), frame_of(B=b)), quarters([*values, slump]))
    assert below.basis is Basis.KNOWN
    assert below.first is not None
    known = date(2020, 4, 1) + timedelta(days=121)
    assert below.first >= known
    spans = [s for s in naive_windows(a, b, 63) if known <= s[0] <= known + timedelta(days=200)]
    assert_is(below, spans)
    assert_is(everything, list(naive_windows(a, b, 63)))


def test_an_event_begins_with_the_first_session_after_it_and_one_without_prices_is_left_out():
    a, b = history(1, 600, start=date(2020, 1, 1)), history(2, 600, start=date(2020, 1, 1))
    saturday, long_before, unfinished = date(2020, 5, 2), date(2001, 7, 1), a[-5].date
    closes = common_sessions(frame_of(A=a), frame_of(B=b))
    after, cut, _ = by_events(closes, [saturday, long_before], [unfinished])
    assert after.starts == [date(2020, 5, 4)]
    assert after.basis is Basis.HINDSIGHT
    assert_is(after, [s for s in naive_windows(a, b, 252) if s[0] == date(2020, 5, 4)])
    assert cut.starts == []
    assert cut.small.n == 0


def test_the_middle_of_a_recession_is_that_of_the_months_after_its_peak():
    assert midpoint(date(2020, 2, 1), date(2020, 4, 1)) == date(2020, 3, 31)
    assert midpoint(date(2007, 12, 1), date(2009, 6, 1)) == date(2008, 9, 30)


def test_the_first_cut_of_each_cycle_is_found_once():
    rates = [0.1, 0.1, 1.0, 2.4, 2.4, 2.2, 1.6, 0.1, 0.1, 0.9, 1.2, 5.33, 5.33, 5.13, 4.8]
    days = [date(2018 + n // 12, n % 12 + 1, 1) for n in range(len(rates))]
    assert first_cuts(series(zip(days, rates, strict=True))) == [days[5], days[13]]


@given(st.lists(st.floats(0, 10), max_size=40))
def test_first_cuts_lie_under_a_high_that_was_a_rise_above_the_low_before(values):
    days = [date(2000, 1, 1) + timedelta(days=30 * n) for n in range(len(values))]
    cuts = first_cuts(series(zip(days, values, strict=True)))
    begin = 0
    for cut in cuts:
        at = days.index(cut)
        part = values[begin:at]
        assert max(part) - values[at] >= 0.2 - 1e-6
        assert any(b - a >= 1 - 1e-6 for n, a in enumerate(part) for b in part[n:])
        begin = at
    assert cuts == sorted(set(cuts))

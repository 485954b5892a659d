from datetime import date
from math import fsum

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics import funds_reference as reference
from tests.analytics.reference import frame_of, history, without
from tui.analytics.funds_history import closes_on, explained


def plain(days, weights, as_of, session, previous):
    """Explained, scaled and coverage of one session, in plain Python."""
    closes = {symbol: {day.date: day.close for day in each} for symbol, each in days.items()}

    def then(symbol):
        earlier = [day.close for day in days.get(symbol, []) if day.date <= as_of]
        return earlier[-1] if earlier else None

    before = [closes.get(symbol, {}).get(previous) for symbol in weights]
    now = [closes.get(symbol, {}).get(session) for symbol in weights]
    drifted = reference.drift(list(weights.values()), before, [then(symbol) for symbol in weights])
    covered = [(w, n / b - 1) for w, n, b in zip(drifted, now, before, strict=True) if None not in {n, b}]
    coverage = fsum(w for w, _ in covered)
    value = fsum(w * r for w, r in covered) if covered else None
    return value, None if value is None or not coverage else value / coverage, coverage


def same(value):
    return value if value is None else pytest.approx(value, rel=1e-9, abs=1e-12)


@given(
    st.integers(0, 10**6),
    st.integers(1, 6),
    st.sampled_from([0.0, 0.05, 0.4]),
    st.integers(-3, 25),
    st.lists(st.integers(0, 21), max_size=6),
)
@settings(max_examples=60, deadline=None)
def test_explained_return_of_any_history_is_that_of_the_reference(seed, size, unknown, as_of_at, at):
    calendar = history(seed, 22)
    days = {f"S{n}": without(history(seed + n, 22, unknown=unknown), seed + n, n) for n in range(size)}
    weights = {f"S{n}": (n + 1) / 30 for n in range(size)} | {"NONE": 0.3}
    as_of = calendar[0].date if as_of_at < 0 else calendar[min(as_of_at, 21)].date
    sessions = [calendar[each].date for each in at]
    fund = frame_of(FUND=calendar)
    made = explained(frame_of(**days), weights, as_of, sessions, fund, column="close")
    assert made.columns == ["date", "explained", "scaled", "fund", "coverage"]
    assert made["date"].to_list() == sessions
    for row, each in zip(made.iter_rows(named=True), at, strict=True):
        if each == 0:
            assert list(row.values())[1:] == [None, None, None, 0.0]
            continue
        value, scaled, coverage = plain(days, weights, as_of, calendar[each].date, calendar[each - 1].date)
        assert (row["explained"], row["scaled"], row["coverage"]) == (same(value), same(scaled), same(coverage))
        assert row["fund"] == same(calendar[each].close / calendar[each - 1].close - 1)


def test_explained_return_without_the_fund_takes_the_days_of_its_members():
    days = history(1, 5)
    made = explained(frame_of(A=days), {"A": 0.5}, days[0].date, [days[4].date], column="close")
    change = days[4].close / days[3].close - 1
    assert made.row(0)[1:] == pytest.approx((0.5 * change, change, None, 0.5))


def test_explained_return_of_no_sessions_and_of_no_members_is_empty_and_uncovered():
    days = history(2, 5)
    assert explained(frame_of(A=days), {"A": 1.0}, days[0].date, [], column="close").height == 0
    made = explained(frame_of(A=days), {"B": 1.0}, days[0].date, [days[4].date], column="close")
    assert made.row(0)[1:] == (None, None, None, 0.0)


def test_closes_on_a_day_are_those_of_each_symbols_last_session_until_then():
    one, other = history(3, 8), history(4, 8)
    late = history(5, 3, start=date(2024, 1, 1))
    frame = frame_of(A=one, B=other[:4], C=late)
    assert closes_on(frame, one[6].date) == {"A": one[6].close, "B": other[3].close}


def test_closes_on_a_day_when_unknown_are_absent():
    days = history(6, 8)
    days[5] = days[5]._replace(close=None)
    days[3] = days[3]._replace(close=-1.0)
    frame = frame_of(A=days).with_columns(adj_close=pl.lit(1.0))
    assert closes_on(frame, days[5].date) == {}
    assert closes_on(frame, days[3].date) == {}
    assert closes_on(frame, days[5].date, "adj_close") == {"A": 1.0}

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics import funds_reference as reference
from tests.analytics.reference import Day, frame_of, history, without
from tui.analytics.baseline import baselines
from tui.analytics.breadth import Breadth, breadth
from tui.analytics.figures import VOLUME_WINDOWS, Baseline

NOBODY = Breadth(advancers=0, decliners=0, unchanged=0, above_mean50=None, above_mean200=None, new_highs=0, new_lows=0)


def flat(closes: list[float]) -> list[Day]:
    return [Day(date(2023, 1, 2) + timedelta(days=at), close, close, close, 100) for at, close in enumerate(closes)]


def of(closes: list[float], price: float | None) -> Breadth:
    days = flat(closes)
    return breadth({"A": price}, baselines(frame_of(A=days), days[-1].date + timedelta(days=1)))


seeds = st.integers(0, 10**6)
lengths = st.sampled_from([1, 2, 49, 50, 51, 198, 199, 200, 201, 252, 260])
unknowns = st.sampled_from([0.0, 0.005, 0.3])


@given(seeds, lengths, unknowns, st.integers(1, 8), st.sampled_from([None, 1.0, 0.9, 1.1, 2.0, 0.3]))
@settings(max_examples=60, deadline=None)
def test_breadth_of_any_list_is_that_of_the_reference(seed, length, unknown, size, factor):
    days = {f"S{at}": without(history(seed + at, length, unknown=unknown), seed, at) for at in range(size)}
    days = {symbol: each for symbol, each in days.items() if each}
    session = date(2030, 1, 1)
    prices = {symbol: _times(each, factor) for symbol, each in days.items()}
    made = breadth(prices, baselines(frame_of(**days), session))
    rows = [_facts(each, prices[symbol]) for symbol, each in days.items()]
    above50 = [row["above50"] for row in rows if row["above50"] is not None]
    above200 = [row["above200"] for row in rows if row["above200"] is not None]
    assert made.advancers == sum(row["move"] == 1 for row in rows)
    assert made.decliners == sum(row["move"] == -1 for row in rows)
    assert made.unchanged == sum(row["move"] == 0 for row in rows)
    assert made.above_mean50 == (sum(above50) / len(above50) if above50 else None)
    assert made.above_mean200 == (sum(above200) / len(above200) if above200 else None)
    assert made.new_highs == sum(row["high"] for row in rows)
    assert made.new_lows == sum(row["low"] for row in rows)


def _times(days: list[Day], factor: float | None) -> float | None:
    closes = [day.close for day in days if day.close is not None]
    return None if factor is None or not closes else closes[-1] * factor


def _facts(days: list[Day], price: float | None) -> dict:
    made = reference.Case(reference.case(1, 1).fund, {"A": days, "FUND": days}, date(2030, 1, 1))
    return reference.holding_facts(made, "A", {"A": reference.Now(price, 1, 1.0)}, ("1D", 63), None)


@given(seeds, lengths, unknowns)
@settings(max_examples=40, deadline=None)
def test_what_the_baseline_keeps_for_funds_is_that_of_the_reference(seed, length, unknown):
    days, session = history(seed, length, unknown=unknown), date(2030, 1, 1)
    baseline = baselines(frame_of(A=days), session)["A"]
    closes = [day.close for day in days[-199:]]
    if len(closes) < 199 or None in closes:
        assert baseline.sum199 is None
    else:
        assert baseline.sum199 == pytest.approx(sum(close - closes[-1] for close in closes), abs=1e-9)
    for count in VOLUME_WINDOWS:
        dollars = [day.close * day.volume for day in days[-count:] if None not in {day.close, day.volume}]
        mean = sum(dollars) / len(dollars) if len(dollars) * 2 >= count else None
        assert baseline.usual_dollars[count] == (None if mean is None else pytest.approx(mean))


def test_index_has_no_usual_dollars_since_its_volume_is_not_its_own():
    made = baselines(frame_of(INDEX=history(1, 80)), date(2030, 1, 1))["^X"]
    assert made.usual_dollars == {}


def test_baseline_of_a_symbol_without_history_says_nothing_of_its_breadth():
    unknown = Baseline.unknown("A", date(2024, 1, 2))
    assert breadth({"A": 10.0}, {"A": unknown}) == NOBODY
    assert breadth({"A": 10.0}, {}) == NOBODY
    assert breadth({}, {}) == NOBODY


@pytest.mark.parametrize(("price", "counts"), [(10.0, (0, 0, 1)), (10.01, (1, 0, 0)), (9.99, (0, 1, 0))])
def test_price_at_the_previous_close_is_unchanged(price, counts):
    made = of([5.0, 10.0], price)
    assert (made.advancers, made.decliners, made.unchanged) == counts


@pytest.mark.parametrize(("closes", "known50", "known200"), [(48, False, False), (49, True, False), (199, True, True)])
def test_mean_when_a_close_is_missing_is_unknown(closes, known50, known200):
    made = of([10.0] * closes, 11.0)
    assert made.above_mean50 == (1.0 if known50 else None)
    assert made.above_mean200 == (1.0 if known200 else None)


def test_price_at_its_mean_is_not_above_it():
    made = of([10.0] * 199, 10.0)
    assert (made.above_mean50, made.above_mean200) == (0.0, 0.0)


def test_mean_ends_with_the_price_of_today():
    """49 closes of 10 and 150 of 30 before: 12 is above the mean of 50, and under that of 200."""
    made = of([30.0] * 150 + [10.0] * 49, 12.0)
    assert (made.above_mean50, made.above_mean200) == (1.0, 0.0)


@pytest.mark.parametrize(("price", "above"), [(10.1003, 0.0), (10.1007, 1.0)])
def test_mean_of_200_closes_has_the_price_itself_among_them(price, above):
    """Above (30 + 198 * 10 + P) / 200 is above 10 + 20 / 199, not 10 + 20 / 200."""
    assert of([30.0] + [10.0] * 198, price).above_mean200 == above


@pytest.mark.parametrize(("price", "highs", "lows"), [(20.0, 0, 0), (20.01, 1, 0), (5.0, 0, 0), (4.99, 0, 1)])
def test_new_high_is_beyond_the_extremes_of_a_year(price, highs, lows):
    made = of([100.0, 1.0, *([5.0, 20.0] * 125), 10.0], price)
    assert (made.new_highs, made.new_lows) == (highs, lows)


@pytest.mark.parametrize(("sessions", "highs"), [(199, 0), (200, 1)])
def test_new_high_when_under_200_sessions_are_known_is_none(sessions, highs):
    assert of([10.0] * sessions, 11.0).new_highs == highs

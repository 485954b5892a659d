from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics.reference import frame_of, history, without
from tui.analytics.relative import correlation
from tui.analytics.releases import known_on, series_frame
from tui.analytics.sensitivity import changes, latest, rolling_correlation
from tui.model_drivers import Frequency

seeds = st.integers(0, 10**6)
SCHEMA = {"date": pl.Date, "value": pl.Float64}


def yields(days):
    return pl.DataFrame([(day.date, day.close) for day in days], SCHEMA, orient="row")


@given(seeds, st.sampled_from([0, 1, 20, 63, 64, 65, 90]), st.sampled_from([0.0, 0.1, 0.4]))
# An example is up to ninety points, each of them computed anew.
@settings(max_examples=20, deadline=None)
def test_each_point_of_a_daily_series_is_the_correlation_as_it_was_then(seed, length, unknown):
    a = without(history(seed, length, unknown=unknown), seed, 2)
    b = without(history(seed + 1, length, unknown=unknown), seed + 1, 2)
    rolled = rolling_correlation(changes(frame_of(A=a), yields(b), Frequency.DAILY, in_percent=True), 63)
    for place, (day, value, n) in enumerate(rolled.iter_rows()):
        mine, theirs = ([each for each in days if each.date <= day] for days in (a, b))
        then = correlation(frame_of(A=mine), frame_of(B=theirs), against_yield=True)
        assert n == then.n
        if place + 1 < 63 or n * 2 < 63:
            assert value is None
        else:
            assert value == pytest.approx(then.value, abs=1e-9)


@given(seeds, st.floats(1e-3, 1e3))
@settings(max_examples=15, deadline=None)
def test_correlation_when_a_price_scales_stays(seed, scale):
    a, b = frame_of(A=history(seed, 90)), yields(history(seed + 1, 90))
    one = rolling_correlation(changes(a, b, Frequency.DAILY, in_percent=True), 63)
    scaled = a.with_columns(pl.col("close") * scale)
    other = rolling_correlation(changes(scaled, b, Frequency.DAILY, in_percent=True), 63)
    assert other["value"].drop_nulls().to_list() == pytest.approx(one["value"].drop_nulls().to_list(), abs=1e-9)


def test_a_start_changes_no_point():
    pairs = changes(frame_of(A=history(1, 200)), yields(history(2, 200)), Frequency.DAILY, in_percent=True)
    whole, start = rolling_correlation(pairs, 63), pairs["date"][120]
    part = rolling_correlation(pairs, 63, start)
    assert part["date"].to_list() == whole.filter(pl.col("date") >= start)["date"].to_list()
    assert part["value"].to_list() == pytest.approx(whole.filter(pl.col("date") >= start)["value"].to_list())


def test_a_months_value_goes_with_the_return_of_that_month():
    prices = history(3, 200, start=date(2024, 1, 1))
    months = [date(2024, month, 1) for month in range(1, 9)]
    values = [100.0, 101.0, 99.0, 104.0, 104.5, 103.0, 107.0, 108.0]
    pairs = changes(
        frame_of(A=prices), pl.DataFrame({"date": months, "value": values}, SCHEMA), Frequency.MONTHLY, in_percent=False
    )

    def last_before(day):
        return next((each.close for each in reversed(prices) if each.date < day), None)

    # The value of August is left out, since August may not be over; the first has none before it.
    assert pairs["date"].to_list() == months[1:]
    for (_, own, change), at in zip(list(pairs.iter_rows())[1:], range(1, 7), strict=True):
        assert own == pytest.approx(last_before(months[at + 1]) / last_before(months[at]) - 1)
        assert change == pytest.approx(values[at] / values[at - 1] - 1)


def test_a_series_that_does_not_move_has_no_correlation():
    flat = yields([day._replace(close=4.0) for day in history(2, 90)])
    rolled = rolling_correlation(changes(frame_of(A=history(1, 90)), flat, Frequency.DAILY, in_percent=True), 63)
    assert rolled["value"].null_count() == rolled.height
    assert rolled["n"][-1] == 63


def test_latest_tells_a_difference_in_percent_and_a_fraction_of_anything_else():
    series = pl.DataFrame({"date": [date(2026, 1, day) for day in (1, 2, 5)], "value": [4.0, None, 4.1]}, SCHEMA)
    found = latest(series, in_percent=True)
    assert found is not None
    assert (found.value, found.day, found.before, found.change) == (4.1, date(2026, 1, 5), 4.0, pytest.approx(0.1))
    relative = latest(series, in_percent=False)
    assert relative is not None
    assert relative.change == pytest.approx(0.025)
    assert latest(series.head(0), in_percent=True) is None
    alone = latest(series.head(1), in_percent=True)
    assert alone is not None
    assert (alone.before, alone.change) == (None, None)


def test_a_figure_is_known_after_its_period_and_the_usual_delay():
    gdp = series_frame("GDP", Frequency.QUARTERLY, [date(2025, 10, 1)], [1.0])
    assert gdp["known"].to_list() == [date(2026, 1, 31)]
    assert known_on(gdp, date(2026, 1, 30)).is_empty()
    assert known_on(gdp, date(2026, 1, 31)).height == 1
    cpi = series_frame("CPIAUCSL", Frequency.MONTHLY, [date(2026, 2, 1)], [1.0])
    assert cpi["known"].to_list() == [date(2026, 3, 16)]
    day = series_frame("DGS10", Frequency.DAILY, [date(2026, 2, 2)], [4.0])
    assert day["known"].to_list() == [date(2026, 2, 2)]


@given(st.lists(st.dates(date(1990, 1, 1), date(2030, 1, 1)), max_size=20), st.sampled_from(list(Frequency)))
def test_no_value_is_known_before_its_day(days, often):
    made = series_frame("X", often, days, [1.0] * len(days))
    assert all(known >= day for day, known in zip(made["date"], made["known"], strict=True))
    assert made["date"].is_sorted()

from datetime import date, timedelta
from statistics import fmean, median

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics.seasons_reference import months_of, places_of, runs, years_of
from tui import sessions
from tui.analytics.seasons import Season, cycle_year, seasons

DAY = timedelta(days=1)
prices = st.floats(0.5, 2000, allow_nan=False)


def frame(closes):
    return pl.DataFrame(closes, schema={"date": pl.Date, "close": pl.Float64}, orient="row")


def sessions_from(start, count):
    days, day = [], start
    for _ in range(count):
        day = sessions.next_session(day)
        days.append(day)
    return days


@st.composite
def histories(draw, least=1, most=420):
    """Closes of a run of sessions, some of which are missing."""
    start = draw(st.dates(date(1995, 1, 1), date(2024, 1, 1)))
    count = draw(st.integers(least, most))
    kept = draw(st.sets(st.integers(0, count - 1), max_size=count // 4))
    days = [day for i, day in enumerate(sessions_from(start, count)) if i not in kept or i == count - 1]
    steps = draw(st.lists(st.floats(-0.1, 0.1), min_size=13, max_size=13))
    close, closes = draw(prices), []
    for i, day in enumerate(days):
        close *= 1 + steps[i * i % 13]
        closes.append((day, close))
    return closes


def expected(number, values):
    if not values:
        return Season(number, 0, None, None, None, None, None)
    share = sum(value > 0 for value in values) / len(values)
    return Season(number, len(values), fmean(values), median(values), share, min(values), max(values))


def near(one, other):
    names = ("number", "n", "mean", "median", "positive", "low", "high")
    assert [getattr(one, name) for name in names] == pytest.approx(
        [getattr(other, name) for name in names], nan_ok=True
    )


@given(histories(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_months_and_years_when_computed_naively_are_the_same(closes, final):
    found = seasons(frame(closes), final=final)
    by_month = months_of(closes)
    last = closes[-1][0]
    over = {key: value for key, value in by_month.items() if key != (last.year, last.month) or not runs(closes, final)}
    for each in found.months:
        near(each, expected(each.number, [value for (_, month), value in over.items() if month == each.number]))
    near(found.all_months, expected(0, list(over.values())))
    years = {y: value for y, value in years_of(closes).items() if y != last.year or not runs(closes, final)}
    for each in found.cycle:
        near(each, expected(each.number, [value for year, value in years.items() if cycle_year(year) == each.number]))
    grid = {(year.year, month): value for year in found.years for month, value in enumerate(year.months, 1)}
    assert {key: value for key, value in grid.items() if value is not None} == pytest.approx(by_month)
    assert {year.year: year.whole for year in found.years if year.whole is not None} == pytest.approx(years)


@given(histories(), st.booleans())
@settings(max_examples=40, deadline=None)
def test_days_when_computed_naively_are_the_same(closes, final):
    found = seasons(frame(closes), final=final)
    rows = [row for row in (places_of(closes) if final else places_of(closes)[:-1]) if row["own"] is not None]
    for each in found.days:
        near(each, expected(each.number, [row["own"] for row in rows if row["day"].day == each.number]))
    for each in found.by_session:
        near(each, expected(each.number, [row["own"] for row in rows if row["place"] == each.number]))
    assert sum(each.n for each in found.days) == sum(each.n for each in found.by_session) == len(rows)


@given(histories(least=260, most=800))
@settings(max_examples=40, deadline=None)
def test_month_so_far_is_placed_among_as_many_sessions_of_the_same_month(closes):
    found = seasons(frame(closes), final=False).so_far
    rows = places_of(closes)
    now = rows[-1]
    if now["so_far"] is None:
        assert found is None
        return
    others = {
        row["day"].year: row["so_far"]
        for row in rows
        if row["day"].month == now["day"].month
        and row["day"].year != now["day"].year
        and row["place"] == now["place"]
        and row["so_far"] is not None
    }
    assert found is not None
    assert (found.session, found.value) == (now["place"], pytest.approx(now["so_far"]))
    assert dict(found.years) == pytest.approx(others)
    near(found.others, expected(now["day"].month, list(others.values())))
    if others:
        below = sum(value < found.value for value in others.values())
        equal = sum(value == found.value for value in others.values())
        assert found.percentile == pytest.approx(100 * (below + equal / 2) / len(others), abs=100 / len(others) * 1e-6)
    else:
        assert found.percentile is None


@given(histories(), st.integers(-6, 6))
@settings(max_examples=40, deadline=None)
def test_seasons_when_the_price_scale_changes_stay_the_same(closes, power):
    scaled = [(day, close * 2.0**power) for day, close in closes]
    assert seasons(frame(scaled)) == seasons(frame(closes))


@given(histories(), st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_seasons_when_rows_come_in_another_order_or_without_a_close_stay_the_same(closes, random):
    day = closes[-1][0]
    mixed = [*closes, (day + DAY, None), (day + 2 * DAY, 0.0)]
    random.shuffle(mixed)
    assert seasons(frame(mixed)) == seasons(frame(closes))


def test_month_when_its_last_session_is_over_counts_and_nothing_runs():
    closes = [(day, 100.0 + i) for i, day in enumerate(sessions_from(date(2024, 4, 29), 23))]
    assert closes[-1][0] == date(2024, 5, 31)
    done, running = seasons(frame(closes)), seasons(frame(closes), final=False)
    assert (done.months[4].n, done.so_far) == (1, None)
    assert running.months[4].n == 0
    assert running.so_far is not None
    assert running.so_far.session == 22
    assert running.years[0].running == 5


def test_month_when_the_month_before_is_missing_is_unknown():
    closes = [(day, 100.0) for day in sessions_from(date(2024, 1, 30), 23) if day.month != 2]
    closes += [(date(2024, 3, 28), 110.0)]
    found = seasons(frame(closes))
    assert found.months[2].n == 0
    assert found.years[0].months[2] is None


def test_month_of_no_change_is_not_positive():
    closes = [(day, 100.0) for day in sessions_from(date(2024, 4, 29), 23)]
    assert seasons(frame(closes)).months[4].positive == 0


def test_nothing_is_known_of_an_empty_history():
    found = seasons(frame([]))
    assert (found.first, found.so_far, found.years) == (None, None, [])
    assert [each.n for each in found.months] == [0] * 12


@pytest.mark.parametrize(("year", "place"), [(2021, 1), (2022, 2), (2023, 3), (2024, 4), (1928, 4), (1929, 1)])
def test_year_of_the_cycle_counts_from_the_election(year, place):
    assert cycle_year(year) == place


def test_real_index_has_its_known_seasons(daily):
    found = seasons(daily("^GSPC"))
    september, december = found.months[8], found.months[11]
    assert (september.n, december.n) == (98, 98)
    assert september.mean == pytest.approx(-0.011172, abs=1e-6)
    assert min(found.months, key=lambda each: each.mean).number == 9
    assert max(found.months, key=lambda each: each.positive).number == 12
    whole = {year.year: year.whole for year in found.years}
    assert whole[2008] == pytest.approx(-0.3849, abs=1e-4)
    assert whole[2013] == pytest.approx(0.2960, abs=1e-4)
    assert max(found.cycle, key=lambda each: each.mean).number == 3

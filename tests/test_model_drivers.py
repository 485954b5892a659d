from datetime import date, timedelta

import pytest

from tui.model_drivers import CATALOG, MACRO, TENORS, Frequency, Observation, Series, frequency_of

DAYS = [date(2026, 1, 2), date(2026, 1, 5), date(2026, 1, 6)]


def series(values=(4.0, 4.1, 4.2)):
    return Series(id="DGS10", dates=DAYS[: len(values)], values=list(values), source="fred", fetched_at=0.0)


def test_latest_when_a_day_is_given_then_nothing_later_is_told():
    assert series().latest() == Observation(DAYS[2], 4.2)
    assert series().latest(DAYS[1]) == series().latest(date(2026, 1, 5)) == Observation(DAYS[1], 4.1)
    assert series().latest(date(2026, 1, 4)) == Observation(DAYS[0], 4.0)
    assert series().latest(date(2026, 1, 1)) is None
    assert series(()).latest() is None


def test_previous_when_there_is_one_then_it_is_the_one_before_the_latest():
    assert series().previous() == Observation(DAYS[1], 4.1)
    assert series().previous(DAYS[1]) == Observation(DAYS[0], 4.0)
    assert series().previous(DAYS[0]) is None
    assert series(()).previous() is None


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (1, "daily"),
        (7, "weekly"),
        (30, "monthly"),
        (31, "monthly"),
        (91, "quarterly"),
        (365, "annual"),
        (1000, "other"),
    ],
)
def test_frequency_of_when_gaps_differ_then_their_median_tells(days, expected):
    dates = [date(2020, 1, 1) + timedelta(days=days * place) for place in range(5)]
    assert frequency_of(dates) is Frequency(expected)
    assert frequency_of(dates[:1]) is Frequency.OTHER


def test_catalog_when_the_screen_asks_for_a_series_then_it_is_known():
    assert {*MACRO, *TENORS} <= set(CATALOG)

"""Sessions against `exchange_calendars`, at their edges, and in any zone."""

import warnings
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.sessions import (
    NEW_YORK,
    SLOTS,
    Phase,
    describe,
    is_half_day,
    is_session,
    last_session,
    next_session,
    phase,
    previous_session,
    session_close,
    session_of,
    session_open,
    slot,
)
from tui.sessions_table import FIRST_YEAR, HALF_DAYS, HOLIDAYS, LAST_YEAR

FIRST, LAST = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)

days = st.dates(FIRST, LAST)
moments = st.datetimes(
    datetime(FIRST_YEAR, 1, 3),  # noqa: DTZ001 (the strategy adds the zone)
    datetime(LAST_YEAR, 12, 30),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, NEW_YORK, ZoneInfo("Asia/Tokyo"), ZoneInfo("Pacific/Auckland")]),
)


def new_york(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


@pytest.fixture(scope="module")
def reference() -> dict[date, tuple[datetime, datetime]]:
    """Opening and close of every session of the table, by `exchange_calendars`."""
    # It brings pandas, which every process of the suite would load for one file.
    import exchange_calendars

    with warnings.catch_warnings():
        # It uses a part of pandas that pandas has deprecated.
        warnings.simplefilter("ignore")
        xnys = exchange_calendars.get_calendar("XNYS", start=FIRST.isoformat(), end=LAST.isoformat())
        return {
            session.date(): (opened.to_pydatetime(), closed.to_pydatetime())
            for session, opened, closed in zip(xnys.sessions, xnys.opens, xnys.closes, strict=True)
        }


def every_day() -> list[date]:
    return [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def test_sessions_over_the_whole_table_are_those_of_the_reference(reference):
    assert list(reference) == [day for day in every_day() if is_session(day)]


def test_hours_over_the_whole_table_are_those_of_the_reference(reference):
    assert reference == {day: (session_open(day), session_close(day)) for day in reference}


def test_half_days_over_the_whole_table_are_the_short_ones_of_the_reference(reference):
    short = [day for day, (opened, closed) in reference.items() if closed - opened < timedelta(hours=6.5)]

    assert short == [day for day in every_day() if is_half_day(day)]


def test_table_when_read_holds_weekdays_only_and_no_half_day_on_a_holiday():
    assert {day.weekday() for day in HOLIDAYS | HALF_DAYS} <= set(range(5))
    assert not HOLIDAYS & HALF_DAYS


@pytest.mark.parametrize("day", ["2001-09-11", "2001-09-14", "2012-10-29", "2012-10-30", "2018-12-05", "2025-01-09"])
def test_closures_that_no_rule_gives_when_asked_are_no_sessions(day):
    assert not is_session(date.fromisoformat(day))


def test_sessions_outside_the_table_when_asked_are_all_weekdays():
    assert is_session(date(1978, 12, 25))
    assert is_session(date(2031, 1, 1))
    assert not is_session(date(2031, 1, 4))


def test_neighbours_around_a_long_closure_when_asked_step_over_it():
    assert date(2001, 9, 17) == next_session(date(2001, 9, 10))
    assert date(2001, 9, 10) == previous_session(date(2001, 9, 17))
    assert date(2001, 9, 10) == last_session(date(2001, 9, 16))


@given(days)
def test_neighbours_of_any_day_are_sessions_that_enclose_it(day):
    before, after = previous_session(day), next_session(day)

    assert before < day < after
    assert is_session(before)
    assert is_session(after)
    assert [day] * is_session(day) == [
        d for n in range(1, (after - before).days) if is_session(d := before + timedelta(days=n))
    ]


@given(days.filter(is_session))
def test_next_of_previous_of_a_session_is_the_session(day):
    assert day == next_session(previous_session(day)) == previous_session(next_session(day)) == last_session(day)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2024-07-12T09:29:59.999999", "2024-07-11"),
        ("2024-07-12T09:30", "2024-07-12"),
        ("2024-07-12T23:59:59", "2024-07-12"),
        ("2024-07-13T00:00", "2024-07-12"),
        ("2024-07-15T00:00", "2024-07-12"),
        ("2024-07-15T09:30", "2024-07-15"),
        ("2024-07-04T12:00", "2024-07-03"),
    ],
)
def test_session_of_around_midnight_and_open_is_the_day_that_has_traded(moment, expected):
    assert date.fromisoformat(expected) == session_of(new_york(moment))


def test_session_of_when_utc_is_past_midnight_is_still_new_yorks_day():
    assert date(2024, 7, 11) == session_of(datetime(2024, 7, 12, 1, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2024-07-12T03:59:59", Phase.CLOSED),
        ("2024-07-12T04:00", Phase.PRE),
        ("2024-07-12T09:29:59.999999", Phase.PRE),
        ("2024-07-12T09:30", Phase.OPEN),
        ("2024-07-12T15:59:59.999999", Phase.OPEN),
        ("2024-07-12T16:00", Phase.POST),
        ("2024-07-12T19:59:59", Phase.POST),
        ("2024-07-12T20:00", Phase.CLOSED),
        ("2024-07-13T12:00", Phase.CLOSED),
        ("2024-07-04T12:00", Phase.CLOSED),
        ("2024-07-03T12:59:59", Phase.OPEN),
        ("2024-07-03T13:00", Phase.POST),
        ("1992-11-27T13:59", Phase.OPEN),
        ("1992-11-27T14:00", Phase.POST),
    ],
)
def test_phase_at_each_edge_begins_with_its_first_instant(moment, expected):
    assert expected is phase(new_york(moment))


@pytest.mark.parametrize(
    ("day", "opened", "closed"),
    [
        (date(2024, 3, 8), 14, 21),
        (date(2024, 3, 11), 13, 20),
        (date(2024, 11, 1), 13, 20),
        (date(2024, 11, 4), 14, 21),
        (date(2024, 11, 29), 14, 18),
    ],
)
def test_session_hours_across_a_clock_change_keep_new_yorks_time(day, opened, closed):
    assert datetime.combine(day, time(opened, 30), UTC) == session_open(day)
    assert datetime.combine(day, time(closed), UTC) == session_close(day)


def test_phase_in_the_repeated_hour_of_autumn_is_closed_both_times():
    repeated = datetime(2024, 11, 3, 1, 30, tzinfo=NEW_YORK)

    assert Phase.CLOSED is phase(repeated) is phase(repeated.replace(fold=1))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2024-07-12T09:29:59", None),
        ("2024-07-12T09:30", 0),
        ("2024-07-12T09:34:59.999999", 0),
        ("2024-07-12T09:35", 1),
        ("2024-07-12T15:59:59", SLOTS - 1),
        ("2024-07-12T16:00", None),
        ("2024-07-03T12:59", 41),
        ("2024-07-03T13:00", None),
        ("2024-07-04T12:00", None),
    ],
)
def test_slot_at_each_edge_counts_five_minutes_from_the_open(moment, expected):
    assert expected == slot(new_york(moment))


@given(moments)
def test_slot_at_any_moment_is_known_exactly_when_the_session_runs(moment):
    now = slot(moment)

    assert (now is not None) == (phase(moment) is Phase.OPEN)
    if now is not None:
        assert now == (moment - session_open(session_of(moment))) // timedelta(minutes=5)
        assert 0 <= now < SLOTS


@given(moments)
def test_phase_and_session_of_any_moment_do_not_depend_on_the_zone_it_is_told_in(moment):
    assert phase(moment) is phase(moment.astimezone(UTC))
    assert session_of(moment) == session_of(moment.astimezone(UTC))
    assert describe(moment) == describe(moment.astimezone(UTC))


@given(moments)
def test_session_of_any_moment_has_opened_and_the_next_one_has_not(moment):
    session = session_of(moment)

    assert is_session(session)
    assert session_open(session) <= moment < session_open(next_session(session))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2024-07-12T08:00", "PRE opens 09:30"),
        ("2024-07-12T09:47", "OPEN closes 16:00"),
        ("2024-07-03T10:00", "HALF-DAY closes 13:00"),
        ("2024-07-12T17:00", "POST ends 20:00"),
        ("2024-07-12T21:00", "CLOSED opens Mon 09:30"),
        ("2024-07-14T12:00", "CLOSED opens Mon 09:30"),
        ("2024-07-15T03:00", "CLOSED opens 09:30"),
        ("2024-07-04T03:00", "CLOSED opens Fri 09:30"),
        ("2024-08-30T22:00", "CLOSED opens Tue 09:30"),
    ],
)
def test_describe_in_each_phase_says_what_comes_next(moment, expected):
    assert expected == describe(new_york(moment))


@pytest.mark.parametrize("function", [phase, session_of, slot, describe])
def test_moment_without_a_zone_when_given_is_refused(function):
    with pytest.raises(ValueError, match="time zone"):
        function(datetime(2024, 7, 12, 10, 0))  # noqa: DTZ001 (that is the point)

"""Quiet hours: across midnight, in other zones, and on the days when clocks are changed."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.alert_quiet import EXCHANGES, Quiet, parse_quiet

BERLIN = ZoneInfo("Europe/Berlin")
MINUTES = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))
MOMENTS = st.integers(1_577_836_800, 1_893_456_000).map(lambda second: datetime.fromtimestamp(second, UTC))
ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "UTC", "NYSE"])


@given(start=MINUTES, end=MINUTES, zone=ZONES, moment=MOMENTS)
def test_quiet_holds_exactly_for_the_minutes_on_the_wall_clock(start: time, end: time, zone: str, moment: datetime):
    if start == end:
        return
    clock = moment.astimezone(ZoneInfo(EXCHANGES.get(zone, zone)))
    minute = clock.hour * 60 + clock.minute
    first, last = start.hour * 60 + start.minute, end.hour * 60 + end.minute
    within = {number % 1440 for number in range(first, last if first < last else last + 1440)}
    assert Quiet(start, end, zone).holds(moment) is (minute in within)


@given(start=MINUTES, end=MINUTES, zone=st.one_of(st.just(""), ZONES))
def test_what_is_written_reads_back(start: time, end: time, zone: str):
    if start != end:
        quiet = Quiet(start, end, zone)
        assert parse_quiet(str(quiet)) == quiet


@pytest.mark.parametrize(("day", "hours"), [(date(2024, 3, 30), 8), (date(2024, 10, 26), 10), (date(2024, 7, 12), 9)])
def test_a_night_when_the_clocks_change_is_an_hour_shorter_or_longer(day: date, hours: int):
    quiet = parse_quiet("22:00-07:00 Europe/Berlin")
    assert quiet is not None
    noon = datetime.combine(day, time(12), BERLIN).astimezone(UTC)
    assert sum(quiet.holds(noon + timedelta(minutes=15 * i)) for i in range(96)) == hours * 4


def test_the_hours_of_an_exchange_are_those_of_its_zone():
    quiet = parse_quiet("16:00-09:30 nyse")
    assert str(quiet) == "16:00-09:30 NYSE"
    assert quiet is not None
    assert not quiet.holds(datetime(2024, 7, 12, 13, 30, tzinfo=UTC))
    assert quiet.holds(datetime(2024, 7, 12, 13, 29, tzinfo=UTC))
    assert quiet.holds(datetime(2024, 7, 12, 20, 0, tzinfo=UTC))


def test_without_a_zone_it_is_the_users_own_clock(monkeypatch: pytest.MonkeyPatch):
    import time as clock

    quiet = Quiet(time(22), time(7))
    moment = datetime(2024, 7, 12, 20, 30, tzinfo=UTC)
    for zone, holds in (("UTC", False), ("Europe/Berlin", True)):
        monkeypatch.setenv("TZ", zone)
        clock.tzset()
        assert quiet.holds(moment) is holds
    monkeypatch.undo()
    clock.tzset()


def test_nothing_is_never_quiet():
    assert parse_quiet("  ") is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("22-07", "expected hours"),
        ("22:00-25:00", "no such time of day"),
        ("22:00-22:00", "begins when it ends"),
        ("22:00-07:00 Atlantis/City", "'Atlantis/City' is no zone and no exchange"),
        ("22:00-07:00 ../../etc/passwd", "is no zone"),
        ("22:00-07:00 New York", "expected hours"),
    ],
)
def test_hours_that_cannot_be_read_say_what_was_expected(text: str, says: str):
    with pytest.raises(ValueError, match=says) as caught:
        parse_quiet(text)
    assert '"22:00-07:00"' in str(caught.value)

"""Sessions of the New York exchanges: which days they trade, when they open and close, and what the market does now.

Pure: the moment is always given. `day` is a date in New York; `moment` is an aware `datetime` in any zone, and a naive
one is a ValueError. Holidays and half days are known from 1990 to 2030; outside, every weekday is a full session.
"""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from tui.sessions_table import HALF_DAYS, HOLIDAYS

NEW_YORK = ZoneInfo("America/New_York")

SLOTS = 78
"""Five-minute slots of a full session."""

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_SLOT_MINUTES = 5

_PRE = time(4)
_OPEN = time(9, 30)
_CLOSE = time(16)
_HALF_DAY_CLOSE = time(13)
_HALF_DAY_CLOSE_TO_1992 = time(14)
_POST_END = time(20)

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Phase(StrEnum):
    """What the market does at a moment."""

    PRE = "PRE"
    """Trading before the session, from 04:00."""
    OPEN = "OPEN"
    """The session itself, from 09:30 until its close."""
    POST = "POST"
    """Trading after the session, until 20:00."""
    CLOSED = "CLOSED"
    """None of these: night, weekend or holiday."""


def is_session(day: date) -> bool:
    """Whether the exchange trades on `day`."""
    return day.weekday() < _SATURDAY and day not in HOLIDAYS


def is_half_day(day: date) -> bool:
    """Whether `day` is a session that closes early."""
    return day in HALF_DAYS


def session_open(day: date) -> datetime:
    """The opening of `day`, UTC: 09:30 in New York. Whether `day` is a session is not asked."""
    return datetime.combine(day, _OPEN, NEW_YORK).astimezone(UTC)


def session_close(day: date) -> datetime:
    """The close of `day`, UTC: 16:00 in New York, on half days 13:00 (until 1992: 14:00)."""
    return datetime.combine(day, _close(day), NEW_YORK).astimezone(UTC)


def previous_session(day: date) -> date:
    """The last session strictly before `day`."""
    day -= _ONE_DAY
    while not is_session(day):
        day -= _ONE_DAY
    return day


def next_session(day: date) -> date:
    """The first session strictly after `day`."""
    day += _ONE_DAY
    while not is_session(day):
        day += _ONE_DAY
    return day


def last_session(day: date) -> date:
    """`day` if it is a session, else the last one before it."""
    return day if is_session(day) else previous_session(day)


def session_of(moment: datetime) -> date:
    """The session that a price of `moment` belongs to: the day's own from 09:30 on, before that the previous one."""
    local = _in_new_york(moment)
    day = local.date()
    return last_session(day) if local.time() >= _OPEN else previous_session(day)


def phase(moment: datetime) -> Phase:
    """What the market does at `moment`; each phase begins with its first instant and ends before the next one's."""
    local = _in_new_york(moment)
    day, clock = local.date(), local.time()
    if not is_session(day) or clock < _PRE or clock >= _POST_END:
        return Phase.CLOSED
    if clock < _OPEN:
        return Phase.PRE
    return Phase.OPEN if clock < _close(day) else Phase.POST


def slot(moment: datetime) -> int | None:
    """The five-minute slot of a running session, 0 from 09:30 to 77 until 16:00 (41 on a half day), None outside."""
    if phase(moment) is not Phase.OPEN:
        return None
    local = _in_new_york(moment)
    return ((local.hour - _OPEN.hour) * 60 + local.minute - _OPEN.minute) // _SLOT_MINUTES


def describe(moment: datetime) -> str:
    """The market clock in New York time: `OPEN closes 16:00`, `HALF-DAY closes 13:00`, `CLOSED opens Mon 09:30`."""
    local = _in_new_york(moment)
    day, now = local.date(), phase(moment)
    if now is Phase.PRE:
        return f"{now} opens {_OPEN:%H:%M}"
    if now is Phase.OPEN:
        return f"{'HALF-DAY' if is_half_day(day) else now} closes {_close(day):%H:%M}"
    if now is Phase.POST:
        return f"{now} ends {_POST_END:%H:%M}"
    if is_session(day) and local.time() < _PRE:
        return f"{now} opens {_OPEN:%H:%M}"
    return f"{now} opens {_WEEKDAYS[next_session(day).weekday()]} {_OPEN:%H:%M}"


def _close(day: date) -> time:
    """Wall time of the close in New York."""
    if day not in HALF_DAYS:
        return _CLOSE
    return _HALF_DAY_CLOSE if day.year > 1992 else _HALF_DAY_CLOSE_TO_1992


def _in_new_york(moment: datetime) -> datetime:
    """`moment` on New York's clock."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone; this one is naive")
    return moment.astimezone(NEW_YORK)

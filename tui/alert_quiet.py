"""Quiet hours: `22:00-07:00`, of the user's own clock, of a zone or of an exchange. Pure."""

import re
from datetime import datetime, time
from zoneinfo import ZoneInfo

from msgspec import Struct

EXCHANGES = {
    "NYSE": "America/New_York",
    "NASDAQ": "America/New_York",
    "TSX": "America/Toronto",
    "LSE": "Europe/London",
    "XETRA": "Europe/Berlin",
    "EURONEXT": "Europe/Paris",
    "SIX": "Europe/Zurich",
    "TSE": "Asia/Tokyo",
    "HKEX": "Asia/Hong_Kong",
    "ASX": "Australia/Sydney",
}
"""Zones of exchanges by their usual names."""

EXPECTED = (
    'expected hours like "22:00-07:00", with a zone "22:00-07:00 Europe/Berlin" or an exchange "20:00-04:00 NYSE"'
)

_HOURS = re.compile(r"\s*(\d{1,2}):(\d{2})\s*[-\u2013]\s*(\d{1,2}):(\d{2})(?:\s+(\S+))?\s*")


class Quiet(Struct, frozen=True):
    """A stretch of every day, by the clock on the wall: on the two days when it is changed, an hour less or more."""

    start: time
    """Its first minute."""
    end: time
    """The first minute after it; earlier than `start` where midnight lies between."""
    zone: str = ""
    """An exchange or a zone, as it was written; empty is the user's own."""

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}{f' {self.zone}' if self.zone else ''}"

    def holds(self, moment: datetime) -> bool:
        """Whether `moment` (aware) lies in it."""
        zone = ZoneInfo(EXCHANGES.get(self.zone.upper(), self.zone)) if self.zone else None
        clock = moment.astimezone(zone).time().replace(fold=0)
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end


def parse_quiet(text: str) -> Quiet | None:
    """Quiet hours as they are written; an empty text is none.

    Raises:
        ValueError: it cannot be read; says what was expected.
    """
    if not text.strip():
        return None
    found = _HOURS.fullmatch(text)
    if found is None:
        raise ValueError(EXPECTED)
    try:
        start, end = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    except ValueError:
        raise ValueError(f"no such time of day; {EXPECTED}") from None
    if start == end:
        raise ValueError(f"it begins when it ends; {EXPECTED}")
    zone = found[5] or ""
    if zone and zone.upper() not in EXCHANGES:
        try:
            ZoneInfo(zone)
        except (OSError, ValueError, LookupError):
            raise ValueError(
                f"{zone[:30]!r} is no zone and no exchange known here ({', '.join(EXCHANGES)}); {EXPECTED}"
            ) from None
    return Quiet(start, end, zone.upper() if zone.upper() in EXCHANGES else zone)

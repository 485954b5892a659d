"""Sessions that a symbol's history lacks between its end and the session that it is looked at from. Pure.

Windows count sessions: without them `1D` would be measured against a close of months ago, as where daily bars end and
five-minute bars go on.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from tui.sessions import previous_session
from tui.symbology import trades_in_new_york

OWN_DAYS_OFF = 10
"""Sessions that a symbol of another exchange may be without: the longest holidays there are."""
CALENDAR = (date(1990, 1, 1), date(2030, 12, 31))
"""The days whose holidays are known."""


def lacking(symbol: str, last: date, session: date) -> Sequence[date]:
    """Sessions after `last`, the last that is known, and before `session`; oldest first."""
    found = _between(last, session)
    sure = trades_in_new_york(symbol) and CALENDAR[0] <= last and session <= CALENDAR[1]
    return found if sure or len(found) > OWN_DAYS_OFF else ()


@lru_cache(maxsize=64)
def _between(last: date, session: date) -> tuple[date, ...]:
    found = []
    day = previous_session(session)
    while day > last:
        found.append(day)
        day = previous_session(day)
    return tuple(reversed(found))

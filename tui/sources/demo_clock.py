"""A market clock that plays sessions at any speed and leaves the nights out."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from tui.sessions import session_close, session_of, session_open

LINGER = timedelta(minutes=15)
"""How long a played day goes on after its close, so that its final figures can be read."""

EARLY = timedelta(minutes=5)
"""How long before its open the next session is entered."""


class PlayedClock:
    """Played time: begins at `start` and runs `speed` times the wall clock, from one session to the next.

    `following(day)` is the first session to play strictly after a day, None when there is none: then the clock
    stops `LINGER` after the last close. `clock` gives wall seconds; one that steps back takes played time with it.
    """

    def __init__(
        self,
        start: datetime,
        speed: float,
        clock: Callable[[], float],
        following: Callable[[date], date | None],
    ) -> None:
        if speed < 0:
            raise ValueError(f"speed is {speed}, expected 0 or more")
        self.speed = speed
        self._clock = clock
        self._following = following
        self._began = clock()
        self._first = (start, 0.0)
        # The stretch that the last answer was in, and the played seconds at its beginning: days are walked once.
        self._stretch = self._first

    def now(self) -> datetime:
        """The played moment, in the zone of `start`."""
        played = max(0.0, (self._clock() - self._began) * self.speed)
        begin, offset = self._stretch if self._stretch[1] <= played else self._first
        while True:
            end, resume = self._bounds(begin)
            length = (end - begin).total_seconds()
            if played < offset + length or resume is None:
                break
            begin, offset = resume.astimezone(begin.tzinfo), offset + length
        self._stretch = (begin, offset)
        return begin + timedelta(seconds=min(played - offset, length))

    def _bounds(self, begin: datetime) -> tuple[datetime, datetime | None]:
        """End of the stretch that begins at `begin`, and where the next one resumes."""
        session = session_of(begin)
        upcoming = self._following(session)
        if upcoming is not None and begin >= session_open(upcoming) - EARLY:
            session, upcoming = upcoming, self._following(upcoming)
        over = session_close(session) + LINGER
        if begin >= over:  # asked to start in a night: stay for a while, too
            over = begin + LINGER
        if upcoming is None:
            return over, None
        resume = session_open(upcoming) - EARLY
        return min(over, resume), resume

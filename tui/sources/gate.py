"""When one who could not answer is asked again: soon after the first failure, later after each further one."""

from collections.abc import Callable

from tui.sources.base import DeniedError, LimitedError, SourceError, UnreachableError

SHORTEST, LONGEST = 15.0, 300.0
"""Seconds of rest after the first failure, and at most."""

DENIED_FIRST, DENIED = 60.0, 900.0
"""The same after a login or a consent was wanted."""


class Gate:
    """Shut for a while after each failure. Times are epoch seconds UTC of a clock that may jump."""

    def __init__(self, clock: Callable[[], float], jitter: Callable[[], float]) -> None:
        self._clock = clock
        self._jitter = jitter
        self._failures = 0
        self._shut_at = 0.0
        self.until = 0.0
        """When it opens."""
        self.error: SourceError | None = None
        """The last failure; None once an answer has come since."""

    @property
    def is_open(self) -> bool:
        """Whether one may ask; so it is after the clock was set back, too."""
        return not self._shut_at <= self._clock() < self.until

    def failed(self, error: SourceError) -> None:
        """Shut: until the time that the provider named, else for longer with each failure in a row."""
        now = self._clock()
        self.error, self._shut_at = error, now
        if isinstance(error, LimitedError):
            self.until = max(error.retry_at, now)
            return
        first, most = (DENIED_FIRST, DENIED) if isinstance(error, DeniedError) else (SHORTEST, LONGEST)
        self._failures += 1
        self.until = now + min(first * 2 ** min(self._failures - 1, 8), most) * self._jitter()

    def answered(self) -> None:
        """Forget earlier failures."""
        self._failures, self.until, self.error = 0, 0.0, None

    def woke(self) -> None:
        """Open again what was shut for want of a connection: the machine has slept, or its network is another."""
        if isinstance(self.error, UnreachableError):
            self._failures, self.until = 0, 0.0

"""Silence after a provider asked for it: one breaker for all its hosts."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime

from tui.sources.base import LimitedError

_LONGEST = 86_400.0


class Breaker:
    """Keeps silent for a while after a 429, longer with each in a row, then lets one request at a time find out."""

    def __init__(self, provider: str, steps: tuple[float, ...], clock: Callable[[], float]) -> None:
        self._words = f"{provider} asked us to slow down."
        self._steps = steps
        self._clock = clock
        self._trips = 0
        self._probe = asyncio.Lock()
        self.open_until = 0.0
        """Epoch seconds UTC."""

    def check(self) -> None:
        """Raise LimitedError while no request may go out."""
        if self._clock() < self.open_until:
            raise LimitedError(self._words, self.open_until)

    @asynccontextmanager
    async def admit(self) -> AsyncIterator[None]:
        """Hold the way for one request; alone, as long as no answer since the last 429 has been a good one."""
        self.check()
        if not self._trips:
            yield
            return
        async with self._probe:
            self.check()
            yield

    def trip(self, retry_after: str | None) -> LimitedError:
        """Open after a 429 (those of requests that were in flight together count as one); the error to raise.

        `retry_after` is the header as it came.
        """
        now = self._clock()
        if now >= self.open_until:
            wait = _seconds(retry_after, now)
            step = self._steps[min(self._trips, len(self._steps) - 1)]
            self._trips += 1
            self.open_until = now + (step if wait is None else wait)
        return LimitedError(self._words, self.open_until)

    def calm(self) -> None:
        """An answer other than 429 came: forget earlier trips, unless it was overtaken by a 429."""
        if self._clock() >= self.open_until:
            self._trips = 0


def _seconds(value: str | None, now: float) -> float | None:
    """Seconds to wait from a `Retry-After` header (seconds or a date), at most a day; None without a usable one."""
    if value is None:
        return None
    value = value.strip()
    if value.isdecimal() and value.isascii():
        return min(max(float(value), 1.0), _LONGEST)
    try:
        wait = parsedate_to_datetime(value).timestamp() - now
    except (ValueError, OverflowError):
        return None
    return min(max(wait, 1.0), _LONGEST)

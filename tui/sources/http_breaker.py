"""Silence after a provider asked for it: one breaker for all its hosts, which a new start does not end."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from tui.files import write_atomic
from tui.sources.base import LimitedError
from tui.typed import from_json

_LONGEST = 86_400.0


class _Kept(Struct, frozen=True):
    """What the file holds."""

    until: float
    trips: int


class Breaker:
    """Keeps silent for a while after a 429, longer with each in a row, then lets one request at a time find out.

    `path` is a small file that keeps the silence for the next start; without one it is forgotten.
    """

    def __init__(
        self, provider: str, steps: tuple[float, ...], clock: Callable[[], float], path: Path | None = None
    ) -> None:
        self._words = f"{provider} asked us to slow down."
        self._steps = steps
        self._clock = clock
        self._trips = 0
        self._probe = asyncio.Lock()
        self._path = path
        self.open_until = 0.0
        """Epoch seconds UTC."""
        if path is not None:
            self._recall(path)

    @property
    def _is_open(self) -> bool:
        """Whether to keep silent; a silence longer than any is a clock that was set back."""
        return 0 < self.open_until - self._clock() <= max(_LONGEST, *self._steps)

    def check(self) -> None:
        """Raise LimitedError while no request may go out."""
        if self._is_open:
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
        if not self._is_open:
            wait = _seconds(retry_after, now)
            step = self._steps[min(self._trips, len(self._steps) - 1)]
            self._trips += 1
            self.open_until = now + (step if wait is None else wait)
            self._keep()
        return LimitedError(self._words, self.open_until)

    def calm(self) -> None:
        """An answer other than 429 came: forget earlier trips, unless it was overtaken by a 429."""
        if self._trips and not self._is_open:
            self._trips = 0
            self._keep()

    def _keep(self) -> None:
        """Write the silence down, or that there is none. It is a few bytes, twice in a quarter of an hour at most."""
        if self._path is None:
            return
        with contextlib.suppress(OSError):
            if self._trips:
                kept = _Kept(self.open_until, self._trips)
                write_atomic(self._path, msgspec.json.encode(kept).decode())
            else:
                self._path.unlink(missing_ok=True)

    def _recall(self, path: Path) -> None:
        """Go on with the silence of the last run; a file that makes no sense is none."""
        try:
            kept = from_json(path.read_bytes(), _Kept)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return
        if 0 < kept.trips <= 99:
            self._trips, self.open_until = kept.trips, kept.until


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

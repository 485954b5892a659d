"""When a line is too slow for the whole show, judged from what is measured of it anyway."""

import time
from collections.abc import Callable
from typing import Final

from tui.link.pace import LinkStats

SLOW: Final = 4000.0
"""Bytes per second below which a line is slow: a full screen takes it some seconds."""
QUICK: Final = 8000.0
"""Bytes per second above which it no longer is."""
FAR: Final = 0.6
"""Seconds of a round trip above which it is slow however much it carries."""
NEAR: Final = 0.3
"""Seconds below which it no longer is."""
ON_AFTER: Final = 3.0
"""Seconds for which a line has to look slow: a start is a burst on any line."""
OFF_AFTER: Final = 30.0
"""Seconds for which it has to look quick again, so that nothing goes back and forth."""


class EcoWanted:
    """Whether thrift is wanted, asked about once a second; between slow and quick the last answer holds.

    Args:
        clock: Seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wanted = False
        self._since: float | None = None
        """Since when the line looks other than the answer so far."""

    def __call__(self, stats: LinkStats) -> bool:
        """The answer with these figures."""
        now = self._clock()
        if (_quick if self._wanted else _slow)(stats):
            if self._since is None:
                self._since = now
            if now - self._since >= (OFF_AFTER if self._wanted else ON_AFTER):
                self._wanted, self._since = not self._wanted, None
        else:
            self._since = None
        return self._wanted


def _slow(stats: LinkStats) -> bool:
    if not stats.answers:
        return False
    return (stats.capacity is not None and stats.capacity < SLOW) or (stats.round_trip or 0.0) > FAR


def _quick(stats: LinkStats) -> bool:
    if not stats.answers:
        return False
    return (stats.capacity is None or stats.capacity > QUICK) and (stats.round_trip or 0.0) < NEAR

"""When the next frame may go: never more on the line than it takes, and what a key asked for before the rest.

With a frame rides a question for the cursor's place, which every terminal answers when it has drawn the frame. As long
as one is unanswered, the next frame waits; on a line that drains at once a second one may follow, and so may one that
a key has asked for, up to a few kilobytes. A terminal that does not answer gets a fixed rate.
"""

import time
from collections import deque
from collections.abc import Callable
from statistics import median
from typing import Final, NamedTuple

PATIENCE: Final = 0.25
"""Seconds to wait for the very first answer before it is believed that none comes."""
FALLBACK_RATE: Final = 10.0
"""Frames per second for a terminal that does not answer."""
ASK_AGAIN: Final = 5.0
"""Seconds after which such a terminal is asked once more."""
FLIGHT_FRAMES: Final = 2
"""Unanswered frames at most, not counting the echo of a key."""
MOST_FLIGHTS: Final = 64
"""Questions remembered of a terminal that never answers."""
FLIGHT_BYTES: Final = 4096
"""Unanswered bytes beyond which nothing follows, whatever key was pressed."""
AHEAD: Final = 0.05
"""Seconds in which the line has to drain what is on it for another frame to follow unasked."""
HAND: Final = 0.05
"""Seconds after a key in which a frame counts as its echo."""
SLOWEST: Final = 2000.0
"""Bytes per second taken for granted of a line that has not been measured."""
LOST: Final = (1.0, 10.0)
"""Seconds after which an answer counts as lost: at least, and at most."""
MISSES: Final = 3
"""Lost answers in a row after which the terminal is believed to have stopped answering."""
SMALL, LARGE = 100, 200
"""Bytes below which an answer tells the round trip, and above which it tells the speed of the line."""
SLOW, QUICK = 4000.0, 8000.0
"""Bytes per second below which a line is slow, and above which it no longer is."""
SAMPLES: Final = 9
WINDOW: Final = 5.0
"""Seconds over which rates are measured."""


class LinkStats(NamedTuple):
    """How the line to the terminal is doing."""

    answers: bool
    """Whether the terminal answers; if not, `round_trip` is None."""
    round_trip: float | None
    """Seconds from a small frame to its answer."""
    capacity: float | None
    """Bytes per second that the line takes; None when that was not measured."""
    bytes_per_second: float
    """Written in the last seconds."""
    frames_per_second: float
    """Written in the last seconds."""
    bytes: int
    """Written since the start."""
    frames: int
    """Written since the start."""
    slow: bool
    """Whether the line is slow enough for thrift (`--eco`)."""


class Flight(NamedTuple):
    """A frame whose answer is out."""

    sent: float
    size: int
    place: tuple[int, int]
    """Row and column of the cursor in the answer that is expected; -1 is any."""
    alone: bool
    """Whether nothing else was on the line."""


class Pacer:
    """Decides when frames go; knows bytes and times, nothing of the terminal.

    Args:
        clock: Seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._flights: deque[Flight] = deque(maxlen=MOST_FLIGHTS)
        self._answers: bool | None = None
        self._frames = self._bytes = 0
        self._last = self._asked = self._hand = float("-inf")
        self._misses = 0
        self._trips: deque[float] = deque(maxlen=SAMPLES)
        self._speeds: deque[float] = deque(maxlen=SAMPLES)
        self._slow = False
        self._window: deque[tuple[float, int, int]] = deque()

    @property
    def answers(self) -> bool:
        """Whether the terminal is known to answer."""
        return self._answers is True

    @property
    def unanswered(self) -> int:
        """How many answers are out."""
        return len(self._flights)

    def asks(self) -> bool:
        """Whether the next frame is to carry a question."""
        return self._answers is not False or self._clock() - self._asked >= ASK_AGAIN

    def delay(self) -> float:
        """Seconds until the next frame may go or is worth another look; 0 is now."""
        now = self._clock()
        if not self._flights or not self._frames:
            return self._fixed(now) if self._answers is False else 0.0
        oldest = self._flights[0]
        if self._answers is None:
            wait = oldest.sent + PATIENCE - now
            if wait > 0:
                return wait
            self._answers = False
        if self._answers is False:
            return self._fixed(now)
        out = sum(flight.size for flight in self._flights)
        hand = self.hurried()
        drains = out / (self._capacity() or SLOWEST) < AHEAD
        # A key's echo has a place of its own, so that figures never take it.
        if len(self._flights) < FLIGHT_FRAMES + hand and out < FLIGHT_BYTES and (hand or drains):
            return 0.0
        wait = oldest.sent + self._lost_after(oldest.size) - now
        if wait > 0:
            return wait
        self._flights.popleft()
        self._misses += 1
        if self._misses >= MISSES:
            self._answers = False
        return 0.0

    def sent(self, size: int, *, place: tuple[int, int] | None = None, frame: bool = True) -> None:
        """Note what was written.

        Args:
            size: Bytes.
            place: Where the terminal will say the cursor is, when it was asked; else None.
            frame: False for what is no frame.
        """
        now = self._clock()
        self._bytes += size
        if frame:
            self._frames += 1
            self._last = now
        if place is not None:
            self._flights.append(Flight(now, size, place, alone=not self._flights))
            self._asked = now
        self._window.append((now, size, int(frame)))
        self._trim(now)

    def hand(self) -> None:
        """Note that a key was pressed or the mouse used."""
        self._hand = self._clock()

    def hurried(self) -> bool:
        """Whether a key was pressed just now."""
        return self._clock() - self._hand < HAND

    def answered(self, row: int, column: int) -> bool:
        """Note an answer; False when the cursor is not where it has to be."""
        now = self._clock()
        self._answers, self._misses = True, 0
        if not self._flights:
            return True
        # An answer that got lost must not put all the later ones off by one.
        place = next((at for at, flight in enumerate(self._flights) if _same(flight.place, row, column)), None)
        for _ in range(place or 0):
            self._flights.popleft()
        flight = self._flights.popleft()
        if flight.alone:
            self._measure(flight.size, now - flight.sent)
        return place is not None

    def settle(self) -> None:
        """Forget what is on the line: its answers were waited for, or the terminal is another one."""
        self._flights.clear()

    def excuse(self) -> None:
        """Take any place for right in the answers that are out, since the terminal has changed its size."""
        flights = [flight._replace(place=(-1, -1)) for flight in self._flights]
        self._flights.clear()
        self._flights.extend(flights)

    def patience(self) -> float:
        """Seconds after which all answers should be there."""
        if not self._flights or self._answers is False:
            return 0.0
        size = sum(flight.size for flight in self._flights)
        return self._trip() * 2 + size / (self._capacity() or SLOWEST)

    def stats(self) -> LinkStats:
        """How the line is doing."""
        now = self._clock()
        self._trim(now)
        return LinkStats(
            answers=self.answers,
            round_trip=self._trip() if self._trips and self.answers else None,
            capacity=self._capacity(),
            bytes_per_second=sum(size for _, size, _ in self._window) / WINDOW,
            frames_per_second=sum(frames for _, _, frames in self._window) / WINDOW,
            bytes=self._bytes,
            frames=self._frames,
            slow=self._slow,
        )

    def _fixed(self, now: float) -> float:
        return max(0.0, self._last + 1 / FALLBACK_RATE - now)

    def _trip(self) -> float:
        """The round trip of a small frame: the least lately, since everything else only adds to it."""
        return min(self._trips, default=0.0)

    def _capacity(self) -> float | None:
        return median(self._speeds) if self._speeds else None

    def _lost_after(self, size: int) -> float:
        least, most = LOST
        return min(most, least + 4 * self._trip() + 2 * size / (self._capacity() or SLOWEST))

    def _measure(self, size: int, seconds: float) -> None:
        if size <= SMALL:
            self._trips.append(seconds)
        elif size >= LARGE and self._trips:
            self._speeds.append(size / max(seconds - self._trip(), 0.001))
            if len(self._speeds) == SAMPLES:
                self._slow = median(self._speeds) < (QUICK if self._slow else SLOW)

    def _trim(self, now: float) -> None:
        while self._window and self._window[0][0] <= now - WINDOW:
            self._window.popleft()


def _same(place: tuple[int, int], row: int, column: int) -> bool:
    """Whether an answer is the one expected."""
    return place[0] in {-1, row} and place[1] in {-1, column}

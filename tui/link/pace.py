"""When the next frame may go: never more on the line than it takes, and what a key asked for before the rest.

With a frame rides a question for the cursor's place, which every terminal answers when it has drawn the frame. As long
as one is unanswered, the next frame waits; on a line that drains at once a second one may follow, and so may one that
a key has asked for, up to a few kilobytes. A terminal that does not answer gets a fixed rate.
"""

import time
from collections import deque
from collections.abc import Callable
from typing import Final, NamedTuple

PATIENCE: Final = (0.25, 1.0)
"""Seconds after which a second frame goes though the very first answer has not come, and a third: then none will."""
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
AHEAD: Final = 0.03
"""Seconds in which the line has to drain what is on it for another frame to follow unasked."""
SLICE: Final = 0.4
"""Seconds of the line that a frame may take; what does not fit goes with the next, so that keys are never far off."""
LEAST_SLICE, MOST_SLICE = 400, 16_000
"""Bytes below which a frame is not cut, as each part says its colours anew, and above which none is large."""
HAND: Final = 0.05
"""Seconds after a key in which the first frame counts as its echo."""
SLOWEST: Final = 2000.0
"""Bytes per second taken for granted of a line that has not been measured."""
LOST: Final = (1.0, 30.0)
"""Seconds after which an answer counts as lost: at least, and at most."""
MISSES: Final = 3
"""Lost answers in a row after which the terminal is believed to have stopped answering."""
SMALL, LARGE = 100, 200
"""Bytes below which an answer tells the round trip, and above which it tells the speed of the line."""
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


class Flight(NamedTuple):
    """A frame whose answer is out."""

    sent: float
    size: int
    place: tuple[int, int]
    """Row and column of the cursor in the answer that is expected; -1 is any."""
    alone: bool
    """Whether nothing else was on the line when it was sent."""


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
        self._given_up: deque[Flight] = deque(maxlen=FLIGHT_FRAMES)
        """Frames whose answer was taken for lost: it may still come."""
        self._free = float("-inf")
        """When the last answer came: what was on the line before is not on it any more."""
        self._misses = 0
        self._trips: deque[float] = deque(maxlen=SAMPLES)
        self._speeds: deque[float] = deque(maxlen=SAMPLES)
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

    def delay(self, *, hand: bool = False) -> float:
        """Seconds until the next frame may go or is worth another look; 0 is now.

        Args:
            hand: Whether it holds the echo of a key.
        """
        now = self._clock()
        if not self._flights or not self._frames:
            return self._fixed(now) if self._answers is False else 0.0
        oldest = self._flights[0]
        if self._answers is None:
            wait = oldest.sent + PATIENCE[len(self._flights) > FLIGHT_FRAMES] - now
            if wait > 0:
                return wait
            if len(self._flights) <= FLIGHT_FRAMES:
                return 0.0
            self._answers = False
        if self._answers is False:
            return self._fixed(now)
        out = sum(flight.size for flight in self._flights)
        lost = oldest.sent + self._lost_after(oldest.size) - now
        # A key's echo has a place of its own, so that figures never take it.
        if len(self._flights) < FLIGHT_FRAMES + hand and out < FLIGHT_BYTES:
            drained = 0.0 if hand else self._drained(now) - AHEAD - now
            if drained <= 0:
                return 0.0
            if self._speeds and lost > 0:
                return min(drained, lost)
        if lost > 0:
            return lost
        self._given_up.append(self._flights.popleft())
        self._misses += 1
        if self._misses >= MISSES:
            self._answers = False
        return 0.0

    def room(self) -> int | None:
        """Bytes that the next frame may have, so that it does not take the line for long; None is any number."""
        if not self.answers:
            return None
        speed = self._capacity()
        if speed is None:
            # A first part tells how quick the line is.
            return FLIGHT_BYTES
        return max(LEAST_SLICE, round(speed * SLICE)) if speed * SLICE < MOST_SLICE else None

    def moment(self) -> int | None:
        """Bytes that the line takes while nobody waits for them; None where it was not measured."""
        speed = self._capacity()
        return round(speed * AHEAD) if self.answers and speed is not None else None

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

    def echoes(self) -> bool:
        """Whether a frame that is drawn now is the echo of a key; each key has one, and figures come all the time."""
        if self._clock() - self._hand >= HAND:
            return False
        self._hand = float("-inf")
        return True

    def answered(self, row: int, column: int, at: float | None = None) -> bool:
        """Note an answer; False when the cursor is not where it has to be.

        Args:
            row: Where the terminal says that the cursor is, counted from one.
            column: The same.
            at: When it came, which may be a while ago where the program was busy; now by default.
        """
        now = self._clock() if at is None else at
        self._answers, self._misses = True, 0
        if not self._flights:
            return True
        # An answer that got lost must not put all the later ones off by one.
        place = next((at for at, flight in enumerate(self._flights) if _same(flight.place, row, column)), None)
        if place is None and any(_same(flight.place, row, column) for flight in self._given_up):
            return True
        for _ in range(place or 0):
            self._flights.popleft()
        self._measure(self._flights.popleft(), now)
        self._free = now
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
        )

    def _fixed(self, now: float) -> float:
        return max(0.0, self._last + 1 / FALLBACK_RATE - now)

    def _trip(self) -> float:
        """The round trip of a small frame: the least lately, since everything else only adds to it."""
        return min(self._trips, default=0.0)

    def _capacity(self) -> float | None:
        # Jitter only ever makes a line look slower than it is.
        return sorted(self._speeds)[3 * len(self._speeds) // 4] if self._speeds else None

    def _lost_after(self, size: int) -> float:
        least, most = LOST
        return min(most, least + 4 * self._trip() + 2 * size / (self._capacity() or SLOWEST))

    def _drained(self, now: float) -> float:
        """When all that is out will have left the line; one that was not measured may not yet have begun to take it."""
        speed = self._capacity()
        if speed is None:
            return now + sum(flight.size for flight in self._flights) / SLOWEST
        at = float("-inf")
        for flight in self._flights:
            at = max(at, flight.sent) + flight.size / speed
        return at

    def _measure(self, flight: Flight, now: float) -> None:
        trip = now - flight.sent
        if (flight.size <= SMALL and flight.alone) or trip < self._trip():
            # Whatever the size, the round trip is no longer than this.
            self._trips.append(trip)
        elif flight.size >= LARGE and self._trips:
            # It had the line from when it came there, but not before what was sent ahead of it had left.
            begun = max(flight.sent + self._trip(), self._free)
            self._speeds.append(flight.size / max(now - begun, 0.001))

    def _trim(self, now: float) -> None:
        while self._window and self._window[0][0] <= now - WINDOW:
            self._window.popleft()


def _same(place: tuple[int, int], row: int, column: int) -> bool:
    """Whether an answer is the one expected."""
    return place[0] in {-1, row} and place[1] in {-1, column}

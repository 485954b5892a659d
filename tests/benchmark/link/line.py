"""A slow line between a program in a pseudo-terminal and the emulator at the far end: throttled, delayed, jittering."""

import os
import random
import re
import select
import time
from collections import deque
from collections.abc import Sequence

from tests.link.far import Far
from tests.terminal import SYNC_ANSWER, SYNC_QUERY, Terminal

QUERY = b"\x1b[6n"
PACKET = 128
"""Bytes that travel together."""
BUFFER = 16_384
"""Bytes between the program and the line, as in a socket; when it is full the program is made to wait."""


class Line(Terminal):
    """A program whose terminal is at the end of a slow line. Read `seen` for what the far end shows, and when."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        speed: float,
        trip: float,
        jitter: float,
        marks: re.Pattern[str],
        **options: object,
    ) -> None:
        """Start a program.

        Args:
            command: The program and its arguments.
            speed: Bytes per second; 0 is unlimited.
            trip: Seconds there and back.
            jitter: Seconds by which a packet comes later at most; packets keep their order.
            marks: What is looked for on the screen, in its first group.
            options: As for `Terminal`.
        """
        self.speed, self.trip, self.jitter = speed, trip, jitter
        self.marks = marks
        self.far = Far(200, 60)
        self.far.feed("\x1b[?7l")
        self.seen: dict[str, float] = {}
        """By mark, when it was first shown."""
        self.carried = 0
        self.chance = random.Random(3)
        self.typed: deque[tuple[float, bytes]] = deque()
        super().__init__(command, **options)  # type: ignore[arg-type]

    def type(self, keys: bytes) -> None:
        """Type at the far end: it arrives half a round trip later."""
        self.typed.append((time.monotonic() + self.trip / 2, keys))
        os.write(self._waker, b"k")

    def _read(self) -> None:
        waiting: deque[tuple[float, bytes]] = deque()
        free = last = time.monotonic()
        rest = ""
        while True:
            now = time.monotonic()
            while self.typed and self.typed[0][0] <= now:
                os.write(self._master, self.typed.popleft()[1])
            due = False
            while waiting and waiting[0][0] <= now:
                chunk = waiting.popleft()[1]
                self.carried += len(chunk)
                rest += chunk.decode("utf-8", "ignore")
                due = True
            if due:
                # A sequence may be cut in two: what follows the last escape waits for more, if it is short.
                cut = rest.rfind("\x1b")
                cut = len(rest) if cut < 0 or len(rest) - cut > 40 or rest[-1].isalpha() else cut
                self._arrive(rest[:cut])
                rest = rest[cut:]
            queued = sum(len(chunk) for _, chunk in waiting)
            sources = [self._wake, *([self._master] if queued < BUFFER else [])]
            times = [at for at, _ in (*list(waiting)[:1], *list(self.typed)[:1])]
            ready, _, _ = select.select(sources, [], [], max(0.0, min(times) - time.monotonic()) if times else 1.0)
            if self._wake in ready and b"." in os.read(self._wake, 4096):
                break
            if self._master in ready:
                try:
                    data = os.read(self._master, 4096)
                except OSError:
                    break
                now = time.monotonic()
                for place in range(0, len(data), PACKET):
                    chunk = data[place : place + PACKET]
                    free = max(free, now) + (len(chunk) / self.speed if self.speed else 0)
                    last = max(last, free + self.trip / 2 + self.chance.uniform(0, self.jitter))
                    waiting.append((last, chunk))
        with self._came:
            self._ended = True
            self._came.notify_all()

    def _arrive(self, text: str) -> None:
        """Draw at the far end, and send back what it answers."""
        self.far.feed(text.replace(SYNC_QUERY.decode(), ""))
        now = time.monotonic()
        if SYNC_QUERY.decode() in text:
            self.typed.append((now + self.trip / 2, SYNC_ANSWER))
        for answer in self.far.answers:
            self.typed.append((now + self.trip / 2, answer.encode()))
        self.far.answers.clear()
        for line in self.far.display[:2]:
            for mark in self.marks.findall(line):
                self.seen.setdefault(mark, now)

"""Garbage is looked for when nobody types: to look through everything holds the screen for up to a tenth of a second."""

import gc
import sys
import time
from collections.abc import Callable
from functools import cache

QUIET_SECONDS = 0.5
"""So long after the last key it was not one of a row of them."""
EVERY_SECONDS = 15.0
"""From one look to the next."""
LONGEST_SECONDS = 30.0
"""The same for who never stops typing: what a screen leaves that is opened ten times a second is a megabyte."""
MUCH = 100_000
"""Blocks of memory more than after the last look, some 8 MB, with which it is not put off for long."""
SOON_SECONDS = 2.0
"""With so much, for who pauses."""
LATE_SECONDS = 4.0
"""With so much, for who does not: memory once taken is hardly ever given back."""
SOME = 25_000
"""As many after keys are what they have left: it is looked for in the first pause."""
AFTERMATH_SECONDS = 3.0
"""So long after a key all that follows from it is done."""
NEVER = 1_000_000
ARENA_MAX = -8
"""What glibc calls the most places that it takes memory from."""


def by_hand() -> None:
    """Have the collector look at what is new alone, as often as ever; at everything only when a `Sweeper` says so."""
    new, young, _ = gc.get_threshold()
    gc.set_threshold(new, young, NEVER)


@cache
def _library(name: str) -> Callable[..., int]:
    """A function of the C library, where it has it (glibc); else one that does nothing."""
    import ctypes

    try:
        found: Callable[..., int] = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):
        return lambda *_: 0
    return found


def share() -> None:
    """Have all threads take memory from one place: each from its own leaves in pieces what it has let go of."""
    _library("mallopt")(ARENA_MAX, 1)


def give_back() -> None:
    """Return to the system what is free within the process: what threads have left in pieces is 20 MB after some hours."""
    _library("malloc_trim")(0)


class Sweeper:
    """Says when everything is looked through.

    Args:
        clock: Monotonic seconds.
        forget: Called before, to let go of what is kept for nobody.
        blocks: How many blocks of memory are in use.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        forget: Callable[[], None] = lambda: None,
        blocks: Callable[[], int] = sys.getallocatedblocks,
    ) -> None:
        self._clock, self._forget, self._blocks = clock, forget, blocks
        self._swept_at = clock()
        self._key_at = float("-inf")
        self._left = blocks()
        self._keeping = False

    def keep(self) -> None:
        """Have what is alive at the next look, in the next pause, put out of the collector's sight, since it stays.

        Not often: what is alive by chance stays as well. To look through what is out of sight takes a third of a second.
        """
        self._keeping = True

    def key(self) -> None:
        """A key was pressed."""
        self._key_at = self._clock()

    @property
    def owes(self) -> bool:
        """Whether the next pause between keys is for looking."""
        most = SOME if self._swept_at - self._key_at < AFTERMATH_SECONDS else MUCH
        return self._blocks() - self._left > most

    def look(self) -> bool:
        """Collect, if it is time; whether it was."""
        now = self._clock()
        since = now - self._swept_at
        held = self._blocks()
        # What was in use when it was looked last, and is no longer, is no reason to find less now.
        self._left = min(self._left, held)
        much = held - self._left > MUCH
        quiet = now - self._key_at >= QUIET_SECONDS
        if quiet:
            due = self._keeping or since >= (SOON_SECONDS if self.owes else EVERY_SECONDS)
        else:
            due = since >= (LATE_SECONDS if much else LONGEST_SECONDS)
        if due:
            self.sweep()
        return due

    def sweep(self) -> None:
        """Collect now."""
        self._forget()
        gc.collect()
        if self._keeping:
            gc.freeze()
            self._keeping = False
        give_back()
        self._swept_at, self._left = self._clock(), self._blocks()

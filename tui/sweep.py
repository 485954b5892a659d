"""Garbage is looked for when nobody types: to look through everything holds the screen for up to a tenth of a second."""

import gc
import time
from collections.abc import Callable

QUIET_SECONDS = 0.5
"""So long after the last key it was not one of a row of them."""
EVERY_SECONDS = 15.0
"""From one look to the next."""
LONGEST_SECONDS = 30.0
"""The same for who never stops typing: what a screen leaves that is opened ten times a second is a megabyte."""
NEVER = 1_000_000


def by_hand() -> None:
    """Have the collector look at what is new alone, as often as ever; at everything only when a `Sweeper` says so."""
    new, young, _ = gc.get_threshold()
    gc.set_threshold(new, young, NEVER)


class Sweeper:
    """Says when everything is looked through.

    Args:
        clock: Monotonic seconds.
        forget: Called before, to let go of what is kept for nobody.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, forget: Callable[[], None] = lambda: None) -> None:
        self._clock, self._forget = clock, forget
        self._key_at = self._swept_at = clock()

    def key(self) -> None:
        """A key was pressed."""
        self._key_at = self._clock()

    def look(self) -> bool:
        """Collect, if it is time; whether it was."""
        now = self._clock()
        since = now - self._swept_at
        if since < EVERY_SECONDS or (now - self._key_at < QUIET_SECONDS and since < LONGEST_SECONDS):
            return False
        self._forget()
        gc.collect()
        self._swept_at = self._clock()
        return True

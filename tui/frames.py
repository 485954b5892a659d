"""When the screen is drawn: at once after a quiet spell, else with the next frame, and only what has changed."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from tui.face import Face

if TYPE_CHECKING:
    from tui.screens.page import Page

LOCAL_FPS, REMOTE_FPS = 10, 4
AGAINST_SECONDS = 0.5
"""How often a moving benchmark has all rows derived again; a symbol's own ticks are shown with the next frame."""

HAND_SECONDS = 0.03
"""How long figures wait at most for the echo of a key."""
HAND_LOOK_SECONDS = 0.004
"""Between two looks at whether it has gone out."""


class Frames(Face):
    """The way from a changed quote to the screen that is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.flush_due = False
        """Whether a frame is on its way."""
        self.told = False
        """Whether the status line knows of all that was drawn."""
        self._last_flush = 0.0
        self.against_due = False
        """Whether all rows are to be measured anew, since the benchmark has moved."""
        self._last_against = 0.0
        self.held_together: set[Page] = set()
        """Screens that are drawn when updates are no longer held together, as while one is mounted."""

    def _end_batch(self) -> None:
        super()._end_batch()
        if not self._batch_count:
            held, self.held_together = self.held_together, set()
            for page in held:
                page.call_later(page._compositor_refresh)

    def wake(self) -> None:
        """Something has changed: draw at once after a quiet spell, else with the next frame."""
        if self.flush_due:
            return
        self.flush_due = True
        loop = asyncio.get_running_loop()
        loop.call_at(max(loop.time(), self._last_flush + 1 / self.fps), self._draw_changes)

    def _draw_changes(self) -> None:
        """Give the changed symbols to the screen that is shown."""
        if self.key_in_hand:
            asyncio.get_running_loop().call_later(HAND_LOOK_SECONDS, self._draw_changes)
            return
        self.flush_due = self.told = False
        if self.engine is None or not self.is_running:
            return
        loop = asyncio.get_running_loop()
        self._last_flush = loop.time()
        changed = self.engine.live.drain()
        if self.view.benchmark in changed and not self.against_due:
            # Every excess has changed with it; once in a while is enough for those that have not traded themselves.
            due = self._last_against + AGAINST_SECONDS
            if due <= loop.time():
                self._last_against = loop.time()
                changed = changed | set(self.view.symbols)
            else:
                self.against_due = True
                loop.call_at(due, self._draw_against)
        if changed:
            self.page.show(changed)

    def _draw_against(self) -> None:
        """Bring what is measured against the benchmark up to date, unless that has been done meanwhile."""
        if not self.against_due:
            return
        self.against_due = False
        if self.engine is not None and self.paused:
            # Kept for when the picture goes on.
            self.engine.live.touch(set(self.view.symbols))
        elif self.engine is not None and self.is_running:
            self._last_against = asyncio.get_running_loop().time()
            self.page.show(set(self.view.symbols))

    @property
    def key_in_hand(self) -> bool:
        """Whether a key was pressed whose echo is not on the screen yet: figures wait for it, for a while."""
        since = getattr(self._driver, "key_at", 0.0)
        return bool(since) and time.monotonic() - since < HAND_SECONDS

    @contextmanager
    def echoing(self) -> Iterator[None]:
        """Around what a key does: what it changes in the table is painted at once, figures have their turn after it."""
        table = self.page.grid() if self.pages else None
        with table.painting_at_once() if table is not None else nullcontext():
            yield
            if (driver := self._driver) is not None and hasattr(driver, "key_at"):
                driver.key_at = 0.0

    @property
    def fps(self) -> int:
        """Frames per second at most: fewer over SSH, where each is bytes on a line."""
        remote = "SSH_CONNECTION" in os.environ or "SSH_TTY" in os.environ
        return self.settings.fps or (REMOTE_FPS if remote else LOCAL_FPS)

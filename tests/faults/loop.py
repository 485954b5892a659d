"""An event loop whose hours take no time: when nothing can happen but by waiting, its clock jumps to the next timer.

Sockets are real and so are threads: as long as either has work, time stands still. So every pause, time-out and back-off of
the program is the one that it has in use, and a test that sees an hour pass lasts a moment.
"""

import asyncio
import selectors
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

GRACE = 0.0005
"""Real seconds in which the kernel may still hand over what was written to a socket of ours."""

LONGEST = 240.0
"""Real seconds after which a test hangs; the machine may be busy."""


class _Selector(selectors.DefaultSelector):
    """Waits for sockets only; of time it says that it has passed."""

    def __init__(self, jump: Callable[[float], None], working: Callable[[], bool]) -> None:
        super().__init__()
        self._jump = jump
        self._working = working
        self._deadline = time.monotonic() + LONGEST

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        events = super().select(0)
        if events or (timeout is not None and timeout <= 0):
            return events
        if time.monotonic() > self._deadline:
            raise TimeoutError("nothing has come of it in all this time")
        if self._working() or timeout is None:
            return super().select(0.05)
        events = super().select(GRACE)
        if not events:
            self._jump(timeout)
        return events


class Loop(asyncio.SelectorEventLoop):
    """Time begins at 0 and is moved by the selector alone."""

    def __init__(self) -> None:
        self._now = 0.0
        self._threads = 0
        super().__init__(_Selector(self._jump, lambda: self._threads > 0))

    def time(self) -> float:
        return self._now

    def _jump(self, seconds: float) -> None:
        self._now += seconds + 1e-6

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> Any:
        future = super().run_in_executor(executor, func, *args)
        self._threads += 1
        future.add_done_callback(self._done)
        return future

    def _done(self, _future: object) -> None:
        self._threads -= 1


def play(main: Coroutine[Any, Any, T]) -> T:
    """Run to the end on such a loop, and close it."""
    with asyncio.Runner(loop_factory=Loop) as runner:
        return runner.run(main)

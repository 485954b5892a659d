"""Times every callback of an event loop, and writes down those that held it: which one, how long, and where it was."""

import asyncio
import gc
import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

HELD = 0.010
"""Seconds from which on a callback has held the loop: of its own CPU, or of the clock."""
LOOK_SECONDS = 0.002
"""Between two looks at where the loop's thread is."""


def name_of(handle: asyncio.Handle) -> str:
    """What a handle runs: the name of its task, else that of its function."""
    callback = handle._callback  # type: ignore[attr-defined]
    task = getattr(callback, "__self__", None)
    if isinstance(task, asyncio.Task):
        return f"{getattr(task.get_coro(), '__qualname__', '')} [{task.get_name()[:60]}]"
    return str(getattr(callback, "__qualname__", callback))


def place_of(frame: FrameType | None) -> str:
    """The innermost function of ours on a stack, and the outermost one."""
    ours = []
    while frame is not None:
        path = frame.f_code.co_filename
        if "/tui/" in path and "site-packages" not in path:
            ours.append(f"{path.rpartition('/tui/')[2]}:{frame.f_code.co_qualname}")
        frame = frame.f_back
    inner = ours[0] if ours else "not ours"
    outer = next((each for each in reversed(ours) if not each.startswith(("runtime", "cli"))), "")
    return inner if inner == outer else f"{inner} < {outer}"


class Looker:
    """Looks at the loop's thread while a callback runs for long."""

    def __init__(self) -> None:
        self.since = 0.0
        self.places: Counter[str] = Counter()
        self._loop_thread = threading.get_ident()
        self._ended = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            if self.since and time.perf_counter() - self.since > LOOK_SECONDS:
                self.places[place_of(sys._current_frames().get(self._loop_thread))] += 1

    def end(self) -> None:
        """Look no more."""
        self._ended.set()


@contextmanager
def probe(log: Path, *, where: bool = False) -> Iterator[None]:
    """Around a program: what holds its loop is written to a file, a line of JSON each."""
    looker = Looker() if where else None
    collected, since = 0.0, 0.0

    def collecting(phase: str, _info: object) -> None:
        nonlocal collected, since
        if phase == "start":
            since = time.thread_time()
        else:
            collected += time.thread_time() - since

    gc.callbacks.append(collecting)
    original = asyncio.Handle._run

    def timed(handle: asyncio.Handle) -> None:
        nonlocal collected
        collected = 0.0
        begun, used = time.perf_counter(), time.thread_time()
        if looker is not None:
            looker.since = begun
            looker.places.clear()
        original(handle)
        wall, cpu = time.perf_counter() - begun, time.thread_time() - used
        if looker is not None:
            looker.since = 0.0
        if wall > HELD or cpu > HELD:
            note: dict[str, object] = {
                "at": time.monotonic(),
                "wall": 1e3 * wall,
                "cpu": 1e3 * cpu,
                "gc": 1e3 * collected,
            }
            note["name"] = name_of(handle)
            if looker is not None:
                note["where"] = " at " + ", ".join(f"{place} {n}" for place, n in looker.places.most_common(3))
            with log.open("a", encoding="utf-8") as file:
                file.write(json.dumps(note) + "\n")

    asyncio.Handle._run = timed  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        asyncio.Handle._run = original  # type: ignore[method-assign]
        gc.callbacks.remove(collecting)
        if looker is not None:
            looker.end()

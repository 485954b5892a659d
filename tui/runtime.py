"""How the interpreter is set for a screen that answers keys at once and leaves at once."""

import asyncio
import gc
import logging
import os
import sys
import threading
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, NoReturn, Protocol

from tui.sweep import by_hand

SWITCH_SECONDS = 0.0005
"""How long a thread may keep the interpreter from the one that draws: a tenth of Python's own."""
GRACE_SECONDS = 0.03
"""What tasks and threads are given to end by themselves."""
WRITE_SECONDS = 2.0
"""How long a file that is being written is waited for."""


@contextmanager
def starting() -> Iterator[None]:
    """Around the imports of the screen: nothing is collected, and what is imported is never looked at again.

    Nor is anything collected until the screen has been painted once: the app enables it then.
    """
    # Read when Textual is imported. Its frame limiter delays a key that follows a frame; nothing is painted when
    # nothing has changed.
    os.environ.setdefault("TEXTUAL_FPS", "240")
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
    # As well: how long a lone Esc is held back, in ms, for it may begin another key. Sequences come in one piece.
    os.environ.setdefault("ESCDELAY", "25")
    # Read when polars is imported: what a query has used goes back soon after it, not ten seconds later. At once would
    # take twice the time. All of it comes from one place: threads that come and go with what is read from disk would each
    # leave another in pieces.
    os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:50,muzzy_decay_ms:0,narenas:1")
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.disable()
    by_hand()
    try:
        yield
    finally:
        gc.freeze()


class Runs(Protocol):
    """What is run: an app of Textual's."""

    @property
    def return_code(self) -> int | None:
        """The exit code, where the result is none."""
        ...

    def run_async(self) -> Coroutine[Any, Any, int | None]:
        """Run to the end; its result is the exit code, if there is one."""
        ...


def run(app: Runs) -> int:
    """Run the app on a loop of its own, and end the process with it.

    `asyncio.run` and Python's own end would wait for every thread: for the whole of a long computation whose answer
    nobody will see.
    """
    runner, threads = asyncio.Runner(), ThreadPoolExecutor(thread_name_prefix="work")
    runner.get_loop().set_default_executor(threads)
    result = runner.run(app.run_async())
    runner.run(_stop_tasks())
    # Those without work end now.
    threads.shutdown(wait=False)
    _leave(result or app.return_code or 0)


def _leave(code: int) -> NoReturn:
    """End the process without waiting for its threads; but never in the middle of writing one of the user's files."""
    from tui.files import hold_writes

    deadline = time.monotonic() + GRACE_SECONDS
    for thread in threading.enumerate():
        # Mostly they end with what they do, and a change of a list is about to be written.
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(max(0.0, deadline - time.monotonic()))
    hold_writes(WRITE_SECONDS)
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # the terminal may be gone
            stream.flush()
    os._exit(code)


async def _stop_tasks() -> None:
    """Cancel what is left on the loop, and let it close what it holds."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=GRACE_SECONDS)

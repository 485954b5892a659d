"""The end of the program from outside: a signal, or a terminal that has gone away, leaves everything in order."""

import asyncio
import os
import select
import signal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.app import App

HUNG_UP = 128 + signal.SIGHUP
"""Exit code of a program whose terminal went away, as a shell gives it."""


def gone(descriptor: int = 0) -> bool:
    """Whether the terminal behind a descriptor has hung up; it may raise no signal (nohup, some supervisors)."""
    if not hasattr(select, "poll"):
        return False
    poller = select.poll()
    poller.register(descriptor, select.POLLHUP)
    return any(event & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, event in poller.poll(0))


def end_on_signals(app: "App[Any]") -> None:
    """Let SIGTERM and SIGHUP end the app the way `q` does: the terminal is restored and every file is whole.

    Called on the app's event loop, which forgets the handlers when it closes.
    """
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, lambda code: app.exit(return_code=code), 128 + number)


def is_terminal(descriptor: int = 0) -> bool:
    """Whether a descriptor is a terminal; a closed one is not."""
    try:
        return os.isatty(descriptor)
    except OSError:
        return False

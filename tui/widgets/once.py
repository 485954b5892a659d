"""A call after a while that comes in any case."""

from collections.abc import Callable

from textual.message_pump import MessagePump
from textual.timer import Timer

LEAST_SECONDS = 0.001
"""Of an interval, which can't be nothing."""


def once(owner: MessagePump, seconds: float, callback: Callable[[], object]) -> Timer:
    """Call back once, after so many seconds, unless the timer is stopped or its owner has gone.

    Textual's `set_timer` drops the call when the process was held for longer than the delay just as it was set, and
    whoever waits for it waits for ever; an interval only skips a beat.
    """

    def call() -> None:
        timer.stop()
        callback()

    timer = owner.set_interval(max(seconds, LEAST_SECONDS), call)
    return timer

"""The terminal as the program's own: keys without polling, an end with the terminal, and signals that end in order."""

import asyncio
import os
import signal
import sys
import time
from typing import TYPE_CHECKING, Any, cast

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from tui.link.glyphs import signs_of
from tui.link.lines import Output, WakingEvent, read_keys

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO

    from textual.app import App
    from textual.message import Message

HUNG_UP = 128 + signal.SIGHUP
"""Exit code of a program whose terminal went away, as a shell gives it."""


def end_on_signals(app: "App[Any]") -> None:
    """Let SIGTERM and SIGHUP end the app the way `q` does: the terminal is restored and every file is whole.

    Called on the app's event loop, which forgets the handlers when it closes.
    """
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, lambda code: app.exit(return_code=code), 128 + number)


class TerminalDriver(LinuxDriver):
    """Textual's driver, which sleeps until there is a key, and for which a terminal that has gone is the end.

    Such a terminal reads as empty for ever, as fast as one asks; and an error in the thread that writes would let its
    queue fill up until the whole program waits for it.
    """

    def __init__(self, app: "App[Any]", *, debug: bool = False, mouse: bool = True, size: Any = None) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self.exit_event: WakingEvent = WakingEvent()
        self.key_at = 0.0
        """When the last key came, by the monotonic clock; 0 when its echo is on the screen."""
        self._file: Any = Output(cast("IO[str]", sys.__stderr__), self._lost, signs_of(os.environ.get("TERM", "")))

    def run_input_thread(self) -> None:
        """Read keys until asked to end, or until nothing more can come: then the program ends."""
        parser = XTermParser(self._debug)
        if not read_keys(self.fileno, self.exit_event, parser, self.process_message) and self.input_tty:
            self._lost()

    def process_message(self, message: "Message") -> None:
        """Note that there is a key before the loop can know of it; runs in the input thread."""
        if isinstance(message, events.Key):
            self.key_at = time.monotonic()
        super().process_message(message)

    def _call(self, function: "Callable[..., object]", *arguments: object) -> None:
        """Call something on the event loop, if it still runs."""
        try:
            self._loop.call_soon_threadsafe(function, *arguments)
        except RuntimeError:
            return

    def _lost(self) -> None:
        """The terminal is gone."""
        self._call(lambda: self._app.exit(return_code=HUNG_UP))

    def _disable_mouse_support(self) -> None:
        super()._disable_mouse_support()
        if self._mouse_pixels:
            self.write("\x1b[?1016l")
            self._mouse_pixels = False

"""The end of the program from outside: a signal, or a terminal that has gone away, leaves everything in order."""

import asyncio
import select
import signal
from contextlib import suppress
from threading import Event
from typing import IO, TYPE_CHECKING, Any

from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from textual.app import App
    from textual.driver import Driver

HUNG_UP = 128 + signal.SIGHUP
"""Exit code of a program whose terminal went away, as a shell gives it."""


def gone(descriptor: int = 0) -> bool:
    """Whether the terminal behind a descriptor has hung up; it may raise no signal (nohup, some supervisors)."""
    if not hasattr(select, "poll"):
        return False
    poller = select.poll()
    poller.register(descriptor, 0)
    # Not POLLNVAL: a system that cannot poll its terminals answers that for one that is there.
    return any(event & (select.POLLHUP | select.POLLERR) for _, event in poller.poll(0))


def end_on_signals(app: "App[Any]") -> None:
    """Let SIGTERM and SIGHUP end the app the way `q` does: the terminal is restored and every file is whole.

    Called on the app's event loop, which forgets the handlers when it closes.
    """
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, lambda code: app.exit(return_code=code), 128 + number)


def driver_for(usual: "type[Driver]") -> "type[Driver]":
    """Our driver in place of Textual's own for a terminal; any other (headless, the web) stays."""
    return TerminalDriver if usual is LinuxDriver else usual


class TerminalDriver(LinuxDriver):
    """Textual's driver, for which a terminal that has gone away is the end and not an error.

    Such a terminal reads as empty for ever, as fast as one asks; and an error in the thread that writes would let its
    queue fill up until the whole program waits for it.
    """

    def __init__(self, app: "App[Any]", *, debug: bool = False, mouse: bool = True, size: Any = None) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._file: Any = _Output(self._file)
        self.exit_event = _End(self.fileno)

    def run_input_thread(self) -> None:
        """Read until asked to end, or until nothing more can come: then the program ends."""
        try:
            super().run_input_thread()
            ended = gone(self.fileno)
        except OSError:  # EIO: it went away in the middle of a read
            ended = True
        if ended:
            with suppress(RuntimeError):  # the loop has ended meanwhile
                self._loop.call_soon_threadsafe(lambda: self._app.exit(return_code=HUNG_UP))

    def _disable_mouse_support(self) -> None:
        super()._disable_mouse_support()
        if self._mouse_pixels:
            self.write("\x1b[?1016l")
            self._mouse_pixels = False


class _End(Event):
    """Set when the reading is to end: it was asked to, or the terminal has gone."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor

    def is_set(self) -> bool:
        return super().is_set() or gone(self._descriptor)


class _Output:
    """The terminal as a file to write to; once it has gone, what is written is lost."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, text: str) -> None:
        with suppress(OSError):
            self._file.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._file.flush()

    def fileno(self) -> int:
        return self._file.fileno()

"""Both ends of the wire: the thread that reads keys, and the file that is written to; neither spins, neither hangs.

The stock input thread looks up ten times a second. This one sleeps until there is something to read or the driver
wants it to end, and knows a terminal that has gone away.
"""

import errno
import os
import select
import threading
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import IO, Final

from textual._parser import ParseError
from textual._time import get_time
from textual._xterm_parser import XTermParser
from textual.message import Message

AT_ONCE: Final = 4096
"""Bytes read at a time."""
GONE: Final = {errno.EIO, errno.ENXIO, errno.EBADF, errno.EPIPE, errno.ENODEV}
"""Errors of a terminal that is no longer there."""


class WakingEvent(threading.Event):
    """An event that also makes a descriptor readable, for who waits in `select`."""

    def __init__(self) -> None:
        super().__init__()
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)

    def fileno(self) -> int:
        """The descriptor that becomes readable."""
        return self._read

    def set(self) -> None:
        """Set it, and wake who waits."""
        super().set()
        with suppress(OSError):
            os.write(self._write, b".")

    def clear(self) -> None:
        """Clear it."""
        super().clear()
        with suppress(OSError):
            while os.read(self._read, AT_ONCE):
                pass

    def __del__(self) -> None:
        for descriptor in (self._read, self._write):
            with suppress(OSError):
                os.close(descriptor)


def read_keys(descriptor: int, ending: WakingEvent, parser: XTermParser, take: Callable[[Message], None]) -> bool:
    """Parse what is typed until `ending` is set; False when the terminal went away before.

    Args:
        descriptor: What to read.
        ending: Ends the reading, at once.
        parser: Textual's own.
        take: Gets every event, in this thread.
    """
    decode = getincrementaldecoder("utf-8")("replace").decode

    def hand_on(messages: Iterable[Message]) -> None:
        for message in messages:
            take(message)

    there = True
    while there and not ending.is_set():
        # Only after an escape does time matter: it may be the key of that name.
        pending = parser._timeout_time
        wait = None if pending is None else max(0.0, pending - get_time())
        ready, _, _ = select.select([descriptor, ending.fileno()], [], [], wait)
        if descriptor in ready:
            typed = _read(descriptor)
            there = bool(typed)
            hand_on(parser.feed(text) if (text := decode(typed)) else ())
        hand_on(parser.tick())
    with suppress(EOFError, ParseError):
        for _ in parser.feed(""):
            pass
    return there


def _read(descriptor: int) -> bytes:
    """What can be read; empty when there is nobody any more."""
    try:
        return os.read(descriptor, AT_ONCE)
    except OSError as error:
        if error.errno in GONE:
            return b""
        raise


class Output:
    """The file behind Textual's writer thread; when the terminal has gone, what is written is dropped.

    The stock thread would end with an error, and then whoever fills its queue waits for ever.
    """

    def __init__(
        self, file: IO[str], lost: Callable[[], None], signs: Mapping[int, str | int] = MappingProxyType({})
    ) -> None:
        """Write to a file.

        Args:
            file: The terminal.
            lost: Called once, in the writer's thread, when it has gone.
            signs: What is written instead of a code point (`glyphs.signs_of`).
        """
        self._file, self._lost, self._there = file, lost, True
        self._signs = signs

    def write(self, text: str) -> int:
        """Write text."""
        self._try(lambda: self._file.write(text.translate(self._signs) if self._signs else text))
        return len(text)

    def flush(self) -> None:
        """Write what is buffered."""
        self._try(self._file.flush)

    def fileno(self) -> int:
        """The descriptor behind it."""
        return self._file.fileno()

    def _try(self, action: Callable[[], object]) -> None:
        if not self._there:
            return
        try:
            action()
        except OSError as error:
            if error.errno not in GONE:
                raise
            self._there = False
            self._lost()

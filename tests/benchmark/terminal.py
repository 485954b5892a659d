"""Runs a program in a real pseudo-terminal and counts what it writes there. For the benchmarks and for tests."""

import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

SYNC_QUERY = b"\x1b[?2026$p"
SYNC_ANSWER = b"\x1b[?2026;2$y"
ENVIRONMENT = {
    "TERM": "xterm-256color",
    "COLORTERM": "truecolor",
    # Both are read when Textual is imported, so they have to be there before.
    "TEXTUAL_FPS": "240",
    "TEXTUAL_ANIMATIONS": "none",
}

# The terminal becomes the controlling one, so that resizing and hanging up send their signals.
TAKE_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])"
)


class Terminal:
    """A program in a pseudo-terminal of a given size; what it writes is read by a thread, and counted.

    Use as a context manager: leaving it closes the terminal and ends the program.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 200,
        rows: int = 60,
        environment: Mapping[str, str] | None = None,
        answer_sync: bool = True,
        pass_fds: Sequence[int] = (),
    ) -> None:
        """Start `command`.

        Args:
            command: The program and its arguments.
            columns: Width of the terminal.
            rows: Height of the terminal.
            environment: Variables beside the inherited ones and those of `ENVIRONMENT`.
            answer_sync: Whether the terminal knows synchronized output (mode 2026).
            pass_fds: Open files that the program inherits.
        """
        self._answer_sync = answer_sync
        self._chunks: list[bytes] = []
        self._count = 0
        self._came = threading.Condition()
        self._ended = False
        self._master, slave = pty.openpty()
        self._resize(columns, rows)
        self._process = subprocess.Popen(
            [sys.executable, "-c", TAKE_TERMINAL, *command],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**os.environ, **ENVIRONMENT, **(environment or {})},
            pass_fds=pass_fds,
            start_new_session=True,
        )
        os.close(slave)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """The process id of the program."""
        return self._process.pid

    @property
    def count(self) -> int:
        """Bytes written so far."""
        with self._came:
            return self._count

    @property
    def output(self) -> bytes:
        """All that was written so far."""
        with self._came:
            return b"".join(self._chunks)

    def send(self, keys: bytes) -> None:
        """Type on the terminal."""
        os.write(self._master, keys)

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size; the program is told by a signal."""
        self._resize(columns, rows)

    def wait_for(self, text: bytes, seconds: float = 10.0) -> None:
        """Wait until `text` was written; TimeoutError when it does not come or the program ends without it."""
        deadline = time.monotonic() + seconds
        with self._came:
            while text not in b"".join(self._chunks):
                if self._ended or not self._came.wait(deadline - time.monotonic()):
                    raise TimeoutError(f"{text!r} was not written; the last was {b''.join(self._chunks)[-400:]!r}")

    def wait_quiet(self, seconds: float = 0.3) -> int:
        """Wait until nothing was written for so long; how many bytes were written until then."""
        with self._came:
            while True:
                before = self._count
                self._came.wait(seconds)
                if self._count == before:
                    return before

    def wait_end(self, seconds: float = 10.0) -> int:
        """Wait for the program to end; its exit code."""
        return self._process.wait(seconds)

    def close(self) -> None:
        """Hang up, and end the program if it stays."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(2)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._reader.join(2)
        os.close(self._master)

    def _resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _read(self) -> None:
        while True:
            try:
                chunk = os.read(self._master, 65536)
            except OSError:  # EIO: the program has ended
                chunk = b""
            if self._answer_sync and SYNC_QUERY in chunk:
                os.write(self._master, SYNC_ANSWER)
            with self._came:
                self._chunks.append(chunk)
                self._count += len(chunk)
                self._ended = not chunk
                self._came.notify_all()
            if not chunk:
                return

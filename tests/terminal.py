"""Runs a program in a real pseudo-terminal, counts what it writes there and reads the screen back. For tests and benchmarks."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

SYNC_QUERY = b"\x1b[?2026$p"
SYNC_ANSWER = b"\x1b[?2026;2$y"
RESIZE_QUERY = b"\x1b[?2048$p"
RESIZE_ANSWER = b"\x1b[?2048;2$y"
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
# As under nohup: hanging up sends a signal, which the program is started deaf to.
DEAF_TO_HANGUP = f"import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); {TAKE_TERMINAL}"
# As under a supervisor: the terminal is the program's, but controls no session, and no signal comes.
NO_CONTROL = "import os, sys; os.execvp(sys.argv[1], sys.argv[1:])"

MODE = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
AT_START = {7, 25}
"""Private modes that a terminal begins with: lines wrap, the cursor is shown."""
PAUSE = 0.01
"""Seconds between two looks."""


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
        answer_resize: bool = False,
        pass_fds: Sequence[int] = (),
        start: str = TAKE_TERMINAL,
    ) -> None:
        """Start `command`.

        Args:
            command: The program and its arguments.
            columns: Width of the terminal.
            rows: Height of the terminal.
            environment: Variables beside the inherited ones and those of `ENVIRONMENT`.
            answer_sync: Whether the terminal knows synchronized output (mode 2026).
            answer_resize: Whether it knows reports of its size among the keys (mode 2048).
            pass_fds: Open files that the program inherits.
            start: What becomes the program: `TAKE_TERMINAL`, `DEAF_TO_HANGUP` or `NO_CONTROL`.
        """
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._fed = 0
        self._answers = {SYNC_QUERY: SYNC_ANSWER} if answer_sync else {}
        if answer_resize:
            self._answers[RESIZE_QUERY] = RESIZE_ANSWER
        self._chunks: list[bytes] = []
        self._count = 0
        self._came = threading.Condition()
        self._ended = False
        self._master, slave = pty.openpty()
        self._hung_up = False
        self._used: float | None = None
        self._wake, self._waker = os.pipe()
        self._resize(columns, rows)
        self._process = subprocess.Popen(
            [sys.executable, "-c", start, *command],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            # These two would count for more than the terminal itself.
            env={name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
            | ENVIRONMENT
            | dict(environment or {}),
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
        self._feed()
        self._screen.resize(rows, columns)
        self._resize(columns, rows)

    def text(self) -> str:
        """What a terminal emulator shows of all that was written, line by line, without colours."""
        self._feed()
        return "\n".join(line.rstrip() for line in self._screen.display)

    def modes(self) -> set[int]:
        """Private modes that are set: 25 is the cursor shown, 1049 the alternate screen, 1000 to 1015 the mouse."""
        modes = set(AT_START)
        for numbers, onoff in MODE.findall(self.output):
            for number in map(int, numbers.split(b";")):
                (modes.add if onoff == b"h" else modes.discard)(number)
        return modes

    def echoes(self) -> bool:
        """Whether the terminal shows what is typed, edits lines and makes signals of keys: as a shell leaves it."""
        flags = termios.tcgetattr(self._master)[3]
        return all(flags & flag for flag in (termios.ECHO, termios.ICANON, termios.ISIG))

    def state(self) -> str:
        """State of the program's process: `T` is stopped. Needs /proc."""
        return Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]

    def cpu(self) -> float:
        """CPU seconds of the program so far, or until its end. Needs /proc while it runs."""
        if self._used is not None:
            return self._used
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def wait_until(self, holds: Callable[[], object], seconds: float = 20.0) -> None:
        """Wait until something holds; TimeoutError with the screen when it does not come about."""
        deadline = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > deadline:
                raise TimeoutError(f"it did not come about in {seconds} s; the screen is\n{self.text()}")
            time.sleep(PAUSE)

    def wait_text(self, *texts: str, seconds: float = 20.0) -> None:
        """Wait until the screen shows all of these."""
        self.wait_until(lambda: all(text in self.text() for text in texts), seconds)

    def written_within(self, seconds: float) -> int:
        """How many bytes are written in the next so many seconds; returns early with the first ones."""
        deadline = time.monotonic() + seconds
        with self._came:
            before = self._count
            while self._count == before and (left := deadline - time.monotonic()) > 0:
                self._came.wait(left)
            return self._count - before

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        self._process.send_signal(number)

    def hang_up(self) -> None:
        """Take the terminal away, as a dropped connection or a closed window does."""
        if not self._hung_up:
            self._hung_up = True
            # A reader in the middle of a read would keep the terminal alive.
            os.write(self._waker, b".")
            self._reader.join()
            for descriptor in (self._master, self._wake, self._waker):
                os.close(descriptor)

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
        """Wait for the program to end; its exit code, or minus the signal that killed it."""
        deadline = time.monotonic() + seconds
        while not self._reaped():
            if time.monotonic() > deadline:
                raise TimeoutError(f"the program has not ended in {seconds} s; the screen is\n{self.text()}")
            time.sleep(PAUSE)
        if not self._hung_up:
            self._reader.join(seconds)
        assert self._process.returncode is not None
        return self._process.returncode

    def close(self) -> None:
        """Hang up, and end the program if it stays."""
        if not self._reaped():
            for number in (signal.SIGTERM, signal.SIGCONT):
                self._process.send_signal(number)
            try:
                self.wait_end(2)
            except TimeoutError:
                self._process.kill()
                self._process.wait()
        self.hang_up()

    def _reaped(self) -> bool:
        """Whether the program has ended; notes how much CPU it took."""
        if self._process.returncode is None:
            pid, status, usage = os.wait4(self.pid, os.WNOHANG)
            if pid:
                self._used = usage.ru_utime + usage.ru_stime
                self._process.returncode = os.waitstatus_to_exitcode(status)
        return self._process.returncode is not None

    def _feed(self) -> None:
        """Let the emulator read what has come."""
        new = self.output[self._fed :]
        self._fed += len(new)
        # The one sequence that the emulator does not know, and would print: the end of the kitty keyboard protocol.
        self._stream.feed(new.replace(b"\x1b[<u", b""))

    def _resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _read(self) -> None:
        while True:
            ready, _, _ = select.select([self._master, self._wake], [], [])
            try:
                chunk = os.read(self._master, 65536) if self._wake not in ready else b""
            except OSError:  # EIO: the program has ended
                chunk = b""
            for query, answer in self._answers.items():
                if query in chunk:
                    os.write(self._master, answer)
            with self._came:
                self._chunks.append(chunk)
                self._count += len(chunk)
                self._ended = not chunk
                self._came.notify_all()
            if not chunk:
                return

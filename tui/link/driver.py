"""Textual's Linux driver with the two grids behind its `write` and `flush`, and a line that is listened to."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
import threading
from collections import deque
from typing import TYPE_CHECKING, Any, Final, cast

from textual import events
from textual._ansi_sequences import SYNC_END, SYNC_START
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from tui.link.cells import Cells
from tui.link.encode import UNSURE, Shown
from tui.link.lines import Output, WakingEvent, read_keys
from tui.link.pace import LinkStats, Pacer
from tui.link.screen import FRAME, DoubtError, Screen

if TYPE_CHECKING:
    from typing import IO

    from textual.app import App
    from textual.message import Message

HUNG_UP: Final = 128 + signal.SIGHUP
"""Exit code of a program whose terminal went away, as a shell gives it."""
QUERY: Final = "\x1b[6n"
"""Asks for the cursor's place. Never from the first row, whence the answer reads like a key (shift+F3)."""
SMALL: Final = 64
"""Characters of a frame that arrives in one piece anyway and needs no marks around it."""
FULL: Final = 2
"""Writes in Textual's queue above which frames wait; at 30 its `put` would block the event loop."""
LOOK_AGAIN: Final = 0.02
"""Seconds until the queue is looked at again."""
MOST_CELLS: Final = 1 << 16
"""Different cells ever met, above which those no longer seen are forgotten."""
FAREWELL: Final = (0.1, 1.0)
"""Seconds that leaving waits for answers still out, which would else be typed into the shell: on a quick line, at most."""
TRUST: Final = 2
"""Answers with the cursor elsewhere than it must be after which they are no longer listened to."""

SWITCH: Final = re.compile(r"\x1b\[\?(?:47|1047|1049)[hl]")
"""To another screen or back: what is shown is no longer there."""
HARMLESS: Final = re.compile(
    r"""(?:
    \x07                                                                # the bell
    | \x1b\](?!8;)[^\x07\x1b]*(?:\x07|\x1b\\)                           # title, clipboard, pointer; not a link
    | \x1b\[\?[\d;]+\$p                                                 # does the terminal know a mode?
    | \x1b\[\?(?:1|7|12|25|100[0-7]|101[56]|1034|2004|2026|2031|2048)[hl]  # cursor, mouse, focus, paste, resize
    | \x1b\[[<>=][\d;]*[a-zA-Z]                                         # keyboard protocol, versions
    | \x1b\[[\d;]*\x20q                                                 # shape of the cursor
    | \x1b\[[056]?[nc]                                                  # status, kind of terminal
    )+""",
    re.VERBOSE,
)
"""What draws nothing and moves nothing."""


class DiffDriver(LinuxDriver):
    """Sends the cells that changed, when the line has room for them.

    `write` and `flush` are called on the event loop's thread alone, as Textual does.
    """

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self.exit_event: WakingEvent = WakingEvent()
        self._file: Any = Output(cast("IO[str]", sys.__stderr__), self._lost)
        self.pacer = Pacer()
        self._screen = Screen(0, 0)
        self._shown = Shown(erases=erases_in_colour(self.fileno))
        self._resized: tuple[int, int] | None = None
        """The size that the terminal has told, until it is taken over."""
        self._sync = False
        """Whether the terminal knows synchronized output."""
        self._open = False
        """Whether frames may be sent: not before the start, nor when the end has begun."""
        self._epoch = 0
        """Counts what makes a frame that is being made worthless."""
        self._later: asyncio.TimerHandle | None = None
        self._placed = (0, 0)
        """Where the cursor was put last because a widget wanted it there."""
        self._kept: Screen | None = None
        """What was on the screen when the terminal was given back."""
        self._echo: set[int] = set()
        """Rows drawn just after a key."""
        self._strayed = False
        """Whether the cursor may be elsewhere than where the app has left it."""
        self._wrong = 0
        """Answers that told another place than the right one."""
        self._asked: deque[bool] = deque(maxlen=64)
        """Questions for the cursor's place that are out, oldest first; True for those of this driver."""
        self._heard = threading.Condition()

    # --- what the app asks ---------------------------------------------------------------------------------------

    def link_stats(self) -> LinkStats:
        """How the line is doing, for `:link` and for choosing thrift."""
        return self.pacer.stats()

    def redraw(self) -> None:
        """Send the whole screen again, as when something else has written to the terminal."""
        self._epoch += 1
        self._shown.forget(self._screen.width, self._screen.height)
        self._screen.touch()
        self._pump()

    # --- output --------------------------------------------------------------------------------------------------

    def write(self, data: str) -> None:
        """Draw a frame into the grid, or pass through what is none."""
        if data in {SYNC_START, SYNC_END}:
            self._sync = True
            return
        self._follow_size()
        if FRAME.match(data) and self._open:
            earlier, self._screen.touched = self._screen.touched, set()
            try:
                self._screen.feed(data)
            except DoubtError:
                self._screen.touched |= earlier
                self._send()
            else:
                if self.pacer.hurried():
                    self._echo |= self._screen.touched
                self._screen.touched |= earlier
                self._strayed = True
                return
        self._pass(data)

    def flush(self) -> None:
        """Send what has changed, now or when the line has room."""
        self._pump()

    def _pass(self, data: str) -> None:
        """Write something as it is, and forget the screen unless it surely leaves it alone."""
        if HARMLESS.fullmatch(data) is None:
            if not FRAME.match(data) and SWITCH.fullmatch(data) is None:
                # In order: what was drawn before it comes before it.
                self._send()
            back = self._shown.reset(self._screen.cells)
            if self._strayed and not FRAME.match(data) and SWITCH.fullmatch(data) is None:
                back += self._shown.move(*self._screen.cursor)
            if back:
                self._put(back)
            self._strayed = False
            self._forget()
        self._asked.extend([False] * data.count(QUERY))
        self._put(data)
        self.pacer.sent(_size(data), frame=False)

    def _put(self, data: str) -> None:
        """Give to the writer's thread, if it is still there."""
        if data and self._writer_thread is not None and self._writer_thread.is_alive():
            self._writer_thread.write(data)

    def _forget(self) -> None:
        """Know nothing of the screen, neither what is shown nor what is wanted."""
        self._epoch += 1
        self._screen.forget()
        self._shown.forget(self._screen.width, self._screen.height)

    def _follow_size(self) -> None:
        """Take over a size that the terminal has told."""
        if self._resized is None:
            return
        size, self._resized = self._resized, None
        self._epoch += 1
        self.pacer.excuse()
        if size == (self._screen.width, self._screen.height):
            # Told without need, as after coming back to a session: perhaps to another terminal.
            self._screen.touch()
        else:
            self._screen.resize(*size)
        self._shown.forget(*size)

    def _pump(self) -> None:
        """Send the changes, or see to it that they are sent when there is room for them."""
        if self._later is not None:
            self._later.cancel()
            self._later = None
        self._follow_size()
        if not self._open or not self._screen.touched:
            return
        queue = self._writer_thread._queue.qsize() if self._writer_thread is not None else 0
        wait = LOOK_AGAIN if queue >= FULL else self.pacer.delay()
        if wait > 0:
            self._later = self._loop.call_later(wait, self._pump)
        elif self._echo and self.pacer.unanswered and self.pacer.hurried():
            # What the key has changed goes past the figures that wait for the line.
            figures = self._screen.touched - self._echo
            self._screen.touched &= self._echo
            self._send()
            self._screen.touched |= figures
            if figures:
                self._later = self._loop.call_later(max(LOOK_AGAIN, self.pacer.delay()), self._pump)
        else:
            self._send()

    def _send(self) -> None:
        """Send the changes in the touched rows."""
        self._follow_size()
        if not self._open:
            return
        epoch = self._epoch
        self._echo.clear()
        body = self._shown.update(self._screen)
        cursor = self._screen.cursor
        if not body and cursor in {self._placed, (0, 0)}:
            # At home it is because nobody wants it anywhere.
            self._placed = cursor
            return
        if self._sync and len(body) > SMALL:
            body = f"{SYNC_START}{body}{SYNC_END}"
        place = None
        if self.pacer.asks():
            body += self._shown.move(1, 0) if self._shown.y < 1 else ""
            body += QUERY
            place = self._place()
        if cursor != (0, 0):
            # A widget says where text is typed; input methods look there.
            body += self._shown.move(*cursor)
        if epoch != self._epoch:
            # A signal handler has suspended or resized the terminal meanwhile.
            self._shown.forget(self._screen.width, self._screen.height)
            self._screen.touch()
            return
        self._placed, self._strayed = cursor, True
        self._asked.extend([True] * (place is not None))
        self._put(body)
        self.pacer.sent(_size(body), place=place)
        if len(self._screen.cells) > MOST_CELLS:
            fresh = Cells()
            self._shown.renumber(self._screen.cells, fresh)
            self._screen.renumber(fresh)

    def _place(self) -> tuple[int, int]:
        """What the terminal has to answer when it is asked for the cursor's place: counted from one."""
        y, x = self._shown.y, self._shown.x
        return y + 1, UNSURE if x == UNSURE else x + 1

    # --- input ---------------------------------------------------------------------------------------------------

    def run_input_thread(self) -> None:
        """Read keys until the end; a terminal that has gone ends the app."""
        parser = XTermParser(self._debug)
        if not read_keys(self.fileno, self.exit_event, parser, self.process_message) and self.input_tty:
            self._lost()

    def process_message(self, message: Message) -> None:
        """Keep the answers to our questions and note keys; runs in the input thread."""
        if isinstance(message, events.CursorPosition):
            with self._heard:
                ours = message.y >= 1 and bool(self._asked) and self._asked.popleft()
                self._heard.notify_all()
            if ours:
                self._call(self._answered, message.y + 1, message.x + 1)
                return
        elif isinstance(message, events.Key | events.MouseDown | events.MouseUp | events.MouseScrollUp | events.Paste):
            self.pacer.hand()
        elif isinstance(message, events.Resize):
            # Textual asks for the size in band, and is told it once without need.
            size = (message.size.width, message.size.height)
            if size != (self._screen.width, self._screen.height):
                self._resized = size
                self._call(self._pump)
        super().process_message(message)

    def _answered(self, row: int, column: int) -> None:
        """The terminal has drawn a frame: the next one may go."""
        if not self.pacer.answered(row, column) and self._wrong < TRUST:
            # It has drawn something else than we believe.
            self._wrong += 1
            self.redraw()
        if not self.pacer.unanswered:
            self._asked.clear()
        self._pump()

    def _call(self, function: Any, *arguments: object) -> None:
        """Call something on the event loop, if it still runs."""
        try:
            self._loop.call_soon_threadsafe(function, *arguments)
        except RuntimeError:
            return

    def _lost(self) -> None:
        """The terminal is gone."""
        self._call(lambda: self._app.exit(return_code=HUNG_UP))

    def _get_terminal_size(self) -> tuple[int, int]:
        """The size of the terminal; it is asked for when it may have changed."""
        size = self._resized = super()._get_terminal_size()
        self._call(self._pump)
        return size

    # --- start and end -------------------------------------------------------------------------------------------

    def start_application_mode(self) -> None:
        """Take the terminal, and ask it at once whether it answers."""
        self._asked.clear()
        self.pacer.settle()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._follow_size()
        size = (self._screen.width, self._screen.height)
        self._forget()
        if self._kept is not None and (self._kept.width, self._kept.height) == size:
            # Back from a stop: Textual does not draw again what it believes is there.
            self._screen, self._kept = self._kept, None
            self._screen.touch()
        self._open = True
        if self.input_tty:
            body = self._shown.move(1, 0) + QUERY
            self._asked.append(True)
            self._put(body)
            self.pacer.sent(len(body), place=self._place(), frame=False)
        self._pump()

    def stop_application_mode(self) -> None:
        """Give the terminal back; the picture is kept for the case that this is a stop and not the end."""
        self._put(self._shown.reset(self._screen.cells))
        self._kept, self._screen = self._screen, Screen(self._screen.width, self._screen.height)
        self._shown.forget(self._screen.width, self._screen.height)
        super().stop_application_mode()

    def disable_input(self) -> None:
        """Send no more frames, and read until the answers that are out have come."""
        if self._open:
            self._open = False
            if self._later is not None:
                self._later.cancel()
                self._later = None
            if self.pacer.answers and self._key_thread is not None and self._key_thread.is_alive():
                quick, most = FAREWELL
                with self._heard:
                    self._heard.wait_for(lambda: True not in self._asked, min(most, quick + self.pacer.patience()))
        super().disable_input()


def erases_in_colour(descriptor: int) -> bool:
    """Whether the terminal erases with the background colour, as its terminfo entry says; False when there is none."""
    try:
        import curses

        curses.setupterm(fd=descriptor)
        return bool(curses.tigetflag("bce") == 1)
    except Exception:  # noqa: BLE001 -- no curses, no entry, no terminal: then it is not erased, but written over
        return False


def _size(data: str) -> int:
    """Bytes of a text on the wire."""
    return len(data) if data.isascii() else len(data.encode("utf-8", "replace"))

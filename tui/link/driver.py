"""Textual's Linux driver with the two grids behind its `write` and `flush`, and a line that is listened to."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Final

from textual import events
from textual._ansi_sequences import SYNC_END, SYNC_START

from tui.link.cells import Cells
from tui.link.encode import Shown
from tui.link.moves import UNSURE
from tui.link.pace import Pacer
from tui.link.questions import QUERY, Questions
from tui.link.screen import FRAME, DoubtError, Screen
from tui.link.strips import draw
from tui.link.words import HARMLESS, SWITCH, erases_in_colour, size_of
from tui.terminal import TerminalDriver

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console
    from textual._compositor import CompositorUpdate
    from textual.app import App
    from textual.message import Message

SMALL: Final = 64
"""Characters of a frame that arrives in one piece anyway and needs no marks around it."""
FEW, BEGINNING = 4, 12
"""Rows of a key's echo at most whose beginnings go ahead on a slow line; their columns: the cursor's mark and the name."""
FULL, LOOK_AGAIN = 2, 0.02
"""Writes in Textual's queue above which frames wait (at 30 its `put` would block the loop); seconds until another look."""
TRUST: Final = 2
"""Answers with the cursor elsewhere than it must be after which they are no longer listened to."""


class DiffDriver(TerminalDriver):
    """Sends the cells that changed, when the line has room for them.

    `write` and `flush` are called on the event loop's thread alone, as Textual does.
    """

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self.pacer = Pacer()
        self._screen = Screen(0, 0)
        self._shown = Shown(erases=erases_in_colour(self.fileno))
        self._resized: tuple[int, int] | None = None
        """The size that the terminal has told, until it is taken over."""
        self._sync = self._open = False
        """Whether the terminal knows synchronized output; whether it is time for frames: between start and end."""
        self._epoch = 0
        """Counts what makes a frame that is being made worthless."""
        self._later: asyncio.TimerHandle | None = None
        self._placed = (0, 0)
        """Where the cursor was put last because a widget wanted it there."""
        self._kept: Screen | None = None
        """What was on the screen when the terminal was given back."""
        self._echo: set[int] = set()
        """Rows drawn just after a key."""
        self._left: list[int] = []
        """Rows for which the last frame had no room."""
        self._strayed = False
        """Whether the cursor may be elsewhere than where the app has left it."""
        self._wrong = 0
        """Answers that told another place than the right one."""
        self._questions = Questions()

    def redraw(self) -> None:
        """Send the whole screen again, as when something else has written to the terminal."""
        self._epoch += 1
        self._shown.forget(self._screen.width, self._screen.height)
        self._screen.touch()
        self._pump()

    def write(self, data: str) -> None:
        """Draw a frame into the grid, or pass through what is none."""
        if data in {SYNC_START, SYNC_END}:
            self._sync = True
            return
        self._follow_size()
        if FRAME.match(data) and self._open:
            if self._drawn(lambda: self._screen.feed(data)):
                return
            self._send()
        self._pass(data)

    def draw(self, update: CompositorUpdate, console: Console) -> bool:
        """Draw an update as `write` would its text; False when it is not plain, and is to be written."""
        self._follow_size()
        return self._open and self._drawn(lambda: draw(self._screen, update, console))

    def _drawn(self, draw: Callable[[], None]) -> bool:
        """Draw into the grid; False on a doubt, with what has been drawn until then."""
        earlier, self._screen.touched = self._screen.touched, set()
        try:
            draw()
            if self.pacer.echoes():
                self._echo |= self._screen.touched
            self._strayed = True
        except DoubtError:
            return False
        finally:
            self._screen.touched |= earlier
        return True

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
        self._questions.passed(data)
        self._put(data)
        self.pacer.sent(size_of(data), frame=False)

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

    def _wait_no_more(self) -> None:
        """Take back the call that was to send what waits."""
        if self._later is not None:
            self._later.cancel()
            self._later = None

    def _pump(self) -> None:
        """Send the changes, or see to it that they are sent when there is room for them."""
        self._wait_no_more()
        self._follow_size()
        if not self._open or not self._screen.touched:
            return
        queue = self._writer_thread._queue.qsize() if self._writer_thread is not None else 0
        wait = LOOK_AGAIN if queue >= FULL else self.pacer.delay(hand=bool(self._echo))
        if wait > 0:
            self._later = self._loop.call_later(wait, self._pump)
            return
        if not self._send_ahead():
            self._send_due(self.pacer.room())
        if self._screen.touched:
            self._later = self._loop.call_later(max(LOOK_AGAIN, self.pacer.delay()), self._pump)

    def _send_due(self, room: int | None) -> None:
        """Send what there is room for: what a key has changed goes past the figures that wait for the line."""
        if not self._echo or not self.pacer.unanswered:
            self._send(room)
            return
        figures, left = self._screen.touched - self._echo, self._left
        self._screen.touched &= self._echo
        self._send(room)
        self._screen.touched |= figures
        self._left += [y for y in left if y in figures]

    def _send_ahead(self) -> bool:
        """Where a key's echo would take a while, send what shows where the cursor is; the rest comes when there is room."""
        if not 0 < len(self._echo) <= FEW or (moment := self.pacer.moment()) is None:
            return False
        epoch = self._epoch
        body = self._shown.begun(self._screen, self._echo, BEGINNING, moment)
        if body:
            self._left = [*self._echo, *(y for y in self._left if y not in self._echo)]
            self._echo.clear()
            self._send_body(body, epoch)
        return bool(body)

    def _send(self, room: int | None = None) -> None:
        """Send the changes in the touched rows, about so many bytes of them."""
        self._follow_size()
        if not self._open:
            return
        epoch = self._epoch
        # What did not fit the last time comes before what is newer, and a key's echo before both.
        first = (*self._echo, *self._left)
        self._echo.clear()
        body = self._shown.update(self._screen, room, first)
        touched = self._screen.touched
        self._left = [y for y in dict.fromkeys((*first, *sorted(touched))) if y in touched]
        cursor = self._screen.cursor
        if not body and cursor in {self._placed, (0, 0)}:
            # At home it is because nobody wants it anywhere.
            self._placed = cursor
            return
        self._send_body(body, epoch)
        if self._screen.cells.crowded:
            fresh = Cells()
            self._shown.renumber(self._screen.cells, fresh)
            self._screen.renumber(fresh)
            fresh.settle()

    def _send_body(self, body: str, epoch: int) -> None:
        """Send a frame with its question, unless something has made it worthless since `epoch`."""
        cursor = self._screen.cursor
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
        if place is not None:
            self._questions.ask()
        self._put(body)
        self.pacer.sent(size_of(body), place=place)

    def _place(self) -> tuple[int, int]:
        """What the terminal has to answer when it is asked for the cursor's place: counted from one."""
        y, x = self._shown.y, self._shown.x
        return y + 1, UNSURE if x == UNSURE else x + 1

    def process_message(self, message: Message) -> None:
        """Keep the answers to our questions and note keys; runs in the input thread."""
        if isinstance(message, events.CursorPosition) and self._questions.answer(message.y):
            self._call(self._answered, message.y + 1, message.x + 1, time.monotonic())
            return
        if isinstance(message, events.Key | events.MouseDown | events.MouseUp | events.MouseScrollUp | events.Paste):
            self.pacer.hand()
        elif isinstance(message, events.Resize):
            # Textual asks for the size in band, and is told it once without need.
            size = (message.size.width, message.size.height)
            if size != (self._screen.width, self._screen.height):
                self._resized = size
                self._call(self._pump)
        super().process_message(message)

    def _answered(self, row: int, column: int, at: float | None = None) -> None:
        """The terminal has drawn a frame: the next one may go."""
        if not self.pacer.answered(row, column, at) and self._wrong < TRUST:
            # It has drawn something else than we believe.
            self._wrong += 1
            self.redraw()
        if not self.pacer.unanswered:
            self._questions.forget()
        self._pump()

    def _get_terminal_size(self) -> tuple[int, int]:
        """The size of the terminal; it is asked for when it may have changed."""
        size = self._resized = super()._get_terminal_size()
        self._call(self._pump)
        return size

    def start_application_mode(self) -> None:
        """Take the terminal, and ask it at once whether it answers."""
        self._questions.forget()
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
            self._questions.ask()
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
            self._wait_no_more()
            if self.pacer.answers and self._key_thread is not None and self._key_thread.is_alive():
                self._questions.wait(self.pacer.patience())
        super().disable_input()

"""Which questions for the cursor's place are out, since Textual asks as well and the answers look alike."""

import threading
from collections import deque
from typing import Final

QUERY: Final = "\x1b[6n"
"""Asks for the cursor's place. Never from the first row, whence the answer reads like a key (shift+F3)."""

FAREWELL: Final = (0.1, 1.0)
"""Seconds that leaving waits for answers still out, which would else be typed into the shell: on a quick line, at most."""


class Questions:
    """The questions without an answer, oldest first; used by the loop and by the thread that reads what is typed."""

    def __init__(self) -> None:
        self._out: deque[bool] = deque(maxlen=64)
        """True for those of the driver."""
        self._heard = threading.Condition()

    def ask(self) -> None:
        """Note a question of the driver."""
        self._out.append(True)

    def passed(self, data: str) -> None:
        """Note what questions are in a text of somebody else's."""
        self._out.extend([False] * data.count(QUERY))

    def answer(self, row: int) -> bool:
        """Note an answer from a row, counted from zero; whether the oldest question was the driver's."""
        with self._heard:
            ours = row >= 1 and bool(self._out) and self._out.popleft()
            self._heard.notify_all()
        return ours

    def forget(self) -> None:
        """Expect no answer any more."""
        self._out.clear()

    def wait(self, seconds: float) -> None:
        """Wait until all that the driver has asked is answered, or for a little longer than that should take."""
        quick, most = FAREWELL
        with self._heard:
            self._heard.wait_for(lambda: True not in self._out, min(most, quick + seconds))

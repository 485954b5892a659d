"""A driver on an emulated terminal: a clock that is set, a loop that is turned by hand, and bytes that are counted."""

import asyncio
import re
from collections.abc import Callable

import pytest
from rich.console import Console
from textual import _wait
from textual._ansi_sequences import SYNC_END, SYNC_START
from textual._compositor import CompositorUpdate
from textual.app import App
from textual.events import Resize
from textual.geometry import Size

from tests.link.far import Far
from tests.link.least import Cells
from tui.link.driver import QUERY, DiffDriver
from tui.link.encode import Shown
from tui.link.pace import Pacer
from tui.link.screen import Screen
from tui.screens import monitor
from tui.widgets.chart import Chart

ANSWER = re.compile(r"\x1b\[(\d+);(\d+)R")


class Timers:
    """Stands in for the event loop: keeps what is to be called later."""

    def __init__(self) -> None:
        self.now = 100.0
        self.waiting: list[tuple[float, Callable[[], None]]] = []

    def call_later(self, delay: float, function: Callable[[], None]) -> "Timer":
        timer = Timer(self, (self.now + delay, function))
        self.waiting.append(timer.entry)
        return timer

    def call_soon_threadsafe(self, function: Callable[..., None], *arguments: object) -> None:
        function(*arguments)

    def pass_time(self, seconds: float) -> None:
        """Let time go by, and call what is due meanwhile in its order."""
        end = self.now + seconds
        while due := [entry for entry in self.waiting if entry[0] <= end]:
            entry = min(due, key=lambda one: one[0])
            self.waiting.remove(entry)
            self.now = max(self.now, entry[0])
            entry[1]()
        self.now = end


class Timer:
    """What `call_later` gives back."""

    def __init__(self, timers: Timers, entry: tuple[float, Callable[[], None]]) -> None:
        self.timers, self.entry = timers, entry

    def cancel(self) -> None:
        if self.entry in self.timers.waiting:
            self.timers.waiting.remove(self.entry)


class Wired(DiffDriver):
    """The driver with an emulator in place of the terminal; it starts on a screen full of rubbish."""

    far: Far
    timers: Timers

    @classmethod
    def make(cls, columns: int, lines: int, *, erases: bool = True, answers: bool = True) -> "Wired":
        async def build() -> "Wired":
            return cls(App())

        driver = asyncio.run(build())
        driver.far = Far(columns, lines)
        driver.far.feed("\x1b[?7l")
        driver.far.spoil()
        driver.timers = Timers()
        driver._loop = driver.timers  # type: ignore[assignment]
        driver.pacer = Pacer(lambda: driver.timers.now)
        driver._shown = Shown(erases=erases)
        driver._screen = Screen(columns, lines)
        driver._shown.forget(columns, lines)
        driver._open = True
        driver.written: list[str] = []  # type: ignore[attr-defined, misc]
        driver.answering = answers  # type: ignore[attr-defined]
        return driver

    def _put(self, data: str) -> None:
        self.written.append(data)  # type: ignore[attr-defined]
        self.far.feed(data)

    @classmethod
    def on_stage(cls, columns: int, lines: int) -> "type[Wired]":
        """A class for `App(driver_class=...)` that has both screens: ours, and the one of the stock driver."""

        class Stage(cls):  # type: ignore[valid-type, misc]
            def __init__(self, app: App[object], **_options: object) -> None:
                super().__init__(app)
                self.far, self.stock = Far(columns, lines), Far(columns, lines)
                self.written: list[str] = []
                self.frames: list[tuple[int, Cells, Cells]] | None = None
                """Bytes of each frame without marks and questions, and the screens before and after it; None: not kept."""

            def start_application_mode(self) -> None:
                self._resized = (columns, lines)
                self._follow_size()
                self._open = self._sync = True
                size = Size(columns, lines)
                self.send_message(Resize(size, size))

            def stop_application_mode(self) -> None:
                self._open = False

            def disable_input(self) -> None:
                self._open = False

            def write(self, data: str) -> None:
                self.stock.feed(data)
                self.stock_bytes = getattr(self, "stock_bytes", 0) + len(data.encode())
                super().write(data)

            def draw(self, update: CompositorUpdate, console: Console) -> bool:
                drawn = super().draw(update, console)
                self.drawn_directly = getattr(self, "drawn_directly", 0) + drawn
                if drawn:
                    text = update.render_segments(console)
                    self.stock.feed(text)
                    self.stock_bytes = getattr(self, "stock_bytes", 0) + len(text.encode())
                return drawn

            def _put(self, data: str) -> None:
                before = self.far.cells() if self.frames is not None else []
                super()._put(data)
                if self.frames is not None and (size := plain_size(data)):
                    self.frames.append((size, before, self.far.cells()))
                self._loop.call_soon(self.answer)

        return Stage

    def show(self, frame: str) -> None:
        """What the app does with a frame."""
        self.write(frame)
        self.flush()

    def answer(self) -> None:
        """Let the terminal's answers arrive."""
        answers, self.far.answers = self.far.answers, []
        for text in answers:
            match = ANSWER.fullmatch(text)
            assert match is not None
            row, column = map(int, match.groups())
            assert row >= 2, "from the first row the answer reads like a key"
            self._questions.answer(1)
            self._answered(row, column)

    def settle(self) -> None:
        """Let everything arrive and be answered."""
        while self._screen.touched or self.far.answers:
            self.answer()
            self.timers.pass_time(1.0)

    def take(self) -> str:
        """What was written since the last time."""
        text = "".join(self.written)  # type: ignore[attr-defined]
        self.written.clear()  # type: ignore[attr-defined]
        return text

    def frame_bytes(self) -> int:
        """Bytes since the last time, without the questions."""
        return plain_size(self.take())


def plain_size(data: str) -> int:
    """Bytes without questions and marks of a frame, which are the price of pacing and of no torn picture."""
    for mark in (SYNC_START, SYNC_END, QUERY):
        data = data.replace(mark, "")
    return len(data.encode())


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait less: each key waits several times for an idle process, and for what is drawn once a second."""
    monkeypatch.setattr(Chart, "REDRAW_SECONDS", 0.02)
    monkeypatch.setattr(monitor, "PANEL_SECONDS", 0.02)
    monkeypatch.setattr(_wait, "SLEEP_GRANULARITY", 0.004)
    monkeypatch.setattr(_wait, "SLEEP_IDLE", 0.001)


async def same(driver: Wired) -> None:
    """Both ends show the same, when what waits has been sent."""
    async with asyncio.timeout(10):
        while driver._screen.touched or driver.far.answers:
            driver.flush()
            await asyncio.sleep(0.001)
    for y, (expected, actual) in enumerate(zip(driver.stock.cells(), driver.far.cells(), strict=True)):  # type: ignore[attr-defined]
        assert actual == expected, f"row {y}"


def driver_of(app: App[object]) -> Wired:
    driver = app._driver
    assert isinstance(driver, Wired)
    return driver

"""The driver in a real pseudo-terminal: start, end, a line that goes away, and an idle that costs nothing."""

import signal
import sys
import time

import pytest

from tests.terminal import DEAF_TO_HANGUP, TAKE_TERMINAL, Terminal

APP = """
import os, sys
from textual.app import App
from textual.widgets import Input, Static
from tui.link import driver_class

class Small(App[None]):
    BINDINGS = [("q", "quit"), ("x,escape", "change"), ("ctrl+z", "suspend_process"), ("c", "crash")]
    count = 0

    def compose(self):
        yield Static("ready", id="text")

    def action_change(self):
        self.count += 1
        self.query_one("#text").update(f"pressed {self.count} times")

    def action_crash(self):
        raise ValueError("a mistake of the program")

app = Small(driver_class=driver_class(os.environ))
app.run()
sys.exit(app.return_code or 0)
"""


def small(start: str = TAKE_TERMINAL) -> Terminal:
    return Terminal([sys.executable, "-u", "-c", APP], columns=60, rows=10, start=start)


def test_the_driver_shows_echoes_and_leaves_the_terminal_as_it_was() -> None:
    with small() as terminal:
        terminal.wait_text("ready")
        for number in range(1, 4):
            terminal.send(b"x")
            terminal.wait_text(f"pressed {number} times")
        terminal.send(b"q")
        assert terminal.wait_end() == 0
        assert terminal.modes() == {7, 25}
        assert terminal.echoes()


def test_after_a_crash_the_terminal_is_as_it_was_and_says_what_happened() -> None:
    with small() as terminal:
        terminal.wait_text("ready")
        terminal.send(b"c")
        assert terminal.wait_end() == 1
        assert terminal.modes() == {7, 25}
        assert terminal.echoes()
        left = terminal.output.rpartition(b"\x1b[?1049l")[2]
        assert b"a mistake of the program" in left


def test_escape_alone_is_a_key_without_another_one_after_it() -> None:
    with small() as terminal:
        terminal.wait_text("ready")
        terminal.wait_quiet()
        for number in range(1, 4):
            terminal.send(b"\x1b")
            terminal.wait_text(f"pressed {number} times")


def test_the_program_quits_at_once() -> None:
    with small() as terminal:
        terminal.wait_text("ready")
        terminal.wait_quiet()
        terminal.send(b"x")
        terminal.wait_text("pressed 1 times")
        begun = time.monotonic()
        terminal.send(b"q")
        terminal.wait_for(b"\x1b[?1049l")
        assert time.monotonic() - begun < 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_an_idle_program_writes_nothing_and_uses_no_time() -> None:
    with small() as terminal:
        terminal.wait_text("ready")
        terminal.wait_quiet(0.5)
        before = terminal.cpu()
        assert terminal.written_within(1.5) == 0
        # A clock tick is 0.01 s; ten wake-ups a second would be seen in it.
        assert terminal.cpu() - before <= 0.02


def test_a_terminal_that_goes_away_ends_the_program_though_it_hears_no_signal() -> None:
    with small(DEAF_TO_HANGUP) as terminal:
        terminal.wait_text("ready")
        terminal.hang_up()
        assert terminal.wait_end(5) == 129


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_after_a_stop_the_whole_screen_is_drawn_again() -> None:
    with small() as terminal:
        terminal.wait_text("ready")
        terminal.send(b"x")
        terminal.wait_text("pressed 1 times")
        terminal.send(b"\x1a")
        terminal.wait_until(lambda: terminal.state() == "T")
        terminal.wait_until(lambda: 1049 not in terminal.modes())
        assert terminal.echoes()
        before = terminal.count
        terminal.signal(signal.SIGCONT)
        terminal.wait_until(lambda: b"pressed 1 times" in terminal.output[before:])
        terminal.send(b"x")
        terminal.wait_text("pressed 2 times")


def test_another_size_is_drawn_whole() -> None:
    with small() as terminal:
        terminal.wait_text("ready")
        before = terminal.count
        terminal.resize(40, 8)
        terminal.wait_until(lambda: b"ready" in terminal.output[before:])

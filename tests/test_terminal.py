"""The program in a real pseudo-terminal, read back through a terminal emulator: start, keys, resize, and every way to end."""

import os
import re
import signal
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest

from tests.terminal import AT_START, DEAF_TO_HANGUP, NO_CONTROL, TAKE_TERMINAL, Terminal
from tui.link.lines import Output
from tui.sessions import previous_session
from tui.terminal import HUNG_UP

OUTPACE = [sys.executable, "-m", "tui"]
FULL_SCREEN = {1049, 1000, 1003, 1006, 2004}
"""Alternate screen, mouse and bracketed paste."""
FIGURES = re.compile(r"^> +IWM +\d+\.\d\d +[+-]\d+\.\d\d(?: +[+-]?\d+\.\d\d){5}", re.MULTILINE)
"""The first row under the cursor: its price, its change and five excess returns."""

LISTS = """\
# mine, and to be kept
[Small]
benchmark = "SPY"
symbols = ["IWM", "SPY", "QQQ", "MDY", "IJR", "XBI"]   # small against large
"""

needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at the process in /proc")


def demo(*, columns: int = 80, rows: int = 24, start: str = TAKE_TERMINAL, answer_resize: bool = False) -> Terminal:
    """The simulated market on a terminal of that size."""
    return Terminal([*OUTPACE, "demo"], columns=columns, rows=rows, start=start, answer_resize=answer_resize)


def loaded(terminal: Terminal) -> None:
    """Wait until the list has its figures."""
    terminal.wait_until(lambda: FIGURES.search(terminal.text()), 30)


def settled(terminal: Terminal) -> None:
    """Wait until all is drawn: a chart is at most once a second, so that its last picture can be that late."""
    terminal.wait_until(lambda: terminal.written_within(2.5) == 0, 40)


def test_the_demo_at_80x24_shows_the_list_and_after_a_resize_the_panels_and_q_leaves_the_terminal_clean() -> None:
    with demo() as terminal:
        loaded(terminal)
        head, *lines = terminal.text().splitlines()
        assert "outpace  Rotation  vs SPY" in head
        assert "SIMULATED" in head
        assert [line for line in lines if "QQQS" in line]
        assert "Volume ratio" not in terminal.text()
        assert terminal.modes() >= FULL_SCREEN
        assert 25 not in terminal.modes()
        assert not terminal.echoes()

        terminal.resize(200, 60)
        terminal.wait_text("IWM vs SPY", "Volume ratio, 63 sessions", "iShares Russell 2000 ETF")
        wide = terminal.text().splitlines()
        assert wide[0].startswith(" outpace  Rotation  vs SPY")
        assert len(wide[0]) > 180
        assert "[/] window" in wide[59]

        terminal.send(b"q")
        assert terminal.wait_end() == 0, terminal.text()
        assert terminal.modes() == AT_START
        assert terminal.echoes()


def test_ctrl_c_is_a_key_that_leaves() -> None:
    with demo() as terminal:
        loaded(terminal)
        terminal.send(b"\x03")
        assert terminal.wait_end() == 0, terminal.text()
        assert terminal.modes() == AT_START


def test_a_terminal_that_reports_its_size_among_the_keys_is_left_clean() -> None:
    with demo(answer_resize=True) as terminal:
        loaded(terminal)
        terminal.wait_until(lambda: terminal.modes() >= {1016, 2048})
        terminal.send(b"q")
        assert terminal.wait_end() == 0, terminal.text()
        assert terminal.modes() == AT_START


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_ends_the_program_in_order_and_leaves_the_lists_whole(number: signal.Signals, code: int) -> None:
    file = Path(os.environ["XDG_CONFIG_HOME"], "outpace", "watchlists.toml")
    file.parent.mkdir(parents=True)
    file.write_text(LISTS, encoding="utf-8")
    with demo() as terminal:
        loaded(terminal)
        terminal.send(b"d")
        terminal.wait_until(lambda: '"IWM"' not in file.read_text(encoding="utf-8"))
        # Changes of the list are on their way while the signal comes.
        terminal.send(b"ddd")
        terminal.signal(number)
        assert terminal.wait_end() == code, terminal.text()
        assert terminal.modes() == AT_START
        assert terminal.echoes()
        assert "Traceback" not in terminal.output.decode()
    text = file.read_text(encoding="utf-8")
    small = tomllib.loads(text)["Small"]
    assert small["benchmark"] == "SPY"
    assert 2 <= len(small["symbols"]) <= 5
    assert small["symbols"] == ["SPY", "QQQ", "MDY", "IJR", "XBI"][-len(small["symbols"]) :]
    assert text.startswith("# mine, and to be kept\n")
    assert text.endswith("# small against large\n")
    assert not [each for each in file.parent.iterdir() if "tmp" in each.name]


@needs_proc
@pytest.mark.parametrize(
    "start",
    [
        pytest.param(TAKE_TERMINAL, id="with a signal"),
        pytest.param(DEAF_TO_HANGUP, id="with the signal ignored"),
        pytest.param(NO_CONTROL, id="without a signal"),
    ],
)
def test_a_terminal_that_vanishes_ends_the_program_instead_of_spinning(start: str) -> None:
    with demo(columns=200, rows=60, start=start) as terminal:
        terminal.wait_text("SIMULATED", "Volume ratio, 63 sessions")
        before = terminal.cpu()
        terminal.hang_up()
        assert terminal.wait_end(8) == HUNG_UP == 129
        assert terminal.cpu() - before < 2.5


@needs_proc
def test_ctrl_z_gives_the_terminal_back_and_sigcont_paints_everything_again() -> None:
    with demo() as terminal:
        loaded(terminal)
        terminal.send(b"\x1a")
        terminal.wait_until(lambda: terminal.state() == "T")
        terminal.wait_until(lambda: terminal.modes() == AT_START)
        assert terminal.echoes()
        stopped = len(terminal.output)

        terminal.signal(signal.SIGCONT)
        terminal.wait_until(lambda: terminal.state() != "T" and terminal.modes() >= FULL_SCREEN)
        shown = ("outpace", "SIMULATED", "IWM", "QQQS", "^TNX", "window")
        terminal.wait_until(lambda: all(text in terminal.output[stopped:].decode(errors="replace") for text in shown))
        assert not terminal.echoes()

        terminal.send(b"j")
        terminal.wait_until(lambda: re.search(r"^> +SPY", terminal.text(), re.MULTILINE))
        terminal.send(b"q")
        assert terminal.wait_end() == 0, terminal.text()
        assert terminal.modes() == AT_START


@needs_proc
def test_a_terminal_that_vanishes_while_the_program_is_suspended_ends_it() -> None:
    with demo() as terminal:
        loaded(terminal)
        terminal.send(b"\x1a")
        terminal.wait_until(lambda: terminal.state() == "T")
        terminal.hang_up()
        assert terminal.wait_end(8) == HUNG_UP


@pytest.fixture
def past(tmp_path: Path) -> None:
    """A stored history of a made-up quarter: the market stands still."""
    day, days = date(2024, 7, 12), []
    while len(days) < 80:
        days.append(day)
        day = previous_session(day)
    for symbol, base in (("SPY", 500.0), ("IWM", 200.0)):
        rows = [
            f"{each},{base + i},{base + i + 1},{base + i - 1},{base + i},{base + i},{1000 + i}"
            for i, each in enumerate(reversed(days))
        ]
        text = "\n".join(["date,open,high,low,close,adj_close,volume", *rows, ""])
        (tmp_path / f"{symbol}.csv").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [*OUTPACE, "history", "import", str(tmp_path)], check=False, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.usefixtures("past")
def test_nothing_is_written_while_nothing_changes_and_a_key_is_seen_at_once() -> None:
    command = [*OUTPACE, "--as-of", "2024-07-12", "--source", "history", "--symbols", "IWM,SPY"]
    with Terminal(command, columns=120, rows=40) as terminal:
        terminal.wait_text("AS OF 2024-07-12", "279.00", "Volume ratio, 63 sessions", seconds=30)
        # The chart is the last to come: its library is imported after the first paint.
        terminal.wait_until(lambda: re.search(r"IWM 1\d\d\.\d", terminal.text()), 30)
        settled(terminal)
        assert terminal.written_within(4.0) == 0

        terminal.send(b"j")
        terminal.wait_until(lambda: re.search(r"^> +SPY +579\.00", terminal.text(), re.MULTILINE))


def test_a_hung_up_terminal_is_noticed_once_and_takes_what_is_written_without_an_error() -> None:
    master, slave = os.openpty()
    lost = []
    with os.fdopen(slave, "w", encoding="utf-8") as file:
        output = Output(file, lambda: lost.append("gone"))
        output.write("seen")
        output.flush()
        assert os.read(master, 100) == b"seen"
        os.close(master)
        assert not lost
        for _ in range(100):
            output.write("lost" * 1000)
            output.flush()
        assert lost == ["gone"]


BUSY = """
import asyncio, sys, time
from pathlib import Path
from textual.app import App
from textual.widgets import Static
from tui import files, runtime
from tui.link import driver_class

def slow_write(path):
    sync, files.os.fsync = files.os.fsync, lambda descriptor: time.sleep(0.5)
    files.write_atomic(path, "whole")

class Busy(App):
    BINDINGS = [("q", "quit")]

    def compose(self):
        yield Static("ready")

    def on_mount(self):
        self.run_worker(asyncio.to_thread(time.sleep, 300), group="long")

    async def action_quit(self):
        asyncio.get_running_loop().run_in_executor(None, slow_write, Path(sys.argv[1]))
        self.exit(7)

sys.exit(runtime.run(Busy(driver_class=driver_class({}))))
"""


def test_quitting_waits_for_a_file_that_is_being_written_and_for_no_computation(tmp_path: Path) -> None:
    with Terminal([sys.executable, "-c", BUSY, str(tmp_path / "file")], columns=40, rows=10) as terminal:
        terminal.wait_text("ready")
        terminal.send(b"q")
        assert terminal.wait_end(20) == 7
        assert terminal.modes() == AT_START
        assert terminal.echoes()
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text(encoding="utf-8") == "whole"

"""What is no frame goes through as it is and in its order; what is not understood makes the driver know nothing."""

import signal
from collections.abc import Iterator

import pytest

from tests.link.kit import Wired
from tui.link.cells import UNKNOWN
from tui.link.driver import QUERY
from tui.link.words import HARMLESS

FRAME = "\x1b[3;5H\x1b[32mprice\x1b[0m\x1b[1;1H"
QUIET = (
    "\x07",
    "\x1b]0;a title\x07",
    "\x1b]2;a title\x1b\\",
    "\x1b]52;c;aGVsbG8=\x07",
    "\x1b]22;pointer\x07",
    "\x1bPtmux;\x1b\x1b]9;outpace: IWM\x07\x1b\\",
    "\x1b[?1000h",
    "\x1b[?1003l",
    "\x1b[?2004h",
    "\x1b[?2026$p",
    "\x1b[?2048$p",
    "\x1b[?25l",
    "\x1b[>25u",
    "\x1b[<u",
    "\x1b[2 q",
    "\x1b[c",
)
LOUD = (
    "\x1b[2J",
    "\x1bc",
    "\x1b[3;1r",
    "\x1b[?3h",
    "\x1b_Gf=100;AAAA\x1b\\",
    "\x1bPq#0\x1b\\",
    "\x1b]8;;https://a.example\x1b\\",
    "plain",
    "\x1b[2;2Ha\tb",
    "\x1b[99;1Hbelow",
    "\x1b[2;39Hpast the edge",
    "\x1b[2;2H\x1b[58;5;1mx\x1b[0m",
    "\x1b[6;1Hx\n",
    "\x1b[2;2Ha\x1b[Kb",
)


@pytest.fixture
def driver() -> Iterator[Wired]:
    kept = {number: signal.getsignal(number) for number in (signal.SIGTSTP, signal.SIGCONT)}
    driver = Wired.make(40, 6)
    driver.show("\n".join(f"\x1b[{y};1H{' ' * 40}" for y in range(1, 7)) + "\x1b[1;1H")
    driver.settle()
    driver.take()
    yield driver
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("data", QUIET)
def test_what_draws_nothing_goes_through_at_once_and_nothing_is_forgotten(driver: Wired, data: str) -> None:
    driver.write(data)
    assert driver.take() == data
    assert not any(UNKNOWN in row for row in driver._shown.rows)


@pytest.mark.parametrize("data", LOUD)
def test_what_is_not_understood_goes_through_after_what_came_before_it(driver: Wired, data: str) -> None:
    driver.write(FRAME)
    driver.write(data)
    text = driver.take()
    assert text.endswith(data)
    assert "price" in text[: -len(data)]
    assert all(number == UNKNOWN for row in driver._shown.rows for number in row)
    assert all(number == UNKNOWN for row in driver._screen.rows for number in row)


@pytest.mark.parametrize("data", LOUD)
def test_after_it_a_frame_is_sent_whole_with_its_style_in_full(driver: Wired, data: str) -> None:
    driver.write(data)
    driver.take()
    driver.show(FRAME)
    assert driver.take() == f"\x1b[0;32m\x1b[3;5Hprice{QUERY}"


def test_modes_and_text_do_not_hide_in_what_is_harmless() -> None:
    assert not HARMLESS.fullmatch("\x1b[?1049h")
    assert not HARMLESS.fullmatch("\x07text")
    assert not HARMLESS.fullmatch("\x1b[?25l\x1b[2J")
    assert not HARMLESS.fullmatch("\x1b]0;never ended")


def test_the_colours_are_taken_back_before_the_screen_is_left(driver: Wired) -> None:
    driver.show(FRAME)
    driver.take()
    driver.write("\x1b[?1049l")
    assert driver.take() == "\x1b[m\x1b[?1049l"


def test_marks_of_synchronized_output_are_put_around_large_frames_only(driver: Wired) -> None:
    for data in ("\x1b[?2026h", FRAME, "\x1b[?2026l"):
        driver.write(data)
    driver.flush()
    assert "2026" not in driver.take()
    driver.settle()
    driver.take()
    driver.show("\x1b[2;1H" + "0123456789" * 4 + "\n\x1b[4;1H" + "abcdefghij" * 4 + "\x1b[1;1H")
    text = driver.take()
    assert text.startswith("\x1b[?2026h")
    assert text.endswith(f"\x1b[?2026l{QUERY}")


def test_the_cursor_is_put_where_a_widget_wants_it_once(driver: Wired) -> None:
    frame = "\x1b[3;5Hname\x1b[3;9H"
    driver.show(frame)
    assert (driver.far.cursor.y, driver.far.cursor.x) == (2, 8)
    driver.settle()
    driver.take()
    driver.show(frame)
    assert driver.take() == ""


def test_a_size_told_anew_draws_everything_anew(driver: Wired) -> None:
    driver.show(FRAME)
    driver.settle()
    driver.far.spoil()
    driver._resized = (40, 6)
    driver.flush()
    driver.settle()
    assert driver.far.display[2].strip() == "price"
    assert "#" not in "".join(driver.far.display)


def test_a_cell_of_the_last_column_moves_nothing(driver: Wired) -> None:
    driver.show("\x1b[6;39Hab\x1b[1;1H")
    driver.settle()
    driver.show("\x1b[6;40Hc\x1b[1;1H")
    driver.settle()
    assert driver.far.display[5] == " " * 38 + "ac"
    assert driver.far.display[4].strip() == ""

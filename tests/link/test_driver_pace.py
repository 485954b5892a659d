"""When frames go: with the answers, with keys, and at a fixed rate where none come."""

import signal
from collections.abc import Iterator

import pytest

from tests.link.kit import Wired
from tui.link.driver import QUERY
from tui.link.pace import AHEAD, FALLBACK_RATE, FLIGHT_BYTES, FLIGHT_FRAMES, LEAST_SLICE, PATIENCE, WINDOW, Pacer


class Clock:
    """Time that is set."""

    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pacer(clock: Clock) -> Pacer:
    return Pacer(clock)


def probe(pacer: Pacer, clock: Clock, trip: float = 0.08) -> None:
    """The question of the start, answered after a round trip."""
    pacer.sent(8, place=(2, 1), frame=False)
    clock.now += trip
    assert pacer.answered(2, 1)


def mute(pacer: Pacer, clock: Clock) -> None:
    """Questions that nobody answers."""
    for _ in range(3):
        pacer.sent(1000, place=(9, 1))
    clock.now += PATIENCE[1]
    assert pacer.delay() == 0
    assert not pacer.asks()


def test_the_first_frame_goes_at_once(pacer: Pacer) -> None:
    pacer.sent(8, place=(2, 1), frame=False)
    assert pacer.delay() == 0


def test_the_second_frame_waits_a_moment_for_the_first_answer_and_the_third_a_second(
    pacer: Pacer, clock: Clock
) -> None:
    pacer.sent(8, place=(2, 1), frame=False)
    pacer.sent(12_000, place=(9, 1))
    quick, long = PATIENCE
    assert pacer.delay() == pytest.approx(quick)
    clock.now += quick
    assert pacer.delay() == 0
    pacer.sent(400, place=(9, 1))
    assert pacer.delay() == pytest.approx(long - quick)
    assert pacer.asks()
    clock.now += long - quick
    pacer.delay()
    assert not pacer.asks()


def test_a_frame_waits_for_the_answer_of_the_one_before(pacer: Pacer, clock: Clock) -> None:
    probe(pacer, clock)
    pacer.sent(400, place=(9, 1))
    assert pacer.delay() > 0
    clock.now += 0.3
    assert pacer.delay() > 0
    pacer.answered(9, 1)
    assert pacer.delay() == 0


def test_the_echo_of_a_key_does_not_wait_but_only_one_has_a_place_of_its_own(pacer: Pacer, clock: Clock) -> None:
    probe(pacer, clock)
    for _ in range(FLIGHT_FRAMES):
        pacer.sent(400, place=(9, 1))
    assert pacer.delay() > 0
    assert pacer.delay(hand=True) == 0
    pacer.sent(100, place=(10, 1))
    assert pacer.delay(hand=True) > 0


def test_no_key_gets_past_the_bytes_on_the_line(pacer: Pacer, clock: Clock) -> None:
    probe(pacer, clock)
    pacer.sent(FLIGHT_BYTES, place=(9, 1))
    assert pacer.delay(hand=True) > 0


def test_the_first_frame_soon_after_a_key_is_its_echo_and_no_other(pacer: Pacer, clock: Clock) -> None:
    assert not pacer.echoes()
    pacer.hand()
    clock.now += 0.02
    assert pacer.echoes()
    assert not pacer.echoes()
    pacer.hand()
    clock.now += 1
    assert not pacer.echoes()


def test_a_quick_line_of_long_way_takes_a_second_frame(pacer: Pacer, clock: Clock) -> None:
    probe(pacer, clock, 0.3)
    pacer.sent(3000, place=(9, 1))
    clock.now += 0.301
    pacer.answered(9, 1)
    pacer.sent(400, place=(9, 1))
    assert pacer.delay() == 0


def test_a_terminal_that_does_not_answer_gets_a_fixed_rate_and_is_asked_again(pacer: Pacer, clock: Clock) -> None:
    mute(pacer, clock)
    pacer.sent(400)
    assert pacer.delay() == pytest.approx(1 / FALLBACK_RATE)
    clock.now += 1 / FALLBACK_RATE
    assert pacer.delay() == pytest.approx(0, abs=1e-9)
    clock.now += 5
    assert pacer.asks()


def test_a_late_answer_is_believed(pacer: Pacer, clock: Clock) -> None:
    mute(pacer, clock)
    clock.now += 3
    assert pacer.answered(9, 1)
    assert pacer.answers
    assert pacer.asks()


def test_a_frame_follows_when_the_one_before_has_left_the_line_though_its_answer_is_out(
    pacer: Pacer, clock: Clock
) -> None:
    probe(pacer, clock, 0.3)
    pacer.sent(1000, place=(9, 1))
    clock.now += 0.3 + 1000 / 2000
    pacer.answered(9, 1)
    pacer.sent(800, place=(9, 1))
    assert pacer.delay() == pytest.approx(800 / 2000 - AHEAD)
    clock.now += 800 / 2000
    assert pacer.delay() == 0
    pacer.sent(800, place=(9, 1))
    clock.now += 0.3
    pacer.answered(9, 1)
    clock.now += 0.4
    pacer.answered(9, 1)
    assert pacer.stats().capacity == pytest.approx(2000)


@pytest.mark.parametrize(("speed", "room"), [(2000, 800), (500, LEAST_SLICE), (1_000_000, None)])
def test_a_frame_takes_a_slow_line_for_a_moment_only(
    pacer: Pacer, clock: Clock, speed: float, room: int | None
) -> None:
    assert pacer.room() is None
    probe(pacer, clock)
    assert pacer.room() == FLIGHT_BYTES
    pacer.sent(4000, place=(9, 1))
    clock.now += 0.08 + 4000 / speed
    pacer.answered(9, 1)
    assert pacer.room() == room


def test_an_answer_that_gets_lost_does_not_stop_the_frames_for_ever(pacer: Pacer, clock: Clock) -> None:
    probe(pacer, clock)
    for _ in range(3):
        pacer.sent(400, place=(9, 1))
        wait = pacer.delay()
        assert 0 < wait < 10
        clock.now += wait + 0.001
        assert pacer.delay() == 0
    assert not pacer.answers


def test_a_lost_answer_does_not_put_the_later_ones_off_by_one(pacer: Pacer, clock: Clock) -> None:
    probe(pacer, clock)
    pacer.sent(100, place=(9, 1))
    pacer.sent(100, place=(10, 1))
    assert pacer.answered(10, 1)
    assert pacer.unanswered == 0


def test_an_answer_from_elsewhere_is_told(pacer: Pacer, clock: Clock) -> None:
    probe(pacer, clock)
    pacer.sent(100, place=(9, 1))
    assert not pacer.answered(12, 40)
    pacer.sent(100, place=(9, -1))
    assert pacer.answered(9, 77)
    pacer.sent(100, place=(9, 1))
    pacer.excuse()
    assert pacer.answered(3, 3)


def test_the_figures_of_the_line(pacer: Pacer, clock: Clock) -> None:
    probe(pacer, clock)
    for _ in range(20):
        pacer.sent(1000, place=(9, 1))
        clock.now += 0.08 + 1000 / 2000
        pacer.answered(9, 1)
    stats = pacer.stats()
    assert stats.answers
    assert stats.round_trip == pytest.approx(0.08)
    assert stats.capacity == pytest.approx(2000)
    assert stats.frames == 20
    assert stats.bytes == 20_008
    assert stats.bytes_per_second == pytest.approx(1000 * stats.frames_per_second)
    clock.now += WINDOW
    assert pacer.stats().frames_per_second == 0


def test_an_answer_that_came_while_the_program_was_busy_is_measured_from_when_it_came(
    pacer: Pacer, clock: Clock
) -> None:
    pacer.sent(8, place=(2, 1), frame=False)
    clock.now += 3
    pacer.answered(2, 1, clock.now - 2.92)
    assert pacer.stats().round_trip == pytest.approx(0.08)


def test_a_round_trip_that_was_measured_too_long_is_put_right_by_any_frame(pacer: Pacer, clock: Clock) -> None:
    probe(pacer, clock, 2.0)
    pacer.sent(3000, place=(9, 1))
    clock.now += 0.09
    pacer.answered(9, 1)
    assert pacer.stats().round_trip == pytest.approx(0.09)


# The driver with its pacer, on a terminal that answers when it is told to.


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


def price(text: str, y: int = 3) -> str:
    return f"\x1b[{y};5H\x1b[32m{text}\x1b[0m\x1b[1;1H"


def test_frames_that_have_become_old_are_never_sent(driver: Wired) -> None:
    driver.show(price("10.00"))
    for cents in range(1, 60):
        driver.show(price(f"10.{cents:02}"))
    assert 1 <= driver.take().count(QUERY) <= FLIGHT_FRAMES
    driver.answer()
    text = driver.take()
    assert "59" in text
    assert "58" not in text
    driver.settle()
    assert driver.far.display[2].strip() == "10.59"


def test_every_question_is_asked_from_the_second_row_or_below(driver: Wired) -> None:
    driver.show(price("top", 1))
    assert driver.far.answers
    driver.answer()


def test_a_held_frame_goes_when_no_answer_comes(driver: Wired) -> None:
    for text in "abc":
        driver.show(price(text))
    assert "c" not in driver.take()
    driver.far.answers.clear()
    driver.timers.pass_time(20)
    assert driver.far.display[2].strip() == "c"


def test_a_key_is_echoed_while_a_frame_is_unanswered(driver: Wired) -> None:
    driver.show(price("1"))
    driver.take()
    driver.pacer.hand()
    driver.show(price("key", 4))
    assert "key" in driver.take()


def test_a_terminal_that_drew_something_else_is_drawn_anew(driver: Wired) -> None:
    driver.far.feed("\x1b[2J\x1b[5;5Hwall: going down")
    driver.show(price("7"))
    driver.far.answers[:] = ["\x1b[6;6R"]
    driver.answer()
    driver.settle()
    assert [line.strip() for line in driver.far.display] == ["", "", "7", "", "", ""]


def test_what_the_app_asks_itself_it_gets_the_answer_to(driver: Wired) -> None:
    driver.write("\x1b[6n")
    driver.show(price("1"))
    assert list(driver._questions._out) == [False, True]


def test_the_echo_of_a_key_goes_past_the_figures_that_wait(driver: Wired) -> None:
    for count in range(FLIGHT_FRAMES + 1):
        driver.show(price(f"9.{count}"))
    driver.show("\x1b[5;1H" + "figures " * 5 + "\x1b[1;1H")
    driver.take()
    driver.pacer.hand()
    driver.show(price("key", 4))
    text = driver.take()
    assert "key" in text
    assert "fig" not in text
    driver.settle()
    assert "figures" in driver.far.display[4]
    assert "9.2" in driver.far.display[2]

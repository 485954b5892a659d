"""When thrift is wanted: not for a moment's burst, not back and forth, and never without a measurement."""

import pytest

from tui.link.eco import FAR, NEAR, OFF_AFTER, ON_AFTER, QUICK, SLOW, EcoWanted
from tui.link.pace import LinkStats


class Clock:
    """Time that is set."""

    now = 50.0

    def __call__(self) -> float:
        return self.now


class Watch:
    """Asks once a second, as the app does."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.wanted = EcoWanted(self.clock)

    def for_seconds(self, seconds: float, stats: LinkStats) -> list[bool]:
        answers = []
        for _ in range(round(seconds)):
            self.clock.now += 1
            answers.append(self.wanted(stats))
        return answers


def line(capacity: float | None = None, trip: float | None = 0.08, *, answers: bool = True) -> LinkStats:
    return LinkStats(answers, trip, capacity, 0.0, 0.0, 0, 0)


@pytest.fixture
def watch() -> Watch:
    return Watch()


SLOW_LINES = [line(SLOW - 1), line(None, FAR + 0.01), line(1e6, FAR + 0.01)]


@pytest.mark.parametrize("slow", SLOW_LINES)
def test_a_line_that_stays_slow_is_found_slow_once(watch: Watch, slow: LinkStats) -> None:
    answers = watch.for_seconds(60, slow)
    assert answers == sorted(answers)
    assert answers.index(True) == ON_AFTER


@pytest.mark.parametrize(
    "quick", [line(), line(1e6), line(QUICK, NEAR), line(SLOW, FAR), line(None, None, answers=False)]
)
def test_a_line_that_is_not_slow_or_not_known_changes_nothing(watch: Watch, quick: LinkStats) -> None:
    assert not any(watch.for_seconds(60, quick))


def test_a_burst_is_no_slow_line(watch: Watch) -> None:
    for _ in range(10):
        assert not any(watch.for_seconds(ON_AFTER, line(100)) + watch.for_seconds(1, line(1e6)))


def test_between_slow_and_quick_the_answer_holds(watch: Watch) -> None:
    watch.for_seconds(10, line(SLOW - 1))
    assert all(watch.for_seconds(300, line((SLOW + QUICK) / 2)))
    assert all(watch.for_seconds(300, line(1e6, (NEAR + FAR) / 2)))
    assert all(watch.for_seconds(300, line(1e6, None, answers=False)))


def test_a_line_has_to_stay_quick_before_thrift_ends(watch: Watch) -> None:
    watch.for_seconds(10, line(SLOW - 1))
    assert all(watch.for_seconds(OFF_AFTER, line(1e6)))
    assert all(watch.for_seconds(1, line(SLOW - 1)))
    answers = watch.for_seconds(OFF_AFTER + 5, line(1e6))
    assert answers == sorted(answers, reverse=True)
    assert not answers[-1]

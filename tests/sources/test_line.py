"""One question and several who may answer it; and the gates that keep those who failed at rest."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sources.server import Clock
from tui.sources.base import (
    DeniedError,
    LimitedError,
    MalformedError,
    NoDataError,
    SourceError,
    UnknownSymbolError,
    UnreachableError,
)
from tui.sources.gate import DENIED, DENIED_FIRST, LONGEST, SHORTEST, Gate
from tui.sources.line import Line, told

KINDS = [UnreachableError("u"), DeniedError("d"), MalformedError("m"), NoDataError("n"), UnknownSymbolError("k")]


class Answering:
    """Gives its answers in turn; an error is raised."""

    def __init__(self, *answers) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def get(self):
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def line(clock, **sources):
    return Line(sources, clock, lambda: 1.0)


async def ask(line):
    return await line.ask(lambda source: source.get(), "SPY")


async def test_ask_when_the_first_answers_then_nobody_else_is_asked(clock):
    first, second = Answering(1), Answering(2)
    assert await ask(line(clock, a=first, b=second)) == 1
    assert second.asked == 0


@pytest.mark.parametrize("error", KINDS)
async def test_ask_when_the_first_fails_then_the_second_answers(clock, error):
    assert await ask(line(clock, a=Answering(error), b=Answering(2))) == 2


@pytest.mark.parametrize(("error", "rests"), zip(KINDS, [True, True, False, False, False], strict=True))
async def test_ask_when_the_first_has_failed_then_it_rests_only_if_it_could_not_answer_at_all(clock, error, rests):
    first = Answering(error)
    both = line(clock, a=first, b=Answering(2))
    await ask(both)
    await ask(both)
    assert first.asked == (1 if rests else 2)


async def test_ask_when_its_time_has_come_then_the_first_is_asked_again(clock):
    first = Answering(LimitedError("l", clock.now + 900), 1)
    both = line(clock, a=first, b=Answering(2))
    assert [await ask(both), await ask(both)] == [2, 2]
    clock.now += 899
    assert await ask(both) == 2
    clock.now += 1
    assert await ask(both) == 1


async def test_ask_when_all_fail_then_the_first_in_order_is_told_even_while_it_rests(clock):
    both = line(clock, a=Answering(LimitedError("l", clock.now + 900)), b=Answering(NoDataError("n")))
    for _ in range(2):
        with pytest.raises(LimitedError):
            await ask(both)


async def test_ask_when_nobody_is_there_then_it_says_where_to_look(clock):
    with pytest.raises(NoDataError, match=r"\[chain\] in config.toml"):
        await ask(line(clock))


def test_told_when_a_login_is_missing_then_only_if_nothing_else_is_known():
    denied, missing = DeniedError("d"), NoDataError("n")
    assert told([denied, missing]) is missing
    assert told([denied]) is denied
    assert told([]) is None


# The gate


def gate(clock):
    return Gate(clock, lambda: 1.0)


def test_gate_when_failures_go_on_then_the_rests_double_up_to_five_minutes_and_an_answer_ends_it(clock):
    shut = gate(clock)
    rests = []
    for _ in range(7):
        shut.failed(UnreachableError("u"))
        rests.append(shut.until - clock.now)
        assert not shut.is_open
        clock.now = shut.until
        assert shut.is_open
    assert rests == [SHORTEST, 30, 60, 120, 240, LONGEST, LONGEST]
    shut.answered()
    assert (shut.is_open, shut.error) == (True, None)
    shut.failed(UnreachableError("u"))
    assert shut.until - clock.now == SHORTEST


def test_gate_when_a_login_is_wanted_then_from_one_minute_to_fifteen(clock):
    shut = gate(clock)
    rests = []
    for _ in range(6):
        shut.failed(DeniedError("d"))
        rests.append(shut.until - clock.now)
    assert (rests[0], rests[-1]) == (DENIED_FIRST, DENIED)


def test_gate_when_limited_then_until_the_time_that_was_named(clock):
    shut = gate(clock)
    shut.failed(LimitedError("l", clock.now + 7200))
    assert shut.until == clock.now + 7200


def test_gate_when_the_clock_is_set_back_then_it_is_open(clock):
    shut = gate(clock)
    shut.failed(UnreachableError("u"))
    clock.now -= 3600
    assert shut.is_open


@pytest.mark.parametrize(("error", "opens"), [(UnreachableError("u"), True), (LimitedError("l", 2e9), False)])
def test_gate_when_the_machine_has_slept_then_only_a_missing_connection_is_forgiven(clock, error, opens):
    shut = gate(clock)
    shut.failed(error)
    shut.woke()
    assert shut.is_open is opens


@settings(deadline=None)
@given(st.lists(st.sampled_from([*KINDS, None]), max_size=30), st.lists(st.floats(0, 1000), min_size=30, max_size=30))
def test_gate_when_anything_happens_then_it_never_rests_longer_than_it_says(events, steps):
    clock = Clock()
    shut = gate(clock)
    for event, step in zip(events, steps, strict=False):
        if event is None:
            shut.answered()
        else:
            shut.failed(event)
        assert shut.until <= clock.now + max(LONGEST, DENIED)
        assert isinstance(shut.error, SourceError | None)
        clock.now += step

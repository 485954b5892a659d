"""What rings and when: crossings, sessions, unknown values, and a restart in between."""

from datetime import date, timedelta
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.alerts import Budget, Repeat, Seen, filled, step, unknown_placeholders

FIRST = date(2024, 7, 12)
TEXT = "IWM.1d > 3%"

LOOKS = st.lists(st.tuples(st.integers(0, 1), st.sampled_from([True, False, None])), max_size=40).map(
    lambda steps: [(sum(more for more, _ in steps[: i + 1]), holds) for i, (_, holds) in enumerate(steps)]
)
"""Looks as (session number, whether it holds), the sessions in order."""


def rung(looks: list[tuple[int, bool | None]], repeat: Repeat, before: Seen | None = None) -> list[int]:
    """The places of the looks that ring."""
    found = []
    for place, (number, holds) in enumerate(looks):
        before, rings = step(TEXT, repeat, before, FIRST + timedelta(number), holds)
        if rings:
            found.append(place)
    return found


@given(looks=LOOKS)
def test_once_a_session_rings_at_the_first_look_that_holds_in_each_session(looks: list[tuple[int, bool | None]]):
    expected = []
    for _, group in groupby(enumerate(looks), key=lambda each: each[1][0]):
        expected += [place for place, (_, holds) in group if holds][:1]
    assert rung(looks, Repeat.SESSION) == expected


@given(looks=LOOKS)
def test_each_crossing_rings_once_and_what_is_unknown_interrupts_nothing(looks: list[tuple[int, bool | None]]):
    expected = []
    for _, group in groupby(enumerate(looks), key=lambda each: each[1][0]):
        known = [(place, holds) for place, (_, holds) in group if holds is not None]
        expected += [
            place for (_, was), (place, holds) in zip([(-1, False), *known], known, strict=False) if holds and not was
        ]
    assert rung(looks, Repeat.CROSSING) == expected


@given(looks=LOOKS, cut=st.integers(0, 40), repeat=st.sampled_from(Repeat))
def test_a_restart_anywhere_changes_nothing(looks: list[tuple[int, bool | None]], cut: int, repeat: Repeat):
    before: Seen | None = None
    for number, holds in looks[:cut]:
        before, _ = step(TEXT, repeat, before, FIRST + timedelta(number), holds)
    assert rung(looks[:cut], repeat) + [cut + place for place in rung(looks[cut:], repeat, before)] == rung(
        looks, repeat
    )


@given(looks=LOOKS, repeat=st.sampled_from(Repeat))
def test_what_is_unknown_never_rings(looks: list[tuple[int, bool | None]], repeat: Repeat):
    assert rung([(number, None) for number, _ in looks], repeat) == []


def test_another_condition_under_the_same_name_begins_anew():
    seen, rings = step(TEXT, Repeat.SESSION, None, FIRST, holds=True)
    assert rings
    assert step("IWM.1d > 4%", Repeat.SESSION, seen, FIRST, holds=True)[1]
    assert not step(TEXT, Repeat.SESSION, seen, FIRST, holds=True)[1]


def test_a_look_at_an_earlier_session_changes_nothing():
    seen, _ = step(TEXT, Repeat.SESSION, None, FIRST, holds=True)
    assert step(TEXT, Repeat.SESSION, seen, FIRST - timedelta(1), holds=True) == (seen, False)


@given(value=st.text(max_size=20))
def test_whatever_is_put_into_a_command_stays_one_argument(value: str):
    found = filled(["say", "{name}", "a {values} b", "{x: 1}"], {"name": value, "values": "{name}"})
    assert found == ["say", value, "a {name} b", "{x: 1}"]


def test_the_program_itself_is_never_filled_in():
    assert filled(["{name}", "{name}"], {"name": "rm"}) == ["{name}", "rm"]


def test_words_in_braces_that_stand_for_nothing_are_found():
    assert unknown_placeholders(["say", "{nmae} {values}", '{"json": 1}', "{}"]) == ["nmae"]


@given(steps=st.lists(st.floats(0, 30), max_size=60), most=st.integers(1, 5))
def test_never_more_than_the_budget_in_any_minute(steps: list[float], most: int):
    budget, now, taken = Budget(most, 60.0), 0.0, []
    for pause in steps:
        now += pause
        if budget.take(now):
            taken.append(now)
    assert all(len([moment for moment in taken if end - 60 < moment <= end]) <= most for end in taken)


@pytest.mark.parametrize("now", [59.9, 60.0])
def test_a_budget_is_free_again_after_its_time(now: float):
    budget = Budget(1, 60.0)
    assert budget.take(0.0)
    assert budget.take(now) is (now >= 60)

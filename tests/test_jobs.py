"""Tests of work in slices."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.jobs import slices


@given(st.lists(st.integers(), max_size=12), st.integers(1, 5))
def test_slices_are_the_whole_in_order_and_none_is_longer(whole: list[int], size: int) -> None:
    async def taken() -> list[list[int]]:
        return [list(part) async for part in slices(whole, size)]

    parts = asyncio.run(taken())
    assert [each for part in parts for each in part] == whole
    assert all(0 < len(part) <= size for part in parts)


TURN_SECONDS = 0.0001
"""What a turn of the loop takes by the clock of the test: a busy machine may take all of a pause for one."""


async def test_between_two_slices_others_have_many_turns_of_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    loop = asyncio.get_running_loop()
    begun = loop.time()
    monkeypatch.setattr(loop, "time", lambda: begun + turns * TURN_SECONDS)
    turning = asyncio.create_task(turn())
    seen = [turns async for _ in slices("abc", 1)]
    monkeypatch.undo()
    turning.cancel()
    assert all(later - sooner > 4 for sooner, later in pairwise(seen))

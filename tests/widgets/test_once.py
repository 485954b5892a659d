"""Tests of the call after a while, above all for a process that is held just as it is asked for."""

import asyncio
from collections import Counter

import pytest
from textual import _time, timer
from textual.app import App

from tests.waiting import until_idle
from tui.widgets.once import once


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten seconds pass between the first and the second look at the clock of every timer; no wait takes any time."""
    looks: Counter[object] = Counter()

    def now() -> float:
        task = asyncio.current_task()
        looks[task] += 1
        return 0.0 if looks[task] == 1 else 10.0

    async def sleep(_seconds: float) -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr(_time, "get_time", now)
    monkeypatch.setattr(timer, "sleep", sleep)


async def test_a_call_comes_also_when_the_process_was_held_as_it_was_asked_for(held: None) -> None:
    app, calls = App[None](), []
    async with app.run_test():
        once(app, 0.004, lambda: calls.append("late"))
        await until_idle()
        assert calls == ["late"]


async def test_it_comes_once(monkeypatch: pytest.MonkeyPatch) -> None:
    app, calls = App[None](), []
    async with app.run_test():

        async def sleep(_seconds: float) -> None:
            await asyncio.sleep(0)

        monkeypatch.setattr(timer, "sleep", sleep)
        beat = once(app, 0.004, lambda: calls.append("once"))
        for _ in range(20):
            await until_idle()
        assert calls == ["once"]
        assert beat._task is None


async def test_no_time_at_all_is_soon() -> None:
    app, calls = App[None](), asyncio.Event()
    async with app.run_test(), asyncio.timeout(10):
        once(app, 0.0, calls.set)
        await calls.wait()
        assert calls.is_set()


async def test_a_stopped_call_does_not_come(held: None) -> None:
    app, calls = App[None](), []
    async with app.run_test():
        once(app, 0.004, lambda: calls.append("never")).stop()
        await until_idle()
        assert calls == []

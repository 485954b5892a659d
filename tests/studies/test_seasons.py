"""The study of the seasons over a fake market: the stored history, with the running session at its end."""

from datetime import date

import pytest

from tests.fakes.source import SESSION, FakeSource, bars, quote
from tests.test_engine import board_of, running
from tui.studies.seasons import SeasonsAnswer, SeasonsStudy

RISING = [100.0 + i for i in range(300)]


async def seasons_of(before: date) -> SeasonsAnswer:
    """With a history that ends the session before `before`, and a price of 500 in the running one."""
    source = FakeSource({"SPY": bars("SPY", RISING, session=before)})
    async with running(source) as engine:
        engine.watch(["SPY"], "SPY")
        source.send(quote("SPY", 500.0, final=False), epoch=engine.wanted.now.epoch)
        assert await engine.settle(10)
        return await SeasonsStudy(board_of(engine)).answer("SPY")


async def test_the_running_session_ends_the_running_month() -> None:
    answer = await seasons_of(SESSION)
    assert (answer.sessions, answer.final) == (301, False)
    so_far = answer.seasons.so_far
    assert so_far is not None
    assert (so_far.year, so_far.month) == (2024, 7)
    assert so_far.value == pytest.approx(500 / (399 - 8) - 1)  # nine sessions of July, eight of them stored


async def test_a_price_after_a_hole_ends_no_month() -> None:
    answer = await seasons_of(date(2024, 6, 3))
    assert (answer.sessions, answer.final) == (300, True)
    months = {year.year: year.months for year in answer.seasons.years}[2024]
    assert months[4] == pytest.approx(399 / (399 - 22) - 1)
    assert months[5:] == [None] * 7

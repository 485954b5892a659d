"""The study of conditions over a fake market: the history behind, the quotes of now in front."""

from collections.abc import Sequence
from datetime import date

import polars as pl
import pytest

from tests.fakes.source import SESSION, FakeSource, bars, days_before, quote
from tests.test_engine import board_of, running
from tui import sessions
from tui.analytics.windows import Window
from tui.model import DataError
from tui.sources.base import UnreachableError
from tui.store.memory import Memory
from tui.studies.events import ConditionError, Each, EventsStudy

WAVE = [100.0 + 3 * (i % 7) for i in range(300)]
RISING = [100.0 + i for i in range(300)]
STEPS = [100.0 + i + 6 * (i % 5) for i in range(300)]


class Counted(Memory):
    """Counts what is read."""

    def __init__(self) -> None:
        super().__init__()
        self.reads: list[tuple[tuple[str, ...], tuple[str, ...]]] = []

    def frame(
        self,
        symbols: Sequence[str] | None = None,
        start: date | None = None,
        end: date | None = None,
        columns: Sequence[str] | None = None,
    ) -> pl.DataFrame:
        if start is None and columns is not None:
            self.reads.append((tuple(symbols or ()), tuple(columns)))
        return super().frame(symbols, start, end, columns)


def market() -> FakeSource:
    return FakeSource({name: bars(name, closes) for name, closes in {"IWM": WAVE, "SPY": RISING, "QQQ": STEPS}.items()})


async def watched(engine, source: FakeSource, *prices: tuple[str, float], final: bool = False) -> None:
    engine.watch([symbol for symbol, _ in prices], prices[0][0])
    quotes = [quote(symbol, price, volume=500, final=final) for symbol, price in prices]
    source.send(*quotes, epoch=engine.wanted.now.epoch)
    assert await engine.settle(10)


async def test_the_running_session_is_the_last_one_of_the_answer() -> None:
    source = market()
    async with running(source) as engine:
        await watched(engine, source, ("SPY", 500.0))
        answer = await EventsStudy(board_of(engine)).answer("SPY.1d >= 20%")
    assert [row.date for row in answer.rows] == [SESSION]
    assert answer.rows[0].values["SPY.1d"] == pytest.approx(500 / 399 - 1)
    assert (answer.running, answer.holds, answer.sessions, answer.sessions_since) == (True, True, 301, 0)


async def test_a_symbol_that_is_not_watched_is_asked_of_the_source_and_stored() -> None:
    source, shelf = market(), Memory()
    async with running(source, shelf) as engine:
        await watched(engine, source, ("SPY", 500.0))
        answer = await EventsStudy(board_of(engine)).answer("QQQ.1d > 2% and SPY.1d > 0")
        assert shelf.last_sessions(["QQQ"])
    assert answer.last == sessions.previous_session(SESSION)
    assert not answer.running
    assert answer.notes[-1] == f"{SESSION} is not counted: there is no price of QQQ yet."


async def test_an_unknown_symbol_is_an_error_at_its_place() -> None:
    source = market()
    async with running(source) as engine:
        await watched(engine, source, ("SPY", 500.0))
        with pytest.raises(ConditionError, match="NOPE is not known") as caught:
            await EventsStudy(board_of(engine)).answer("SPY.1d > 0 and NOPE.1d > 0")
    assert caught.value.column == 15


async def test_a_source_that_cannot_be_reached_is_no_fault_of_the_condition() -> None:
    source = market()
    source.errors["QQQ"] = UnreachableError("no connection")
    async with running(source) as engine:
        await watched(engine, source, ("SPY", 500.0))
        with pytest.raises(DataError, match="no connection"):
            await EventsStudy(board_of(engine)).answer("QQQ.1d > 2%")


async def test_columns_are_read_once_and_again_when_another_is_needed() -> None:
    source, shelf = market(), Counted()
    async with running(source, shelf) as engine:
        await watched(engine, source, ("SPY", 500.0), ("IWM", 101.0))
        study = EventsStudy(board_of(engine))
        shelf.reads.clear()
        await study.answer("SPY.1d > 1%")
        await study.answer("SPY.1w > 1% and IWM.1d > 1%")
        await study.answer("SPY.drawdown < 0 or IWM at 52w high")
        assert [symbols for symbols, _ in shelf.reads] == [("SPY",), ("IWM",)]
        await study.answer("SPY.volume_ratio > 2")
    assert shelf.reads[-1] == (("SPY",), ("close", "volume"))


async def test_events_that_happen_are_told_by_the_quotes_of_now() -> None:
    source = market()
    up, down, run, wrong = "SPY.1d > 20%", "SPY.1d < 0", "streak(SPY.1d > 0) >= 300", "SPY.1d > 20"
    async with running(source) as engine:
        await watched(engine, source, ("SPY", 500.0))
        study = EventsStudy(board_of(engine))
        assert await study.happening([up, down, run, wrong, "IWM.1d > -99% or SPY.1d < -99%"]) == {up, run}
        source.send(quote("SPY", 390.0), epoch=engine.wanted.now.epoch)
        while engine.live.quotes["SPY"].price != 390.0:
            await engine._news.wait()
            engine._news.clear()
        assert await study.happening([up, down, run]) == {down}


async def test_what_happens_is_asked_of_the_history_once_a_session() -> None:
    source, shelf = market(), Counted()
    async with running(source, shelf) as engine:
        await watched(engine, source, ("SPY", 500.0))
        study = EventsStudy(board_of(engine))
        await study.happening(["SPY.1d > 20%"])
        shelf.reads.clear()
        for _ in range(5):
            await study.happening(["SPY.1d > 20%"])
    assert shelf.reads == []


async def test_happening_agrees_with_the_last_row_of_the_answer() -> None:
    source = market()
    texts = ["QQQ at all-time high", "QQQ.close crosses above 450", "QQQ.zscore50 > 3", "streak(QQQ.1d > 0) >= 2"]
    async with running(source) as engine:
        await watched(engine, source, ("QQQ", 500.0))
        study = EventsStudy(board_of(engine))
        happening = await study.happening(texts)
        answers = {text: await study.answer(text) for text in texts}
    assert happening == {text for text, answer in answers.items() if answer.sessions_since == 0}
    assert happening == {texts[0], texts[1], texts[2]}


async def test_today_does_not_follow_on_a_session_of_long_ago() -> None:
    texts = ["SPY.1d > 20%", "SPY at all-time high", "SPY.close crosses above 450", "streak(SPY.1d > 0) >= 2"]
    source = FakeSource({"SPY": bars("SPY", RISING, session=date(2024, 6, 3))})
    async with running(source) as engine:
        await watched(engine, source, ("SPY", 500.0))
        study = EventsStudy(board_of(engine))
        assert await study.happening([*texts, "SPY.close > 450"]) == {"SPY.close > 450"}
        answer = await study.answer("SPY.close > 350")
    assert answer.last == date(2024, 5, 31)
    assert not answer.running
    assert answer.notes[-1] == f"{SESSION} is not counted: the history of SPY ends on 2024-05-31."


async def test_symbols_of_conditions_are_named_each_once() -> None:
    async with running(market()) as engine:
        found = await EventsStudy(board_of(engine)).symbols(["SPY.1d > 0", "nonsense", "IWM.1d > SPY.1d"])
    assert found == ("SPY", "IWM")


async def test_span_horizons_and_what_counts_are_passed_on() -> None:
    source = market()
    since = days_before(SESSION, 20)[0]
    async with running(source) as engine:
        await watched(engine, source, ("IWM", 118.0), final=True)
        study = EventsStudy(board_of(engine))
        answer = await study.answer("IWM.1d > 2%", since=since, horizons=(Window.W1,), each=Each.RUN)
    assert answer.first == since
    assert answer.horizons == (Window.W1,)
    assert answer.each is Each.RUN
    assert set(answer.base["IWM"]) == {Window.W1}


async def test_around_shows_the_symbol_before_and_after_each_date() -> None:
    source = market()
    day = days_before(SESSION, 10)[0]
    async with running(source) as engine:
        await watched(engine, source, ("SPY", 500.0))
        found = await EventsStudy(board_of(engine)).around("SPY", [day], before=2, after=3)
    assert found.offsets == (-2, -1, 0, 1, 2, 3)
    assert found.paths[0].values[2] == 100.0
    assert found.paths[0].values[3] == pytest.approx(100 * 391 / 390)

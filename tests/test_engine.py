"""The pump and the loader together: from what a source yields to rows."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import date, timedelta

import msgspec
import pytest

from tests.fakes.source import NOON, SESSION, FakeSource, bars, quote
from tui import sessions
from tui.analytics.windows import Window
from tui.board import Board
from tui.engine import Engine
from tui.loader import Shelf
from tui.model import Bar, Health, State
from tui.sources.base import LimitedError, NoDataError, SourceError, UnreachableError
from tui.store.memory import Memory

RISING = [100.0 + i for i in range(300)]
FLAT = [50.0] * 300


@asynccontextmanager
async def running(source: FakeSource, shelf: Shelf | None = None, *, fetch: bool = True) -> AsyncIterator[Engine]:
    engine = Engine(source, shelf or Memory(), fetch=fetch, stale_after=600.0)
    task = asyncio.create_task(engine.run())
    try:
        yield engine
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(true: Callable[[], bool]) -> None:
    """Let the loop run until something holds; ten seconds at most."""
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0)


def board_of(engine: Engine) -> Board:
    return Board(engine, window=Window.M1, volume_window=63)


def both() -> FakeSource:
    return FakeSource({"IWM": bars("IWM", RISING), "SPY": bars("SPY", FLAT)})


async def test_a_quote_and_a_history_make_a_row_with_excess() -> None:
    source = both()
    async with running(source) as engine:
        engine.watch(["IWM"], "SPY")
        source.send(quote("IWM", 500.0, volume=2000, final=True), quote("SPY", 51.0, final=True), epoch=1)
        assert await engine.settle(10)
        row = board_of(engine).row("IWM")
    assert row.figures is not None
    assert row.figures.returns["1D"] == pytest.approx(500 / 399 - 1)
    assert row.figures.excess["1D"] == pytest.approx(500 / 399 - 51 / 50)
    assert row.figures.volume_ratio == pytest.approx(2.0)
    assert row.state is State.EOD


async def test_an_answer_for_the_list_before_is_dropped() -> None:
    source = both()
    async with running(source) as engine:
        engine.watch(["IWM"], "SPY")
        engine.watch(["SPY"], "SPY")
        source.send(quote("IWM", 1.0), epoch=1)
        source.send(quote("SPY", 51.0), epoch=2)
        await until(lambda: "SPY" in engine.live.quotes)
        assert "IWM" not in engine.live.quotes


async def test_history_is_asked_for_once_per_session_and_visible_symbols_first() -> None:
    histories = {name: bars(name, RISING) for name in "ABCDEFGHIJKLMNOPQRST"}
    source = FakeSource(histories)
    async with running(source) as engine:
        engine.look_at(["T", "S"])
        engine.watch(list(histories), "A")
        engine.look_at(["T", "S"])
        await until(lambda: len(source.asked) == len(histories))
        await engine.loader.idle.wait()
        engine.refresh()
        await engine.loader.idle.wait()
    assert {"S", "T"} <= {name for name, _ in source.asked[:8]}
    assert sorted(name for name, _ in source.asked) == sorted(histories)


async def test_a_stored_history_that_ends_early_is_not_taken_for_the_whole() -> None:
    shelf = Memory()
    short = bars("IWM", RISING, session=sessions.previous_session(sessions.previous_session(SESSION)))
    shelf.append([short, bars("SPY", FLAT)])
    source = both()
    source.gate = asyncio.Event()
    async with running(source, shelf) as engine:
        engine.watch(["IWM"], "SPY")
        source.send(quote("IWM", 500.0), quote("SPY", 51.0), epoch=1)
        await until(lambda: "SPY" in engine.loader.baselines)
        row = board_of(engine).row("IWM")
        assert row.figures is not None
        assert row.figures.returns["1D"] is None
        source.gate.set()
        assert await engine.settle(10)
        row = board_of(engine).row("IWM")
    assert row.figures is not None
    assert row.figures.returns["1D"] == pytest.approx(500 / 399 - 1)
    assert source.asked[0][1] is not None, "only the missing part is asked for"


async def test_an_adjusted_history_is_fetched_in_full() -> None:
    shelf = Memory()
    before = sessions.previous_session(SESSION)
    shelf.append([bars("IWM", [2 * c for c in RISING[:-1]], session=before), bars("SPY", FLAT)])
    source = both()
    async with running(source, shelf) as engine:
        engine.watch(["IWM"], "SPY")
        source.send(quote("IWM", 500.0), quote("SPY", 51.0), epoch=1)
        assert await engine.settle(10)
        closes = shelf.frame(["IWM"])["close"].to_list()
    assert [start for name, start in source.asked if name == "IWM"][-1] is None
    assert closes == RISING


async def test_a_new_session_makes_new_baselines() -> None:
    source = both()
    async with running(source) as engine:
        engine.watch(["IWM"], "SPY")
        source.send(quote("IWM", 400.0), quote("SPY", 50.0), epoch=1)
        assert await engine.settle(10)
        monday = sessions.next_session(SESSION)
        source.moment = sessions.session_open(monday)
        source.histories = {"IWM": bars("IWM", [*RISING, 410.0], monday), "SPY": bars("SPY", [*FLAT, 50.0], monday)}
        later = source.moment.timestamp()
        source.send(
            quote("IWM", 451.0, session=monday, as_of=later), quote("SPY", 50.0, session=monday, as_of=later), epoch=1
        )
        await until(lambda: all(b.session == monday for b in engine.loader.baselines.values()))
        row = board_of(engine).row("IWM")
    assert row.figures is not None
    assert row.figures.returns["1D"] == pytest.approx(0.1)


async def test_a_throttled_history_is_a_note_and_not_an_end() -> None:
    source = both()
    source.errors["IWM"] = LimitedError("throttled, retry 14:35", NOON.timestamp() + 900)
    async with running(source) as engine:
        engine.watch(["IWM"], "SPY")
        source.send(quote("IWM", 500.0), quote("SPY", 51.0), epoch=1)
        assert await engine.settle(10)
        row = board_of(engine).row("IWM")
        assert row.quote is not None
        assert row.quote.price == 500.0
        assert row.note == "throttled, retry 14:35"
        del source.errors["IWM"]
        engine.refresh()
        await until(lambda: "IWM" in engine.loader.baselines)


async def test_a_feed_that_breaks_is_reported_and_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.engine.RESTART_SECONDS", 0.0)
    source = both()
    seen: list[Health] = []
    async with running(source) as engine:
        engine.on_health = seen.append
        engine.watch(["IWM"], "SPY")
        source.send(quote("IWM", 500.0), epoch=1)
        source.break_with(RuntimeError("boom"))
        source.break_with(UnreachableError("no connection"))
        source.send(quote("IWM", 501.0, as_of=NOON.timestamp() + 1), epoch=1)
        await until(lambda: engine.live.quotes.get("IWM") is not None and engine.live.quotes["IWM"].price == 501.0)
    assert [health.state for health in seen] == [State.LIVE, State.OFFLINE, State.OFFLINE, State.LIVE]
    assert "boom" not in seen[1].detail


async def test_the_whole_list_wakes_when_the_benchmark_gets_its_baseline() -> None:
    source = both()
    woken: list[int] = []
    async with running(source) as engine:
        engine.on_wake = lambda: woken.append(1)
        engine.watch(["IWM"], "SPY")
        source.send(quote("IWM", 500.0), quote("SPY", 51.0), epoch=1)
        assert await engine.settle(10)
        assert {"IWM", "SPY"} <= engine.live.drain()
    assert woken


async def test_an_unknown_symbol_is_a_row_that_says_so() -> None:
    source = both()
    async with running(source) as engine:
        engine.watch(["NOPE"], "SPY")
        source.send(quote("SPY", 51.0), epoch=1, unknown=["NOPE"])
        assert await engine.settle(10)
        row = board_of(engine).row("NOPE")
    assert row.state is State.UNKNOWN
    assert row.note == "NOPE is not known to fake"


async def test_a_benchmark_without_data_leaves_returns_and_no_excess() -> None:
    source = FakeSource({"IWM": bars("IWM", RISING)})
    async with running(source) as engine:
        engine.watch(["IWM"], "NOPE")
        source.send(quote("IWM", 500.0), epoch=1, unknown=["NOPE"])
        assert await engine.settle(10)
        row = board_of(engine).row("IWM")
    assert row.figures is not None
    assert row.figures.returns["1W"] is not None
    assert set(row.figures.excess.values()) == {None}


async def test_a_replayed_close_is_compared_with_the_benchmarks_close_and_not_with_its_price_of_now() -> None:
    source = both()
    async with running(source) as engine:
        engine.watch(["IWM"], "SPY")
        end = sessions.session_close(SESSION).timestamp()
        source.send(
            quote("IWM", 399.0, final=True, as_of=end),
            quote("SPY", 40.0, close=55.0),
            epoch=1,
        )
        assert await engine.settle(10)
        row = board_of(engine).row("IWM")
    assert row.figures is not None
    assert row.figures.excess["1D"] == pytest.approx(0.0 - 0.1)


async def test_a_running_row_is_not_compared_with_a_close_that_is_not_there_yet() -> None:
    source = both()
    async with running(source) as engine:
        engine.watch(["IWM"], "SPY")
        end = sessions.session_close(SESSION).timestamp()
        source.send(quote("IWM", 399.0), quote("SPY", 55.0, final=True, as_of=end), epoch=1)
        assert await engine.settle(10)
        row = board_of(engine).row("IWM")
    assert row.figures is not None
    assert row.figures.excess["1D"] is None


async def test_ranks_are_by_excess_with_the_best_first() -> None:
    source = both()
    async with running(source) as engine:
        engine.watch(["SPY", "IWM", "NOPE"], "SPY")
        source.send(quote("IWM", 500.0), quote("SPY", 51.0), epoch=1, unknown=["NOPE"])
        assert await engine.settle(10)
        rows = board_of(engine).rows(["SPY", "IWM", "NOPE"])
    assert [row.rank["1D"] for row in rows] == [2, 1, None]


async def test_what_is_stored_is_shown_until_the_source_tells() -> None:
    shelf = Memory()
    shelf.append([bars("IWM", RISING), bars("SPY", FLAT)])
    source = both()
    before = sessions.previous_session(SESSION)
    stored = {
        "IWM": quote("IWM", 399.0, session=before, as_of=1.0, final=True, source="history"),
        "SPY": quote("SPY", 50.0, session=before, as_of=1.0, final=True, source="history"),
    }
    engine = Engine(
        source, shelf, fetch=True, stale_after=600.0, recall=lambda names: [stored[n] for n in names if n in stored]
    )
    task = asyncio.create_task(engine.run())
    try:
        engine.watch(["IWM"], "SPY")
        await until(lambda: (b := engine.loader.baselines.get("IWM")) is not None and b.session == before)
        row = board_of(engine).row("IWM")
        assert row.state is State.STALE
        assert row.figures is not None
        assert row.figures.returns["1D"] == pytest.approx(399 / 398 - 1)
        source.send(quote("IWM", 410.0), quote("SPY", 51.0), epoch=1)
        assert await engine.settle(10)
        row = board_of(engine).row("IWM")
        assert row.figures is not None
        assert row.figures.returns["1D"] == pytest.approx(410 / 399 - 1)
        assert row.state is State.LIVE
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.mark.parametrize(("error", "told"), [(NoDataError, False), (UnreachableError, True)])
async def test_a_symbol_without_a_usual_day_is_a_line_in_the_log_only_when_something_failed(
    error: type[SourceError], told: bool, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = both()
    source.cheap_intraday = True

    async def none(symbol: str) -> list[Bar]:
        raise error(f"none of {symbol}")

    monkeypatch.setattr(source, "intraday_history", none)
    caplog.set_level(logging.INFO, "tui")
    async with running(source) as engine:
        engine.watch(["IWM"], "SPY")
        await engine.loader.idle.wait()
    assert ("no usual day for IWM" in caplog.text) is told


async def test_closing_leaves_no_task_behind() -> None:
    before = asyncio.all_tasks()
    async with running(both()) as engine:
        engine.watch(["IWM"], "SPY")
        await engine.loader.idle.wait()
    assert asyncio.all_tasks() == before


async def test_what_is_stored_is_read_while_a_fetch_hangs() -> None:
    before = sessions.previous_session(SESSION)
    shelf = Memory()
    shelf.append([bars("IWM", RISING[:-1], before), bars("SPY", FLAT[:-1], before)])
    source = both()
    source.gate = asyncio.Event()
    async with running(source, shelf) as engine:
        engine.watch(["IWM"], "SPY")
        await until(lambda: len(source.asked) == 2)
        older = {"session": before, "as_of": 1.0, "final": True}
        source.send(quote("IWM", 399.0, **older), quote("SPY", 50.0, **older), epoch=1)
        await until(lambda: "IWM" in engine.loader.baselines)
        assert engine.loader.baselines["IWM"].session == before
        source.gate.set()
        await engine.loader.idle.wait()


class Told(FakeSource):
    """Has one bar more each time, or fails."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.failure: SourceError | None = None

    async def intraday(self, symbol: str, session: date | None = None) -> list[Bar]:
        if self.failure is not None:
            raise self.failure
        self.count += 1
        return (await super().intraday(symbol, session))[: self.count]


async def test_bars_are_asked_for_once_more_when_the_session_is_over() -> None:
    source = Told()
    async with running(source) as engine:
        engine.watch(["IWM"], "SPY")
        source.send(quote("IWM", 1.0), epoch=1)
        await until(lambda: "IWM" in engine.live.quotes)
        assert [len(await engine.intraday("IWM")) for _ in range(2)] == [1, 2]
        end = sessions.session_close(SESSION).timestamp()
        source.send(quote("IWM", 2.0, final=True, as_of=end), epoch=1)
        await until(lambda: engine.live.quotes["IWM"].final)
        assert [len(await engine.intraday("IWM")) for _ in range(3)] == [3, 3, 3]


async def test_bars_of_a_running_session_stay_while_the_source_fails_after_it() -> None:
    source = Told()
    async with running(source) as engine:
        engine.watch(["IWM"], "SPY")
        source.send(quote("IWM", 1.0), epoch=1)
        await until(lambda: "IWM" in engine.live.quotes)
        assert len(await engine.intraday("IWM")) == 1
        source.send(quote("IWM", 2.0, final=True), epoch=1)
        await until(lambda: engine.live.quotes["IWM"].final)
        source.failure = UnreachableError("no connection")
        assert len(await engine.intraday("IWM")) == 1
        source.failure = None
        assert len(await engine.intraday("IWM")) == 2
        source.failure = NoDataError("none")
        assert len(await engine.intraday("IWM")) == 2


async def test_what_is_remembered_is_stale_and_no_answer_even_under_the_name_of_the_source() -> None:
    source = both()
    engine = Engine(
        source, Memory(), fetch=False, stale_after=600.0, recall=lambda names: [quote(name, 5.0) for name in names]
    )
    task = asyncio.create_task(engine.run())
    try:
        engine.watch(["IWM"], "SPY")
        await until(lambda: len(engine.live.quotes) == 2)
        assert board_of(engine).row("IWM").state is State.STALE
        assert not await engine.settle(0.01)
        source.send(quote("IWM", 6.0), quote("SPY", 6.0), epoch=1)
        assert await engine.settle(10)
        assert board_of(engine).row("IWM").state is State.LIVE
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


# The day after the close


AFTER = sessions.session_close(SESSION) + timedelta(hours=2)


async def over(source: FakeSource, shelf: Memory, symbols: list[str]) -> None:
    """Run until all that is due has been loaded."""
    async with running(source, shelf) as engine:
        engine.watch(symbols, symbols[0])
        source.send(*(quote(name, 400.0, final=True) for name in symbols), epoch=1)
        assert await engine.settle(10)


def stored(*names: str) -> Memory:
    shelf = Memory()
    shelf.append([bars(name, RISING) for name in names])
    return shelf


def with_today(*names: str) -> FakeSource:
    """Whose histories have one session more: the one that is over now."""
    longer = {name: bars(name, [*RISING, 410.0], sessions.next_session(SESSION)) for name in names}
    return FakeSource(longer, AFTER)


async def test_the_day_is_appended_once_a_while_after_the_close() -> None:
    source, shelf = with_today("IWM", "SPY"), stored("IWM", "SPY")
    await over(source, shelf, ["IWM", "SPY"])
    assert sorted(source.asked) == [(name, date(2024, 7, 4)) for name in ("IWM", "SPY")]
    assert shelf.last_sessions(["IWM", "SPY"]) == dict.fromkeys(("IWM", "SPY"), SESSION)
    again = with_today("IWM", "SPY")
    await over(again, shelf, ["IWM", "SPY"])
    assert again.asked == [], "it is stored, whoever has done it"


@pytest.mark.parametrize("early", [timedelta(0), timedelta(minutes=44)])
async def test_the_day_is_not_appended_before_it_is_final(early: timedelta) -> None:
    source = with_today("IWM")
    source.moment = sessions.session_close(SESSION) + early
    await over(source, stored("IWM"), ["IWM"])
    assert source.asked == []


async def test_a_simulated_day_is_not_appended() -> None:
    source = with_today("IWM")
    source.nature_text = "SIMULATED"
    await over(source, stored("IWM"), ["IWM"])
    assert source.asked == []


async def test_a_day_that_the_source_does_not_have_is_asked_for_once_and_without_a_note() -> None:
    source = FakeSource({"IWM": bars("IWM", RISING)}, AFTER)
    async with running(source, stored("IWM")) as engine:
        engine.watch(["IWM"], "IWM")
        source.send(quote("IWM", 400.0, final=True), epoch=1)
        assert await engine.settle(10)
        engine.refresh()
        await engine.loader.idle.wait()
        assert board_of(engine).row("IWM").note == ""
    assert len(source.asked) == 1


async def test_a_day_that_cannot_be_had_now_is_asked_for_later_and_the_figures_stay() -> None:
    source = with_today("IWM")
    source.errors["IWM"] = UnreachableError("no connection")
    shelf = stored("IWM")
    async with running(source, shelf) as engine:
        engine.watch(["IWM"], "IWM")
        source.send(quote("IWM", 400.0, final=True), epoch=1)
        assert await engine.settle(10)
        row = board_of(engine).row("IWM")
        assert (row.note, row.figures is not None) == ("", True)
        source.errors.clear()
        engine.refresh()
        await until(lambda: shelf.last_sessions(["IWM"]) == {"IWM": SESSION})


async def test_a_split_that_is_not_stored_fetches_all_even_where_the_overlap_agrees() -> None:
    shelf = stored("IWM", "SPY")
    source = with_today("IWM", "SPY")
    source.histories["IWM"] = msgspec.structs.replace(source.histories["IWM"], splits={SESSION: 2.0})
    await over(source, shelf, ["IWM", "SPY"])
    assert [start for name, start in source.asked if name == "IWM"] == [date(2024, 7, 4), None]
    assert [start for name, start in source.asked if name == "SPY"] == [date(2024, 7, 4)]
    monday = sessions.next_session(SESSION)
    source.moment = sessions.session_close(monday) + timedelta(hours=2)
    longer = bars("IWM", [*RISING, 410.0, 411.0], sessions.next_session(monday))
    source.histories["IWM"] = msgspec.structs.replace(longer, splits={SESSION: 2.0})
    source.asked.clear()
    async with running(source, shelf) as engine:
        engine.watch(["IWM"], "IWM")
        source.send(quote("IWM", 411.0, final=True, session=monday), epoch=1)
        assert await engine.settle(10)
        await until(lambda: shelf.last_sessions(["IWM"]) == {"IWM": monday})
    assert [start for _, start in source.asked] == [date(2024, 7, 5)], "the split is stored by now"


async def test_an_end_while_histories_are_fetched_leaves_no_complaint_for_the_terminal() -> None:
    source = both()
    source.gate = asyncio.Event()
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: complaints.append(context))
    async with running(source) as engine:
        engine.watch(["IWM"], "SPY")
        await until(lambda: len(source.asked) == 2)
    gc.collect()
    await asyncio.sleep(0)
    assert not complaints

"""The volume study over a fake market: one answer per session, late bars, and what is kept."""

from datetime import date, datetime, timedelta
from math import isclose

import pytest

from tests.fakes.source import SESSION, FakeSource, bars, days_before, quote
from tests.test_engine import RISING, board_of, running, until
from tui import sessions
from tui.model import Bar, DataError
from tui.sources.base import NoDataError
from tui.store.history import History
from tui.studies import volume as studies
from tui.studies.volume import BarShelf, VolumeStudy, no_volume, usual_until
from tui.studies.volume_rows import FlowBook, change_of, flow_of, row_of


def day_bars(day: date, each: int = 100, slots: int = sessions.SLOTS) -> list[Bar]:
    opened = sessions.session_open(day)
    return [
        Bar(time=(opened + timedelta(minutes=5 * at)).timestamp(), open=1, high=1, low=1, close=1, volume=each)
        for at in range(slots)
    ]


class BarSource(FakeSource):
    """Has five-minute bars of the last sessions, and counts who asks for them."""

    def __init__(self, count: int = 20, **more) -> None:
        super().__init__({"IWM": bars("IWM", RISING), "SPY": bars("SPY", RISING), "^RUT": bars("^RUT", RISING)}, **more)
        self.count = count
        self.requests: list[str] = []
        self.days_asked = 0
        self.broken = False

    async def intraday(self, symbol: str, session: date | None = None) -> list[Bar]:
        self.days_asked += 1
        if self.broken:
            raise NoDataError(f"none for {symbol}")
        finished = int((self.moment - sessions.session_open(SESSION)).total_seconds() // 300)
        return day_bars(SESSION, 1, min(finished, 78))

    async def intraday_history(self, symbol: str) -> list[Bar]:
        self.requests.append(symbol)
        if not self.count:
            raise NoDataError(f"none for {symbol}")
        return [bar for day in days_before(SESSION, self.count) for bar in day_bars(day)]


async def settled(engine, source, *quotes, symbols=("IWM",)):
    engine.watch(symbols, "SPY")
    source.send(*quotes, quote("SPY", 400.0, volume=1000), epoch=1)
    assert await engine.settle(10)


async def test_a_day_is_computed_once_and_asked_for_once() -> None:
    source = BarSource()
    async with running(source) as engine:
        await settled(engine, source, quote("IWM", 400.0, volume=1000))
        study = VolumeStudy(board_of(engine))
        assert study.kept("IWM") is None
        source.requests.clear()
        first = await study.day("IWM")
        assert await study.day("IWM") is first
        assert study.kept("IWM") is first
        assert source.requests == ["IWM"]
        assert first.band is not None
        assert (first.band.sessions, first.band.usual) == (19, 7800.0)  # 2024-07-03 closed early
        assert first.band.shares.median[38] == pytest.approx(0.5)
        assert VolumeStudy(board_of(engine)).kept("IWM") is None


async def test_another_bound_or_window_is_another_answer() -> None:
    source = BarSource()
    async with running(source) as engine:
        await settled(engine, source, quote("IWM", 400.0, volume=5000, final=True))
        board = board_of(engine)
        study = VolumeStudy(board)
        day = await study.day("IWM", 2.0)
        assert [each.session for each in day.unusual.days] == [SESSION]
        assert day.unusual.days[0].ratio == pytest.approx(5.0)
        assert (await study.day("IWM", 6.0)).unusual.days == ()
        board.volume_window = 20
        assert (await study.day("IWM", 2.0)).unusual.window == 20


async def test_a_running_session_is_not_among_the_unusual_days() -> None:
    source = BarSource()
    async with running(source) as engine:
        await settled(engine, source, quote("IWM", 400.0, volume=90_000))
        found = (await VolumeStudy(board_of(engine)).day("IWM")).unusual
        assert found.last == days_before(SESSION, 1)[0]
        assert found.days == ()


async def test_without_bars_the_reason_is_told_and_they_are_asked_for_again_later(monkeypatch) -> None:
    now = [100.0]
    monkeypatch.setattr(studies, "monotonic", lambda: now[0])
    source = BarSource(count=0)
    async with running(source) as engine:
        await settled(engine, source, quote("IWM", 400.0, volume=1000))
        study = VolumeStudy(board_of(engine))
        day = await study.day("IWM")
        assert day.band is None
        assert "no five-minute bars of IWM" in day.why
        assert study.kept("IWM") is day
        now[0] += studies.RETRY_SECONDS + 1
        assert study.kept("IWM") is None
        source.count = 20
        assert (await study.day("IWM")).band is not None


async def test_an_index_has_no_volume_and_names_its_fund() -> None:
    source = BarSource()
    async with running(source) as engine:
        await settled(engine, source, quote("^RUT", 2000.0, volume=77), symbols=("^RUT",))
        board = board_of(engine)
        day = await VolumeStudy(board).day("^RUT")
        assert (day.band, day.unusual.known, day.tracked_by) == (None, 0, "IWM")
        assert day.why == no_volume("^RUT") == "^RUT has no volume of its own: IWM tracks it"
        row = row_of(board, "^RUT")
        assert (row.index, row.volume, row.by_mean, row.dollar_volume) == (True, None, None, None)
        assert await VolumeStudy(board).so_far("^RUT") == ()
        assert "^RUT" not in source.requests


async def test_a_symbol_without_a_quote_says_so() -> None:
    source = BarSource()
    async with running(source) as engine:
        await settled(engine, source, quote("IWM", 400.0, volume=1000))
        board = board_of(engine)
        with pytest.raises(DataError, match="AAA"):
            await VolumeStudy(board).day("AAA")
        assert row_of(board, "AAA").by_mean is None


async def test_the_line_of_a_symbol_is_that_of_its_row() -> None:
    source = BarSource()
    async with running(source) as engine:
        await settled(engine, source, quote("IWM", 410.0, volume=2500, final=True))
        board = board_of(engine)
        row, figures = row_of(board, "IWM"), board.row("IWM").figures
        assert figures is not None
        assert row.by_mean == figures.volume_ratio
        assert row.by_median == pytest.approx(2.5)
        assert row.dollar_volume == figures.dollar_volume
        assert row.change == change_of(board, "IWM") == figures.returns["1D"]
        assert (row.usual.mean, row.usual.median) == (1000.0, 1000.0)


async def test_the_flow_of_a_list_leaves_out_indices_and_other_currencies() -> None:
    source = BarSource()
    async with running(source) as engine:
        quotes = (
            quote("IWM", 410.0, volume=10, currency="USD"),
            quote("^RUT", 2000.0, volume=77, currency="USD"),
        )
        engine.watch(("IWM", "^RUT"), "SPY")
        source.send(*quotes, quote("SPY", 300.0, volume=10, currency="GBP"), epoch=1)
        assert await engine.settle(10)
        board = board_of(engine)
        found = flow_of(board, ("IWM", "^RUT", "SPY"))
        assert (found.advancing.members, found.advancing.dollars, found.unknown) == (1, 4100.0, 2)
        assert flow_of(board, ("SPY",)).declining.dollars == 3000.0


async def test_the_running_slot_counts_the_volume_as_the_bars_do() -> None:
    source = BarSource(now=datetime(2024, 7, 12, 14, 2, tzinfo=sessions.session_open(SESSION).tzinfo))
    async with running(source) as engine:
        await settled(engine, source, quote("IWM", 400.0, volume=1000))
        study = VolumeStudy(board_of(engine))
        slot, volume = study.running("IWM", 0.5) or (None, None)
        assert (slot, volume) == (6, 500.0)
        assert study.running("IWM", None) == (6, None)
        assert await study.so_far("IWM") == tuple(range(1, 7))
        source.moment = sessions.session_close(SESSION)
        assert study.running("IWM", 0.5) is None


async def test_stored_bars_are_enough_where_they_reach_up_to_the_session(tmp_path) -> None:
    history = History(tmp_path)
    for day in days_before(SESSION, 16):
        history.append_intraday("IWM", day_bars(day, each=10))
    assert isinstance(history, BarShelf)
    source = BarSource()
    async with running(source, history) as engine:
        await settled(engine, source, quote("IWM", 400.0, volume=1000))
        source.requests.clear()
        day = await VolumeStudy(board_of(engine)).day("IWM")
        assert source.requests == []
        assert day.band is not None
        assert (day.band.sessions, day.band.usual) == (15, 780.0)  # 2024-07-03 closed early
        assert day.held is not None
        assert isclose(day.held, 0.78)


async def test_in_the_time_machine_the_half_hours_end_with_the_day_that_was_asked_for(tmp_path) -> None:
    history = History(tmp_path)
    days = [*days_before(SESSION, 4), SESSION, sessions.next_session(SESSION)]
    for day in days:
        history.append_intraday("IWM", day_bars(day))
    source = BarSource(count=0)
    async with running(source, history) as engine:
        await settled(engine, source, quote("IWM", 400.0, volume=1000, final=True))
        board = board_of(engine)
        asked = VolumeStudy(board, usual_until(SESSION, past=True))
        assert (await asked.day("IWM")).hours.last == SESSION
        # The day after the as-of session is the newest: nothing says that it is over.
        every = VolumeStudy(board, usual_until(None, past=True))
        assert (await every.day("IWM")).hours.last == SESSION
        history.append_intraday("IWM", day_bars(sessions.next_session(days[-1])))
        assert (await VolumeStudy(board, usual_until(None, past=True)).day("IWM")).hours.last == days[-1]
        assert (await asked.half_hours("IWM")).last == SESSION
    assert usual_until(SESSION, past=False) is None


async def test_a_day_that_was_computed_before_its_history_came_is_computed_anew() -> None:
    source = BarSource()
    async with running(source) as engine:
        await settled(engine, source, quote("IWM", 400.0, volume=1000, final=True))
        baseline = engine.loader.baselines.pop("IWM")
        study = VolumeStudy(board_of(engine))
        assert (await study.day("IWM")).lines == []
        assert study.kept("IWM") is not None
        engine.loader.baselines["IWM"] = baseline
        assert study.kept("IWM") is None
        assert [line.by_mean for line in (await study.day("IWM")).lines] == [1.0] * 4


async def test_a_flow_that_follows_each_tick_is_that_of_the_whole_list() -> None:
    source = BarSource()
    async with running(source) as engine:
        await settled(engine, source, quote("IWM", 410.0, volume=10), quote("^RUT", 1.0), symbols=("IWM", "^RUT"))
        board = board_of(engine)
        listed = ("IWM", "SPY", "^RUT", "AAA")
        book = FlowBook(board, listed)
        assert book.flow() == flow_of(board, listed)
        assert book.flow().declining.members == 0
        source.send(quote("IWM", 300.0, volume=20, as_of=quote("IWM", 1.0).as_of + 1), epoch=1)
        await until(lambda: engine.live.quotes["IWM"].price == 300.0)
        assert book.flow().declining.members == 0
        book.take({"IWM", "ZZZ"})
        assert book.flow() == flow_of(board, listed)
        assert (book.flow().declining.members, book.flow().declining.dollars) == (1, 6000.0)


async def test_the_bars_of_the_day_are_asked_for_once_a_slot_and_once_more_at_the_close() -> None:
    source = BarSource(now=sessions.session_open(SESSION) + timedelta(minutes=33))
    async with running(source) as engine:
        await settled(engine, source, quote("IWM", 400.0, volume=1000))
        study = VolumeStudy(board_of(engine))
        lengths = [len(await study.so_far("IWM")) for _ in range(3)]
        assert (lengths, source.days_asked) == ([6] * 3, 1)
        source.moment += timedelta(minutes=5)
        assert (len(await study.so_far("IWM")), source.days_asked) == (7, 2)
        source.moment = sessions.session_close(SESSION) - timedelta(minutes=1)
        assert len(await study.so_far("IWM")) == 77
        source.moment = sessions.session_close(SESSION)
        last = quote("IWM", 400.0, volume=1000, final=True, as_of=source.moment.timestamp())
        source.send(last, epoch=1)
        await until(lambda: engine.live.quotes["IWM"].final)
        source.broken = True
        assert len(await study.so_far("IWM")) == 77, "what is known stays while the source has nothing"
        source.broken = False
        assert len(await study.so_far("IWM")) == 78
        asked = source.days_asked
        assert (len(await study.so_far("IWM")), source.days_asked) == (78, asked)

"""One source for several instances, in one process; real processes are in `tests/test_instances.py`."""

import asyncio
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.source import NOON, SESSION, FakeSource, bars, days_before, quote
from tests.sources.fakes import five_minute_bars
from tests.test_engine import board_of
from tui.engine import Engine
from tui.last_known import LastKnown
from tui.model import Health, State
from tui.shared_book import HINT
from tui.shared_feed import Pace, SharedFeed
from tui.sources.base import Source, UnreachableError
from tui.store.history import History
from tui.store.memory import Memory
from tui.store.schema import HistoryError
from tui.store.state import Saved, States

QUICK = Pace(beat=0.005, look=0.005, lease=5.0, wish=5.0, save=0.005, save_followed=0.0)


class Watched(FakeSource):
    """Tells who listens, and what is wanted."""

    def __init__(self, *args):
        super().__init__(*args)
        self.listeners = 0
        self.wanted = None

    async def quotes(self, wanted):
        self.listeners += 1
        self.wanted = wanted
        try:
            async with aclosing(super().quotes(wanted)) as updates:
                async for update in updates:
                    yield update
        finally:
            self.listeners -= 1

    def tell(self, *quotes, **more):
        self.send(*quotes, epoch=self.wanted.now.epoch, **more)


@asynccontextmanager
async def instance(folder, source=None, store=None, pace=QUICK, recall=None):
    source = source or Watched()
    feed = SharedFeed(source, folder, store, pace)
    engine = Engine(feed, Memory(), fetch=False, stale_after=600.0, recall=recall)
    task = asyncio.create_task(engine.run())
    try:
        yield engine, source, feed
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await feed.aclose()
        await feed.aclose()


async def until(true):
    """Wait until something holds; ten seconds at most."""
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.001)


def price(engine, symbol):
    held = engine.live.quotes.get(symbol)
    return held.price if held else None


def later(symbol, value, seconds, **more):
    return quote(symbol, value, as_of=NOON.timestamp() + seconds, **more)


async def test_feed_speaks_the_protocol_and_gives_way_to_nobody_when_alone(tmp_path):
    async with instance(tmp_path) as (engine, source, feed):
        assert isinstance(feed, Source)
        engine.watch(["IWM"], "SPY")
        await until(lambda: source.listeners)
        source.tell(quote("IWM", 1.0), quote("SPY", 2.0))
        assert await engine.settle(10)
        assert (feed.name, feed.asks, price(engine, "IWM")) == ("fake", True, 1.0)
        assert engine.health == Health(state=State.LIVE)
    assert source.closed == 2
    assert source.listeners == 0


async def test_two_instances_when_both_run_then_one_asks_and_both_show_the_same(tmp_path):
    async with instance(tmp_path) as (first, asked, _):
        first.watch(["IWM"], "SPY")
        await until(lambda: asked.listeners)
        async with instance(tmp_path) as (second, idle, _):
            second.watch(["QQQ", "IWM"], "SPY")
            await until(lambda: "QQQ" in asked.wanted.now.symbols)
            assert asked.wanted.now.symbols[:2] == ("IWM", "SPY"), "our own come first"
            asked.tell(quote("IWM", 1.0), quote("SPY", 2.0), quote("QQQ", 3.0))
            assert await second.settle(10)
            assert [price(second, s) for s in ("QQQ", "IWM", "SPY")] == [3.0, 1.0, 2.0]
            assert "QQQ" not in first.live.quotes
            assert (second.health.state, second.health.detail) == (State.LIVE, HINT)
            assert first.health.detail == ""
            asked.tell(later("IWM", 1.5, 1), health=Health(state=State.LIMITED, detail="Wait.", question="Agree?"))
            await until(lambda: price(second, "IWM") == 1.5)
            assert second.health == Health(state=State.LIMITED, detail=f"Wait. {HINT}")
            asked.tell(unknown=["QQQ"])
            assert idle.listeners == 0


async def test_a_follower_when_it_opens_another_list_then_that_is_asked_for_and_told(tmp_path):
    async with instance(tmp_path) as (first, asked, _):
        first.watch(["IWM"], "SPY")
        await until(lambda: asked.listeners)
        async with instance(tmp_path) as (second, _, _):
            asked.tell(quote("IWM", 1.0), quote("SPY", 2.0))
            second.watch(["IWM"], "SPY")
            assert await second.settle(10)
            second.watch(["XBI", "NOPE"], "SPY")
            second.look_at(["XBI"])
            await until(lambda: {"XBI", "NOPE"} <= set(asked.wanted.now.symbols) and "XBI" in asked.wanted.now.visible)
            assert "IWM" in asked.wanted.now.visible, "what is on our own screen stays"
            asked.tell(quote("XBI", 9.0), unknown=["NOPE"])
            assert await second.settle(10)
            assert price(second, "XBI") == 9.0
            assert second.live.unknown == {"NOPE"}


async def test_a_follower_when_the_one_who_asks_leaves_then_it_asks_at_once(tmp_path):
    async with AsyncExitStack() as leaving:
        first, asked, _ = await leaving.enter_async_context(instance(tmp_path))
        first.watch(["IWM"], "SPY")
        await until(lambda: asked.listeners)
        asked.tell(quote("IWM", 1.0), quote("SPY", 2.0))
        async with instance(tmp_path) as (second, other, follower):
            second.watch(["IWM"], "SPY")
            assert await second.settle(10)
            await leaving.aclose()
            await until(lambda: other.listeners)
            assert follower.asks
            other.tell(later("IWM", 1.1, 5))
            await until(lambda: price(second, "IWM") == 1.1)
            assert second.health.detail == ""
            assert not list(tmp_path.glob("wish-*"))


async def test_a_start_when_a_state_is_there_then_it_is_painted_stale_until_the_source_tells(tmp_path):
    async with instance(tmp_path) as (first, asked, _):
        first.watch(["IWM"], "SPY")
        await until(lambda: asked.listeners)
        asked.tell(quote("IWM", 7.0), quote("SPY", 8.0))
        assert await first.settle(10)
    recall = LastKnown(lambda _: [quote("SPY", 5.0, as_of=1.0)], States(tmp_path)).recall
    async with instance(tmp_path, recall=recall) as (second, asked, _):
        second.watch(["IWM"], "SPY")
        await until(lambda: price(second, "IWM") == 7.0)
        assert price(second, "SPY") == 8.0
        assert board_of(second).row("IWM").state is State.STALE
        assert not await second.settle(0.05), "what is remembered is no answer"
        await until(lambda: asked.listeners)
        asked.tell(later("IWM", 7.5, 60), health=Health(state=State.OFFLINE, detail="No connection."))
        await until(lambda: price(second, "IWM") == 7.5)
        assert board_of(second).row("SPY").state is State.OFFLINE
    saved = States(tmp_path).load()
    assert {q.symbol: q.price for q in (*saved.quotes, *saved.older)} == {"IWM": 7.5, "SPY": 8.0}, (
        "what was not told again is not lost"
    )


def test_recall_when_state_and_history_differ_then_the_newer_counts(tmp_path):
    def stored(symbols):
        return [quote(s, 5.0, as_of=100.0, final=True, source="history") for s in symbols if s != "NEW"]

    told = {"OLD": 50.0, "SAME": 100.0, "LATE": 150.0, "NEW": 1.0}
    quotes = [quote(s, 6.0, as_of=at) for s, at in told.items()]
    States(tmp_path).save(1, Saved(saved_at=1.0, quotes=quotes[:2], older=quotes[2:]))
    found = LastKnown(stored, States(tmp_path)).recall([*told, "ELSE"])
    assert {q.symbol: q.price for q in found} == {"OLD": 5.0, "SAME": 5.0, "LATE": 6.0, "NEW": 6.0, "ELSE": 5.0}


QUOTES = st.dictionaries(
    st.sampled_from("ABC"), st.builds(lambda at, final: (float(at), final), st.integers(1, 5), st.booleans())
)


@given(stored=QUOTES, older=QUOTES, told=QUOTES, now=st.integers(1, 6))
def test_recall_when_anything_is_known_then_never_older_than_the_history_and_never_of_the_future(
    stored, older, told, now
):
    def made(known, source):
        return [quote(s, 1.0, as_of=at * 1000, final=final, source=source) for s, (at, final) in known.items()]

    class Kept:
        def load(self):
            return Saved(saved_at=1.0, quotes=made(told, "told"), older=made(older, "older"))

    history = {each.symbol: each for each in made(stored, "history")}
    recall = LastKnown(lambda names: [history[n] for n in names if n in history], Kept(), lambda: now * 1000.0).recall
    found = {each.symbol: each for each in recall(["A", "B", "C", "D"])}
    for symbol in "ABC":
        saved = [known[symbol][0] for known in (told, older) if symbol in known and known[symbol][0] <= now][:1]
        if symbol in history or saved:
            assert (
                found[symbol].as_of == max([stored[symbol][0]] if symbol in stored else saved, saved or [0.0])[0] * 1000
            )
        else:
            assert symbol not in found


def test_recall_when_the_history_is_damaged_then_the_state_still_tells(tmp_path):
    def stored(symbols):
        raise UnreachableError("damaged")

    recall = LastKnown(stored, States(tmp_path)).recall
    with pytest.raises(UnreachableError):
        recall(["IWM"])
    States(tmp_path).save(1, Saved(saved_at=1.0, quotes=[quote("IWM", 6.0)]))
    assert [q.price for q in recall(["IWM"])] == [6.0]


async def test_a_folder_that_cannot_be_written_then_everyone_asks_and_the_log_says_so(tmp_path, caplog):
    (tmp_path / "feed").write_text("a file")
    async with instance(tmp_path / "feed") as (first, one, _), instance(tmp_path / "feed") as (second, two, _):
        first.watch(["IWM"], "SPY")
        second.watch(["IWM"], "SPY")
        await until(lambda: one.listeners and two.listeners)
        one.tell(quote("IWM", 1.0))
        await until(lambda: price(first, "IWM") == 1.0)
    assert "not shared" in caplog.text


async def test_a_feed_that_breaks_when_shared_then_it_is_reported_and_started_again(tmp_path, monkeypatch):
    monkeypatch.setattr("tui.engine.RESTART_SECONDS", 0.0)
    async with instance(tmp_path) as (engine, source, _):
        engine.watch(["IWM"], "SPY")
        await until(lambda: source.listeners)
        source.break_with(RuntimeError("boom"))
        await until(lambda: engine.health.state is State.OFFLINE)
        await until(lambda: source.listeners)
        source.tell(quote("IWM", 1.0))
        await until(lambda: price(engine, "IWM") == 1.0)


async def test_a_list_that_changes_when_we_ask_then_late_answers_are_of_the_new_list(tmp_path):
    async with instance(tmp_path) as (engine, source, _):
        engine.watch(["IWM"], "SPY")
        await until(lambda: source.listeners)
        before = source.wanted.now.epoch
        engine.watch(["QQQ"], "SPY")
        await until(lambda: source.wanted.now.epoch > before)
        assert source.wanted.now.symbols == ("QQQ", "SPY")
        source.send(quote("IWM", 1.0), quote("QQQ", 2.0), epoch=before)
        await until(lambda: price(engine, "QQQ") == 2.0)
        assert "IWM" not in engine.live.quotes
        engine.refresh()
        again = source.wanted.now.epoch
        await until(lambda: source.wanted.now.epoch > again)


async def test_closing_when_shared_then_no_task_is_left_and_the_last_price_is_on_disk(tmp_path):
    before = asyncio.all_tasks()
    slow = Pace(beat=0.005, look=0.005, save=3600.0)
    async with instance(tmp_path, pace=slow) as (engine, source, _):
        engine.watch(["IWM"], "SPY")
        await until(lambda: source.listeners)
        for second in range(3):
            source.tell(later("IWM", 1.0 + second, second))
            await until(lambda second=second: price(engine, "IWM") == 1.0 + second)
    assert [q.price for q in States(tmp_path).load().quotes] == [3.0]
    await until(lambda: asyncio.all_tasks() == before)


# Five-minute bars


class Told(FakeSource):
    """Has five-minute bars, or fails."""

    def __init__(self, told):
        super().__init__()
        self.told = told
        self.failure = None

    async def intraday(self, symbol, session=None):
        if self.failure:
            raise self.failure
        return self.told

    async def intraday_history(self, symbol):
        return await self.intraday(symbol)


@pytest.fixture
async def kept(tmp_path):
    feeds = []

    def make(source):
        feeds.append(SharedFeed(source, tmp_path / "feed", History(tmp_path / "history"), QUICK))
        return feeds[-1]

    yield make
    for feed in feeds:
        await feed.aclose()


async def test_bars_when_told_then_those_that_are_over_are_kept_for_a_start_without_a_network(kept, tmp_path):
    told = five_minute_bars(SESSION, [float(n) for n in range(1, 41)])
    source = Told(told)
    feed = kept(source)
    assert await feed.intraday("IWM", SESSION) == told
    await feed.aclose()
    over = [bar for bar in told if bar.time + 300 <= NOON.timestamp()]
    assert 0 < len(over) < len(told)
    assert History(tmp_path / "history").intraday("IWM", SESSION) == over
    source.failure = UnreachableError("no connection")
    again = kept(source)
    assert await again.intraday("IWM", SESSION) == over
    with pytest.raises(UnreachableError):
        await again.intraday("SPY", SESSION)


async def test_bars_when_told_again_with_other_figures_then_the_later_count(kept, tmp_path):
    feed = kept(source := Told(five_minute_bars(SESSION, [1.0, 2.0], volume=10)))
    await feed.intraday("IWM", SESSION)
    source.told = five_minute_bars(SESSION, [1.0, 2.0], volume=99)
    await feed.intraday("IWM", SESSION)
    await feed.aclose()
    assert [bar.volume for bar in History(tmp_path / "history").intraday("IWM", SESSION)] == [99, 99]


async def test_bars_when_the_network_fails_before_they_are_written_then_they_are_there_all_the_same(kept):
    feed = kept(source := Told(five_minute_bars(SESSION, [1.0, 2.0])))
    told = await feed.intraday("IWM", SESSION)
    source.failure = UnreachableError("no connection")
    assert await feed.intraday("IWM") == told


async def test_usual_days_when_told_once_then_a_later_start_has_them(kept, tmp_path):
    days = days_before(SESSION, 20)
    source = Told([bar for day in days for bar in five_minute_bars(day, [1.0] * 78)])
    feed = kept(source)
    await feed.intraday_history("IWM")
    await feed.aclose()
    assert History(tmp_path / "history").intraday_sessions("IWM") == days
    source.failure = UnreachableError("no connection")
    assert await kept(source).intraday_history("IWM") == source.told


async def test_bars_when_the_disk_is_full_then_the_answer_still_comes_and_the_next_is_kept(kept, tmp_path, monkeypatch):
    feed = kept(Told(five_minute_bars(SESSION, [1.0, 2.0])))
    calls = []

    def refuse(self, listed):
        calls.append(listed)
        raise HistoryError("no space")

    with monkeypatch.context() as full:
        full.setattr(History, "append_intraday_many", refuse)
        assert len(await feed.intraday("IWM", SESSION)) == 2
        await feed._bars.aclose()
    assert calls
    await feed.intraday("IWM", SESSION)
    await feed.aclose()
    assert len(History(tmp_path / "history").intraday("IWM", SESSION)) == 2


async def test_instruments_when_following_then_those_that_were_told_with_the_state(tmp_path):
    known = Watched({"IWM": bars("IWM", [1.0])})
    async with instance(tmp_path, known) as (first, asked, _):
        first.watch(["IWM"], "IWM")
        await until(lambda: asked.listeners)
        async with instance(tmp_path) as (second, _, follower):
            asked.tell(quote("IWM", 1.0))
            second.watch(["IWM"], "IWM")
            assert await second.settle(10)
            assert [each.name for each in await follower.instruments(["IWM", "SPY"])] == ["IWM Fund"]

"""What every source promises, whatever is behind it.

A new source that can be built without a network joins `SOURCES`.
"""

from collections.abc import Callable
from contextlib import aclosing
from datetime import UTC, date, timedelta
from itertools import pairwise

import pytest

from tests.sources.fakes import MemoryArchive, PacedWanted, Wall, daily_bars, five_minute_bars
from tui.sessions import last_session, session_close, session_of
from tui.sources.base import NoDataError, Source, SourceError
from tui.sources.demo import Demo
from tui.sources.replay import Replay

SESSION = date(2024, 7, 12)


def _demo(wall: Wall) -> Source:
    return Demo(clock=wall)


def _replay(wall: Wall) -> Source:
    days = sorted({last_session(SESSION - timedelta(days=back)) for back in range(30)})
    closes = {day: 500.0 + place for place, day in enumerate(days)}
    bars = {("SPY", day): five_minute_bars(day, [close] * 78) for day, close in closes.items()}
    archive = MemoryArchive([daily_bars(symbol, closes) for symbol in ("SPY", "IWM", "^RUT")], bars)
    return Replay(archive, SESSION, 60.0, wall)


SOURCES: dict[str, Callable[[Wall], Source]] = {"demo": _demo, "replay": _replay}
"""By name, how to build the source at a wall clock: it knows SPY, IWM and ^RUT and has bars of SPY's last sessions."""

KNOWN = ("SPY", "IWM", "^RUT")


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture(params=SOURCES)
def source(request: pytest.FixtureRequest, wall: Wall) -> Source:
    built = SOURCES[request.param](wall)
    # An hour and a half into whatever it plays, so that a session is under way.
    wall.seconds += 90.0
    return built


def test_source_has_all_of_the_protocol(source: Source):
    assert isinstance(source, Source)
    assert source.name == source.name.lower()
    assert isinstance(source.cheap_intraday, bool)


def test_nature_is_a_word_or_nothing(source: Source):
    nature = source.nature()
    assert nature is None or nature.strip()


def test_now_is_aware_and_in_utc_and_goes_forward(source: Source, wall: Wall):
    before = source.now()
    wall.seconds += 1
    assert before.utcoffset() == timedelta(0)
    assert before.tzinfo is UTC
    assert source.now() > before


async def test_instruments_leaves_out_the_unknown_and_keeps_the_order(source: Source):
    found = await source.instruments(["^RUT", "NO-SUCH", "SPY"])
    assert [each.symbol for each in found] == ["^RUT", "SPY"]


@pytest.mark.parametrize("symbol", KNOWN)
async def test_history_is_parallel_rising_and_finished(source: Source, symbol: str):
    bars = await source.history(symbol)
    columns = (bars.open, bars.high, bars.low, bars.close, bars.adj_close, bars.volume)
    assert {len(column) for column in columns} == {len(bars.dates)}
    assert bars.symbol == symbol
    assert all(before < after for before, after in pairwise(bars.dates))
    assert session_close(bars.dates[-1]) <= source.now()


async def test_history_from_a_date_is_a_part_of_the_whole(source: Source):
    whole = await source.history("SPY")
    part = await source.history("SPY", whole.dates[-3])
    assert part.dates == whole.dates[-3:]
    assert part.close == whole.close[-3:]


async def test_history_of_an_index_has_no_volume(source: Source):
    assert set((await source.history("^RUT")).volume) == {None}


async def test_intraday_is_in_order_and_finished(source: Source):
    bars = await source.intraday("SPY")
    assert all(before.time < after.time for before, after in pairwise(bars))
    assert bars[-1].time + 300 <= source.now().timestamp()


async def test_intraday_history_is_in_order_and_before_the_session(source: Source):
    bars = await source.intraday_history("SPY")
    assert all(before.time < after.time for before, after in pairwise(bars))
    assert bars[-1].time < session_close(session_of(source.now()) - timedelta(days=1)).timestamp()


@pytest.mark.parametrize("ask", ["history", "intraday", "intraday_history", "fund"])
async def test_source_asked_for_an_unknown_symbol_raises_a_source_error_that_names_it(source: Source, ask: str):
    with pytest.raises(SourceError, match="NO-SUCH"):
        await getattr(source, ask)("NO-SUCH")


async def test_history_from_the_future_has_no_data(source: Source):
    with pytest.raises(NoDataError):
        await source.history("SPY", source.now().date() + timedelta(days=400))


async def test_quotes_at_first_answers_every_wanted_symbol(source: Source, wall: Wall):
    wanted = PacedWanted(wall)
    want = wanted.order([*KNOWN, "NO-SUCH"], ["SPY"])
    async with aclosing(source.quotes(wanted)) as updates:
        update = await anext(updates)
    assert update.epoch == want.epoch
    assert sorted(quote.symbol for quote in update.quotes) == sorted(KNOWN)
    assert update.unknown == ["NO-SUCH"]
    assert update.health is not None
    for quote in update.quotes:
        assert quote.source == source.name
        assert quote.session is not None
        assert quote.low <= quote.price <= quote.high
        assert quote.final or quote.as_of <= source.now().timestamp()
        assert (quote.volume is None) == quote.symbol.startswith("^")


async def test_quotes_and_history_agree_on_the_close_before(source: Source, wall: Wall):
    wanted = PacedWanted(wall)
    wanted.order(KNOWN)
    async with aclosing(source.quotes(wanted)) as updates:
        quotes = (await anext(updates)).quotes
    for quote in quotes:
        bars = await source.history(quote.symbol)
        earlier = [close for day, close in zip(bars.dates, bars.close, strict=True) if day < quote.session]
        assert quote.prev_close == earlier[-1]


async def test_quotes_of_an_empty_order_answer_it(source: Source, wall: Wall):
    wanted = PacedWanted(wall)
    want = wanted.order([])
    async with aclosing(source.quotes(wanted)) as updates:
        update = await anext(updates)
    assert (update.epoch, update.quotes, update.unknown) == (want.epoch, [], [])


async def test_aclose_twice_is_safe(source: Source):
    await source.aclose()
    await source.aclose()

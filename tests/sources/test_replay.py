"""A played archive: what is shown when, from bars of five minutes and from whole days."""

from contextlib import aclosing
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from tests.sources.fakes import MemoryArchive, PacedWanted, Wall, daily_bars, five_minute_bars
from tui.model import Bar, Bars, Instrument, Kind, Quote, State, Update
from tui.sessions import NEW_YORK, session_close, session_open
from tui.sources.base import NoDataError, UnknownSymbolError, UnreachableError
from tui.sources.replay import Replay
from tui.sources.replay_tape import Tape

WED, THU, FRI, MON = date(2024, 7, 10), date(2024, 7, 11), date(2024, 7, 12), date(2024, 7, 15)
SATURDAY = date(2024, 7, 13)

SPY = daily_bars("SPY", {WED: 100.0, THU: 101.0, FRI: 106.0, MON: 107.0})
IWM = daily_bars("IWM", {WED: 50.0, THU: 51.0, FRI: 52.0, MON: 53.0})
OLD = daily_bars("OLD", {WED: 9.0})
RUT = daily_bars("^RUT", {THU: 2000.0, FRI: 2020.0})
NEW = daily_bars("NEW", {MON: 5.0})
SPY_BARS = five_minute_bars(FRI, [102.0, 103.0, 101.5, 104.0])


def _archive() -> MemoryArchive:
    bars = {("SPY", FRI): SPY_BARS, ("^RUT", FRI): five_minute_bars(FRI, [2001.0, 2002.0])}
    return MemoryArchive([SPY, IWM, OLD, RUT, NEW], bars)


def _replay(start: date | None = FRI, speed: float = 60.0, wall: Wall | None = None) -> Replay:
    return Replay(_archive(), start, speed, wall or Wall())


def _new_york(replay: Replay) -> str:
    return replay.now().astimezone(NEW_YORK).strftime("%m-%d %H:%M:%S")


async def _at(minutes: float, symbols: tuple[str, ...], start: date = FRI) -> dict[str, Quote]:
    """All quotes that a screen opened so many minutes after the open of the session gets first."""
    wall = Wall()
    replay = Replay(_archive(), start, 60.0, wall)
    wall.seconds = minutes
    return {quote.symbol: quote for quote in (await _first(replay, wall, symbols)).quotes}


async def _first(replay: Replay, wall: Wall, symbols: tuple[str, ...]) -> Update:
    wanted = PacedWanted(wall)
    wanted.order(symbols)
    async with aclosing(replay.quotes(wanted)) as updates:
        return await anext(updates)


# Which sessions are played


@pytest.mark.parametrize(("asked", "begin"), [(FRI, FRI), (SATURDAY, FRI), (date(2030, 1, 1), MON), (None, FRI)])
def test_replay_begins_with_the_open_of_the_session_on_or_before_the_date(asked: date | None, begin: date):
    assert _replay(asked).now() == session_open(begin)


def test_replay_without_a_date_begins_where_most_daily_bars_are() -> None:
    """Five-minute bars that go on after the daily ones have nothing to be compared with."""
    bars = {(name, day): five_minute_bars(day, [5.0]) for name in ("SPY", "IWM", "RSP") for day in (THU, FRI, MON)}
    ends = [daily_bars("SPY", {WED: 1.0, THU: 1.0, FRI: 1.0}), daily_bars("IWM", {THU: 1.0, FRI: 1.0})]
    assert Replay(
        MemoryArchive([*ends, daily_bars("RSP", {MON: 1.0})], bars), None, clock=Wall()
    ).now() == session_open(FRI)
    assert Replay(MemoryArchive([daily_bars("SPY", {WED: 1.0})], bars), None, clock=Wall()).now() == session_open(MON)


async def test_the_close_before_is_that_of_the_session_before_or_unknown() -> None:
    bars = {(name, MON): five_minute_bars(MON, [5.0]) for name in ("SPY", "IWM", "S01")}
    daily = [daily_bars(name, {WED: 3.0, THU: 4.0}) for name in ("SPY", "S01")] + [daily_bars("IWM", {FRI: 4.0})]
    wall = Wall()
    replay = Replay(MemoryArchive(daily, bars), MON, 60.0, wall)
    wall.seconds = 10.0
    before = {q.symbol: q.prev_close for q in (await _first(replay, wall, ("SPY", "IWM", "S01"))).quotes}
    assert before == {"SPY": None, "IWM": 4.0, "S01": 4.0}, "S01 may have had a day off of its own"


def test_replay_without_a_date_or_five_minute_bars_begins_with_the_last_session():
    replay = Replay(MemoryArchive([SPY, OLD]), None, clock=Wall())
    assert replay.now() == session_open(MON)


def test_replay_of_a_day_before_all_data_names_the_range():
    with pytest.raises(NoDataError, match="2024-07-10 to 2024-07-15"):
        _replay(date(2024, 7, 9))


def test_replay_of_an_empty_archive_says_so():
    with pytest.raises(NoDataError, match="no bars"):
        Replay(MemoryArchive([]), None, clock=Wall())


def test_replay_when_the_last_bars_are_long_ago_finds_them():
    ancient = date(1995, 3, 1)
    replay = Replay(MemoryArchive([daily_bars("SPY", {ancient: 48.0})]), date(2024, 7, 12), clock=Wall())
    assert replay.now() == session_open(ancient)


def test_replay_skips_days_that_are_no_session():
    archive = MemoryArchive([daily_bars("BTC-USD", {FRI: 1.0, SATURDAY: 2.0, MON: 3.0})])
    assert Replay(archive, SATURDAY, clock=Wall()).now() == session_open(FRI)


def test_now_after_a_close_goes_on_before_the_next_session_of_the_archive():
    wall = Wall()
    replay = _replay(wall=wall)
    wall.seconds = 6.5 * 60 + 14.9
    assert _new_york(replay) == "07-12 16:14:54"
    wall.seconds = 6.5 * 60 + 15
    assert _new_york(replay) == "07-15 09:25:00"


def test_now_when_the_archive_ends_stands_still():
    wall = Wall()
    replay = _replay(MON, wall=wall)
    wall.seconds = 1e6
    assert _new_york(replay) == "07-15 16:15:00"


def test_nature_tells_the_played_minute_in_new_york_and_the_speed():
    wall = Wall()
    replay = _replay(speed=60, wall=wall)
    wall.seconds = 17.9
    assert replay.nature() == "REPLAY 2024-07-12 09:47 x60"
    assert _replay(speed=0.5).nature() == "REPLAY 2024-07-12 09:30 x0.5"


# What a symbol shows


@pytest.mark.parametrize("minutes", [0, 4.9])
async def test_quotes_before_the_first_bar_is_finished_are_its_opening_price(minutes: float):
    quote = (await _at(minutes, ("SPY",)))["SPY"]
    assert quote == Quote(
        symbol="SPY",
        price=102.0,
        session=FRI,
        as_of=session_open(FRI).timestamp(),
        fetched_at=session_open(FRI).timestamp() + minutes * 60,
        source="replay",
        open=102.0,
        high=102.0,
        low=102.0,
        prev_close=101.0,
        close=106.0,
    )


@pytest.mark.parametrize("minutes", [0, 4.9, 5, 391])
async def test_quotes_from_the_open_on_are_of_one_session_whatever_bars_there_are(minutes: float):
    quotes = await _at(minutes, ("SPY", "IWM", "^RUT"))
    assert {quote.session for quote in quotes.values()} == {FRI}


async def test_quotes_of_a_symbol_that_trades_late_are_the_close_before_until_then():
    late = [structs.replace(bar, time=bar.time + 1200) for bar in SPY_BARS]
    wall = Wall()
    replay = Replay(MemoryArchive([SPY], {("SPY", FRI): late}), FRI, 60.0, wall)
    wall.seconds = 19.9
    [before] = (await _first(replay, wall, ("SPY",))).quotes
    assert (before.price, before.session, before.final, before.prev_close) == (101.0, THU, True, 100.0)
    assert before.as_of == session_close(THU).timestamp()
    wall.seconds = 20
    [after] = (await _first(replay, wall, ("SPY",))).quotes
    assert (after.price, after.session, after.final) == (102.0, FRI, False)


async def test_a_first_bar_without_an_opening_price_leaves_the_close_before():
    bars = [structs.replace(SPY_BARS[0], open=None), *SPY_BARS[1:]]
    wall = Wall()
    [quote] = (await _first(Replay(MemoryArchive([SPY], {("SPY", FRI): bars}), FRI, 60.0, wall), wall, ("SPY",))).quotes
    assert (quote.price, quote.session) == (101.0, THU)


async def test_a_replay_at_the_close_that_stands_still_shows_the_whole_session_for_as_long_as_it_takes():
    wall = Wall()
    replay = Replay(_archive(), FRI, 0.0, wall, at_close=True)
    wall.seconds = 3600
    update = await _first(replay, wall, ("SPY", "IWM"))
    assert [(quote.price, quote.session, quote.final) for quote in update.quotes] == [
        (106.0, FRI, True),
        (52.0, FRI, True),
    ]
    assert replay.nature() == "REPLAY 2024-07-12 16:00"


async def test_quotes_as_the_session_passes_are_made_of_the_finished_bars():
    quote = (await _at(14.9, ("SPY",)))["SPY"]
    assert quote == Quote(
        symbol="SPY",
        price=103.0,
        session=FRI,
        as_of=session_open(FRI).timestamp() + 600,
        fetched_at=session_open(FRI).timestamp() + 14.9 * 60,
        source="replay",
        open=102.0,
        high=103.25,
        low=101.75,
        prev_close=101.0,
        close=106.0,
        volume=20,
    )


async def test_quotes_after_the_close_are_the_daily_bar():
    quote = (await _at(391, ("SPY",)))["SPY"]
    assert (quote.price, quote.high, quote.low, quote.volume, quote.final) == (106.0, 107.0, 105.0, 1000, True)
    assert quote.as_of == session_close(FRI).timestamp()


async def test_quotes_after_the_close_without_a_daily_bar_are_the_last_bar_as_final():
    archive = MemoryArchive([daily_bars("SPY", {THU: 101.0})], {("SPY", FRI): SPY_BARS})
    wall = Wall()
    replay = Replay(archive, FRI, 60.0, wall)
    wall.seconds = 391
    [quote] = (await _first(replay, wall, ("SPY",))).quotes
    assert (quote.price, quote.volume, quote.final, quote.prev_close, quote.session) == (104.0, 40, True, 101.0, FRI)


async def test_quotes_of_a_symbol_with_daily_bars_alone_are_its_close_from_the_open_on():
    quote = (await _at(0, ("IWM",)))["IWM"]
    assert (quote.price, quote.prev_close, quote.volume, quote.session, quote.final) == (52.0, 51.0, 1000, FRI, True)


async def test_quotes_before_the_next_open_are_still_those_of_the_session_before():
    wall = Wall()
    replay = _replay(wall=wall)
    wall.seconds = 6.5 * 60 + 16
    assert _new_york(replay).startswith("07-15 09:26")
    update = await _first(replay, wall, ("IWM", "SPY"))
    assert {quote.session for quote in update.quotes} == {FRI}
    assert [quote.price for quote in update.quotes] == [52.0, 106.0]


async def test_quotes_of_a_symbol_that_did_not_trade_are_its_last_bar_with_its_own_session():
    quote = (await _at(0, ("OLD",)))["OLD"]
    assert (quote.price, quote.session, quote.final, quote.prev_close) == (9.0, WED, True, None)


async def test_quotes_of_an_index_have_no_volume():
    for minutes in (0, 11, 391):
        assert (await _at(minutes, ("^RUT",)))["^RUT"].volume is None
    assert {bar.volume for bar in await _over(FRI).intraday("^RUT", FRI)} == {None}
    assert set((await _over(FRI).history("^RUT")).volume) == {None}


async def test_quotes_of_symbols_without_any_bar_so_far_are_unknown():
    wall = Wall()
    update = await _first(_replay(wall=wall), wall, ("SPY", "NOPE", "NEW"))
    assert update.unknown == ["NOPE", "NEW"]
    assert [quote.symbol for quote in update.quotes] == ["SPY"]
    assert update.health is not None
    assert update.health.state is State.LIVE


async def test_quotes_of_a_symbol_that_rarely_trades_look_further_back():
    archive = MemoryArchive([SPY, daily_bars("RARE", {date(2023, 1, 3): 1.0, date(2023, 6, 1): 2.0})])
    wall = Wall()
    update = await _first(Replay(archive, FRI, clock=wall), wall, ("RARE",))
    assert [(quote.price, quote.prev_close) for quote in update.quotes] == [(2.0, 1.0)]


async def test_quotes_of_a_day_without_a_close_are_the_last_known_one():
    archive = MemoryArchive([SPY, daily_bars("GAP", {WED: 1.0, THU: 2.0, FRI: None})])
    wall = Wall()
    update = await _first(Replay(archive, FRI, clock=wall), wall, ("GAP",))
    assert [(quote.price, quote.session) for quote in update.quotes] == [(2.0, THU)]


async def test_quotes_when_reading_takes_its_time_are_of_the_moment_after():
    wall = Wall()

    class Slow(MemoryArchive):
        def daily_many(self, symbols, start, end):
            wall.seconds += 11.0
            return super().daily_many(symbols, start, end)

    replay = Replay(Slow([SPY], {("SPY", FRI): SPY_BARS}), FRI, 60.0, wall)
    [quote] = (await _first(replay, wall, ("SPY",))).quotes
    assert (quote.price, quote.fetched_at) == (103.0, replay.now().timestamp())


async def test_quotes_when_the_archive_fails_say_so_and_go_on():
    class Broken(MemoryArchive):
        broken = False

        def daily_many(self, symbols, start, end):
            if self.broken:
                raise OSError(5, "Input/output error")
            return super().daily_many(symbols, start, end)

    wall, archive = Wall(), Broken([SPY])
    replay = Replay(archive, FRI, clock=wall)
    wanted = PacedWanted(wall)
    wanted.order(["SPY"])
    archive.broken = True
    async with aclosing(replay.quotes(wanted)) as updates:
        failed = await anext(updates)
        archive.broken = False
        well = await anext(updates)
    assert failed.health is not None
    assert failed.health.state is State.OFFLINE
    assert "Input/output error" in failed.health.detail
    assert [quote.symbol for quote in well.quotes] == ["SPY"]


def test_replay_when_the_archive_cannot_be_read_is_a_source_error():
    class Broken(MemoryArchive):
        def symbols(self):
            raise PermissionError(13, "Permission denied")

    with pytest.raises(UnreachableError, match="Permission denied"):
        Replay(Broken([]), None, clock=Wall())


# How it moves


async def _play(replay: Replay, wanted: PacedWanted, until: datetime) -> list[Update]:
    updates = []
    async with aclosing(replay.quotes(wanted)) as stream:
        async for update in stream:
            updates.append(update)
            if update.quotes[0].as_of >= until.timestamp():
                return updates
    return updates


async def test_quotes_after_the_first_are_those_that_changed():
    wall = Wall()
    wanted = PacedWanted(wall)
    wanted.order(["SPY", "IWM"])
    updates = await _play(_replay(wall=wall), wanted, session_open(FRI) + timedelta(minutes=20))
    assert [[quote.symbol for quote in update.quotes] for update in updates] == [["SPY", "IWM"], *[["SPY"]] * 4]
    assert [update.quotes[0].price for update in updates] == [102.0, 102.0, 103.0, 101.5, 104.0]


@given(st.floats(0.5, 2900))
@settings(deadline=None, max_examples=40)
async def test_quotes_at_any_speed_show_every_bar_as_soon_as_it_is_finished(speed: float):
    wall = Wall()
    wanted = PacedWanted(wall)
    wanted.order(["SPY"])
    updates = await _play(_replay(speed=speed, wall=wall), wanted, session_open(FRI) + timedelta(minutes=20))
    quotes = [update.quotes[0] for update in updates]
    assert [quote.price for quote in quotes] == [102.0, 102.0, 103.0, 101.5, 104.0]
    # Not under a tenth of a second between two looks, which is that many played seconds.
    assert all(quote.fetched_at - quote.as_of <= 0.1 * speed + 0.01 for quote in quotes[1:])
    assert all(0.1 <= pause <= 1.0 for pause in wanted.pauses)


async def test_quotes_of_the_next_session_follow_without_a_new_order():
    wall = Wall()
    wanted = PacedWanted(wall)
    wanted.order(["IWM", "NEW"])
    updates = await _play(_replay(wall=wall), wanted, session_close(MON))
    assert [[(quote.symbol, quote.price) for quote in update.quotes] for update in updates] == [
        [("IWM", 52.0)],
        [("IWM", 53.0), ("NEW", 5.0)],
    ]
    assert [update.unknown for update in updates] == [["NEW"], []]


async def test_quotes_on_a_new_order_are_all_again():
    wall = Wall()
    wanted = PacedWanted(wall)
    wanted.order(["SPY"])
    async with aclosing(_replay(wall=wall).quotes(wanted)) as updates:
        await anext(updates)
        want = wanted.order(["SPY", "IWM"])
        update = await anext(updates)
    assert update.epoch == want.epoch
    assert [quote.symbol for quote in update.quotes] == ["SPY", "IWM"]


prices = st.none() | st.floats(1, 1000)


@given(
    st.lists(st.tuples(st.integers(0, 77), prices, prices, prices, prices, st.none() | st.integers(0, 10**9))),
    st.lists(st.floats(0, 24_000), min_size=1, max_size=10),
)
def test_tape_of_any_bars_keeps_its_price_in_its_range_and_its_volume_growing(rows, moments):
    begin = session_open(FRI).timestamp()
    bars = [
        Bar(time=begin + 300 * slot, open=o, high=h, low=low, close=c, volume=v)
        for slot, o, h, low, c, v in {row[0]: row for row in sorted(rows, key=lambda row: row[0])}.values()
    ]
    tape = Tape("SPY", FRI, None, bars)
    asked = (tape.at(session_open(FRI) + timedelta(seconds=each), "replay") for each in sorted(moments))
    quotes = [quote for quote in asked if quote is not None]
    for quote in quotes:
        assert quote.low <= quote.price <= quote.high
        assert quote.as_of <= quote.fetched_at
    assert [quote.volume or 0 for quote in quotes] == sorted(quote.volume or 0 for quote in quotes)
    assert [quote.high for quote in quotes] == sorted(quote.high for quote in quotes)


# Asked as the program asks


def _over(day: date) -> Replay:
    """A replay in which that session is just over."""
    wall = Wall()
    replay = _replay(day, wall=wall)
    wall.seconds = 390
    return replay


async def test_history_while_the_session_runs_ends_before_it():
    assert (await _replay().history("SPY")).dates == [WED, THU]


async def test_history_once_the_session_is_over_ends_with_it():
    assert (await _over(FRI).history("SPY", THU)).dates == [THU, FRI]


async def test_history_when_there_is_none_says_why():
    with pytest.raises(UnknownSymbolError, match="NOPE"):
        await _replay().history("NOPE")
    with pytest.raises(NoDataError, match="NEW"):
        await _replay().history("NEW")


async def test_intraday_has_the_bars_finished_so_far():
    wall = Wall()
    replay = _replay(wall=wall)
    wall.seconds = 10
    assert await replay.intraday("SPY") == SPY_BARS[:2]
    wall.seconds = 30
    assert await replay.intraday("SPY", FRI) == SPY_BARS


@pytest.mark.parametrize(("symbol", "day"), [("SPY", FRI), ("SPY", MON), ("IWM", THU), ("NOPE", None)])
async def test_intraday_without_finished_bars_has_no_data(symbol: str, day: date | None):
    with pytest.raises(NoDataError, match=symbol):
        await _replay().intraday(symbol, day)


async def test_intraday_leaves_out_what_is_not_of_the_regular_session():
    early = [Bar(time=SPY_BARS[0].time - 300, open=1.0, high=1.0, low=1.0, close=1.0, volume=1)]
    replay = Replay(MemoryArchive([SPY], {("SPY", THU): [*early, *five_minute_bars(THU, [7.0])]}), FRI, clock=Wall())
    assert [bar.close for bar in await replay.intraday("SPY", THU)] == [7.0]


async def test_intraday_history_is_of_the_sessions_before():
    bars = {("SPY", day): five_minute_bars(day, [float(day.day)]) for day in (WED, THU, FRI)}
    replay = Replay(MemoryArchive([SPY], bars), FRI, clock=Wall())
    assert [bar.close for bar in await replay.intraday_history("SPY")] == [10.0, 11.0]
    with pytest.raises(NoDataError, match="IWM"):
        await replay.intraday_history("IWM")


async def test_instruments_are_those_of_the_archive_with_what_was_given():
    given_one = Instrument(symbol="SPY", name="S&P 500 fund", kind=Kind.FUND, currency="USD")
    wall = Wall()
    replay = Replay(_archive(), FRI, clock=wall, instruments={"SPY": given_one})
    assert await replay.instruments(["SPY", "^RUT", "NOPE"]) == [
        given_one,
        Instrument(symbol="^RUT", kind=Kind.INDEX),
    ]
    [quote] = (await _first(replay, wall, ("SPY",))).quotes
    assert (quote.name, quote.currency) == ("S&P 500 fund", "USD")


async def test_fund_has_no_data():
    with pytest.raises(NoDataError):
        await _replay().fund("SPY")


def test_a_tape_keeps_no_history_of_decades():
    days = [FRI - timedelta(days=back) for back in range(2_000, -1, -1)]
    bars = daily_bars("SPY", {day: 100.0 + place for place, day in enumerate(days)})
    bars = structs.replace(bars, close=[*bars.close[:-1], None])
    tape = Tape("SPY", FRI, bars, [])
    kept = [value for value in vars(tape).values() if isinstance(value, list | Bars)]
    assert all(isinstance(value, list) and len(value) <= 3 for value in kept)
    quote = tape.at(session_close(FRI), "tape")
    assert quote is not None
    assert (quote.session, quote.price, quote.prev_close) == (days[-2], 2_099.0, 2_098.0)

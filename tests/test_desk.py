"""Funds on the desk: where their holdings come from, and books that follow every quote."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from tests.fakes.source import SESSION, FakeSource, bars, quote
from tests.test_engine import RISING, running
from tui import desk as desks
from tui.analytics.windows import Window
from tui.board import Board
from tui.desk import STALE_DAYS, FundDesk
from tui.engine import Engine
from tui.fund_lists import MOST_LOOKUPS
from tui.loader import Shelf
from tui.model import DataError, Fund, Holding, Update
from tui.sources.base import NoDataError, UnreachableError
from tui.store.holdings import Holdings
from tui.store.memory import Memory

MEMBERS = ("AAA", "BBB", "CCC")
SECTORS = ("Energy", "Energy", "Utilities")
NEW = SESSION - timedelta(days=1)


def fund(symbol="IWM", as_of=NEW, members=MEMBERS, sectors=SECTORS, **more) -> Fund:
    holdings = [
        Holding(
            symbol=name,
            name=f"{name} Inc",
            weight=1 / len(members),
            sector=sector,
            sector_source="ishares" if sector else None,
        )
        for name, sector in zip(members, sectors, strict=True)
    ]
    return Fund(symbol=symbol, name=f"{symbol} ETF", as_of=as_of, source="ishares", holdings=holdings, **more)


class Issuer:
    """Publishes the funds it was given, or fails."""

    def __init__(self, *funds: Fund) -> None:
        self.funds = {each.symbol: each for each in funds}
        self.error: DataError | None = None
        self.asked: list[str] = []

    async def fund(self, symbol: str) -> Fund:
        self.asked.append(symbol)
        if self.error is not None:
            raise self.error
        if symbol not in self.funds:
            raise NoDataError(f"no holdings of {symbol}")
        return self.funds[symbol]


class Lookup:
    """Knows the sector of every symbol but those that it fails at."""

    def __init__(self, bad: str = "") -> None:
        self.asked: list[str] = []
        self.bad = bad

    async def sector(self, symbol: str) -> tuple[str, str] | None:
        self.asked.append(symbol)
        if symbol == self.bad:
            raise UnreachableError("no connection")
        return None if symbol == "AAA" else ("Materials", "yahoo search")


@pytest.fixture
def stored(tmp_path: Path) -> Holdings:
    return Holdings(tmp_path)


def desk_over(engine: Engine, holdings: Holdings | None, source: Issuer, lookup=None, *, live=False) -> FundDesk:
    return FundDesk(engine, Board(engine, window=Window.M1, volume_window=63), holdings, source, lookup, live=live)


def still(holdings: Holdings | None, source: Issuer, lookup=None, *, live=False) -> FundDesk:
    """A desk over an engine that does not run: enough to find holdings."""
    engine = Engine(FakeSource(), Memory(), fetch=False, stale_after=600.0)
    return desk_over(engine, holdings, source, lookup, live=live)


@asynccontextmanager
async def market(*, shelf: Shelf | None = None) -> AsyncIterator[tuple[Engine, FakeSource]]:
    """The fund and its members with histories, all quoted and loaded."""
    names = ("IWM", *MEMBERS)
    source = FakeSource({name: bars(name, RISING) for name in names})
    async with running(source, shelf) as engine:
        engine.watch(names, "IWM")
        source.send(*(quote(name, 400.0, volume=500) for name in names), epoch=1)
        assert await engine.settle(10)
        yield engine, source


def tell(engine: Engine, symbol: str, price: float, later: float) -> None:
    """One tick, as the pump applies it."""
    old = engine.live.quotes[symbol]
    tick = structs.replace(old, price=price, as_of=old.as_of + later, fetched_at=old.fetched_at + later, volume=900)
    engine.apply(Update(epoch=engine.wanted.now.epoch, quotes=[tick]))


def figures(book) -> tuple[object, ...]:
    return book.sector_rows(), book.holding_rows(), book.total()


# --- where holdings come from -------------------------------------------------------------------------------------


@pytest.mark.parametrize("live", [True, False])
async def test_open_when_a_fresh_list_is_stored_then_the_source_is_not_asked(stored, live) -> None:
    stored.save(fund())
    source = Issuer(fund(as_of=SESSION))
    opened = await still(stored, source, live=live).open("IWM")
    assert opened.fund == fund()
    assert source.asked == []


async def test_open_when_nothing_is_stored_then_the_source_is_asked_once_and_its_list_kept(stored) -> None:
    source = Issuer(fund())
    desk = still(stored, source)
    opened = await desk.open("IWM")
    assert opened.fund == fund() == stored.latest("IWM")
    assert await desk.open("IWM") is opened
    assert source.asked == ["IWM"]


@pytest.mark.parametrize(
    ("age", "live", "asked"), [(STALE_DAYS, True, []), (STALE_DAYS + 1, True, ["IWM"]), (STALE_DAYS + 1, False, [])]
)
async def test_open_when_the_stored_list_is_old_then_only_a_live_one_is_asked_for_again(
    stored, age, live, asked
) -> None:
    old, new = fund(as_of=SESSION - timedelta(days=age)), fund(members=("AAA", "BBB", "DDD"))
    stored.save(old)
    source = Issuer(new)
    desk = still(stored, source, live=live)
    opened = await desk.open("IWM")
    assert opened.fund == old, "it is not waited for"
    await desk.renewed("IWM")
    assert source.asked == asked
    assert opened.fund == (new if asked else old)
    assert stored.latest("IWM") == opened.fund
    assert len(stored.dates("IWM")) == 1 + len(asked)


async def test_open_when_the_source_fails_then_the_stored_list_stays(stored) -> None:
    old = fund(as_of=date(2024, 5, 1))
    stored.save(old)
    source = Issuer()
    source.error = UnreachableError("no connection")
    desk = still(stored, source, live=True)
    opened = await desk.open("IWM")
    await desk.renewed("IWM")
    assert opened.fund == old
    assert opened.problem == ""


@pytest.mark.parametrize("worse", [fund(partial=True), fund(members=("AAA",), sectors=("Energy",))])
async def test_open_when_the_new_list_is_worse_then_the_stored_list_stays(stored, worse) -> None:
    old = fund(as_of=date(2024, 5, 1))
    stored.save(old)
    desk = still(stored, Issuer(worse), live=True)
    opened = await desk.open("IWM")
    await desk.renewed("IWM")
    assert opened.fund == old
    assert stored.latest("IWM") == old


async def test_open_when_nobody_has_it_then_it_says_why_and_the_next_time_may_succeed(stored) -> None:
    source = Issuer(fund())
    source.error = UnreachableError("no connection")
    desk = still(stored, source)
    opened = await desk.open("IWM")
    assert opened.fund is None
    assert opened.problem == "no connection"
    assert (await desk.build("IWM")).book is None
    source.error = None
    assert (await desk.open("IWM")).fund == fund()
    assert opened.problem == ""


async def test_open_when_other_stored_lists_are_damaged_then_the_fund_is_shown_all_the_same(stored) -> None:
    stored.save(fund())
    for name in ("IWN", "IWO", "SPY"):
        stored.save(fund(name))
        next((stored.root / name).glob("*.parquet")).write_bytes(b"not a table")
    opened = await still(stored, Issuer()).open("IWM")
    assert opened.fund == fund()
    assert opened.style is not None
    assert opened.style.methods == ()


async def test_open_when_its_own_stored_list_is_damaged_then_it_says_which_file(stored) -> None:
    stored.save(fund())
    next((stored.root / "IWM").glob("*.parquet")).write_bytes(b"not a table")
    opened = await still(stored, Issuer()).open("IWM")
    assert opened.fund is None
    assert "2024-07-11.parquet is damaged" in opened.problem


async def test_open_when_the_source_has_its_own_holdings_then_nothing_has_to_be_stored() -> None:
    assert (await still(None, Issuer(fund())).open("IWM")).fund == fund()


# --- sectors ------------------------------------------------------------------------------------------------------


async def test_open_when_sectors_are_missing_then_the_heaviest_are_looked_up_and_remembered(stored) -> None:
    names = [f"S{place:02}" for place in range(MOST_LOOKUPS + 5)]
    holdings = [Holding(symbol=name, name=name, weight=0.01 * (1 + place)) for place, name in enumerate(names)]
    stored.save(structs.replace(fund(), holdings=holdings))
    lookup = Lookup()
    opened = await still(stored, Issuer(), lookup).open("IWM")
    heaviest = names[::-1][:MOST_LOOKUPS]
    assert lookup.asked == heaviest
    assert opened.fund is not None
    known = {each.symbol: (each.sector, each.sector_source) for each in opened.fund.holdings if each.sector}
    assert known == dict.fromkeys(heaviest, ("Materials", "yahoo search"))
    assert opened.sector_sources == dict.fromkeys(heaviest, "yahoo search")
    again = Lookup()
    await still(stored, Issuer(), again).open("IWM")
    assert again.asked == names[::-1][MOST_LOOKUPS:], "what was learned is not asked again"


async def test_open_when_a_lookup_fails_then_what_was_learned_before_is_kept(stored) -> None:
    stored.save(fund(members=("AAA", "BBB", "CCC", "DDD"), sectors=(None,) * 4))
    lookup = Lookup(bad="CCC")
    opened = await still(stored, Issuer(), lookup).open("IWM")
    assert lookup.asked == ["AAA", "BBB", "CCC"]
    assert opened.fund is not None
    assert [each.sector for each in opened.fund.holdings] == [None, "Materials", None, None]


async def test_open_when_another_fund_knows_the_sector_then_it_is_taken_and_named(stored) -> None:
    stored.save(fund("SPY"))
    stored.save(fund(sectors=("Energy", None, None)))
    lookup = Lookup()
    opened = await still(stored, Issuer(), lookup).open("IWM")
    assert lookup.asked == []
    assert opened.sector_sources == {"BBB": "ishares SPY", "CCC": "ishares SPY"}


async def test_style_when_a_value_and_a_growth_fund_are_stored_then_membership_decides(stored) -> None:
    stored.save(fund("IWD", members=("CCC",), sectors=("Energy",)))
    stored.save(fund("IWN", members=("AAA",), sectors=("Energy",)))
    stored.save(fund("IWO", members=("BBB",), sectors=("Energy",)))
    opened = await still(stored, Issuer(fund())).open("IWM")
    assert opened.style is not None
    assert opened.style.methods == ("membership IWN/IWO",), "IWD lacks its other half"
    assert (opened.style.value, opened.style.growth, opened.style.unknown) == pytest.approx((1 / 3, 1 / 3, 1 / 3))


# --- books --------------------------------------------------------------------------------------------------------


async def test_build_when_nothing_has_changed_then_the_book_stays_and_a_new_baseline_makes_another() -> None:
    async with market() as (engine, _):
        desk = desk_over(engine, None, Issuer(fund()))
        late = engine.loader.baselines.pop("CCC")
        opened = await desk.build("IWM")
        first = opened.book
        assert first is not None
        assert first.total().covered == 2
        tell(engine, "AAA", 410.0, later=1.0)
        assert not desk.is_stale(opened)
        assert (await desk.build("IWM")).book is first
        engine.loader.baselines["CCC"] = late
        engine.loader.baselines["ELSE"] = late
        engine.loader.made += 2
        assert desk.is_stale(opened)
        second = (await desk.build("IWM")).book
        assert second is not None
        assert second.total().covered == 3
        assert not desk.is_stale(opened)
        del engine.loader.baselines["ELSE"]
        assert not desk.is_stale(opened), "no holding"


async def test_build_when_volumes_are_measured_over_other_sessions_then_the_book_is_another() -> None:
    async with market() as (engine, _):
        desk = desk_over(engine, None, Issuer(fund()))
        opened = await desk.build("IWM")
        first = opened.book
        desk.board.volume_window = 20
        assert desk.is_stale(opened)
        assert (await desk.build("IWM")).book is not first


async def test_build_when_whoever_asked_has_gone_then_the_book_is_made_all_the_same() -> None:
    async with market() as (engine, _):
        desk = desk_over(engine, None, Issuer(fund()))
        opened = await desk.open("IWM")
        asking = asyncio.create_task(desk.build("IWM"))
        while opened.making is None:
            await asyncio.sleep(0)
        asking.cancel()
        making = opened.making
        assert (await desk.build("IWM")).book is not None
        assert opened.making is making, "made once"
        assert asking.cancelled()


# Every example runs an engine and makes two books; a dozen ticks among four symbols have met in all ways long before.
@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(("IWM", *MEMBERS)), st.floats(1.0, 1000.0)), max_size=12))
def test_take_when_quotes_come_in_any_order_then_the_book_equals_a_regroup_and_a_new_one(ticks) -> None:
    async def run() -> None:
        async with market() as (engine, _):
            desk = desk_over(engine, None, Issuer(fund()))
            book = (await desk.build("IWM")).book
            assert book is not None
            for place, (symbol, price) in enumerate(ticks):
                tell(engine, symbol, price, later=place + 1.0)
                told = desk.take({symbol})
                assert told <= {"Energy", "Utilities"}
            followed = figures(book)
            book.regroup()
            assert figures(book) == followed
            fresh = (await desk_over(engine, None, Issuer(fund())).build("IWM")).book
            assert figures(fresh) == followed

    asyncio.run(run())


async def test_take_when_a_holding_ticks_then_its_sector_is_told_once_and_its_fund_tells_all() -> None:
    async with market() as (engine, _):
        desk = desk_over(engine, None, Issuer(fund()))
        await desk.build("IWM")
        desk.take(MEMBERS)
        tell(engine, "AAA", 410.0, later=1.0)
        assert desk.take({"AAA", "NOPE"}) == {"Energy"}
        assert desk.take({"AAA"}) == set()
        tell(engine, "IWM", 410.0, later=1.0)
        assert desk.take({"IWM"}) == {"Energy", "Utilities"}


async def test_closes_then_when_the_list_is_of_the_session_itself_then_weights_drift_back_from_its_close() -> None:
    shelf = Memory()
    closes = {"AAA": 798.0, "BBB": 399.0, "CCC": 399.0}
    async with market(shelf=shelf) as (engine, _):
        for name, close in closes.items():
            shelf.append([structs.replace(bars(name, [close]), dates=[SESSION])])
        book = (await desk_over(engine, None, Issuer(fund(as_of=SESSION))).build("IWM")).book
        assert book is not None
        # All closed at 399 the session before: AAA, which has doubled, weighed half as much as the others.
        assert [row.weight for row in book.holding_rows()] == pytest.approx([0.2, 0.4, 0.4])


async def test_closes_then_when_the_shelf_cannot_be_read_then_published_weights_stay() -> None:
    class Broken(Memory):
        def frame(self, symbols=None, start=None, end=None, columns=None):
            if columns == ("close",):
                raise DataError("damaged")
            return super().frame(symbols, start, end, columns)

    async with market(shelf=Broken()) as (engine, _):
        book = (await desk_over(engine, None, Issuer(fund(as_of=SESSION))).build("IWM")).book
        assert book is not None
        # The baselines end before the session: their last close stands for that of the list.
        assert [row.weight for row in book.holding_rows()] == pytest.approx([1 / 3] * 3)


# --- who holds what -----------------------------------------------------------------------------------------------


async def test_holders_when_funds_are_stored_and_open_then_both_count_and_the_heaviest_is_first(stored) -> None:
    stored.save(fund("SPY"))
    desk = still(
        None,
        Issuer(
            fund("XLE", members=("AAA",), sectors=("Energy",)), fund("EMPTY", members=("DDD",), sectors=("Energy",))
        ),
    )
    await desk.open("XLE")
    await desk.open("EMPTY")
    await desk.open("NOPE")
    assert await desk.holders("AAA") == [("XLE", 1.0)]
    desk._holdings = stored
    assert await desk.holders("AAA") == [("XLE", 1.0), ("SPY", pytest.approx(1 / 3))]


@pytest.mark.parametrize(("live", "asked"), [(True, []), (False, ["IWM", "NOPE"])])
async def test_known_when_the_source_costs_requests_then_only_stored_and_open_funds_are(stored, live, asked) -> None:
    stored.save(fund("SPY"))
    source = Issuer(fund())
    desk = still(stored, source, live=live)
    await desk.open("SPY")
    assert await desk.known(["IWM", "SPY", "NOPE"]) == (["SPY"] if live else ["SPY", "IWM"])
    assert source.asked == asked


def test_style_pairs_are_a_value_and_a_growth_fund_each() -> None:
    assert all(len(set(pair)) == 2 for pair in desks.STYLE_PAIRS)

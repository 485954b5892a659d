"""The simulated market: that it adds up, that it is the same for everyone, and that it looks like one."""

from contextlib import aclosing
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import correlation, fmean, median, pstdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sources.fakes import PacedWanted, Wall
from tui.model import Kind, Quote, State
from tui.sessions import NEW_YORK, is_session, next_session, previous_session, session_close, session_open
from tui.sources.base import NoDataError, UnknownSymbolError, Update
from tui.sources.demo import START, Demo
from tui.sources.demo_clock import PlayedClock
from tui.sources.demo_shapes import bridge, fitted, shocks, slots_of
from tui.sources.demo_universe import SECTORS, universe

ROTATION = [
    "IWM",
    "SPY",
    "QQQ",
    "QQQS",
    "QQQJ",
    "MDY",
    "IJR",
    "VTWO",
    "RSP",
    "IWN",
    "IWO",
    "XBI",
    "^RUT",
    "^GSPC",
    "^IXIC",
    "^TNX",
]
SECTOR_FUNDS = ["XLB", "XLC", "XLE", "XLF", "XLI", "XLK", "XLP", "XLRE", "XLU", "XLV", "XLY"]
COMPANY = next(symbol for symbol, listing in universe(7).items() if listing.kind is Kind.STOCK)
SAMPLE = ("SPY", "QQQS", "^RUT", "^TNX", "TLT", "XLE", "VTWO", COMPANY)

HALF_DAY = date(2025, 11, 28)
DAYS = (date(2026, 6, 17), date(2026, 6, 16), date(2026, 4, 1), date(2026, 3, 31), HALF_DAY, date(2024, 7, 12))

# One market for all properties: what it has kept from one example must not matter to the next.
MARKET = Demo(clock=Wall())

symbols = st.sampled_from(SAMPLE)
days = st.sampled_from(DAYS)
seconds = st.floats(0, 6.5 * 3600, allow_nan=False)


def _moment(day: date, after_open: float) -> datetime:
    return session_open(day) + timedelta(seconds=after_open)


def _return(quote: Quote) -> float:
    assert quote.price is not None
    assert quote.prev_close is not None
    return quote.price / quote.prev_close - 1


async def _finished(symbol: str, day: date) -> Demo:
    """A market in which the day is over."""
    return Demo(clock=Wall(), start=session_close(max(day, START.date())) + timedelta(minutes=1))


# The clock


def test_now_before_the_wall_clock_moves_is_the_fixed_start():
    assert Demo(clock=Wall(99.0)).now().astimezone(NEW_YORK) == datetime(2026, 6, 17, 10, 30, tzinfo=NEW_YORK)


def test_now_when_played_past_a_close_goes_on_before_the_next_open():
    wall = Wall()
    demo = Demo(clock=wall, speed=60)
    wall.seconds = (5 * 60 + 44) + 59 / 60  # minutes of play are seconds of the wall
    assert demo.now().astimezone(NEW_YORK).strftime("%d %H:%M:%S") == "17 16:14:59"
    wall.seconds += 1 / 60
    assert demo.now().astimezone(NEW_YORK).strftime("%d %H:%M:%S") == "18 09:25:00"


def test_now_when_played_past_a_friday_and_a_holiday_goes_on_with_the_next_session():
    wall = Wall()
    # Friday 2026-06-19 is a holiday: Thursday is followed by Monday.
    demo = Demo(clock=wall, start=datetime(2026, 6, 18, 16, 14, tzinfo=NEW_YORK))
    wall.seconds = 61
    assert demo.now().astimezone(NEW_YORK).strftime("%m-%d %H:%M:%S") == "06-22 09:25:01"


@pytest.mark.parametrize(
    ("start", "after", "expected"),
    [
        ("2026-06-17 09:27", 10, "06-17 09:37"),  # before the open, within the minutes that are played
        ("2026-06-17 09:00", 16, "06-17 09:26"),  # before them: a stay, then on
        ("2026-06-20 12:00", 14, "06-20 12:14"),  # a Saturday
        ("2026-06-20 12:00", 15, "06-22 09:25"),
        ("2025-11-28 12:59", 17, "12-01 09:26"),  # a half day closes at 13:00
    ],
)
def test_now_when_started_outside_a_session_stays_a_while_and_goes_on(start: str, after: int, expected: str):
    wall = Wall()
    begin = datetime.fromisoformat(start).replace(tzinfo=NEW_YORK)
    demo = Demo(clock=wall, start=begin)
    assert demo.now() == begin
    wall.seconds = after * 60
    assert demo.now().astimezone(NEW_YORK).strftime("%m-%d %H:%M") == expected


@given(st.lists(st.floats(0, 400_000), min_size=1, max_size=20))
def test_now_when_asked_often_and_in_any_order_is_the_same_as_when_asked_once(walls: list[float]):
    asked = Wall()
    often = PlayedClock(START, 3.0, asked, next_session)
    for wall in walls:
        asked.seconds = wall
        fresh = Wall()
        once = PlayedClock(START, 3.0, fresh, next_session)
        fresh.seconds = wall
        assert often.now() == once.now()


def test_now_when_the_wall_clock_steps_back_is_never_before_the_start():
    wall = Wall(100.0)
    demo = Demo(clock=wall)
    wall.seconds = 0.0
    assert demo.now() == START


def test_speed_when_negative_is_refused():
    with pytest.raises(ValueError, match="speed"):
        Demo(speed=-1.0)


def test_start_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="naive"):
        Demo(start=datetime(2026, 6, 17, 10, 30))  # noqa: DTZ001


# What is traded


def test_nature_says_that_nothing_is_real():
    assert Demo().nature() == "SIMULATED"


def test_construction_makes_no_bar():
    demo = Demo()
    assert demo._market.daily.cache_info().currsize == 0


async def test_instruments_when_asked_for_the_lists_have_names_and_kinds():
    wanted = [*ROTATION, *SECTOR_FUNDS, "TLT", COMPANY]
    found = {each.symbol: each for each in await MARKET.instruments([*wanted, "NOPE"])}
    assert list(found) == wanted
    assert found["^RUT"].kind is Kind.INDEX
    assert found["^TNX"].kind is Kind.YIELD
    assert found["IWM"].kind is Kind.FUND
    assert all(each.name for each in found.values())


def test_universe_when_seeded_has_invented_companies_in_all_sectors():
    companies = [each for each in universe(7).values() if each.kind is Kind.STOCK]
    assert 140 <= len(companies) <= 160
    assert {each.sector for each in companies} == set(SECTORS)
    assert len({each.name for each in companies}) == len(companies)
    assert all(len(each.symbol) == 6 and each.symbol.isalpha() for each in companies)
    assert universe(7) == universe(7)
    assert universe(7).keys() != universe(8).keys()


@pytest.mark.parametrize("symbol", ["SPY", "IWM", "QQQ", "QQQS", "XBI", *SECTOR_FUNDS])
async def test_fund_when_disclosed_holds_listed_companies_with_weights_of_one(symbol: str):
    fund = await MARKET.fund(symbol)
    assert sum(each.weight for each in fund.holdings) == pytest.approx(1.0)
    assert {each.sector for each in fund.holdings} <= set(SECTORS)
    weights = [each.weight for each in fund.holdings]
    assert weights == sorted(weights, reverse=True)
    known = await MARKET.instruments([str(each.symbol) for each in fund.holdings])
    assert {each.kind for each in known} == {Kind.STOCK}
    assert len(known) == len(fund.holdings)
    assert fund.as_of < MARKET.now().date()


@pytest.mark.parametrize("symbol", ["MDY", "VTWO", "^RUT", COMPANY, "NOPE"])
async def test_fund_when_not_disclosed_has_no_data(symbol: str):
    with pytest.raises(NoDataError, match="holdings"):
        await MARKET.fund(symbol)


# It adds up


@given(symbols, days, st.lists(seconds, min_size=2, max_size=12))
@settings(deadline=None)
def test_quote_at_as_a_session_passes_only_grows_its_volume_and_range(symbol: str, day: date, moments: list[float]):
    quotes = [MARKET.quote_at(symbol, _moment(day, each)) for each in sorted(moments)]
    for quote in quotes:
        assert quote.low <= quote.price <= quote.high
        assert quote.low <= quote.open <= quote.high
        assert quote.as_of <= quote.fetched_at
        assert quote.session == day
        assert (quote.volume is None) == symbol.startswith("^")
    for before, after in pairwise(quotes):
        assert (before.volume or 0) <= (after.volume or 0)
        assert before.high <= after.high
        assert before.low >= after.low
        assert before.as_of <= after.as_of


@given(symbols, days)
@settings(deadline=None, max_examples=30)
async def test_intraday_when_the_session_is_over_adds_up_to_the_daily_bar(symbol: str, day: date):
    demo = await _finished(symbol, day)
    bars = await demo.intraday(symbol, day)
    daily = await demo.history(symbol)
    place = daily.dates.index(day)
    assert len(bars) == slots_of(day) == (42 if day == HALF_DAY else 78)
    assert bars[0].time == session_open(day).timestamp()
    assert bars[-1].time + 300 == session_close(day).timestamp()
    assert bars[0].open == daily.open[place]
    assert bars[-1].close == daily.close[place]
    assert max(bar.high for bar in bars) == daily.high[place]
    assert min(bar.low for bar in bars) == daily.low[place]
    assert all(before.close == after.open for before, after in pairwise(bars))
    assert all(bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high for bar in bars)
    if daily.volume[place] is None:
        assert {bar.volume for bar in bars} == {None}
    else:
        assert sum(bar.volume for bar in bars) == daily.volume[place]


@given(symbols, days, st.integers(0, 77))
@settings(deadline=None)
def test_quote_at_when_a_bar_ends_agrees_with_the_bars_so_far(symbol: str, day: date, slot: int):
    slot = min(slot, slots_of(day) - 1)
    bars = MARKET._days.day(symbol, day).bars[: slot + 1]
    quote = MARKET.quote_at(symbol, _moment(day, 300 * (slot + 1) - 1e-6))
    assert quote.price == bars[-1].close
    assert quote.open == bars[0].open
    assert quote.high == max(bar.high for bar in bars)
    assert quote.low == min(bar.low for bar in bars)
    if quote.volume is not None:
        assert quote.volume == sum(bar.volume for bar in bars)


@given(symbols, days)
@settings(deadline=None, max_examples=20)
async def test_quote_at_when_the_session_is_over_is_the_daily_bar(symbol: str, day: date):
    demo = await _finished(symbol, day)
    daily = await demo.history(symbol)
    place = daily.dates.index(day)
    quote = demo.quote_at(symbol, session_close(day))
    assert quote.final
    assert not demo.quote_at(symbol, session_close(day) - timedelta(seconds=1)).final
    assert (quote.open, quote.high, quote.low, quote.price, quote.volume) == (
        daily.open[place],
        daily.high[place],
        daily.low[place],
        daily.close[place],
        daily.volume[place],
    )
    assert quote.prev_close == daily.close[place - 1]


@given(st.lists(st.tuples(symbols, days, seconds), min_size=1, max_size=6), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=15)
def test_quote_at_when_asked_in_another_order_is_the_same(asked: list[tuple[str, date, float]], random):
    first, second = Demo(seed=11, clock=Wall()), Demo(seed=11, clock=Wall())
    expected = {each: first.quote_at(each[0], _moment(each[1], each[2])) for each in asked}
    random.shuffle(asked)
    assert {each: second.quote_at(each[0], _moment(each[1], each[2])) for each in asked} == expected


async def test_history_when_started_elsewhere_is_the_same_market():
    later = Demo(clock=Wall(), start=datetime(2026, 9, 1, 12, tzinfo=NEW_YORK))
    here, there = await MARKET.history("IWM"), await later.history("IWM")
    closes = dict(zip(there.dates, there.close, strict=True))
    shared = [day for day in here.dates if day in closes]
    assert len(shared) > 600
    assert [closes[day] for day in shared] == [
        close for day, close in zip(here.dates, here.close, strict=True) if day in closes
    ]


async def test_history_with_another_seed_is_another_market():
    assert (await Demo(seed=8).history("SPY")).close != (await MARKET.history("SPY")).close


@pytest.mark.parametrize("symbol", ["SPY", "IWM", "QQQ", "QQQS", "XBI", "XLE"])
@pytest.mark.parametrize("hour", [10, 12, 15])
async def test_quote_at_of_a_fund_is_near_the_weighted_return_of_its_holdings(symbol: str, hour: int):
    moment = datetime(2026, 6, 17, hour, 7, tzinfo=NEW_YORK)
    holdings = (await MARKET.fund(symbol)).holdings
    explained = sum(each.weight * _return(MARKET.quote_at(str(each.symbol), moment)) for each in holdings)
    assert _return(MARKET.quote_at(symbol, moment)) == pytest.approx(explained, abs=0.003)


@given(
    st.lists(st.floats(1, 1000), min_size=2, max_size=40),
    st.floats(0, 50),
    st.floats(0, 0.9),
    st.booleans(),
)
def test_fitted_keeps_the_ends_and_the_order_and_stays_in_range(path, above, below, stretch):
    high, low = max(path[0], path[-1]) + above, min(path[0], path[-1]) - below
    fit = fitted(path, high, low, stretch=stretch)
    assert (fit[0], fit[-1]) == (path[0], path[-1])
    assert all(low <= each <= high for each in fit)
    ranked = sorted(range(len(path)), key=path.__getitem__)
    assert all(fit[a] <= fit[b] + 1e-9 for a, b in pairwise(ranked))
    if stretch and max(path) > max(path[0], path[-1]):
        assert max(fit) == pytest.approx(high)


@given(st.integers(1, 200), st.randoms(use_true_random=False))
def test_bridge_of_any_length_comes_back(steps: int, random):
    walk = bridge(random, steps)
    assert len(walk) == steps + 1
    assert walk[0] == 0
    assert walk[-1] == pytest.approx(0, abs=1e-9)


# It looks like a market


async def test_history_has_three_years_to_the_last_finished_session():
    for symbol in ROTATION:
        bars = await MARKET.history(symbol)
        assert len(bars.dates) == 757
        assert bars.dates[-1] == date(2026, 6, 16)
        assert all(is_session(day) for day in bars.dates)
        assert all(previous_session(after) == before for before, after in pairwise(bars.dates))
        for opened, high, low, close in zip(bars.open, bars.high, bars.low, bars.close, strict=True):
            assert 0 < low <= min(opened, close) <= max(opened, close) <= high
        assert (set(bars.volume) == {None}) == symbol.startswith("^")


async def test_history_once_the_session_is_over_ends_with_it():
    demo = Demo(clock=Wall(), start=session_close(date(2026, 6, 17)))
    assert (await demo.history("SPY")).dates[-1] == date(2026, 6, 17)


async def test_history_from_a_date_is_the_end_of_the_whole():
    whole, part = await MARKET.history("SPY"), await MARKET.history("SPY", date(2026, 1, 1))
    assert part.dates[0] == date(2026, 1, 2)
    assert part.adj_close == whole.adj_close[-len(part.dates) :]
    assert min(part.dividends) > date(2026, 1, 1) > min(whole.dividends)


async def test_history_when_there_is_none_says_why():
    with pytest.raises(UnknownSymbolError, match="NOPE"):
        await MARKET.history("NOPE")
    with pytest.raises(NoDataError, match="2026-06-17"):
        await MARKET.history("SPY", date(2026, 6, 17))


async def test_history_of_a_payer_is_adjusted_for_its_dividends():
    bars = await MARKET.history("SPY")
    assert len(bars.dividends) == 13  # four a year, one of them in the first days
    ex_date = max(bars.dividends)
    place = bars.dates.index(ex_date)
    assert bars.adj_close[place:] == bars.close[place:]
    assert bars.adj_close[place - 1] == pytest.approx(bars.close[place - 1] - bars.dividends[ex_date])
    assert (await MARKET.history("^GSPC")).dividends == {}


async def test_history_has_fat_tails_and_volume_that_goes_with_them():
    for symbol in ("SPY", "IWM", COMPANY):
        bars = await MARKET.history(symbol)
        returns = [after / before - 1 for before, after in pairwise(bars.close)]
        mean, spread = fmean(returns), pstdev(returns)
        assert fmean(((each - mean) / spread) ** 4 for each in returns) > 4  # 3 for a normal distribution
        assert 0.08 < spread * 252**0.5 < 0.6
        assert correlation([abs(each) for each in returns], bars.volume[1:]) > 0.2


async def test_history_of_small_and_large_diverges_over_some_months_but_is_related():
    small, large = (await MARKET.history("IWM")).close, (await MARKET.history("SPY")).close
    gaps = [abs(small[i] / small[i - 21] - large[i] / large[i - 21]) for i in range(21, 757)]
    assert max(gaps) > 0.06
    daily = [[after / before - 1 for before, after in pairwise(each)] for each in (small, large)]
    assert 0.6 < correlation(*daily) < 0.97


async def test_volume_of_qqqs_in_the_session_of_the_start_is_thirty_times_the_usual():
    usual = fmean((await MARKET.history("QQQS")).volume[-63:])
    today = MARKET.quote_at("QQQS", session_close(date(2026, 6, 17))).volume
    assert today / usual == pytest.approx(30, rel=0.01)


async def test_intraday_history_has_the_shape_of_a_day():
    bars = await MARKET.intraday_history("SPY")
    sessions = [bars[start : start + 78] for start in range(0, len(bars), 78)]
    assert len(sessions) == 20
    assert bars[-1].time < session_open(date(2026, 6, 17)).timestamp()
    totals = [sum(bar.volume for bar in session) for session in sessions]
    first = median(sum(bar.volume for bar in each[:6]) / total for each, total in zip(sessions, totals, strict=True))
    last = median(sum(bar.volume for bar in each[-6:]) / total for each, total in zip(sessions, totals, strict=True))
    assert first == pytest.approx(0.1292, abs=0.015)
    assert last == pytest.approx(0.2036, abs=0.015)


def test_shocks_have_unit_variance_and_fat_tails():
    values = shocks()
    assert fmean(values) == pytest.approx(0, abs=1e-9)
    assert pstdev(values) == pytest.approx(1, abs=0.05)
    assert max(values) > 5


# Asked as the program asks


async def test_intraday_while_the_session_runs_has_the_finished_bars():
    bars = await MARKET.intraday("IWM")
    assert len(bars) == 12  # 10:30
    assert bars == (await MARKET.intraday("IWM", date(2026, 6, 17)))


@pytest.mark.parametrize("day", [date(2026, 6, 18), date(2026, 6, 14)])
async def test_intraday_of_no_past_session_has_no_data(day: date):
    with pytest.raises(NoDataError, match=str(day)):
        await MARKET.intraday("IWM", day)


async def test_intraday_before_the_first_bar_is_finished_has_no_data():
    demo = Demo(clock=Wall(), start=datetime(2026, 6, 17, 9, 34, tzinfo=NEW_YORK))
    with pytest.raises(NoDataError, match="finished"):
        await demo.intraday("IWM")


async def test_intraday_before_the_open_is_the_session_before():
    demo = Demo(clock=Wall(), start=datetime(2026, 6, 17, 9, 26, tzinfo=NEW_YORK))
    bars = await demo.intraday("IWM")
    assert datetime.fromtimestamp(bars[0].time, NEW_YORK).date() == date(2026, 6, 16)
    assert len(bars) == 78


async def _updates(demo: Demo, wanted: PacedWanted, count: int) -> list[Update]:
    async with aclosing(demo.quotes(wanted)) as updates:
        return [await anext(updates) for _ in range(count)]


async def test_quotes_at_first_has_all_that_is_wanted():
    wall = Wall()
    wanted = PacedWanted(wall)
    want = wanted.order([*ROTATION, "NOPE"])
    [update] = await _updates(Demo(clock=wall), wanted, 1)
    assert [quote.symbol for quote in update.quotes] == ROTATION
    assert update.unknown == ["NOPE"]
    assert update.epoch == want.epoch
    assert update.health is not None
    assert update.health.state is State.LIVE
    assert not any(quote.final for quote in update.quotes)


async def test_quotes_in_a_session_are_those_of_the_symbols_that_moved():
    wall = Wall()
    wanted = PacedWanted(wall)
    listed = list(universe(7))
    wanted.order(listed)
    first, *later = await _updates(Demo(clock=wall), wanted, 21)
    prices = {quote.symbol: quote.price for quote in first.quotes}
    for update in later:
        assert update.quotes
        for quote in update.quotes:
            assert prices[quote.symbol] != quote.price
            prices[quote.symbol] = quote.price
    assert set(wanted.pauses) == {1.0}
    assert 0.08 < fmean(len(update.quotes) for update in later) / len(listed) < 0.3


async def test_quotes_on_a_new_order_are_all_again():
    wall = Wall()
    wanted = PacedWanted(wall)
    wanted.order(["SPY", "IWM"])
    async with aclosing(Demo(clock=wall).quotes(wanted)) as updates:
        await anext(updates)
        want = wanted.order(["IWM", "QQQ"])
        update = await anext(updates)
    assert update.epoch == want.epoch
    assert [quote.symbol for quote in update.quotes] == ["IWM", "QQQ"]


@pytest.mark.parametrize("start", ["2026-06-17 16:05", "2026-06-18 09:26"])
async def test_quotes_outside_a_session_are_final(start: str):
    wall = Wall()
    wanted = PacedWanted(wall)
    wanted.order(ROTATION)
    demo = Demo(clock=wall, start=datetime.fromisoformat(start).replace(tzinfo=NEW_YORK))
    [update] = await _updates(demo, wanted, 1)
    assert {(quote.final, quote.session) for quote in update.quotes} == {(True, date(2026, 6, 17))}


async def test_quotes_when_the_session_ends_are_sent_once_more_as_final():
    wall = Wall()
    wanted = PacedWanted(wall)
    wanted.order(["SPY", "^TNX"])
    demo = Demo(clock=wall, start=datetime(2026, 6, 17, 15, 59, 57, tzinfo=NEW_YORK))
    final: dict[str, Quote] = {}
    async with aclosing(demo.quotes(wanted)) as updates:
        async for update in updates:
            final |= {quote.symbol: quote for quote in update.quotes if quote.final}
            if len(final) == 2:
                break
    assert {quote.as_of for quote in final.values()} == {session_close(date(2026, 6, 17)).timestamp()}


def test_quote_at_of_an_unlisted_symbol_is_an_error():
    with pytest.raises(UnknownSymbolError, match="NOPE"):
        MARKET.quote_at("NOPE", datetime(2026, 6, 17, 15, tzinfo=UTC))

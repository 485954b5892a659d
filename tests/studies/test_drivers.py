"""The drivers' study over a fake market and a fake source: what is asked for, kept, known and said."""

from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.fakes.source import SESSION, FakeSource, bars, quote
from tests.test_engine import RISING, board_of, running
from tui.desk import FundDesk
from tui.model import AssetClass, DataError, Fund, Holding
from tui.model_drivers import CATALOG, Estimate, Filing, Frequency, Fundamental, Series
from tui.sources.base import DeniedError, NoDataError, UnreachableError
from tui.studies.driver_fetch import MOST_COMPANIES, MOST_DAYS, since_date, weekdays
from tui.studies.driver_memory import DriverMemory
from tui.studies.drivers import NO_DEALS, NO_SERIES, DriversStudy

NOW = datetime.combine(SESSION, datetime.min.time(), UTC).timestamp()


def series(name="DGS10", often=Frequency.DAILY, days=90, fetched_at=0.0, step=1) -> Series:
    dates = sorted(SESSION - timedelta(days=step * each) for each in range(days))
    values = [4.0 + (each * 7 % 11) / 10 for each in range(days)]
    return Series(id=name, dates=dates, values=values, frequency=often, source="fake", fetched_at=fetched_at)


def figures(symbol: str, day: date = SESSION, sales: float = 50.0) -> Fundamental:
    return Fundamental(
        symbol=symbol, as_of=day, source="fake", fetched_at=0.0, price=10.0, market_cap=100.0, sales=sales, earnings=5.0
    )


def filing(day: date, cik: int, accession: str) -> Filing:
    return Filing(accession=accession, cik=cik, company="A", form="425", kind="425", filed=day)


class Told:
    """A source that tells what it is given, or raises it, and counts who asks."""

    name = "fake"

    def __init__(self, **answers) -> None:
        self.answers = answers
        self.asked: list[object] = []

    def nature(self) -> None:
        return None

    def _answer(self, what, key):
        self.asked.append((what, key))
        found = self.answers.get(what)
        found = found(key) if callable(found) else found
        if isinstance(found, Exception):
            raise found
        return found

    async def series(self, series_id, since=None):
        return self._answer("series", series_id)

    async def yields(self, since):
        return self._answer("yields", since)

    async def fundamentals(self, symbols):
        return self._answer("fundamentals", tuple(symbols))

    async def estimates(self, symbols):
        return self._answer("estimates", tuple(symbols))

    async def filings(self, day):
        return self._answer("filings", day)

    async def industry(self, cik):
        return self._answer("industry", cik)


def fund(symbol: str, *names: str) -> Fund:
    holdings = [Holding(symbol=name, name=name, weight=1 / (place + 2)) for place, name in enumerate(names)]
    holdings += [Holding(symbol="CASH", name="Cash", weight=0.1, asset_class=AssetClass.CASH)]
    holdings += [Holding(symbol=None, name="Escrow", weight=0.01)]
    return Fund(symbol=symbol, name=symbol, as_of=SESSION, source="fake", holdings=holdings)


class Funds:
    def __init__(self, *funds: Fund) -> None:
        self._funds = {each.symbol: each for each in funds}

    async def fund(self, symbol: str) -> Fund:
        if symbol not in self._funds:
            raise NoDataError(f"no holdings of {symbol}")
        return self._funds[symbol]


@asynccontextmanager
async def studying(source=None, *funds: Fund):
    """A study of IWM and SPY, with its memory."""
    market = FakeSource({"IWM": bars("IWM", RISING), "SPY": bars("SPY", RISING)})
    async with running(market) as engine:
        engine.watch(("IWM",), "SPY")
        market.send(quote("IWM", 400.0, volume=1000), quote("SPY", 400.0, volume=1000), epoch=1)
        assert await engine.settle(10)
        board = board_of(engine)
        desk = FundDesk(engine, board, None, Funds(*funds))  # type: ignore[arg-type]
        memory = DriverMemory()
        yield DriversStudy(board, desk, memory, source), memory


async def test_without_anything_stored_each_part_says_what_to_do() -> None:
    async with studying() as (study, _):
        macro = await study.macro()
        assert (list(macro.lines), macro.problem) == ([], NO_SERIES)
        regimes = await study.regimes("IWM", "SPY")
        assert regimes.missing[0] == NO_SERIES
        assert "No GDP stored" in regimes.missing[1]
        assert (await study.valuation("IWM", "SPY")).problem == "no holdings of IWM"
        assert (await study.earnings("IWM", "SPY")).problem == "no holdings of IWM"
        assert (await study.deals(SESSION)).problem == NO_DEALS
        assert await study.series("DGS10", "IWM") is None


async def test_a_series_has_its_latest_change_and_its_correlation() -> None:
    async with studying() as (study, memory):
        memory.macro.save(series())
        line = (await study.macro()).lines[0]
        assert (line.id, line.title, line.in_percent) == ("DGS10", CATALOG["DGS10"].title, True)
        assert line.day == SESSION
        assert line.before is not None
        assert line.change == pytest.approx(line.latest - line.before)
        assert len(line.trend) == 63
        answer = await study.series("DGS10", "IWM")
        assert answer is not None
        assert answer.days[-1] == SESSION
        assert answer.window == 63
        nothing = await study.series("DGS10", "NIX")
        assert nothing is not None
        assert nothing.problem.startswith("No history of NIX")


async def test_a_figure_that_is_not_out_yet_is_not_told() -> None:
    async with studying() as (study, memory):
        early = Series(
            id="GDP", dates=[date(2023, 1, 1), SESSION.replace(day=1)], values=[1.0, 2.0], frequency=Frequency.QUARTERLY,
            source="fake", fetched_at=0.0,
        )  # fmt: skip
        memory.macro.save(early)
        assert (await study.macro()).lines[0].day == date(2023, 1, 1)


async def test_series_that_were_told_lately_are_not_asked_for_again() -> None:
    source = Told(series=lambda name: series(name, CATALOG[name].frequency, fetched_at=study_now[0]))
    study_now = [0.0]
    async with studying(source) as (study, memory):
        study_now[0] = study._now()
        assert await study.fetch_macro() == ""
        asked = len(source.asked)
        assert asked == 9
        assert await study.fetch_macro() == ""
        assert len(source.asked) == asked
        assert memory.macro.ids() == sorted(name for _, name in source.asked)


async def test_where_the_yield_fails_the_treasury_is_asked_and_the_reason_is_said() -> None:
    curve = [series("UST10Y"), series("UST2Y")]
    source = Told(series=UnreachableError("FRED does not answer"), yields=curve)
    async with studying(source) as (study, memory):
        assert await study.fetch_macro() == "FRED does not answer"
        assert [what for what, _ in source.asked] == ["series", "yields"]
        assert memory.macro.ids() == ["UST10Y", "UST2Y"]
        assert (await study.regimes("IWM", "SPY")).series == ["UST10Y (fake)"]


async def test_a_series_that_nobody_publishes_is_passed_over_in_silence() -> None:
    def told(name):
        return NoDataError("import a file") if name == "PMI" else series(name, CATALOG[name].frequency)

    async with studying(Told(series=told)) as (study, memory):
        assert await study.fetch_macro() == ""
        assert "PMI" not in memory.macro.ids()
        assert "UNRATE" in memory.macro.ids()


async def test_valuation_of_two_funds_covers_what_is_known_and_keeps_its_days() -> None:
    async with studying(None, fund("IWM", "A", "B"), fund("SPY", "C")) as (study, memory):
        before = SESSION - timedelta(days=30)
        memory.fundamentals.save([figures("A", before), figures("A", sales=100.0), figures("C")])
        memory.fundamentals.save([figures("C", SESSION + timedelta(days=9), sales=1.0)])
        answer = await study.valuation("IWM", "SPY")
        one = answer.a.valuation
        assert one.ps == pytest.approx(1.0)
        assert one.sales_coverage == pytest.approx((1 / 2) / (1 / 2 + 1 / 3 + 0.01))
        assert (one.n, answer.a.told) == (3, SESSION)
        assert answer.b.valuation.ps == pytest.approx(2.0)
        assert [(each.day, each.ps) for each in answer.history] == [(before, None), (SESSION, pytest.approx(0.5))]
        assert answer.sources == ["fake"]


async def test_an_index_is_valued_by_the_fund_that_tracks_it() -> None:
    async with studying(None, fund("IWM", "A"), fund("SPY", "C")) as (study, memory):
        memory.fundamentals.save([figures("A"), figures("C")])
        assert (await study.valuation("^RUT", "SPY")).a.valuation.ps == pytest.approx(2.0)


async def test_estimates_are_weighed_with_the_price_that_is_known() -> None:
    async with studying(None, fund("IWM", "A"), fund("SPY", "C")) as (study, memory):
        memory.fundamentals.save([figures("A"), figures("C")])
        memory.estimates.save(
            Estimate(symbol=each, period="0y", as_of=SESSION, source="fake", fetched_at=0.0, average=1.2, year_ago=1.0)
            for each in "AC"
        )
        answer = await study.earnings("IWM", "SPY")
        assert [each.period for each in answer.a.outlooks] == ["0q", "+1q", "0y", "+1y"]
        year = answer.a.outlooks[2]
        assert year.growth.value == pytest.approx(0.2)
        assert year.growth.n == 1


async def test_the_heaviest_companies_are_asked_for_first_and_only_so_many() -> None:
    names = [f"S{number}" for number in range(60)]
    source = Told(fundamentals=lambda symbols: [figures(each) for each in symbols])
    async with studying(source, fund("IWM", *names), fund("SPY", "S0")) as (study, memory):
        assert await study.fetch_companies(["IWM"], estimates=False) == ""
        asked = [symbol for _, group in source.asked for symbol in group]
        assert asked == names[:MOST_COMPANIES]
        assert await study.fetch_companies(["IWM"], estimates=False) == ""
        assert [symbol for _, group in source.asked for symbol in group] == names
        assert memory.fundamentals.frame().height == 60


async def test_what_came_before_the_source_refused_is_kept() -> None:
    def told(symbols):
        return UnreachableError("Yahoo does not answer") if "S5" in symbols else [figures(each) for each in symbols]

    names = [f"S{number}" for number in range(9)]
    async with studying(Told(fundamentals=told), fund("IWM", *names), fund("SPY")) as (study, memory):
        assert await study.fetch_companies(["IWM"], estimates=False) == "Yahoo does not answer"
        assert sorted(memory.fundamentals.frame()["symbol"].to_list()) == names[:5]


async def test_deals_are_read_day_by_day_the_newest_first_and_once() -> None:
    def told(day):
        return NoDataError("a holiday") if day.day == 4 else [filing(day, day.toordinal(), f"A{day}")]

    source = Told(filings=told, industry=(2836, "Drugs"))
    async with studying(source) as (study, _):
        since = study.day - timedelta(days=14)
        assert await study.fetch_deals(since) == ""
        days = [day for what, day in source.asked if what == "filings"]
        assert days == sorted(weekdays(since - timedelta(days=60), study.day), reverse=True)[:MOST_DAYS]
        answer = await study.deals(since)
        assert answer.days == answer.days_read == len(weekdays(since, study.day))
        assert answer.run_up
        assert answer.deals.sectors[0].name == "Drugs and biotech"
        before = len(source.asked)
        assert await study.fetch_deals(since) == ""
        assert all(what == "industry" for what, _ in source.asked[before:])


async def test_without_an_address_the_reason_is_the_sources_own() -> None:
    source = Told(filings=DeniedError("set email in config.toml"))
    async with studying(source) as (study, _):
        assert "set email in config.toml" in await study.fetch_deals(study.day)
        assert len(source.asked) == 1


async def test_in_the_past_nobody_is_asked() -> None:
    async with studying(None) as (study, _):
        assert not study.can_fetch
        assert await study.fetch_macro() == ""
        assert await study.fetch_deals(SESSION) == ""
        assert await study.fetch_companies(["IWM"], estimates=True) == ""


@pytest.mark.parametrize(
    ("typed", "day"), [("2026-04-03", (2026, 4, 3)), ("2026-04", (2026, 4, 1)), (" 2025 ", (2025, 1, 1))]
)
def test_a_date_may_be_short(typed: str, day: tuple[int, int, int]) -> None:
    assert since_date(typed, date(2026, 6, 1)) == date(*day)


@pytest.mark.parametrize("typed", ["", "april", "2026-13-01", "2027-01-01", "1970-01-01", "2026-04-03-09x"])
def test_what_is_no_date_says_what_to_type(typed: str) -> None:
    with pytest.raises(DataError, match=r"expected a date|give a"):
        since_date(typed, date(2026, 6, 1))

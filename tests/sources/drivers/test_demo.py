from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.sources.server import Clock
from tui.model_drivers import DEAL_FORMS, MACRO, TENORS
from tui.sources.base import NoDataError, UnknownSymbolError
from tui.sources.demo import Demo
from tui.sources.drivers.base import DriverSource
from tui.sources.drivers.demo import DemoDrivers
from tui.sources.drivers.earnings import PERIODS

SESSION = date(2026, 6, 17)


def make(start=None):
    return DemoDrivers(Demo(speed=1.0, clock=Clock(), start=start))


@pytest.fixture
def drivers():
    return make()


def test_demo_when_its_nature_is_asked_then_it_says_simulated(drivers):
    assert isinstance(drivers, DriverSource)
    assert drivers.nature() == "SIMULATED"


async def test_yields_when_asked_then_every_tenor_moves_with_the_simulated_ten_year(drivers):
    found = {each.id: each for each in await drivers.yields(date(2026, 3, 1))}
    ten = await Demo(clock=Clock()).history("^TNX", date(2026, 1, 1))
    assert [*found] == [*TENORS]
    assert found["UST10Y"].dates == ten.dates
    assert all(abs(a - b) <= 0.005 + 1e-9 for a, b in zip(found["UST10Y"].values, ten.close, strict=True))
    assert all(each.source == "demo" and min(each.values) > 0 for each in found.values())


async def test_series_when_each_of_the_screens_is_asked_then_it_is_there_and_plausible(drivers):
    found = {name: await drivers.series(name) for name in MACRO}
    for name, each in found.items():
        assert each.dates == sorted(set(each.dates)), name
        assert each.dates[-1] < SESSION
        assert each.title
    assert 0 < min(found["FEDFUNDS"].values) < max(found["FEDFUNDS"].values) < 9
    assert 38 <= min(found["PMI"].values) < 50 < max(found["PMI"].values) <= 62
    assert found["GDPC1"].dates[-1] == date(2026, 1, 1)


async def test_series_when_asked_since_a_day_then_only_later_ones_come(drivers):
    whole, part = await drivers.series("CPIAUCSL"), await drivers.series("CPIAUCSL", date(2025, 1, 1))
    assert part.dates == [day for day in whole.dates if day >= date(2025, 1, 1)]
    with pytest.raises(NoDataError):
        await drivers.series("CPIAUCSL", date(2030, 1, 1))
    with pytest.raises(UnknownSymbolError):
        await drivers.series("NOSUCH")


async def test_series_when_time_goes_on_then_what_was_told_stays(drivers):
    later = make(datetime(2027, 3, 10, 16, tzinfo=UTC))
    for name in MACRO[1:]:
        early, late = await drivers.series(name), await later.series(name)
        assert len(early.dates) < len(late.dates)
        assert early.values == late.values[: len(early.values)]


async def test_fundamentals_when_companies_are_asked_then_a_year_of_figures_that_agree_is_told(drivers):
    demo = Demo(clock=Clock())
    held = [each.symbol for each in (await demo.fund("IWM")).holdings][:6]
    found = await drivers.fundamentals([*held, "SPY", "^TNX", "NOSUCH"])
    assert {each.symbol for each in found} == set(held)
    for each in found:
        assert each.price_to_sales == pytest.approx(each.market_cap / each.sales, abs=0.01)
        assert (each.price_to_earnings is None) == (each.earnings <= 0)
    days = Counter(each.symbol for each in found)
    assert set(days.values()) == {13}
    assert max(each.as_of for each in found) < SESSION
    assert found == await make().fundamentals(held)


async def test_fundamentals_when_small_and_large_companies_are_compared_then_the_small_are_cheaper(drivers):
    demo = Demo(clock=Clock())
    median = {}
    for fund in ("IWM", "SPY"):
        held = [each.symbol for each in (await demo.fund(fund)).holdings if each.sector != "Health Care"]
        ratios = sorted(each.price_to_sales for each in await drivers.fundamentals(held))
        median[fund] = ratios[len(ratios) // 2]
    assert median["IWM"] < median["SPY"]


async def test_estimates_when_a_company_is_asked_then_every_period_is_told(drivers):
    demo = Demo(clock=Clock())
    held = [each.symbol for each in (await demo.fund("QQQS")).holdings][:5]
    found = await drivers.estimates([*held, "SPY"])
    assert [each.period for each in found] == list(PERIODS) * 5
    for each in found:
        assert each.up_7d <= each.up_30d
        assert each.down_7d <= each.down_30d
        assert each.up_30d + each.down_30d <= each.analysts
        assert each.ends >= SESSION
        assert each.growth == pytest.approx(each.average / each.year_ago - 1, abs=0.02)


async def test_filings_when_a_quarter_is_read_then_deals_file_in_their_order_and_every_row_is_its_own(drivers):
    found = []
    for back in range(90):
        day = SESSION - timedelta(days=back)
        try:
            found += await drivers.filings(day)
        except NoDataError:
            assert day.weekday() >= 5 or day in {date(2026, 5, 25), date(2026, 4, 3)}
    assert len({(each.accession, each.cik) for each in found}) == len(found) > 60
    assert {each.kind for each in found} <= set(DEAL_FORMS)
    assert {"425", "SC TO-T", "DEFM14A", "S-4"} <= {each.kind for each in found}
    assert len({each.sic for each in found}) > 4
    for each in found[:20]:
        assert await drivers.industry(each.cik) == (each.sic, each.industry)
    assert await drivers.industry(320193) is None


async def test_filings_when_the_day_has_not_come_then_there_are_none(drivers):
    with pytest.raises(NoDataError):
        await drivers.filings(SESSION + timedelta(days=1))

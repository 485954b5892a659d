from datetime import date

import pytest

from tests.sources.drivers.payloads import CURVE, FRED, figures, filing, index
from tests.sources.server import QUICK, Answer
from tui.sources.base import MalformedError, NoDataError
from tui.sources.drivers.base import DriverSource
from tui.sources.drivers.companies import Companies
from tui.sources.drivers.fred import Fred
from tui.sources.drivers.live import LiveDrivers
from tui.sources.drivers.sec_index import SecIndex
from tui.sources.drivers.treasury import Treasury
from tui.sources.holdings.edgar import ContactHttp
from tui.sources.http import Http


@pytest.fixture
async def live(yahoo, market, clock, monkeypatch):
    monkeypatch.setattr("tui.sources.holdings.edgar.HOSTS", {"127.0.0.1"})
    clock.now = 1_795_265_000.0  # 2026-11-21
    source = LiveDrivers(
        Treasury(Http("The Treasury", limits=QUICK, clock=clock), base=market.url, clock=clock),
        Fred(Http("FRED", limits=QUICK, clock=clock), base=market.url, clock=clock),
        Companies(yahoo.http, yahoo.auth, base=market.url, clock=clock),
        SecIndex(ContactHttp("me@example.org", limits=QUICK), base=market.url, data=market.url, clock=clock),
    )
    market.routes["/resource-center"] = Answer(CURVE)
    market.routes["/graph"] = Answer(FRED)
    market.routes["/v10/finance/quoteSummary/AAPL"] = Answer(figures())
    market.routes["/Archives"] = Answer(index(filing("425")))
    market.routes["/submissions"] = Answer(b'{"sic": "2836", "sicDescription": "Biological Products"}')
    yield source
    await source.aclose()


async def test_live_when_each_question_is_asked_then_its_publisher_answers(live):
    assert isinstance(live, DriverSource)
    assert live.nature() is None
    assert "UST10Y" in {each.id for each in await live.yields(date(2026, 1, 1))}
    assert (await live.series("DGS10")).source == "fred"
    assert (await live.series("UST10Y")).source == "treasury"
    assert [each.symbol for each in await live.fundamentals(["AAPL"])] == ["AAPL"]
    assert {each.symbol for each in await live.estimates(["AAPL"])} == {"AAPL"}
    assert [each.form for each in await live.filings(date(2020, 3, 18))] == ["425"]
    assert await live.industry(52795) == (2836, "Biological Products")


async def test_series_when_nobody_may_publish_it_then_an_import_is_offered_and_nothing_is_asked(live, market):
    with pytest.raises(NoDataError, match=r"PMI\.csv"):
        await live.series("PMI")
    assert market.requests == []


async def test_series_when_the_curve_lacks_the_tenor_then_there_is_no_data(live):
    with pytest.raises(NoDataError, match="20-year"):
        await live.series("UST20Y")


async def test_series_when_fred_sends_a_page_then_the_error_is_typed(live, market):
    market.routes["/graph"] = Answer(b"<!DOCTYPE html><html></html>")
    with pytest.raises(MalformedError):
        await live.series("GDP")


async def test_aclose_when_called_twice_then_it_is_safe(live):
    await live.series("DGS10")
    await live.aclose()
    await live.aclose()

"""Every recording of the Treasury, FRED, the SEC's index and Yahoo's summaries, by the parsers and over loopback."""

from collections import Counter
from datetime import date

import pytest

from tests.sources.server import QUICK, Answer, recorded
from tui.model_drivers import Frequency, Observation
from tui.sources.base import MalformedError, NoDataError, UnknownSymbolError
from tui.sources.drivers.companies import Companies
from tui.sources.drivers.earnings import parse_estimates
from tui.sources.drivers.fred import Fred, parse_fredgraph, parse_observations
from tui.sources.drivers.fundamentals import parse_fundamental
from tui.sources.drivers.sec_index import SecIndex, parse_index, parse_industry
from tui.sources.drivers.treasury import Treasury, parse_curve
from tui.sources.holdings.edgar import ContactHttp
from tui.sources.http import Http

DAY = date(2025, 10, 29)


@pytest.fixture(scope="module")
def recordings(shared_data):
    return shared_data / "recordings"


@pytest.mark.parametrize(
    ("name", "tenors", "days", "ten"),
    [
        ("DailyTreasuryYieldCurveRateData_2021_legacy.xml", 12, 53, Observation(date(2021, 3, 19), 1.74)),
        ("daily-treasury-rates_1990-2022_all.csv", 12, 8055, Observation(date(2022, 3, 11), 2.0)),
        ("daily-treasury-rates_2023.csv", 13, 169, Observation(date(2023, 9, 1), 4.18)),
        ("daily_treasury_yield_curve_2022_home.xml", 12, 48, Observation(date(2022, 3, 11), 2.0)),
    ],
)
def test_curve_when_a_recording_is_read_then_every_tenor_and_day_is_there(recordings, name, tenors, days, ten):
    found = {each.id: each for each in parse_curve((recordings / "treasury" / name).read_bytes(), 0.0)}
    assert (len(found), len(found["UST10Y"].dates), found["UST10Y"].latest()) == (tenors, days, ten)


def test_curve_when_old_years_lack_tenors_then_only_they_are_missing(recordings):
    payload = (recordings / "treasury" / "daily-treasury-rates_1990-2022_all.csv").read_bytes()
    found = {each.id: each for each in parse_curve(payload, 0.0)}
    first = {name: each.dates[0] for name, each in found.items()}
    assert (first["UST1M"], first["UST2M"], first["UST20Y"]) == (
        date(2001, 7, 31),
        date(2018, 10, 16),
        date(1993, 10, 1),
    )
    thirty = found["UST30Y"]
    assert not [day for day in thirty.dates if date(2002, 2, 19) <= day < date(2006, 2, 9)]
    assert date(2010, 10, 11) not in found["UST10Y"].dates
    # Bills did yield nothing, in 2011 and again in 2020; nothing longer ever did.
    assert found["UST1M"].values.count(0.0) == 100
    assert all(0.0 not in each.values for name, each in found.items() if name not in {"UST1M", "UST2M", "UST3M"})


def test_curve_when_both_forms_tell_the_same_days_then_they_agree(recordings):
    csv, xml = (
        {each.id: dict(zip(each.dates, each.values, strict=True)) for each in parse_curve(path.read_bytes(), 0.0)}
        for path in (
            recordings / "treasury" / "daily-treasury-rates_1990-2022_all.csv",
            recordings / "treasury" / "daily_treasury_yield_curve_2022_home.xml",
        )
    )
    for tenor, values in xml.items():
        assert values == {day: csv[tenor][day] for day in values}


@pytest.mark.parametrize(
    ("name", "series", "rows", "last", "frequency"),
    [
        ("fredgraph_CPIAUCSL_2026-04.csv", "CPIAUCSL", 950, (date(2026, 3, 1), 330.293), Frequency.MONTHLY),
        ("fredgraph_DGS10_full_2026-07.csv", "DGS10", 16129, (date(2026, 7, 30), 4.68), Frequency.DAILY),
        ("fredgraph_FEDFUNDS_2026-04.csv", "FEDFUNDS", 861, (date(2026, 3, 1), 3.64), Frequency.MONTHLY),
        ("macrocharts_GDPC1_2026-07.csv", "GDPC1", 105, (date(2026, 1, 1), 24180.419), Frequency.QUARTERLY),
        ("macrocharts_ICSA_2026-07.csv", "ICSA", 291, (date(2026, 7, 25), 197000.0), Frequency.WEEKLY),
        ("macrocharts_T10Y2Y_2026-07.csv", "T10Y2Y", 9149, (date(2026, 7, 29), 0.45), Frequency.DAILY),
    ],
)
def test_fred_when_a_csv_is_read_then_blanks_are_missing(recordings, name, series, rows, last, frequency):
    (found,) = parse_fredgraph((recordings / "fred" / name).read_bytes(), 0.0)
    assert (found.id, len(found.dates), found.latest(), found.frequency) == (
        series,
        rows,
        Observation(*last),
        frequency,
    )


@pytest.mark.parametrize(
    ("name", "rows", "last"),
    [
        ("api_obs_DFF.json", 157, (date(2023, 6, 6), 5.08)),
        ("api_obs_DGS10.json", 16088, (date(2026, 6, 1), 4.47)),
        ("api_obs_SP500.json", 2516, (date(2024, 6, 26), 5477.9)),
        ("api_obs_T10Y3M.json", 108, (date(2023, 6, 6), -1.74)),
    ],
)
def test_fred_when_the_api_answered_then_dots_are_missing(recordings, name, rows, last):
    series_id = name.removesuffix(".json").rpartition("_")[2]
    found = parse_observations((recordings / "fred" / name).read_bytes(), series_id, 0.0)
    assert (len(found.dates), found.latest()) == (rows, Observation(*last))


@pytest.mark.parametrize("name", ["api_calendar_0.html", "api_search.json", "api_series_DGS10.json"])
def test_fred_when_another_answer_is_read_then_it_is_refused(recordings, name):
    for parse in (
        lambda data: parse_fredgraph(data, 0.0),
        lambda data: parse_observations(data, "X", 0.0),
    ):
        with pytest.raises(MalformedError):
            parse((recordings / "fred" / name).read_bytes())


def test_index_when_a_day_is_read_then_the_forms_are_counted(recordings):
    found = parse_index((recordings / "sec" / "form.20200318.idx").read_bytes())
    assert Counter(each.form for each in found) == {"8-K": 232, "8-K/A": 13, "425": 12, "SC TO-T/A": 2, "S-4": 1}
    assert {each.company for each in found if each.kind == "SC TO-T"} == {"STRYKER CORP", "Wright Medical Group N.V."}
    assert {each.filed for each in found} == {date(2020, 3, 18)}
    assert all(each.company and each.company == each.company.strip() for each in found)


def test_industry_when_a_company_is_read_then_its_code_is_known(recordings):
    payload = (recordings / "sec" / "submissions_company.json").read_bytes()
    assert parse_industry(payload) == (3711, "Motor Vehicles & Passenger Car Bodies")


@pytest.mark.parametrize("name", ["full-index_403_AccessDenied.xml", "submissions_404_NoSuchKey.xml"])
async def test_sec_when_the_store_refuses_then_there_is_no_index_for_that_day(recordings, server, monkeypatch, name):
    monkeypatch.setattr("tui.sources.holdings.edgar.HOSTS", {"127.0.0.1"})
    server.routes["/"] = Answer((recordings / "sec" / name).read_bytes(), int(name.split("_")[1]))
    source = SecIndex(ContactHttp("me@example.org", limits=QUICK), base=server.url, data=server.url)
    with pytest.raises(NoDataError):
        await source.filings(date(2020, 3, 19))
    await source.aclose()


async def test_sources_when_the_recordings_are_served_then_they_are_read(recordings, server, clock, monkeypatch):
    monkeypatch.setattr("tui.sources.holdings.edgar.HOSTS", {"127.0.0.1"})
    clock.now = 1_693_900_000.0  # 2023-09-05
    csv, xml = (
        (recordings / "treasury" / name).read_bytes()
        for name in ("daily-treasury-rates_2023.csv", "daily_treasury_yield_curve_2022_home.xml")
    )
    years = "/resource-center/data-chart-center/interest-rates/daily-treasury-rates.csv"
    server.routes[f"{years}/2023"] = Answer(csv)
    server.routes["/resource-center/data-chart-center/interest-rates/pages/xml"] = Answer(xml)
    server.routes["/graph"] = Answer((recordings / "fred" / "fredgraph_DGS10_full_2026-07.csv").read_bytes())
    server.routes["/Archives"] = Answer((recordings / "sec" / "form.20200318.idx").read_bytes())
    treasury, fred = (
        kind(Http(kind.name, limits=QUICK, clock=clock), base=server.url, clock=clock) for kind in (Treasury, Fred)
    )
    sec = SecIndex(ContactHttp("me@example.org", limits=QUICK), base=server.url, data=server.url, clock=clock)
    ten = next(each for each in await treasury.yields(date(2022, 1, 1)) if each.id == "UST10Y")
    assert (len(ten.dates), ten.dates[0], ten.values[-1]) == (48 + 169, date(2022, 1, 3), 4.18)
    assert len((await fred.series("DGS10")).dates) == 16129
    assert len(await sec.filings(date(2020, 3, 18))) == 260
    for source in (treasury, fred, sec):
        await source.aclose()


def test_fundamental_when_the_page_of_a_company_is_read_then_its_figures_are_known(recordings):
    payload = recorded(recordings / "yahoo/quotesummary/pageAAPL_quoteSummary_AAPL_formatted.json").body
    found = parse_fundamental(payload, "AAPL", DAY, 0.0)
    assert (found.price, found.market_cap, found.sales, found.eps) == (268.835, 3989615935488, 408624988160, 6.59)
    assert (found.price_to_sales, found.price_to_earnings, found.currency) == (9.7635145, 40.794384, "USD")
    assert found.price_to_sales == pytest.approx(found.market_cap / found.sales, rel=1e-4)


def test_fundamental_when_it_is_a_fund_then_only_its_ratio_is_told(recordings):
    payload = recorded(recordings / "yahoo/quotesummary/yf2_all-QQQ.json").body
    found = parse_fundamental(payload, "QQQ", DAY, 0.0)
    assert (found.sales, found.eps, found.price_to_sales, found.price_to_earnings) == (None, None, None, 34.286358)


def test_estimates_when_apples_are_read_then_growth_and_revisions_are_known(recordings):
    payload = recorded(recordings / "yahoo/quotesummary/rs_analysis_api_earningsTrend_AAPL.json").body
    found = {each.period: each for each in parse_estimates(payload, "AAPL", DAY, 0.0)}
    assert [*found] == ["0q", "+1q", "0y", "+1y"]
    assert [each.growth for each in found.values()] == [0.0798, 0.043, 0.0949, 0.0883]
    year = found["0y"]
    assert (year.up_7d, year.up_30d, year.down_7d, year.down_30d, year.analysts) == (6, 9, 2, 3, 43)


def test_summaries_when_any_recording_is_read_then_it_is_figures_or_a_typed_error(recordings):
    for path in sorted((recordings / "yahoo/quotesummary").iterdir()):
        for parse in (parse_fundamental, parse_estimates):
            for symbol in ("AAPL", "QQQ"):
                try:
                    found = parse(recorded(path).body, symbol, DAY, 0.0)
                except (MalformedError, NoDataError, UnknownSymbolError):
                    continue
                assert found


async def test_companies_when_recordings_are_served_then_a_page_gives_figures(recordings, market, yahoo, clock):
    page = recorded(recordings / "yahoo/quotesummary/pageAAPL_quoteSummary_AAPL_formatted.json")
    unknown = recorded(recordings / "yahoo/errors/404_quoteSummary_not_found.json")
    market.routes["/v10/finance/quoteSummary/AAPL"] = page
    market.routes["/v10/finance/quoteSummary/XX"] = unknown
    source = Companies(yahoo.http, yahoo.auth, base=market.url, clock=clock)
    assert [each.symbol for each in await source.fundamentals(["AAPL", "XX"])] == ["AAPL"]

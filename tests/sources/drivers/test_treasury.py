from datetime import date

import pytest

from tests.sources.drivers.payloads import CURVE, bc, xml
from tests.sources.server import QUICK, Answer
from tui.sources.base import LimitedError, MalformedError, NoDataError, UnreachableError
from tui.sources.drivers.treasury import Treasury, parse_csv, parse_curve, parse_xml, recognises, tenor
from tui.sources.http import Http

DAY, BEFORE = date(2026, 11, 20), date(2026, 11, 19)


def test_parse_csv_when_columns_drift_then_each_tenor_is_known_by_its_name():
    assert parse_csv(CURVE) == {
        DAY: {"UST1M": 0.0, "UST1_5M": 4.02, "UST2M": 4.01, "UST10Y": 4.19},
        BEFORE: {"UST1M": 4.03, "UST10Y": 4.21, "UST30Y": 4.80},
    }


def test_parse_xml_when_the_display_column_is_a_zero_then_it_is_no_yield():
    told = bc("3MONTH", "0.00") + bc("10YEAR", "4.10") + bc("20YEAR", "") + bc("30YEARDISPLAY", "0.00")
    null = '<d:BC_30YEAR m:type="Edm.Double" m:null="true" />'
    assert parse_xml(xml(("2003-05-01", told + null))) == {date(2003, 5, 1): {"UST3M": 0.0, "UST10Y": 4.1}}


def test_parse_when_a_day_is_all_zeros_then_it_is_a_holiday():
    assert parse_xml(xml(("2017-04-14", bc("1MONTH", "0") + bc("10YEAR", "0")))) == {}
    assert parse_csv(b"Date,1 Mo,10 Yr\n04/14/2017,0,0\n") == {}


def test_parse_curve_when_either_form_comes_then_series_ascend_and_say_what_they_are():
    ten = {each.id: each for each in parse_curve(CURVE, 5.0)}["UST10Y"]
    assert (ten.dates, ten.values) == ([BEFORE, DAY], [4.21, 4.19])
    assert (ten.unit, ten.frequency, ten.source, ten.fetched_at) == ("percent", "daily", "treasury", 5.0)
    assert [each.id for each in parse_curve(xml(("2003-05-01", bc("1_5MONTH", "4"))), 0.0)] == ["UST1_5M"]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("1 Mo", "UST1M"),
        ("1.5 Month", "UST1_5M"),
        ("10  Yr", "UST10Y"),
        ("30 Years", "UST30Y"),
        ("20 YR", "UST20Y"),
        ("40 Yr", None),
        ("Date", None),
        ("LT COMPOSITE (>10 Yrs)", None),
    ],
)
def test_tenor_when_a_column_is_called_so_then_it_is_that_series(column, expected):
    assert tenor(column) == expected


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"Date,10 Yr\n11/20/2026,4.1,3\n", "line 2"),
        (b"Date,10 Yr\n2026-13-20,4.1\n", "line 2"),
        (b"Date,10 Yr\n11/20/2026,four\n", "line 2, UST10Y"),
        (b"Date,10 Yr\n11/20/2026,419\n", "cannot be a yield"),
        (b"Date,Close\n11/20/2026,4.1\n", "form has changed"),
        (b'Date,"1.5 Mo""2 Mo",10 Yr\n11/20/2026,4.1,4.2\n', "line 1.*damaged"),
        (b"Date,1.5 Mo2 Mo,10 Yr\n11/20/2026,4.1,4.2\n", "line 1.*damaged"),
        (b"Date,Date,10 Yr\n11/20/2026,4.1,4.2\n", "line 1.*damaged"),
        (b'Date,"10 Yr\n', "line"),
        (b"\xff\xfe", "UTF-8"),
        (xml()[:-9], "not XML"),
        (b"<rows></rows>", "not its feed"),
        (b'<!DOCTYPE feed [<!ENTITY a "b">]><feed/>', "document type"),
        (xml(("2026-02-30", bc("10YEAR", "4"))), "no date"),
        (xml(("2026-02-20", bc("TENYEAR", "4"))), "no tenor"),
    ],
)
def test_parse_when_it_is_not_the_curve_then_the_error_says_what_is_wrong(payload, words):
    with pytest.raises(MalformedError, match=words):
        parse_curve(payload, 0.0)


def test_recognises_when_it_is_another_csv_then_no():
    assert recognises(CURVE)
    assert recognises(xml())
    assert not recognises(b"Date,Close\n")
    assert not recognises(b"Date,")
    assert not recognises(b"<html>")


@pytest.fixture
async def treasury(server, clock):
    clock.now = 1_795_265_000.0  # 2026-11-21
    http = Http("The Treasury", hosts={"127.0.0.1"}, limits=QUICK, clock=clock)
    source = Treasury(http, base=server.url, clock=clock)
    yield source
    await source.aclose()


ROOT = "/resource-center/data-chart-center/interest-rates"


async def test_yields_when_asked_then_each_year_is_one_request_and_all_are_joined(treasury, server):
    server.routes[f"{ROOT}/daily-treasury-rates.csv/2025"] = Answer(b"Date,10 Yr\n12/31/2025,4.18\n")
    server.routes[f"{ROOT}/daily-treasury-rates.csv/2026"] = Answer(CURVE)
    found = {each.id: each for each in await treasury.yields(date(2025, 12, 1))}
    assert found["UST10Y"].dates == [date(2025, 12, 31), BEFORE, DAY]
    assert [request.query["field_tdr_date_value"] for request in server.requests] == ["2025", "2026"]
    assert server.paths() == [f"{ROOT}/daily-treasury-rates.csv/{year}/all" for year in (2025, 2026)]


async def test_yields_when_the_csv_is_a_page_then_the_feed_is_asked(treasury, server):
    server.routes[f"{ROOT}/daily-treasury-rates.csv"] = Answer(b"<!DOCTYPE html><html></html>")
    server.routes[f"{ROOT}/pages/xml"] = Answer(xml(("2026-11-20", bc("10YEAR", "4.19"))))
    (ten,) = await treasury.yields(date(2026, 11, 1))
    assert (ten.id, ten.values) == ("UST10Y", [4.19])


async def test_yields_when_the_future_is_asked_then_this_year_is(treasury, server):
    server.routes[f"{ROOT}/daily-treasury-rates.csv"] = Answer(CURVE)
    assert (await treasury.yields(date.max))[0].dates == [BEFORE, DAY]
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(b"<html>", 503), UnreachableError),
        (Answer(b"", 429), LimitedError),
        (Answer(b"<html>gone</html>", 404), NoDataError),
        (Answer(b"", drop=True), UnreachableError),
    ],
)
async def test_yields_when_the_site_is_in_trouble_then_the_error_is_typed(treasury, server, answer, error):
    server.routes["/"] = answer
    with pytest.raises(error):
        await treasury.yields(date(2026, 1, 1))


async def test_yields_when_nothing_is_published_then_there_is_no_data(treasury, server):
    server.routes[ROOT] = Answer(b"Date,10 Yr\n")
    with pytest.raises(NoDataError):
        await treasury.yields(date(2026, 1, 1))

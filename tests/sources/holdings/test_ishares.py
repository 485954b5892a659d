from datetime import date

import pytest

from tests.sources.holdings.kit import row, shares, told, weights
from tests.sources.holdings.payloads import HEADER, ISHARES_ROWS, PREAMBLE, ishares, ishares_bare, ishares_row
from tests.sources.server import QUICK, Answer
from tui.model import AssetClass
from tui.sectors import CASH
from tui.sources.base import MalformedError, NoDataError, UnreachableError
from tui.sources.holdings.base import UndatedError, UnnamedError
from tui.sources.holdings.ishares import IShares, Product, parse_ishares
from tui.sources.http import Http

DAY = date(2025, 5, 13)


def test_parse_when_whole_then_fund_date_and_rows_are_read():
    fund = parse_ishares(ishares())
    assert (
        fund.symbol,
        fund.name,
        fund.as_of,
        fund.source,
        fund.partial,
    ) == ("IWM", "iShares Russell 2000 ETF", DAY, "ishares", False)
    assert (len(fund.holdings), len(shares(fund))) == (7, 4)


def test_parse_when_weights_are_rounded_to_nothing_then_they_are_made_of_the_market_values():
    fund = parse_ishares(ishares())
    assert pytest.approx(row(fund, "ECHOSTAR").weight) == 400 / 10_000_000
    assert weights(fund) == pytest.approx(1, abs=1e-12)


def test_parse_when_a_row_is_money_or_a_future_then_it_has_no_symbol_and_its_own_sector():
    fund = parse_ishares(ishares())
    cash, owed, future = row(fund, "USD CASH"), row(fund, "ETD"), row(fund, "RUSSELL")
    assert [each.asset_class for each in (cash, owed, future)] == [
        AssetClass.CASH,
        AssetClass.CASH,
        AssetClass.DERIVATIVE,
    ]
    assert {(None, CASH)} == {(each.symbol, each.sector) for each in (cash, owed, future)}
    assert (pytest.approx(cash.weight), pytest.approx(owed.weight)) == (22_000 / 1e7, -2_000 / 1e7)


def test_parse_when_tickers_and_sectors_are_the_issuers_own_then_ours_stand_beside_them():
    fund = parse_ishares(ishares())
    assert [each.symbol for each in shares(fund)] == ["SFM", "MOG-A", "SATS", None]
    told = row(fund, "ECHOSTAR")
    assert (
        told.sector,
        told.sector_original,
        told.sector_source,
    ) == ("Communication Services", "Communication", "ishares")


def test_parse_when_the_lines_above_are_gone_then_fund_and_day_are_wanted():
    assert ((fund := parse_ishares(ishares_bare(), "IWM", DAY)).as_of, len(fund.holdings)) == (DAY, 7)
    with pytest.raises(UnnamedError, match="--fund"):
        parse_ishares(ishares_bare(), None, DAY)
    with pytest.raises(UndatedError, match="--as-of"):
        parse_ishares(ishares_bare(), "IWM")


def test_parse_when_quantity_is_called_shares_then_it_is_the_same():
    fund = parse_ishares(ishares(header=HEADER.replace("Quantity", "Shares")))
    assert fund.holdings[0].shares == 1000


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n", "is empty"),
        (b"\n<!DOCTYPE html><html><body>Maintenance</body></html>", "web page"),
        (b"PK\x03\x04\xff\xfe\x00", "not text"),
        (ishares(header=HEADER.replace("Market Value", "Value")), "no column 'market value'"),
        (ishares(header=HEADER.replace("Sector", "Industry")), "no column 'sector'"),
        (ishares(tail=""), "breaks off before its disclaimer"),
        (ishares()[: ishares().index(b"MOOG")], "breaks off in line"),
        (ishares(ISHARES_ROWS[:1]), "do not add up"),
        (ishares([]), "list is empty"),
        (ishares(preamble=PREAMBLE.replace('"May 13, 2025"', '"-"')), "no holdings for this day"),
        (ishares([*ISHARES_ROWS, '"A","B"']), "has 2 cells, not 15"),
        (ishares([ISHARES_ROWS[0].replace("6,000,000", "6,0O0,000"), *ISHARES_ROWS[1:]]), "line 11, market value"),
        (ishares([ISHARES_ROWS[0].replace("6,000,000.00", "-"), *ISHARES_ROWS[1:]]), "no market value"),
        (ishares([ISHARES_ROWS[0].replace("6,000,000", "7,000,000"), *ISHARES_ROWS[1:]]), "contradict"),
        (ishares([ishares_row("A", "A", "Energy", "Equity", "0.00", "100.00")]), "contradict"),
    ],
    ids=told,
)
def test_parse_when_damaged_then_it_is_refused_with_what_to_do(payload, says):
    with pytest.raises(MalformedError, match=says):
        parse_ishares(payload, "IWM", DAY)


@pytest.mark.parametrize("symbol", ["IVV", "XBI"])
def test_parse_when_it_is_another_funds_then_it_is_refused(symbol):
    with pytest.raises(MalformedError, match=f"not of {symbol}"):
        parse_ishares(ishares(), symbol)


@pytest.fixture
async def source(server):
    source = IShares(Http("iShares", hosts={"127.0.0.1"}, limits=QUICK), base=server.url)
    yield source
    await source.aclose()


async def test_fund_when_asked_then_the_products_file_is_fetched(source, server):
    server.routes["/us/products/239710/"] = Answer(ishares())
    fund = await source.fund("IWM")
    assert (fund.symbol, fund.as_of) == ("IWM", DAY)
    asked = server.requests[0]
    assert asked.path == "/us/products/239710/ishares-russell-2000-etf/1467271812596.ajax"
    assert asked.query == {"fileType": "csv", "fileName": "IWM_holdings", "dataType": "fund"}


async def test_fund_when_a_past_day_is_asked_then_it_is_named(source, server):
    server.routes["/us/products/"] = Answer(ishares())
    await source.fund("IWM", DAY)
    assert server.requests[0].query["asOfDate"] == "20250513"


async def test_fund_when_not_known_then_nothing_is_asked(source, server):
    with pytest.raises(NoDataError, match="import its file"):
        await source.fund("QQQS")
    assert server.requests == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(b"<html>not today</html>"), MalformedError),
        (Answer(b""), MalformedError),
        (Answer(b"gone", 404), UnreachableError),
        (Answer(ishares(preamble=PREAMBLE.replace("Russell 2000", "Russell 1000"))), MalformedError),
    ],
)
async def test_fund_when_the_site_sends_something_else_then_it_is_an_error_of_ours(source, server, answer, error):
    server.routes["/us/products/"] = answer
    with pytest.raises(error):
        await source.fund("IWM")


async def test_fund_when_products_are_given_then_they_are_the_ones(server):
    source = IShares(Http("iShares", limits=QUICK), base=server.url, products={"ABC": Product(1, "iShares ABC", "a b")})
    server.routes["/us/products/1/a%20b/"] = Answer(ishares(preamble=PREAMBLE.replace("Russell 2000 ETF", "ABC")))
    assert ((fund := await source.fund("ABC")).symbol, fund.name) == ("ABC", "iShares ABC")
    await source.aclose()

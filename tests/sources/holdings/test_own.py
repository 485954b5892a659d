from datetime import date

import pytest

from tests.sources.holdings.kit import row, weights
from tests.sources.server import QUICK, Answer
from tui.model import AssetClass
from tui.sectors import CASH
from tui.sources.base import MalformedError, UnreachableError
from tui.sources.holdings.base import UndatedError, UnnamedError
from tui.sources.holdings.constituents import Constituents, parse_constituents
from tui.sources.holdings.own import parse_own
from tui.sources.http import Http

DAY = date(2025, 5, 13)


@pytest.mark.parametrize(
    "text",
    [
        "symbol,weight\nBRK.B,0.75\nAAPL,0.25\n",
        "Symbol;Weight (%)\nbrk/b;75\nAAPL;25",
        "\ufeffticker\tmarket_value\nBRKB\t3,000\nAAPL\t1000\n",
        '"Ticker","Name","Value"\n"BRK-B","Berkshire","$3,000.00"\n"AAPL","Apple","$1,000.00"\n',
    ],
)
def test_parse_when_in_any_unit_and_delimiter_then_only_proportions_count(text):
    fund = parse_own(text.encode(), "MINE", DAY)
    assert [(each.symbol, each.weight) for each in fund.holdings] == [("BRK-B", 0.75), ("AAPL", 0.25)]
    assert (fund.symbol, fund.as_of, fund.source) == ("MINE", DAY, "own")


def test_parse_when_it_says_more_then_more_is_known():
    text = "symbol,name,weight,sector,shares,asset_class,as_of\nXOM,Exxon,60,energy,10,,2025-01-02\n"
    text += ",Dollars,40,Cash and derivatives,,,2025-01-02\nFUT,Future,0,,,derivative,2025-01-02\n"
    fund = parse_own(text.encode(), "MINE")
    exxon = row(fund, "Exxon")
    assert (date(2025, 1, 2), "Energy", "energy", "own", 10.0) == (
        fund.as_of,
        exxon.sector,
        exxon.sector_original,
        exxon.sector_source,
        exxon.shares,
    )
    assert [each.asset_class for each in fund.holdings] == [AssetClass.EQUITY, AssetClass.CASH, AssetClass.DERIVATIVE]
    assert (row(fund, "Dollars").sector, row(fund, "Dollars").symbol, weights(fund)) == (CASH, None, 1.0)


def test_parse_when_a_spreadsheet_on_windows_saved_it_then_its_signs_are_read():
    assert parse_own("symbol,weight,name\nNSRGY,1,Nestlé\n".encode("cp1252"), "MINE", DAY).holdings[0].name == "Nestlé"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("<html>", "web page"),
        ("name,size\nA,1\n", "needs the columns symbol and weight"),
        ("symbol,weight\n", "no rows"),
        ("symbol,weight\nA,x\n", "line 2, weight: 'x' is no number"),
        ("symbol,weight\nA,\n", "neither a weight nor a market value"),
        ("symbol,weight\nA,0\n", "worth nothing"),
        ("symbol,weight\nA,1,2\n", "3 cells, not 2"),
        ('symbol,weight\n"A,1\n', "breaks off"),
        ("symbol,weight,as_of\nA,1,2025-01-02\nB,1,2025-01-03\n", "several dates"),
        ("symbol,weight,as_of\nA,1,soon\n", "no date"),
    ],
)
def test_parse_when_wrong_then_the_line_is_named(text, says):
    with pytest.raises(MalformedError, match=says):
        parse_own(text.encode(), "MINE", DAY)


def test_parse_when_fund_or_day_are_nowhere_then_they_are_wanted():
    with pytest.raises(UnnamedError):
        parse_own(b"symbol,weight\nA,1\n", None, DAY)
    with pytest.raises(UndatedError):
        parse_own(b"symbol,weight\nA,1\n", "MINE")


CONSTITUENTS = (
    "Symbol,Security,GICS Sector,GICS Sub-Industry\nBRK.B,Berkshire,Financials,X\nAAPL,Apple,Information Technology,Y\n"
)


def test_constituents_when_read_then_sector_and_source_by_symbol():
    assert parse_constituents(CONSTITUENTS.encode()) == {
        "BRK-B": ("Financials", "sp500"),
        "AAPL": ("Information Technology", "sp500"),
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        (CONSTITUENTS.replace("GICS Sector", "Sector"), "no column 'gics sector'"),
        (CONSTITUENTS.replace("Financials", "Shipping"), "line 2 has no symbol or no GICS sector"),
        (CONSTITUENTS.replace("AAPL", "P5N994"), "line 3"),
        (CONSTITUENTS.splitlines()[0], "list is empty"),
    ],
)
def test_constituents_when_damaged_then_they_are_refused(text, says):
    with pytest.raises(MalformedError, match=says):
        parse_constituents(text.encode())


async def test_constituents_when_asked_then_the_list_is_fetched(server):
    source = Constituents(Http("List", limits=QUICK), url=f"{server.url}/list.csv")
    server.routes["/list.csv"] = [Answer(CONSTITUENTS.encode()), Answer(b"", 404)]
    assert len(await source.sectors()) == 2
    with pytest.raises(UnreachableError):
        await source.sectors()
    await source.aclose()

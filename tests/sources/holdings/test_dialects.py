from datetime import date

import pytest

from tests.sources.holdings.payloads import invesco, ishares, ishares_bare, nport, ssga, ssga_csv, summary
from tui.sources.base import MalformedError
from tui.sources.holdings.dialects import hints, parse

DAY = date(2025, 5, 13)


@pytest.mark.parametrize(
    ("payload", "source"),
    [
        (ishares(), "ishares"),
        (ishares_bare(), "ishares"),
        (ssga(), "ssga"),
        (ssga_csv(), "ssga"),
        (invesco(cusip=None), "invesco"),
        (nport(), "nport"),
        (summary(symbol=None), "yahoo"),
        (b"symbol,weight\nA,1\n", "own"),
    ],
    ids=["ishares", "ishares bare", "ssga", "ssga csv", "invesco", "nport", "yahoo", "own"],
)
def test_parse_when_a_file_is_of_a_form_then_it_is_recognised_by_its_content(payload, source):
    symbol = {"ishares": "IWM", "ssga": "SPY"}.get(source, "ABC")
    assert (source, symbol) == ((fund := parse(payload, symbol, DAY)).source, fund.symbol)


def test_parse_when_it_is_a_list_of_constituents_then_it_is_sectors():
    assert parse(b"Symbol,Security,GICS Sector\nA,A Inc,Energy\n") == {"A": ("Energy", "sp500")}


@pytest.mark.parametrize(
    "payload", [b"", b"<html>", b"hello", b"{}", b"date,open\n2024-01-02,1\n", b"\x00\x01", b"<Error/>"]
)
def test_parse_when_it_is_something_else_then_it_is_refused(payload):
    with pytest.raises(MalformedError):
        parse(payload, "ABC", DAY)


@pytest.mark.parametrize(
    ("stem", "fund", "day"),
    [
        ("IWM_holdings_2025-05-13", "IWM", DAY),
        ("SPY_holdings_20250513", "SPY", DAY),
        ("BRKB_holdings", "BRK-B", None),
        ("holdings-daily-us-en-xbi", "XBI", None),
        ("xbi_holdings_2025", None, None),
        ("my list of 2025-05-13", None, DAY),
        ("123456789", None, None),
        ("99991399", None, None),
    ],
)
def test_hints_when_a_name_tells_fund_or_day_then_they_are_read(stem, fund, day):
    assert (fund, day) == hints(stem)

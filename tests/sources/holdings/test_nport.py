import json
from datetime import date

import pytest

from tests.sources.holdings.kit import row, shares, told, weights
from tests.sources.holdings.payloads import NPORT_ROWS, ishares, nport, nport_row
from tests.sources.server import QUICK, Answer
from tui.model import AssetClass
from tui.sources.base import DeniedError, MalformedError, NoDataError, UnreachableError
from tui.sources.holdings.base import UnnamedError
from tui.sources.holdings.edgar import ContactHttp, Edgar, Series, parse_filings, parse_fund_tickers
from tui.sources.holdings.identify import Index, parse_company_tickers, plain_name
from tui.sources.holdings.ishares import parse_ishares
from tui.sources.holdings.nport import parse_nport

SERIES = "S000012345"
MISSING = b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code></Error>'


def test_parse_when_there_is_space_before_the_declaration_then_it_is_read():
    fund = parse_nport(nport(prefix="\n  "), "ABC")
    assert ("ABC", "A Fund", date(2025, 6, 30), "nport", 7, 3) == (
        fund.symbol,
        fund.name,
        fund.as_of,
        fund.source,
        len(fund.holdings),
        len(shares(fund)),
    )
    assert (pytest.approx(row(fund, "Apple").weight), pytest.approx(weights(fund))) == (0.6, 1.0)


def test_parse_when_categories_differ_then_each_has_its_class():
    fund = parse_nport(nport(), "ABC")
    told = {each.name: each.asset_class.value for each in fund.holdings}
    assert told == {
        "Apple Inc.": "equity",
        "Moog Inc Class A": "equity",
        "AT&T Inc": "equity",
        "State Street Liquid Reserves": "cash",
        "E-mini future": "derivative",
        "A bond": "bond",
        "Something": "other",
    }


def test_parse_when_a_ticker_is_missing_then_it_is_found_by_cusip_isin_or_name():
    index = Index()
    index.add("MOG-A", cusip="615394202")
    index.add("T", isin="US00206R1023")
    assert [each.symbol for each in shares(parse_nport(nport(), "ABC", index=index))] == ["AAPL", "MOG-A", "T"]
    named = Index()
    named.add("MOG-A", name="MOOG INC CLASS A")
    named.add("T", name="AT&T INC.")
    assert [each.symbol for each in shares(parse_nport(nport(), "ABC", index=named))] == ["AAPL", "MOG-A", "T"]
    assert [each.symbol for each in shares(parse_nport(nport(), "ABC"))] == ["AAPL", None, None]


def test_parse_when_a_bond_has_a_ticker_then_it_is_no_symbol():
    assert row(parse_nport(nport(), "ABC"), "A bond").symbol is None


def test_parse_when_a_fund_holds_no_shares_then_all_positions_make_the_whole():
    fund = parse_nport(nport([nport_row("A", "30", "DBT"), nport_row("B", "10", "ABS-MBS")]), "ABC")
    assert [each.weight for each in fund.holdings] == [0.75, 0.25]
    assert {AssetClass.BOND} == {each.asset_class for each in fund.holdings}


def test_parse_when_nothing_is_reported_then_the_fund_is_empty():
    assert parse_nport(nport([]), "ABC").holdings == []


def test_parse_when_no_fund_is_named_then_it_is_wanted():
    with pytest.raises(UnnamedError, match="--fund"):
        parse_nport(nport())


def test_parse_when_it_is_another_series_then_it_is_refused():
    assert parse_nport(nport(), "ABC", series=SERIES)
    with pytest.raises(MalformedError, match="not of S000099999"):
        parse_nport(nport(), "ABC", series="S000099999")


BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;&b;">]>
<edgarSubmission xmlns="http://www.sec.gov/edgar/nport">&c;</edgarSubmission>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><edgarSubmission/>"""


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        (b"", "is empty"),
        (b"<html><body>", "web page"),
        (BOMB, "document type"),
        (BOMB.decode().replace("1.0", '1.0" encoding="utf-16').encode("utf-16"), "document type"),
        (OUTSIDE, "document type"),
        (MISSING, "another kind of document"),
        (nport()[:-40], "breaks off"),
        (nport().replace(b"fundInfo", b"fundFacts"), "nothing of the fund"),
        (nport([nport_row("A", "x", "EC")]), "A: 'x' is no number"),
        (nport([nport_row("A", "", "EC")]), "'A' has no value"),
        (nport([nport_row("A", "-5", "EC")]), "worth nothing"),
        (nport().replace(b"2025-06-30", b"sometime"), "--as-of"),
    ],
    ids=told,
)
def test_parse_when_damaged_or_hostile_then_it_is_refused(payload, says):
    with pytest.raises(MalformedError, match=says):
        parse_nport(payload, "ABC")


def test_index_when_a_name_is_shared_then_it_finds_neither():
    index = Index()
    index.add("GOOGL", name="Alphabet Inc.")
    index.add("GOOG", name="ALPHABET INC")
    assert index.find(name="Alphabet, Inc") is None


def test_index_when_made_of_funds_then_their_shares_are_found():
    index = Index.of([parse_ishares(ishares())])
    assert (index.find(name="Moog Inc. - Class A"), index.find(name="USD CASH")) == ("MOG-A", None)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("The Campbell's Company", "CAMPBELLS"),
        ("AT&T Inc", "AT AND T"),
        ("ALPHABET INC CL A", "ALPHABET A"),
        ("U.S. Bancorp", "US BANCORP"),
        (None, ""),
    ],
)
def test_plain_name_when_it_has_a_legal_form_then_it_is_left_out(name, plain):
    assert plain == plain_name(name)


def test_company_tickers_when_read_then_names_find_symbols():
    payload = json.dumps({"0": {"cik_str": 1, "ticker": "BRK-B", "title": "BERKSHIRE HATHAWAY INC"}}).encode()
    assert parse_company_tickers(payload).find(name="Berkshire Hathaway, Inc.") == "BRK-B"
    with pytest.raises(MalformedError):
        parse_company_tickers(b"[]")


def submissions(*filings):
    recent = {"accessionNumber": [number for number, _ in filings], "form": [form for _, form in filings]}
    return json.dumps({"filings": {"recent": recent, "files": []}}).encode()


FUNDS = json.dumps(
    {"fields": ["cik", "seriesId", "classId", "symbol"], "data": [[1378872, SERIES, "C1", "QQQM"]]}
).encode()


def test_filings_when_listed_then_only_holdings_are_taken_newest_first():
    payload = submissions(("0001-26-000003", "NPORT-P"), ("0001-26-000002", "497"), ("0001-25-000001", "NPORT-P/A"))
    assert parse_filings(payload) == ["0001-26-000003", "0001-25-000001"]
    with pytest.raises(MalformedError):
        parse_filings(b"{}")


def test_fund_tickers_when_listed_then_trust_and_series_are_found():
    assert Series(1378872, SERIES) == parse_fund_tickers(FUNDS, "QQQM")
    with pytest.raises(NoDataError):
        parse_fund_tickers(FUNDS, "IWM")


@pytest.fixture
async def edgar(server, monkeypatch):
    monkeypatch.setattr("tui.sources.holdings.edgar.HOSTS", {"127.0.0.1"})
    source = Edgar(ContactHttp("me@example.org", limits=QUICK), base=server.url, data=server.url)
    yield source
    await source.aclose()


async def test_fund_when_asked_then_the_trusts_filings_are_searched_for_the_series(edgar, server):
    server.routes["/files/company_tickers_mf.json"] = Answer(FUNDS)
    server.routes["/submissions/CIK0001378872.json"] = Answer(
        submissions(("0001-26-000002", "NPORT-P"), ("0001-26-000001", "NPORT-P"))
    )
    server.routes["/Archives/edgar/data/1378872/000126000002/"] = Answer(nport(series="S000099999"))
    server.routes["/Archives/edgar/data/1378872/000126000001/"] = Answer(nport())
    fund = await edgar.fund("QQQM")
    assert (fund.symbol, len(fund.holdings)) == ("QQQM", 7)
    assert server.paths()[-1].endswith("/000126000001/primary_doc.xml")
    assert {"me@example.org"} == {request.headers["user-agent"].split()[-1] for request in server.requests}
    assert all(request.headers["user-agent"].startswith("outpace/") for request in server.requests)


async def test_fund_when_no_address_is_set_then_the_setting_is_named():
    source = Edgar(None)
    with pytest.raises(DeniedError, match=r"set email in config\.toml"):
        await source.fund("QQQM")
    await source.aclose()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(MISSING, 404), NoDataError),
        (Answer(MISSING, 403), NoDataError),
        (Answer(b"<html>Request Rate Threshold Exceeded</html>", 403), DeniedError),
        (Answer(b"", 400), UnreachableError),
        (Answer(b"<html>", 200), MalformedError),
    ],
)
async def test_fund_when_the_sec_answers_otherwise_then_it_is_an_error_of_ours(edgar, server, answer, error):
    server.routes["/files/"] = answer
    with pytest.raises(error):
        await edgar.fund("QQQM")


async def test_fund_when_no_filing_is_of_the_series_then_there_is_no_data(server, monkeypatch):
    source = Edgar(
        ContactHttp("me@example.org", limits=QUICK), data=server.url, base=server.url, known={"ABC": Series(7, SERIES)}
    )
    server.routes["/submissions/"] = Answer(submissions(("1-1-1", "NPORT-P")))
    server.routes["/Archives/"] = Answer(nport(NPORT_ROWS, series="S000099999"))
    with pytest.raises(NoDataError, match="import its filing"):
        await source.fund("ABC")
    await source.aclose()

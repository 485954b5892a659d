import json
from datetime import date

import pytest

from tests.sources.holdings.kit import row, shares, told, weights
from tests.sources.holdings.payloads import INVESCO_ROWS, invesco, invesco_row
from tests.sources.server import QUICK, Answer
from tui.model import AssetClass
from tui.sectors import CASH
from tui.sources.base import MalformedError, NoDataError, UnreachableError
from tui.sources.holdings.invesco import Invesco, parse_catalogue, parse_invesco
from tui.sources.http import Http


def test_parse_when_whole_then_weights_are_made_of_market_values():
    fund = parse_invesco(invesco(), "QQQM", identity="46138G649")
    assert ("QQQM", date(2026, 9, 24), "invesco", False) == (fund.symbol, fund.as_of, fund.source, fund.partial)
    assert (len(fund.holdings), len(shares(fund))) == (6, 2)
    assert (pytest.approx(row(fund, "NVIDIA").weight), pytest.approx(weights(fund))) == (600 / 999, 1.0)


def test_parse_when_tickers_are_null_or_padded_and_names_escaped_then_they_are_made_plain():
    fund = parse_invesco(invesco(), "QQQM")
    assert [each.symbol for each in shares(fund)] == ["NVDA", "ASML"]
    assert row(fund, "CASH & EQUIVALENTS").symbol is None
    assert row(fund, "NVIDIA").cusip == "67066G104"


def test_parse_when_a_future_has_a_contra_row_then_both_are_derivatives_and_cancel():
    rows = [
        invesco_row(r["ticker"], r["issuerName"], r["percentageOfTotalNetAssets"], r["securityTypeName"])
        for r in INVESCO_ROWS
    ]
    fund = parse_invesco(invesco(rows), "QQQM")
    pair = [each for each in fund.holdings if each.asset_class is AssetClass.DERIVATIVE]
    assert (2, pytest.approx(0), {CASH}) == (
        len(pair),
        sum(each.weight for each in pair),
        {each.sector for each in pair},
    )
    assert pytest.approx(1) == weights(fund)


def test_parse_when_a_weight_is_null_then_the_row_weighs_nothing():
    assert row(parse_invesco(invesco(), "QQQM"), "USD Pending").weight == 0.0


def test_parse_when_percents_do_not_make_a_whole_then_it_is_partial_and_they_stay():
    fund = parse_invesco(invesco(INVESCO_ROWS[:1]), "QQQM")
    assert (fund.partial, pytest.approx(fund.holdings[0].weight)) == (True, 0.6)


def test_parse_when_asked_by_ticker_then_the_answer_says_the_fund():
    assert parse_invesco(invesco(cusip="QQQ")).symbol == "QQQ"
    assert parse_invesco(invesco()).symbol == "QQQM"


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        (b"", "is empty"),
        (b"<!doctype html><p>503", "web page"),
        (invesco()[:-20], "not a list of holdings"),
        (invesco().replace(b'"holdings"', b'"positions"'), "not a list of holdings"),
        (invesco().replace(b"60.0", b'"x"'), "not a list of holdings"),
        (invesco([]), "list is empty"),
        (invesco(day=None), "--as-of"),
        (b"[]", "not a list of holdings"),
    ],
    ids=told,
)
def test_parse_when_damaged_then_it_is_refused(payload, says):
    with pytest.raises(MalformedError, match=says):
        parse_invesco(payload, "QQQM")


def test_parse_when_it_is_another_funds_then_it_is_refused():
    with pytest.raises(MalformedError, match="not of RSP"):
        parse_invesco(invesco(), "RSP", identity="46137V357")
    with pytest.raises(MalformedError, match="QQQM, not of RSP"):
        parse_invesco(invesco(), "RSP")


@pytest.mark.parametrize(
    "catalogue",
    [
        [{"ticker": "QQQ", "cusip": "46090E103"}, {"ticker": "QQQS", "cusip": "46138G649", "name": "x"}],
        {"data": {"products": [{"shareclass": {"ticker": " QQQS ", "cusip": "46138G649"}}]}},
    ],
)
def test_catalogue_when_the_fund_is_somewhere_in_it_then_its_cusip_is_found(catalogue):
    assert parse_catalogue(json.dumps(catalogue).encode(), "QQQS") == "46138G649"


@pytest.mark.parametrize("payload", [b"[]", b'[{"ticker": "QQQS"}]', b'[{"ticker": "QQQS", "cusip": "123"}]'])
def test_catalogue_when_the_fund_is_not_in_it_then_there_is_no_data(payload):
    with pytest.raises(NoDataError):
        parse_catalogue(payload, "QQQS")


@pytest.mark.parametrize("payload", [b"", b"<html>", b"{", b"[" * 100_000])
def test_catalogue_when_it_is_none_then_it_is_refused(payload):
    with pytest.raises(MalformedError):
        parse_catalogue(payload, "QQQS")


@pytest.fixture
async def source(server):
    source = Invesco(Http("Invesco", hosts={"127.0.0.1"}, limits=QUICK), base=server.url)
    yield source
    await source.aclose()


async def test_fund_when_its_cusip_is_not_known_then_the_catalogue_is_asked_once(source, server):
    server.routes["/product/search"] = Answer(b'[{"ticker": "QQQS", "cusip": "46138G649"}]')
    server.routes["/accounts/"] = Answer(invesco(cusip=None))
    for _ in range(2):
        assert (await source.fund("QQQS")).symbol == "QQQS"
    holdings = "/accounts/en_US/shareclasses/46138G649/holdings/fund"
    assert ["/product/search", holdings, holdings] == server.paths()
    assert server.requests[1].query == {"idType": "cusip", "productType": "ETF"}


async def test_fund_when_it_is_known_by_its_ticker_then_the_ticker_is_sent(source, server):
    server.routes["/accounts/"] = Answer(invesco(cusip="QQQ"))
    await source.fund("QQQ")
    assert (
        server.requests[0].path,
        server.requests[0].query["idType"],
    ) == ("/accounts/en_US/shareclasses/QQQ/holdings/fund", "ticker")


async def test_fund_when_the_answer_is_for_another_cusip_then_it_is_refused(source, server):
    server.routes["/accounts/"] = Answer(invesco())
    with pytest.raises(MalformedError):
        await source.fund("RSP")


@pytest.mark.parametrize(("status", "error"), [(404, NoDataError), (400, NoDataError), (503, UnreachableError)])
async def test_fund_when_the_service_fails_then_it_is_an_error_of_ours(source, server, status, error):
    server.routes["/accounts/"] = Answer(b"{}", status)
    with pytest.raises(error):
        await source.fund("QQQ")


async def test_fund_when_the_symbol_is_none_then_nothing_is_asked(source, server):
    with pytest.raises(NoDataError):
        await source.fund("../x")
    assert server.requests == []

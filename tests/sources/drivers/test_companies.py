import json
from datetime import date

import pytest

from tests.sources.drivers.payloads import NOT_FOUND, figures, raw, trend
from tests.sources.server import Answer
from tui.sources.base import DeniedError, LimitedError, MalformedError, NoDataError, UnknownSymbolError
from tui.sources.drivers.companies import KEPT, Companies
from tui.sources.drivers.earnings import parse_estimates
from tui.sources.drivers.fundamentals import parse_fundamental

DAY = date(2025, 10, 29)
SUMMARY = "/v10/finance/quoteSummary/"


def test_parse_fundamental_when_numbers_come_plain_or_wrapped_then_they_are_read():
    found = parse_fundamental(figures(), "AAPL", DAY, 5.0)
    assert (found.price, found.market_cap, found.sales, found.earnings, found.eps) == (100.0, 2e9, 5e8, 8e7, 4.0)
    assert (found.price_to_sales, found.price_to_earnings) == (4.0, 25.0)
    assert (found.currency, found.sales_currency, found.as_of, found.source) == ("USD", "USD", DAY, "yahoo")


def test_parse_fundamental_when_there_is_a_loss_then_the_eps_says_so_and_no_ratio():
    loss = figures(
        summaryDetail={"marketCap": raw(1e9), "trailingPE": "Infinity"},
        defaultKeyStatistics={"trailingEps": -2.5, "netIncomeToCommon": -5e7},
    )
    found = parse_fundamental(loss, "AAPL", DAY, 0.0)
    assert (found.eps, found.earnings, found.price_to_earnings) == (-2.5, -5e7, None)
    assert found.price_to_sales == 1e9 / 5e8


def test_parse_fundamental_when_sales_are_in_another_currency_then_no_ratio_is_made_of_them():
    mixed = figures(
        summaryDetail={"marketCap": raw(1e9)}, financialData={"totalRevenue": 5e10, "financialCurrency": "CNY"}
    )
    found = parse_fundamental(mixed, "AAPL", DAY, 0.0)
    assert (found.price_to_sales, found.sales, found.sales_currency) == (None, 5e10, "CNY")


def test_parse_fundamental_when_london_quotes_in_pence_then_the_price_is_in_pounds():
    told = {"symbol": "OCDO.L", "currency": "GBp", "regularMarketPrice": raw(309.0)}
    found = parse_fundamental(figures(price=told), "OCDO.L", DAY, 0.0)
    assert (found.price, found.currency) == (3.09, "GBP")


def test_parse_fundamental_when_nothing_is_told_then_there_is_no_data():
    empty = figures(summaryDetail=None, defaultKeyStatistics=None, financialData=None)
    with pytest.raises(NoDataError):
        parse_fundamental(empty, "AAPL", DAY, 0.0)


def test_parse_estimates_when_periods_are_told_then_each_is_a_row_but_the_outlook():
    now, year = parse_estimates(figures(), "AAPL", DAY, 5.0)
    assert (now.period, year.period, now.ends) == ("0q", "+1y", date(2025, 9, 30))
    assert (now.growth, year.growth) == (0.08, 0.8247)
    assert (now.average, now.year_ago, now.analysts, now.average_7d, now.average_30d) == (1.77, 0.97, 32, 1.76, 1.75)
    assert (now.up_7d, now.up_30d, now.down_7d, now.down_30d, now.currency) == (6, 8, 0, 1, "USD")


def test_parse_estimates_when_the_cuts_of_a_week_are_missing_then_they_are_unknown_and_not_zero():
    older = figures(earningsTrend={"trend": [trend("0y", epsRevisions={"upLast7days": raw(1)})]})
    (found,) = parse_estimates(older, "AAPL", DAY, 0.0)
    assert (found.up_7d, found.down_7d, found.down_30d) == (1, None, None)


@pytest.mark.parametrize(
    "told", [None, {"trend": []}, {"trend": [{"period": "0q"}]}, {"trend": [{"period": None, "growth": 1}]}]
)
def test_parse_estimates_when_nobody_estimates_then_there_is_no_data(told):
    with pytest.raises(NoDataError):
        parse_estimates(figures(earningsTrend=told), "AAPL", DAY, 0.0)


@pytest.mark.parametrize("parse", [parse_fundamental, parse_estimates])
@pytest.mark.parametrize(
    ("payload", "error"),
    [
        (b"", MalformedError),
        (b"<html>Will be right back</html>", MalformedError),
        (b"{}", MalformedError),
        (b'{"quoteSummary": {"result": []}}', MalformedError),
        (b'{"quoteSummary": {"result": [{"price": 5}]}}', MalformedError),
        (figures("MSFT"), MalformedError),
        (NOT_FOUND, UnknownSymbolError),
    ],
)
def test_parse_when_it_is_no_answer_about_it_then_the_error_is_typed(parse, payload, error):
    with pytest.raises(error):
        parse(payload, "AAPL", DAY, 0.0)


@pytest.fixture
def companies(yahoo, market, clock):
    return Companies(yahoo.http, yahoo.auth, base=market.url, clock=clock)


def summaries(market):
    return [request for request in market.requests if request.path.startswith(SUMMARY)]


async def test_companies_when_both_questions_are_asked_then_one_request_answers_them(companies, market, clock):
    market.routes[SUMMARY] = lambda request: Answer(figures(request.path.rpartition("/")[2]))
    (figure,) = await companies.fundamentals(["AAPL", "AAPL"])
    estimates = await companies.estimates(["AAPL"])
    assert (figure.symbol, figure.as_of, figure.fetched_at) == ("AAPL", DAY, clock.now)
    assert [each.period for each in estimates] == ["0q", "+1y"]
    assert len(summaries(market)) == 1
    assert {"earningsTrend", "financialData"} <= set(summaries(market)[0].query["modules"].split(","))
    clock.now += KEPT
    await companies.estimates(["AAPL"])
    assert len(summaries(market)) == 2


async def test_companies_when_one_is_unknown_or_makes_no_sense_then_the_others_are_told(companies, market):
    market.routes[SUMMARY] = lambda request: Answer(figures(request.path.rpartition("/")[2]))
    market.routes[f"{SUMMARY}XNONE"] = Answer(NOT_FOUND, 404)
    market.routes[f"{SUMMARY}XODD"] = Answer(b'{"quoteSummary": {"result": [{"price": 5}]}}')
    found = await companies.fundamentals(["XNONE", "AAPL", "XODD", "no symbol", "BRK-B"])
    assert [each.symbol for each in found] == ["AAPL", "BRK-B"]


async def test_companies_when_yahoo_throttles_then_what_was_answered_is_not_asked_again(companies, market):
    market.routes[SUMMARY] = lambda request: Answer(figures(request.path.rpartition("/")[2]))
    market.routes[f"{SUMMARY}MSFT"] = Answer(b"Too Many Requests", 429)
    with pytest.raises(LimitedError):
        await companies.fundamentals(["AAPL", "MSFT"])
    assert [each.symbol for each in await companies.fundamentals(["AAPL"])] == ["AAPL"]
    assert len(summaries(market)) == 2


async def test_companies_when_the_crumb_is_refused_then_a_new_one_is_tried_once(companies, market):
    body = json.dumps({"finance": {"result": None, "error": {"code": "Unauthorized"}}}).encode()
    market.routes[SUMMARY] = Answer(body, 401)
    with pytest.raises(DeniedError):
        await companies.fundamentals(["AAPL"])
    assert len(summaries(market)) == 2


async def test_companies_when_there_is_no_crumb_then_it_is_denied(companies, market):
    market.routes["/cookie"] = market.routes["/page"] = Answer(b"")
    with pytest.raises(DeniedError):
        await companies.estimates(["AAPL"])
    assert summaries(market) == []

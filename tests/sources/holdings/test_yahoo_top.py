import json
from datetime import UTC, date, datetime

import pytest

from tests.sources.holdings.kit import told
from tests.sources.holdings.payloads import TOP, summary
from tests.sources.server import QUICK, Answer
from tui.sectors import Taxonomy, taxonomy_of
from tui.sources.base import DeniedError, MalformedError, NoDataError, UnknownSymbolError
from tui.sources.holdings.base import UndatedError
from tui.sources.holdings.yahoo_top import YahooTop, parse_search_sector, parse_top_holdings
from tui.sources.http import Http
from tui.sources.yahoo_auth import Pair

DAY = date(2025, 10, 29)
SUMMARY = "/v10/finance/quoteSummary/"
HITS = {"quotes": [{"symbol": "AAPU"}, {"symbol": "AAPL", "sector": "Technology"}]}


def test_parse_when_a_fund_has_top_holdings_then_they_are_a_part_of_its_shares():
    fund = parse_top_holdings(summary(), "QQQ", DAY)
    assert (fund.symbol, fund.name, fund.as_of, fund.source, fund.partial) == ("QQQ", "A Fund", DAY, "yahoo", True)
    # Half of the fund is in shares, so each weighs twice as much among them; an empty number is no holding.
    assert [(each.symbol, pytest.approx(each.weight)) for each in fund.holdings] == [
        ("AAPL", 0.18),
        ("BRK-B", 0.1),
        (None, 0.02),
    ]


def test_parse_when_sector_weights_come_then_they_are_ours_by_morningstars_book():
    fund = parse_top_holdings(summary(), "QQQ", DAY)
    assert fund.sector_weights == {"Information Technology": 0.6, "Consumer Discretionary": 0.4}
    assert Taxonomy.MORNINGSTAR is taxonomy_of(fund.source)


def test_parse_when_the_module_is_absent_or_empty_then_there_is_no_data():
    for top in (None, {"holdings": [], "sectorWeightings": []}):
        with pytest.raises(NoDataError):
            parse_top_holdings(summary(top, "AAPL"), "AAPL", DAY)


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        (b"", "is empty"),
        (summary()[:-9], "not what it is known to send"),
        (summary(TOP | {"sectorWeightings": [{"shipping": 0.1}]}), "sector weights have changed"),
        (summary(TOP | {"sectorWeightings": [{"energy": 40}]}), "sector weights have changed"),
        (
            summary(TOP | {"holdings": [{"symbol": "A", "holdingName": "A", "holdingPercent": 9.0}]}),
            "between nothing and all",
        ),
        (summary(TOP | {"sectorWeightings": [{"energy": 0.9}, {"technology": 0.9}]}), "more than a whole"),
        (summary(symbol="SPY"), "holdings of SPY, not of QQQ"),
        (b'{"quoteSummary":{"result":[],"error":null}}', "not of one fund"),
    ],
    ids=told,
)
def test_parse_when_damaged_or_of_another_fund_then_it_is_refused(payload, says):
    with pytest.raises(MalformedError, match=says):
        parse_top_holdings(payload, "QQQ", DAY)


def test_parse_when_no_day_is_given_then_it_is_wanted():
    with pytest.raises(UndatedError):
        parse_top_holdings(summary(), "QQQ")


def test_search_when_the_very_symbol_is_hit_then_its_sector_and_who_says_it():
    payload = json.dumps(HITS).encode()
    assert parse_search_sector(payload, "AAPL") == ("Information Technology", "yahoo search")
    assert parse_search_sector(payload, "AAPU") is None
    assert parse_search_sector(payload, "MSFT") is None
    with pytest.raises(MalformedError):
        parse_search_sector(b"{}", "AAPL")


class Keys:
    """Hands out one cookie and a new crumb each time, until it has given up."""

    def __init__(self):
        self.trouble = None
        self.crumbs = 0

    async def pair(self):
        if self.trouble is not None:
            raise DeniedError(self.trouble)
        return Pair("A3=abc", f"cr/umb.{self.crumbs}")

    async def renew(self, refused):
        assert f"cr/umb.{self.crumbs}" == refused.crumb
        self.crumbs += 1
        return await self.pair()

    def give_up(self, why):
        self.trouble = why


@pytest.fixture
async def yahoo_top(server, clock):
    http = Http("Yahoo", hosts={"127.0.0.1"}, limits=QUICK, clock=clock)
    source = YahooTop(http, Keys(), base=server.url, clock=clock)
    yield source
    await source.aclose()
    await http.aclose()


async def test_fund_when_asked_then_cookie_and_crumb_go_along_and_today_is_its_day(yahoo_top, server, clock):
    server.routes[SUMMARY] = Answer(summary())
    fund = await yahoo_top.fund("QQQ")
    assert datetime.fromtimestamp(clock.now, UTC).date() == fund.as_of
    asked = server.requests[-1]
    assert (
        asked.headers["cookie"],
        asked.query["crumb"],
        asked.query["modules"],
    ) == ("A3=abc", "cr/umb.0", "topHoldings,quoteType")


async def test_fund_when_the_crumb_is_stale_then_it_is_renewed_once(yahoo_top, server):
    server.routes[SUMMARY] = [Answer(b"{}", 401), Answer(summary())]
    assert (await yahoo_top.fund("QQQ")).symbol == "QQQ"
    assert sum(path.startswith(SUMMARY) for path in server.paths()) == 2


async def test_fund_when_refused_twice_then_the_half_with_the_crumb_rests(yahoo_top, server):
    server.routes[SUMMARY] = Answer(b"{}", 401)
    for _ in range(2):
        with pytest.raises(DeniedError):
            await yahoo_top.fund("QQQ")
    assert sum(path.startswith(SUMMARY) for path in server.paths()) == 2


async def test_fund_when_the_symbol_is_not_known_then_it_says_so(yahoo_top, server):
    gone = {
        "quoteSummary": {"result": None, "error": {"code": "Not Found", "description": "Quote not found for symbol: X"}}
    }
    server.routes[SUMMARY] = Answer(json.dumps(gone).encode(), 404)
    with pytest.raises(UnknownSymbolError):
        await yahoo_top.fund("X")
    with pytest.raises(UnknownSymbolError):
        await yahoo_top.fund("a b/../c")


async def test_sector_when_asked_then_no_crumb_is_needed(yahoo_top, server):
    server.routes["/v1/finance/search"] = Answer(json.dumps(HITS).encode())
    assert await yahoo_top.sector("AAPL") == ("Information Technology", "yahoo search")
    assert server.paths() == ["/v1/finance/search"]
    assert "cookie" not in server.requests[0].headers

"""Every recorded list, counted by other means than ours."""

import csv
import io
import json
import re
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from tests.sources.holdings.kit import row, sector_weights, shares, weights
from tests.sources.server import recorded
from tui.model import AssetClass
from tui.sectors import GICS
from tui.sources.holdings.constituents import parse_constituents
from tui.sources.holdings.identify import Index, parse_company_tickers
from tui.sources.holdings.invesco import parse_invesco
from tui.sources.holdings.ishares import parse_ishares
from tui.sources.holdings.nport import parse_nport
from tui.sources.holdings.ssga import parse_ssga
from tui.sources.holdings.yahoo_top import parse_search_sector, parse_top_holdings

DAY = date(2025, 3, 14)
ISHARES = {
    "IVV_holdings_20221230": (503, date(2022, 12, 30)),
    "IVV_holdings_2025": (503, date(2025, 11, 18)),
    "IWM_holdings_2025-05-13": (1939, date(2025, 5, 13)),
    "IWM_holdings_2025-noPreamble": (1962, DAY),
    "IWM_holdings_2026-04-10": (1936, date(2026, 4, 10)),
    "IWM_holdings_2026-05-05": (1924, date(2026, 5, 5)),
}


@pytest.mark.parametrize(("name", "told"), ISHARES.items())
def test_ishares_when_counted_by_its_fourth_cell_then_the_shares_are_as_many(shared_data, name, told):
    payload = (shared_data / f"recordings/ishares/{name}.csv").read_bytes()
    counted = len(re.findall(rb'^"[^"]*","[^"]*","[^"]*","Equity",', payload, re.MULTILINE))
    rows = len(re.findall(rb'^(?:"[^"]*",){14}"[^"]*"\r?$', payload, re.MULTILINE))
    fund = parse_ishares(payload, name[:3], DAY)
    assert (told[0], rows, told[1]) == (counted, len(fund.holdings), fund.as_of)
    assert (counted, pytest.approx(1, abs=1e-9)) == (len(shares(fund)), weights(fund))


def test_ishares_when_iwm_of_2025_05_13_then_the_sector_weights_are_the_golden_ones(shared_data):
    fund = parse_ishares((shared_data / "recordings/ishares/IWM_holdings_2025-05-13.csv").read_bytes())
    golden = {
        "Financials": 19.773,
        "Industrials": 18.270,
        "Health Care": 15.615,
        "Information Technology": 13.427,
        "Consumer Discretionary": 9.613,
        "Real Estate": 5.982,
        "Energy": 4.800,
        "Materials": 3.977,
        "Consumer Staples": 3.050,
        "Utilities": 2.939,
        "Communication Services": 2.551,
    }
    found = sector_weights(fund)
    assert golden == {sector: found[sector] for sector in GICS}
    assert found["Unclassified"] == 0.004
    assert (
        row(fund, "MOOG").symbol,
        row(fund, "GREIF INC CLASS B").symbol,
        row(fund, "CRAWFORD").symbol,
        row(fund, "Petrocorp").symbol,
    ) == ("MOG-A", "GEF-B", "CRD-A", None)
    assert {
        kind: sum(each.asset_class is kind for each in fund.holdings)
        for kind in (AssetClass.CASH, AssetClass.DERIVATIVE)
    } == {AssetClass.CASH: 4, AssetClass.DERIVATIVE: 1}


@pytest.mark.parametrize(
    ("name", "day", "with_sectors"),
    [("SPY_holdings_20230110", date(2023, 1, 10), True), ("SPY_holdings_2025", date(2025, 11, 18), False)],
)
def test_ssga_when_a_workbook_is_counted_then_the_shares_are_as_many(shared_data, name, day, with_sectors):
    path = shared_data / f"recordings/ssga/{name}.xlsx"
    lines = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[5:]
    counted = sum(line[7] == "USD" and re.fullmatch(r"[A-Z]{1,5}(\.[A-Z])?", line[1]) is not None for line in lines)
    fund = parse_ssga(path.read_bytes())
    assert (503, "SPY", day) == (counted, fund.symbol, fund.as_of)
    assert (503, pytest.approx(1, abs=1e-9)) == (len(shares(fund)), weights(fund))
    assert {with_sectors} == {each.sector in GICS for each in shares(fund)}
    assert [each.symbol for each in shares(fund) if "-" in each.symbol] == ["BRK-B", "BF-B"]


def test_ssga_when_xbi_of_2025_then_its_rights_are_shares_without_symbols(shared_data):
    payload = (shared_data / "history/xbi_holdings_2025.csv").read_bytes()
    rows = list(csv.DictReader(io.StringIO(payload.decode())))
    money = {"SSI US GOV MONEY MARKET CLASS", "US DOLLAR"}
    counted = [each for each in rows if each["Name"] not in money]
    fund = parse_ssga(payload, "XBI", DAY)
    assert (len(counted), len(shares(fund)), len(fund.holdings) - len(shares(fund))) == (141, 141, 2)
    tickers = sorted(each["Ticker"] for each in counted if each["Ticker"].isalpha())
    assert (137, tickers) == (len(tickers), sorted(each.symbol for each in shares(fund) if each.symbol))
    total = sum(float(each["Weight"]) for each in counted)
    assert float(rows[0]["Weight"]) / total == pytest.approx(fund.holdings[0].weight)


def test_invesco_when_the_excerpt_is_read_then_it_is_partial_with_four_shares(shared_data):
    payload = (shared_data / "recordings/invesco/QQQ_holdings_api_2026-09-24_EXCERPT.json").read_bytes()
    rows = json.loads(payload)["holdings"]
    kinds = ("Common Stock", "American Depository Receipt - NY")
    counted = [each["ticker"] for each in rows if each["securityTypeName"] in kinds]
    fund = parse_invesco(payload)
    assert ("QQQ", date(2026, 9, 24), True, 9) == (fund.symbol, fund.as_of, fund.partial, len(fund.holdings))
    assert (4, counted) == (len(counted), [each.symbol for each in shares(fund)])
    assert pytest.approx(row(fund, "NVIDIA").weight) == 0.08189404


@pytest.mark.parametrize(
    ("name", "series", "positions", "day"),
    [
        ("nport_Dupree_muni", "S000012000", 55, date(2022, 12, 31)),
        ("nport_AdvancedSeries_bond", "S000030880", 0, date(2022, 12, 30)),
    ],
)
def test_nport_when_counted_by_its_tags_then_there_are_as_many_and_no_shares(shared_data, name, series, positions, day):
    payload = (shared_data / f"recordings/sec/{name}.xml").read_bytes()
    fund = parse_nport(payload, "ABC", index=Index(), series=series)
    assert (positions, payload.count(b"<invstOrSec>"), 0) == (len(fund.holdings), positions, len(shares(fund)))
    assert day == fund.as_of
    values = [float(text) for text in re.findall(rb"<valUSD>([^<]*)", payload)]
    assert sum(values) == pytest.approx(sum(each.market_value for each in fund.holdings))


@pytest.mark.parametrize(
    ("name", "symbol", "heaviest"),
    [
        ("yf2_all-QQQ", "QQQ", ("AAPL", 0.090070695 / 0.9993)),
        ("pageQQQ_quoteSummary_QQQ_formatted", "QQQ", ("NVDA", 0.098836094)),
        ("pageVFINX_quoteSummary_VFINX_formatted", "VFINX", ("NVDA", 0.079510495 / 0.9943)),
    ],
)
def test_yahoo_when_top_holdings_are_read_then_ten_and_eleven_sectors(shared_data, name, symbol, heaviest):
    payload = recorded(shared_data / f"recordings/yahoo/quotesummary/{name}.json").body
    fund = parse_top_holdings(payload, symbol, DAY)
    assert (10, True, set(GICS)) == (len(fund.holdings), fund.partial, set(fund.sector_weights))
    assert pytest.approx(sum(fund.sector_weights.values()), abs=0.01) == 1
    first = fund.holdings[0]
    assert heaviest == (first.symbol, pytest.approx(first.weight))


def test_yahoo_when_searched_then_apples_sector_is_found(shared_data):
    for name in ("rs_search_v1_apple", "yf2_search-AAPL"):
        payload = recorded(shared_data / f"recordings/yahoo/search/{name}.json").body
        assert parse_search_sector(payload, "AAPL") == ("Information Technology", "yahoo search")
    payload = recorded(shared_data / "recordings/yahoo/search/yf2_search-BTC-USD.json").body
    assert parse_search_sector(payload, "BTC-USD") is None


def test_constituents_when_read_then_all_503_have_a_gics_sector(shared_data):
    payload = (shared_data / "recordings/constituents/sp500_wikipedia_2026-08.csv").read_bytes()
    known = parse_constituents(payload)
    assert (len(known), known["BRK-B"]) == (503, ("Financials", "sp500"))
    assert {*GICS} == {sector for sector, _ in known.values()}


def test_index_when_made_of_the_secs_list_then_names_in_filings_find_their_symbols(shared_data):
    index = parse_company_tickers((shared_data / "recordings/sec/company_tickers.json").read_bytes())
    assert (
        index.find(name="Apple Inc"),
        index.find(name="NVIDIA CORP"),
        index.find(name="Nobody"),
    ) == ("AAPL", "NVDA", None)

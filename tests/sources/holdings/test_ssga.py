import io
import zipfile
from datetime import date

import pytest

from tests.sources.holdings.kit import row, shares, told, weights
from tests.sources.holdings.payloads import SSGA_HEADER, SSGA_ROWS, ssga, ssga_csv, without_sectors, workbook
from tests.sources.server import QUICK, Answer
from tui.model import AssetClass
from tui.sectors import CASH
from tui.sources.base import MalformedError, NoDataError
from tui.sources.holdings import ssga as module
from tui.sources.holdings.base import UndatedError
from tui.sources.holdings.ssga import SSGA, parse_ssga
from tui.sources.http import Http

DAY = date(2023, 1, 10)


def test_parse_when_a_workbook_has_sectors_then_all_is_read():
    fund = parse_ssga(ssga())
    assert (fund.symbol, fund.name, fund.as_of, fund.source) == ("SPY", "SPDR® S&P 500® ETF Trust", DAY, "ssga")
    assert (len(fund.holdings), len(shares(fund))) == (5, 3)
    apple = row(fund, "Apple")
    assert (
        apple.symbol,
        apple.sector,
        apple.cusip,
        apple.shares,
        apple.currency,
    ) == ("AAPL", "Information Technology", "037833100", 100.0, "USD")
    assert row(fund, "Berkshire").symbol == "BRK-B"
    assert weights(fund) == pytest.approx(1, abs=1e-12)
    assert pytest.approx(apple.weight) == 60 / 99.75


def test_parse_when_sectors_are_dashes_and_weights_numbers_then_the_same_comes_without_sectors():
    fund = parse_ssga(ssga(without_sectors(SSGA_ROWS)))
    assert [each.weight for each in parse_ssga(ssga()).holdings] == [each.weight for each in fund.holdings]
    assert {None} == {each.sector for each in shares(fund)} | {each.sector_source for each in shares(fund)}


def test_parse_when_rows_are_money_futures_or_placeholders_then_they_are_no_shares():
    fund = parse_ssga(ssga())
    assert (
        (cash := row(fund, "U.S. Dollar")).asset_class,
        cash.sector,
        cash.symbol,
    ) == (AssetClass.CASH, CASH, None)
    assert AssetClass.DERIVATIVE is row(fund, "S&P500 EMINI").asset_class
    assert not any(each.name == "DUMMY" for each in fund.holdings)


def test_parse_when_a_company_is_called_dollar_then_it_is_a_share():
    fund = parse_ssga(ssga([["DOLLAR TREE INC", "DLTR", "256746108", "-", "100.0", "-", "1", "USD"]]))
    assert (fund.holdings[0].asset_class, fund.holdings[0].symbol) == (AssetClass.EQUITY, "DLTR")


def test_parse_when_it_is_a_csv_then_fund_and_day_are_wanted():
    fund = parse_ssga(ssga_csv(), "XBI", DAY)
    assert (fund.symbol, fund.as_of, len(fund.holdings)) == ("XBI", DAY, 5)
    with pytest.raises(UndatedError, match="--as-of"):
        parse_ssga(ssga_csv(), "XBI")


def test_parse_when_the_file_says_another_fund_then_it_is_refused():
    with pytest.raises(MalformedError, match="holdings of SPY, not of XBI"):
        parse_ssga(ssga(), "XBI")


RENAMED = ["Name", "Ticker", "Identifier", "SEDOL", "Weighting", "Sector", "Shares Held", "Local Currency"]


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        (b"", "is empty"),
        (b"<html></html>", "web page"),
        (ssga()[:-30], "cannot be read"),
        (ssga()[: len(ssga()) // 2], "cannot be read"),
        (b"PK\x03\x04" + b"\0" * 100, "cannot be read"),
        (ssga(header=RENAMED), "no column 'weight'"),
        (ssga(SSGA_ROWS[:1]), "do not add up"),
        (ssga([]), "list is empty"),
        (workbook([["What", "ever"]]), "no list of holdings"),
        (workbook([]), "no list of holdings"),
        (ssga([*SSGA_ROWS[1:], [*SSGA_ROWS[0][:4], "6o.0", *SSGA_ROWS[0][5:]]]), "line 11, weight"),
        (ssga_csv()[:-40], "cells, not 8"),
        (",".join(SSGA_HEADER).encode(), "list is empty"),
    ],
    ids=told,
)
def test_parse_when_damaged_then_it_is_refused_with_what_to_do(payload, says):
    with pytest.raises(MalformedError, match=says):
        parse_ssga(payload, "SPY", DAY)


def test_parse_when_a_byte_inside_the_workbook_is_wrong_then_its_checksum_tells():
    payload = bytearray(ssga())
    with zipfile.ZipFile(io.BytesIO(payload)) as archive:
        sheet = archive.getinfo("xl/worksheets/sheet1.xml")
    payload[sheet.header_offset + 120] ^= 1
    with pytest.raises(MalformedError, match="cannot be read"):
        parse_ssga(bytes(payload))


def test_parse_when_the_workbook_unpacks_to_too_much_then_it_is_not_opened(monkeypatch):
    monkeypatch.setattr(module, "_UNPACKED", 100)
    with pytest.raises(MalformedError, match="too large"):
        parse_ssga(ssga())


def test_parse_when_a_cell_lies_far_away_then_no_room_is_made_for_it():
    far = repack(ssga(), b'r="A1"', b'r="XFD1048576"')
    with pytest.raises(MalformedError, match="too many cells"):
        parse_ssga(far)


def repack(payload, old, new):
    """The same workbook with other bytes in its sheet."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(payload)) as archive, zipfile.ZipFile(buffer, "w") as copy:
        for part in archive.namelist():
            copy.writestr(part, archive.read(part).replace(old, new))
    return buffer.getvalue()


@pytest.fixture
async def source(server):
    source = SSGA(Http("SSGA", hosts={"127.0.0.1"}, limits=QUICK), base=server.url)
    yield source
    await source.aclose()


async def test_fund_when_asked_then_its_workbook_is_fetched(source, server):
    server.routes["/us/en/intermediary/"] = Answer(ssga(symbol="XBI"))
    assert (await source.fund("XBI")).symbol == "XBI"
    assert server.paths()[0].endswith("/etfs/us/holdings-daily-us-en-xbi.xlsx")


async def test_fund_when_another_funds_workbook_comes_then_it_is_refused(source, server):
    server.routes["/us/en/intermediary/"] = Answer(ssga())
    with pytest.raises(MalformedError, match="not of XBI"):
        await source.fund("XBI")


async def test_fund_when_not_known_or_missing_then_there_is_no_data(source, server):
    with pytest.raises(NoDataError, match="import its file"):
        await source.fund("IWM")
    assert server.requests == []
    with pytest.raises(NoDataError, match="no file"):
        await source.fund("XLV")

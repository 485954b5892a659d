import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.symbology import CLASS_SHARES, canonical, cusip, cusip_of_isin, isin


@pytest.mark.parametrize(
    ("ticker", "symbol"),
    [
        ("BRK.B", "BRK-B"),
        ("BRKB", "BRK-B"),
        ("BRK-B", "BRK-B"),
        ("BRK/B", "BRK-B"),
        ("BRK B", "BRK-B"),
        ("brk.b", "BRK-B"),
        ("MOGA", "MOG-A"),
        ("BFB", "BF-B"),
        ("BF/B", "BF-B"),
        ("GEFB", "GEF-B"),
        ("MKC.V", "MKC-V"),
        # Their exchange writes these classes without a separator.
        ("RUSHA", "RUSHA"),
        ("CENTA", "CENTA"),
        ("GOOGL", "GOOGL"),
        ("HUBB", "HUBB"),
        ("  AAPL        ", "AAPL"),
        ("ECC           ", "ECC"),
        ("AAPL US Equity", "AAPL"),
        ("BRK/B UN", "BRK-B"),
        ("A", "A"),
        # Preferreds, warrants, units.
        ("ABR^D", "ABR-PD"),
        ("ABR^", "ABR-P"),
        ("WFC$A", "WFC-PA"),
        ("BEPpA", "BEP-PA"),
        ("ABR-PD", "ABR-PD"),
        ("RAC/WS", "RAC-WT"),
        ("RAC.U", "RAC-UN"),
        # Other exchanges and indices, as Yahoo spells them.
        ("HSBA.L", "HSBA.L"),
        ("0700.HK", "0700.HK"),
        ("^RUT", "^RUT"),
        # What names no share.
        ("-", None),
        ("", None),
        (None, None),
        ("RTYM6", None),
        ("ESZ5", None),
        ("ESH3", None),
        ("NQZ6", None),
        ("P5N994", None),
        ("2200963D", None),
        ("MPTI RT", None),
        ("ETD_USD", None),
        ("CASH_USD", None),
        ("../etc", None),
    ],
)
def test_canonical_when_a_ticker_is_spelt_somehow_then_yahoos_spelling_is_found(ticker, symbol):
    assert symbol == canonical(ticker)


@given(st.text(max_size=20))
def test_canonical_when_done_twice_then_nothing_changes(ticker):
    symbol = canonical(ticker)
    assert symbol is None or symbol == canonical(symbol)


def test_class_shares_when_glued_then_none_is_another_listing(shared_data):
    folder = shared_data / "recordings" / "nasdaq"
    listed = {
        line.split("|")[0]
        for name in ("nasdaqlisted_2025-07.txt", "otherlisted_2025-07.txt")
        for line in (folder / name).read_text().splitlines()
    }
    assert set() == {symbol.replace("-", "") for symbol in CLASS_SHARES} & listed
    dotted = {symbol.replace("-", ".") for symbol in CLASS_SHARES} - {"LGF.A", "LGF.B"}
    assert set() == dotted - listed


def test_canonical_when_given_nasdaqs_screener_then_every_row_has_a_symbol(shared_data):
    for path in sorted((shared_data / "recordings" / "nasdaq").glob("screener_*.json")):
        odd = [row["symbol"] for row in json.loads(path.read_bytes()) if canonical(row["symbol"]) is None]
        assert odd == []


@pytest.mark.parametrize(
    ("code", "whole"),
    [
        ("037833100", "037833100"),
        ("03783310", "037833100"),
        (" 08467070 ", "084670702"),
        ("037833101", None),
        ("68218J202", "68218J202"),
        ("CASH_USD", None),
        ("-", None),
        (None, None),
    ],
)
def test_cusip_when_short_or_wrong_then_it_is_completed_or_refused(code, whole):
    assert whole == cusip(code)


def test_cusip_of_isin_when_american_then_it_is_inside():
    assert (
        cusip_of_isin("US0378331005"),
        cusip_of_isin("GB0005405286"),
        cusip_of_isin(None),
    ) == ("037833100", None, None)


@pytest.mark.parametrize(("code", "found"), [("us0378331005", "US0378331005"), ("US03783310", None), (None, None)])
def test_isin_when_it_has_another_form_then_it_is_none(code, found):
    assert found == isin(code)

"""Cut and damaged files: what comes out is right, or an error; never a crash and never a fund that cannot be."""

from datetime import date
from math import isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sources.holdings.kit import weights
from tests.sources.holdings.payloads import invesco, ishares, ishares_bare, nport, ssga, ssga_csv, summary
from tui.sources.base import MalformedError, SourceError
from tui.sources.holdings.dialects import parse

DAY = date(2025, 5, 13)
FILES = {
    "ishares": (ishares(), "IWM"),
    "bare": (ishares_bare(), "IWM"),
    "ssga": (ssga(), "SPY"),
    "ssga_csv": (ssga_csv(), "XBI"),
    "invesco": (invesco(), "QQQM"),
    "nport": (nport(), "ABC"),
    "yahoo": (summary(), "QQQ"),
    "own": (b"symbol,weight,name\nAAPL,60,Apple\nBRK.B,40,Berkshire\n", "MINE"),
}
"""The payload and the fund of each form."""


def sane(fund, symbol):
    """Whether this could be a fund at all."""
    assert symbol == fund.symbol
    assert all(isfinite(each.weight) for each in fund.holdings)
    if not fund.partial and fund.holdings:
        assert weights(fund) == pytest.approx(1, abs=1e-9) or not weights(fund)


@pytest.mark.parametrize("form", FILES)
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_parse_when_bytes_are_flipped_then_the_fund_is_possible_or_refused(form, data):
    payload, symbol = FILES[form]
    damaged = bytearray(payload)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(payload) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    try:
        fund = parse(bytes(damaged), symbol, DAY)
    except SourceError:
        return
    sane(fund, symbol)


@pytest.mark.parametrize("form", ["ishares", "ssga", "invesco", "nport", "yahoo"])
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_parse_when_cut_anywhere_among_the_rows_then_it_is_refused(form, data):
    payload, symbol = FILES[form]
    # The disclaimer of a CSV may be cut, and white space at the end: no row is in it.
    end = payload.index('\u00a0\n"The'.encode()) if form == "ishares" else len(payload)
    with pytest.raises(MalformedError):
        parse(payload[: data.draw(st.integers(0, end - 1))], symbol, DAY)


@pytest.mark.parametrize("form", ["bare", "ssga_csv"])
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_parse_when_a_list_without_an_end_is_cut_then_it_is_right_or_refused(form, data):
    payload, symbol = FILES[form]
    whole = parse(payload, symbol, DAY)
    try:
        fund = parse(payload[: data.draw(st.integers(0, len(payload)))], symbol, DAY)
    except MalformedError:
        return
    # What is missing at the end is less than the rounding of the issuer's percents.
    for cut, full in zip(fund.holdings, whole.holdings, strict=False):
        assert (full.symbol, pytest.approx(full.weight, rel=0.02)) == (cut.symbol, cut.weight)


@pytest.mark.parametrize("form", FILES)
@given(junk=st.binary(max_size=200), place=st.integers(0, 400))
@settings(max_examples=100, deadline=None)
def test_parse_when_junk_stands_inside_then_the_fund_is_possible_or_refused(form, junk, place):
    payload, symbol = FILES[form]
    try:
        fund = parse(payload[:place] + junk + payload[place:], symbol, DAY)
    except SourceError:
        return
    sane(fund, symbol)

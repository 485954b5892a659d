"""Cut and damaged answers: what comes out is right, or a typed error; never a crash and never a value that cannot be."""

from datetime import date
from math import isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict

from tests.sources.drivers.payloads import (
    CURVE,
    ESTIMATES,
    FRED,
    FRED_API,
    FUNDAMENTALS,
    bc,
    figures,
    filing,
    index,
    xml,
)
from tui.model_drivers import Series
from tui.sources.base import SourceError
from tui.sources.drivers import earnings, fred, fundamentals, own, sec_index, treasury
from tui.store.dialects import DialectError, Hints, parse_csv

DAY = date(2026, 11, 21)
FORMS = {
    "curve csv": (CURVE, lambda data: treasury.parse_curve(data, 0.0)),
    "curve xml": (
        xml(("2026-11-20", bc("1MONTH", "4.03") + bc("10YEAR", "4.19")), ("2026-11-19", bc("30YEAR", "4.8"))),
        lambda data: treasury.parse_curve(data, 0.0),
    ),
    "fredgraph": (FRED, lambda data: fred.parse_fredgraph(data, 0.0)),
    "fred api": (FRED_API, lambda data: [fred.parse_observations(data, "T10Y3M", 0.0)]),
    "index": (index(filing("425"), filing("10-K"), filing("SC TO-T/A")), sec_index.parse_index),
    "fundamental": (figures(), lambda data: [fundamentals.parse_fundamental(data, "AAPL", DAY, 0.0)]),
    "estimates": (figures(), lambda data: earnings.parse_estimates(data, "AAPL", DAY, 0.0)),
    "own fundamentals": (FUNDAMENTALS, lambda data: own.parse_fundamentals(data, DAY, 0.0)),
    "own estimates": (ESTIMATES, lambda data: own.parse_estimates(data, DAY, 0.0)),
}


def sane(found):
    """Whether this could be told at all."""
    for each in found:
        if isinstance(each, Series):
            assert each.dates
            assert each.dates == sorted(set(each.dates))
            assert len(each.dates) == len(each.values)
            assert all(map(isfinite, each.values))
        else:
            assert all(isfinite(value) for value in asdict(each).values() if isinstance(value, float))


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
@settings(max_examples=120, deadline=None)
def test_parse_when_bytes_are_flipped_then_the_answer_is_possible_or_refused(form, data):
    payload, parse = FORMS[form]
    damaged = bytearray(payload)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = parse(bytes(damaged))
    except SourceError:
        return
    sane(found)


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_parse_when_the_answer_is_cut_off_then_it_is_refused_or_the_rest_is_right(form, data):
    payload, parse = FORMS[form]
    whole = parse(payload)
    try:
        found = parse(payload[: data.draw(st.integers(0, len(payload)))])
    except SourceError:
        return
    sane(found)
    assert len(found) <= len(whole)


@pytest.mark.parametrize("form", FORMS)
@given(junk=st.binary(max_size=200))
@settings(max_examples=60, deadline=None)
def test_parse_when_anything_comes_then_it_is_possible_or_refused(form, junk):
    try:
        found = FORMS[form][1](junk)
    except SourceError:
        return
    sane(found)


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_import_when_a_file_is_damaged_then_it_is_read_or_refused_with_a_reason(form, data):
    payload = bytearray(FORMS[form][0])
    payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))
    try:
        parsed = parse_csv(bytes(payload), Hints(stem="DGS10"))
    except DialectError:
        return
    sane([*parsed.series, *parsed.fundamentals, *parsed.estimates])

"""Yahoo's errors and symbols, and whatever else may come instead of an answer."""

import json
from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources.yahoo_payloads import CLOSES, NOW, OPENED, answer, chart, fault, minutes, record, spark
from tui.model import Bars
from tui.sources.base import DeniedError, MalformedError, NoDataError, SourceError, UnknownSymbolError, UnreachableError
from tui.sources.yahoo_parse import parse_chart_daily, parse_chart_intraday
from tui.sources.yahoo_quotes import parse_quote, parse_spark
from tui.sources.yahoo_wire import is_symbol, parse_error

# Errors


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (404, fault("Not Found", "No data found, symbol may be delisted"), UnknownSymbolError),
        (404, b"<html>not found</html>", MalformedError),
        (404, fault("Not Found", wrapper="finance"), MalformedError),
        (404, fault("Not Found", wrapper="quoteSummary"), MalformedError),
        (422, fault("Unprocessable Entity", wrapper="finance"), NoDataError),
        (422, fault("Unprocessable Entity"), NoDataError),
        (400, fault("Bad Request", "Data doesn't exist for startDate = 1, endDate = 2"), NoDataError),
        (400, fault("Bad Request"), MalformedError),
        (401, fault("Unauthorized", "Invalid Crumb"), DeniedError),
        (403, b"", DeniedError),
        (503, b"Will be right back", UnreachableError),
        (204, b"", MalformedError),
    ],
)
def test_error_when_the_status_is_not_200_then_its_kind_is_told_in_our_words(status, body, kind):
    error = parse_error(status, body, "chart")
    assert type(error) is kind
    assert "theirs" not in str(error)


def test_error_when_it_comes_with_status_200_then_it_is_raised_all_the_same():
    for parse in (
        lambda: parse_chart_daily(fault("Not Found"), "SPY", NOW),
        lambda: parse_chart_intraday(fault("Not Found"), "SPY"),
    ):
        with pytest.raises(UnknownSymbolError):
            parse()


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("^RUT", True),
        ("BRK-B", True),
        ("EURUSD=X", True),
        ("M&M.NS", True),
        ("0P000071W8.TO", True),
        ("", False),
        ("A,B", False),
        ("../x", False),
        ("A B", False),
        ("É", False),
        ("A" * 33, False),
    ],
)
def test_symbol_when_it_could_be_one_then_only_it_may_go_into_a_url(text, fits):
    assert is_symbol(text) is fits


# Anything at all

PARSERS = {
    "daily": lambda body: parse_chart_daily(body, "SPY", NOW),
    "intraday": lambda body: parse_chart_intraday(body, "SPY"),
    "quote": lambda body: parse_quote(body, NOW),
    "spark": lambda body: parse_spark(body, NOW),
    "error": lambda body: parse_error(404, body, "chart"),
}
WHOLE = {
    "daily": chart(
        [(OPENED, 1, 2, 0.5, 1.5, 9)], events={"splits": {"1": {"date": OPENED, "numerator": 2, "denominator": 1}}}
    ),
    "intraday": chart(minutes(0, 1), granularity="5m", tradingPeriods=[[{"start": OPENED, "end": CLOSES}]]),
    "quote": answer(record()),
    "spark": answer(spark(), "spark"),
    "error": fault("Not Found"),
}
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["SPY", "1d", "GBp", "Infinity"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


def holds(found):
    """What a parser gave is well-formed: finite prices, rising dates, columns of one length."""
    if isinstance(found, Bars):
        assert found.dates == sorted(set(found.dates))
        for column in (found.open, found.high, found.low, found.close, found.adj_close, found.volume):
            assert len(column) == len(found.dates)
            assert all(value is None or isfinite(value) for value in column)
    elif isinstance(found, dict):
        for bars in found.values():
            assert [bar.time for bar in bars] == sorted({bar.time for bar in bars})
    elif not isinstance(found, SourceError):
        assert all(quote.price is None or isfinite(quote.price) for quote in found.quotes)
        assert len({quote.symbol for quote in found.quotes}) == len(found.quotes)


def attempt(name, body):
    try:
        holds(PARSERS[name](body))
    except SourceError:
        return


def places(node, path=()):
    yield path
    for key, inner in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from places(inner, (*path, key))


@given(name=st.sampled_from(sorted(PARSERS)), data=st.data())
def test_parsers_when_the_json_is_mutated_then_a_value_or_a_source_error(name, data):
    tree = json.loads(WHOLE[name])
    for path in data.draw(st.lists(st.sampled_from(list(places(tree))[1:]), min_size=1, max_size=3)):
        node = tree
        try:
            for key in path[:-1]:
                node = node[key]
            node[path[-1]] = data.draw(ANYTHING)
        except (KeyError, IndexError, TypeError):
            continue
    attempt(name, json.dumps(tree).encode("utf-8", "surrogatepass"))


@given(name=st.sampled_from(sorted(PARSERS)), data=st.data())
def test_parsers_when_the_bytes_are_cut_or_changed_then_a_value_or_a_source_error(name, data):
    body = bytearray(WHOLE[name])
    for place in data.draw(st.lists(st.integers(0, len(body) - 1), max_size=3)):
        body[place] = data.draw(st.integers(0, 255))
    attempt(name, bytes(body[: data.draw(st.integers(0, len(body)))]))


@pytest.mark.parametrize("name", sorted(PARSERS))
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff",
        b"Too Many Requests\r\n",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"chart":null}',
        b'{"chart":{"result":null,"error":null}}',
        b'{"chart":{"result":[]}}',
    ],
)
def test_parsers_when_the_body_is_something_else_then_a_value_or_a_source_error(name, body):
    attempt(name, body)

"""Prices before and after the session, as v7 quote tells them: recorded ones, and the traps."""

import pytest

from tests.sources.server import recorded
from tests.sources.yahoo_payloads import NOW, answer, record
from tui.sources.yahoo_quotes import parse_quote


def beside(**fields):
    (quote,) = parse_quote(answer(record(regularMarketTime=NOW - 3600, **fields)), NOW).quotes
    return quote.extended_price, quote.extended_phase, quote.extended_at


def test_extended_when_recorded_after_the_session_then_beside_the_regular_price(shared_data):
    body = recorded(shared_data / "recordings/yahoo/quote/rs_quote_v7_AAPL-MSFT.json").body
    quotes = {quote.symbol: quote for quote in parse_quote(body, 1e10 / 5).quotes}
    assert (quotes["AAPL"].extended_price, quotes["AAPL"].extended_phase) == (270.75, "POST")
    assert quotes["AAPL"].price != 270.75
    assert quotes["AAPL"].extended_at > quotes["AAPL"].as_of


def test_extended_when_recorded_in_the_session_then_the_morning_is_past(shared_data):
    body = recorded(shared_data / "recordings/yahoo/quote/pageAAPL_quote_v7_AAPL.json").body
    assert b"preMarketPrice" in body
    (quote,) = parse_quote(body, 1e10 / 5).quotes
    assert (quote.extended_price, quote.extended_phase, quote.extended_at) == (None, None, None)


def test_extended_when_both_are_told_then_the_newer():
    both = {"preMarketPrice": 99, "postMarketPrice": 102}
    assert beside(**both, preMarketTime=NOW - 60, postMarketTime=NOW - 1800) == (99, "PRE", NOW - 60)
    assert beside(**both, preMarketTime=NOW - 1800, postMarketTime=NOW - 60) == (102, "POST", NOW - 60)


@pytest.mark.parametrize(
    "fields",
    [
        {"postMarketPrice": 102},
        {"postMarketTime": NOW - 60},
        {"postMarketPrice": 0, "postMarketTime": NOW - 60},
        {"postMarketPrice": "Infinity", "postMarketTime": NOW - 60},
        {"postMarketPrice": 102, "postMarketTime": NOW - 3600},
        {"postMarketPrice": 102, "postMarketTime": NOW + 3600},
        {"postMarketPrice": 102, "postMarketTime": (NOW - 60) * 1000},
        {"postMarketPrice": {}, "postMarketTime": {}},
    ],
)
def test_extended_when_it_is_half_old_or_of_the_future_then_none(fields):
    assert beside(**fields) == (None, None, None)


def test_extended_when_formatted_or_in_pence_then_it_is_read_alike():
    raw = {"raw": 950, "fmt": "950.00"}
    told = {"currency": "GBp", "regularMarketPrice": 940, "regularMarketPreviousClose": 930}
    assert beside(postMarketPrice=raw, postMarketTime={"raw": NOW - 60}, **told)[0] == 9.5

"""What the bench has found, each as small as it can be."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from tests.faults import truth
from tests.sources.yahoo_payloads import NOW, answer, record, spark
from tui.format import typed
from tui.model import Health, Quote, State
from tui.rows import state_of
from tui.sources.base import MalformedError
from tui.sources.batch import Batch
from tui.sources.drivers.fred import parse_fredgraph
from tui.sources.feed_book import Book
from tui.sources.feed_health import FROZEN, frozen
from tui.sources.tiingo import parse_daily
from tui.sources.yahoo_quotes import parse_quote, parse_spark

QUOTE = Quote(symbol="SPY", price=681.0, session=truth.SESSION, as_of=NOW, fetched_at=NOW, source="yahoo")


def book(*quotes: Quote) -> Book:
    made = Book(lambda _source: 0)
    made.take([quote.symbol for quote in quotes], Batch(quotes=list(quotes)))
    return made


def several(**fields: object) -> list[Quote]:
    return [replace(QUOTE, symbol=symbol, **fields) for symbol in ("SPY", "IWM", "QQQ")]


@pytest.mark.parametrize("ahead", [301, 3600, 86_000])
def test_quote_when_made_in_the_future_then_it_is_left_out_and_keeps_no_later_one_out(ahead):
    assert parse_quote(answer(record(regularMarketTime=NOW + ahead)), NOW).quotes == []
    assert "clock" in parse_spark(answer(spark({"regularMarketTime": NOW + ahead}), "spark"), NOW).refused["SPY"]


def test_quote_when_their_clock_is_a_little_ahead_then_it_is_taken():
    assert len(parse_quote(answer(record(regularMarketTime=NOW + 60)), NOW).quotes) == 1


@pytest.mark.parametrize("worse", [{"price": None}, {"as_of": 0.0}, {"as_of": NOW - 8 * 86_400}])
def test_book_when_an_answer_has_lost_a_price_or_weeks_then_the_symbol_waits_for_another_source(worse):
    known = book(QUOTE)
    told = known.take(["SPY"], Batch(quotes=[replace(QUOTE, **worse)]))
    assert (told.quotes, list(told.doubts)) == ([], ["SPY"])
    assert known.quotes["SPY"] == QUOTE


def test_answer_when_none_of_its_prices_can_be_right_then_it_is_the_answer_that_is_wrong():
    known = book(*several())
    told = known.take(["SPY", "IWM"], Batch(quotes=several(price=68_100.0, as_of=NOW + 1)[:2]))
    with pytest.raises(MalformedError, match="Yahoo sends prices that cannot be right"):
        told.check("Yahoo", ["SPY", "IWM"])
    known.take(["SPY"], Batch(quotes=several(price=68_100.0)[:1])).check("Yahoo", ["SPY"])


def test_frozen_when_several_trade_and_none_has_a_new_price_then_it_is_said():
    health = frozen(several(as_of=NOW - FROZEN - 1), {}, NOW)
    assert health == Health(state=State.STALE, detail="The newest price is 10 min old: what comes only repeats itself.")


@pytest.mark.parametrize(
    ("quotes", "now"),
    [
        (several(as_of=NOW - FROZEN), NOW),
        ([*several(as_of=NOW - 5000)[:2], QUOTE], NOW),  # one of them moves
        (several(as_of=NOW - 5000)[:2], NOW),  # two may rest
        (several(as_of=NOW - 1000, delay=900), NOW),
        (several(as_of=NOW - 5000, final=True), NOW),
        (several(), NOW + 8 * 3600),  # the market is closed
    ],
)
def test_frozen_when_it_may_be_so_then_nothing_is_said(quotes, now):
    assert frozen(quotes, {}, now) is None


def test_state_when_nobody_answers_in_a_form_we_know_then_no_row_is_live():
    at = datetime.fromtimestamp(NOW + 5, UTC)
    assert state_of(QUOTE, at, Health(state=State.STALE), 600) is State.STALE
    assert state_of(QUOTE, at, Health(state=State.LIVE), 600) is State.LIVE


@pytest.mark.parametrize("factor", ["", ', "splitFactor": null', ', "splitFactor": "x"', ', "splitFactor": 0'])
def test_tiingo_when_it_does_not_say_whether_there_was_a_split_then_no_price_is_told(factor):
    body = f'[{{"date": "2025-10-24T00:00:00Z", "close": 400.0{factor}}}]'.encode()
    with pytest.raises(MalformedError, match="split"):
        parse_daily(body, "SPY", NOW)


@pytest.mark.parametrize("payload", [b"\x0b", b"\n\n", b" , ,\n"])
def test_fred_when_the_file_is_blank_then_a_typed_error(payload):
    with pytest.raises(MalformedError):
        parse_fredgraph(payload, 0.0)


def test_typed_when_pasted_then_spaces_stay_and_the_rest_is_gone():
    assert typed("IWM \x1b[2J\u202eSPY\x00  QQQ ") == "IWM SPY  QQQ "
    assert typed("plain  text ") == "plain  text "


@pytest.mark.parametrize("currency", [None, "", "NaN", "Infinity", "gbp", "x", "GBPS"])
def test_quote_when_the_currency_of_london_is_no_currency_then_no_price_is_told(currency):
    batch = parse_quote(answer(record(symbol="HSBA.L", currency=currency)), NOW)
    assert (batch.quotes, "hundredths" in batch.refused["HSBA.L"]) == ([], True)


@pytest.mark.parametrize(("currency", "price"), [("GBp", 1.015), ("GBX", 1.015), ("GBP", 101.5), ("USD", 101.5)])
def test_quote_when_the_currency_of_london_is_known_then_the_unit_is_right(currency, price):
    (quote,) = parse_quote(answer(record(symbol="HSBA.L", currency=currency)), NOW).quotes
    assert quote.price == price

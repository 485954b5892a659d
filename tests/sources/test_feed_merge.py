"""Two quotes of one symbol: nothing gets worse, and a difference is told and never averaged."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.model import Quote
from tui.sources.batch import Batch
from tui.sources.feed_book import Book
from tui.sources.feed_merge import BOUND, BOUND_FINAL, SAME_TIME, better, disagree

DAY = date(2025, 10, 29)


def quote(price=100.0, source="yahoo", as_of=1000.0, **fields):
    return Quote(symbol="SPY", price=price, source=source, as_of=as_of, fetched_at=as_of + 1, session=DAY, **fields)


def book(*sources):
    return Book(sources.index)


@pytest.mark.parametrize(
    ("other", "differ"),
    [
        ({"price": 102.0}, True),
        ({"price": 100 * (1 + BOUND)}, False),
        ({"price": 102.0, "as_of": 1000.0 + SAME_TIME}, True),
        ({"price": 102.0, "as_of": 1000.0 + SAME_TIME + 1}, False),
        ({"price": 102.0, "source": "yahoo"}, False),
        ({"price": 102.0, "currency": "EUR"}, False),
        ({"price": 102.0, "final": True}, False),
        ({"price": None}, False),
    ],
)
def test_disagree_when_of_one_time_and_one_money_then_beyond_the_bound(other, differ):
    assert disagree(quote(currency="USD"), quote(**{"source": "cboe", **other})) is differ
    assert disagree(quote(**{"source": "cboe", **other}), quote(currency="USD")) is differ


def test_disagree_when_both_are_closes_then_at_any_time_and_by_a_smaller_bound():
    one = quote(final=True)
    assert disagree(one, quote(100 * (1 + 2 * BOUND_FINAL), "cboe", 9000.0, final=True))
    assert not disagree(one, quote(100 * (1 + BOUND_FINAL / 2), "cboe", 9000.0, final=True))


def test_book_when_the_late_one_differs_then_the_price_stays_and_the_other_is_told():
    kept = book("yahoo", "cboe")
    kept.push([quote()])
    (told,) = kept.push([quote(103.0, "cboe", 1005.0, delay=900)]).quotes
    assert (told.price, told.source, told.as_of, told.other_price, told.other_source) == (
        100,
        "yahoo",
        1000,
        103,
        "cboe",
    )
    assert kept.differing(["SPY", "QQQ"]) == {"SPY": "yahoo 100, cboe 103"}


def test_book_when_the_better_one_comes_later_then_it_is_the_price():
    kept = book("yahoo", "cboe")
    kept.push([quote(103.0, "cboe", 1005.0, delay=900, volume=7)])
    (told,) = kept.push([quote(100.0, "yahoo", 1006.0)]).quotes
    assert (told.price, told.source, told.other_price, told.other_source) == (100, "yahoo", 103, "cboe")


def test_book_when_the_better_one_is_older_then_there_is_no_step_back_in_time():
    kept = book("yahoo", "cboe")
    kept.push([quote(103.0, "cboe", 1005.0, delay=900)])
    (told,) = kept.push([quote(100.0, "yahoo", 1000.0)]).quotes
    assert (told.price, told.as_of, told.other_price, told.other_source) == (103, 1005, 100, "yahoo")


def test_book_when_they_agree_again_then_the_other_is_gone():
    kept = book("yahoo", "cboe")
    kept.push([quote()])
    kept.push([quote(103.0, "cboe", 1005.0, delay=900)])
    (told,) = kept.push([quote(100.5, "yahoo", 1010.0)]).quotes
    assert (told.price, told.other_price) == (100.5, None)


def test_book_when_nothing_is_new_then_nothing_is_told():
    kept = book("yahoo")
    kept.push([quote()])
    assert kept.push([quote()]).quotes == []


def test_book_when_five_times_off_then_it_is_a_doubt():
    kept = book("yahoo")
    kept.push([quote()])
    told = kept.push([quote(10_000.0, as_of=1001.0)])
    assert (told.quotes, set(told.doubts), kept.quotes["SPY"].price) == ([], {"SPY"}, 100)


def test_book_when_an_answer_comes_then_it_is_joined_by_symbol():
    told = book("yahoo").take(["spy", "QQQ", "IWM"], Batch(quotes=[quote()], refused={"QQQ": "why"}))
    assert [each.symbol for each in told.quotes] == ["spy"]
    assert (told.doubts, told.missing) == ({"QQQ": "why"}, ["IWM"])


def test_better_when_the_next_one_lacks_the_price_of_other_hours_then_it_is_kept_in_the_session():
    late = quote(extended_price=101.0, extended_phase="POST", extended_at=1500.0)
    assert better(quote(as_of=1000.0), late).extended_price == 101.0
    older = quote(as_of=1000.0, extended_price=99.0, extended_phase="PRE", extended_at=900.0)
    assert (better(older, late).extended_price, better(older, late).extended_phase) == (101.0, "POST")
    newer = quote(as_of=1000.0, extended_price=99.0, extended_phase="POST", extended_at=1600.0)
    assert better(newer, late).extended_price == 99.0


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["yahoo", "cboe", "alpaca"]), st.floats(50, 200), st.floats(0, 1e4)), max_size=20
    )
)
def test_book_when_anything_comes_then_a_price_is_one_that_somebody_told_and_never_gone(told):
    kept = book("yahoo", "alpaca", "cboe")
    seen, newest = set(), 0.0
    for source, price, as_of in told:
        kept.push([quote(price, source, as_of, delay=900 if source == "cboe" else 0)])
        seen.add((source, price))
        held = kept.quotes["SPY"]
        assert (held.source, held.price) in seen
        assert held.as_of >= newest
        newest = held.as_of
        assert held.other_price is None or (held.other_source, held.other_price) in seen

"""The latest quotes: what replaces what."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.source import SESSION, quote
from tui.model import Quote, Update
from tui.store.live import Live, merged


def applied(*quotes: Quote, epoch: int = 1) -> Live:
    live = Live()
    live.apply(Update(epoch=epoch, quotes=list(quotes)), 1)
    return live


def test_a_batch_for_an_old_list_is_dropped() -> None:
    live = applied(quote("IWM", 10.0), epoch=0)
    assert live.quotes == {}
    assert live.drain() == set()


def test_an_older_quote_does_not_replace_a_newer_one() -> None:
    live = applied(quote("IWM", 10.0, as_of=100.0), quote("IWM", 9.0, as_of=99.0))
    assert live.quotes["IWM"].price == 10.0


def test_a_quote_without_a_price_does_not_replace_one_with_a_price() -> None:
    live = applied(quote("IWM", 10.0, as_of=100.0), quote("IWM", None, as_of=101.0))
    assert live.quotes["IWM"].price == 10.0


def test_a_quote_that_lacks_the_volume_keeps_that_of_the_same_session() -> None:
    live = applied(quote("IWM", 10.0, as_of=1.0, volume=500), quote("IWM", 11.0, as_of=2.0))
    assert (live.quotes["IWM"].price, live.quotes["IWM"].volume) == (11.0, 500)


def test_a_new_session_does_not_inherit_the_volume_of_the_last_one() -> None:
    live = applied(quote("IWM", 10.0, as_of=1.0, volume=500), quote("IWM", 11.0, as_of=2.0, session=date(2024, 7, 15)))
    assert live.quotes["IWM"].volume is None


def test_a_close_is_not_replaced_by_an_unfinished_quote_of_the_same_moment() -> None:
    held, new = quote("IWM", 10.0, final=True), quote("IWM", 10.1)
    assert merged(held, new) is held


def test_a_name_is_kept_when_a_later_quote_has_none() -> None:
    live = applied(quote("IWM", 1.0, as_of=1.0, name="iShares"), quote("IWM", 2.0, as_of=2.0))
    assert live.quotes["IWM"].name == "iShares"


def test_unknown_symbols_are_kept_apart_until_a_quote_comes() -> None:
    live = Live()
    live.apply(Update(epoch=1, unknown=["NOPE"]), 1)
    assert (live.unknown, live.drain()) == ({"NOPE"}, {"NOPE"})
    live.apply(Update(epoch=1, quotes=[quote("NOPE", 1.0)]), 1)
    assert live.unknown == set()


def test_a_symbol_that_had_a_quote_is_never_called_unknown() -> None:
    live = applied(quote("IWM", 10.0))
    live.apply(Update(epoch=1, unknown=["IWM"]), 1)
    assert live.unknown == set()


def test_a_frozen_store_takes_quotes_and_gives_them_when_thawed() -> None:
    live = Live()
    live.frozen = True
    live.apply(Update(epoch=1, quotes=[quote("IWM", 10.0)]), 1)
    assert live.drain() == set()
    live.frozen = False
    assert live.drain() == {"IWM"}


@pytest.mark.parametrize("first", ["IWM", "SPY"])
def test_a_drained_symbol_is_dirty_again_only_when_it_changes(first: str) -> None:
    live = applied(quote(first, 10.0))
    live.drain()
    live.apply(Update(epoch=1, quotes=[quote(first, 9.0, as_of=1.0)]), 1)
    assert live.drain() == set()


@given(st.lists(st.tuples(st.integers(0, 50), st.one_of(st.none(), st.floats(0.01, 1e6)))))
def test_whatever_comes_the_latest_known_price_stays(ticks: list[tuple[int, float | None]]) -> None:
    live = applied(*(quote("IWM", price, as_of=float(at)) for at, price in ticks))
    known = [(at, index, price) for index, (at, price) in enumerate(ticks) if price is not None]
    if known:
        assert live.quotes["IWM"].price == max(known)[2]
        assert live.quotes["IWM"].session == SESSION

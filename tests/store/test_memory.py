from datetime import date, timedelta
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tests.fakes.source import bars
from tui.store.memory import ROWS, Memory
from tui.store.schema import DAILY_SCHEMA

FIRST = date(2024, 7, 8)


def dated(symbol, start, closes):
    """Bars of days in a row."""
    return structs.replace(bars(symbol, closes), dates=[start + timedelta(days=place) for place in range(len(closes))])


@given(
    st.lists(
        st.tuples(st.sampled_from("AB"), st.integers(0, 6), st.lists(st.none() | st.floats(1, 9), max_size=4)),
        max_size=6,
    ),
    st.integers(1, 6),
    st.sampled_from((1, 5, ROWS)),
)
def test_frame_when_bars_came_in_any_order_then_the_last_of_each_session_is_there_sorted(batches, together, rows):
    memory, expected, came = Memory(), {}, []
    for symbol, start, closes in batches:
        came.append(one := dated(symbol, FIRST + timedelta(days=start), closes))
        expected |= {(symbol, day): close for day, close in zip(one.dates, one.close, strict=True)}
    with patch("tui.store.memory.ROWS", rows):
        for first in range(0, len(came), together):
            memory.append(came[first : first + together])
    frame = memory.frame()
    assert list(zip(frame["symbol"], frame["date"], strict=True)) == sorted(expected)
    assert frame["close"].to_list() == [expected[key] for key in sorted(expected)]
    assert dict(frame.schema) == DAILY_SCHEMA
    last = {symbol: max(day for held, day in expected if held == symbol) for symbol, _ in expected}
    assert memory.last_sessions(["A", "B", "C"]) == last
    for before in (FIRST + timedelta(days=2), FIRST + timedelta(days=99)):
        known = [(held, close) for (held, day), close in expected.items() if close is not None and day < before]
        assert memory.peaks(["A", "B", "C"], before) == {
            held: max(c for h, c in known if h == held) for held, _ in known
        }


@pytest.fixture
def memory():
    memory = Memory()
    memory.append([bars("IWM", [1.0, 2.0, 3.0]), bars("AAA", [4.0, 5.0, None])])
    return memory


def test_frame_when_symbols_and_days_are_named_then_only_those_come_with_both_ends(memory):
    frame = memory.frame(["IWM", "NOPE"], date(2024, 7, 10), date(2024, 7, 11))
    assert frame["symbol"].unique().to_list() == ["IWM"]
    assert frame["close"].to_list() == [2.0, 3.0]
    assert memory.frame(end=date(2024, 7, 9))["close"].to_list() == [4.0, 1.0]


@pytest.mark.parametrize("symbols", [None, ["IWM"], ["NOPE"], []])
def test_frame_when_columns_are_named_then_they_come_after_the_keys_even_of_nothing(memory, symbols):
    frame = memory.frame(symbols, columns=("close", "volume"))
    assert frame.columns == ["symbol", "date", "close", "volume"]


def test_last_sessions_when_a_symbol_has_no_bars_then_it_is_absent(memory):
    memory.append([bars("NONE", [])])
    assert memory.last_sessions(["AAA", "NONE", "IWM"]) == dict.fromkeys(("AAA", "IWM"), date(2024, 7, 11))

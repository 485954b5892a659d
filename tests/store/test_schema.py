import math
from datetime import date

import polars as pl
import pytest

from tui.model import Bars
from tui.store.schema import DAILY_SCHEMA, HistoryError, bars_frame, conform

DAY = date(2024, 7, 12)


def test_conform_when_columns_are_missing_then_they_are_null_and_in_order():
    frame = conform(pl.DataFrame({"close": [1.5], "date": [DAY], "symbol": ["SPY"], "wap": [9.0]}), DAILY_SCHEMA)
    assert dict(frame.schema) == DAILY_SCHEMA
    assert frame.row(0) == ("SPY", DAY, None, None, None, 1.5, None, None, None, None)


def test_conform_when_a_price_is_not_finite_then_it_is_null():
    prices = [math.nan, math.inf, -math.inf, 2.0]
    frame = pl.DataFrame({"symbol": ["A"] * 4, "date": [DAY] * 4, "close": prices, "volume": [math.nan, 1.0, 2.6, 3.0]})
    assert conform(frame, DAILY_SCHEMA)["close"].to_list() == [None, None, None, 2.0]
    assert conform(frame, DAILY_SCHEMA)["volume"].to_list() == [None, 1, 3, 3]


def test_conform_when_the_symbol_is_an_index_then_its_volume_is_null():
    frame = pl.DataFrame({"symbol": ["^RUT", "IWM"], "date": [DAY] * 2, "volume": [3_655_070_000, 1]})
    assert conform(frame, DAILY_SCHEMA)["volume"].to_list() == [None, 1]


@pytest.mark.parametrize(
    "frame",
    [
        pl.DataFrame({"symbol": ["A"]}),
        pl.DataFrame({"symbol": [None], "date": [DAY]}, schema={"symbol": pl.String, "date": pl.Date}),
        pl.DataFrame({"symbol": ["A"], "date": ["soon"]}),
        pl.DataFrame({"symbol": ["A"], "date": [DAY], "close": ["dear"]}),
    ],
)
def test_conform_when_keys_or_types_are_wrong_then_it_says_so(frame):
    with pytest.raises(HistoryError, match=r"bars"):
        conform(frame, DAILY_SCHEMA)


def test_bars_frame_when_an_event_has_no_bar_then_the_next_bar_has_it():
    dates = [date(2024, 6, 7), date(2024, 6, 10)]
    bars = Bars(
        symbol="NVDA",
        source="test",
        fetched_at=0.0,
        dates=dates,
        open=[1.0, 2.0],
        high=[1.0, 2.0],
        low=[1.0, 2.0],
        close=[1.0, 2.0],
        adj_close=[1.0, None],
        volume=[3, None],
        dividends={date(2024, 6, 8): 0.5, date(2024, 6, 9): 0.25, date(2024, 7, 1): 9.0},
        splits={date(2024, 6, 10): 10.0},
    )
    assert bars_frame(bars).select("dividend", "split").rows() == [(None, None), (0.75, 10.0)]

import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.strategies import as_frame, daily_rows
from tui.model import Bar, Instrument
from tui.store.history import History
from tui.store.total import TotalReturn

DAY = date(2024, 1, 2)
PRICES = ("open", "high", "low", "close")


def scaled(row):
    """The four prices with dividends reinvested, the plain way."""
    close, adjusted = row["close"], row["adj_close"]
    factor = adjusted / close if close is not None and close > 0 and adjusted is not None else None
    rest = [row[name] * factor if row[name] is not None and factor is not None else None for name in PRICES[:3]]
    return [*rest, adjusted]


def same(found, expected):
    """Equal lists of prices, unknown where the other is, to the last but few bits."""
    return [[None if v is None else pytest.approx(v, rel=1e-12) for v in row] for row in expected] == [
        list(row) for row in found
    ]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(daily_rows(), st.integers(-4, 5).map(lambda n: date(2024, 1, 1) + timedelta(days=n)))
def test_total_return_when_bars_are_of_any_kind_then_each_way_to_read_them_equals_the_plain_one(rows, before):
    with tempfile.TemporaryDirectory() as folder:
        history = History(Path(folder))
        history.append(as_frame(rows))
        total, plain = TotalReturn(history), history.frame()
        expected = [scaled(row) for row in plain.to_dicts()]
        assert same(total.frame().select(PRICES).rows(), expected)
        assert total.frame().columns == plain.columns
        kept = ["symbol", "date", "adj_close", "volume", "dividend", "split"]
        assert total.frame().select(kept).equals(plain.select(kept))

        symbols = plain["symbol"].unique(maintain_order=True).to_list()
        many = total.daily_many(symbols, date(2023, 1, 1), date(2025, 1, 1))
        columns = [[b.open, b.high, b.low, b.close] for b in many]
        assert same([row for each in columns for row in zip(*each, strict=True)], expected)
        assert many == [total.daily(symbol) for symbol in symbols]

        known = [(r["symbol"], r["adj_close"]) for r in plain.to_dicts() if r["date"] < before and r["adj_close"]]
        assert total.peaks(symbols, before) == {s: max(v for held, v in known if held == s) for s, _ in known}


@pytest.fixture
def total(tmp_path):
    history = History(tmp_path)
    rows = [
        {"symbol": "IWM", "date": DAY, "open": 9.0, "high": 12.0, "low": 8.0, "close": 10.0, "adj_close": 5.0},
        {"symbol": "IWM", "date": DAY + timedelta(days=1), "close": 11.0, "adj_close": None},
        {"symbol": "OIL", "date": DAY, "open": 1.0, "close": -2.0, "adj_close": -2.0},
    ]
    empty = dict.fromkeys(("open", "high", "low", "close", "adj_close", "volume", "dividend", "split"))
    history.append(as_frame([empty | row for row in rows]))
    return TotalReturn(history)


def test_frame_when_columns_are_named_then_those_alone_come_in_the_order_of_the_history(total):
    frame = total.frame(["IWM"], DAY, DAY, ("volume", "high", "close"))
    assert frame.columns == ["symbol", "date", "high", "close", "volume"]
    assert frame.row(0)[2:] == (6.0, 5.0, None)
    assert total.frame(["NOPE"], columns=("low",)).columns == ["symbol", "date", "low"]
    with pytest.raises(ValueError, match="no such column: ask"):
        total.frame(columns=("ask",))


def test_frame_and_daily_when_a_close_is_below_zero_then_neither_has_a_factor_for_the_others(total):
    assert total.frame(["OIL"]).select(PRICES).row(0) == (None, None, None, -2.0)
    daily = total.daily("OIL")
    assert (daily.open, daily.close) == ([None], [-2.0])


def test_the_rest_when_it_has_nothing_to_do_with_prices_is_that_of_the_history(total):
    history = total._history
    bar = Bar(time=1_704_205_800.0, open=1.0, high=1.0, low=1.0, close=1.0, volume=1)
    history.append_intraday("IWM", [bar])
    history.remember([Instrument(symbol="IWM", name="A fund")])
    assert total.intraday("IWM", DAY) == [bar]
    assert total.intraday_sessions("IWM") == [DAY]
    assert total.instruments(["IWM", "NOPE"]) == history.instruments(["IWM"])
    assert total.last_sessions(["IWM", "NOPE"]) == {"IWM": DAY + timedelta(days=1)}
    assert total.symbols() == ["IWM", "OIL"] == list(total.spans())
    assert total.days() == [DAY, DAY + timedelta(days=1)]
    total.append([total.daily("OIL")])
    assert history.frame(["OIL"])["open"].to_list() == [1.0], "a null never replaces a value"

"""The condition that an alert begins with: one that can be read, and that does not hold yet."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.source import quote
from tui.alert_prefill import suggested
from tui.analytics.events import parse
from tui.analytics.figures import Figures
from tui.analytics.windows import Window
from tui.columns import fields
from tui.rows import Row

KNOWN = Figures(
    symbol="IWM",
    returns={Window.D1: 0.0172, Window.M1: -0.031},
    excess={Window.D1: 0.0109, Window.M1: -0.031, Window.YTD: None},
    volume=1000,
    volume_ratio=36.8,
    volume_ratio_basis="full day",
    volume_ratio_rough=False,
    dollar_volume=2.4e9,
    range52=0.9,
    zscore50=-1.2,
    drawdown=-0.064,
)
COLUMNS = [field.key for field in fields("SPY", Window.M1, 63, 200)]


def row(figures: Figures | None = KNOWN, symbol: str = "IWM") -> Row:
    return Row(symbol=symbol, quote=quote(symbol, 213.14), figures=figures)


def ask(column: str, of: Row, window: str = "1M", volume_window: int = 63) -> str:
    return suggested(of, column, "SPY", window=window, volume_window=volume_window)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("symbol", "IWM.1d >= 2%"),
        ("last", "IWM.close >= 215.3"),
        ("change", "IWM.1d >= 2%"),
        ("excess_1D", "IWM.1d - SPY.1d >= 2pp"),
        ("excess_1M", "IWM.1m - SPY.1m <= -4pp"),
        ("excess_YTD", "IWM.ytd - SPY.ytd >= 1pp"),
        ("volume_ratio", "IWM.volume_ratio >= 37x"),
        ("dollar_volume", "IWM.dollar_volume >= 3B"),
        ("range52", "IWM at 52w high"),
        ("trend", "IWM.1m <= -4%"),
        ("rank", "IWM.1m - SPY.1m <= -4pp"),
        ("zscore50", "IWM.zscore50 <= -2"),
        ("drawdown", "IWM.drawdown <= -7%"),
        ("anything", "IWM.1d >= 2%"),
    ],
)
def test_a_column_becomes_a_condition_a_step_beyond_its_figure(column: str, expected: str) -> None:
    assert ask(column, row()) == expected


def test_the_benchmark_is_not_compared_with_itself() -> None:
    assert ask("excess_1M", row(symbol="SPY")) == "SPY.1m <= -4%"


def test_the_ratio_is_that_of_the_chosen_number_of_sessions() -> None:
    assert ask("volume_ratio", row(), volume_window=20) == "IWM.volume_ratio20 >= 37x"


VALUES = st.none() | st.floats(-50, 50) | st.floats(-1e-6, 1e-6)


@given(
    column=st.sampled_from([*COLUMNS, "1M", ""]),
    symbol=st.sampled_from(["IWM", "^RUT", "EURUSD=X", "BRK-B", "SPY", "YEAR"]),
    window=st.sampled_from(Window),
    volume_window=st.sampled_from([10, 20, 50, 63]),
    returns=st.dictionaries(st.sampled_from(Window), VALUES),
    value=VALUES,
    amount=st.none() | st.floats(0, 1e15),
    price=st.none() | st.floats(1e-9, 1e7),
)
def test_whatever_is_known_the_condition_can_be_read(
    column: str,
    symbol: str,
    window: Window,
    volume_window: int,
    returns: Mapping[Window, float | None],
    value: float | None,
    amount: float | None,
    price: float | None,
) -> None:
    figures = Figures(
        symbol=symbol,
        returns=returns,
        excess=returns,
        volume=None,
        volume_ratio=abs(value) if value is not None else None,
        volume_ratio_basis=None,
        volume_ratio_rough=False,
        dollar_volume=amount,
        range52=min(abs(value), 1.0) if value is not None else None,
        zscore50=value,
        drawdown=-min(abs(value), 0.98) if value is not None else None,
    )
    text = ask(column, Row(symbol=symbol, quote=quote(symbol, price), figures=figures), window.value, volume_window)
    assert symbol in parse(text).symbols


def test_without_any_figure_there_is_a_condition_all_the_same() -> None:
    for column in COLUMNS:
        parse(suggested(Row(symbol="IWM"), column, "SPY", window="1M", volume_window=63))

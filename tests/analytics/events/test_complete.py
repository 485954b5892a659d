import pytest

from tui.analytics.events import FIGURES, completions, parse
from tui.analytics.events.error import ConditionError

SYMBOLS = ("IWM", "SPY", "^RUT", "EURUSD=X")


def texts(text: str, column: int | None = None) -> list[str]:
    return [each.text for each in completions(text, len(text) if column is None else column, SYMBOLS)]


def test_an_empty_text_offers_symbols_and_words():
    found = texts("")
    assert found[:4] == ["IWM.", "SPY.", "^RUT.", '"EURUSD=X".']
    assert {"not ", "streak("} <= set(found)


def test_a_symbol_in_the_making_offers_those_that_begin_so():
    assert texts("IWM.1d > 0 and s") == ["SPY.", "streak("]
    assert completions("IWM.1d > 0 and s", 16, SYMBOLS)[0].start == 15


def test_after_the_dot_come_the_figures_of_the_symbol():
    found = texts("iwm.")
    assert found[:3] == ["IWM.1d", "IWM.1w", "IWM.1m"]
    assert {f"IWM.{name}" for name in FIGURES} == set(found)
    assert texts("IWM.vol") == [
        "IWM.volume_ratio",
        "IWM.volume",
        "IWM.volume_ratio10",
        "IWM.volume_ratio20",
        "IWM.volume_ratio50",
    ]


def test_after_a_minus_without_blanks_comes_another_series():
    assert texts("IWM.1m-SP") == ["SPY."]


def test_after_a_series_come_comparisons_and_crossings():
    assert {">= ", "crosses above "} <= set(texts("IWM.1d "))
    assert texts("IWM.1d cros") == ["crosses above ", "crosses below "]


def test_after_a_whole_condition_come_and_and_or():
    assert texts("IWM.1d > 3% ") == ["and ", "or "]


def test_a_number_is_offered_the_units_that_make_sense():
    assert texts("IWM.1d >= 3") == ["3%"]
    assert texts("IWM.1d - SPY.1d >= 3") == ["3%", "3pp"]
    assert texts("^TNX.1m_bp < 3") == ["3bp"]
    assert texts("streak(IWM.1d >= 3") == ["3%"]


def test_at_is_followed_by_spans_and_extremes():
    assert texts("SPY ") == ["at "]
    assert texts("SPY at ") == ["52w ", "all-time ", "20d "]
    assert texts("SPY at 52w ") == ["high", "low"]


def test_nothing_is_offered_where_the_text_before_is_wrong():
    assert texts("IWM.1d > > ") == []


def test_only_the_text_before_the_cursor_counts():
    assert texts("IWM.1d > 3% and ", 6)[:1] != ["and "]


@pytest.mark.parametrize("text", ["", "IWM.", "IWM.1d ", "IWM.1d >= ", "IWM.1d >= 3", "SPY at ", "streak(", "not "])
def test_what_is_offered_can_be_gone_on_with(text):
    for each in completions(text, len(text), SYMBOLS):
        grown = text[: each.start] + each.text
        try:
            parse(grown)
        except ConditionError as error:
            column = error.column
        else:
            continue
        assert column >= len(grown.rstrip()) - len(each.text.rstrip())

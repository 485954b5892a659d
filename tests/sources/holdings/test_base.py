from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.sources.base import MalformedError
from tui.sources.holdings.base import day, number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234,567.50", 1234567.5),
        ("0.00", 0.0),
        ("-2,227,331.57", -2227331.57),
        ("(3.5)", -3.5),
        ("$4.96", 4.96),
        ("0.202%", 0.202),
        (".5", 0.5),
        ("1E-3", 0.001),
        (7.83, 7.83),
        (5, 5.0),
        ("-", None),
        ("--", None),
        ("", None),
        (" ", None),
        ("N/A", None),
        (None, None),
    ],
)
def test_number_when_written_as_issuers_do_then_it_is_read(text, value):
    assert value == number(text)


@pytest.mark.parametrize(
    "text", ["abc", "1,23", "1.2.3", "(3", "3)", "1e999", "nan", "inf", True, "1 000", "$", "%", "٣"]
)
def test_number_when_it_is_none_then_it_is_refused(text):
    with pytest.raises(MalformedError, match="is no number"):
        number(text)


@given(st.floats(min_value=-1e12, max_value=1e12))
def test_number_when_written_with_thousands_then_it_comes_back(value):
    assert float(f"{value:.2f}") == number(f"{value:,.2f}")


@pytest.mark.parametrize(
    "text",
    ["May 13, 2025", "13-May-2025", "2025-05-13", "2025-05-13T00:00:00", "05/13/2025", "20250513", date(2025, 5, 13)],
)
def test_day_when_written_in_any_form_then_it_is_read(text):
    assert date(2025, 5, 13) == day(text)


@pytest.mark.parametrize("text", ["-", "", "Foo 13, 2025", "Feb 30, 2025", "2025", "13.05.2025"])
def test_day_when_there_is_none_then_it_is_none(text):
    assert day(text) is None

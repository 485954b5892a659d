"""Texts of cells: known examples, the edges of rounding, and the width that nothing exceeds."""

import math
import unicodedata
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.format import (
    MISSING,
    YIELD_DIGITS,
    Cell,
    age,
    change,
    clean,
    csv_safe,
    dollars,
    points,
    price,
    rank,
    ratio,
    shares,
    zscore,
)
from tui.format_bars import balance_bar, range_bar, share_bar, spark

NUMBERS = (price, change, points, zscore, ratio, dollars, shares, rank)
UNKNOWN = (None, math.nan, math.inf, -math.inf, 10**400)

floats = st.none() | st.floats() | st.integers()


@pytest.mark.parametrize("function", [*NUMBERS, range_bar, age], ids=lambda function: function.__name__)
@pytest.mark.parametrize("value", UNKNOWN, ids=["none", "nan", "inf", "-inf", "huge"])
def test_any_figure_when_unknown_is_missing(function, value):
    assert function(value) is MISSING


@pytest.mark.parametrize("function", NUMBERS, ids=lambda function: function.__name__)
@given(value=floats, width=st.integers(1, 14))
@example(value=999.95, width=4)
@example(value=-999_950_000, width=6)
@example(value=1.7e308, width=6)
@example(value=-5e-324, width=9)
def test_any_figure_at_any_width_fits_in_it(function, value, width):
    cell = function(value, width=width)

    assert 1 <= len(cell.text) <= width
    assert cell.text.isascii()


@pytest.mark.parametrize("function", [f for f in NUMBERS if f is not rank], ids=lambda function: function.__name__)
@given(value=st.floats(-1e300, 1e300))
def test_any_known_figure_at_its_own_width_reads_back_near_the_value(function, value):
    text = function(value).text
    powers = {ord(suffix): f"e{power}" for suffix, power in {"K": 3, "M": 6, "B": 9, "T": 12}.items()}
    expected = value * (100 if function in {change, points} else 1)

    assert float(text.translate(powers)) == pytest.approx(expected, rel=0.5, abs=0.5)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (213.14, "213.14"),
        (27.2, "27.20"),
        (1, "1.00"),
        (0, "0.0000"),
        (-0.0, "0.0000"),
        (0.431, "0.4310"),
        (0.99994, "0.9999"),
        (0.99995, "1.00"),
        (18398.451, "18398.45"),
        (613550.0, "613550.00"),
        (1234567.891, "1234567.9"),
        (-37.63, "-37.63"),
        (0.00056, "0.000560"),
        (0.0000123, "0.0000123"),
        (0.00000123456, "1.23e-6"),
        (12345678901.0, "12.3B"),
    ],
)
def test_price_by_size_has_the_decimals_of_its_size(value, text):
    assert Cell(text) == price(value)


def test_price_of_a_yield_when_its_digits_are_given_has_them():
    assert Cell("4.253") == price(4.2534, YIELD_DIGITS)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (0.01718, Cell("+1.72", "up")),
        (-0.1428, Cell("-14.28", "down")),
        (0.0, Cell("0.00", "flat")),
        (-0.0, Cell("0.00", "flat")),
        (-0.00004, Cell("0.00", "flat")),
        (0.00004, Cell("0.00", "flat")),
        (0.00006, Cell("+0.01", "up")),
        (9.99994, Cell("+999.99", "up")),
        (9.99996, Cell("+1000.0", "up")),
        (-12345.0, Cell("-1.2M", "down")),
        (1e300, Cell("+1e302", "up")),
    ],
)
def test_change_by_sign_and_size_shows_percent_and_a_role(value, cell):
    assert cell == change(value)
    assert cell == points(value)


def test_zscore_when_high_keeps_its_sign_and_two_decimals():
    assert Cell("+4.42", "up") == zscore(4.417)


@given(st.floats(-1e3, 1e3))
def test_role_of_a_change_always_agrees_with_the_sign_that_is_shown(value):
    text, role = change(value)

    assert role == {"+": "up", "-": "down"}.get(text[0], "flat")
    assert (role == "flat") == (float(text) == 0)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0.00"),
        (0.43, "0.43"),
        (0.994, "0.99"),
        (0.996, "1.0"),
        (1.9, "1.9"),
        (36.77, "36.8"),
        (99.94, "99.9"),
        (99.96, "100"),
        (237.4, "237"),
        (1234567, "1.2M"),
    ],
)
def test_ratio_by_size_keeps_two_or_three_figures(value, text):
    assert Cell(text) == ratio(value)


def test_ratio_when_rough_is_marked_within_its_width():
    assert Cell("~36.8") == ratio(36.77, rough=True)
    assert Cell("~37") == ratio(36.77, rough=True, width=3)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (949.6, "950"),
        (999.4, "999"),
        (999.6, "1.0K"),
        (2_400_000, "2.4M"),
        (10_800_000_000, "10.8B"),
        (999_949, "999.9K"),
        (999_950, "1.0M"),
        (999_950_000, "1.0B"),
        (-10_800_000_000, "-10.8B"),
        (-999_900_000_000, "-1T"),
        (999.96e12, "1e15"),
    ],
)
def test_dollars_and_shares_at_the_edge_of_a_suffix_take_the_next_one(value, text):
    assert Cell(text) == dollars(value)
    assert Cell(text) == shares(value)


def test_figure_that_fits_in_no_notation_is_a_row_of_hashes():
    assert Cell("##") == dollars(-1e15, width=2)


def test_rank_up_to_two_thousand_is_whole():
    assert [Cell("1"), Cell("2000"), Cell("12K")] == [rank(1), rank(2000), rank(12_000)]


@pytest.mark.parametrize(
    ("position", "text"),
    [(0.0, "●───────"), (0.7, "─────●──"), (1.0, "───────●"), (-3.0, "●───────"), (1e300, "───────●")],
)
def test_range_bar_at_any_position_marks_it_between_low_and_high(position, text):
    assert Cell(text) == range_bar(position)


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 40))
def test_range_bar_at_any_width_is_exactly_that_wide(position, width):
    text = range_bar(position, width).text

    assert width == len(text)
    assert text.count("●") == 1


def test_spark_of_rising_values_climbs_through_all_blocks():
    assert Cell("▁▂▃▄▅▆▇", "up") == spark(list(range(7)), 7)


def test_spark_with_gaps_keeps_them_as_spaces():
    assert Cell("▇ ▁ ", "down") == spark([2.0, None, 1.0, math.nan], 4)


def test_spark_with_fewer_values_than_columns_is_flush_right():
    assert Cell("   ▁▇", "up") == spark([1.0, 2.0], 5)


def test_spark_with_more_values_than_columns_ends_with_the_last_value():
    assert Cell("▁▇▄", "down") == spark([9.0, 0.0, 9.0, 2.0, None, 1.0], 3)


def test_spark_of_equal_values_is_a_flat_line():
    assert Cell("▄▄▄", "flat") == spark([5.0, 5.0, 5.0], 3)


@pytest.mark.parametrize("values", [[], [None, None], [math.nan]])
def test_spark_without_a_known_value_is_missing(values):
    assert spark(values, 8) is MISSING


@given(st.lists(floats, max_size=60), st.integers(1, 30))
@example([-1.7e308, 1.7e308], 2)
@example([0.0, 5e-324], 2)
def test_spark_of_any_values_is_exactly_as_wide_as_asked_or_missing(values, width):
    cell = spark(values, width)

    assert cell is MISSING or len(cell.text) == width
    assert cell is MISSING or set(cell.text) <= set(" ▁▂▃▄▅▆▇█")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "0s"),
        (0, "0s"),
        (3.9, "3s"),
        (59.9, "59s"),
        (60, "1m"),
        (3599.9, "59m"),
        (3600, "1h"),
        (86_399, "23h"),
        (86_400, "07-12"),
        (329 * 86_400, "07-12"),
        (331 * 86_400, "2024"),
    ],
)
def test_age_of_a_running_price_grows_from_seconds_to_a_date(seconds, text):
    assert text == age(seconds, session=date(2024, 7, 12)).text


def test_age_of_a_close_is_eod_until_it_is_older_than_a_long_weekend():
    friday = date(2024, 7, 12)

    assert Cell("eod", "muted") == age(0, final=True, session=friday)
    assert Cell("eod", "muted") == age(4.9 * 86_400, final=True, session=friday)
    assert Cell("07-12", "muted") == age(5 * 86_400, final=True, session=friday)


def test_age_in_days_when_there_is_no_session_says_so():
    assert age(3.5 * 86_400).text == "3d"


@given(floats, st.booleans(), st.none() | st.dates())
def test_age_of_anything_never_exceeds_five_characters(seconds, final, session):
    assert 1 <= len(age(seconds, final=final, session=session).text) <= 5


@pytest.mark.parametrize(
    ("dirty", "expected"),
    [
        ("iShares Russell 2000 ETF", "iShares Russell 2000 ETF"),
        ("  a\t b\r\nc\u2028d\u00a0 ", "a b c d"),
        ("\x1b[31mred\x1b[0m \x9b2Jx", "red x"),
        ("\x1b]0;title\x07name\x1b]52;c;Zm9v\x1b\\!", "name!"),
        ("\x1bPq#0~\x1b\\pic", "pic"),
        ("abc\x1b", "abc"),
        ("a\u202egnp.exe\u2066b\u200b\ufeffc", "agnp.exebc"),
        ("e\u0301clair Z\u0353\u0321\u0349", "éclair Z"),
        ("nul\x00bell\x07del\x7f", "nulbelldel"),
        ("\ud800lone \ue000private", "lone private"),
    ],
)
def test_clean_of_hostile_text_keeps_only_what_is_printed(dirty, expected):
    assert expected == clean(dirty)


def test_clean_of_a_long_text_counts_wide_characters_as_two():
    assert clean("abcdef", 5) == "abcd…"
    assert clean("東京電力", 4) == "東…"
    assert clean("東京電力", 5) == "東京…"


def test_clean_of_a_text_that_just_fits_is_not_cut():
    assert clean("abcdef", 6) == "abcdef"
    assert clean("東京", 4) == "東京"


@given(st.text(), st.integers(0, 20))
def test_clean_of_any_text_is_one_printable_line_within_its_limit(text, limit):
    cleaned = clean(text, limit)

    assert sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in cleaned) <= limit
    assert all(c == " " or unicodedata.category(c)[0] in "LNPSM" for c in cleaned)
    assert not any(unicodedata.combining(c) for c in cleaned)
    assert cleaned == clean(cleaned, limit)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"])
def test_csv_safe_of_a_formula_makes_it_text(text):
    assert f"'{text}" == csv_safe(text)


@pytest.mark.parametrize("text", ["", "^RUT", "EURUSD=X", "BRK-B", "iShares"])
def test_csv_safe_of_plain_text_leaves_it(text):
    assert text == csv_safe(text)


@given(st.text())
def test_csv_safe_of_any_text_never_begins_like_a_formula_and_changes_nothing_twice(text):
    safe = csv_safe(text)

    assert safe[:1] not in set("=+-@\t\r\n")
    assert safe == csv_safe(safe)


@given(value=floats, width=st.integers(1, 30))
def test_a_share_bar_at_any_width_fits_in_it_and_grows_with_the_share(value, width):
    cell = share_bar(value, width)
    if cell is not MISSING:
        assert len(cell.text) <= width
        assert cell.text == share_bar(min(max(value, 0.0), 1.0), width).text
        assert len(share_bar(min(1.0, value + 0.1), width).text) >= len(cell.text)
    assert (share_bar(0.0, width).text, share_bar(1.0, width).text) == ("", "█" * width)


@pytest.mark.parametrize(("share", "text"), [(0.5, "████"), (1 / 64, "▏"), (0.55, "████▍"), (2.0, "████████")])
def test_a_share_bar_when_known_is_drawn_in_eighths(share, text):
    assert share_bar(share, 8) == Cell(text, "bar")


@pytest.mark.parametrize("value", UNKNOWN, ids=["none", "nan", "inf", "-inf", "huge"])
def test_any_bar_when_unknown_is_missing(value):
    assert share_bar(value, 8) is MISSING
    assert balance_bar(value, 1.0, 9) is MISSING


@pytest.mark.parametrize("most", [0.0, -1.0, math.nan])
def test_a_balance_bar_without_a_scale_is_missing(most):
    assert balance_bar(0.5, most, 9) is MISSING


@given(
    value=st.floats(allow_nan=False, allow_infinity=False),
    most=st.floats(0.0, exclude_min=True, allow_nan=False),
    width=st.integers(1, 30),
)
@example(value=1.0, most=1.0, width=2)
@example(value=5e-324, most=5e-324, width=4)
def test_a_balance_bar_at_any_width_fits_in_it_and_lies_on_the_side_of_its_sign(value, most, width):
    cell = balance_bar(value, most, width)
    left, middle, right = cell.text.partition("│")
    assert middle
    assert len(cell.text) <= width
    assert len(left) == len(right) == (width - 1) // 2
    assert ("━" in left) == (cell.role == "down")
    assert ("━" in right) == (cell.role == "up")
    assert cell.role in {"flat", "up" if value > 0 else "down"}
    assert balance_bar(-value, most, width).text == cell.text[::-1]


def test_a_balance_bar_when_full_reaches_its_end_and_half_the_middle_of_its_side():
    assert balance_bar(2.0, 2.0, 9) == Cell("    │━━━━", "up")
    assert balance_bar(-1.0, 2.0, 9) == Cell("  ━━│    ", "down")
    assert balance_bar(0.01, 2.0, 9) == Cell("    │    ", "flat")

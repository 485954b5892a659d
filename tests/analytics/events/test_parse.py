import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics.events.strategies import tests as trees
from tui.analytics.events import ConditionError, parse, series_needed
from tui.analytics.events.tree import (
    And,
    Arithmetic,
    At,
    Calendar,
    Compare,
    Condition,
    Cross,
    Negative,
    Not,
    Number,
    Or,
    Series,
    Streak,
)

A, B, C = (Compare(">", Series(name, "1d"), Number(0.0)) for name in "ABC")
TEXT_A, TEXT_B, TEXT_C = "A.1d > 0", "B.1d > 0", "C.1d > 0"


@settings(deadline=None)
@given(trees)
def test_condition_when_written_reads_back_as_itself(tree):
    condition = Condition(tree)
    again = parse(str(condition))
    assert again == condition
    assert str(again) == str(condition)


@settings(deadline=None)
@given(st.text(max_size=60) | st.text('AIWM.1d^%<>=()andornt "', max_size=60))
def test_any_text_is_a_condition_or_an_error_that_points_into_it(text):
    try:
        parse(text)
    except ConditionError as error:
        wrong = error
    else:
        return
    assert 0 <= wrong.column <= len(text)
    assert wrong.message


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        (f"{TEXT_A} or {TEXT_B} and {TEXT_C}", Or((A, And((B, C))))),
        (f"({TEXT_A} or {TEXT_B}) and {TEXT_C}", And((Or((A, B)), C))),
        (f"not {TEXT_A} and {TEXT_B}", And((Not(A), B))),
        (f"not ({TEXT_A} and {TEXT_B})", Not(And((A, B)))),
        (f"{TEXT_A} and {TEXT_B} and {TEXT_C}", And((A, B, C))),
        (f"{TEXT_A} and ({TEXT_B} and {TEXT_C})", And((A, And((B, C))))),
    ],
)
def test_words_bind_not_before_and_before_or(text, tree):
    assert parse(text).root == tree


def test_arithmetic_binds_products_first_and_goes_from_the_left():
    one, two, three = (Series(name, "1d") for name in "ABC")
    left = parse("A.1d - B.1d - C.1d * 2 > 3pp").root.left
    assert left == Arithmetic("-", Arithmetic("-", one, two), Arithmetic("*", three, Number(2.0)))
    assert parse("-A.1d > 3%").root.left == Negative(one)
    assert parse("A.1d < -3%").root.right == Number(-3.0, "%")


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("^rut.1D=>3 % AND Not ^gspc.1d<0", "^RUT.1d >= 3% and not ^GSPC.1d < 0"),
        ("IWM.1m-SPY.1m>5pp", "IWM.1m - SPY.1m > 5pp"),
        ("brk-b.volume_ratio63 ≥ 30X", "BRK-B.volume_ratio >= 30x"),
        ('"eurusd=x".close crosses ABOVE 1.10', '"EURUSD=X".close crosses above 1.1'),
        ("SPY at 52-week HIGH", "SPY at 52w high"),
        ("SPY at all time low", "SPY at all-time low"),
        ("SPY at 20 days high", "SPY at 20d high"),
        ("vod.l.1d <> .5%", "VOD.L.1d != 0.5%"),
        ("streak( IWM.1d>SPY.1d )>=10", "streak(IWM.1d > SPY.1d) >= 10"),
        ("weekday = friday and IWM.1d > 1%", "weekday == 5 and IWM.1d > 1%"),
        ("IWM.dollar_volume > 2.5b", "IWM.dollar_volume > 2.5B"),
        ("2.5*IWM.1d > 3%", "2.5 * IWM.1d > 3%"),
    ],
)
def test_spellings_are_written_in_one_way(text, canonical):
    assert str(parse(text)) == canonical


def test_symbols_and_series_come_in_the_order_of_the_text_each_once():
    condition = parse("SPY at 52w high and ^RUT.drawdown < -20% and ^RUT.1d > SPY.1d")
    assert series_needed(condition) == ("SPY", "^RUT")
    assert [str(each) for each in condition.series] == ["SPY.close", "^RUT.drawdown", "^RUT.1d", "SPY.1d"]
    assert condition.columns == {"SPY": 0, "^RUT": 20}


def test_every_kind_of_node_is_read():
    root = parse("month == 7 and IWM.close crosses below IWM.mean50 and QQQ at 20d low and streak(A.1d > 0) > 2").root
    kinds = [type(each) for each in root.tests]
    assert kinds == [Compare, Cross, At, Compare]
    assert isinstance(root.tests[0].left, Calendar)
    assert isinstance(root.tests[3].left, Streak)


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("", 0, "type a condition"),
        ("IWM >= 3%", 0, "write IWM.1d"),
        ("close > 3", 0, "of which symbol"),
        ("IWM.foo > 3", 4, "there is no figure foo"),
        ("IWM.voulme > 3", 4, "write IWM.volume"),
        ("IWM.1d >", 8, "missing at the end: expected a series like IWM.1d"),
        ("IWM.1d", 6, "missing at the end"),
        ("1% < IWM.1d < 3%", 12, "two sides"),
        ("IWM.1d > 1% && SPY.1d > 0", 12, "write and"),
        ("$IWM.1d > 0", 0, "without $"),
        ("streek(IWM.1d > 0) > 3", 0, "streak("),
        ("IWM.1d > 1% adn SPY.1d > 0", 12, "did you mean and?"),
        ("IWM at 52w hihg", 11, "did you mean high?"),
        ("nt IWM.1d > 0", 0, "did you mean not?"),
        ("IWM.1d >= 3 percent", 12, "write 3%"),
        ("(IWM.1d > 0", 11, "expected )"),
        ('"EUR', 0, "quotes are not closed"),
        ("IWM at 1d high", 7, "2d to 1260d"),
        ("IWM.1d at 52w high", 0, "write IWM at 52w high"),
        ("IWM.1d > 1% SPY.1d > 1%", 12, "expected and, or"),
        ("(" * 50 + "IWM.1d > 0" + ")" * 50, 40, "two conditions"),
        ("IWM.1d > 0" + " " * 1000, 1000, "at most 1000"),
    ],
)
def test_wrong_text_is_answered_with_the_place_and_what_to_type(text, column, says):
    with pytest.raises(ConditionError, match=".") as caught:
        parse(text)
    assert caught.value.column == column
    assert says in caught.value.message


def test_the_pointed_error_has_a_caret_under_the_column():
    text = "^RUT.1d >= 3 and ^GSPC.1d < 0"
    with pytest.raises(ConditionError) as caught:
        parse(text)
    message, shown, caret = caught.value.pointed(text).split("\n")
    assert message == "^RUT.1d is a return: write 3%"
    assert shown[caret.index("^")] == "3"

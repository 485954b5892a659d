import pytest

from tui.analytics.events import FIGURES, ConditionError, Unit, parse
from tui.analytics.events.check import scaled, unit_of
from tui.analytics.events.tree import Number


@pytest.mark.parametrize(
    "text",
    [
        "^GSPC.1d < 0",
        "IWM.1d >= 3%",
        "IWM.1d - SPY.1d > 5pp",
        "IWM.1d - SPY.1d > 5%",
        "IWM.1d > SPY.1d + 5pp",
        "IWM.1d - 1% > SPY.1d",
        "(IWM.1d + SPY.1d) / 2 > 1%",
        "IWM.volume_ratio >= 30x",
        "IWM.volume_ratio >= 30",
        "IWM.zscore50 > 2.5",
        "IWM.close > IWM.mean200",
        "IWM.close / IWM.mean200 > 1.1",
        "IWM.close > IWM.mean200 * 1.1",
        "^TNX.1m_bp <= -50bp",
        "^TNX.1m_bp < ^TNX.1w_bp * 2",
        "^TNX.close > 4",
        "IWM.range52 > 90%",
        "IWM.dollar_volume > 5B",
        "IWM.volume > IWM.volume / 2 + 100K",
        "IWM.1d / SPY.1d > 2",
        "year >= 1995 and IWM.1d > 0",
        "streak(IWM.1d > 0) >= streak(SPY.1d > 0)",
    ],
)
def test_units_that_belong_together_are_accepted(text):
    assert parse(text)


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("IWM.1d >= 3", 10, "is a return: write 3%"),
        ("IWM.1d >= 0.03", 10, "write 3%"),
        ("3 <= IWM.1d", 0, "write 3%"),
        ("IWM.1d > 3pp", 9, "write 3%"),
        ("IWM.1d >= 5bp", 10, "write 5%"),
        ("IWM.1d - SPY.1d > 5", 18, "write 5pp"),
        ("IWM.volume_ratio > 30%", 19, "write 30x"),
        ("IWM.close > 3%", 12, "write a plain number"),
        ("IWM.zscore50 > 3%", 15, "write a plain number"),
        ("^TNX.1m_bp > 20", 13, "write 20bp"),
        ("IWM.range52 > 0.9", 14, "write 90%"),
        ("IWM.1d > IWM.close", 9, "is a return and IWM.close a price"),
        ("IWM.1d * SPY.1d > 0", 9, "multiplied by a plain number"),
        ("IWM.1d + IWM.close > 0", 9, "only the same can be added"),
        ("IWM.1d / 0 > 3%", 9, "divided by 0"),
        ("3 / IWM.1d > 3", 4, "divided by"),
        ("month * 2 > 3 and IWM.1d > 0", 8, "part of the date"),
        ("streak(IWM.1d > 0) >= 3%", 22, "write a plain number"),
        ("^RUT.volume_ratio > 3", 0, "without a volume of its own"),
    ],
)
def test_units_that_do_not_are_refused_with_what_to_type(text, column, says):
    with pytest.raises(ConditionError) as caught:
        parse(text)
    assert says in caught.value.message
    assert caught.value.column == column


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("3% > 2%", "names no series"),
        ("month == 7", "names no series"),
        ("IWM.1d > 0 and 3 > 2", "compares two numbers"),
        ("IWM.1d > IWM.1d", "compared with itself"),
        ("IWM.drawdown > 20%", "never true: a drawdown is 0 or negative, write IWM.drawdown < -20%"),
        ("IWM.drawdown <= 0%", "always true"),
        ("IWM.range52 > 120%", "never true"),
        ("IWM.volume >= 0", "always true"),
        ("streak(IWM.1d > 0) >= 0", "always true"),
        ("month == 13 and IWM.1d > 0", "never true: it is between 1 and 12"),
        ("13 > month and IWM.1d > 0", "always true"),
        ("IWM.1d < -100%", "never true"),
    ],
)
def test_what_is_known_beforehand_is_refused(text, says):
    with pytest.raises(ConditionError) as caught:
        parse(text)
    assert says in caught.value.message


def test_a_number_is_scaled_by_its_unit():
    assert scaled(Number(3.0, "%")) == pytest.approx(0.03)
    assert scaled(Number(5.0, "pp")) == pytest.approx(0.05)
    assert scaled(Number(20.0, "bp")) == 20.0
    assert scaled(Number(2.5, "B")) == 2.5e9


def test_a_difference_of_returns_is_a_spread_and_a_quotient_a_number():
    assert unit_of(parse("IWM.1d - SPY.1d > 5pp").root.left) is Unit.SPREAD
    assert unit_of(parse("IWM.1d / SPY.1d > 5").root.left) is Unit.NUMBER
    assert unit_of(parse("-IWM.1d * 2 > 5%").root.left) is Unit.RETURN


def test_every_figure_says_what_it_is():
    for name, figure in FIGURES.items():
        assert figure.name == name
        assert figure.about
        assert "close" in figure.columns

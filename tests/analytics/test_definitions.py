import pytest

from tui.analytics.definitions import DEFINITIONS, INSIDE_A_FUND
from tui.analytics.row import FULL_DAY, TIME_OF_DAY

ROW = [
    "last",
    "currency",
    "return_pct",
    "excess_pp",
    "rank",
    "volume",
    "volume_ratio",
    "volume_ratio_basis",
    "dollar_volume",
    "range52_position",
    "zscore50",
    "drawdown_pct",
    "beta",
    "correlation",
    "as_of",
    "session",
    "source",
    "state",
]


SECTOR = [
    "weight_pct",
    "return_pct",
    "contribution_pp",
    "excess_pp",
    "volume_ratio",
    "advancers",
    "decliners",
    "unchanged",
    "above_mean50_pct",
    "above_mean200_pct",
    "new_highs",
    "new_lows",
    "coverage_pct",
    "holdings_as_of",
    "unexplained_pp",
    "explained_pp",
    "explained_scaled_pp",
    "style",
    "size",
]


@pytest.mark.parametrize("name", SECTOR)
def test_every_figure_of_a_sector_has_a_definition(name):
    assert INSIDE_A_FUND[name].name == name


def test_figures_that_mean_another_thing_inside_a_fund_are_defined_for_it():
    changed = {name for name, definition in INSIDE_A_FUND.items() if DEFINITIONS.get(name) != definition}
    assert changed == {"return_pct", "excess_pp", "volume_ratio"}
    for name in changed:
        assert INSIDE_A_FUND[name].text.endswith(".")
        assert INSIDE_A_FUND[name].unit == DEFINITIONS[name].unit


@pytest.mark.parametrize("name", ROW)
def test_every_figure_of_a_row_has_a_definition(name):
    assert DEFINITIONS[name].name == name


@pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=list(DEFINITIONS))
def test_definition_is_whole_sentences_with_a_title(definition):
    assert definition.title
    assert definition.text.endswith(".")
    assert definition.text[0].isupper() or definition.text.startswith(("(", FULL_DAY))


def test_units_say_what_the_names_promise():
    for name, definition in DEFINITIONS.items():
        assert name.endswith("_pct") == (definition.unit == "%")
        assert name.endswith("_pp") == (definition.unit == "pp")


def test_basis_is_defined_in_the_words_that_rows_use():
    assert FULL_DAY in DEFINITIONS["volume_ratio_basis"].text
    assert TIME_OF_DAY in DEFINITIONS["volume_ratio_basis"].text

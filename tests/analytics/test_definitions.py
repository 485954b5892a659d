import pytest

from tui.analytics.definitions import DEFINITIONS
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

"""The columns inside a fund: what each shows of a row, and that none is ever wider than it says."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tui.analytics.compare import compare
from tui.analytics.funds_figures import FundFigures, HoldingFigures, SectorFigures
from tui.analytics.windows import Window
from tui.format import MISSING, Cell
from tui.fund_columns import holding_fields, pair_fields, sector_fields, total_cells

BREADTH = {
    "advancers": 3,
    "decliners": 2,
    "unchanged": 0,
    "above_mean50": 0.6,
    "above_mean200": None,
    "known50": 5,
    "known200": 0,
    "new_highs": 1,
    "new_lows": 1,
}
BREADTH = {name: BREADTH[name] for name in BREADTH if name in SectorFigures.__struct_fields__}
SECTOR = SectorFigures(
    sector="Energy",
    weight=0.25,
    weight_published=0.24,
    coverage=1.0,
    return_1d=0.0123,
    contribution=0.003,
    window_return=-0.05,
    excess=-0.01,
    volume_ratio=1.4,
    dollar_volume=1e9,
    members=5,
    covered=5,
    **BREADTH,
)
UNKNOWN = structs.replace(
    SECTOR,
    coverage=None,
    return_1d=None,
    contribution=None,
    window_return=None,
    excess=None,
    volume_ratio=None,
    above_mean50=None,
)
HOLDING = HoldingFigures(
    symbol="AAA",
    name="Alpha Inc",
    sector="Energy",
    weight=0.01,
    weight_published=0.01,
    price=10.0,
    return_1d=0.01,
    contribution=0.0001,
    window_return=0.02,
    excess=0.01,
    volume_ratio=2.0,
    dollar_volume=1e6,
    above_mean50=True,
    above_mean200=False,
    new_high=True,
    new_low=False,
)
TOTAL = FundFigures(
    symbol="IWM",
    return_1d=0.01,
    explained=0.009,
    explained_scaled=0.0095,
    unexplained=0.001,
    coverage=0.95,
    holdings_as_of=date(2024, 7, 11),
    window_return=0.02,
    window_start=date(2024, 6, 12),
    volume_ratio=1.1,
    dollar_volume=1e9,
    members=5,
    covered=5,
    **BREADTH,
)


def shown(fields, row):
    return {field.key: field.cell(row) for field in fields}


def sectors():
    return sector_fields(Window.M1, 63, heaviest=0.5, most=0.006)


def test_a_sector_when_all_is_known_then_each_column_has_its_figure():
    cells = shown(sectors(), SECTOR)
    assert {key: cell.text for key, cell in cells.items()} == {
        "sector": "Energy",
        "weight": "25.00",
        "return": "+1.23",
        "contribution": "+0.30",
        "picture": "        │━━━━    ",
        "window": "-5.00",
        "excess": "-1.00",
        "volume_ratio": "1.4",
        "breadth": "3/2",
        "above50": "60",
        "above200": "-",
        "highs": "1/1",
        "weight_bar": "███████",
    }
    assert (cells["breadth"].role, cells["highs"].role) == ("up", "flat")


def test_a_sector_when_nothing_has_a_price_then_figures_are_missing_and_never_zero():
    cells = shown(sectors(), UNKNOWN)
    for key in ("return", "contribution", "picture", "window", "excess", "volume_ratio", "above50"):
        assert cells[key] is MISSING
    values = {field.key: field.value(UNKNOWN) for field in sectors()}
    assert values["return"] is values["contribution"] is values["picture"] is None


def test_a_weight_bar_when_the_fund_has_no_weight_then_it_is_missing():
    fields = sector_fields(Window.M1, 63, heaviest=0.0, most=0.0)
    cells = shown(fields, structs.replace(SECTOR, weight=0.0))
    assert cells["weight_bar"] is cells["picture"] is MISSING


def test_titles_when_the_window_is_another_then_they_name_it_and_the_sessions():
    titles = [field.title for field in sector_fields(Window.YTD, 20, 1.0, 1.0)]
    assert "YTD%" in titles
    assert "Vol×20" in titles
    assert {"YTD%", "Vol×20"} < {field.title for field in holding_fields(Window.YTD, 20)}


def test_total_when_drawn_then_it_has_a_cell_for_each_column_and_the_explained_return_under_contributions():
    fields = sectors()
    cells = dict(zip([field.key for field in fields], total_cells(TOTAL, fields), strict=True))
    assert (cells["sector"].text, cells["weight"].text) == ("IWM", "100.00")
    assert (cells["return"].text, cells["contribution"].text) == ("+1.00", "+0.90")
    assert cells["picture"] == cells["weight_bar"] == Cell("")
    unknown = total_cells(structs.replace(TOTAL, window_return=None), fields)[[f.key for f in fields].index("excess")]
    assert unknown is MISSING


def test_two_funds_when_only_one_has_the_sector_then_the_other_is_missing_and_the_difference_is_its_own():
    other = structs.replace(SECTOR, weight=0.1, return_1d=0.0023, sector="Energy")
    alone = structs.replace(SECTOR, sector="Utilities")
    energy, utilities = sorted(compare([SECTOR, alone], [other]), key=lambda pair: pair.sector)
    fields = pair_fields("IWM", "A-VERY-LONG-NAME", Window.M1)
    cells = shown(fields, energy)
    assert (cells["weight_one"].text, cells["weight_other"].text, cells["weight_diff"].text) == (
        "25.00",
        "10.00",
        "+15.00",
    )
    assert cells["return_1d_diff"] == Cell("+1.00", "up")
    assert {field.group for field in fields[1:]} == {"weight, %", "1D, %", "contribution, pp", "1M, %"}
    assert all(len(field.title) <= field.width for field in fields)
    assert shown(fields, utilities)["return_1d_other"] is MISSING


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, MISSING),
        (0.0001234, Cell("+0.012", "up")),
        (-0.0001, Cell("-0.010", "down")),
        (0.0000001, Cell("0.000", "flat")),
        (-0.0000001, Cell("0.000", "flat")),
        (0.0, Cell("0.000", "flat")),
    ],
)
def test_a_holdings_contribution_when_tiny_then_it_has_three_decimals_and_zero_no_sign(value, cell):
    cells = shown(holding_fields(Window.M1, 63), structs.replace(HOLDING, contribution=value))
    assert cells["contribution"] == cell


@pytest.mark.parametrize(
    ("marks", "cell"),
    [
        ({}, Cell("50 H", "up")),
        ({"new_high": False, "new_low": True, "above_mean50": None}, Cell("L", "down")),
        ({"new_high": False, "above_mean200": True}, Cell("50 200", "muted")),
    ],
)
def test_a_holdings_marks_when_it_stands_somewhere_then_signs_say_so(marks, cell):
    assert shown(holding_fields(Window.M1, 63), structs.replace(HOLDING, **marks))["marks"] == cell


def test_a_holding_when_another_source_told_its_sector_then_it_is_named_and_its_own_is_not():
    fields = holding_fields(Window.M1, 63, {"AAA": "yahoo\x1b[31m search"})
    assert shown(fields, HOLDING)["sector"].text == "Energy (yahoo search)"
    assert shown(fields, structs.replace(HOLDING, symbol="BBB"))["sector"].text == "Energy"
    assert shown(fields, structs.replace(HOLDING, symbol=None))["symbol"].text == "-"


figures = st.none() | st.floats(-0.99, 9.99)


@given(
    returns=st.fixed_dictionaries(dict.fromkeys(("return_1d", "contribution", "window_return", "excess"), figures)),
    weight=st.floats(0.0, 1.0),
    name=st.text(max_size=60),
)
def test_any_column_when_a_row_is_any_then_no_cell_of_figures_is_wider_than_it(returns, weight, name):
    sector = structs.replace(SECTOR, weight=weight, **returns)
    holding = structs.replace(HOLDING, weight=weight, name=name, **returns)
    for fields, row in ((sectors(), sector), (holding_fields(Window.M1, 63), holding)):
        for field in fields:
            assert len(field.cell(row).text) <= field.width, field.key
    for pair in compare([sector], [UNKNOWN]):
        for field in pair_fields("IWM", "SPY", Window.M1):
            assert len(field.cell(pair).text) <= field.width, field.key

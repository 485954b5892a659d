"""Seasons and events as cells: the sign is always in the text, strength and state have a role."""

from datetime import date

import pytest

from tui.analytics.seasons import Season, SoFar, Year
from tui.format import Cell
from tui.panels.season_grid import middle, year_cells
from tui.panels.season_lines import season_cells, so_far_text


def year(*months: float | None, running: int | None = None) -> Year:
    return Year(2024, [*months, *[None] * (12 - len(months))], None, running)


def test_a_large_move_has_a_role_of_its_own_and_its_sign_in_the_text() -> None:
    cells = year_cells(year(0.01, -0.01, 0.09, -0.09, None, 0.0), 0.02)
    assert cells[2:8] == [
        Cell("+1.00 ", "up"),
        Cell("-1.00 ", "down"),
        Cell("+9.00 ", "up-strong"),
        Cell("-9.00 ", "down-strong"),
        Cell("", "muted"),
        Cell("0.00 ", "flat"),
    ]


def test_the_month_that_runs_is_marked() -> None:
    assert year_cells(year(0.01, 0.02, running=2), 0.5)[2:4] == [Cell("+1.00 ", "up"), Cell("+2.00*", "up")]


@pytest.mark.parametrize(("values", "expected"), [([], 0.0), ([None], 0.0), ([-0.3, 0.1, None, 0.2], 0.2)])
def test_the_usual_size_is_the_median_of_the_known(values: list[float | None], expected: float) -> None:
    assert middle(values) == expected


def test_a_season_without_values_is_unknown_not_zero() -> None:
    cells = season_cells(Cell("Jan"), Season(1, 0, None, None, None, None, None))
    assert [cell.text for cell in cells] == ["Jan", "-", "-", "0", "-", "-", "-"]


def test_the_month_so_far_is_told_in_one_line() -> None:
    others = Season(7, 31, 0.01, 0.02, 0.5, -0.1, 0.1)
    so_far = SoFar(
        year=2024,
        month=7,
        session=9,
        base=date(2024, 6, 28),
        value=0.029,
        percentile=61.29,
        rank=13,
        others=others,
        rest=others,
        years=[],
    )
    assert so_far_text(so_far) == "Jul 2024 so far +2.90 %, percentile 61, rank 13 of 32"
    assert so_far_text(None) == "no month is running"

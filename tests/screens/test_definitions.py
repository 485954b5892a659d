"""The definitions of the figures of a screen."""

from pathlib import Path

import pytest

from tests.face import app_over, demo, opened, press, text
from tui.analytics.definitions import DEFINITIONS, INSIDE_A_FUND
from tui.screens.definitions import Definitions, definitions_text
from tui.screens.holdings import HoldingsPage
from tui.screens.monitor import Monitor
from tui.screens.sectors import SectorsPage
from tui.screens.symbol import SymbolScreen


@pytest.mark.parametrize("page", [Monitor, SymbolScreen, SectorsPage, HoldingsPage])
def test_every_figure_that_a_screen_names_has_a_definition(page) -> None:
    assert page.FIGURES
    assert len(set(page.FIGURES)) == len(page.FIGURES)
    assert [name for name in page.FIGURES if name not in INSIDE_A_FUND] == []


@pytest.mark.parametrize(("close", "size"), [("i", (40, 20)), ("escape", (80, 24)), ("q", (200, 60))])
async def test_i_opens_the_definitions_and_closes_them(tmp_path: Path, close: str, size: tuple[int, int]) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, size) as pilot:
        await press(app, pilot, "i")
        assert isinstance(app.screen, Definitions)
        shown = text(app)
        assert "What the figures mean" in shown
        assert "Last  [currency]  last" in shown
        assert all(len(line) <= size[0] for line in shown.splitlines())
        await press(app, pilot, close)
        assert app.is_running
        assert isinstance(app.screen, Monitor)


async def test_the_definitions_scroll_with_the_keys_of_a_table(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (80, 24)) as pilot:
        await press(app, pilot, "i")
        box = app.screen.query_one("#help")
        places = []
        for key in ("j", "down", "k", "up", "pagedown", "pageup", "ctrl+d", "ctrl+u", "G", "g"):
            await press(app, pilot, key)
            places.append(round(box.scroll_y))
        assert places == [1, 2, 1, 0, 10, 0, 10, 0, round(box.max_scroll_y), 0]


async def test_inside_a_fund_the_figures_are_meant_as_there(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (160, 60)) as pilot:
        await press(app, pilot, "4", "i")
        assert "contribution / weight, over the sector's holdings" in text(app)


def test_the_text_has_title_unit_name_and_words_and_leaves_out_what_is_unknown() -> None:
    found = definitions_text([DEFINITIONS["excess_pp"], DEFINITIONS["state"]]).plain
    assert found.startswith("Excess  [pp]  excess_pp\nThe symbol's return minus")
    assert "\n\nState  state\n" in found
    assert definitions_text([]).plain == "This screen has no figures of its own."
    assert Definitions(["last", "no_such", "last"])._found == [DEFINITIONS["last"]]

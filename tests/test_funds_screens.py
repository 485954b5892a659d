"""Inside a fund by keys alone: sectors, holdings, symbols, funds, and the way back."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from textual.widgets import Input

from tests.face import app_over, demo, opened, press, settled, text
from tui.analytics.funds_figures import HoldingFigures
from tui.assembly import Assembly
from tui.screens.holdings import HoldingsPage, keyed
from tui.screens.monitor import Monitor
from tui.screens.sectors import SectorsPage
from tui.screens.symbol import SymbolScreen


async def test_the_walk_from_a_fund_to_another_and_back_to_the_start(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (160, 50)) as pilot:
        await press(app, pilot, "4")
        assert isinstance(app.page, SectorsPage)
        assert app.page.fund_names == ["IWM"]
        assert "coverage 100.0%" in text(app)
        grid = app.page.grid()
        assert grid is not None
        sector = grid.cursor_key
        await press(app, pilot, "enter")
        assert isinstance(app.page, HoldingsPage)
        assert app.page.sector == sector
        holding = app.page.table.cursor_key
        await press(app, pilot, "enter")
        assert isinstance(app.page, SymbolScreen)
        assert app.page.symbol == holding
        assert f"Rotation › IWM sectors › {sector} › {holding}" in text(app)
        await press(app, pilot, "tab", "tab")
        assert app.focused is not None
        assert app.focused.id == "holders"
        await press(app, pilot, "enter")
        assert isinstance(app.page, SectorsPage)
        assert len(app.pages) == 5
        await press(app, pilot, "f")
        app.screen.query_one(Input).value = "QQQS"
        await press(app, pilot, "enter")
        assert app.page.fund_names == ["QQQS"]
        await press(app, pilot, *["escape"] * 4)
        assert isinstance(app.page, Monitor)
        await press(app, pilot, "escape")
        assert app.is_running


async def test_the_total_line_is_what_the_sectors_and_the_rest_add_up_to(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (160, 50)) as pilot:
        await press(app, pilot, "4")
        assert isinstance(app.page, SectorsPage)
        book = app.page.opened["IWM"].book
        assert book is not None
        total = book.total()
        assert total.unexplained is not None
        assert total.return_1d is not None
        summed = sum(row.contribution or 0.0 for row in book.sector_rows())
        assert abs(summed + total.unexplained - total.return_1d) < 1e-9


async def test_two_funds_stand_side_by_side_with_the_difference(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (160, 50)) as pilot:
        await press(app, pilot, "4", "x")
        app.screen.query_one(Input).value = "SPY"
        await press(app, pilot, "enter")
        assert "IWM against SPY" in text(app)
        assert text(app).count("diff") == 4
        await press(app, pilot, "x")
        app.screen.query_one(Input).value = "SPY"
        await press(app, pilot, "enter")
        assert "IWM sectors" in text(app)


async def test_holdings_are_sorted_filtered_and_marked(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (160, 50)) as pilot:
        await press(app, pilot, "4", "G", "enter")
        assert isinstance(app.page, HoldingsPage)
        assert app.page.sector is None, "the fund's own line opens all of its holdings"
        table = app.page.table
        given = list(table.keys)
        await press(app, pilot, "l", "l", "l", "s")
        assert table.sort == ("return", True)
        returns = [row.return_1d for key in table.keys if (row := app.page._find(key)) and row.return_1d is not None]
        assert returns == sorted(returns, reverse=True)
        await press(app, pilot, "S", "s")
        assert list(table.keys) == given
        await press(app, pilot, "slash", *"bio", "enter")
        assert 0 < len(table.keys) < len(given)
        await press(app, pilot, "space", "j", "space")
        assert len(app.page.compared()) == 2
        await press(app, pilot, "F")
        assert list(table.keys) == given


async def test_a_fund_without_holdings_says_so_and_the_screen_stays(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 40)) as pilot:
        await press(app, pilot, "4", "f")
        app.screen.query_one(Input).value = "TLT"
        await press(app, pilot, "enter")
        assert "no holdings" in text(app)


async def test_the_window_changes_inside_a_fund(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (160, 50)) as pilot:
        await press(app, pilot, "4")
        assert "1M%" in text(app)
        await press(app, pilot, "right_square_bracket")
        assert "MTD%" in text(app)
        assert isinstance(app.page, SectorsPage)
        book = app.page.opened["IWM"].book
        assert book is not None
        assert book.window == "MTD"


def test_two_holdings_of_one_symbol_or_name_have_a_row_each() -> None:
    def row(symbol: str | None, name: str) -> HoldingFigures:
        unknown: Any = dict.fromkeys(HoldingFigures.__struct_fields__)
        return HoldingFigures(**unknown | {"symbol": symbol, "name": name})

    named = keyed([row("AAA", "A"), row("AAA", "A when issued"), row(None, "Cash"), row(None, "Cash")])
    assert [(found.symbol, found.name) for found in named.values()] == [
        ("AAA", "A"),
        ("AAA", "A when issued"),
        (None, "Cash"),
        (None, "Cash"),
    ]
    assert next(iter(named)) == "AAA"


async def test_4_before_there_is_a_market_opens_the_sectors_as_soon_as_there_is_one(tmp_path: Path) -> None:
    app, may = app_over(demo(), tmp_path), threading.Event()
    assemble = app._assemble

    def slowly(symbols: Sequence[str], benchmark: str) -> Assembly:
        assert may.wait(60)
        return assemble(symbols, benchmark)

    app._assemble = slowly
    async with app.run_test(size=(120, 40)) as pilot:
        await app._press_keys(["4"])
        assert not app.ready
        may.set()
        await settled(app, pilot)
        assert isinstance(app.page, SectorsPage)

"""Screen 6 by keys alone, over the simulated market and over one of which nothing is known."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.face import demo, opened, press, quiet, text
from tests.waiting import LOOK_SECONDS
from tui import config
from tui.app import Outpace
from tui.assembly import Assembly
from tui.panels.listing import Listing
from tui.screens.driver_work import PARTS
from tui.screens.drivers import DriversPage
from tui.sources.drivers.demo import DemoDrivers
from tui.store.memory import Memory
from tui.watchlists import Watchlists


def app_with_drivers(folder: Path, *, asked: bool = True) -> Outpace:
    """The app over the simulated market, with or without its drivers."""
    paths = config.Paths(
        config_dir=folder / "config", data_dir=folder / "data", cache_dir=folder / "cache", state_dir=folder / "state"
    )
    settings = config.load({"reduced_motion": True}, {}, paths)
    source = demo()
    drivers = DemoDrivers(source) if asked else None

    def assemble(_symbols: Sequence[str], _benchmark: str) -> Assembly:
        return Assembly(source, Memory(), fetch=True, stale_after=float("inf"), funds=source, drivers=drivers)

    lists = Watchlists(paths.lists_file)
    lists.load()
    return Outpace(settings, paths, lists, assemble)


async def settled(app: Outpace, pilot: Pilot[int], *parts: str) -> DriversPage:
    """Wait until these parts are answered and nothing is left to ask; no fixed pause."""
    page = app.page
    assert isinstance(page, DriversPage)
    async with asyncio.timeout(60):
        await quiet(app, pilot)
        while not all(part in page.answers for part in parts):
            await asyncio.sleep(LOOK_SECONDS)
            await quiet(app, pilot)
    return page


async def test_the_screen_tells_the_series_their_chart_and_the_regimes(tmp_path: Path) -> None:
    app = app_with_drivers(tmp_path)
    async with opened(app, (160, 50)) as pilot:
        await press(app, pilot, "6")
        page = await settled(app, pilot, "macro", "series", "regimes")
        shown = text(app)
        assert page.pair == ("IWM", "SPY")
        assert "SIMULATED" in shown
        assert "10-year Treasury yield, percent" in shown
        assert "IWM with changes of DGS10" in shown
        assert "Regimes: IWM against SPY" in shown
        assert "10-year yield fell over 1M" in shown
        assert "Unemployment rate" in shown


async def test_the_chart_follows_the_cursor_and_c_changes_its_years(tmp_path: Path) -> None:
    app = app_with_drivers(tmp_path)
    async with opened(app, (160, 50)) as pilot:
        await press(app, pilot, "6")
        page = await settled(app, pilot, "macro", "series")
        await press(app, pilot, "j")
        await settled(app, pilot)
        assert page.answers["series"].line.id == "FEDFUNDS"
        assert "IWM with changes of FEDFUNDS" in text(app)
        before = len(page.answers["series"].days)
        await press(app, pilot, "c")
        await settled(app, pilot)
        assert page.years == 20
        assert len(page.answers["series"].days) > before
        await press(app, pilot, "right_square_bracket")
        assert page.years is None
        await press(app, pilot, "left_square_bracket", "left_square_bracket", "left_square_bracket")
        assert page.years == 5
        await press(app, pilot, "enter")
        assert page.front == "series"


async def test_tab_goes_through_all_panels_and_each_says_something(tmp_path: Path) -> None:
    app = app_with_drivers(tmp_path)
    async with opened(app, (80, 24)) as pilot:
        await press(app, pilot, "6")
        page = await settled(app, pilot, "macro")
        seen = {"macro": text(app)}
        for name in page.PANELS[1:]:
            await press(app, pilot, "tab")
            await settled(app, pilot, page.part)
            assert page.front == name
            seen[name] = text(app)
        assert "IWM with changes of DGS10" in seen["correlation"]
        assert "yield fell" in seen["regimes"]
        assert "P/S" in seen["valuation"]
        assert "Discount" in seen["valuation"]
        assert "raised 7d" in seen["earnings"]
        assert "By form" in seen["deals"] or "Week of" in seen["deals"]
        await press(app, pilot, "tab")
        assert page.front == "macro"
        await press(app, pilot, "shift+tab")
        assert page.front == "deals"


@pytest.mark.parametrize("size", [(40, 20), (80, 24), (200, 60)])
async def test_no_line_is_wider_than_the_screen_and_no_panel_is_blank(tmp_path: Path, size: tuple[int, int]) -> None:
    app = app_with_drivers(tmp_path)
    async with opened(app, size) as pilot:
        await press(app, pilot, "6")
        page = await settled(app, pilot, "macro")
        for _ in page.PANELS:
            await settled(app, pilot, page.part)
            lines = text(app).splitlines()
            assert all(len(line) <= size[0] for line in lines)
            assert sum(bool(line.strip()) for line in lines) > 5
            await press(app, pilot, "tab")


async def test_other_symbols_are_chosen_and_all_parts_follow(tmp_path: Path) -> None:
    app = app_with_drivers(tmp_path)
    async with opened(app, (160, 50)) as pilot:
        await press(app, pilot, "6")
        page = await settled(app, pilot, "macro", "regimes")
        await press(app, pilot, "f")
        app.screen.query_one(Input).value = "QQQS"
        await press(app, pilot, "enter")
        await press(app, pilot, "x")
        app.screen.query_one(Input).value = "QQQ"
        await press(app, pilot, "enter")
        await settled(app, pilot, "regimes", "valuation")
        assert page.pair == page.symbols == ("QQQS", "QQQ")
        assert (page.answers["regimes"].small, page.answers["regimes"].large) == ("QQQS", "QQQ")
        assert page.answers["series"].symbol == "QQQS"
        assert page.answers["valuation"].a.symbol == "QQQS"
        assert "Regimes: QQQS against QQQ" in text(app)
        assert "QQQS/QQQ drivers" in text(app)


async def test_deals_are_counted_since_the_date_that_is_typed(tmp_path: Path) -> None:
    app = app_with_drivers(tmp_path)
    async with opened(app, (120, 40)) as pilot:
        await press(app, pilot, "6")
        page = await settled(app, pilot, "macro")
        await press(app, pilot, "d")
        app.screen.query_one(Input).value = "spring"
        await press(app, pilot, "enter")
        assert page.since is None
        assert "expected a date" in text(app)
        await press(app, pilot, "d")
        app.screen.query_one(Input).value = "2025-05"
        await press(app, pilot, "enter")
        await settled(app, pilot, "deals")
        assert page.front == "deals"
        assert f"{page.since}" == "2025-05-01"
        assert "filings since 2025-05-01" in text(app)
        assert page.answers["deals"].deals.deals > 0


async def test_a_regime_is_opened_in_words_and_a_row_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = app_with_drivers(tmp_path)
    copied: list[str] = []
    monkeypatch.setattr(app, "copy_to_clipboard", copied.append)
    async with opened(app, (160, 50)) as pilot:
        await press(app, pilot, "6")
        page = await settled(app, pilot, "macro", "regimes")
        await press(app, pilot, "tab", "tab", "tab")
        assert page.front == "regimes"
        await press(app, pilot, "enter")
        assert "windows of 1M" in text(app)
        await press(app, pilot, "y")
        head, row = copied[0].splitlines()
        assert head.split("\t")[:2] == ["Regime", "Win"]
        assert row.startswith("10-year yield fell over 1M\t1M\t")


async def test_i_says_what_the_figures_mean_and_e_writes_the_panel(tmp_path: Path) -> None:
    app = app_with_drivers(tmp_path)
    async with opened(app, (120, 40)) as pilot:
        await press(app, pilot, "6")
        page = await settled(app, pilot, "macro", "regimes")
        await press(app, pilot, "i")
        assert "basis points" in text(app)
        await press(app, pilot, "escape")
        path = tmp_path / "out.csv"
        await press(app, pilot, "e")
        app.screen.query_one(Input).value = str(path)
        await press(app, pilot, "enter")
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith("part,series,")
        assert len(lines) == len(page.answers["macro"].lines) + 1


async def test_what_has_no_data_says_what_to_do(tmp_path: Path) -> None:
    app = app_with_drivers(tmp_path, asked=False)
    async with opened(app, (100, 30)) as pilot:
        await press(app, pilot, "6")
        page = await settled(app, pilot, "macro", "regimes")
        assert "No yields stored: outpace history import FILE" in text(app)
        for part, words in {
            "valuation": "No fundamentals stored: outpace history import FILE",
            "earnings": "No estimates stored: outpace history import FILE",
            "deals": "set email in config.toml",
        }.items():
            page.bring_forward(part)
            await settled(app, pilot, part)
            assert words in text(app)
        regimes = page.query_one("#regimes", Listing)
        assert "after_recession" in regimes.keys


async def test_a_hidden_screen_computes_nothing(tmp_path: Path) -> None:
    app = app_with_drivers(tmp_path)
    async with opened(app, (80, 24)) as pilot:
        await press(app, pilot, "6")
        page = await settled(app, pilot, "macro")
        assert set(page.answers) <= {"macro"}
        assert set(PARTS) > set(page.answers)
        await press(app, pilot, "escape")
        assert app.page is not page

"""Screen 3 by keys alone, over the simulated market."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.face import app_over, demo, opened, press, quiet, text
from tui.model import Update
from tui.panels.volume_curve import CurveKind, VolumeCurve
from tui.panels.volume_days import VolumeDays
from tui.panels.volume_flow import VolumeFlow
from tui.screens.definitions import Definitions
from tui.screens.symbol import SymbolScreen
from tui.screens.volume import VolumePage
from tui.studies.volume_rows import row_of


def page_of(app) -> VolumePage:
    assert isinstance(app.page, VolumePage)
    return app.page


async def test_the_list_stands_by_ratio_with_the_day_of_the_first_beside_it(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (160, 45)) as pilot:
        await press(app, pilot, "3")
        page = page_of(app)
        ratios = [row_of(app.board, key).by_mean for key in page.table.keys]
        known = [ratio for ratio in ratios if ratio is not None]
        assert known == sorted(known, reverse=True)
        assert ratios[: len(known)] == known, "what has no ratio is last"
        assert page.day is not None
        assert page.day.symbol == page.table.cursor_key == "QQQS"
        shown = text(app)
        assert "volume so far, % of the usual day  20 full sessions" in shown
        assert "first ½h" in shown
        assert "9:30" in shown or "10:00" in shown
        assert "advancing" in shown
        assert "of 60 sessions at 2x or more" in shown


async def test_the_panels_follow_the_cursor(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (160, 45)) as pilot:
        await press(app, pilot, "3", "j", "j")
        page = page_of(app)
        symbol = page.table.cursor_key
        assert page.day is not None
        assert page.day.symbol == symbol != "QQQS"
        assert f"{symbol}  volume so far" in text(app)
        await press(app, pilot, "enter")
        assert isinstance(app.page, SymbolScreen)
        assert app.page.symbol == symbol
        await press(app, pilot, "escape")
        assert page_of(app).day is not None


async def test_an_index_says_that_it_has_no_volume_and_f_shows_its_fund(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (160, 45)) as pilot:
        await press(app, pilot, "3")
        page = page_of(app)
        page.table.cursor_key = "^RUT"
        await quiet(app, pilot)
        assert "has no volume of its own" in text(app)
        assert "f shows IWM" in text(app)
        await press(app, pilot, "f")
        assert page.table.cursor_key == "IWM"
        assert page.followed == "IWM"
        assert "IWM  volume so far" in text(app)
        await press(app, pilot, "f")
        assert "not an index" in text(app)


async def test_a_fund_that_is_not_in_the_list_is_shown_in_place_of_its_index(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path, symbols="^RUT,QQQS")
    async with opened(app, (160, 45)) as pilot:
        await press(app, pilot, "3", "G", "f")
        page = page_of(app)
        assert (page.table.cursor_key, page.followed) == ("^RUT", "IWM")
        assert app.engine is not None
        assert await app.engine.settle(30)
        async with asyncio.timeout(30):
            while page.day is None or page.day.symbol != "IWM" or page.day.unusual.known != 60:
                await quiet(app, pilot)
        assert page.day is not None
        assert page.day.symbol == "IWM"
        await press(app, pilot, "k")
        assert page.followed == "QQQS"


async def test_c_counts_shares_instead_of_their_share_of_the_usual_day(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (160, 45)) as pilot:
        await press(app, pilot, "3")
        page = page_of(app)
        curve = page.query_one(VolumeCurve)
        assert curve.picture is not None
        share = curve.picture.lines[1].values[-1]
        await press(app, pilot, "c")
        assert page.kind is CurveKind.SHARES
        assert page.day is not None
        assert page.day.band is not None
        assert (share, curve.picture.lines[1].values[-1]) == (100.0, page.day.band.volumes.median[-1])
        assert "shares, as the bars count" in text(app)
        await press(app, pilot, "c")
        assert page.kind is CurveKind.SHARE


async def test_x_changes_what_is_unusual(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (160, 45)) as pilot:
        await press(app, pilot, "3")
        page = page_of(app)
        counts = []
        for bound in (3.0, 5.0, 1.5, 2.0):
            await press(app, pilot, "x")
            assert page.bound == bound
            assert f"at {bound:g}x or more" in text(app)
            assert page.day is not None
            assert all(day.ratio >= bound for day in page.day.unusual.days)
            counts.append(len(page.day.unusual.days))
        assert counts[2] >= counts[3] >= counts[0] >= counts[1]


async def test_sorting_filtering_and_marking_work_as_on_the_monitor(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (160, 45)) as pilot:
        await press(app, pilot, "3", "l", "l", "l", "s")
        page = page_of(app)
        assert page.table.sort == ("dollar_volume", True)
        dollars = [row_of(app.board, key).dollar_volume for key in page.table.keys]
        known = [value for value in dollars if value is not None]
        assert known == sorted(known, reverse=True)
        await press(app, pilot, "S")
        assert page.table.sort == ("dollar_volume", False)
        await press(app, pilot, "slash", *"russell", "enter")
        assert set(page.table.keys) == {"IWM", "VTWO", "IWN", "IWO", "^RUT"}
        await press(app, pilot, "F")
        assert set(page.table.keys) == set(app.view.symbols)
        await press(app, pilot, "space")
        assert app.view.marks == {page.table.cursor_key}


async def test_v_measures_by_another_number_of_sessions(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (160, 45)) as pilot:
        await press(app, pilot, "3", "v")
        assert app.view.volume_window == 10
        assert "Vol×10" in text(app)
        page = page_of(app)
        assert page.day is not None
        assert page.day.unusual.window == 10


@pytest.mark.parametrize("size", [(40, 20), (80, 24)])
async def test_where_there_is_little_room_tab_goes_through_the_panels(tmp_path: Path, size: tuple[int, int]) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, size) as pilot:
        await press(app, pilot, "3")
        page = page_of(app)
        seen = []
        for _ in range(4):
            shown = [name for name in page.PANELS if page.query_one(f"#{name}").is_on_screen]
            seen.append(shown)
            assert all(len(line) <= size[0] for line in text(app).splitlines())
            await press(app, pilot, "tab")
        assert seen == [["volume-list"], ["volume-curve"], ["volume-days"], ["volume-list"]]
        assert page.query_one(VolumeFlow).is_on_screen


async def test_z_gives_a_panel_the_whole_screen_and_back(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (160, 45)) as pilot:
        await press(app, pilot, "3", "tab", "z")
        page = page_of(app)
        assert page.query_one(VolumeCurve).size.width == 160
        assert not page.table.is_on_screen
        await press(app, pilot, "z")
        assert page.table.is_on_screen


async def test_y_means_the_symbol_that_is_followed_whichever_panel_has_the_keys(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (160, 45)) as pilot:
        await press(app, pilot, "3", "tab", "tab")
        assert isinstance(app.focused, VolumeDays)
        await press(app, pilot, "y")
        assert app.clipboard.splitlines()[1].startswith("QQQS\t")


async def test_the_export_is_the_list_in_the_order_of_the_screen(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (160, 45)) as pilot:
        await press(app, pilot, "3")
        page = page_of(app)
        document = await page.document()
        assert document is not None
        rows = document["rows"]
        assert isinstance(rows, list)
        assert [row["symbol"] for row in rows] == list(page.table.keys)
        first = rows[0]
        assert first["profile_sessions"] == 20
        assert json.dumps(document["flow"])
        assert page.stem == f"{app.view.list_name}-volume"


async def test_a_tick_writes_its_own_cells_and_the_curve_only_if_it_differs(tmp_path: Path) -> None:
    from msgspec import structs

    app = app_over(demo(), tmp_path)
    async with opened(app, (160, 45)) as pilot:
        await press(app, pilot, "3")
        page, engine = page_of(app), app.engine
        assert engine is not None
        curve = page.query_one(VolumeCurve)
        shown, picture = [], curve.picture
        show = curve.show

        def noted(new, *, now=False) -> None:
            shown.append(new)
            show(new, now=now)

        curve.show = noted  # type: ignore[method-assign]
        quote = engine.live.quotes["IWM"]
        assert quote.volume is not None
        more = structs.replace(quote, volume=quote.volume + 500_000, as_of=quote.as_of + 1)
        engine.apply(Update(epoch=engine.wanted.now.epoch, quotes=[more]))
        await quiet(app, pilot)
        assert shown == [], "another symbol's tick is not the curve's"
        assert curve.picture is picture
        assert row_of(app.board, "IWM").volume == more.volume
        own = engine.live.quotes["QQQS"]
        assert own.volume is not None
        for step in (1, 2):
            new = structs.replace(own, volume=own.volume + 50_000, as_of=own.as_of + step)
            engine.apply(Update(epoch=engine.wanted.now.epoch, quotes=[new]))
            await quiet(app, pilot)
        assert len(shown) == 1, "the second tick has the same volume"


async def test_leaving_the_screen_cancels_what_is_computed(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (160, 45)) as pilot:
        await press(app, pilot, "3")
        page = page_of(app)
        await pilot.press("j", "escape")
        await quiet(app, pilot)
        assert page not in app.pages
        assert not [each for each in app.workers if each.group == "volume-day" and not each.is_finished]


async def test_i_says_what_every_figure_of_the_screen_means(tmp_path: Path) -> None:
    from tui.analytics.definitions import DEFINITIONS

    app = app_over(demo(), tmp_path)
    async with opened(app, (160, 45)) as pilot:
        await press(app, pilot, "3")
        assert set(page_of(app).FIGURES) <= set(DEFINITIONS)
        await press(app, pilot, "i")
        assert isinstance(app.screen, Definitions)
        assert "Volume / mean volume of the previous N sessions" in text(app)
        await press(app, pilot, "i")
        assert app.screen is page_of(app)

"""Screen 2 by its keys: what is compared since when, the crosshair, the tables, and what a tick costs."""

import asyncio
from pathlib import Path

import pytest
from textual.widgets import Input

from tests.face import app_over, demo, opened, press, quiet, text, type_ahead
from tui.analytics.measure import Measure
from tui.app import Outpace
from tui.keys import KEYS
from tui.panels.comparison import ComparisonChart
from tui.panels.rolling import Rolling
from tui.panels.rotation import RotationPlot, RotationTable
from tui.screens.monitor import Monitor
from tui.screens.relative import RelativePage
from tui.screens.symbol import SymbolScreen
from tui.studies.spans import ALL, Span
from tui.view import ChartKind

TRIED: set[str] = set()


def tries(*names: str):
    """Note which keys of the screen a test presses."""
    TRIED.update(names)
    return lambda test: test


def page_of(app: Outpace) -> RelativePage:
    assert isinstance(app.page, RelativePage)
    return app.page


def picture_of(app: Outpace):
    return app.page.query_one(ComparisonChart).picture


@tries("relative")
async def test_2_compares_the_first_of_the_list_over_the_window_of_the_monitor(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 34)) as pilot:
        await press(app, pilot, "2")
        page = page_of(app)
        assert page.comparison is not None
        assert page.comparison.question.symbols == ("IWM", "QQQ", "QQQS", "QQQJ", "MDY", "IJR", "VTWO", "RSP")
        shown = text(app)
        for words in ("Rotation › Relative", "1M  from", "rebased to 100", "LEADING", "Rolling correlation", "Pctl"):
            assert words in shown
        assert [line.label for line in picture_of(app).lines] == [*page.comparison.question.symbols, "SPY"]
        assert page.table.marks == set(page.comparison.question.symbols)
        assert "SPY" not in page.table.keys
        await press(app, pilot, "1")
        assert isinstance(app.page, Monitor)


async def test_the_marks_of_the_monitor_are_what_is_compared(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 34)) as pilot:
        await press(app, pilot, "space", "j", "j", "j", "space", "2")
        compared = page_of(app).comparison
        assert compared is not None
        assert len(compared.question.symbols) == 2
        assert set(compared.question.symbols) == app.view.marks
        assert "2 marked" in text(app)


@tries("mark")
async def test_space_marks_and_unmarks_what_is_compared_eight_at_most(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 34)) as pilot:
        await press(app, pilot, "2", "space")
        page = page_of(app)
        assert page.comparison is not None
        assert "IWM" not in page.comparison.question.symbols
        assert len(page.comparison.question.symbols) == 7
        await press(app, pilot, "space", "G", "space")
        assert "8 symbols at most are compared" in text(app)
        assert len(page.comparison.question.symbols) == 8
        assert len(page.table.marks) == 8


@tries("window_longer", "window_shorter")
async def test_brackets_go_through_all_windows_to_the_whole_history_and_the_monitor_follows(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 34)) as pilot:
        await press(app, pilot, "2")
        await type_ahead(app, pilot, *["right_square_bracket"] * 12)
        page = page_of(app)
        assert page.span == ALL
        assert page.comparison is not None
        assert page.comparison.question.span == ALL
        assert "vs SPY  ALL" in text(app)
        assert app.view.window.value == "1Y"
        await press(app, pilot, *["left_square_bracket"] * 3)
        assert page.span == Span(app.view.window)
        assert "1Y from" in text(app) or "1Y  from" in text(app)
        await type_ahead(app, pilot, *["left_square_bracket"] * 12)
        assert app.view.window.value == "1D"
        picture = picture_of(app)
        assert picture.slots == 79
        assert picture.slot_format(0) == "previous close"
        assert picture.slot_format(1) == "9:30"


@tries("since")
async def test_d_compares_since_a_date_and_a_wrong_one_says_what_to_type(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 34)) as pilot:
        await press(app, pilot, "2", "d")
        app.screen.query_one(Input).value = "soon"
        await press(app, pilot, "enter")
        page = page_of(app)
        assert "soon is no date: type a day before" in text(app)
        assert page.span == Span(app.view.window)
        await press(app, pilot, "d")
        app.screen.query_one(Input).value = "2025-03-09"
        await press(app, pilot, "enter")
        assert "SINCE 2025-03-09  from 2025-03-07" in text(app)
        before = page.span
        await press(app, pilot, "d", "escape")
        assert page.span == before
        await press(app, pilot, "right_square_bracket")
        assert page.span.text == "1M"


@tries("total")
async def test_capital_t_reinvests_dividends_and_says_so(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path, window="1Y")
    async with opened(app, (120, 34)) as pilot:
        await press(app, pilot, "2")
        page = page_of(app)
        before = page.comparison
        await press(app, pilot, "T")
        assert page.comparison is not None
        assert page.comparison.question.total
        async with asyncio.timeout(20):
            while text(app).count("1Y TR") != 2:
                await asyncio.sleep(0.01)
        await press(app, pilot, "T")
        assert before is not None
        assert page.comparison.question == before.question


@tries("chart")
async def test_c_turns_the_kind_of_chart(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 34)) as pilot:
        await press(app, pilot, "2", "c")
        assert "relative strength" in text(app)
        assert picture_of(app).baseline == 100.0
        await press(app, pilot, "c")
        assert "excess, pp" in text(app)
        assert picture_of(app).baseline == 0.0
        assert app.view.chart is ChartKind.SPREAD


@tries("left", "right", "first", "last", "page_up", "page_down", "half_up", "half_down", "next_panel", "previous_panel")
async def test_the_crosshair_moves_while_the_chart_has_the_keys_and_says_what_it_is_on(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 34)) as pilot:
        await press(app, pilot, "2", "shift+tab")
        chart = app.page.query_one(ComparisonChart)
        assert app.focused is chart
        assert chart.cursor_slot is None
        await press(app, pilot, "h", "left")
        assert chart.cursor_slot == chart.picture.slots - 3
        day = chart.picture.slot_format(chart.cursor_slot)
        head = text(app).splitlines()[1]
        assert head.strip().startswith(day)
        value = dict(chart.values_at(chart.cursor_slot))["QQQS"]
        assert f"QQQS {value:.1f}" in head
        await press(app, pilot, "l", "right", "right")
        assert chart.cursor_slot == chart.picture.slots - 1
        await press(app, pilot, "g")
        assert chart.cursor_slot == 0
        await press(app, pilot, "pagedown", "pagedown", "ctrl+u", "G", "pageup", "ctrl+d")
        assert chart.cursor_slot == chart.picture.slots - 1
        await press(app, pilot, "j", "k")
        await press(app, pilot, "tab")
        assert chart.cursor_slot is None
        assert "the first 8 of the list" in text(app)


@tries("tail")
async def test_n_changes_the_tails_in_the_plot_and_in_the_table(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 34)) as pilot:
        await press(app, pilot, "2")
        plot = app.page.query_one(RotationPlot)
        for length in (5, 10, 20, 5):
            assert {len(trail.points) for trail in plot.plane.trails} == {length}
            assert f"Rotation, tail {length}" in text(app)
            await press(app, pilot, "n")


@tries("rotation")
async def test_x_shows_the_rotation_as_a_table_of_the_same_figures(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 34)) as pilot:
        await press(app, pilot, "2", "x")
        table, plot = app.page.query_one(RotationTable), app.page.query_one(RotationPlot)
        assert app.focused is table
        assert not plot.is_on_screen
        ratio, momentum = plot.plane.trails[0].points[-1]
        line = next(line for line in text(app).splitlines() if "Quadrant" in line)
        assert "Momentum" in line
        cells = [cell.text for cell in table.row_cells("IWM")]
        assert cells[2:4] == [f"{ratio:.2f}", f"{momentum:.2f}"]
        await press(app, pilot, "x")
        assert plot.is_on_screen


@tries("rolling")
async def test_m_turns_correlation_into_beta_and_back(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 34)) as pilot:
        await press(app, pilot, "2", "m")
        page = page_of(app)
        assert page.measure is Measure.BETA
        assert "Rolling beta to SPY, 252 sessions" in text(app)
        assert page.query_one(Rolling).picture.baseline == 1.0
        await press(app, pilot, "m")
        assert "Rolling correlation to SPY, 63 sessions" in text(app)


@tries("sort", "reverse", "filter", "unfilter", "up", "down", "open")
async def test_the_table_is_sorted_filtered_and_opens_a_symbol(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 34)) as pilot:
        await press(app, pilot, "2", "l", "l", "s")
        page = page_of(app)
        assert page.table.sort == ("excess", True)
        first = page.table.keys[0]
        await press(app, pilot, "S")
        assert page.table.keys[-1] == first
        await press(app, pilot, "slash", *"RUT")
        assert page.table.keys == ("^RUT",)
        await press(app, pilot, "enter", "F")
        assert len(page.table.keys) == 15
        await press(app, pilot, "j", "k", "enter")
        assert isinstance(app.page, SymbolScreen)
        await press(app, pilot, "escape")
        assert app.page is page


@tries("benchmark")
async def test_another_benchmark_is_compared_with_at_once(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 34)) as pilot:
        await press(app, pilot, "2", "b")
        app.screen.query_one(Input).value = "IWM"
        await press(app, pilot, "enter")
        page = page_of(app)
        assert page.comparison is not None
        assert page.comparison.question.benchmark == "IWM"
        assert "IWM" not in page.comparison.question.symbols


@tries("definitions")
async def test_i_says_what_the_figures_mean(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 34)) as pilot:
        await press(app, pilot, "2", "i")
        assert app.screen is not app.page


@tries("export")
async def test_e_writes_the_compared_symbols_with_their_lines(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 34)) as pilot:
        await press(app, pilot, "2", "e")
        target = tmp_path / "out.csv"
        app.screen.query_one(Input).value = str(target)
        await press(app, pilot, "enter")
        head, *rows = target.read_text(encoding="utf-8").splitlines()
        assert len(rows) == 8
        assert "spread_percentile" in head.split(",")
        assert any(name.startswith("line.2") for name in head.split(","))


@pytest.mark.parametrize("size", [(40, 20), (80, 24)])
async def test_where_there_is_little_room_tab_goes_through_the_panels(tmp_path: Path, size: tuple[int, int]) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, size) as pilot:
        await press(app, pilot, "2")
        page = page_of(app)
        for name in ("rel-table", "rel-rolling", "rel-plot", "rel-spots", "rel-chart", "rel-table"):
            assert [each for each in page.PANELS if page.query_one(f"#{each}").is_on_screen] == [name]
            assert app.focused is page.query_one(f"#{name}")
            await press(app, pilot, "tab")


@tries("zoom")
async def test_z_gives_a_panel_the_whole_screen(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 34)) as pilot:
        await press(app, pilot, "2", "z")
        page = page_of(app)
        assert [each for each in page.PANELS if page.query_one(f"#{each}").is_on_screen] == ["rel-table"]
        await press(app, pilot, "z")
        assert page.query_one("#rel-plot").is_on_screen


async def test_a_tick_moves_the_ends_of_the_lines_and_asks_nothing_of_the_history(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 34)) as pilot:
        await press(app, pilot, "2")
        page = page_of(app)
        before, answer = picture_of(app), page.comparison
        from msgspec.structs import replace

        live = app.board.engine.live
        quote = live.quotes["IWM"]
        assert quote.price is not None
        live.quotes["IWM"] = replace(quote, price=quote.price * 1.02)
        page.show({"IWM"})
        await quiet(app, pilot)
        after = picture_of(app)
        assert page.comparison is answer
        assert after.lines[0].values[-1] == pytest.approx(before.lines[0].values[-1] * 1.02)
        assert after.lines[0].values[:-1] == before.lines[0].values[:-1]
        assert after.lines[1].values == before.lines[1].values
        page.show({"NOTHERE"})
        assert not page.panels_due


def test_every_key_of_the_screen_is_pressed_by_a_test() -> None:
    assert {key.id for key in KEYS if key.scope in {"relative", "rows", "grid"}} - TRIED == set()

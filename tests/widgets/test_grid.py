import asyncio
import string
from contextlib import asynccontextmanager
from contextvars import copy_context

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from textual.binding import BindingsMap
from textual.events import MouseScrollDown, MouseScrollRight
from textual.geometry import Region

from tests.widgets.watched import Alone, Watched, picture, texts
from tui.format import MISSING, Cell
from tui.widgets import drawn as drawn_rows
from tui.widgets.column import Column
from tui.widgets.grid import Grid
from tui.widgets.sheet import SLICE

COLUMNS = (
    Column("symbol", "Symbol", 6, align="left", fixed=True),
    Column("last", "Last", 7),
    Column("day", "1D", 6, group="change"),
    Column("week", "1W", 6, group="change"),
    Column("note", "Note", 10, align="left", flash=False),
)
HEADER = 2


class WatchedGrid(Watched, Grid):
    pass


class GridApp(Alone):
    def __init__(self, grid):
        super().__init__(grid)
        self.heard = []

    def on_grid_cursor_moved(self, message):
        self.heard.append(("cursor", message.key))

    def on_grid_opened(self, message):
        self.heard.append(("opened", message.key))

    def on_grid_marks_changed(self, message):
        self.heard.append(("marks", message.marks))

    def on_grid_viewport_changed(self, message):
        self.heard.append(("viewport", message.keys))

    def on_grid_header_clicked(self, message):
        assert message.control is message.grid
        self.heard.append(("header", message.column))


class Table:
    """A table of rows to be shown, that counts who asks."""

    def __init__(self, count=100):
        self.keys = [f"K{number:03}" for number in range(count)]
        self.rows = {
            key: [Cell(key, "symbol"), Cell("213.14"), Cell("+1.72", "up"), Cell("-0.50", "down"), Cell("note")]
            for key in self.keys
        }
        self.asked = []

    def cells(self, key):
        self.asked.append(key)
        return list(self.rows[key])

    def change(self, key, column, cell):
        self.rows[key][column] = cell
        return {key: list(self.rows[key])}


@asynccontextmanager
async def shown(table, *, size=(60, 12), **options):
    grid = WatchedGrid(COLUMNS, **options)
    app = GridApp(grid)
    async with app.run_test(size=size) as pilot:
        grid.focus()
        grid.set_rows(table.keys, table.cells)
        await pilot.pause()
        grid.take_painted()
        app.heard.clear()
        yield grid, pilot


# What a change costs


async def test_update_when_one_cell_changes_then_refreshes_that_cell_alone():
    table = Table()
    async with shown(table) as (grid, pilot):
        grid.update(table.change("K003", 2, Cell("+1.73", "up")))
        await pilot.pause()

        assert grid.take_painted() == [Region(18, HEADER + 3, 6, 1)]
        assert texts(grid)[HEADER + 3].split() == ["K003", "213.14", "+1.73", "-0.50", "note"]


async def test_update_when_only_the_role_changes_then_refreshes_the_cell_without_a_flash():
    table = Table()
    async with shown(table) as (grid, _):
        grid.update(table.change("K003", 1, Cell("213.14", "muted")))

        assert grid.take_painted() == [Region(10, HEADER + 3, 7, 1)]
        assert lit_signs(grid, HEADER + 3) == ""


async def test_update_when_two_cells_of_a_row_change_then_refreshes_one_span():
    table = Table()
    async with shown(table) as (grid, _):
        table.change("K003", 1, Cell("213.15"))
        grid.update(table.change("K003", 3, Cell("-0.49", "down")))

        assert grid.take_painted() == [Region(10, HEADER + 3, 21, 1)]


async def test_update_when_nothing_changes_then_refreshes_nothing():
    table = Table()
    async with shown(table) as (grid, pilot):
        grid.update({key: table.rows[key] for key in table.keys})
        grid.set_rows(table.keys, table.cells)
        grid.invalidate()
        grid.invalidate(["K001"])
        grid.sort_indicator = None
        grid.marks = frozenset()
        grid.cursor_key = "K000"
        await pilot.pause()

        assert grid.take_painted() == []


async def test_update_when_the_row_is_out_of_sight_then_refreshes_nothing_and_shows_it_later():
    table = Table()
    async with shown(table) as (grid, pilot):
        grid.update(table.change("K090", 1, Cell("999.99")))
        grid.update({"no such row": [Cell("x")]})
        await pilot.pause()
        assert grid.take_painted() == []

        grid.cursor_key = "K090"
        assert any("999.99" in line for line in texts(grid))


async def test_line_when_a_row_has_changed_then_it_is_drawn_once_and_kept(monkeypatch):
    drawn, draw_row = [], drawn_rows.draw_row
    monkeypatch.setattr(drawn_rows, "draw_row", lambda line, *how: drawn.append(line.key) or draw_row(line, *how))
    table = Table()
    async with shown(table) as (grid, pilot):
        drawn.clear()
        for price in ("213.15", "213.16"):
            grid.update(table.change("K003", 1, Cell(price)))
            await pilot.pause()
            grid.refresh()
            await pilot.pause()
            assert price in texts(grid)[HEADER + 3]
        assert drawn == ["K003", "K003"]


async def test_lines_when_many_rows_have_been_in_sight_then_the_last_ones_are_kept(monkeypatch):
    drawn, draw_row = [], drawn_rows.draw_row
    monkeypatch.setattr(drawn_rows, "draw_row", lambda line, *how: drawn.append(line.key) or draw_row(line, *how))
    monkeypatch.setattr(drawn_rows, "ROWS_KEPT", 24)
    async with shown(Table()) as (grid, pilot):
        for key in ("K050", "K099"):
            grid.cursor_key = key
            await pilot.pause()
        assert len(grid._drawn) == 24
        drawn.clear()
        grid.cursor_key = "K080"
        await pilot.pause()
        grid.cursor_key = "K099"
        await pilot.pause()
        assert "K080" in drawn
        assert "K099" not in drawn


async def test_update_when_one_cell_changes_then_the_terminal_gets_few_bytes():
    table = Table()
    async with shown(table, size=(200, 60), flash_seconds=0) as (grid, _):
        grid.update(table.change("K003", 2, Cell("+1.73", "up")))
        compositor = grid.screen._compositor
        compositor.update_widgets({grid})
        written = compositor.render_update().render_segments(grid.app.console)

        assert len(written) < 260


async def test_invalidate_when_a_visible_row_has_changed_then_asks_and_refreshes_its_cell():
    table = Table()
    async with shown(table) as (grid, _):
        table.change("K002", 1, Cell("1.00"))
        table.asked.clear()
        grid.invalidate(["K002", "K050"])

        assert table.asked == ["K002"]
        assert grid.take_painted() == [Region(10, HEADER + 2, 7, 1)]


async def test_cursor_when_it_moves_one_row_then_refreshes_two_lines():
    async with shown(Table()) as (grid, _):
        grid.action_cursor_down()

        assert grid.take_painted() == [Region(0, HEADER, 60, 1), Region(0, HEADER + 1, 60, 1)]


async def test_cells_when_there_are_2000_rows_then_only_the_visible_ones_are_asked_for():
    table = Table(2000)
    async with shown(table) as (grid, pilot):
        assert set(table.asked) == set(table.keys[:10])

        table.asked.clear()
        grid.action_page_down()
        await pilot.pause()
        assert table.asked == table.keys[10:20]

        table.asked.clear()
        grid.action_page_up()
        assert table.asked == []


# The flash


def lit_signs(grid, y):
    """The characters of a line that stand on another background than the line's own."""
    line = picture(grid)[y]
    return "".join(sign for sign, style in line if style.bgcolor != line[-1][1].bgcolor)


async def until(condition):
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0)


async def test_flash_when_text_changes_then_lights_the_digits_that_differ_until_all_go_out():
    table = Table()
    async with shown(table, flash_seconds=60) as (grid, _):
        grid.update(table.change("K003", 1, Cell("213.25")))
        grid.update(table.change("K004", 2, Cell("+2.00", "up")))
        grid.take_painted()
        assert lit_signs(grid, HEADER + 3) == "25"
        assert lit_signs(grid, HEADER + 4) == "2.00"

        grid._put_out()
        assert lit_signs(grid, HEADER + 3) == lit_signs(grid, HEADER + 4) == ""
        assert grid.take_painted() == [Region(10, HEADER + 3, 7, 1), Region(18, HEADER + 4, 6, 1)]


async def test_flash_when_its_time_is_over_then_goes_out():
    table = Table()
    async with shown(table, flash_seconds=0.01) as (grid, _):
        grid.update(table.change("K003", 1, Cell("213.25")))
        assert lit_signs(grid, HEADER + 3) == "25"

        await until(lambda: not lit_signs(grid, HEADER + 3))


async def test_flash_when_the_role_is_up_or_down_then_the_backgrounds_differ():
    table = Table()
    async with shown(table, flash_seconds=60) as (grid, _):
        grid.update(table.change("K003", 1, Cell("213.15", "up")))
        grid.update(table.change("K004", 1, Cell("213.15", "down")))
        grid.update(table.change("K005", 1, Cell("213.15")))

        lit = {picture(grid)[HEADER + row][16][1].bgcolor for row in (3, 4, 5)}
        assert len(lit) == 3


@pytest.mark.parametrize("old", [MISSING, Cell("213.14")], ids=["unknown", "reduced motion"])
async def test_flash_when_it_was_unknown_or_motion_is_reduced_then_there_is_none(old):
    table = Table()
    table.change("K003", 1, old)
    async with shown(table, flash_seconds=60) as (grid, _):
        grid.app.calm = old != MISSING
        grid.update(table.change("K003", 1, Cell("213.15")))

        assert lit_signs(grid, HEADER + 3) == ""
        assert "213.15" in texts(grid)[HEADER + 3]


async def test_flash_when_the_column_has_none_then_the_cell_stays_dark():
    table = Table()
    async with shown(table, flash_seconds=60) as (grid, _):
        grid.update(table.change("K003", 4, Cell("news")))

        assert lit_signs(grid, HEADER + 3) == ""


# The cursor


async def test_cursor_when_rows_are_reordered_then_follows_its_key_and_keeps_its_line():
    table = Table()
    async with shown(table) as (grid, _):
        grid.cursor_key = "K005"
        grid.set_rows(list(reversed(table.keys)), table.cells)

        assert grid.cursor_key == "K005"
        assert texts(grid)[HEADER + 5].split()[:2] == [">", "K005"]


async def test_reorder_when_rows_move_then_those_in_sight_keep_their_cells_and_are_asked_again_in_slices():
    table = Table()
    async with shown(table) as (grid, pilot):
        table.change("K009", 1, Cell("1.00"))
        table.change("K050", 1, Cell("2.00"))
        table.asked.clear()
        grid.reorder(["K000", "K050", *reversed(table.keys[1:10]), *table.keys[51:]])
        at_once = list(table.asked)
        while grid.renewing:
            await asyncio.sleep(0)
        await pilot.pause()

        assert "K050" in at_once, "nothing is known of it yet"
        assert len(at_once) <= SLICE + 1
        assert set(table.asked) == set(grid.visible_keys())
        assert [line.split()[:2] for line in texts(grid)[HEADER + 2 : HEADER + 5]] == [
            ["K009", "1.00"],
            ["K008", "213.14"],
            ["K007", "213.14"],
        ]


@pytest.mark.parametrize("cursor", ["K000", "K012", "K099"])
async def test_reorder_when_the_rows_that_come_are_known_then_none_is_asked_for_at_once(cursor: str):
    table = Table()
    async with shown(table) as (grid, _):
        grid.cursor_key = cursor
        order = [*table.keys[50:], *table.keys[:50]]
        coming = grid.coming(order)
        cells = {key: tuple(table.cells(key)) for key in coming}
        seen = set(grid.visible_keys())
        table.asked.clear()
        grid.renew = lambda _keys: None  # type: ignore[method-assign]
        grid.reorder(order, cells)

        assert set(grid.visible_keys()) - seen == set(coming)
        assert table.asked == []


async def test_reorder_when_a_row_was_out_of_sight_then_its_cells_are_asked_for_when_it_shows():
    table = Table()
    async with shown(table) as (grid, _):
        grid.invalidate(["K060"])
        table.change("K060", 1, Cell("2.00"))
        grid.reorder(["K000", "K060", *table.keys[1:60]])

        assert texts(grid)[HEADER + 1].split()[:2] == ["K060", "2.00"]


async def test_cursor_when_its_row_goes_then_stays_at_the_nearest_row():
    table = Table()
    async with shown(table) as (grid, pilot):
        grid.cursor_key = "K005"
        grid.set_rows([key for key in table.keys if key != "K005"], table.cells)
        assert grid.cursor_key == "K006"

        grid.set_rows(table.keys[:3], table.cells)
        assert grid.cursor_key == "K002"

        grid.set_rows([], table.cells)
        await pilot.pause()
        assert grid.cursor_key is None
        assert grid.app.heard[-2:] == [("viewport", ()), ("cursor", None)]


async def test_cursor_when_paging_then_moves_by_pages_and_stops_at_the_ends():
    async with shown(Table(25)) as (grid, _):
        places = []
        for action in ("page_down", "page_down", "page_down", "page_up", "half_page_up", "last", "first"):
            getattr(grid, f"action_{action}")()
            places.append((grid.cursor_key, grid.visible_keys()[0]))

        assert places == [
            ("K010", "K010"),
            ("K020", "K015"),
            ("K024", "K015"),
            ("K014", "K005"),
            ("K009", "K000"),
            ("K024", "K015"),
            ("K000", "K000"),
        ]


async def test_cursor_when_a_page_is_turned_then_the_header_is_not_repainted():
    async with shown(Table()) as (grid, _):
        grid.action_page_down()

        assert {region.y for region in grid.take_painted()} == set(range(HEADER, 12))


async def test_cursor_column_when_it_leaves_the_line_then_the_columns_scroll_and_the_symbol_stays():
    async with shown(Table(), size=(27, 12)) as (grid, _):
        seen = [grid.cursor_column]
        for _ in range(5):
            grid.action_cursor_right()
            seen.append(grid.cursor_column)
        line = texts(grid)[HEADER]

        assert seen == ["symbol", "last", "day", "week", "note", "note"]
        assert line == ">  K000    -0.50 note"
        grid.cursor_column = "last"
        assert texts(grid)[HEADER] == ">  K000    213.14  +1.72"
        grid.action_cursor_left()
        assert grid.cursor_column == "symbol"


async def test_keys_when_the_grid_has_the_focus_then_it_takes_none_of_them():
    assert WatchedGrid()._bindings.key_to_bindings == BindingsMap().key_to_bindings


async def test_scroll_when_the_wheel_turns_then_the_rows_move_and_the_cursor_does_not():
    table = Table()
    async with shown(table) as (grid, pilot):
        await pilot._post_mouse_events([MouseScrollDown], grid, (5, 5))
        await pilot.pause()

        assert grid.visible_keys()[0] > "K000"
        assert grid.cursor_key == "K000"
        assert ("viewport", grid.visible_keys()) in grid.app.heard


async def test_scroll_when_the_wheel_turns_sideways_then_whole_columns_go_and_no_further_than_needed():
    async with shown(Table(), size=(27, 12)) as (grid, pilot):
        seen = []
        for _ in range(4):
            await pilot._post_mouse_events([MouseScrollRight], grid, (5, 5))
            await pilot.pause()
            seen.append(texts(grid)[HEADER].split()[2:])
        assert seen == [["+1.72", "-0.50"], *[["-0.50", "note"]] * 3]

        await pilot.resize_terminal(60, 12)
        assert texts(grid)[HEADER].split()[2:] == ["213.14", "+1.72", "-0.50", "note"]


# Marks, mouse, header


async def test_mark_when_toggled_then_shows_a_sign_and_survives_a_filter():
    table = Table()
    async with shown(table) as (grid, pilot):
        grid.action_toggle_mark()
        assert grid.take_painted() == [Region(0, HEADER, 2, 1)]
        grid.action_cursor_down()
        assert texts(grid)[HEADER].startswith(" • K000")

        grid.set_rows(table.keys[5:], table.cells)
        assert grid.marks == {"K000"}
        grid.set_rows(table.keys, table.cells)
        grid.cursor_key = "K000"
        grid.action_toggle_mark()
        await pilot.pause()
        assert [heard for heard in grid.app.heard if heard[0] == "marks"] == [
            ("marks", frozenset({"K000"})),
            ("marks", frozenset()),
        ]


async def test_click_when_on_a_row_then_moves_there_and_a_double_click_opens():
    async with shown(Table()) as (grid, pilot):
        await pilot.click(grid, offset=(20, HEADER + 4))
        assert (grid.cursor_key, grid.cursor_column) == ("K004", "day")
        assert ("cursor", "K004") in grid.app.heard
        assert ("opened", "K004") not in grid.app.heard

        await pilot.click(grid, offset=(20, HEADER + 6), times=2)
        assert ("opened", "K006") in grid.app.heard


async def test_click_when_on_a_title_then_tells_the_column():
    async with shown(Table()) as (grid, pilot):
        await pilot.click(grid, offset=(20, 1))
        await pilot.click(grid, offset=(59, 1))
        await pilot.pause()

        assert grid.app.heard == [("header", "day")]


async def test_open_when_there_are_no_rows_then_says_nothing():
    async with shown(Table(0)) as (grid, pilot):
        for action in ("open", "toggle_mark", "cursor_down", "cursor_up", "page_down", "last", "first"):
            getattr(grid, f"action_{action}")()
        await pilot.pause()

        assert grid.app.heard == []


async def test_header_when_sorted_then_has_an_arrow_and_costs_the_header_alone():
    async with shown(Table()) as (grid, _):
        grid.sort_indicator = ("day", True)

        assert grid.take_painted() == [Region(0, 0, 60, HEADER)]
        assert texts(grid)[:HEADER] == [
            "                  ── change ───",
            "   Symbol    Last    ▼1D     1W Note",
        ]


async def test_set_columns_when_they_change_then_cells_are_asked_again_and_the_cursor_keeps_its_column():
    table = Table(3)
    async with shown(table) as (grid, pilot):
        grid.cursor_column = "day"
        table.asked.clear()
        table.rows = {key: [Cell(key), Cell("x")] for key in table.keys}
        grid.set_columns([Column("symbol", "Sym", 5, align="left", fixed=True), Column("day", "1D", 3)])
        await pilot.pause()

        assert grid.cursor_column == "day"
        assert texts(grid)[:2] == ["   Sym    1D", ">  K000    x"]
        assert table.asked == table.keys


# Odd cells and odd sizes


async def test_cell_when_its_text_is_wide_long_or_hostile_then_the_columns_stay_in_line():
    table = Table(5)
    table.change("K000", 4, Cell("日本語の長い名前"))
    table.change("K001", 1, Cell("123456789.00"))
    table.change("K002", 4, Cell("a\x1b[2Jb\nc"))
    table.rows["K003"] = [Cell("K003"), Cell("1")]
    table.change("K004", 1, Cell("1", "no such role"))
    async with shown(table) as (grid, _):
        lines = texts(grid)[HEADER:]

        assert lines[0].endswith("日本語の…")
        assert lines[1].split()[1] == "123456…"
        assert lines[2].endswith("a\ufffd[2Jb c")
        assert lines[3] == "   K003         1"
        assert all(len(line) == 60 for line in picture(grid))
        assert picture(grid)[HEADER + 4][16][1] == picture(grid)[HEADER + 3][16][1]


async def test_grid_when_it_is_empty_then_shows_its_text_in_the_middle():
    async with shown(Table(0)) as (grid, _):
        grid.empty_text = "nothing here"

        assert texts(grid)[6] == "nothing here".rjust(36)
        assert len([line for line in texts(grid) if line]) == HEADER + 1


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (10, 3), (200, 60)])
async def test_grid_when_the_terminal_is_any_size_then_it_keeps_working(size):
    table = Table(30)
    async with shown(table, size=size) as (grid, pilot):
        for action in ("cursor_down", "last", "page_up", "cursor_right", "cursor_right", "toggle_mark", "first"):
            getattr(grid, f"action_{action}")()
            await pilot.pause()
        grid.update(table.change("K000", 1, Cell("5.00")))

        assert grid.cursor_key == "K000"
        assert [(len(line)) for line in picture(grid)] == [size[0]] * size[1]


async def test_grid_when_the_terminal_shrinks_then_the_cursor_stays_in_sight():
    async with shown(Table(), size=(60, 30)) as (grid, pilot):
        grid.cursor_key = "K025"
        await pilot.resize_terminal(20, 8)
        await pilot.pause()

        assert "K025" in grid.visible_keys()
        assert any(line.startswith(">  K025") for line in texts(grid))


async def test_set_rows_when_called_before_mount_then_shows_them_once_mounted():
    table = Table(3)
    grid = WatchedGrid(COLUMNS)
    grid.set_rows(table.keys, table.cells)
    grid.cursor_key = "K001"
    assert table.asked == []
    async with GridApp(grid).run_test(size=(60, 8)):
        assert texts(grid)[HEADER + 1].startswith(">  K001")


async def test_theme_when_it_changes_then_the_lines_are_drawn_anew():
    async with shown(Table()) as (grid, pilot):
        before = picture(grid)
        grid.app.theme = "textual-light"
        await pilot.pause()

        assert picture(grid) != before
        assert [sign for sign, _ in picture(grid)[5]] == [sign for sign, _ in before[5]]


async def test_styles_when_the_rules_are_others_then_the_grid_is_repainted_once():
    async with shown(Table()) as (grid, pilot):
        await pilot.pause()
        grid.take_painted()
        before = picture(grid)

        grid.app.stylesheet.add_source("WatchedGrid > .grid--up { color: red; }")
        grid.app.refresh_css()
        await pilot.pause()
        await pilot.pause()
        assert picture(grid) != before
        assert grid.take_painted() == [None]


async def test_styles_when_a_class_changes_then_those_of_the_parts_are_not_worked_out_again():
    async with shown(Table()) as (grid, pilot):
        await pilot.pause()
        before = dict(grid._component_styles)
        grid.screen.add_class("quiet")
        grid.add_class("loud")
        await pilot.pause()
        assert grid._component_styles.keys() == before.keys()
        assert all(grid._component_styles[name] is style for name, style in before.items())


# Whatever happens, in any order


class GridMachine(RuleBasedStateMachine):
    """A screen that is painted only where the grid says so always shows what the grid would draw."""

    keys = st.lists(st.sampled_from(string.ascii_uppercase), unique=True, max_size=26)

    @initialize(keys=keys, size=st.sampled_from([(60, 9), (24, 5), (9, 3), (1, 1)]))
    def open_app(self, keys, size):
        self.runner = asyncio.Runner()
        self.context = copy_context()
        self.grid = WatchedGrid(COLUMNS, flash_seconds=1000)
        self.test = GridApp(self.grid).run_test(size=size)
        self.pilot = self.run(self.test.__aenter__())
        self.values = dict.fromkeys(string.ascii_uppercase, 100)
        self.marks = frozenset()
        self.screen = None
        self.show(keys)

    def run(self, task):
        return self.runner.run(task, context=self.context)

    def do(self, call, *arguments):
        async def inside():
            call(*arguments)
            await self.pilot.pause()

        self.run(inside())

    def show(self, keys):
        self.do(self.grid.set_rows, keys, self.cells)

    def cells(self, key):
        value = self.values[key]
        return [Cell(key), Cell(f"{value:.2f}"), Cell(f"{value % 7}", "up" if value % 2 else "down")]

    @rule(keys=keys)
    def rows(self, keys):
        followed, line = self.grid.cursor_key, self.line()
        self.show(keys)
        assert followed not in keys or self.grid.cursor_key == followed
        room = len(keys) > len(self.grid.visible_keys())
        if followed in keys and line is not None and not room and self.line() is not None:
            assert self.line() == keys.index(followed)

    @rule(keys=keys)
    def other_order(self, keys):
        followed = self.grid.cursor_key
        self.do(self.grid.reorder, keys)
        self.run(self.renewed())
        assert followed not in keys or self.grid.cursor_key == followed

    async def renewed(self):
        while self.grid.renewing:
            await asyncio.sleep(0)

    def line(self):
        visible = self.grid.visible_keys()
        return visible.index(self.grid.cursor_key) if self.grid.cursor_key in visible else None

    @rule(
        action=st.sampled_from(
            [
                "cursor_up",
                "cursor_down",
                "cursor_left",
                "cursor_right",
                "first",
                "last",
                "page_up",
                "page_down",
                "half_page_up",
                "half_page_down",
            ]
        )
    )
    def move(self, action):
        self.do(getattr(self.grid, f"action_{action}"))
        if "left" not in action and "right" not in action and self.grid.visible_keys():
            assert self.grid.cursor_key in self.grid.visible_keys()

    @rule(key=st.sampled_from(string.ascii_uppercase), step=st.integers(-120, 120))
    def change_any(self, key, step):
        self.change(key, step)

    def change(self, key, step):
        self.values[key] += step
        self.do(self.grid.update, {key: self.cells(key)})

    @rule(place=st.integers(0, 8), step=st.integers(1, 9))
    def change_visible(self, place, step):
        if place < len(self.grid.visible_keys()):
            self.change(self.grid.visible_keys()[place], step)

    @rule(key=st.sampled_from(string.ascii_uppercase))
    def change_unseen(self, key):
        self.values[key] += 1
        self.do(self.grid.invalidate, [key])

    @rule()
    def mark(self):
        if (key := self.grid.cursor_key) is not None:
            self.marks ^= {key}
        self.do(self.grid.action_toggle_mark)

    @rule(top=st.integers(-3, 30))
    def scroll(self, top):
        self.do(lambda: self.grid.scroll_to(y=top, animate=False, force=True))

    @rule()
    def put_out(self):
        self.do(self.grid._put_out)

    @rule(size=st.sampled_from([(60, 9), (24, 5), (9, 3), (1, 1)]))
    def resize(self, size):
        self.run(self.pilot.resize_terminal(*size))
        self.do(lambda: None)

    @precondition(lambda self: hasattr(self, "grid"))
    @invariant()
    def holds(self):
        grid = self.grid
        assert (grid.cursor_key is None) == (not grid.keys)
        assert grid.cursor_key is None or grid.cursor_key in grid.keys
        assert grid.marks == self.marks
        visible = grid.visible_keys()
        assert not visible or visible == grid.keys[grid.keys.index(visible[0]) :][: len(visible)]
        drawn = self.run(self.draw())
        for y, key in enumerate(visible, HEADER):
            line = "".join(sign for sign, _ in drawn[y])
            width = len(line)
            assert line[:1] == (">" if key == grid.cursor_key else " ")[:width]
            assert line[1:2] == ("•" if key in self.marks else " ")[: width - 1]
            assert width < 10 or line[3:9].strip() == key
            assert width < 60 or line[10:17].strip() == f"{self.values[key]:.2f}"
        self.paint(drawn)
        assert self.screen == drawn

    async def draw(self):
        return picture(self.grid)

    def paint(self, drawn):
        """Take over of `drawn` only what the grid said it repaints."""
        for region in self.grid.take_painted():
            if region is None or self.screen is None or len(self.screen) != len(drawn):
                self.screen = [list(line) for line in drawn]
                continue
            for y in range(region.y, min(region.bottom, len(drawn))):
                self.screen[y][region.x : region.right] = drawn[y][region.x : region.right]

    def teardown(self):
        if hasattr(self, "test"):
            self.run(self.test.__aexit__(None, None, None))
            self.runner.close()


TestGridMachine = GridMachine.TestCase
TestGridMachine.settings = settings(
    max_examples=20,
    stateful_step_count=25,
    deadline=None,
    # Every step runs a real app: shrinking would take minutes, and the steps say enough.
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)

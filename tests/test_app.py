"""Every key of the table, pressed on the app over the simulated market."""

import asyncio
from pathlib import Path

import pytest
from rich.style import Style
from textual.command import CommandList
from textual.css.stylesheet import Stylesheet
from textual.widget import Widget
from textual.widgets import Input, OptionList

from tests.face import app_over, demo, opened, press, quiet, text, type_ahead
from tests.fakes.source import NOON, FakeSource, bars, quote
from tui.analytics.windows import Window
from tui.app import PAST_TICKS, Outpace
from tui.columns import in_order
from tui.commands import Palette
from tui.keys import KEYS
from tui.panels.watch import Watch
from tui.screens.keys_help import KeysHelp
from tui.screens.monitor import Monitor
from tui.screens.symbol import SymbolScreen
from tui.view import ChartKind
from tui.watchlists import Watchlists
from tui.widgets.pen import cells_of

TRIED: set[str] = set()
"""Ids of the keys that a test here presses."""


def said(app: Outpace, words: str) -> bool:
    """Whether a message has these words, on the hint line or, where it is too long for that, in a box."""
    return words in text(app) or any(words in each.message for each in app._notifications)


def cells_rows(widget: Widget) -> list[list[tuple[str, Style | None]]]:
    """The cells of a widget's lines, with their looks."""
    return [cells_of(widget.render_line(y)) for y in range(widget.size.height)]


def tries(*ids: str) -> pytest.MarkDecorator:
    """Note which keys of the table a test presses."""
    TRIED.update(ids)
    return pytest.mark.keys(*ids)


@tries("down", "up", "first", "last", "page_down", "page_up", "half_down", "half_up")
async def test_moving_keys_move_the_cursor(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (80, 12)) as pilot:
        grid = app.page.grid()
        assert grid is not None
        rows = list(grid.keys)
        seen = []
        for key in ("j", "down", "k", "up", "G", "g", "end", "home", "pagedown", "pageup", "ctrl+d", "ctrl+u"):
            await press(app, pilot, key)
            seen.append(rows.index(grid.cursor_key or ""))
        last = len(rows) - 1
        assert seen[:8] == [1, 2, 1, 0, last, 0, last, 0]
        assert 1 < seen[8] <= last
        assert seen[9] == 0
        assert 1 < seen[10] < seen[8]
        assert seen[11] == 0


@tries("left", "right", "sort", "reverse")
async def test_sorting_by_a_column_puts_the_best_first_and_again_restores_the_list(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app) as pilot:
        grid = app.page.grid()
        assert grid is not None
        listed = list(grid.keys)
        await press(app, pilot, "l", "l", "right", "left", "s")
        assert grid.cursor_column == "change"
        changes = [app.board.row(key).figures.returns["1D"] for key in grid.keys]  # type: ignore[union-attr]
        assert changes == sorted(changes, reverse=True)
        await press(app, pilot, "S")
        assert list(grid.keys) != listed
        assert app.view.sort == ("change", False)
        await press(app, pilot, "s")
        assert list(grid.keys) == listed
        await press(app, pilot, "h")
        assert grid.cursor_column == "last"


@tries("window_shorter", "window_longer")
async def test_brackets_change_the_window_everywhere(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app) as pilot:
        await press(app, pilot, "right_square_bracket")
        assert app.view.window is Window.MTD
        assert "Trend MTD" in text(app)
        await type_ahead(app, pilot, *["left_square_bracket"] * 20)
        assert app.view.window is Window.D1
        assert "vs SPY  1D" in text(app)


@tries("benchmark")
async def test_another_benchmark_measures_everything_anew(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app) as pilot:
        before = app.board.row("QQQ").figures.excess["1M"]  # type: ignore[union-attr]
        await press(app, pilot, "b", "q", "q", "q", "enter")
        assert app.view.benchmark == "QQQ"
        assert "excess vs QQQ" in text(app)
        assert app.board.row("QQQ").figures.excess["1M"] == 0.0 != before  # type: ignore[union-attr]
        await press(app, pilot, "b", "escape")
        assert app.view.benchmark == "QQQ"


@tries("chart")
async def test_c_goes_through_the_kinds_of_chart(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app) as pilot:
        kinds = [app.view.chart]
        for _ in range(3):
            await press(app, pilot, "c")
            kinds.append(app.view.chart)
        assert kinds == [ChartKind.REBASED, ChartKind.RATIO, ChartKind.SPREAD, ChartKind.REBASED]


async def test_c_on_a_symbol_goes_from_its_price_to_the_comparison_and_back(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app) as pilot:
        await press(app, pilot, "enter")
        titles = []
        for _ in range(5):
            titles.append(
                next(line for line in text(app).splitlines() if "IWM" in line and "1M  " in line and "─" in line)
            )
            await press(app, pilot, "c")
        kinds = ("close and volume", "rebased to 100", "relative strength", "excess, pp", "close and volume")
        assert [kind in title for kind, title in zip(kinds, titles, strict=True)] == [True] * 5


@tries("volume")
async def test_v_changes_the_sessions_behind_the_volume_ratio(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app) as pilot:
        assert "Vol×63" in text(app)
        await press(app, pilot, "v")
        assert "Vol×10" in text(app)
        assert "Volume ratio, 10 sessions" in text(app)


@tries("filter", "unfilter")
async def test_a_filter_narrows_while_it_is_typed_and_esc_takes_it_back(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app) as pilot:
        grid = app.page.grid()
        assert grid is not None
        await press(app, pilot, "slash", *"russell")
        assert {"IWM", "VTWO", "^RUT"} <= set(grid.keys)
        assert "SPY" not in grid.keys
        await press(app, pilot, "escape")
        assert "SPY" in grid.keys
        await press(app, pilot, "slash", *"zzz", "enter")
        assert "No row has “zzz”. Press F to show all." in text(app)
        await press(app, pilot, "F")
        assert "SPY" in grid.keys


@tries("mark", "copy")
async def test_marked_rows_are_compared_and_copied(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app) as pilot:
        copied: list[str] = []
        app.copy_to_clipboard = copied.append  # type: ignore[method-assign]
        await press(app, pilot, "space", "j", "j", "space", "y")
        assert app.view.marks == {"IWM", "QQQ"}
        assert "IWM, QQQ vs SPY" in text(app)
        lines = copied[0].splitlines()
        assert lines[0].startswith("symbol\tname\tlast")
        assert [line.split("\t")[0] for line in lines[1:]] == ["IWM", "QQQ"]


@tries("list", "previous_list")
async def test_w_toggles_the_lists_and_wraps_around(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app) as pilot:
        seen = []
        for key in ("w", "w", "w", "W", "W"):
            await press(app, pilot, key)
            seen.append(app.view.list_name)
        assert seen == ["Sectors", "Biotech", "Rotation", "Biotech", "Sectors"]
        assert "XLK" in text(app)


@tries("add", "remove", "undo")
async def test_symbols_are_added_by_pasting_removed_and_brought_back(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app) as pilot:
        await press(app, pilot, "a", *"tlt,xlk xlf", "enter")
        assert app.view.symbols[-3:] == ("TLT", "XLK", "XLF")
        on_disk = Watchlists(app.paths.lists_file)
        on_disk.load()
        assert on_disk.get("Rotation").symbols[-3:] == ("TLT", "XLK", "XLF")
        await press(app, pilot, "G", "d")
        assert "XLF" not in app.view.symbols
        await press(app, pilot, "u")
        assert app.view.symbols[-1] == "XLF"


async def test_what_is_no_symbol_is_named_and_the_rest_is_added(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app) as pilot:
        await press(app, pilot, "a", *"tlt ???", "enter")
        assert app.view.symbols[-1] == "TLT"
        assert "not symbols: ???" in text(app)


async def test_an_unknown_symbol_is_a_row_that_says_so(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app) as pilot:
        await press(app, pilot, "a", *"nosuch", "enter", "G")
        assert any("NOSUCH" in line and "unknown" in line for line in text(app).splitlines())


@tries("open", "back", "monitor")
async def test_enter_opens_a_symbol_and_esc_and_1_go_back(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app) as pilot:
        await press(app, pilot, "j", "j", "j", "enter")
        assert isinstance(app.page, SymbolScreen)
        assert "Rotation › QQQS" in text(app)
        assert "52-week range" in text(app)
        assert "Volume ratio, 63" in text(app)
        await press(app, pilot, "escape", "escape", "escape")
        assert isinstance(app.page, Monitor)
        assert app.is_running
        await press(app, pilot, "enter", "1")
        assert isinstance(app.page, Monitor)


@pytest.mark.parametrize("way", [(), ("2",), ("3",), ("4",), ("4", "enter")], ids="-".join)
async def test_enter_pressed_again_before_the_next_screen_is_there_opens_one(
    tmp_path: Path, way: tuple[str, ...]
) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app) as pilot:
        await press(app, pilot, *way)
        table, depth = app.page.grid(), len(app.pages)
        assert table is not None
        for _ in range(3):
            table.action_open()
        await quiet(app, pilot)
        assert len(app.pages) == depth + 1


@tries("zoom", "next_panel", "previous_panel")
async def test_z_gives_the_panel_in_use_the_whole_screen(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app) as pilot:
        await press(app, pilot, "tab", "z")
        assert app.focused is not None
        assert app.focused.id == "relative"
        assert app.focused.size.height > 30
        assert "Symbol" not in text(app)
        await press(app, pilot, "tab")
        assert app.focused.id == "volume"
        await press(app, pilot, "z", "shift+tab", "shift+tab")
        assert app.focused.id == "watch"
        assert "Symbol" in text(app)


def two_priced(folder: Path) -> tuple[FakeSource, Outpace]:
    """A market of two symbols that a test sends more prices of, and the app over it."""
    source = FakeSource({name: bars(name, [100.0] * 300) for name in ("IWM", "SPY")})
    source.send(quote("IWM", 111.11), quote("SPY", 100.0), epoch=1)
    return source, app_over(source, folder, symbols="IWM,SPY")


@tries("pause")
async def test_a_pause_holds_the_picture_while_quotes_come_in(tmp_path: Path) -> None:
    source, app = two_priced(tmp_path)
    async with opened(app) as pilot:
        assert app.engine is not None
        await press(app, pilot, "p")
        assert "PAUSED" in text(app)
        source.send(quote("IWM", 222.22, as_of=NOON.timestamp() + 1), epoch=app.engine.wanted.now.epoch)
        while app.engine.live.quotes["IWM"].price != 222.22:
            await pilot.pause()
        await quiet(app, pilot)
        assert "111.11" in text(app)
        await press(app, pilot, "p")
        assert "222.22" in text(app)


async def test_a_past_session_says_what_it_waits_for_no_longer_than_until_it_has_come(tmp_path: Path) -> None:
    source, app = two_priced(tmp_path)
    async with opened(app) as pilot:
        assert app.engine is not None
        app.past = True
        del app.engine.live.quotes["SPY"]
        app._ticks = PAST_TICKS - 1
        app._tick()
        await pilot.pause()
        assert "WAITING" in text(app)
        source.send(quote("SPY", 122.22, as_of=NOON.timestamp() + 1), epoch=app.engine.wanted.now.epoch)
        while "122.22" not in text(app):
            await pilot.pause()
        app._ticks = 0
        app._tick()
        await pilot.pause()
        assert "WAITING" not in text(app)


@tries("refresh")
async def test_r_asks_the_source_again(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app) as pilot:
        assert app.engine is not None
        before = app.engine.wanted.now.epoch
        await press(app, pilot, "r")
        assert app.engine.wanted.now.epoch == before + 1


@tries("theme")
async def test_a_theme_is_previewed_and_esc_takes_it_back(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path, theme="dark")
    async with opened(app) as pilot:
        await press(app, pilot, "t", *"light")
        assert app.theme == "light"
        await press(app, pilot, "escape")
        assert app.theme == "dark"
        await press(app, pilot, "t", *"red-up", "enter")
        assert app.theme == "red-up"


@tries("export")
@pytest.mark.parametrize(
    ("ending", "starts"), [("csv", "symbol,name,last"), ("json", "{"), ("ndjson", '{"symbol":"IWM"')]
)
async def test_the_view_is_exported_in_the_format_of_the_ending(tmp_path: Path, ending: str, starts: str) -> None:
    app = app_over(demo(), tmp_path)
    target = tmp_path / f"rows.{ending}"
    async with opened(app) as pilot:
        await press(app, pilot, "e")
        app.screen.query_one(Input).value = str(target)
        await press(app, pilot, "enter")
        assert target.read_text(encoding="utf-8").startswith(starts)
        target.write_text("mine", encoding="utf-8")
        await press(app, pilot, "e")
        app.screen.query_one(Input).value = str(target)
        await press(app, pilot, "enter")
        assert target.read_text(encoding="utf-8") == "mine"
        assert said(app, "is there already")


async def test_a_palette_that_is_closed_while_it_is_filled_leaves_the_program_running(tmp_path: Path) -> None:
    """By Textual's own its list is looked for when it is gone already, and the program ends."""
    app = app_over(demo(), tmp_path)
    async with opened(app, (80, 24)) as pilot:
        await press(app, pilot, "colon")
        palette = app.screen
        assert isinstance(palette, Palette)
        await palette.query_one(CommandList).remove()
        palette._list_visible = not palette._list_visible
        palette._show_busy = not palette._show_busy
        palette._gather_commands("window")
        await quiet(app, pilot)
        await press(app, pilot, "escape", "j")
        assert app.screen is app.page
        assert app.is_running


@tries("commands")
async def test_a_command_is_found_by_its_words(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app) as pilot:
        await pilot.press("colon")
        app.screen.query_one(Input).value = "list: sectors"
        found = app.screen.query_one(OptionList)
        async with asyncio.timeout(20):
            while not (found.option_count == 1 and "Sectors" in str(found.get_option_at_index(0).prompt)):
                await pilot.pause()
        await pilot.press("enter", "enter")
        await quiet(app, pilot)
        assert app.view.list_name == "Sectors"


@tries("help")
@pytest.mark.parametrize("size", [(40, 20), (120, 40)])
async def test_help_shows_every_key_of_the_table(tmp_path: Path, size: tuple[int, int]) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, size) as pilot:
        await press(app, pilot, "question_mark")
        assert isinstance(app.screen, KeysHelp)
        from tui.screens.keys_help import help_text

        assert all(key.help in help_text({}).plain for key in KEYS)
        before = text(app)
        await press(app, pilot, "j", "j", "pagedown")
        assert text(app) != before or size[1] == 40
        await press(app, pilot, "escape")
        assert isinstance(app.page, Monitor)


@tries("quit")
async def test_q_leaves_with_exit_code_0(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app) as pilot:
        await pilot.press("q")
    assert app.return_code == 0


async def test_rebound_keys_work_and_the_hint_line_shows_them(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path, keys={"list": ["x"], "filter": ["o"]})
    async with opened(app) as pilot:
        assert "x lists" in text(app)
        assert "o filter" in text(app)
        await press(app, pilot, "x")
        assert app.view.list_name == "Sectors"
        await press(app, pilot, "w")
        assert app.view.list_name == "Sectors"


def test_every_key_of_the_table_is_pressed_by_a_test() -> None:
    by_hand = {"suspend", "sectors", "fund", "compare"}
    """In a real terminal, and inside a fund (`test_funds_screens`)."""
    by_hand |= {"relative", "volume_screen", "events", "drivers", "definitions"}
    """With their own screens, in `tests/screens`."""
    by_hand |= {"alert"}
    """In `test_alert_watch`."""
    own = {"relative", "volume", "events", "drivers"}
    assert {key.id for key in KEYS if key.scope not in own} - TRIED == by_hand


@pytest.mark.parametrize("size", [(10, 3), (39, 20), (80, 7)])
async def test_a_terminal_that_is_too_small_says_what_it_needs(tmp_path: Path, size: tuple[int, int]) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, size):
        assert "too small" in text(app)
        assert "40x8" in text(app)


async def test_an_empty_list_says_how_to_fill_it(tmp_path: Path) -> None:
    Watchlists(tmp_path / "config" / "watchlists.toml").create("Empty", (), "SPY")
    app = app_over(demo(), tmp_path, list="Empty")
    async with opened(app):
        assert "This list is empty. Press a to add symbols." in text(app)


async def test_a_benchmark_without_data_leaves_the_returns_and_says_why(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path, benchmark="NOSUCH")
    async with opened(app):
        assert app.board.row("IWM").figures.returns["1M"] is not None  # type: ignore[union-attr]
        assert "Waiting for the history of NOSUCH" in text(app) or "NOSUCH is not known" in text(app)


async def test_a_list_of_2000_opens_and_scrolls(tmp_path: Path) -> None:
    symbols = [f"Q{i}" for i in range(2000)]
    app = app_over(demo(), tmp_path, symbols=",".join(symbols))
    async with opened(app) as pilot:
        grid = app.page.grid()
        assert grid is not None
        await press(app, pilot, "G")
        assert grid.cursor_key == "Q1999"
        assert "Q1999" in text(app)


async def test_a_read_only_home_is_a_message_and_the_list_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tui.watchlists.write_atomic", refuse)
    app = app_over(demo(), tmp_path)
    async with opened(app) as pilot:
        await press(app, pilot, "d")
        assert "IWM" in app.view.symbols
        assert said(app, "Permission denied")


@pytest.mark.parametrize("diff", [True, False])
def test_the_driver_that_sends_only_what_differs_is_there_for_the_asking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, diff: bool
) -> None:
    from tui.link.driver import DiffDriver

    monkeypatch.delenv("TEXTUAL_DRIVER", raising=False)
    app = app_over(demo(), tmp_path, diff=diff)
    assert issubclass(app.driver_class, DiffDriver) is diff


async def test_the_first_screen_is_the_monitor_and_its_styles_are_parsed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again: list[object] = []
    monkeypatch.setattr(Stylesheet, "reparse", again.append)
    app = app_over(demo(), tmp_path)
    async with opened(app):
        assert [type(screen) for screen in app.screen_stack] == [Monitor]
        assert not again


@pytest.mark.parametrize("window", [Window.D1, Window.M3])
async def test_the_order_by_an_excess_is_that_of_the_rows(tmp_path: Path, window: Window) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (200, 60)) as pilot:
        app.view.sort = (f"excess_{window}", True)
        app.page.show_all()
        await pilot.pause()
        watch = app.query_one("#watch", Watch)
        at_once = list(watch.keys)
        app.view.sort = None
        app.page.show_all()
        await pilot.pause()
        app.view.sort = (f"excess_{window}", True)
        await watch.settle_gently()
        found = {
            row.symbol: row.figures.excess.get(window) if row.figures else None
            for row in map(app.board.row, watch.keys)
        }
        assert list(watch.keys) == at_once == in_order({key: found[key] for key in app.view.symbols}, descending=True)
        assert sum(value is not None for value in found.values()) > 5


async def test_in_sixteen_colours_the_cursors_row_is_one_bar_and_what_flashes_in_it_the_other_way_round(
    tmp_path: Path,
) -> None:
    """On a plain console bold is dark grey in reverse video, and green a ground that green and red are read badly on."""
    app = app_over(demo(), tmp_path, theme="ansi")
    async with opened(app):
        watch = app.query_one("#watch", Watch)
        row = next(each for each in cells_rows(watch) if each[0][0] == ">")
        looks = {(look.reverse, look.bold, look.color) for _, look in row if look is not None}
        assert [(reverse, bold) for reverse, bold, _ in looks] == [(True, None)]
        lit = watch._style("cursor", "up", "flash-up")
        assert not lit.reverse
        assert lit.bgcolor != watch._style("cursor", "up").bgcolor


@pytest.mark.parametrize("theme", ["ansi", "dark", "light"])
async def test_the_highlight_of_a_choice_stands_out_though_the_line_above_it_has_the_keys(
    tmp_path: Path, theme: str
) -> None:
    app = app_over(demo(), tmp_path, theme=theme)
    async with opened(app) as pilot:
        await press(app, pilot, "b")
        options = app.screen.query_one(OptionList)
        assert options.highlighted is not None
        grounds = [{look.bgcolor for _, look in row if look is not None} for row in cells_rows(options)]
        ground = grounds.pop(options.highlighted)
        assert all(ground.isdisjoint(each) for each in grounds)

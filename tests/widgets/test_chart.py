"""The chart on a screen."""

import subprocess
import sys
import threading
from dataclasses import replace
from math import nan

import pytest
from textual.app import App
from textual.screen import Screen

from tui.widgets import chart as chart_module
from tui.widgets.chart import Chart, Line, Picture
from tui.widgets.chart_demo import sample


def picture(*series, slots=None, **more):
    lines = [Line(f"L{number}", values, f"series-{number}") for number, values in enumerate(series, 1)]
    slots = slots or max((len(values) for values in series), default=1)
    return Picture(lines=lines, slots=slots, labels=[(0, "start")], y_format=lambda value: f"{value:.1f}", **more)


def moved(shown, by):
    """The picture with the last value of its first line moved."""
    first = shown.lines[0]
    return replace(shown, lines=[replace(first, values=[*first.values[:-1], first.values[-1] + by]), *shown.lines[1:]])


class Counted(Chart):
    """A chart that notes what it refreshes."""

    def on_mount(self):
        self.refreshed = []

    def refresh(self, *regions, **options):
        getattr(self, "refreshed", []).append(regions)
        return super().refresh(*regions, **options)


class Alone(App):
    def __init__(self, shown=None):
        super().__init__()
        self.chart = Counted(shown)

    def compose(self):
        yield self.chart


async def settled(pilot):
    """Wait until what was begun is drawn."""
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def text(chart):
    return "\n".join(row.text for row in chart.rows)


@pytest.mark.parametrize("size", [(24, 5), (60, 12), (100, 30), (200, 50)])
async def test_chart_when_any_size_then_line_axis_and_labels_fill_it(size):
    app = Alone(sample(2, 250))
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        rows = app.chart.rows
        assert [len(row.text) for row in rows] == [size[0]] * size[1]
        assert sum("⠀" < glyph <= "⣿" for glyph in text(app.chart)) > size[0] // 4
        assert all(word in text(app.chart) for word in ("IWM", "QQQS", "100.0", "Dec"))


async def test_chart_when_drawn_then_dots_lie_where_the_values_are():
    app = Alone(picture([0.0, 1.0], baseline=None))
    async with app.run_test(size=(40, 9)) as pilot:
        await settled(pilot)
        rows = [row.text for row in app.chart.rows]
        plan_left = rows[0].index("1.0") + 4
        assert "⠀" < rows[7][plan_left] <= "⣿"
        right = max(index for index, glyph in enumerate(rows[0]) if "⠀" < glyph <= "⣿")
        assert rows[0][right + 1 :].split() == ["L1", "1.0"]


@pytest.mark.parametrize(
    "values",
    [
        [5.0],
        [3.0] * 50,
        [nan, 1.0, None, 2.0],
        [1e308, -1e308],
        [1e-300, 2e-300],
        [0.0, 0.0],
        [1, 2, 3],
        [-1e15, -1e15 + 1],
    ],
)
async def test_chart_when_values_are_odd_then_they_are_drawn(values):
    app = Alone(picture(values))
    async with app.run_test(size=(60, 12)) as pilot:
        await settled(pilot)
        assert "L1" in text(app.chart)
        assert any("⠀" < glyph <= "⣿" or glyph == "•" for glyph in text(app.chart))


@pytest.mark.parametrize("series", [[], [[]], [[None] * 20], [[nan]]])
async def test_chart_when_there_is_nothing_then_the_message_alone(series):
    app = Alone(picture(*series, message="no history of QQQS"))
    async with app.run_test(size=(40, 9)) as pilot:
        await settled(pilot)
        assert text(app.chart).split() == ["no", "history", "of", "QQQS"]


async def test_chart_when_a_value_is_missing_then_its_columns_stay_blank():
    app = Alone(picture([1.0] * 20 + [None] * 20 + [1.0] * 20))
    async with app.run_test(size=(70, 9)) as pilot:
        await settled(pilot)
        line = next(
            row.text
            for row in app.chart.rows
            if "⠤" in row.text or "⠒" in row.text or "⣀" in row.text or "⠉" in row.text
        )
        stretches = [part for part in line.split(" ") if part and "⠀" < part[0] <= "⣿"]
        assert len(stretches) == 2


async def test_chart_when_the_last_point_moves_then_only_its_span_is_refreshed():
    app = Alone(sample(3, 200, slots=250))
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        before, app.chart.refreshed[:] = app.chart.rows, []
        app.chart.show(moved(app.chart.picture, 0.9), now=True)
        await settled(pilot)
        (regions,) = app.chart.refreshed
        changed = {y for y, (old, new) in enumerate(zip(before, app.chart.rows, strict=True)) if old != new}
        assert {region.y for region in regions} == changed
        assert 0 < len(changed) < 8
        left = before[-1].text.index("Dec") - 20
        assert all(region.x > left and region.height == 1 for region in regions)


async def test_chart_when_one_line_moves_then_the_others_are_not_drawn_again(monkeypatch):
    drawn = []
    original = chart_module.Pen.draw
    monkeypatch.setattr(chart_module.Pen, "draw", lambda self, *args: drawn.append(args) or original(self, *args))
    app = Alone(sample(5, 250))
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        assert len(drawn) == 5
        app.chart.show(moved(app.chart.picture, 1.5), now=True)
        await settled(pilot)
        assert len(drawn) == 6


async def test_chart_when_no_pixel_moves_then_nothing_is_drawn_or_refreshed():
    app = Alone(sample(3, 200))
    async with app.run_test(size=(60, 12)) as pilot:
        await settled(pilot)
        strokes, app.chart.refreshed[:] = app.chart.pen.strokes, []
        app.chart.show(moved(app.chart.picture, 1e-6), now=True)
        await settled(pilot)
        assert app.chart.pen.strokes == strokes == 3
        assert app.chart.refreshed == []


async def test_chart_when_a_newer_drawing_was_begun_then_the_late_one_is_dropped(monkeypatch):
    entered, release = threading.Event(), threading.Event()
    original = chart_module.Pen.draw

    def slow(self, *args):
        entered.set()
        release.wait(10)
        return original(self, *args)

    app = Alone(picture([1.0, 2.0]))
    async with app.run_test(size=(60, 12)) as pilot:
        await settled(pilot)
        monkeypatch.setattr(chart_module.Pen, "draw", slow)
        shown = []
        monkeypatch.setattr(app.chart, "_paint", lambda drawn: shown.append(drawn.plan.lines[0].label))
        app.chart.show(replace(picture([1.0, 5.0]), lines=[Line("OLD", [1.0, 5.0])]), now=True)
        while not entered.is_set():
            await pilot.pause()
        app.chart.show(replace(picture([1.0, 7.0]), lines=[Line("NEW", [1.0, 7.0])]), now=True)
        release.set()
        await settled(pilot)
        assert shown == ["NEW"]


async def test_chart_when_data_come_often_then_the_newest_is_drawn_after_the_pause(monkeypatch):
    begun = []
    original = chart_module.draw
    monkeypatch.setattr(
        chart_module, "draw", lambda shown, *args, **more: begun.append(shown) or original(shown, *args, **more)
    )
    monkeypatch.setattr(Chart, "REDRAW_SECONDS", 0.2)
    app = Alone()
    async with app.run_test(size=(60, 12)) as pilot:
        shown = [picture([1.0, float(number)]) for number in range(2, 12)]
        for one in shown:
            app.chart.show(one)
        await settled(pilot)
        while app.chart._pause is not None and len(begun) < 2:
            await pilot.pause()
        await settled(pilot)
        assert begun == [shown[0], shown[-1]]
        assert "11.0" in text(app.chart)


async def test_chart_when_hidden_then_it_draws_only_once_it_is_seen():
    app = Alone(picture([1.0, 2.0]))
    async with app.run_test(size=(60, 12)) as pilot:
        await settled(pilot)
        app.chart.display = False
        await settled(pilot)
        strokes = app.chart.pen.strokes
        app.chart.show(picture([1.0, 9.0]), now=True)
        await settled(pilot)
        assert app.chart.pen.strokes == strokes
        app.chart.display = True
        await settled(pilot)
        assert "9.0" in text(app.chart)


async def test_chart_when_another_screen_covers_it_then_it_draws_on_return():
    app = Alone(picture([1.0, 2.0]))
    async with app.run_test(size=(60, 12)) as pilot:
        await settled(pilot)
        await app.push_screen(Screen())
        strokes = app.chart.pen.strokes
        app.chart.show(picture([1.0, 9.0, 5.0]), now=True)
        await settled(pilot)
        assert app.chart.pen.strokes == strokes
        await app.pop_screen()
        while "5.0" not in text(app.chart):
            await settled(pilot)
        assert app.chart.pen.strokes > strokes


async def test_chart_when_resized_then_it_fits_the_new_size():
    app = Alone(sample(2, 250))
    async with app.run_test(size=(60, 12)) as pilot:
        await settled(pilot)
        await pilot.resize_terminal(90, 20)
        await settled(pilot)
        assert [len(row.text) for row in app.chart.rows] == [90] * 20


async def test_chart_when_the_crosshair_moves_then_values_are_shown_and_told_without_drawing():
    app = Alone(replace(picture([1.0, 2.0, 3.0], [5.0, None, 7.0], slots=3), slot_format=lambda slot: f"day {slot}"))
    moves = []
    async with app.run_test(size=(60, 12), message_hook=moves.append) as pilot:
        await settled(pilot)
        strokes = app.chart.pen.strokes
        app.chart.cursor_slot = 1
        await settled(pilot)
        assert app.chart.values_at(1) == [("L1", 2.0), ("L2", None)]
        (message,) = {id(move): move for move in moves if isinstance(move, Chart.CursorMoved)}.values()
        assert (message.slot, message.values) == (1, [("L1", 2.0), ("L2", None)])
        assert all(word in text(app.chart) for word in ("│", "●", "day 1", "L1 2.0"))
        assert app.chart.pen.strokes == strokes
        column = app.chart.rows[0].text.index("│")
        assert app.chart.slot_at(column) == 1
        app.chart.cursor_slot = None
        await settled(pilot)
        assert "│" not in text(app.chart)


def test_values_at_when_the_slot_is_outside_then_none():
    assert Chart(picture([1.0, nan])).values_at(9) == [("L1", None)]
    assert Chart(picture([1.0, nan])).values_at(-1) == [("L1", None)]
    assert Chart(picture([1.0, nan])).values_at(1) == [("L1", None)]


async def test_chart_when_the_theme_changes_then_colours_change_without_drawing():
    app = Alone(sample(1, 250))
    async with app.run_test(size=(60, 12)) as pilot:
        await settled(pilot)
        strokes, before = app.chart.pen.strokes, app.chart.render_line(3)
        app.theme = "textual-light"
        await settled(pilot)
        after = app.chart.render_line(3)
        assert after.text == before.text
        assert [segment.style for segment in after] != [segment.style for segment in before]
        assert app.chart.pen.strokes == strokes


async def test_chart_when_plotext_is_missing_then_it_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "plotext", None)
    app = Alone(picture([1.0, 2.0]))
    async with app.run_test(size=(90, 9)) as pilot:
        await settled(pilot)
        assert "no charts here: import of plotext halted" in text(app.chart)


@pytest.mark.parametrize("marker", ["fhd", "hd"])
async def test_chart_when_another_marker_is_chosen_then_it_is_drawn_without_braille(marker):
    app = App()
    async with app.run_test(size=(60, 12)) as pilot:
        chart = Chart(sample(3, 250), marker=marker)
        await app.mount(chart)
        await settled(pilot)
        assert "IWM" in text(chart)
        assert not any("⠀" < glyph <= "⣿" for glyph in text(chart))
        assert len(set(text(chart))) > 20


async def test_chart_when_the_last_one_goes_then_the_thread_ends():
    app = Alone(sample(1, 50))
    async with app.run_test(size=(60, 12)) as pilot:
        await settled(pilot)
        (thread,) = [thread for thread in threading.enumerate() if thread.name.startswith("chart")]
    thread.join(10)
    assert not thread.is_alive()


def test_import_when_the_widget_is_loaded_then_plotext_is_not():
    code = "import sys, tui.widgets.chart; raise SystemExit('plotext' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

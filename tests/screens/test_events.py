"""Screen 5 by keys alone: a condition, its answer, its chart, saved conditions, and the seasons."""

import asyncio
from pathlib import Path

import pytest
from textual.widgets import Input

from tests.face import app_over, demo, opened, press, quiet, text
from tests.waiting import LOOK_SECONDS
from tui.panels.event_chart import EventChart, compared
from tui.panels.event_rows import EventRows
from tui.screens.condition import AskCondition, pointed
from tui.screens.events import EventsPage
from tui.view import ChartKind


def page_of(app) -> EventsPage:
    assert isinstance(app.page, EventsPage)
    return app.page


async def ask(app, pilot, condition: str) -> None:
    """Type a condition in place of the one that is shown."""
    await press(app, pilot, "n")
    line = app.screen.query_one(Input)
    line.value = condition
    line.cursor_position = len(condition)
    await press(app, pilot, "enter")


async def test_the_first_look_shows_an_event_and_the_seasons_without_any_input(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (200, 60)) as pilot:
        await press(app, pilot, "5")
        page = page_of(app)
        shown = text(app)
        assert "IWM.1d - SPY.1d >= 1.5pp" in shown
        assert page.event_answer is not None
        assert f"{page.event_answer.count} events in 758 sessions" in shown
        assert str(page.event_answer.rows[-1].date) in shown
        assert "SPY by month, since 2023" in shown
        assert "SPY month by month" in shown
        assert "US presidential cycle" in shown


async def test_the_chart_follows_the_cursor_of_the_table(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 34)) as pilot:
        await press(app, pilot, "5")
        page = page_of(app)
        rows, chart = page.query_one(EventRows), page.query_one(EventChart)
        first = rows.chosen
        assert f"{first}" in str(chart.border_title)
        await press(app, pilot, "j")
        assert rows.chosen != first
        assert f"{rows.chosen}" in str(chart.border_title)
        assert chart.picture is not None
        assert [line.label for line in chart.picture.lines] == ["IWM", "SPY"]
        assert all(line.values[21] == pytest.approx(100) for line in chart.picture.lines)
        await press(app, pilot, "right_square_bracket", "right_square_bracket")
        assert chart.picture.slots == 2 * 63 + 1
        await press(app, pilot, "c")
        assert [line.label for line in chart.picture.lines] == ["IWM"]


async def test_marked_events_lie_over_each_other_in_the_chart(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 34)) as pilot:
        await press(app, pilot, "5", "space", "j", "space")
        chart = page_of(app).query_one(EventChart)
        assert chart.picture is not None
        assert sorted(line.label for line in chart.picture.lines) == sorted(page_of(app).query_one(EventRows).marks)


async def test_another_condition_is_typed_with_completion(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 40)) as pilot:
        await press(app, pilot, "5", "n")
        assert isinstance(app.screen, AskCondition)
        line = app.screen.query_one(Input)
        line.value = ""
        await press(app, pilot, "Q", "Q", "Q", "S", "tab")
        assert line.value == "QQQS."
        await press(app, pilot, "v", "o", "l", "tab")
        assert line.value == "QQQS.volume_ratio"
        await press(app, pilot, *" >= 2x")
        await press(app, pilot, "enter")
        assert page_of(app).event_answer is not None
        assert page_of(app).event_answer.condition == "QQQS.volume_ratio >= 2x"
        assert "QQQS.volume_ratio >= 2x" in text(app)


async def test_a_condition_that_cannot_be_read_is_kept_with_a_mark_under_the_column(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (100, 30)) as pilot:
        await press(app, pilot, "5")
        before = page_of(app).condition
        await ask(app, pilot, "SPY.1d >= 3% and IWM.1q < 0")
        assert isinstance(app.screen, AskCondition)
        lines = text(app).splitlines()
        message = next(i for i, line in enumerate(lines) if "no figure 1q" in line)
        at = lines[message + 1].index("1q")
        assert lines[message + 2].rstrip().endswith("^")
        assert lines[message + 2].index("^") == at
        assert app.screen.query_one(Input).cursor_position == len("SPY.1d >= 3% and IWM.")
        await press(app, pilot, "escape")
        assert page_of(app).condition == before


async def test_a_condition_without_an_event_says_so(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (100, 30)) as pilot:
        await press(app, pilot, "5")
        await ask(app, pilot, "SPY.1d <= -90%")
        assert "0 events in 758 sessions" in text(app)
        assert "it never held" in text(app)
        assert "no event to draw" in text(app)


async def test_an_unknown_symbol_says_so_and_the_screen_stays(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (100, 30)) as pilot:
        await press(app, pilot, "5")
        await ask(app, pilot, "NOSUCH.1d > 1%")
        assert page_of(app).event_answer is None
        assert "NOSUCH" in page_of(app).event_problem
        await ask(app, pilot, "SPY.1d <= -2%")
        assert page_of(app).event_answer is not None


async def test_what_holds_now_is_said_with_its_values(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (140, 40)) as pilot:
        await press(app, pilot, "5")
        await ask(app, pilot, "SPY.close > 1 and IWM.1d < 50% and SPY.1d != 0.123%")
        answer = page_of(app).event_answer
        assert answer is None, "what is always true tells nothing"
        await ask(app, pilot, "SPY.1w > -50% and year == 2026 and month == 6")
        answer = page_of(app).event_answer
        assert answer is not None
        assert answer.holds
        assert "HAPPENS NOW" in text(app)
        picture = page_of(app).query_one(EventChart).picture
        assert picture is not None
        assert picture.lines[0].values[21] == pytest.approx(100), "the day that still runs has its picture too"
        assert all(value is not None for value in picture.lines[0].values[:21])
        await ask(app, pilot, "SPY.1w > 50%")
        assert "not now" in text(app)


async def test_a_condition_is_saved_chosen_and_forgotten(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 40)) as pilot:
        await press(app, pilot, "5")
        await ask(app, pilot, "SPY.1d <= -2%")
        await press(app, pilot, "a")
        app.screen.query_one(Input).value = "Bad days"
        await press(app, pilot, "enter")
        assert "Bad days" in (tmp_path / "config" / "events.toml").read_text(encoding="utf-8")
        await ask(app, pilot, "SPY.1d >= 2%")
        assert page_of(app).condition_name == ""
        await press(app, pilot, "w")
        app.screen.query_one(Input).value = "Bad"
        await press(app, pilot, "enter")
        assert (page_of(app).condition, page_of(app).condition_name) == ("SPY.1d <= -2%", "Bad days")
        await press(app, pilot, "d")
        assert "Bad days" not in (tmp_path / "config" / "events.toml").read_text(encoding="utf-8")
        assert page_of(app).condition == "SPY.1d <= -2%"


async def test_events_are_sorted_and_filtered_by_their_date(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 34)) as pilot:
        await press(app, pilot, "5")
        await ask(app, pilot, "SPY.1d <= -2%")
        rows = page_of(app).query_one(EventRows)
        newest_first = list(rows.keys)
        assert newest_first == sorted(newest_first, reverse=True)
        await press(app, pilot, "l", "s")
        values = [page_of(app).event_answer.rows[-1 - newest_first.index(key)].values["SPY.1d"] for key in rows.keys]
        assert values == sorted(values, reverse=True)
        await press(app, pilot, "s", "slash", *"2024-02", "enter")
        assert list(rows.keys) == [key for key in newest_first if key.startswith("2024-02")]
        await press(app, pilot, "F")
        assert list(rows.keys) == newest_first


@pytest.mark.parametrize("size", [(40, 20), (80, 24), (120, 30), (200, 60)])
async def test_every_panel_is_reached_by_tab_at_any_size(tmp_path: Path, size: tuple[int, int]) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, size) as pilot:
        await press(app, pilot, "5")
        for name in page_of(app).PANELS:
            panel = page_of(app).query_one(f"#{name}")
            assert app.focused is panel
            assert panel.is_on_screen
            assert panel.size.width > 20
            assert panel.size.height >= 4
            await press(app, pilot, "z")
            assert panel.size.height >= size[1] - 7
            await press(app, pilot, "z", "tab")
        assert app.focused is page_of(app).query_one("#event-rows")


async def test_the_seasons_of_another_symbol_are_chosen(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 30)) as pilot:
        await press(app, pilot, "5", "tab", "tab", "tab", "f")
        app.screen.query_one(Input).value = "IWM"
        await press(app, pilot, "enter")
        assert "IWM by month, since 2023" in text(app)
        assert page_of(app).season_answer is not None
        assert page_of(app).season_answer.symbol == "IWM"
        assert page_of(app).stem == "seasons-IWM"


async def test_seasons_follow_the_benchmark_until_a_symbol_is_chosen(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 30)) as pilot:
        await press(app, pilot, "5", "tab", "tab", "tab")
        app.view.benchmark = "QQQ"
        app.follow()
        await quiet(app, pilot)
        assert "QQQ by month, since 2023" in text(app)


async def test_the_document_is_that_of_the_panel_in_use(tmp_path: Path) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (120, 30)) as pilot:
        await press(app, pilot, "5")
        events = await page_of(app).document()
        assert events is not None
        assert (events["view"], len(events["rows"])) == ("events", page_of(app).event_answer.count)
        await press(app, pilot, "tab", "tab", "tab")
        seasons = await page_of(app).document()
        assert seasons is not None
        assert seasons["view"] == "seasons"
        assert seasons["rows"][0]["name"] == "Jan"


class Endless:
    """A study whose answers never come; counts those that were given up."""

    def __init__(self) -> None:
        self.asked = self.given_up = 0

    async def symbols(self, _conditions) -> tuple[str, ...]:
        return ("SPY",)

    async def answer(self, _condition: str) -> None:
        self.asked += 1
        try:
            await asyncio.Event().wait()
        finally:
            self.given_up += 1


async def until(pilot, met) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(60):
        while not met():
            await asyncio.sleep(LOOK_SECONDS)
            await pilot.pause()


async def test_a_long_search_says_so_keeps_the_last_answer_and_is_given_up_by_the_next_or_by_leaving(
    tmp_path: Path,
) -> None:
    app = app_over(demo(), tmp_path)
    async with opened(app, (100, 30)) as pilot:
        await press(app, pilot, "5")
        page, endless = page_of(app), Endless()
        rows = page.query_one(EventRows).keys
        page._study = endless
        page.ask_for("SPY.1d <= -3%")
        await until(pilot, lambda: "Searching the history of SPY" in text(app))
        assert page.query_one(EventRows).keys == rows
        assert "searching" in text(app)
        page.ask_for("SPY.1d <= -4%")
        await until(pilot, lambda: (endless.asked, endless.given_up) == (2, 1))
        await pilot.press("escape")
        await until(pilot, lambda: endless.given_up == 2)
        assert page not in app.pages


def test_a_spread_is_measured_against_the_last_symbol() -> None:
    lines = {"A": [50.0, 100.0, None], "B": [80.0, 100.0, 120.0]}
    assert compared(lines, None, ChartKind.SPREAD) == lines
    assert compared(lines, "B", ChartKind.SPREAD) == {"A": [-30.0, 0.0, None]}
    assert compared(lines, "B", ChartKind.RATIO) == {"A": [62.5, 100.0, None]}


@pytest.mark.parametrize("column", [0, 5, 30, 59, 60])
def test_the_caret_stands_under_its_column_however_narrow_the_screen(column: int) -> None:
    written = "".join(chr(ord("a") + i % 26) for i in range(60))
    _, shown, caret = pointed("wrong", written, column, 24)
    assert len(shown) <= 24
    at = caret.index("^")
    assert shown[at : at + 1] == written[column : column + 1]

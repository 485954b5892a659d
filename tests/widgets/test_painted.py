"""Tests of widgets that draw whole lines: they look as Textual would draw them, and leave nothing to the collector."""

import gc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import DIMMED_MONOKAI
from textual.app import App, ComposeResult
from textual.color import Color
from textual.filter import ANSIToTruecolor, Monochrome
from textual.strip import Strip
from textual.widget import Widget

from tests.waiting import until_idle
from tui.widgets.painted import Painted, WholeStrip

RED, PLAIN_RED = Style(color="#ff0000"), Style(color="red")
BLACK = Color(0, 0, 0)


class Rows(Painted):
    """Lines of one text, below a border with a title."""

    DEFAULT_CSS = "Rows { border-top: solid red; border-title-color: blue; height: 5; }"
    text = "one"

    def render_line(self, y: int) -> Strip:
        """A line that says which one it is."""
        return WholeStrip([Segment(f"{self.text} {y}".ljust(self.size.width), RED)], self.size.width)


class Stock(Widget):
    """The same lines, drawn by Textual."""

    DEFAULT_CSS = "Stock { border-top: solid red; border-title-color: blue; height: 5; }"
    render_line = Rows.render_line
    text = "one"


class Shown(App[None]):
    """One such widget."""

    def __init__(self, kind: type[Widget]) -> None:
        super().__init__()
        self.rows = kind()
        self.rows.border_title = "Title"

    def compose(self) -> ComposeResult:
        """The widget."""
        yield self.rows


async def picture(kind: type[Widget]) -> list[list[tuple[str, Style | None]]]:
    """What is shown, segment by segment."""
    app = Shown(kind)
    async with app.run_test(size=(30, 6)):
        await until_idle()
        lines = app.screen._compositor.render_strips()
        return [[(segment.text, segment.style) for segment in line.simplify()] for line in lines]


async def test_it_looks_as_textual_draws_it_with_the_border_and_the_title_above() -> None:
    assert await picture(Rows) == await picture(Stock)


async def test_lines_that_were_shown_leave_no_cycles_behind() -> None:
    app = Shown(Rows)
    async with app.run_test(size=(30, 6)):
        await until_idle()
        gc.collect()
        gc.disable()
        try:
            for number in range(50):
                app.rows.text = f"text {number}"
                app.rows.refresh()
                await until_idle()
            gc.set_debug(gc.DEBUG_SAVEALL)
            gc.collect()
            left = [each for each in gc.garbage if isinstance(each, Strip)]
        finally:
            gc.set_debug(0)
            gc.garbage.clear()
            gc.enable()
        # The line of the border is Textual's.
        assert not [each for each in left if "text" in each.text]


def test_a_filter_that_changes_colours_is_applied_once() -> None:
    strip = WholeStrip([Segment("one", PLAIN_RED)], 3)
    changing = ANSIToTruecolor(DIMMED_MONOKAI)
    filtered = strip.apply_filter(changing, BLACK)
    style = next(iter(filtered)).style
    assert style is not None
    assert style.color == RichColor.from_triplet(DIMMED_MONOKAI.ansi_colors[1])
    assert strip.apply_filter(changing, BLACK) is filtered
    assert strip.apply_filter(Monochrome(), BLACK) is not filtered


def test_a_division_has_the_parts() -> None:
    strip = WholeStrip([Segment("onetwo", RED)], 6)
    assert [part.text for part in strip.divide([3, 6])] == ["one", "two"]
    assert list(strip.divide([6])) == [strip]


def test_a_strip_has_the_caches_that_it_was_asked_for_and_no_others() -> None:
    strip = WholeStrip([Segment("onetwo", RED)], 6)
    strip.divide([3, 6])
    strip.crop(0, 2)
    strip.adjust_cell_length(8)
    made = [name for name in Strip.__slots__ if name.endswith("_cache") and _slot(strip, name) is not None]
    assert made == ["_line_length_cache"]
    with pytest.raises(AttributeError):
        _ = strip.nothing  # type: ignore[attr-defined]


def _slot(strip: Strip, name: str) -> object:
    try:
        return getattr(Strip, name).__get__(strip)
    except AttributeError:
        return None


@given(
    st.lists(st.tuples(st.text(st.sampled_from("ab世 "), max_size=5), st.sampled_from([RED, None])), max_size=5),
    st.lists(st.integers(0, 25), max_size=5),
)
def test_divisions_are_those_of_textual(texts: list[tuple[str, Style | None]], cuts: list[int]) -> None:
    segments = [Segment(text, style) for text, style in texts]
    cuts = sorted(cuts)
    theirs = Strip(segments).divide(cuts)
    ours = WholeStrip(segments).divide(cuts)
    assert [list(part) for part in ours] == [list(part) for part in theirs]
    assert [part.cell_length for part in ours] == [part.cell_length for part in theirs]


@given(
    st.lists(st.tuples(st.text(st.sampled_from("ab世 "), max_size=5), st.sampled_from([RED, None])), max_size=5),
    st.integers(0, 25),
    st.none() | st.integers(0, 25),
)
def test_a_crop_is_that_of_textual(texts: list[tuple[str, Style | None]], start: int, end: int | None) -> None:
    segments = [Segment(text, style) for text, style in texts]
    theirs, ours = Strip(segments).crop(start, end), WholeStrip(segments).crop(start, end)
    assert [(each.text, each.style) for each in ours if each.text] == [
        (each.text, each.style) for each in theirs if each.text
    ]
    assert ours.cell_length == theirs.cell_length

"""Tests of drawing what the compositor has made, and of what is kept for it."""

import pytest
from rich.console import Console
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual._compositor import InlineUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from tui.link.cells import MOST_CHANGES, Cells
from tui.link.screen import DoubtError, Screen
from tui.link.strips import draw
from tui.link.style import Look
from tui.widgets.painted import WholeStrip

CONSOLE = Console(color_system="truecolor")


def update(*lines: list[Strip]) -> LayoutUpdate:
    """Lines of strips from the first cell on."""
    return LayoutUpdate(lines, Region(0, 0, 6, len(lines)))  # type: ignore[arg-type]


def shown(screen: Screen, y: int) -> list[tuple[str, str]]:
    """Texts and colours of a line."""
    return [(screen.cells.texts[number], screen.cells.styles[number].look.front) for number in screen.rows[y]]


def test_strips_of_a_line_are_drawn_one_after_the_other() -> None:
    screen = Screen(6, 2)
    red = RichStyle(color="red")
    draw(screen, update([Strip([Segment("ab", red)]), Strip([Segment("c"), Segment("d  ", red)])]), CONSOLE)
    assert shown(screen, 0) == [("a", "31"), ("b", "31"), ("c", ""), ("d", "31"), (" ", "31"), (" ", "31")]
    assert screen.rows.plain.keys() == {0}
    assert screen.touched == {0}


def test_a_wide_character_is_drawn_as_cells_and_the_line_is_plain_again_after_it() -> None:
    screen = Screen(6, 1)
    draw(screen, update([Strip([Segment("漢   x")])]), CONSOLE)
    assert [text for text, _ in shown(screen, 0)] == ["漢", "", " ", " ", " ", "x"]
    assert screen.rows.plain == {}
    draw(screen, update([Strip([Segment("plain.")])]), CONSOLE)
    assert screen.rows.plain[0].text == "plain."
    assert screen.wide == set()


def test_a_piece_of_a_plain_line_leaves_the_rest_as_it_was() -> None:
    screen = Screen(6, 1)
    draw(screen, update([Strip([Segment("abcdef")])]), CONSOLE)
    piece = LayoutUpdate([[Strip([Segment("XY", RichStyle(color="red"))])]], Region(2, 0, 2, 1))  # type: ignore[list-item]
    draw(screen, piece, CONSOLE)
    assert "".join(text for text, _ in shown(screen, 0)) == "abXYef"
    assert [front for _, front in shown(screen, 0)] == ["", "", "31", "31", "", ""]
    assert 0 in screen.rows.plain


@pytest.mark.parametrize(
    "doubtful",
    [
        update([Strip([Segment("link", RichStyle(link="https://a.example"))])]),
        update([Strip([Segment("a\x1b[2J")])]),
        update([Strip([Segment("a\nb")])]),
        update([Strip([Segment("too long")])]),
        update([Strip([Segment("a")])], [Strip([Segment("below")])]),
        InlineUpdate([Strip([Segment("a")])]),
    ],
)
def test_what_is_not_plain_is_left_to_the_text(doubtful: LayoutUpdate) -> None:
    with pytest.raises(DoubtError):
        draw(Screen(6, 1), doubtful, CONSOLE)


def test_styles_that_differ_in_their_place_alone_are_kept_once() -> None:
    screen = Screen(6, 1)
    before = Strip.render_ansi.cache_info().currsize
    for place in range(50):
        there = RichStyle(color="red", bold=True, meta={"offset": (place, 0)})
        draw(screen, update([Strip([Segment("abcdef", there)])]), CONSOLE)
    assert len(screen.cells.codes) == 1
    assert Strip.render_ansi.cache_info().currsize == before


def test_ways_between_styles_are_kept_up_to_a_bound() -> None:
    cells = Cells()
    styles = [cells.style(Look(front=f"38;5;{number}")) for number in range(120)]
    for one in styles:
        for other in styles:
            assert cells.change(one, other) == ("" if one is other else f"\x1b[{other.look.front}m")
    assert sum(len(style.changes) for style in styles) <= MOST_CHANGES < 120 * 120


def test_a_strip_that_is_drawn_again_is_not_read_again() -> None:
    red = RichStyle(color="red")
    strip = WholeStrip([Segment("abc", red), Segment("def")], 6)
    one, other = Screen(6, 2), Screen(6, 1)
    draw(one, update([strip]), CONSOLE)
    draw(one, update([Strip([Segment("      ")])], [strip]), CONSOLE)
    assert one.rows.plain[1] is strip.made
    other.cells.style(Look(front="32"))
    draw(other, update([strip]), CONSOLE)
    assert shown(other, 0) == shown(one, 1)
    assert other.rows.plain[0].marks != one.rows.plain[1].marks, "each screen has marks of its own"

"""Tests of plain lines: what differs, what is drawn over them, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.link.cells import MOST_INKS, Cells
from tui.link.plain import Plain, is_plain
from tui.link.rows import Rows
from tui.link.scroll import Scroll
from tui.link.style import Look

CELLS = Cells()
INKS = [CELLS.style(Look(frozenset(), front=front)) for front in ("", "31", "32", "33")]
WIDTH = 24
PIECES = st.lists(st.tuples(st.text("ab1. ─▲⣿é", max_size=7), st.sampled_from(INKS)), max_size=6)


def line(pieces: list[tuple[str, object]], width: int = WIDTH) -> Plain:
    """Pieces cut and filled to a width."""
    text = "".join(piece for piece, _ in pieces)[:width]
    inked = [ink for piece, ink in pieces for _ in piece][:width]
    rest = width - len(text)
    made = Plain.of(text + " " * rest, [*inked, *[INKS[0]] * rest], CELLS.inks)  # type: ignore[list-item]
    assert made is not None
    return made


@given(PIECES, PIECES)
def test_two_lines_differ_where_their_cells_do(one: list[tuple[str, object]], other: list[tuple[str, object]]) -> None:
    a, b = line(one), line(other)
    assert len(a.numbers()) == WIDTH
    assert a.differing(b) == bytes(x != y for x, y in zip(a.numbers(), b.numbers(), strict=True))
    assert (1 in a.differing(b)) or a.numbers() == b.numbers()


@given(PIECES, PIECES, st.integers(0, WIDTH), st.integers(0, WIDTH))
def test_what_is_drawn_over_a_line_replaces_its_cells(
    under: list[tuple[str, object]], over: list[tuple[str, object]], x: int, width: int
) -> None:
    width = min(width, WIDTH - x)
    a, b = line(under), line(over, width)
    cells = a.numbers()
    cells[x : x + width] = b.numbers()
    found = a.over(b, x)
    assert found.numbers() == cells
    assert len(found.marks) == len(found.text) == WIDTH


@pytest.mark.parametrize("text", ["abc ~", "─│┌", "⣿⡇ ", "▲▼ é", ""])
def test_what_takes_a_cell_a_character_is_plain(text: str) -> None:
    assert is_plain(text)


@pytest.mark.parametrize(
    "text", ["漢", "🙂", "e\u0301", "a\tb", "\x1b[m", "\n", "\x7f", "\x9b", "🇨", "\u200d", "\ud800"]
)
def test_what_may_take_another_room_is_not(text: str) -> None:
    assert not is_plain(text)


def test_a_scroll_takes_plain_lines_along() -> None:
    rows = Rows(3, 4)
    for y, text in enumerate(("abc", "def", "ghi")):
        rows.plain[y] = line([(text, INKS[1])], 3)
    rows.scroll(Scroll(0, 2, 1), CELLS.blank)
    assert {y: plain.text for y, plain in rows.plain.items()} == {0: "def", 1: "ghi"}
    assert rows[2] == [CELLS.blank] * 3
    rows.scroll(Scroll(0, 3, -2), CELLS.blank)
    assert {y: plain.text for y, plain in rows.plain.items()} == {2: "def", 3: "ghi"}
    assert rows[1] == [CELLS.blank] * 3
    assert rows[3] == line([("ghi", INKS[1])], 3).numbers()


def test_a_plain_line_that_is_drawn_into_is_one_of_cells() -> None:
    rows = Rows(3, 1)
    rows.plain[0] = line([("abc", INKS[1])], 3)
    rows.opened(0)[1] = INKS[2].cells["x"]
    assert [CELLS.texts[number] for number in rows[0]] == ["a", "x", "c"]
    assert rows.plain == {}


def test_a_line_keeps_its_cells_under_other_marks_while_there_are_enough() -> None:
    made = line([("ab", INKS[1]), ("c", INKS[2])], 3)
    fresh = Cells()
    fresh.style(Look(front="34"))
    moved = made.renumbered(fresh)
    assert moved is not None
    assert moved.marks != made.marks
    cells = [(fresh.texts[number], fresh.styles[number].look) for number in moved.numbers()]
    assert cells == [(CELLS.texts[number], CELLS.styles[number].look) for number in made.numbers()]
    full = Cells()
    crowd(full, MOST_INKS)
    assert full.crowded
    assert Plain.of(["abc"], [full.style(Look(front="35"))], full.inks) is None
    assert made.renumbered(full) is None


def test_what_is_in_use_does_not_make_a_crowd_again() -> None:
    cells = Cells()
    crowd(cells, MOST_INKS + 1)
    assert cells.crowded
    cells.settle()
    assert not cells.crowded


def crowd(cells: Cells, styles: int) -> None:
    """Meet so many styles."""
    for number in range(styles):
        cells.style(Look(front=f"38;2;{number};0;0"))

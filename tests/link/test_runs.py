"""Tests of how changed cells are cut into runs of one style."""

from itertools import compress

from hypothesis import given
from hypothesis import strategies as st

from tui.link.encode import Shown
from tui.link.order import Runs
from tui.link.plain import Plain
from tui.link.runs import GAP, stretches
from tui.link.screen import Screen
from tui.link.style import Look

WIDTH = 30
LINES = st.lists(
    st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.sampled_from("ab1x")), min_size=WIDTH, max_size=WIDTH),
    min_size=1,
    max_size=4,
)
"""Lines of cells: number of the style, whether it has changed, character."""
Found = tuple[int, int, str, object]


def cut(lines: list[list[tuple[int, bool, str]]]) -> tuple[Screen, list[Found], list[Found]]:
    """The runs (row, first column, text, style) of some lines as plain ones, and as cells that are looked at one by one."""
    screen = Screen(WIDTH, 2 * len(lines))
    styles = [screen.cells.style(Look(frozenset(), front=front)) for front in ("", "31", "32", "33")]
    changes, looked_at = {}, []
    for y, line in enumerate(lines):
        plain = Plain.of(
            [character for _, _, character in line], [styles[number] for number, _, _ in line], screen.cells.inks
        )
        assert plain is not None
        screen.rows.plain[2 * y] = plain
        changed = bytes(each for _, each, _ in line)
        if columns := list(compress(range(WIDTH), changed)):
            changes[2 * y] = changed
            looked_at += [
                (2 * y, start, plain.text[start:end], style)
                for start, end, style in stretches(plain.numbers(), columns, screen.cells)
            ]
    runs = Runs.none()
    if changes:
        Shown(erases=True)._plain_runs(screen, changes, runs)
    return screen, list(zip(runs.rows, runs.starts, runs.texts, runs.styles, strict=True)), looked_at


@given(LINES)
def test_plain_lines_are_cut_as_those_that_are_looked_at_cell_by_cell(lines: list[list[tuple[int, bool, str]]]) -> None:
    _, runs, looked_at = cut(lines)
    assert runs == looked_at


@given(LINES)
def test_what_takes_more_than_a_byte_is_jumped_over_where_that_is_shorter(
    lines: list[list[tuple[int, bool, str]]],
) -> None:
    screen, runs, _ = cut([[(n, changed, "▲é1─"["ab1x".index(c)]) for n, changed, c in line] for line in lines])
    covered = {(y, x) for y, start, text, _ in runs for x in range(start, start + len(text))}
    changed = {(2 * y, x) for y, line in enumerate(lines) for x, (_, each, _) in enumerate(line) if each}
    assert changed <= covered
    for y, start, text, style in runs:
        end = start + len(text)
        assert [screen.cells.styles[cell] for cell in screen.rows[y][start:end]] == [style] * len(text)
        gaps = (
            "".join("." if (y, x) in changed else character for x, character in enumerate(text, start))
            .strip(".")
            .split(".")
        )
        assert all(not gap or len(gap) == 1 or (gap.isascii() and len(gap) <= GAP) for gap in gaps)

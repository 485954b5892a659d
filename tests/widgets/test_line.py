"""A row drawn from what is left of its last picture looks like one drawn from nothing."""

from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style
from textual.strip import Strip

from tui.format import Cell
from tui.widgets.column import Column, lay_out, width_of
from tui.widgets.line import Line, draw_row
from tui.widgets.pen import cells_of

COLUMNS = (
    Column("symbol", "Symbol", 7, "left", fixed=True),
    Column("last", "Last", 9),
    Column("change", "Chg", 7),
    Column("name", "Name", 12, "left"),
)
LOOKS = {
    "up": "green",
    "down": "red",
    "symbol": "bold",
    "cursor": "on blue",
    "cursor-column": "underline",
    "gutter": "cyan",
    "mark": "magenta",
    "flash": "on yellow",
    "flash-up": "on green",
    "flash-down": "on red",
}


class Styles:
    """Styles as the grid keeps them: one object for one look."""

    def __init__(self) -> None:
        self._looks: dict[Style, Style] = {}

    def __call__(self, *names: str) -> Style:
        style = Style.parse("white on black")
        for name in names:
            style += Style.parse(LOOKS.get(name, ""))
        return self._looks.setdefault(style, style)


TEXTS = st.sampled_from(["", "-", "1.72", "+1.09", "213.14", "QQQS", "日本株", "a b", "long name of a company"])
CELLS = st.builds(Cell, TEXTS, st.sampled_from(["", "up", "down", "symbol"]))
LINES = st.builds(
    Line,
    slots=st.sampled_from([lay_out(COLUMNS, 60), lay_out(COLUMNS, 30), lay_out(COLUMNS, 60, 2)]),
    key=st.just("row"),
    cells=st.lists(CELLS, min_size=3, max_size=4).map(tuple),
    cursor=st.integers(-1, 3),
    marked=st.booleans(),
    lit=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 6)), max_size=2, unique_by=lambda lit: lit[0]).map(
        lambda found: tuple(sorted(found))
    ),
)


@given(st.lists(LINES, min_size=2, max_size=5))
def test_row_when_drawn_over_its_last_picture_then_looks_as_drawn_from_nothing(lines: list[Line]) -> None:
    style, before = Styles(), None
    for line in lines:
        before = draw_row(line, COLUMNS, 60, style, before)
        assert cells_of(before.strip) == cells_of(draw_row(line, COLUMNS, 60, style).strip)
        assert before.strip.cell_length == sum(width_of(text) for text, _, _ in before.strip) == 60


def strip_of(cells: tuple[Cell, ...]) -> Strip:
    style = Styles()
    return draw_row(Line(lay_out(COLUMNS, 60), "row", cells, -1, False, ()), COLUMNS, 60, style).strip


def test_row_when_blanks_look_alike_then_they_join_the_texts_about_them() -> None:
    strip = strip_of((Cell("IWM"), Cell("213.14"), Cell("+1.09", "up")))

    assert len(list(strip)) == 2
    assert "".join(text for text, _, _ in strip).split() == ["IWM", "213.14", "+1.09"]


def test_row_when_one_cell_changes_then_the_others_are_not_drawn_again() -> None:
    style = Styles()
    slots = lay_out(COLUMNS, 60)
    first = draw_row(Line(slots, "row", (Cell("IWM"), Cell("1"), Cell("2")), -1, False, ()), COLUMNS, 60, style)
    second = draw_row(Line(slots, "row", (Cell("IWM"), Cell("3"), Cell("2")), -1, False, ()), COLUMNS, 60, style, first)

    assert [one is two for one, two in zip(first.parts, second.parts, strict=True)] == [True, True, False, True, True]

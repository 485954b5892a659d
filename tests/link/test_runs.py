"""Tests of how the changed cells of a row are cut into runs of one style."""

from itertools import compress

from hypothesis import given
from hypothesis import strategies as st

from tui.link.cells import Cells
from tui.link.runs import known_stretches, stretches
from tui.link.style import Look

PARTS = st.lists(st.tuples(st.integers(0, 3), st.lists(st.booleans(), min_size=1, max_size=12)), min_size=1, max_size=8)


@given(PARTS)
def test_a_row_whose_styles_are_known_is_cut_as_one_that_is_looked_at_cell_by_cell(
    parts: list[tuple[int, list[bool]]],
) -> None:
    cells = Cells()
    styles = [cells.style(Look(frozenset(), front=front)) for front in ("", "31", "32", "33")]
    row: list[int] = []
    changed: list[bool] = []
    spans = [0]
    for number, part in parts:
        row += [styles[number].cells["x"]] * len(part)
        changed += part
        if len(spans) > 1 and row[spans[-2]] == row[-1]:
            spans.pop()  # one style is one span
        spans.append(len(row))
    columns = list(compress(range(len(row)), changed))
    looked_at = list(stretches(row, columns, cells)) if columns else []
    assert list(known_stretches(row, bytes(changed), spans, cells)) == looked_at

"""Tests of how the changed cells of a row are cut into runs of one style."""

from itertools import compress, groupby
from operator import itemgetter

from hypothesis import given
from hypothesis import strategies as st

from tui.link.cells import Cells
from tui.link.encode import Shown
from tui.link.plain import Plain
from tui.link.rows import Rows
from tui.link.runs import stretches
from tui.link.style import Look

PARTS = st.lists(st.tuples(st.integers(0, 3), st.lists(st.booleans(), min_size=1, max_size=12)), min_size=1, max_size=8)


@given(PARTS)
def test_a_plain_line_is_cut_as_one_that_is_looked_at_cell_by_cell(parts: list[tuple[int, list[bool]]]) -> None:
    cells = Cells()
    styles = [cells.style(Look(frozenset(), front=front)) for front in ("", "31", "32", "33")]
    # A line has one text for what is of one style.
    joined = [(number, sum(len(part) for _, part in some)) for number, some in groupby(parts, key=itemgetter(0))]
    line = Plain.of(["x" * length for _, length in joined], [styles[number] for number, _ in joined])
    assert line is not None
    changed = [each for _, part in parts for each in part]
    columns = list(compress(range(len(changed)), changed))
    looked_at = list(stretches(line.numbers(), columns, cells)) if columns else []
    rows, runs = Rows(len(changed), 1), []
    rows.plain[0] = line
    Shown(erases=True)._plain_runs(line, rows, 0, bytes(changed), runs)
    assert [(start, start + len(text), style) for style, _, start, text, _ in runs] == looked_at

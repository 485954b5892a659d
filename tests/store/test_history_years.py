"""Few years are merged and many are sorted: the table is the same."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.store import parts
from tui.store.history import History

FIRST, LAST = date(2001, 1, 1), date(2009, 12, 31)
DAYS = st.dates(FIRST, LAST)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    made = History(tmp_path_factory.mktemp("years"))
    days = [FIRST + timedelta(days=20 * n) for n in range(164)]
    rows = [(s, day, float(n)) for s in ("BBB", "AAA", "^CCC") for n, day in enumerate(days)]
    made.append(pl.DataFrame(rows, schema={"symbol": pl.String, "date": pl.Date, "close": pl.Float64}, orient="row"))
    return made


@given(st.none() | DAYS, st.none() | DAYS, st.none() | st.lists(st.sampled_from(["AAA", "BBB", "none"]), min_size=1))
def test_frame_of_many_years_equals_the_merge_of_each(
    history: History, start: date | None, end: date | None, symbols: list[str] | None
) -> None:
    sorted_ = history.frame(symbols, start, end)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "MERGED", 1000)
        merged = history.frame(symbols, start, end)
    assert sorted_.equals(merged)
    assert sorted_.equals(sorted_.sort("symbol", "date"))

from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tests.store.strategies import as_frame, daily_rows, model
from tui.store.schema import DAILY_KEYS, DAILY_SCHEMA, conform
from tui.store.upsert import latest, upsert

DAY = date(2024, 7, 12)


def stored(rows):
    return latest(conform(as_frame(rows), DAILY_SCHEMA), DAILY_KEYS)


@given(daily_rows(), daily_rows())
def test_upsert_when_rows_meet_then_it_equals_the_plain_model(old, new):
    merged = upsert(stored(old), conform(as_frame(new), DAILY_SCHEMA), DAILY_KEYS)
    assert model(old, new) == merged.frame.rows()


@given(daily_rows(), daily_rows())
def test_upsert_when_done_twice_then_the_second_changes_nothing(old, new):
    first = upsert(stored(old), stored(new), DAILY_KEYS).frame
    again = upsert(first, stored(new), DAILY_KEYS)
    assert (again.added, again.changed) == (0, 0)
    assert first.equals(again.frame)


@given(daily_rows(), st.data())
def test_upsert_when_keys_are_unique_then_the_order_of_rows_is_no_matter(rows, data):
    unique = list({(row["symbol"], row["date"]): row for row in rows}.values())
    shuffled = data.draw(st.permutations(unique))
    assert stored(unique).equals(stored(shuffled))


@given(daily_rows(), daily_rows())
def test_upsert_counts_when_rows_are_added_and_changed_then_they_add_up(old, new):
    before, result = stored(old), upsert(stored(old), stored(new), DAILY_KEYS)
    assert before.height + result.added == result.frame.height
    same = result.frame.join(before, on=list(DAILY_SCHEMA), how="inner", nulls_equal=True).height
    assert before.height - same == result.changed


def test_upsert_when_the_new_value_is_null_then_the_known_one_stays():
    old = stored([{"symbol": "A", "date": DAY, **dict.fromkeys(list(DAILY_SCHEMA)[2:])} | {"close": 5.0}])
    new = pl.DataFrame({"symbol": ["A"], "date": [DAY], "close": [None], "volume": [7]})
    merged = upsert(old, conform(new, DAILY_SCHEMA), DAILY_KEYS)
    assert merged.frame.select("close", "volume").rows() == [(5.0, 7)]
    assert merged.changed == 1

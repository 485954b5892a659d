"""The table of any rows: its order, its filter, its last line, and which cells it asks for."""

from contextlib import asynccontextmanager

from hypothesis import given
from hypothesis import strategies as st

from tests.widgets.watched import Alone, texts
from tui.columns import Field, in_order
from tui.format import Cell
from tui.panels.table import Table

FOOT = "\0foot"
FIELDS = (
    Field("name", "Name", 8, lambda row: Cell(row[0]), lambda row: row[0], "left", fixed=True),
    Field("value", "Value", 8, lambda row: Cell("-" if row[1] is None else str(row[1])), lambda row: row[1]),
)


class Rows:
    """Rows by key that count who asks for them."""

    def __init__(self, values):
        self.values = values
        self.asked = []

    def __call__(self, key):
        self.asked.append(key)
        return (key, self.values[key]) if key in self.values else None


@asynccontextmanager
async def shown(values, *, foot=None, height=12, words=str):
    table, rows = Table(), Rows(values)
    async with Alone(table).run_test(size=(30, height)) as pilot:
        table.show_rows(FIELDS, list(values), rows, foot=foot, words=words)
        await pilot.pause()
        yield table, rows, pilot


VALUES = {"b": 2, "none": None, "a": 3, "c": 1}


async def test_sort_by_when_numbers_then_greatest_first_and_a_second_time_the_given_order():
    async with shown(VALUES) as (table, _, _pilot):
        assert list(table.keys) == list(VALUES)
        table.sort_by("value")
        assert table.keys == ("a", "b", "c", "none")
        assert table.sort_indicator == ("value", True)
        table.sort_by("value")
        assert list(table.keys) == list(VALUES)
        assert table.sort_indicator is None


async def test_sort_by_when_words_then_from_a_and_another_column_takes_over():
    async with shown(VALUES) as (table, _, _pilot):
        table.sort_by("value")
        table.sort_by("name")
        assert table.keys == ("a", "b", "c", "none")
        assert table.sort == ("name", False)


async def test_reverse_when_sorted_then_unknown_stays_last_and_unsorted_then_the_cursors_column_sorts():
    async with shown(VALUES) as (table, _, _pilot):
        table.cursor_column = "value"
        table.reverse()
        assert table.keys == ("a", "b", "c", "none")
        table.reverse()
        assert table.keys == ("c", "b", "a", "none")


async def test_a_foot_when_sorted_either_way_or_filtered_then_stays_last():
    async with shown(VALUES, foot={FOOT: [Cell("all"), Cell("9")]}) as (table, _, pilot):
        for act in (lambda: table.sort_by("value"), table.reverse, lambda: table.sort_by("name"), table.reverse):
            act()
            assert table.keys[-1] == FOOT
            assert len(table.keys) == 5
        table.filter = "a"
        table.settle()
        await pilot.pause()
        assert table.keys == ("a", FOOT)
        assert texts(table)[2].split()[-2:] == ["all", "9"]


async def test_a_filter_when_set_then_looks_through_the_words_in_any_case():
    async with shown(VALUES, words=lambda key: f"{key} Company {VALUES[key]}") as (table, _, _pilot):
        table.filter = "COMPANY 3"
        table.settle()
        assert table.keys == ("a",)
        table.filter = ""
        table.settle()
        assert list(table.keys) == list(VALUES)


async def test_the_cursor_when_the_order_is_another_then_is_on_the_same_row():
    async with shown(VALUES) as (table, _, _pilot):
        table.cursor_key = "c"
        for column in ("value", "name", "name"):
            table.sort_by(column)
            assert table.cursor_key == "c"
        table.filter = "a"
        table.settle()
        assert table.cursor_key == "a"


async def test_settle_when_values_have_moved_then_the_order_follows_and_else_nothing_is_drawn():
    async with shown(dict(VALUES)) as (table, rows, _pilot):
        table.sort_by("value")
        rows.values["c"] = 9
        table.settle()
        assert table.keys == ("c", "a", "b", "none")
        calls = []
        table.set_rows = lambda *given: calls.append(given)
        table.settle()
        assert calls == []


async def test_change_when_many_rows_have_changed_then_only_those_in_sight_are_derived():
    values = {f"k{place:03}": place for place in range(500)}
    async with shown(values, foot={FOOT: [Cell("all"), Cell("1")]}) as (table, rows, pilot):
        visible = set(table.visible_keys())
        assert 0 < len(visible) < 20
        rows.asked.clear()
        rows.values |= {key: value + 1000 for key, value in values.items()}
        table.change(set(values))
        while table.renewing:
            await pilot.pause()
        assert sorted(rows.asked) == sorted(visible), "each once"
        assert "1000" in texts(table)[1]
        rows.asked.clear()
        table.change({"k400"}, foot={FOOT: [Cell("all"), Cell("2")]})
        assert rows.asked == []
        table.action_last()
        await pilot.pause()
        assert "1499" in texts(table)[-2], "derived when it comes into sight"
        assert texts(table)[-1].split()[-2:] == ["all", "2"]


async def test_change_when_a_row_has_gone_then_its_line_is_blank_until_the_next_order():
    async with shown(dict(VALUES)) as (table, rows, _pilot):
        del rows.values["b"]
        table.change({"b"})
        assert texts(table)[1].strip(" >") == ""
        table.sort_by("value")
        assert table.keys == ("a", "c", "none")


async def test_change_when_another_way_to_find_rows_is_given_then_it_is_used():
    async with shown(VALUES) as (table, _, _pilot):
        table.change({"b"}, lambda key: (key, 77))
        assert "77" in texts(table)[1]


@given(st.dictionaries(st.text(max_size=3), st.none() | st.integers(-3, 3), max_size=8), st.booleans())
def test_in_order_when_values_are_any_then_unknown_is_last_and_equals_keep_their_order(values, descending):
    keys = in_order(values, descending=descending)
    assert sorted(keys) == sorted(values)
    known = [key for key in keys if values[key] is not None]
    assert keys[: len(known)] == known
    place = list(values).index
    sign = -1 if descending else 1
    assert known == sorted(known, key=lambda key: (sign * values[key], place(key)))
    assert keys[len(known) :] == sorted(keys[len(known) :], key=place)

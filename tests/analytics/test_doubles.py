"""A column as an array: the same values, whatever pieces it is made of."""

from array import array
from math import isnan

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.analytics import doubles as module
from tui.analytics.doubles import doubles

VALUES = st.lists(st.none() | st.floats(width=64), max_size=40)


def same(found: "array[float]", wanted: list[float | None]) -> bool:
    return len(found) == len(wanted) and all(
        isnan(a) if b is None or isnan(b) else a == b for a, b in zip(found, wanted, strict=True)
    )


@given(VALUES, VALUES, st.integers(0, 20), st.integers(0, 20))
def test_values_when_the_column_has_pieces_nulls_and_an_offset_then_they_are_its_own(
    one: list[float | None], other: list[float | None], skip: int, length: int
) -> None:
    column = pl.concat([pl.Series(one, dtype=pl.Float64), pl.Series(other, dtype=pl.Float64)], rechunk=False).slice(
        skip, length
    )
    assert same(doubles(column), (one + other)[skip : skip + length])


def test_values_when_there_are_more_than_a_block_then_all_are_there_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK", 7)
    assert doubles(pl.Series(range(100), dtype=pl.Int64)).tolist() == list(map(float, range(100)))


def test_values_when_the_column_is_gone_then_they_stay() -> None:
    kept = [doubles(pl.Series([float(number)] * 1000)) for number in range(50)]
    assert [each[999] for each in kept] == list(map(float, range(50)))
    assert doubles(pl.Series([], dtype=pl.Float64)).tolist() == []
    assert isnan(doubles(pl.Series([None], dtype=pl.Float64))[0])

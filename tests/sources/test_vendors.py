"""Tests of what the keyed providers have in common."""

import msgspec
import pytest

from tui.sources.base import MalformedError
from tui.sources.vendors import decoded

TWO = b'[{"date": "a", "close": 2, "split": 4.0, "volume": 5}, {"date": "b", "close": 3, "split": 1.0}]'


class Day(msgspec.Struct):
    """A record."""

    date: str
    close: float
    split: float


def test_records_are_told_apart() -> None:
    assert [day.split for day in decoded(TWO, list[Day], "One")] == [4.0, 1.0]


@pytest.mark.parametrize("spoiled", [b'"volu', b'"volume: ', b'volume": "'])
def test_two_records_that_have_run_together_are_refused(spoiled: bytes) -> None:
    joined = TWO.replace(b'"volume": ', spoiled).replace(b', {"date', b", {date")
    with pytest.raises(MalformedError, match="One"):
        decoded(joined, list[Day], "One")


def test_a_brace_within_a_value_is_a_value() -> None:
    assert decoded(b'{"date": "{a}: }", "close": 2, "split": 1}', Day, "One").date == "{a}: }"

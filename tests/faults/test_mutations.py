"""Spoiled payloads: a typed error or right values, never a crash, a hang, a wrong unit or a figure of somebody else."""

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from math import isfinite
from random import Random

import pytest

from tests.faults.mutate import anywhere, around, gaps, lines, structure, tokens
from tests.faults.parsers import CASES, Case, Facts, recordings
from tui.sources.base import SourceError
from tui.store.dialects import DialectError

FEW, MANY = 500, 20_000
LONGEST = 5.0
"""Seconds of CPU for one payload."""


@contextmanager
def bounded() -> Iterator[None]:
    """Whatever takes longer is a hang."""

    def hang(_number: int, _frame: object) -> None:
        raise AssertionError("a parser hangs")

    before = signal.signal(signal.SIGVTALRM, hang)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def read(case: Case, payload: bytes) -> Facts | None:
    """What it tells; None for an error of the kinds that are foreseen."""
    signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)
    try:
        return case.facts(payload)
    except (SourceError, DialectError):
        return None


def strict(case: Case, true: Facts, found: Facts, payload: bytes) -> None:
    """Every figure is the true one, at its place; one whose label is spoiled is nobody's, and still a true one."""
    for key, value in found.items():
        likely = [true[key]] if key in true else [each for place, each in true.items() if place[0] == key[0]]
        right = any(_same(value, each, 0.03 if key[0] in case.loose else 1e-6) for each in likely)
        scaled = any(_same(value * unit, true.get(key), 1e-6) for unit in (100, 0.01) if isinstance(value, float))
        assert right or (case.kind == "json" and not scaled and _is_said(payload, str(key[1]), value)), (
            case.name, key, value, payload,
        )  # fmt: skip


def _is_said(payload: bytes, symbol: str, value: object) -> bool:
    """Whether the payload itself now gives a number to a symbol: a quote too many can join two records into one."""

    def numbers(node: object) -> set[float]:
        if isinstance(node, dict | list):
            parts = node.values() if isinstance(node, dict) else node
            return set().union(*map(numbers, parts))
        return {float(node)} if isinstance(node, int | float) else set()

    def records(node: object) -> Iterator[dict[str, object]]:
        if isinstance(node, dict | list):
            if isinstance(node, dict) and symbol in (node.get("symbol"), node.get("ticker")):
                yield node
            for each in node.values() if isinstance(node, dict) else node:
                yield from records(each)

    said = set().union(*(numbers(record) for record in records(json.loads(payload.decode("utf-8", "replace")))))
    return isinstance(value, float | int) and any(_near(each, value * unit) for each in said for unit in (1, 100))


def _same(one: object, other: object, bound: float) -> bool:
    if isinstance(one, float | int) and isinstance(other, float | int):
        return abs(one - other) <= max(bound * abs(other), 1e-4 if bound > 0.01 else 0.0)
    return one == other


def plausible(case: Case, found: Facts, payload: bytes) -> None:
    """Every figure stands in what was sent, in its own unit; none is made up or scaled."""
    sent: set[float] | None = None
    for key, value in found.items():
        if not isinstance(value, float | int):
            continue
        assert isfinite(value), (case.name, key, payload)
        if case.derived or key[0] in case.loose:
            continue
        if sent is None:
            sent = {number for text in tokens(payload) if (number := _number(text)) is not None}
        near = {abs(value), round(abs(value) * 100, 6)} if case.hundredths else {abs(value)}
        assert any(_near(number, each) for each in near for number in sent), (case.name, key, value, payload)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-6 * max(abs(one), abs(other))


def play(case: Case, count: int) -> None:
    """A third each of bytes around the figures, of structure, and of bytes anywhere."""
    chance = Random(case.name)
    true = case.facts(case.payload)
    assert true, case.name
    free = gaps(case.payload, case.labels)
    with bounded():
        for turn in range(count):
            way = turn % 3 if case.kind != "bytes" else 2
            match way:
                case 0:
                    payload = around(case.payload, free, chance)
                case 1 if case.kind == "json":
                    payload = structure(case.payload, chance)
                case 1:
                    payload = lines(case.payload, chance)
                case _:
                    payload = anywhere(case.payload, chance)
            found = read(case, payload)
            if found is None:
                continue
            if way == 2:
                if case.kind != "bytes" and "stream" not in case.name:
                    plausible(case, found, payload)
            elif not (case.derived and b": 4.0" not in payload):
                # Where figures follow from those of other rows, a row that is gone cannot be noticed.
                strict(case, true, found, payload)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_parse_when_a_payload_is_spoiled_then_right_values_or_a_typed_error(case):
    play(case, FEW // case.cost)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_parse_when_payloads_are_spoiled_for_long_then_right_values_or_a_typed_error(case):
    play(case, MANY)


@pytest.mark.slow
def test_parse_when_recordings_are_spoiled_then_right_values_or_a_typed_error(shared_data):
    for case in recordings(shared_data):
        play(case, 2 * FEW)

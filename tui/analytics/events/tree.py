"""The syntax tree of a condition, and its text. Two conditions are equal when their trees are."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import TypeAlias

from msgspec import Struct

KEYWORDS = frozenset({"AND", "OR", "NOT", "AT", "STREAK", "CROSSES", "YEAR", "MONTH", "DAY", "WEEKDAY"})
BARE = re.compile(r"\^?[0-9]*[A-Z][A-Z0-9&]*(?:[.\-][A-Z0-9]+)*")
"""A symbol that needs no quotes."""


class Number(Struct, frozen=True):
    """A number as it is typed: 3 and `%` for `3%`."""

    value: float
    unit: str = ""
    """`%`, `pp`, `bp`, `x`, `K`, `M`, `B`, or nothing."""

    def __str__(self) -> str:
        text = f"{Decimal(repr(self.value)):f}"
        return (text.rstrip("0").rstrip(".") if "." in text else text) + self.unit


class Series(Struct, frozen=True):
    """A figure of a symbol, one value a session."""

    symbol: str
    figure: str

    def __str__(self) -> str:
        return f"{quoted(self.symbol)}.{self.figure}"


class Calendar(Struct, frozen=True):
    """A part of the session's date: `year`, `month` (1-12), `day` (1-31) or `weekday` (1 is Monday)."""

    part: str

    def __str__(self) -> str:
        return self.part


class Streak(Struct, frozen=True):
    """Sessions in a row, this one the last, for which a condition held."""

    condition: "Test"

    def __str__(self) -> str:
        return f"streak({self.condition})"


class Negative(Struct, frozen=True):
    """A value with the other sign."""

    value: "Value"

    def __str__(self) -> str:
        return f"-{_wrapped(self.value, isinstance(self.value, Arithmetic))}"


class Arithmetic(Struct, frozen=True):
    """`+ - * /` of two values."""

    operator: str
    left: "Value"
    right: "Value"

    def __str__(self) -> str:
        tight = self.operator in "*/"
        left = isinstance(self.left, Arithmetic) and tight and self.left.operator in "+-"
        right = isinstance(self.right, Arithmetic) and (tight or self.right.operator in "+-")
        return f"{_wrapped(self.left, left)} {self.operator} {_wrapped(self.right, right)}"


class Compare(Struct, frozen=True):
    """Two values compared: `>= > < <= == !=`."""

    operator: str
    left: "Value"
    right: "Value"

    def __str__(self) -> str:
        return f"{self.left} {self.operator} {self.right}"


class Cross(Struct, frozen=True):
    """The left value is beyond the right one now, and was not the session before."""

    direction: str
    """`above` or `below`."""
    left: "Value"
    right: "Value"

    def __str__(self) -> str:
        return f"{self.left} crosses {self.direction} {self.right}"


class At(Struct, frozen=True):
    """The close is the highest or the lowest of the last sessions, this one among them."""

    symbol: str
    span: str
    """`52w`, `all-time`, or a number of sessions as `20d`."""
    side: str
    """`high` or `low`."""

    def __str__(self) -> str:
        return f"{quoted(self.symbol)} at {self.span} {self.side}"


class Not(Struct, frozen=True):
    """The contrary; of an unknown it is unknown."""

    test: "Test"

    def __str__(self) -> str:
        return f"not {_wrapped(self.test, isinstance(self.test, And | Or))}"


class And(Struct, frozen=True):
    """All of these, two at least."""

    tests: "tuple[Test, ...]"

    def __str__(self) -> str:
        return " and ".join(_wrapped(each, isinstance(each, And | Or)) for each in self.tests)


class Or(Struct, frozen=True):
    """Any of these, two at least."""

    tests: "tuple[Test, ...]"

    def __str__(self) -> str:
        return " or ".join(_wrapped(each, isinstance(each, Or)) for each in self.tests)


Value: TypeAlias = Number | Series | Calendar | Streak | Negative | Arithmetic
Test: TypeAlias = Compare | Cross | At | Not | And | Or
Node: TypeAlias = Value | Test


class Condition:
    """A condition that was read and checked. `str` is its canonical text, which reads back as an equal condition."""

    def __init__(self, root: Test, columns: Mapping[str, int] | None = None) -> None:
        self.root = root
        self.columns = columns or {}
        """Where in the text that was read each symbol is first named."""

    def __str__(self) -> str:
        return str(self.root)

    def __repr__(self) -> str:
        return f"Condition({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Condition) and self.root == other.root

    def __hash__(self) -> int:
        return hash(str(self))

    @cached_property
    def symbols(self) -> tuple[str, ...]:
        """The symbols it names, in the order of the text, each once."""
        named = (node.symbol for node in walk(self.root) if isinstance(node, Series | At))
        return tuple(dict.fromkeys(named))

    @cached_property
    def series(self) -> tuple[Series, ...]:
        """The series it names, in the order of the text, each once; of `SYM at ...` it is the close."""
        named = (
            node if isinstance(node, Series) else Series(node.symbol, "close")
            for node in walk(self.root)
            if isinstance(node, Series | At)
        )
        return tuple(dict.fromkeys(named))

    @cached_property
    def counts_runs(self) -> bool:
        """Whether sessions in a row on which it holds are one event: where it asks for a streak."""
        return any(isinstance(node, Streak) for node in walk(self.root))


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it, in the order of the text."""
    yield node
    for child in children(node):
        yield from walk(child)


def children(node: Node) -> tuple[Node, ...]:
    """What a node is made of."""
    match node:
        case Compare() | Cross() | Arithmetic():
            return (node.left, node.right)
        case And() | Or():
            return node.tests
        case Not():
            return (node.test,)
        case Streak():
            return (node.condition,)
        case Negative():
            return (node.value,)
        case _:
            return ()


def quoted(symbol: str) -> str:
    """A symbol as the language writes it: in quotes where its signs would mean something else."""
    return symbol if BARE.fullmatch(symbol) and symbol not in KEYWORDS else f'"{symbol}"'


def _wrapped(node: Node, needed: bool) -> str:
    return f"({node})" if needed else str(node)

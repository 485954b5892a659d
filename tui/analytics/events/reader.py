"""Reads a condition by a LALR parser; what cannot be read is answered with what to type instead.

Imported with the first condition (see `parse`): the parser library and its tables take a tenth of a second.
"""

import re
from functools import cache
from pathlib import Path
from typing import cast

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput

from tui.analytics.events.check import check
from tui.analytics.events.error import ConditionError
from tui.analytics.events.explain import explained, unknown_figure
from tui.analytics.events.figures import FIGURES, canonical
from tui.analytics.events.tree import (
    And,
    Arithmetic,
    At,
    Calendar,
    Compare,
    Condition,
    Cross,
    Negative,
    Node,
    Not,
    Number,
    Or,
    Series,
    Streak,
    Test,
    Value,
)

LONGEST = 1000
"""Characters of a condition at most."""
DEEPEST = 40
"""Parentheses and signs inside each other at most."""

_SIGNS = {"=>": ">=", "≥": ">=", "=<": "<=", "≤": "<=", "=": "==", "<>": "!=", "≠": "!=", "−": "-", "×": "*", "÷": "/"}
_DAYS = ("mon", "tue", "wed", "thu", "fri")


@cache
def grammar() -> Lark:
    """The parser; building it takes a tenth of a second, once."""
    text = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", propagate_positions=True, maybe_placeholders=False)


def read(text: str) -> Condition:
    """Read and check a condition.

    Raises:
        ConditionError: the text is none, or it means nothing that could be sometimes true and sometimes not.
    """
    if not text.strip():
        raise ConditionError("type a condition, for example ^RUT.1d >= 3% and ^GSPC.1d < 0", 0)
    if len(text) > LONGEST:
        raise ConditionError(f"a condition has at most {LONGEST} characters; this one has {len(text)}", LONGEST)
    _check_depth(text)
    try:
        tree = grammar().parse(text)
    except UnexpectedInput as error:
        raise explained(text, error) from None
    reader = _Reader(text)
    root = reader.test(tree.children[0])
    check(root, reader.places)
    return Condition(root, reader.columns)


class _Reader:
    """Makes the syntax tree out of the parser's, and remembers where each node stands."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.places: dict[int, int] = {}
        """Column of each node, by its identity."""
        self.columns: dict[str, int] = {}
        """Column where each symbol is first named."""

    def test(self, tree: object) -> Test:
        """A condition or a part of one."""
        return cast("Test", self.node(tree))

    def value(self, tree: object) -> Value:
        """One side of a comparison."""
        return cast("Value", self.node(tree))

    def node(self, tree: object) -> Node:
        """Any node."""
        assert isinstance(tree, Tree)
        column = self._column(tree)
        node = self._made(tree, column)
        self.places[id(node)] = column
        return node

    def _made(self, tree: "Tree[Token]", column: int) -> Node:
        parts = tree.children
        match tree.data:
            case "either" | "both" as kind:
                if len(parts) == 1:
                    return self.node(parts[0])
                return (Or if kind == "either" else And)(tuple(map(self.test, parts)))
            case "contrary":
                return Not(self.test(parts[-1]))
            case "compare":
                return Compare(_sign(parts[1]), self.value(parts[0]), self.value(parts[2]))
            case "cross":
                return Cross(str(parts[2]).lower(), self.value(parts[0]), self.value(parts[3]))
            case "at":
                return self._at(parts)
            case "arithmetic":
                return Arithmetic(_sign(parts[1]), self.value(parts[0]), self.value(parts[2]))
            case "signed":
                return _signed(_sign(parts[0]), self.value(parts[1]))
            case "streak":
                return Streak(self.test(parts[1]))
            case "calendar":
                return Calendar(str(parts[0]).lower())
            case "dayname":
                return Number(float(_DAYS.index(str(parts[0]).lower()[:3]) + 1))
            case "number":
                return _number(str(parts[0]))
            case _:
                return self._series(str(parts[0]), column)

    def _series(self, text: str, column: int) -> Series:
        symbol, _, figure = text.rpartition(".")
        name = canonical(figure)
        if name not in FIGURES:
            at = column + len(symbol) + 1
            raise ConditionError(unknown_figure(symbol, figure), at, tuple(FIGURES))
        return Series(self._symbol(symbol, column), name)

    def _at(self, parts: "list[Token | Tree[Token]]") -> At:
        symbol, _, span, side = parts
        assert isinstance(symbol, Tree)
        word = str(span).lower()
        name = "52w" if word.startswith("52") and "w" in word else "all-time" if word.startswith("all") else ""
        if not name:
            days = int(re.match(r"\d+", word)[0])  # type: ignore[index]
            if not 2 <= days <= 1260:
                column = self._column(span)
                raise ConditionError(
                    f"{days} sessions: write 2d to 1260d, 52w or all-time", column, ("52w", "all-time")
                )
            name = f"{days}d"
        text, column = str(symbol.children[0]), self._column(symbol)
        bare, _, figure = text.rpartition(".")
        if bare and canonical(figure) in FIGURES:
            raise ConditionError(f"a high is that of a close: write {bare} at {name} {side}", column, (bare,))
        return At(self._symbol(text, column), name, str(side).lower())

    def _symbol(self, text: str, column: int) -> str:
        symbol = text.strip('"').strip().upper()
        if not symbol:
            raise ConditionError('a symbol in quotes is written like "EURUSD=X"', column)
        self.columns.setdefault(symbol, column)
        return symbol

    def _column(self, tree: object) -> int:
        place = tree.meta.start_pos if isinstance(tree, Tree) else getattr(tree, "start_pos", None)
        return place or 0


def _check_depth(text: str) -> None:
    depth = 0
    for column, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth > DEEPEST:
            raise ConditionError(
                f"more than {DEEPEST} parentheses inside each other: write it as two conditions", column
            )


def _sign(token: object) -> str:
    text = str(token)
    return _SIGNS.get(text, text)


def _signed(sign: str, value: Value) -> Value:
    if sign == "+":
        return value
    return Number(0.0 - value.value, value.unit) if isinstance(value, Number) else Negative(value)


def _number(text: str) -> Number:
    found = re.fullmatch(r"([\d.]+)\s*(\D*)", text)
    assert found is not None
    unit = found[2].lower()
    return Number(float(found[1]), unit.upper() if unit in {"k", "m", "b"} else unit)

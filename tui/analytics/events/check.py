"""Whether a condition means something: units that can be compared, and a result that is not known beforehand."""

from collections.abc import Mapping

from tui.analytics.events.error import ConditionError
from tui.analytics.events.figures import FIGURES, Unit
from tui.analytics.events.tree import (
    Arithmetic,
    At,
    Calendar,
    Compare,
    Cross,
    Negative,
    Node,
    Number,
    Series,
    Streak,
    Test,
    Value,
    children,
    walk,
)
from tui.analytics.figures import INDEX_MARK

Places = Mapping[int, int]
"""Column of each node in the text, by its identity."""

SCALE = {"%": 0.01, "pp": 0.01, "K": 1e3, "M": 1e6, "B": 1e9}
"""What a number's unit multiplies it by; others stand for themselves."""

PARTS = {"month": (1.0, 12.0), "weekday": (1.0, 5.0), "day": (1.0, 31.0), "year": (1800.0, 2200.0)}
"""Lowest and highest of each part of a date; a weekday of sessions is 1 (Monday) to 5."""

_LITERALS = {"%": Unit.PERCENT, "pp": Unit.POINTS, "bp": Unit.BASIS, "x": Unit.TIMES}
_SMOOTH = (Unit.RATIO, Unit.NUMBER, Unit.PLAIN, Unit.TIMES, Unit.COUNT)

_GOES_WITH: dict[Unit, frozenset[Unit]] = {
    Unit.RETURN: frozenset({Unit.RETURN, Unit.SPREAD, Unit.PERCENT}),
    Unit.SPREAD: frozenset({Unit.RETURN, Unit.SPREAD, Unit.PERCENT, Unit.POINTS}),
    Unit.SHARE: frozenset({Unit.SHARE, Unit.PERCENT}),
    Unit.PRICE: frozenset({Unit.PRICE, Unit.PLAIN}),
    Unit.RATIO: frozenset(_SMOOTH),
    Unit.NUMBER: frozenset(_SMOOTH),
    Unit.SHARES: frozenset({Unit.SHARES, Unit.PLAIN}),
    Unit.MONEY: frozenset({Unit.MONEY, Unit.PLAIN}),
    Unit.BASIS: frozenset({Unit.BASIS}),
    Unit.COUNT: frozenset({Unit.COUNT, Unit.PLAIN}),
    Unit.DATE: frozenset({Unit.PLAIN}),
}
"""What a unit can be compared with."""

_TYPED = {
    Unit.RETURN: "3%",
    Unit.SPREAD: "5pp",
    Unit.SHARE: "90%",
    Unit.PRICE: "a plain number, like 200",
    Unit.RATIO: "30x or a plain number",
    Unit.NUMBER: "a plain number, like 2.5",
    Unit.SHARES: "a number, like 5M",
    Unit.MONEY: "a number, like 2.5B",
    Unit.BASIS: "20bp",
    Unit.COUNT: "a plain number, like 5",
    Unit.DATE: "a plain number",
}


def scaled(number: Number) -> float:
    """A typed number as values are: 3% is 0.03."""
    return number.value * SCALE.get(number.unit, 1.0)


def unit_of(value: Value) -> Unit:
    """What a checked value is measured in.

    Raises:
        ConditionError: it adds or multiplies what does not belong together.
    """
    return _unit(value, {})


def check(root: Test, places: Places) -> None:
    """Refuse a condition that means nothing.

    Raises:
        ConditionError: units that cannot be compared, or a comparison whose result is known beforehand.
    """
    if not any(isinstance(node, Series | At) for node in walk(root)):
        message = "this names no series: add one, for example IWM.1d > 0"
        raise ConditionError(message, places.get(id(root), 0), ("a series like IWM.1d",))
    for node in walk(root):
        if isinstance(node, Series) and "volume" in FIGURES[node.figure].columns and node.symbol.startswith(INDEX_MARK):
            message = f"{node.symbol} is an index without a volume of its own: name its fund, like IWM.{node.figure}"
            raise ConditionError(message, _at(node, places), (f"IWM.{node.figure}",))
        if isinstance(node, Compare | Cross):
            _sides(node, places)


def _sides(node: Compare | Cross, places: Places) -> None:
    left, right = node.left, node.right
    units = _unit(left, places), _unit(right, places)
    if not any(isinstance(each, Series | Calendar | Streak) for side in (left, right) for each in walk(side)):
        raise ConditionError("this compares two numbers, which is always the same: name a series", _at(node, places))
    if left == right:
        raise ConditionError(f"{left} is compared with itself: name another series", _at(node, places))
    for (mine, unit), (other, theirs) in (((left, units[0]), (right, units[1])), ((right, units[1]), (left, units[0]))):
        if unit in _GOES_WITH and not _is_zero(other) and theirs not in _GOES_WITH[unit]:
            _refuse(mine, unit, other, theirs, places)
    if isinstance(node, Compare):
        _check_reach(node.operator, left, right, _at(right, places))
        _check_reach(_MIRRORED[node.operator], right, left, _at(left, places))


def _refuse(mine: Value, unit: Unit, other: Value, theirs: Unit, places: Places) -> None:
    """Say what a value can be compared with."""
    if isinstance(other, Number):
        value = other.value
        typed = _TYPED[unit]
        if unit in {Unit.RETURN, Unit.SHARE, Unit.SPREAD}:
            percent = Number(round(value * 100, 10) if theirs is Unit.PLAIN and abs(value) < 1 else value, "%")
            typed = f"{percent}" if unit is not Unit.SPREAD else f"{Number(percent.value, 'pp')}"
        elif unit is Unit.BASIS:
            typed = str(Number(value, "bp"))
        raise ConditionError(f"{mine} is a {unit.value}: write {typed}", _at(other, places), (typed,))
    raise ConditionError(
        f"{mine} is a {unit.value} and {other} a {theirs.value}: compare it with {_TYPED[unit]}", _at(other, places)
    )


_MIRRORED = {">": "<", "<": ">", ">=": "<=", "<=": ">=", "==": "==", "!=": "!="}


def _check_reach(operator: str, value: Value, limit: Value, column: int) -> None:
    """Refuse a limit that a figure never reaches, or never leaves."""
    if not isinstance(limit, Number) or (reach := _reach(value)) is None:
        return
    low, high = reach
    at = scaled(limit)
    always = {
        ">": at < low,
        ">=": at <= low,
        "<": at > high,
        "<=": at >= high,
        "==": False,
        "!=": not low <= at <= high,
    }[operator]
    never = {
        ">": at >= high,
        ">=": at > high,
        "<": at <= low,
        "<=": at < low,
        "==": not low <= at <= high,
        "!=": False,
    }[operator]
    if always or never:
        when = "always" if always else "never"
        raise ConditionError(f"{value} {operator} {limit} is {when} true: {_between(value, low, high)}", column)


def _reach(value: Value) -> tuple[float, float] | None:
    infinite = float("inf")
    match value:
        case Series(figure=name):
            low, high = FIGURES[name].lowest, FIGURES[name].highest
            if low is None and high is None:
                return None
            return -infinite if low is None else low, infinite if high is None else high
        case Calendar(part=part):
            return PARTS[part]
        case Streak():
            return 0.0, infinite
        case _:
            return None


def _between(value: Value, low: float, high: float) -> str:
    if isinstance(value, Series) and value.figure == "drawdown":
        return f"a drawdown is 0 or negative, write {value} < -20%"
    if high == float("inf"):
        percent = isinstance(value, Series) and FIGURES[value.figure].unit is Unit.RETURN
        return f"it is never below {f'{low * 100:g}%' if percent else f'{low:g}'}, name a higher number"
    if isinstance(value, Series):
        return f"it is between {low * 100:g}% and {high * 100:g}%, name a number between them"
    return f"it is between {low:g} and {high:g}, name a number between them"


def _unit(value: Value, places: Places) -> Unit:
    match value:
        case Number():
            return _LITERALS.get(value.unit, Unit.PLAIN)
        case Series():
            return FIGURES[value.figure].unit
        case Calendar():
            return Unit.DATE
        case Streak():
            return Unit.COUNT
        case Negative():
            return _unit(value.value, places)
        case Arithmetic():
            left, right = _unit(value.left, places), _unit(value.right, places)
            made = (_sum if value.operator in "+-" else _product)(value, left, right)
            if made is None:
                raise ConditionError(_mixed(value, left, right), _at(value.right, places))
            return made


_FRACTIONS = {Unit.RETURN, Unit.SPREAD, Unit.PERCENT, Unit.POINTS}
_PURE = {Unit.PLAIN, Unit.NUMBER, Unit.RATIO, Unit.TIMES, Unit.COUNT}


def _sum(value: Arithmetic, left: Unit, right: Unit) -> Unit | None:
    if left in _FRACTIONS and right in _FRACTIONS:
        if left is right is Unit.RETURN:
            return Unit.SPREAD if value.operator == "-" else Unit.RETURN
        for unit in (Unit.SPREAD, Unit.RETURN, Unit.POINTS):
            if unit in {left, right}:
                return unit
        return Unit.PERCENT
    if left in _PURE and right in _PURE:
        return Unit.PLAIN if left is right is Unit.PLAIN else Unit.NUMBER
    if left is right:
        return None if left is Unit.DATE else left
    if Unit.PLAIN in {left, right} and {left, right} & {Unit.PRICE, Unit.SHARES, Unit.MONEY}:
        return left if right is Unit.PLAIN else right
    return Unit.SHARE if {left, right} == {Unit.SHARE, Unit.PERCENT} else None


def _product(value: Arithmetic, left: Unit, right: Unit) -> Unit | None:
    if Unit.DATE in {left, right}:
        return None
    if value.operator == "/" and _is_zero(value.right):
        return None
    if right in _PURE:
        return left if left not in _PURE else Unit.PLAIN if left is right is Unit.PLAIN else Unit.NUMBER
    if value.operator == "*":
        return right if left in _PURE else None
    same = left is right or (left in _FRACTIONS and right in _FRACTIONS)
    return Unit.NUMBER if same else None


def _mixed(value: Arithmetic, left: Unit, right: Unit) -> str:
    if value.operator == "/" and _is_zero(value.right):
        return "nothing can be divided by 0: write another number"
    if value.operator in "+-":
        return f"{value.left} is a {left.value} and {value.right} a {right.value}: only the same can be added"
    verb = "multiplied by" if value.operator == "*" else "divided by"
    hint = "a plain number" if value.operator == "*" else "a plain number or the same kind of value"
    return f"{value.left}, a {left.value}, can be {verb} {hint}, not by a {right.value}"


def _is_zero(value: Value) -> bool:
    """Nothing is nothing in every unit."""
    return isinstance(value, Number) and value.value == 0 and not value.unit


def _at(node: Node, places: Places) -> int:
    """Where a node begins: an operator's place is that of its left side."""
    if (found := places.get(id(node))) is not None:
        return found
    below = children(node)
    return _at(below[0], places) if below else 0

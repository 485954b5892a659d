"""A condition as an expression on a table with one row per session. Unknown is null, and null never becomes true."""

from collections.abc import Mapping

import polars as pl

from tui.analytics.columns import finite
from tui.analytics.events.check import scaled
from tui.analytics.events.columns import DATE
from tui.analytics.events.tree import (
    And,
    Arithmetic,
    At,
    Calendar,
    Compare,
    Cross,
    Negative,
    Not,
    Number,
    Or,
    Series,
    Streak,
    Test,
    Value,
)


def truth(test: Test) -> pl.Expr:
    """Whether a condition holds, per row; the table has `date` and a column per series and per `SYM at ...`.

    Columns are called by the text of what they are. `and`, `or` and `not` follow Kleene: what is known decides where
    it can (false and unknown is false), otherwise the result is null.
    """
    match test:
        case Compare():
            return _compared(test.operator, value(test.left), value(test.right))
        case Cross():
            left, right = value(test.left), value(test.right)
            # The comparison is shifted, not its sides: a plain number has no row before.
            before = _compared("<=" if test.direction == "above" else ">=", left, right).shift(1)
            return _compared(">" if test.direction == "above" else "<", left, right) & before
        case At():
            return pl.col(str(test))
        case Not():
            return ~truth(test.test)
        case And() | Or():
            return _joined(test)


def value(of: Value) -> pl.Expr:
    """A value per row, as Float64."""
    match of:
        case Number():
            return pl.lit(scaled(of), pl.Float64)
        case Series():
            return pl.col(str(of))
        case Calendar():
            return _PARTS[of.part].cast(pl.Float64)
        case Streak():
            held = truth(of.condition)
            return pl.when(held.is_not_null()).then(run(held)).cast(pl.Float64)
        case Negative():
            return -value(of.value)
        case Arithmetic():
            return _computed(of.operator, value(of.left), value(of.right))


def run(held: pl.Expr) -> pl.Expr:
    """Rows in a row, this one the last, that are true; 0 where one is false or null."""
    true = held.fill_null(value=False)
    count = true.cast(pl.Int64).cum_sum()
    return count - pl.when(~true).then(count).forward_fill().fill_null(0)


_PARTS: Mapping[str, pl.Expr] = {
    "year": pl.col(DATE).dt.year(),
    "month": pl.col(DATE).dt.month(),
    "day": pl.col(DATE).dt.day(),
    "weekday": pl.col(DATE).dt.weekday(),
}


def _joined(test: And | Or) -> pl.Expr:
    first, *others = map(truth, test.tests)
    for each in others:
        first = first & each if isinstance(test, And) else first | each
    return first


def _compared(operator: str, left: pl.Expr, right: pl.Expr) -> pl.Expr:
    match operator:
        case ">":
            return left > right
        case ">=":
            return left >= right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case "==":
            return left == right
        case _:
            return left != right


def _computed(operator: str, left: pl.Expr, right: pl.Expr) -> pl.Expr:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return finite(left * right)
        case _:
            return finite(left / right)

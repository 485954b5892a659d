"""The lines of a comparison with today's point at the end: the past is prepared, only that point is made anew."""

from collections.abc import Sequence
from datetime import date

from tui.analytics.measure import Measure
from tui.board import Board
from tui.studies.relative import Comparison
from tui.studies.relative_rows import prices
from tui.view import ChartKind


def values_of(board: Board, comparison: Comparison, symbol: str, kind: ChartKind) -> list[float | None]:
    """A symbol's values at the days of the comparison and at its as-of session."""
    from tui.analytics.comparison import point

    side = comparison.sides.get(symbol)
    if side is None:
        return [None] * (len(comparison.days.span) + 1)
    past: Sequence[float | None] = getattr(side.lines, kind.value)
    today: float | None = None
    if side.session == comparison.session:
        now = prices(board, comparison, symbol)
        today = dict(zip(ChartKind, point(side.base, now.own, now.bench), strict=True))[kind]
    return [*past, today]


def bench_values(board: Board, comparison: Comparison) -> list[float | None]:
    """The benchmark rebased to 100, as-of session included."""
    now, base = prices(board, comparison, comparison.question.benchmark).own, comparison.bench_base
    return [*comparison.bench_line, 100 * now / base if now is not None and base else None]


def line_of(board: Board, comparison: Comparison, symbol: str, kind: ChartKind) -> list[tuple[date, float | None]]:
    """A symbol's line, or the benchmark's rebased one, with its dates; empty without a day to begin with."""
    if comparison.session is None or not comparison.days.span:
        return []
    benchmark = symbol == comparison.question.benchmark
    values = bench_values(board, comparison) if benchmark else values_of(board, comparison, symbol, kind)
    return list(zip([*comparison.days.span, comparison.session], values, strict=True))


def rolling_values(board: Board, comparison: Comparison, symbol: str, measure: Measure) -> list[float | None]:
    """A rolling estimate at the rolling days and at the as-of session."""
    side = comparison.sides.get(symbol)
    if side is None:
        return [None] * (len(comparison.days.rolling) + 1)
    now = prices(board, comparison, symbol)
    today = side.pairs.today(measure, now.own, now.bench).value if side.session == comparison.session else None
    # Without a point before it, a whole window is still to come.
    known = bool(side.rolling[measure]) and side.rolling[measure][-1] is not None
    return [*side.rolling[measure], today if known else None]

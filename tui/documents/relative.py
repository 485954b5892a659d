"""A comparison as a document: a row per symbol."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tui.board import Board
from tui.documents.base import definitions, head
from tui.rows import percent
from tui.studies.relative import Comparison
from tui.studies.relative_lines import line_of
from tui.studies.relative_rows import RelativeRow, rows
from tui.view import ChartKind

if TYPE_CHECKING:
    from tui.analytics.relative import Estimate, Yearly
    from tui.analytics.rotation import Spot

FIGURES = (
    "last",
    "return_pct",
    "benchmark_return_pct",
    "excess_pp",
    "rank",
    "spread_pp",
    "spread_percentile",
    "spread_zscore",
    "spread_n",
    "streak",
    "streak_longest",
    "streak_n",
    "correlation",
    "beta",
    "correlation_by_year",
    "rotation_ratio",
    "rotation_momentum",
    "quadrant",
)


def relative(
    board: Board, comparison: Comparison, *, tail: int, lines: ChartKind | None = None, flat: bool = False
) -> dict[str, object]:
    """The comparison now.

    Args:
        board: Where prices are read.
        comparison: What was prepared.
        tail: Sessions of the rotation's tail.
        lines: Which line to give with each symbol; None gives none.
        flat: Lists by date as mappings, which become columns of a table.
    """
    asked = comparison.question
    made = rows(board, comparison)
    document = {
        **head(board, "relative", [board.row(symbol) for symbol in asked.symbols]),
        "session": comparison.session.isoformat() if comparison.session else None,
        "span": asked.span.text,
        "span_start": comparison.days.span[0].isoformat() if comparison.days.span else None,
        "total_return": asked.total,
        "tail_sessions": tail,
        "line_kind": lines.value if lines else None,
        "definitions": definitions(FIGURES),
        "rows": [_row(board, comparison, row, tail, lines, flat=flat) for row in made],
    }
    if lines is ChartKind.REBASED:
        document["benchmark_line"] = _line(board, comparison, asked.benchmark, lines, flat=flat)
    return document


def _row(
    board: Board, comparison: Comparison, row: RelativeRow, tail: int, lines: ChartKind | None, *, flat: bool
) -> dict[str, object]:
    place, streak, spot, span = row.place, row.streak, row.spot, comparison.question.span.text
    found: dict[str, object] = {
        "symbol": row.symbol,
        "name": board.name(row.symbol),
        "session": row.session.isoformat() if row.session else None,
        "last": row.price,
        "window_start": {text: day.isoformat() for text, day in row.starts.items()},
        "return_pct": _percents(row.returns),
        "benchmark_return_pct": _percents(row.bench_returns),
        "excess_pp": _percents(row.excess),
        "rank": dict(row.rank),
        "spread_pp": percent(row.excess.get(span)),
        "spread_sessions": row.spread_sessions,
        "spread_percentile": percent(place.percentile) if place else None,
        "spread_zscore": place.zscore if place else None,
        "spread_n": place.n if place else 0,
        "streak": streak.length if streak else None,
        "streak_longest": streak.longest if streak else None,
        "streak_n": streak.n if streak else 0,
        **_estimate("correlation", row.correlation),
        **_estimate("beta", row.beta),
        "correlation_by_year": _years(row.yearly, flat=flat),
        "rotation_ratio": spot.ratio if spot else None,
        "rotation_momentum": spot.momentum if spot else None,
        "quadrant": spot.quadrant if spot else None,
        "tail": _tail(row.walked(tail), flat=flat),
    }
    if lines is not None:
        found["line"] = _line(board, comparison, row.symbol, lines, flat=flat)
    return found


def _percents(values: Mapping[str, float | None]) -> dict[str, float | None]:
    return {text: percent(value) for text, value in values.items()}


def _estimate(name: str, estimate: "Estimate | None") -> dict[str, object]:
    return {name: estimate.value if estimate else None, f"{name}_n": estimate.n if estimate else 0}


def _years(yearly: "Sequence[Yearly]", *, flat: bool) -> object:
    if flat:
        return {str(each.year): each.value for each in yearly}
    return [{"year": each.year, "value": each.value, "n": each.n} for each in yearly]


def _tail(spots: "Sequence[Spot]", *, flat: bool) -> object:
    if flat:
        return {spot.session.isoformat(): {"ratio": spot.ratio, "momentum": spot.momentum} for spot in spots}
    return [
        {"date": spot.session.isoformat(), "ratio": spot.ratio, "momentum": spot.momentum, "quadrant": spot.quadrant}
        for spot in spots
    ]


def _line(board: Board, comparison: Comparison, symbol: str, kind: ChartKind, *, flat: bool) -> object:
    points = line_of(board, comparison, symbol, kind)
    if flat:
        return {day.isoformat(): value for day, value in points}
    return [{"date": day.isoformat(), "value": value} for day, value in points]

"""The seasons of a symbol as a document."""

from typing import TYPE_CHECKING

from tui.board import Board
from tui.documents.base import definitions, head
from tui.rows import percent
from tui.studies.seasons import MONTHS

if TYPE_CHECKING:
    from tui.analytics.seasons import Season, SoFar, Year
    from tui.studies.seasons import SeasonsAnswer

FIGURES = (
    "month_return_pct",
    "season_mean_pct",
    "season_median_pct",
    "season_positive_pct",
    "season_low_pct",
    "season_high_pct",
    "season_n",
    "day_of_month",
    "session_of_month",
    "cycle_year",
    "so_far_pct",
    "so_far_percentile",
    "rest_of_month_pct",
)


def seasons(board: Board, answer: "SeasonsAnswer") -> dict[str, object]:
    """A row per season (months, days, sessions, years of the cycle); the grid and the running month beside them."""
    found = answer.seasons
    return {
        **head(board, "seasons", [board.row(answer.symbol)]),
        "symbol": answer.symbol,
        "session": answer.session.isoformat(),
        "first_session": found.first.isoformat() if found.first else None,
        "sessions": answer.sessions,
        "definitions": definitions(FIGURES),
        "so_far": _so_far(found.so_far),
        "all_months": _row("all", found.all_months, "all months"),
        "rows": [
            *(_row("month", each, MONTHS[each.number - 1]) for each in found.months),
            *(_row("cycle_year", each) for each in found.cycle),
            *(_row("day_of_month", each) for each in found.days),
            *(_row("session_of_month", each) for each in found.by_session),
        ],
        "years": [_year(each) for each in found.years],
    }


def _row(season: str, each: "Season", name: str | None = None) -> dict[str, object]:
    return {
        "season": season,
        "number": each.number,
        "name": name or str(each.number),
        "season_n": each.n,
        "season_mean_pct": percent(each.mean),
        "season_median_pct": percent(each.median),
        "season_positive_pct": percent(each.positive),
        "season_low_pct": percent(each.low),
        "season_high_pct": percent(each.high),
    }


def _year(each: "Year") -> dict[str, object]:
    return {
        "year": each.year,
        "month_return_pct": {name: percent(value) for name, value in zip(MONTHS, each.months, strict=True)},
        "return_pct": percent(each.whole),
        "running": MONTHS[each.running - 1] if each.running else None,
    }


def _so_far(so_far: "SoFar | None") -> dict[str, object] | None:
    if so_far is None:
        return None
    return {
        "year": so_far.year,
        "month": MONTHS[so_far.month - 1],
        "session_of_month": so_far.session,
        "base": so_far.base.isoformat(),
        "so_far_pct": percent(so_far.value),
        "so_far_percentile": so_far.percentile,
        "rank": so_far.rank,
        "of": so_far.others.n + 1,
        "others": _row("month", so_far.others, MONTHS[so_far.month - 1]),
        "rest_of_month_pct": _row("rest_of_month", so_far.rest, MONTHS[so_far.month - 1]),
        "years": [{"year": year, "so_far_pct": percent(value)} for year, value in so_far.years],
    }

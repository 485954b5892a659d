"""The answer to a condition as a document."""

from collections.abc import Mapping

from tui.analytics.windows import Window
from tui.board import Board
from tui.documents.base import definitions, head
from tui.rows import percent
from tui.studies.events import EventAnswer, Occurrence, Outcome
from tui.studies.events_text import SIGNS, number

FIGURES = (
    "event",
    "values",
    "forward_return_pct",
    "lasted",
    "summary",
    "base_rate",
    "sessions",
    "unknown_sessions",
    "sessions_since_last",
)


def events(board: Board, answer: EventAnswer) -> dict[str, object]:
    """A row per event, the oldest first; the base rate and what was searched beside them."""
    of_all = head(board, "events", [board.row(symbol) for symbol in answer.symbols])
    return {
        **{name: value for name, value in of_all.items() if name not in {"benchmark", "volume_window"}},
        "condition": answer.condition,
        "each": answer.each.value,
        "symbols": list(answer.symbols),
        "horizons": [window.value for window in answer.horizons],
        "units": {name: SIGNS.get(unit, "") for name, unit in answer.series.items()},
        "count": answer.count,
        "sessions": answer.sessions,
        "unknown_sessions": answer.unknown,
        "first_session": answer.first.isoformat(),
        "last_session": answer.last.isoformat(),
        "sessions_since_last": answer.sessions_since,
        "holds": answer.holds,
        "running": answer.running,
        "notes": list(answer.notes),
        "definitions": definitions(FIGURES),
        "rows": [_row(answer, each) for each in answer.rows],
        "summary": {symbol: _outcomes(by_window) for symbol, by_window in answer.summary.items()},
        "base_rate": {symbol: _outcomes(by_window) for symbol, by_window in answer.base.items()},
    }


def _row(answer: EventAnswer, each: Occurrence) -> dict[str, object]:
    return {
        "date": each.date.isoformat(),
        "values": {name: number(value, answer.series[name]) for name, value in each.values.items()},
        "forward_return_pct": {
            symbol: {window.value: percent(value) for window, value in ahead.items()}
            for symbol, ahead in each.forward.items()
        },
        "lasted": each.lasted,
    }


def _outcomes(by_window: Mapping[Window, Outcome]) -> dict[str, object]:
    return {
        window.value: {
            "mean_pct": percent(outcome.mean),
            "median_pct": percent(outcome.median),
            "positive_pct": percent(outcome.positive),
            "n": outcome.n,
        }
        for window, outcome in by_window.items()
    }

"""The documents of `show` and of the exports: what a view shows, as plain data with definitions and units."""

from collections.abc import Sequence
from datetime import UTC, datetime

from tui.analytics.definitions import DEFINITIONS
from tui.board import Board
from tui.detail import Detail
from tui.model import SEVERITY, Instrument, State
from tui.rows import Row, percent, record

MONITOR_FIGURES = (
    "last",
    "return_pct",
    "excess_pp",
    "rank",
    "volume",
    "volume_ratio",
    "volume_ratio_basis",
    "dollar_volume",
    "range52_position",
    "zscore50",
    "drawdown_pct",
)


def definitions(names: Sequence[str]) -> dict[str, str]:
    """Definition of each figure in one or two sentences, its unit in brackets."""
    found = [DEFINITIONS[name] for name in names]
    return {each.name: f"{each.text} [{each.unit}]" for each in found}


def worst_state(rows: Sequence[Row]) -> State:
    """The worst state of these rows; unknown symbols count as nothing, unless there is nothing else."""
    states = [row.state for row in rows]
    known = [state for state in states if state is not State.UNKNOWN]
    return max(known or states or [State.WAITING], key=SEVERITY.__getitem__)


def head(board: Board, view: str, rows: Sequence[Row]) -> dict[str, object]:
    """What every document begins with."""
    source = board.engine.source
    return {
        "view": view,
        "as_of": iso(source.now()),
        "benchmark": board.benchmark,
        "volume_window": board.volume_window,
        "state": worst_state(rows).value,
        "nature": source.nature(),
        "source": source.name,
    }


def monitor(board: Board, symbols: Sequence[str]) -> dict[str, object]:
    """The monitor's rows, all symbols of the list in its order."""
    rows = board.rows(symbols)
    return {
        **head(board, "monitor", rows),
        "definitions": definitions(MONITOR_FIGURES),
        "rows": [record(row) for row in rows],
    }


def symbol(board: Board, detail: Detail, instrument: Instrument | None) -> dict[str, object]:
    """One symbol: a row per window, and beside them its figures, volume and ranges."""
    row = board.row(detail.symbol)
    return {
        **head(board, "symbol", [row]),
        "symbol": detail.symbol,
        "kind": instrument.kind.value if instrument else None,
        "definitions": definitions(
            (*MONITOR_FIGURES, "total_return_pct", "beta", "correlation", "volume_ratio_median")
        ),
        "figures": record(row),
        "ranges": {
            "day_low": detail.day_low,
            "day_high": detail.day_high,
            "low52": detail.low52,
            "high52": detail.high52,
            "peak": detail.peak,
        },
        "beta": {"value": detail.beta.value, "n": detail.beta.n},
        "correlation": {"value": detail.correlation.value, "n": detail.correlation.n},
        "volume_ratios": [
            {
                "sessions": each.sessions,
                "by_mean": each.by_mean,
                "by_median": each.by_median,
                "mean": each.mean,
                "median": each.median,
                "known": each.known,
            }
            for each in detail.volumes
        ],
        "tracked_by": detail.tracked_by,
        "rows": [
            {
                "window": line.window.value,
                "from": line.base.isoformat() if line.base else None,
                "return_pct": percent(line.own),
                "benchmark_return_pct": percent(line.benchmark),
                "excess_pp": percent(line.excess),
                "total_return_pct": percent(line.total),
            }
            for line in detail.lines
        ],
    }


def iso(moment: datetime) -> str:
    """RFC 3339 in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

"""One symbol in full as a document."""

from tui.board import Board
from tui.detail import Detail
from tui.documents.base import definitions, head
from tui.documents.monitor import MONITOR_FIGURES
from tui.model import Instrument
from tui.rows import percent, record


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
        "correlation_by_year": [{"year": each.year, "value": each.value, "n": each.n} for each in detail.yearly],
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

"""One symbol in full as a document."""

from datetime import UTC, datetime

from tui.board import Board
from tui.detail import Detail
from tui.documents.base import definitions, head, iso
from tui.documents.monitor import MONITOR_FIGURES
from tui.model import Instrument, Quote
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
        "extended": _extended(row.quote),
        "other": _other(row.quote),
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


def _extended(quote: Quote | None) -> dict[str, object] | None:
    """The price before or after the session, which is part of no other figure."""
    if quote is None or quote.extended_price is None:
        return None
    at = iso(datetime.fromtimestamp(quote.extended_at, UTC)) if quote.extended_at is not None else None
    return {"price": quote.extended_price, "phase": quote.extended_phase, "as_of": at}


def _other(quote: Quote | None) -> dict[str, object] | None:
    """What another source says of the same time, where it differs."""
    if quote is None or quote.other_price is None:
        return None
    return {"price": quote.other_price, "source": quote.other_source}

"""The watchlist as a document."""

from collections.abc import Sequence

from tui.board import Board
from tui.documents.base import definitions, head
from tui.rows import record

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


def monitor(board: Board, symbols: Sequence[str]) -> dict[str, object]:
    """The monitor's rows, all symbols of the list in its order."""
    rows = board.rows(symbols)
    return {
        **head(board, "monitor", rows),
        "definitions": definitions(MONITOR_FIGURES),
        "rows": [record(row) for row in rows],
    }

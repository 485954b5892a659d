"""The last bar of a file that was downloaded while its session ran: half a day's figures under a whole day's date."""

from datetime import date, datetime

import polars as pl

from tui import sessions
from tui.store.dialects.base import Hints

USUAL = 20
"""Sessions before the last whose median volume is the usual."""
KNOWN = 5
"""Sessions with a volume that a usual needs."""
TINY = 0.2
"""A last volume under this part of the usual looks partial. A quiet whole day of a thin fund may look so too."""


def settle(frame: pl.DataFrame, hints: Hints) -> tuple[pl.DataFrame, list[str]]:
    """`frame` (daily bars, several symbols allowed) with partial last bars kept or left out as asked, and notes."""
    notes: list[str] = []
    dropped: list[tuple[str, date]] = []
    for (symbol,), bars in frame.sort("date").group_by(["symbol"], maintain_order=True):
        reason = partial_reason(bars, hints.modified)
        if reason is None:
            continue
        last = bars.get_column("date")[-1]
        if hints.drop_partial:
            dropped.append((str(symbol), last))
            notes.append(f"{symbol}: left out the last bar, {last}: {reason}")
        else:
            notes.append(f"{symbol}: the last bar, {last}, looks partial: {reason}; --drop-partial leaves it out")
    for symbol, last in dropped:
        frame = frame.filter((pl.col("symbol") != symbol) | (pl.col("date") != last))
    return frame, notes


def partial_reason(bars: pl.DataFrame, modified: datetime | None) -> str | None:
    """Why the last of these bars (one symbol, oldest first) looks partial; None when it does not."""
    last = bars.get_column("date")[-1]
    if modified and sessions.session_of(modified) == last and modified < sessions.session_close(last):
        return "the file was written before that session closed"
    volumes = bars.get_column("volume")
    usual = volumes[-1 - USUAL : -1].drop_nulls()
    volume, median = volumes[-1], usual.median()
    if volume is None or not isinstance(median, float) or usual.len() < KNOWN or median <= 0:
        return None
    share = volume / median
    return f"its volume {volume:,} is {share:.0%} of the usual" if share < TINY else None

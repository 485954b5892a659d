"""The head line of the volume screen: the symbol under the cursor, its ratios, and how its day begins and ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui import format as fmt
from tui.volume_columns import HIGH
from tui.widgets.status import Segment

if TYPE_CHECKING:
    from tui.studies.volume import VolumeDay
    from tui.studies.volume_rows import VolumeRow


def day_segments(row: VolumeRow, day: VolumeDay | None) -> list[Segment]:
    """The head line of one symbol: its ratios, what they are of, and how its day usually begins and ends."""
    segments = [Segment("symbol", fmt.clean(row.symbol, 16), "head", priority=99)]
    if row.index:
        words = "has no volume of its own" + (f": f shows {row.tracked_by}, which tracks it" if row.tracked_by else "")
        return [*segments, Segment("index", words, "warn", priority=98)]
    ratio = fmt.ratio(row.by_mean, rough=row.rough).text
    segments += [
        Segment("ratio", f"{ratio}x the mean", "warn" if (row.by_mean or 0) >= HIGH else "text", priority=97),
        Segment("by_median", f"{fmt.ratio(row.by_median, rough=row.rough).text}x the median", "text", priority=90),
        Segment("known", f"of {row.usual.known} sessions", "muted", priority=60),
    ]
    if day is not None and day.half_day:
        segments.append(Segment("half_day", "half day", "warn", priority=93))
    if day is not None and day.hours.opening.value is not None and day.hours.closing.value is not None:
        early = len(day.hours.half_days)
        segments += [
            Segment("opening", f"first ½h {day.hours.opening.value * 100:.2f}%", "text", priority=96),
            Segment("closing", f"last ½h {day.hours.closing.value * 100:.2f}%", "text", priority=95),
            Segment("full", f"of {day.hours.opening.sessions} full sessions", "muted", priority=80),
        ]
        if early:
            words = f"{early} half day{'' if early == 1 else 's'} left out"
            segments.append(Segment("early", words, "muted", priority=40))
    if day is not None and day.held is not None:
        segments.append(Segment("held", f"bars hold {day.held * 100:.0f}%", "muted", "right", priority=30))
    return segments

"""How the line to the terminal is doing, as a segment of the status line (`:link`)."""

from typing import TYPE_CHECKING

from tui.widgets.status import Segment

if TYPE_CHECKING:
    from tui.app import Outpace
    from tui.link.pace import LinkStats

MODEM = 64_000.0
"""Bytes per second above which what a line takes is more than is ever sent."""


def link_segments(app: "Outpace") -> list[Segment]:
    """Round trip, bytes and frames per second; nothing where the driver does not know them."""
    stats = app.link_stats()
    if stats is None:
        return []
    text = f"{in_words(stats)} {stats.bytes_per_second / 1000:.1f} kB/s {stats.frames_per_second:.1f} fps"
    return [Segment("link", f"{text} eco" if app.eco else text, "muted", "right", priority=55)]


def in_words(stats: "LinkStats") -> str:
    """Round trip, and what the line takes if that is little enough to be known: `82 ms, 2.0 kB/s`."""
    if stats.round_trip is None:
        return "no answer"
    trip = f"{1000 * stats.round_trip:.0f} ms"
    return (
        trip if stats.capacity is None or stats.capacity > MODEM else f"{trip}, takes {stats.capacity / 1000:.1f} kB/s"
    )

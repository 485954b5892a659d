"""The words of the line's segment."""

from types import SimpleNamespace
from typing import cast

import pytest

from tui.app import Outpace
from tui.link.pace import LinkStats
from tui.panels.link import in_words, link_segments


def stats(trip: float | None, capacity: float | None = None) -> LinkStats:
    return LinkStats(trip is not None, trip, capacity, 1234.0, 3.96, 0, 0)


@pytest.mark.parametrize(
    ("trip", "capacity", "words"),
    [
        (None, None, "no answer"),
        (0.0824, None, "82 ms"),
        (0.0824, 1_000_000.0, "82 ms"),
        (0.3, 2040.0, "300 ms, takes 2.0 kB/s"),
    ],
)
def test_a_line_in_words(trip: float | None, capacity: float | None, words: str) -> None:
    assert in_words(stats(trip, capacity)) == words


def test_the_segment_tells_what_is_sent_and_whether_it_is_held_back() -> None:
    app = cast("Outpace", SimpleNamespace(link_stats=lambda: stats(0.08), eco=True))
    assert [segment.text for segment in link_segments(app)] == ["80 ms 1.2 kB/s 4.0 fps eco"]


def test_without_a_driver_that_knows_there_is_no_segment() -> None:
    assert link_segments(cast("Outpace", SimpleNamespace(link_stats=lambda: None))) == []

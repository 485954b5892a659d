"""What the user is looking at: the list, the benchmark, the window and the order. Plain state, no face, no market."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from tui.analytics.figures import VOLUME_WINDOWS
from tui.analytics.windows import Window

T = TypeVar("T")

CYCLE: tuple[Window, ...] = (
    Window.D1,
    Window.W1,
    Window.WTD,
    Window.M1,
    Window.MTD,
    Window.M3,
    Window.QTD,
    Window.M6,
    Window.YTD,
    Window.Y1,
)
"""Windows that `[` and `]` go through."""


class ChartKind(StrEnum):
    """How the relative chart compares."""

    REBASED = "rebased"
    RATIO = "ratio"
    SPREAD = "spread"


@dataclass
class View:
    """The state that screens share."""

    list_name: str
    symbols: tuple[str, ...]
    benchmark: str
    window: Window = Window.M1
    volume_window: int = 63
    chart: ChartKind = ChartKind.REBASED
    sort: tuple[str, bool] | None = None
    """Column and whether descending; None is the list's own order."""
    filter: str = ""
    marks: frozenset[str] = field(default_factory=frozenset)
    columns: tuple[str, ...] | None = None
    """Columns that the user's config chooses; None is the design's."""

    def turn_window(self, step: int) -> None:
        """Go to the next longer (1) or shorter (-1) window; stops at the ends."""
        place = CYCLE.index(self.window) + step
        self.window = CYCLE[min(max(place, 0), len(CYCLE) - 1)]

    def turn_chart(self) -> None:
        """Go to the next kind of chart."""
        self.chart = _after(self.chart, tuple(ChartKind))

    def turn_volume_window(self) -> None:
        """Go to the next number of sessions behind the volume ratio."""
        self.volume_window = _after(self.volume_window, VOLUME_WINDOWS)


def _after(value: T, all_values: Sequence[T]) -> T:
    return all_values[(all_values.index(value) + 1) % len(all_values)]

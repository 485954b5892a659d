"""The chart alone, with invented lines that move: `python -m tui.widgets.chart`."""

from collections.abc import Sequence
from random import Random
from typing import ClassVar

from tui.widgets.chart_plan import SERIES, Line, Picture

LABELS = ("IWM", "QQQS", "SPY", "QQQ", "MDY", "XBI", "IJR", "RSP")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def walk(random: Random, count: int, sigma: float) -> list[float]:
    """Return a line rebased to 100 that wanders by `sigma` a step."""
    values = [100.0]
    while len(values) < count:
        values.append(values[-1] * (1 + random.gauss(0.0002, sigma)))
    return values


def sample(lines: int = 4, count: int = 250, slots: int | None = None, *, seed: int = 7, bars: bool = True) -> Picture:
    """Return a picture of invented lines, the same for the same arguments."""
    random = Random(seed)
    slots = slots or count
    drawn = [
        Line(LABELS[number % 8], walk(random, count, 0.004 + 0.0015 * number), SERIES[number % 8])
        for number in range(lines)
    ]
    volume: Sequence[float] = [random.lognormvariate(14, 0.5) for _ in range(count)]
    return Picture(
        lines=drawn,
        slots=slots,
        labels=[(round(month * (slots - 1) / 12), text) for month, text in enumerate(MONTHS)],
        y_format=lambda value: f"{value:.1f}" if abs(value) < 1000 else f"{value:,.0f}",
        baseline=100.0,
        bars=volume if bars else None,
        bar_format=lambda value: f"{value / 1e6:.1f}M",
        slot_format=lambda slot: f"slot {slot}",
    )


def main() -> None:
    """Run the chart until q."""
    from dataclasses import replace

    from textual.app import App, ComposeResult

    from tui.widgets.chart import Chart

    class Demo(App[None]):
        BINDINGS: ClassVar = [
            ("q", "quit", "Quit"),
            ("left", "move(-1)", "Back"),
            ("right", "move(1)", "On"),
            ("escape", "hide", "No crosshair"),
        ]

        def compose(self) -> ComposeResult:
            self._shown = sample(slots=320)
            self._random = Random(1)
            yield Chart(self._shown)

        def on_mount(self) -> None:
            self.set_interval(1, self.tick)

        def tick(self) -> None:
            """Move every line's last value."""
            moved = [
                Line(line.label, [*line.values, (line.values[-1] or 100) * self._random.gauss(1, 0.004)], line.role)
                for line in self._shown.lines
            ]
            self._shown = replace(self._shown, lines=moved)
            self.query_one(Chart).show(self._shown)

        def action_move(self, by: int) -> None:
            """Move the crosshair by slots."""
            chart = self.query_one(Chart)
            at = len(self._shown.lines[0].values) - 1 if chart.cursor_slot is None else chart.cursor_slot + by
            chart.cursor_slot = min(self._shown.slots - 1, max(0, at))

        def action_hide(self) -> None:
            """Take the crosshair away."""
            self.query_one(Chart).cursor_slot = None

    Demo().run()

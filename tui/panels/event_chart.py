"""The symbols of a condition around one of its dates, 100 on the date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.panels.title import show_title
from tui.view import ChartKind
from tui.widgets.chart import Chart, Line, Picture

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST = 8
"""Lines a chart can hold and still be read."""


class EventChart(Chart, can_focus=True):
    """A line per symbol; the day of the event is in the middle."""

    def show_around(
        self, what: str, lines: Mapping[str, Sequence[float | None]], kind: ChartKind, *, now: bool = False
    ) -> None:
        """Draw the sessions around an event, or around several.

        Args:
            what: The day of the event; where several are compared, whose prices they are.
            lines: By symbol (or by day), as many sessions before the event as after it, 100 on it; the last symbol is
                what a ratio or a spread is measured against.
            kind: Rebased, or against the last line.
            now: Redraw at once: the user did something.
        """
        span = max((len(values) for values in lines.values()), default=1) // 2
        against = list(lines)[-1] if len(lines) > 1 and kind is not ChartKind.REBASED else None
        words = {ChartKind.REBASED: "100 on the day", ChartKind.RATIO: "relative to", ChartKind.SPREAD: "pp against"}
        how = f"{words[kind]} {against}" if against else words[ChartKind.REBASED]
        show_title(self, f" {what}  ±{span} sessions  {how} ")
        shown = compared(lines, against, kind)
        spread = kind is ChartKind.SPREAD and against is not None
        self.show(
            Picture(
                lines=[
                    Line(symbol, values, f"series-{number}")
                    for number, (symbol, values) in enumerate(list(shown.items())[:MOST], start=1)
                ],
                slots=2 * span + 1,
                labels=[(0, f"-{span}"), (span, "event"), (2 * span, f"+{span}")],
                y_format=(lambda value: f"{value:+.1f}") if spread else (lambda value: f"{value:.1f}"),
                baseline=0.0 if spread else 100.0,
                slot_format=lambda slot: f"{slot - span:+d}" if slot != span else "event",
                message="" if shown else "no prices around this date",
            ),
            now=now,
        )

    def show_nothing(self, why: str) -> None:
        """There is no date to draw."""
        show_title(self, " Around an event ")
        self.show(Picture(lines=(), slots=0, labels=(), y_format=str, message=why), now=True)


def compared(
    lines: Mapping[str, Sequence[float | None]], against: str | None, kind: ChartKind
) -> dict[str, Sequence[float | None]]:
    """The lines as they are, or each against one of them."""
    if against is None:
        return dict(lines)
    base = lines[against]
    return {
        symbol: [_point(kind, own, other) for own, other in zip(values, base, strict=True)]
        for symbol, values in lines.items()
        if symbol != against
    }


def _point(kind: ChartKind, own: float | None, other: float | None) -> float | None:
    if own is None or not other:
        return None
    return 100 * own / other if kind is ChartKind.RATIO else own - other

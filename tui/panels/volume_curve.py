"""How a symbol's volume grows through the day, against the band in which it usually does."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from tui import format as fmt
from tui import sessions
from tui.panels.title import show_title
from tui.widgets.chart import Chart, Line, Picture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.studies.volume import VolumeDay


class CurveKind(StrEnum):
    """What the axis counts."""

    SHARE = "% of the usual day"
    SHARES = "shares, as the bars count"


class VolumeCurve(Chart, can_focus=True):
    """Today's line over the median of the full sessions and their quartiles; the axis is the whole session."""

    _shown: object = None

    def show_waiting(self, symbol: str, text: str) -> None:
        """Say why there is no line yet, or none at all."""
        show_title(self, f" {symbol}  volume of the day ")
        self._show((symbol, text), Picture(lines=(), slots=0, labels=(), y_format=str, message=text), now=True)

    def show_day(
        self,
        day: VolumeDay,
        so_far: Sequence[int | None],
        running: tuple[int, float | None] | None,
        kind: CurveKind,
        *,
        now: bool = False,
    ) -> None:
        """Draw a symbol's day; what would look the same as the last time costs nothing.

        Args:
            day: The usual day.
            so_far: Shares traded by the end of each finished slot.
            running: The slot that runs now, and the shares so far in it.
            kind: Shares, or their share of the usual day; without a usual day, shares.
            now: Redraw at once: the user did something.
        """
        kind = kind if day.band is not None and day.band.usual else CurveKind.SHARES
        values = [None if value is None else float(value) for value in so_far]
        if running is not None and running[1] is not None and running[0] >= len(values):
            # Between the last bar and now nothing is known but its sum.
            values += [None] * (running[0] - len(values))
            known = max((value for value in values if value is not None), default=0.0)
            values.append(max(known, running[1]))
        half = "half day  " if day.half_day else ""
        full = f"{day.band.sessions} full sessions" if day.band is not None else "no usual day"
        when = f"volume of {day.session}" if day.final else "volume so far"
        empty = not values and day.band is None
        show_title(self, f" {day.symbol}  {half}{when}{'' if empty else f', {kind}  {full}'} ")
        state = (day.symbol, day.session, kind, tuple(values), day.band)
        if empty:
            picture = Picture(lines=(), slots=0, labels=(), y_format=str, message=day.why or "no volume yet")
        else:
            picture = curve_picture(day, values, kind)
        self._show(state, picture, now=now)

    def _show(self, state: object, picture: Picture, *, now: bool) -> None:
        if state != self._shown:
            self._shown = state
            self.show(picture, now=now)


def curve_picture(day: VolumeDay, values: Sequence[float | None], kind: CurveKind) -> Picture:
    """The lines from the open, where everything is zero, to the close; a half day's own line ends at its close."""
    band = day.band
    scale = 100 / band.usual if band is not None and kind is CurveKind.SHARE else 1.0
    lines = []
    if values:
        own = [0.0, *(None if value is None else value * scale for value in values)]
        lines.append(Line(_label(day), own, "series-1"))
    if band is not None:
        usual, factor = (band.shares, 100.0) if kind is CurveKind.SHARE else (band.volumes, 1.0)
        lines += [
            Line("median", [0.0, *(value * factor for value in usual.median)], "series-2"),
            Line("upper ¼", [0.0, *(value * factor for value in usual.high)], "axis"),
            Line("lower ¼", [0.0, *(value * factor for value in usual.low)], "axis"),
        ]
    return Picture(
        lines=tuple(lines),
        slots=sessions.SLOTS + 1,
        labels=[(0, "9:30"), *((slot, _clock(slot)) for slot in range(6, sessions.SLOTS + 1, 12))],
        y_format=(lambda value: f"{value:.0f}%") if kind is CurveKind.SHARE else (lambda value: fmt.shares(value).text),
        slot_format=_clock,
    )


def _label(day: VolumeDay) -> str:
    return f"{day.session:%m-%d}" if day.final else "today"


def _clock(place: int) -> str:
    """New York's time at the end of so many slots."""
    minutes = 9 * 60 + 30 + 5 * place
    return f"{minutes // 60}:{minutes % 60:02d}"

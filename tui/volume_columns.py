"""The columns of the volume list and of the unusual days as data: the same on the screen and in `show volume`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui import format as fmt
from tui.analytics.row import FULL_DAY, TIME_OF_DAY
from tui.analytics.windows import Window
from tui.columns import Field
from tui.format import MISSING, Cell
from tui.model import State

if TYPE_CHECKING:
    from tui.analytics.volume_unusual import Unusual, UnusualDay
    from tui.studies.volume_rows import VolumeRow

FOLLOWED = (Window.W1, Window.M1)
"""Windows over which it is told what followed."""
HIGH = 2.0
"""From here on a ratio is marked: twice the usual."""


def _symbol(row: VolumeRow) -> Cell:
    return Cell(fmt.clean(row.symbol, 9), "error" if row.state is State.UNKNOWN else "symbol")


def _ratio(row: VolumeRow) -> Cell:
    cell = fmt.ratio(row.by_mean, rough=row.rough)
    return Cell(cell.text, "warn") if row.by_mean is not None and row.by_mean >= HIGH else cell


def _basis(row: VolumeRow) -> Cell:
    if row.index:
        return Cell(f"see {row.tracked_by}" if row.tracked_by else "no volume", "muted")
    if row.basis is None:
        return MISSING
    return Cell("full day" if row.basis == FULL_DAY else f"now, {row.basis.removeprefix(TIME_OF_DAY).strip()}", "muted")


def list_fields(window: int) -> list[Field]:
    """The columns of the list, the most telling first; `window` is the number of sessions behind the ratio."""
    return [
        Field("symbol", "Symbol", 8, _symbol, lambda row: row.symbol, "left", fixed=True, flash=False),
        Field("volume_ratio", f"Vol×{window}", 6, _ratio, lambda row: row.by_mean),
        Field("by_median", "×med", 6, lambda row: fmt.ratio(row.by_median, rough=row.rough), lambda row: row.by_median),
        Field("dollar_volume", "$Vol", 6, lambda row: fmt.dollars(row.dollar_volume), lambda row: row.dollar_volume),
        Field("mean", "Mean", 6, lambda row: fmt.shares(row.usual.mean), lambda row: row.usual.mean, flash=False),
        Field(
            "median", "Median", 6, lambda row: fmt.shares(row.usual.median), lambda row: row.usual.median, flash=False
        ),
        Field("volume", "Volume", 6, lambda row: fmt.shares(row.volume), lambda row: row.volume),
        Field("change", "Chg%", 7, lambda row: fmt.change(row.change), lambda row: row.change),
        Field("basis", "Measured", 14, _basis, lambda row: row.basis, "left", flash=False),
        Field(
            "name",
            "Name",
            34,
            lambda row: Cell(fmt.clean(row.name or "", 34), "muted"),
            lambda row: row.name,
            "left",
            flash=False,
        ),
    ]


def _session(day: UnusualDay) -> Cell:
    return Cell(f"{day.session}{' ½' if day.half_day else ''}")


def _followed(window: Window) -> Field:
    return Field(
        f"followed_{window}",
        f"+{window}%",
        7,
        lambda day: fmt.change(day.followed[window]),
        lambda day: day.followed[window],
        group="then",
        flash=False,
    )


def day_fields() -> list[Field]:
    """The columns of the unusual days."""
    return [
        Field("session", "Session", 12, _session, lambda day: day.session, "left", fixed=True, flash=False),
        Field(
            "ratio", "Ratio", 6, lambda day: Cell(fmt.ratio(day.ratio).text, "warn"), lambda day: day.ratio, flash=False
        ),
        Field("change", "Day%", 7, lambda day: fmt.change(day.change), lambda day: day.change, flash=False),
        *(_followed(window) for window in FOLLOWED),
        Field(
            "dollar_volume",
            "$Vol",
            6,
            lambda day: fmt.dollars(day.dollar_volume),
            lambda day: day.dollar_volume,
            flash=False,
        ),
        Field("by_median", "×med", 6, lambda day: fmt.ratio(day.by_median), lambda day: day.by_median, flash=False),
        Field("volume", "Volume", 6, lambda day: fmt.shares(day.volume), lambda day: day.volume, flash=False),
    ]


def unusual_title(found: Unusual) -> str:
    """How many of the last sessions were unusual, or which came nearest."""
    count = len(found.days)
    text = f"{count} of {found.known} sessions at {found.bound:g}x or more"
    if not count and found.highest is not None:
        text += f"; the highest {fmt.ratio(found.highest.ratio).text}x on {found.highest.session}"
    return text

"""A macro series as a line of the table, and as a frame."""

from datetime import date
from typing import TYPE_CHECKING

from tui.format import clean
from tui.model_drivers import CATALOG, Frequency, Series
from tui.studies.drivers_answers import MacroLine

if TYPE_CHECKING:
    import polars as pl

TREND_VALUES = {"daily": 63}
OLD_DAYS = {
    Frequency.DAILY: 10,
    Frequency.WEEKLY: 25,
    Frequency.MONTHLY: 110,
    Frequency.QUARTERLY: 250,
    Frequency.ANNUAL: 800,
}
"""From how many days on after what it is of a latest value is old, and a newer one is out."""
OTHER_TREND_VALUES = 24
"""Values of a small trend: a quarter of a year of days, two years of months."""


def line_of(series: Series, day: date) -> MacroLine | None:
    """The line of a series as it was known on a day; None where nothing was."""
    from tui.analytics.releases import known_on
    from tui.analytics.sensitivity import latest

    frame = known_on(frame_of(series), day)
    in_percent = is_percent(series)
    last = latest(frame, in_percent=in_percent)
    if last is None:
        return None
    about = CATALOG.get(series.id)
    values = frame["value"].to_list()
    return MacroLine(
        id=series.id,
        title=clean(series.title or (about.title if about else series.id), 60),
        unit=clean(series.unit or (about.unit if about else ""), 40),
        in_percent=in_percent,
        frequency=series.frequency,
        source=series.source,
        latest=last.value,
        day=last.day,
        before=last.before,
        change=last.change,
        trend=values[-TREND_VALUES.get(series.frequency.value, OTHER_TREND_VALUES) :],
        is_old=(day - last.day).days > OLD_DAYS.get(series.frequency, 10**6),
    )


def is_percent(series: Series) -> bool:
    """Whether a series is in percent, so that its changes are differences."""
    unit = series.unit or (about.unit if (about := CATALOG.get(series.id)) else "")
    return unit.casefold().startswith("percent")


def frame_of(series: Series) -> "pl.DataFrame":
    """`date`, `value` and `known` of a series."""
    from tui.analytics.releases import series_frame

    return series_frame(series.id, series.frequency, series.dates, series.values)

"""When a macro figure could be known: a value is of its month or quarter, and is published weeks after that has ended.

Sources tell what a value is of, and not when it was published first, nor what it was before it was revised. So the day
of publication is taken from the usual delay, on the late side; figures are those of the latest revision.
"""

from collections.abc import Sequence
from datetime import date

import polars as pl

from tui.model_drivers import Frequency

DELAY_DAYS = {
    "FEDFUNDS": 2,
    "CPIAUCSL": 16,
    "PPIACO": 18,
    "GDP": 31,
    "GDPC1": 31,
    "BUSLOANS": 20,
    "PMI": 4,
    "UNRATE": 9,
    "ICSA": 6,
}
"""Days from the end of what a value is of to its first publication, at the most usually."""
USUAL_DAYS = {
    Frequency.DAILY: 0,
    Frequency.WEEKLY: 7,
    Frequency.MONTHLY: 31,
    Frequency.QUARTERLY: 60,
    Frequency.ANNUAL: 120,
    Frequency.OTHER: 0,
}
"""The same for a series that is not listed: a daily one is known on its evening."""
PERIODS = {Frequency.WEEKLY: "1w", Frequency.MONTHLY: "1mo", Frequency.QUARTERLY: "3mo", Frequency.ANNUAL: "1y"}
"""What a value is of, from its date on. A weekly date is the week's last day."""


def delay_days(series_id: str, often: Frequency) -> int:
    """Days from the end of what a value is of to the day from which it counts as known."""
    return DELAY_DAYS.get(series_id, USUAL_DAYS[often])


def series_frame(series_id: str, often: Frequency, dates: Sequence[date], values: Sequence[float]) -> pl.DataFrame:
    """`date`, `value` and `known`, the day from which each value counts as known; oldest first."""
    frame = pl.DataFrame({"date": dates, "value": values}, {"date": pl.Date, "value": pl.Float64}).sort("date")
    ended = pl.col("date")
    if often in PERIODS and often is not Frequency.WEEKLY:
        ended = ended.dt.offset_by(PERIODS[often]).dt.offset_by("-1d")
    return frame.with_columns(known=ended.dt.offset_by(f"{delay_days(series_id, often)}d"))


def known_on(frame: pl.DataFrame, day: date) -> pl.DataFrame:
    """Those values of a series that were known on a day."""
    return frame.filter(pl.col("known") <= day)

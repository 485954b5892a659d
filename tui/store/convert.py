"""From the tables of the history to the parcels of the program (`Bars`, `Bar`); `schema.bars_frame` goes back."""

from datetime import UTC, date, datetime, time, timedelta

import polars as pl

from tui.model import Bar, Bars
from tui.sessions import NEW_YORK


def to_bars(
    symbol: str, frame: pl.DataFrame, *, source: str, fetched_at: float = 0.0, currency: str | None = None
) -> Bars:
    """Rows of one symbol, of `DAILY_SCHEMA` and in order, as `Bars`."""
    column = {name: frame.get_column(name).to_list() for name in frame.columns}
    return Bars(
        symbol=symbol,
        source=source,
        fetched_at=fetched_at,
        dates=column["date"],
        open=column["open"],
        high=column["high"],
        low=column["low"],
        close=column["close"],
        adj_close=column["adj_close"],
        volume=column["volume"],
        dividends=_events(column["date"], frame.get_column("dividend")),
        splits=_events(column["date"], frame.get_column("split")),
        currency=currency,
    )


def _events(dates: list[date], values: pl.Series) -> dict[date, float]:
    """What is known of few days, by day; without a query, of which a fund with all its members would need thousands."""
    if values.null_count() == values.len():
        return {}
    return {day: value for day, value in zip(dates, values.to_list(), strict=True) if value is not None}


def to_bar_list(frame: pl.DataFrame) -> list[Bar]:
    """Rows of `BAR_SCHEMA`, in order, as `Bar`s."""
    rows = frame.select(pl.col("time").dt.epoch("us") / 1e6, "open", "high", "low", "close", "volume").iter_rows()
    return [Bar(time=t, open=o, high=h, low=lo, close=c, volume=v) for t, o, h, lo, c, v in rows]


def day_bounds(session: date) -> tuple[datetime, datetime]:
    """Midnight to midnight of `session` in New York, as UTC: the half-open span of its bars."""
    midnights = (datetime.combine(day, time(), NEW_YORK) for day in (session, session + timedelta(days=1)))
    start, end = (midnight.astimezone(UTC) for midnight in midnights)
    return start, end


def sessions_of(times: pl.Series) -> list[date]:
    """The New York dates of bar starts, sorted."""
    return times.dt.convert_time_zone(NEW_YORK.key).dt.date().unique().sort().to_list()

"""The running session as one more row of a stored history."""

from datetime import date

import polars as pl

from tui.analytics.holes import with_lacking


def with_today(frame: pl.DataFrame, session: date, price: float | None, volume: int | None) -> pl.DataFrame:
    """One symbol's sessions up to `session`, with the live price as that session's close.

    A stored row of the session keeps what the quote does not know. Without a price the frame is as it was; with one,
    sessions that it lacks before are rows without a close.
    """
    if price is None:
        return frame
    frame = with_lacking(frame, frame["symbol"][:1], session)
    row = frame.filter(pl.col("date") == session)
    if row.height:
        known = pl.coalesce(pl.lit(volume, pl.Int64), pl.col("volume"))
        return pl.concat([frame.filter(pl.col("date") < session), row.with_columns(close=pl.lit(price), volume=known)])
    symbol = frame["symbol"][0] if frame.height else ""
    new = pl.DataFrame(
        {"symbol": [symbol], "date": [session], "close": [price], "volume": [volume]},
        schema={"symbol": pl.String, "date": pl.Date, "close": pl.Float64, "volume": pl.Int64},
    )
    return pl.concat([frame, new], how="diagonal")


def is_closed(frame: pl.DataFrame, session: date) -> bool:
    """Whether the session is stored with its adjusted close, which dates its dividends."""
    return not frame.filter((pl.col("date") == session) & pl.col("adj_close").is_not_null()).is_empty()

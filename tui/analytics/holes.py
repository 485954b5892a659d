"""What a stored history lacks before the session that it is looked at from, as sessions whose close is unknown."""

from collections.abc import Iterable
from datetime import date

import polars as pl

from tui.sessions import previous_session
from tui.sessions_lacking import lacking


def with_lacking(frame: pl.DataFrame, symbols: Iterable[str], session: date) -> pl.DataFrame:
    """A frame, sorted by symbol and date, with what each of these symbols in it lacks before `session` as rows of nulls.

    Rows on or after `session` stay as they are, and stand in for nothing.
    """
    # Mostly all have a row there, which is quickly seen; the last row of each symbol is not.
    there = set(frame.filter(pl.col("date") == previous_session(session))["symbol"])
    if not (behind := [symbol for symbol in symbols if symbol not in there]):
        return frame
    past = frame.lazy().filter(pl.col("symbol").is_in(behind) & (pl.col("date") < session))
    ends = past.group_by("symbol").agg(pl.col("date").max()).collect()
    rows = [(symbol, day) for symbol, last in ends.iter_rows() for day in lacking(symbol, last, session)]
    if not rows:
        return frame
    added = pl.DataFrame(rows, schema={"symbol": frame.schema["symbol"], "date": pl.Date}, orient="row")
    return pl.concat([frame, added], how="diagonal").sort("symbol", "date")

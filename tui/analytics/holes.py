"""What a stored history lacks before the session that it is looked at from, as sessions whose close is unknown."""

from collections.abc import Iterable, Mapping
from datetime import date

import polars as pl

from tui.sessions import previous_session
from tui.sessions_lacking import lacking


def with_lacking(frame: pl.DataFrame, symbols: Iterable[str], session: date) -> pl.DataFrame:
    """A frame, sorted by symbol and date, with what each of these symbols in it lacks before `session` as rows of nulls.

    Rows on or after `session` stay as they are, and stand in for nothing.
    """
    return filled(frame, ends(frame, symbols, session), session)


def ends(frame: pl.DataFrame, symbols: Iterable[str], session: date) -> dict[str, date]:
    """Those of these symbols that lack sessions before `session`, and the last that each has before it."""
    # Mostly all have a row there, which is quickly seen; the last row of each symbol is not.
    there = set(frame.filter(pl.col("date") == previous_session(session))["symbol"])
    if not (behind := [symbol for symbol in symbols if symbol not in there]):
        return {}
    past = frame.lazy().filter(pl.col("symbol").is_in(behind) & (pl.col("date") < session))
    lasts = past.group_by("symbol").agg(pl.col("date").max()).collect()
    return {symbol: last for symbol, last in lasts.iter_rows() if lacking(symbol, last, session)}


def filled(frame: pl.DataFrame, ended: Mapping[str, date], session: date) -> pl.DataFrame:
    """The frame with a row of nulls for each session after what `ends` has found."""
    if not ended:
        return frame
    rows = [(symbol, day) for symbol, last in ended.items() for day in lacking(symbol, last, session)]
    added = pl.DataFrame(rows, schema={"symbol": frame.schema["symbol"], "date": pl.Date}, orient="row")
    return pl.concat([frame, added], how="diagonal").sort("symbol", "date")


def ends_early(symbol: str, frame: pl.DataFrame, session: date) -> date | None:
    """The last session of one symbol's frame before `session`, if there are others between them; else None."""
    last = frame.filter(pl.col("date") < session)["date"].max()
    return last if isinstance(last, date) and lacking(symbol, last, session) else None

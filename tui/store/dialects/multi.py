"""yfinance's `download()` as CSV: a header of three lines, for one ticker or several.

Price,Close,High,...       or   Ticker,SPY,SPY,...
Ticker,^NDX,^NDX,...            Price,Open,High,...
Date,,,...                      Date,,,...
"""

import polars as pl

from tui.store.dialects import partial, plain, yfinance
from tui.store.dialects.base import Hints, Parsed, one_symbol
from tui.store.dialects.table import LINE, Table
from tui.store.schema import DAILY_SCHEMA, conform

NAME = "yfinance, three-line header"

HEADER_LINES = 3


def recognises(cells: pl.DataFrame) -> bool:
    """Three lines of which one names prices and the third is `Date` alone."""
    if cells.height < HEADER_LINES:
        return False
    first, second, third = (list(map(str.lower, row)) for row in cells.drop(LINE).head(HEADER_LINES).iter_rows())
    return third[0] == "date" and not any(third[1:]) and ("close" in first or "close" in second)


def parse(cells: pl.DataFrame, hints: Hints) -> Parsed:
    """Read every ticker's columns as a table of its own."""
    first, second = (row[1:] for row in cells.drop(LINE).head(HEADER_LINES - 1).iter_rows())
    prices, tickers = (first, second) if "close" in map(str.lower, first) else (second, first)
    body = cells.tail(-HEADER_LINES)
    frames: list[pl.DataFrame] = []
    unadjusted = []
    for ticker in dict.fromkeys(tickers):
        mine = [position for position, name in enumerate(tickers) if name == ticker]
        columns = [body.columns[0], body.columns[1], *(body.columns[position + 2] for position in mine)]
        table = Table(["Date", *(prices[position] for position in mine)], body.select(columns))
        # Tickers of different markets share one column of dates: where one did not trade, all its cells are empty.
        frame = plain.read(table, Hints(stem="X")).filter(~pl.all_horizontal(pl.exclude("date", "symbol").is_null()))
        if yfinance.recognises(table):
            frame = yfinance.rebuild(frame.sort("date", maintain_order=True))
        elif "adj_close" not in table.names and not ticker.startswith("^"):
            unadjusted.append(ticker)
        frames.append(frame.with_columns(symbol=pl.lit(ticker)))
    frame, notes = partial.settle(one_symbol(pl.concat(frames, how="diagonal"), hints), hints)
    if unadjusted:
        notes.append("no adjusted close and no dividends: the close is taken as it is, adjusted or not")
    return Parsed(dialect=NAME, daily=conform(frame, DAILY_SCHEMA), notes=notes)

"""Each figure of a condition as an expression, on a table of several symbols that share a calendar (docs: formulas).

A table has `date` and, for each symbol, its columns under `own(symbol, column)` as `prepared` makes them. A symbol's
sessions are rows without a gap; rows before its first and after its last session are null, which reads as no history.
"""

from collections.abc import Iterator, Sequence

import polars as pl

from tui.analytics import volume
from tui.analytics.columns import has_own_volume, known
from tui.analytics.events.figures import FIGURES, Unit, volume_window
from tui.analytics.windows import SESSIONS, Window

DATE = "date"
YEAR = 252
"""Sessions of a 52-week range, the session itself among them."""
ENOUGH = 200
"""Known sessions before the session itself, under which a range or a high is unknown."""
BASIS_POINTS = 100
"""Basis points of one unit of a yield, which is stored in percent."""
BASIS_DIGITS = 6
"""Decimals of a change in basis points: 13.49 - 14.29 is -80, not a little less."""

_PERIODS = {Window.WTD: "1w", Window.MTD: "1mo", Window.QTD: "1q", Window.YTD: "1y"}
_LEAST = 1e-12
"""Spread of closes, relative to the last, under which they are all the same."""
_PRICES = {"close": "base", "adj_close": "adj_base"}
"""Where a price is kept once more as what a return can begin with: null unless it is positive."""


def own(symbol: str, column: str) -> str:
    """The name of a symbol's column in a table of several."""
    return f"{symbol}:{column}"


def prepared(symbol: str, columns: Sequence[str]) -> Iterator[pl.Expr]:
    """A symbol's columns with one kind of unknown, out of a table that has them under `own(symbol, column)`."""
    for name in columns:
        column = known(own(symbol, name))
        if name == "volume" and not has_own_volume(symbol):
            column = pl.lit(None, pl.Float64)
        yield column.alias(own(symbol, name))
        if name in _PRICES:
            yield pl.when(column > 0).then(column).alias(own(symbol, _PRICES[name]))


def figure(symbol: str, name: str) -> pl.Expr:
    """A figure for every session; null where it is unknown."""
    made = FIGURES[name]
    close = _of(symbol, "close")
    if made.window is not None:
        price = "adj_close" if name.endswith("_tr") else "close"
        if made.unit is Unit.BASIS:
            before = _at_start(_of(symbol, price), made.window)
            return ((_of(symbol, price) - before) * BASIS_POINTS).round(BASIS_DIGITS)
        return _of(symbol, price) / _at_start(_of(symbol, _PRICES[price]), made.window) - 1
    if name.startswith("volume_ratio"):
        return volume.ratio_by_mean(_of(symbol, "volume"), volume_window(name))
    match name:
        case "close" | "high" | "low" | "volume":
            return _of(symbol, name)
        case "mean50" | "mean200":
            return close.rolling_mean(int(name[4:]))
        case "high52":
            return _highest(symbol)
        case "low52":
            return _lowest(symbol)
        case "range52":
            high, low = _highest(symbol), _lowest(symbol)
            return pl.when(high > low).then((close - low) / (high - low))
        case "drawdown":
            peak = close.cum_max()
            return pl.when(peak > 0).then(close / peak - 1)
        case "zscore50":
            mean, spread = close.rolling_mean(50), close.rolling_std(50)
            return pl.when(spread > close.abs() * _LEAST).then((close - mean) / spread)
        case "dollar_volume":
            return volume.dollar_volume(close, _of(symbol, "volume"))
        case _:
            raise KeyError(name)


def extreme(symbol: str, span: str, side: str) -> pl.Expr:
    """The highest (lowest) close of the span's sessions but one, each session the last of them.

    With the session that follows they make the span. Null under `ENOUGH` known closes, or all of a shorter span.
    """
    close = _of(symbol, "close")
    high = side == "high"
    if span == "all-time":
        found = (close.cum_max() if high else close.cum_min()).forward_fill()
        return pl.when(close.is_not_null().cum_sum() >= ENOUGH).then(found)
    size = (YEAR if span == "52w" else int(span[:-1])) - 1
    least = min(size, ENOUGH)
    return close.rolling_max(size, min_samples=least) if high else close.rolling_min(size, min_samples=least)


def at(symbol: str, span: str, side: str) -> pl.Expr:
    """Whether the close is the highest (lowest) of the span's closes, itself included; an equal one counts."""
    limit, close = extreme(symbol, span, side).shift(1), _of(symbol, "close")
    return close >= limit if side == "high" else close <= limit


def forward(symbol: str, window: Window) -> pl.Expr:
    """The return from each session's close to that of a counted window later; null past the last session."""
    return _of(symbol, "close").shift(-SESSIONS[window]) / _of(symbol, "base") - 1


def traded(symbol: str) -> pl.Expr:
    """Whether the symbol has a close."""
    return _of(symbol, "close").is_not_null()


def _of(symbol: str, column: str) -> pl.Expr:
    return pl.col(own(symbol, column))


def _at_start(price: pl.Expr, window: Window) -> pl.Expr:
    """The price that a window begins with."""
    if window in SESSIONS:
        return price.shift(SESSIONS[window])
    period = pl.col(DATE).dt.truncate(_PERIODS[window])
    begins = period != period.shift(1)
    # The row rather than the price is filled forward: a base that is unknown stays so for the whole period.
    row = pl.when(begins).then(pl.int_range(pl.len())).forward_fill()
    return price.shift(1).gather(row)


def _highest(symbol: str) -> pl.Expr:
    close, high = _of(symbol, "close"), _of(symbol, "high")
    before = pl.coalesce(high, close).shift(1).rolling_max(YEAR - 1, min_samples=ENOUGH)
    return pl.when(close.is_not_null() & before.is_not_null()).then(pl.max_horizontal(before, high, close))


def _lowest(symbol: str) -> pl.Expr:
    close, low = _of(symbol, "close"), _of(symbol, "low")
    before = pl.coalesce(low, close).shift(1).rolling_min(YEAR - 1, min_samples=ENOUGH)
    return pl.when(close.is_not_null() & before.is_not_null()).then(pl.min_horizontal(before, low, close))

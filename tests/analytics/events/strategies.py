"""Conditions and bars for the tests of the event language."""

from datetime import date, timedelta

import polars as pl
from hypothesis import strategies as st

from tui.analytics.events.tree import And, Arithmetic, At, Compare, Cross, Negative, Not, Number, Or, Series, Streak

START = date(2020, 1, 1)
SYMBOLS = ("IWM", "^RUT", "BRK-B", "EURUSD=X", "VOD.L", "600519.SS", "NOT", "AND")
RETURNS = ("1d", "1w", "1m", "ytd", "mtd", "drawdown")

symbols = st.sampled_from(SYMBOLS)
returns = st.builds(Series, symbols, st.sampled_from(RETURNS))
prices = st.builds(Series, symbols, st.sampled_from(("close", "mean50", "high52")))
percents = st.builds(Number, st.floats(-90, 90, allow_nan=False).map(lambda x: round(x, 3) or 0.5), st.just("%"))
plains = st.builds(Number, st.integers(1, 400).map(float))


def _fractions() -> st.SearchStrategy:
    return st.recursive(
        returns,
        lambda inner: st.one_of(
            st.builds(Arithmetic, st.sampled_from("+-"), inner, st.one_of(inner, percents)),
            st.builds(Arithmetic, st.sampled_from("*/"), inner, plains),
            st.builds(Negative, inner),
        ),
        max_leaves=4,
    )


fractions = _fractions()
operators = st.sampled_from((">=", ">", "<", "<=", "==", "!="))


def _compares() -> st.SearchStrategy:
    # A number is compared with a difference, so that no limit is out of a single figure's reach.
    spread = st.builds(Arithmetic, st.just("-"), fractions, returns)
    return st.one_of(
        st.builds(Compare, operators, spread, percents),
        st.builds(Compare, operators, prices, plains),
        st.builds(Cross, st.sampled_from(("above", "below")), spread, percents),
        st.builds(At, symbols, st.sampled_from(("52w", "all-time", "20d")), st.sampled_from(("high", "low"))),
    )


def _tests() -> st.SearchStrategy:
    return st.recursive(
        _compares(),
        lambda inner: st.one_of(
            st.builds(Not, inner),
            st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple)),
            st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple)),
            st.builds(Compare, st.sampled_from((">=", "==")), st.builds(Streak, inner), plains),
        ),
        max_leaves=5,
    )


tests = _tests()
"""Trees of conditions that mean something."""


def days(count: int, start: date = START) -> list[date]:
    """That many weekdays."""
    found = []
    while len(found) < count:
        if start.weekday() < 5:
            found.append(start)
        start += timedelta(days=1)
    return found


def bars(closes: list[float | None], **more: list) -> pl.DataFrame:
    """One symbol's sessions with all columns; highs, lows and adjusted closes are the closes unless given."""
    columns = {"high": closes, "low": closes, "adj_close": closes, "volume": [1000] * len(closes)} | more
    return pl.DataFrame(
        {"date": days(len(closes)), "close": closes, **columns},
        schema={
            "date": pl.Date,
            "close": pl.Float64,
            "high": pl.Float64,
            "low": pl.Float64,
            "adj_close": pl.Float64,
            "volume": pl.Int64,
        },
    )


closes = st.lists(
    st.one_of(st.none(), st.floats(50, 200, allow_nan=False).map(lambda x: round(x, 2))), min_size=3, max_size=60
)
"""Closes with gaps."""

"""Symbols against a benchmark: what the sessions before the as-of session say once, so that a price makes today's.

Frames hold one symbol's sessions, sorted by date: `date` and `close`, which is the adjusted one for total returns.
Figures of today are made from these parts by plain arithmetic, in the studies.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl
from msgspec import Struct

from tui.analytics import rolling, rotation
from tui.analytics.columns import known, row_of
from tui.analytics.measure import Measure
from tui.analytics.relative import Yearly, common, moved, yearly
from tui.analytics.returns import excess_all, returns_all, since
from tui.analytics.rolling import Pairs
from tui.analytics.rotation import Rotation
from tui.analytics.span import Span
from tui.analytics.spread import SpreadHistory, StreakHistory, history_of, spreads, streaks_of
from tui.analytics.windows import SESSIONS, Window

ROLLING_SESSIONS = 252
"""The line of a rolling estimate goes back at least so far, whatever the span."""


class Start(Struct, frozen=True, gc=False):
    """Where a span begins for one symbol: the session, and both closes there."""

    session: date
    own: float | None
    bench: float | None

    def returns(self, own: float | None, bench: float | None) -> tuple[float | None, float | None]:
        """The two returns from here to these prices, as fractions."""
        return _change(own, self.own), _change(bench, self.bench)


class Lines(Struct, frozen=True):
    """One symbol over the past days of the comparison, None where a close is unknown; 100, 100 and 0 at the start."""

    rebased: Sequence[float | None]
    ratio: Sequence[float | None]
    spread: Sequence[float | None]


class Side(Struct, frozen=True, kw_only=True):
    """One compared symbol: everything before its as-of session."""

    symbol: str
    session: date
    first: date | None
    """First stored session."""
    spread: SpreadHistory
    """Its excess over as many sessions as the span has, of all past sessions."""
    spread_sessions: int | None
    """How many that is; None where the history is too short for the span."""
    streak: StreakHistory
    pairs: Pairs
    rotation: Rotation
    yearly: Sequence[Yearly]
    """Correlation of the daily returns of each calendar year before that of the as-of session."""
    lines: Lines
    base: Start | None
    """Where its lines begin: the first day of the comparison; None without a close there."""
    rolling: Mapping[Measure, Sequence[float | None]]
    """The rolling estimates at `Days.rolling`."""


class Days(Struct, frozen=True):
    """The calendar of a comparison: sessions of the benchmark before its as-of session."""

    span: Sequence[date]
    """From the span's start on; empty when the history does not go back so far."""
    rolling: Sequence[date]
    """Those of the rolling estimates: a year of sessions, or the span where it is longer."""


def before(frame: pl.DataFrame, session: date) -> pl.DataFrame:
    """The sessions before one."""
    return frame[: row_of(frame["date"], session)]


def closes_of(frame: pl.DataFrame, *, total: bool) -> pl.DataFrame:
    """`symbol`, `date` and `close` of stored rows, with the adjusted close in the close's place for total returns."""
    return frame.select("symbol", "date", close=known("adj_close" if total else "close"))


def adjusted(frame: pl.DataFrame, sessions: Mapping[str, date]) -> dict[str, float]:
    """The stored adjusted close of each symbol's as-of session, which stands for its price in total returns."""
    days = pl.DataFrame(
        {"symbol": list(sessions), "date": list(sessions.values())}, schema={"symbol": pl.String, "date": pl.Date}
    )
    return dict(frame.join(days, on=["symbol", "date"]).drop_nulls("close").select("symbol", "close").iter_rows())


def first_common(frames: Sequence[pl.DataFrame]) -> date | None:
    """The first session that all of these have; None where one has none."""
    firsts = [frame["date"][0] if frame.height else None for frame in frames]
    start = max((day for day in firsts if day is not None), default=None)
    return None if None in firsts else start


def days_of(bench: pl.DataFrame, session: date, span: Span, start: date | None) -> Days:
    """The days of a comparison up to the benchmark's as-of session; `start` is the one of a span without a window."""
    past = before(bench, session)
    deep = past["date"].tail(ROLLING_SESSIONS).to_list()
    begin = _start(past, session, span, start)
    days = past["date"][row_of(past["date"], begin.session) :].to_list() if begin else []
    return Days(days, max(days, deep, key=len))


def starts_of(
    frame: pl.DataFrame, bench: pl.DataFrame, session: date, span: Span, start: date | None
) -> dict[str, Start]:
    """Where each window, and the span that was asked for, begins for one symbol, by their texts."""
    found = {
        window.value: Start(
            each.own.base.session, each.own.base.close, each.bench.base.close if each.bench.base else None
        )
        for window, each in excess_all(before(frame, session), before(bench, session), session).items()
        if each.own.base
    }
    if span.window is None and (own := _start(frame, session, span, start)) is not None:
        found[span.text] = Start(own.session, own.own, _close_on(bench, own.session))
    return found


def side_of(
    symbol: str,
    frame: pl.DataFrame,
    bench: pl.DataFrame,
    session: date,
    start: Start | None,
    days: Days,
    *,
    sessions: int | None,
    against_yield: bool,
) -> Side:
    """Everything of one compared symbol.

    Args:
        symbol: The symbol.
        frame: Its sessions.
        bench: Those of the benchmark.
        session: Its as-of session.
        start: Where the span begins for it.
        days: The calendar of the comparison.
        sessions: How many sessions a counted window goes back; None takes as many as lie between start and session.
        against_yield: Whether the benchmark is a yield in percent.
    """
    past, theirs = before(frame, session), before(bench, session)
    if start is not None and sessions is None:
        sessions = past.height - row_of(past["date"], start.session)
    closes = common(past, theirs)
    pairs = moved(closes, against_yield)
    one_day = spreads(past, theirs, 1)["value"]
    lines, base = _lines(frame, bench, days.span)
    return Side(
        symbol=symbol,
        session=session,
        first=frame["date"][0] if frame.height else None,
        spread=history_of(spreads(past, theirs, sessions)["value"] if sessions else one_day.clear()),
        spread_sessions=sessions,
        streak=streaks_of(one_day),
        pairs=rolling.prepared(closes, session, against_yield=against_yield),
        rotation=rotation.prepared(closes),
        yearly=[each for each in yearly(pairs) if each.year < session.year],
        lines=lines,
        base=base,
        rolling={each: _rolling(pairs, each, days.rolling) for each in Measure},
    )


def bench_line(bench: pl.DataFrame, days: Sequence[date]) -> tuple[list[float | None], float | None]:
    """The benchmark rebased to 100 over the days, and its close at their start."""
    lines, base = _lines(bench, bench, days)
    return list(lines.rebased), base.own if base else None


def point(
    base: Start | None, own: float | None, bench: float | None
) -> tuple[float | None, float | None, float | None]:
    """Today's values of `Lines` at these prices."""
    if base is None or not base.own or not base.bench or own is None or bench is None:
        return None, None, None
    mine, theirs = 100 * own / base.own, 100 * bench / base.bench
    return mine, 100 * mine / theirs if theirs else None, mine - theirs


def _start(past: pl.DataFrame, session: date, span: Span, start: date | None) -> Start | None:
    """The session and the close where a span begins for one symbol."""
    if span.window is not None:
        base = returns_all(past, session, (span.window,))[span.window].base
    elif start is not None:
        base = since(before(past, session), start, session).base
    else:
        base = None
    return Start(base.session, base.close, None) if base else None


def _close_on(frame: pl.DataFrame, day: date) -> float | None:
    dates = frame["date"]
    row = row_of(dates, day)
    return frame["close"][row] if row < len(dates) and dates[row] == day else None


def _lines(frame: pl.DataFrame, bench: pl.DataFrame, days: Sequence[date]) -> tuple[Lines, Start | None]:
    """The lines over the days and where they begin; gaps where a close is unknown."""
    own, theirs = _on(frame, days), _on(bench, days)
    base = Start(days[0], own[0], theirs[0]) if len(days) else None
    if base is None or not base.own or not base.bench or min(base.own, base.bench) <= 0:
        nothing: list[float | None] = [None] * len(days)
        return Lines(nothing, nothing, nothing), None
    # By way of the difference the start is exactly 100, as in `relative.rebased`.
    mine, other = 100 + 100 * (own - base.own) / base.own, 100 + 100 * (theirs - base.bench) / base.bench
    ratio = pl.select(pl.when(other > 0).then(100 * mine / other)).to_series()
    return Lines(mine.to_list(), ratio.to_list(), (mine - other).to_list()), base


def _on(frame: pl.DataFrame, days: Sequence[date]) -> pl.Series:
    """The closes on these days, null where there is none."""
    calendar = pl.LazyFrame({"date": days}, schema={"date": pl.Date})
    closes = frame.lazy().select("date", "close")
    return (
        calendar.join(closes, on="date", how="left", maintain_order="left")
        .select("close")
        .collect(engine="in-memory")
        .to_series()
    )


def _rolling(pairs: pl.DataFrame, measure: Measure, days: Sequence[date]) -> list[float | None]:
    """A rolling estimate on these days."""
    if not days:
        return []
    return _on(rolling.rolling(pairs, measure, days[0]).rename({"value": "close"}), days).to_list()


def _change(price: float | None, base: float | None) -> float | None:
    """`price / base - 1`; None where either is unknown or the base is not positive."""
    return None if price is None or base is None or base <= 0 else price / base - 1


def sessions_back(span: Span) -> int | None:
    """Sessions that a span goes back, where that is the same every day."""
    return SESSIONS.get(span.window) if span.window is not None else None


def windows_of(span: Span) -> tuple[str, ...]:
    """The texts of all windows, and of the span where it is none of them."""
    texts = tuple(window.value for window in Window)
    return texts if span.text in texts else (*texts, span.text)

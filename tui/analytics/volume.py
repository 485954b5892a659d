"""How much is traded, against what is usual: full-day ratios, and the usual day from five-minute bars.

Definitions: docs, formulas ("Volume ratio"). Volumes are shares.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date, time

import polars as pl
from msgspec import Struct

from tui import sessions
from tui.analytics.columns import finite, has_own_volume, known
from tui.analytics.figures import Profile, Usual
from tui.analytics.volume_model import MODEL, SLOT_MINUTES, SLOTS, share_done

__all__ = [
    "MODEL",
    "DayVolume",
    "Share",
    "day_volume",
    "dollar_volume",
    "full_sessions",
    "profile",
    "profile_of",
    "ratio_by_mean",
    "ratio_by_median",
    "session_of_bar",
    "share_done",
    "share_of_session",
]

DEFAULT_WINDOW = 63
"""Sessions behind a volume ratio."""

PROFILE_SESSIONS = 15
"""Full sessions that a usual day takes at least."""

FULL = 0.9
"""Share of a session's slots that must have a bar for the session to count as full: a slot without a trade has none."""

_OPEN = time(9, 30)


class DayVolume(Struct, frozen=True, kw_only=True, gc=False):
    """One session's volume against the usual."""

    volume: int | None
    dollar_volume: float | None
    """Close times volume."""
    usual: Usual
    by_mean: float | None
    """Volume / mean of the previous N sessions."""
    by_median: float | None
    """Volume / their median: one block trade moves the mean of a thin fund, not the median."""


class Share(Struct, frozen=True, gc=False):
    """A part of the day, as a share of the session's volume."""

    value: float | None
    sessions: int
    """Full sessions it is the mean of."""


def day_volume(frame: pl.DataFrame, session: date, window: int = DEFAULT_WINDOW) -> DayVolume:
    """Volume of `session` against the `window` sessions before it, for one symbol.

    Takes one symbol's sessions, sorted by date: `symbol`, `date`, `close`, `volume`. An index has no volume of its
    own: everything is None. The usual is None under half the window of known sessions.
    """
    own_volume = all(map(has_own_volume, frame["symbol"][:1]))
    day = frame.filter(pl.col("date") == session).select(known("close"), "volume")
    close, volume = day.row(0) if day.height and own_volume else (None, None)
    previous = frame.filter(pl.col("date") < session, own_volume).tail(window).select(known("volume"))
    mean, median, count = previous.select(
        pl.col("volume").mean().alias("mean"),
        pl.col("volume").median().alias("median"),
        pl.col("volume").count().alias("known"),
    ).row(0)
    usual = Usual(mean, median, count) if count * 2 >= window else Usual(None, None, count)
    return DayVolume(
        volume=volume,
        dollar_volume=None if close is None or volume is None else close * volume,
        usual=usual,
        by_mean=_ratio(volume, usual.mean),
        by_median=_ratio(volume, usual.median),
    )


def ratio_by_mean(volume: pl.Expr, window: int = DEFAULT_WINDOW) -> pl.Expr:
    """`V / mean of the previous N`, each session of a column: null under N/2 known, the session itself left out."""
    return finite(volume / volume.shift(1).rolling_mean(window, min_samples=_half(window)))


def ratio_by_median(volume: pl.Expr, window: int = DEFAULT_WINDOW) -> pl.Expr:
    """`V / median of the previous N`, each session of a column, as in `ratio_by_mean`."""
    return finite(volume / volume.shift(1).rolling_median(window, min_samples=_half(window)))


def dollar_volume(close: pl.Expr, volume: pl.Expr) -> pl.Expr:
    """`P * V`, in the price's currency."""
    return close * volume


def profile(
    bars: pl.DataFrame, symbol: str, half_days: AbstractSet[date] = frozenset(), before: date | None = None
) -> Profile | None:
    """The usual day of a symbol from its own bars: the median cumulative share by the end of each slot.

    Every session is normalised by its own sum, since bars add up to less than the tape does. None under 15 full
    sessions, and for an index, whose volume is not its own.

    Args:
        bars: Five-minute bars: `symbol`, `time` (start of the bar, UTC), `volume`, in any order.
        symbol: Whose bars to take.
        half_days: Sessions that close early: left out.
        before: Only sessions before this one, so that a past day is not measured by its own future.
    """
    if not has_own_volume(symbol):
        return None
    days = full_sessions(bars, symbol, half_days, before)
    count = days["session"].n_unique()
    if count < PROFILE_SESSIONS:
        return None
    every = days.select("session").unique().join(pl.DataFrame({"slot": range(SLOTS)}, {"slot": pl.Int16}), how="cross")
    done = (
        every.join(days, on=["session", "slot"], how="left")
        .sort("session", "slot")
        .with_columns(pl.col("share").fill_null(0.0).cum_sum().over("session"))
    )
    shares = done.group_by("slot").agg(pl.col("share").median()).sort("slot").select(pl.col("share").cum_max())
    return Profile((*(min(share, 1.0) for share in shares.to_series()[:-1]), 1.0), "own", count)


def profile_of(
    symbol: str, times: Sequence[float], volumes: Sequence[int | None], *, before: date | None = None
) -> Profile | None:
    """`profile` from plain columns: starts of the bars (epoch seconds UTC) and volumes, of one symbol of New York."""
    microseconds = pl.Series([int(moment * 1_000_000) for moment in times], dtype=pl.Int64)
    bars = pl.DataFrame(
        {
            "symbol": pl.repeat(symbol, len(times), eager=True, dtype=pl.String),
            "time": microseconds.cast(pl.Datetime("us", "UTC")),
            "volume": pl.Series(volumes, dtype=pl.Int64),
        }
    )
    days = bars.select(session_of_bar().unique()).to_series()
    return profile(bars, symbol, {day for day in days if sessions.is_half_day(day)}, before)


def share_of_session(
    bars: pl.DataFrame,
    symbol: str,
    start: time,
    end: time,
    *,
    half_days: AbstractSet[date] = frozenset(),
    before: date | None = None,
) -> Share:
    """Share of the session's volume between two times in New York: the mean over full sessions of each one's share.

    `start` and `end` fall on slot boundaries; the other arguments are as in `profile`. Each session weighs the same,
    however much was traded in it: SPY does 12.92 % from 09:30 to 10:00 and 20.36 % from 15:30 to 16:00 in the mean of
    the 594 full sessions from 2024-03-11 to 2026-07-31. The pooled volume would say 12.79 % and 19.56 %.
    """
    days = full_sessions(bars, symbol, half_days, before)
    count = days["session"].n_unique()
    inside = pl.col("slot").is_between(_slot_at(start), _slot_at(end), closed="left")
    total = days.select(pl.col("share").filter(inside).sum()).item()
    return Share(total / count if count else None, count)


def full_sessions(bars: pl.DataFrame, symbol: str, half_days: AbstractSet[date], before: date | None) -> pl.DataFrame:
    """`session`, `slot`, `volume` and its `share` of the session's own sum, for the sessions that count.

    A session counts when it is not a half day, has a bar in nearly every slot and knows the volume of each, and
    traded at all. Bars outside regular hours, the stub at the close among them, are left out.
    """
    slots = (
        bars.filter(pl.col("symbol") == symbol)
        .select(session_of_bar().alias("session"), _slot().alias("slot"), known("volume"))
        .filter(pl.col("slot").is_between(0, SLOTS - 1))
    )
    counted = pl.col("slot").n_unique() >= FULL * SLOTS
    whole = (pl.col("volume").null_count() == 0) & (pl.col("volume").sum() > 0)
    of_day = pl.col("volume").sum().over("session")
    full = slots.filter((counted & whole).over("session") & ~pl.col("session").is_in(list(half_days)))
    if before is not None:
        full = full.filter(pl.col("session") < before)
    shares = full.with_columns(share=pl.col("volume") / of_day)
    return shares.group_by("session", "slot", maintain_order=True).agg(pl.col("share", "volume").sum())


def session_of_bar() -> pl.Expr:
    """The day in New York that a bar belongs to."""
    return pl.col("time").dt.convert_time_zone(sessions.NEW_YORK.key).dt.date()


def _slot() -> pl.Expr:
    """The five-minute slot that a bar starts in: 0 at 09:30 in New York, negative before, 78 and more after."""
    local = pl.col("time").dt.convert_time_zone(sessions.NEW_YORK.key).dt
    minutes = local.hour().cast(pl.Int16) * 60 + local.minute() - (_OPEN.hour * 60 + _OPEN.minute)
    return minutes.floordiv(SLOT_MINUTES).cast(pl.Int16)


def _slot_at(moment: time) -> int:
    """The slot that begins at a time in New York."""
    return (moment.hour * 60 + moment.minute - (_OPEN.hour * 60 + _OPEN.minute)) // SLOT_MINUTES


def _half(window: int) -> int:
    """Fewest known sessions that are not under half the window."""
    return (window + 1) // 2


def _ratio(volume: int | None, usual: float | None) -> float | None:
    """Volume over usual volume; None where either is unknown or nothing is usual."""
    return volume / usual if volume is not None and usual else None

"""How the volume of a day grows: today's by five-minute slot, and the band in which it usually does.

Definitions: docs, formulas ("Volume ratio"). Volumes are shares, as the bars count them; bars hold less than the tape,
so that both sides of every comparison are of bars, and how much of the tape they hold is told with it.
"""

from collections.abc import Iterable, Sequence
from datetime import date, time

import polars as pl
from msgspec import Struct

from tui import sessions
from tui.analytics.columns import has_own_volume, known
from tui.analytics.volume import Share, full_sessions, session_of_bar, share_of_session
from tui.analytics.volume_model import SLOT_MINUTES, SLOTS
from tui.model import Bar

LEAST_SESSIONS = 15
"""Full sessions that a band is of at least."""

USUAL_SESSIONS = 63
"""Full sessions whose mean volume is the usual day, the last ones before the as-of session."""

QUARTILES = (0.25, 0.5, 0.75)

OPENING = (time(9, 30), time(10))
CLOSING = (time(15, 30), time(16))
"""The first and the last half hour of a full session, New York."""

_COLUMNS = ("symbol", "time", "volume")


class Quartiles(Struct, frozen=True, gc=False):
    """By the end of each of the 78 slots: a quarter, a half, three quarters of the sessions had done less."""

    low: tuple[float, ...]
    median: tuple[float, ...]
    high: tuple[float, ...]


class Band(Struct, frozen=True, kw_only=True):
    """The usual day of one symbol, from the full sessions of its own bars before the as-of session."""

    symbol: str
    sessions: int
    """Full sessions it is of."""
    first: date
    last: date
    half_days: tuple[date, ...]
    """Sessions of the bars that closed early: left out."""
    shares: Quartiles
    """Each session as a share of its own sum: 0 to 1."""
    volumes: Quartiles
    """Shares traded since the open."""
    usual: float
    """Shares of a usual day: the mean of the last `window` of these sessions."""


class HalfHours(Struct, frozen=True):
    """The first and the last half hour as shares of the session's volume, each the mean over full sessions."""

    opening: Share
    closing: Share
    first: date | None
    last: date | None
    half_days: tuple[date, ...]


def bars_frame(symbol: str, bars: Iterable[Bar]) -> pl.DataFrame:
    """Bars of one symbol as the table that the functions here take: `symbol`, `time` (UTC), `volume`."""
    rows = [(round(bar.time * 1_000_000), bar.volume) for bar in bars]
    return pl.DataFrame(
        {
            "symbol": pl.repeat(symbol, len(rows), eager=True, dtype=pl.String),
            "time": pl.Series([when for when, _ in rows], dtype=pl.Int64).cast(pl.Datetime("us", "UTC")),
            "volume": pl.Series([volume for _, volume in rows], dtype=pl.Int64),
        }
    )


def joined(stored: pl.DataFrame, fetched: pl.DataFrame) -> pl.DataFrame:
    """Bars of two tables as one; where both have a bar, the fetched one counts."""
    return pl.concat([stored.select(_COLUMNS), fetched]).unique(["symbol", "time"], keep="last")


def last_session_of(bars: pl.DataFrame) -> date | None:
    """The newest session that has a bar; None without any."""
    days = bars.select(session_of_bar().max())
    return days.item() if bars.height else None


def is_whole(bars: pl.DataFrame, symbol: str, until: date) -> bool:
    """Whether the bars make a usual day up to a session: 15 full sessions, and that one (or a later one) to its end."""
    last = last_session_of(bars)
    if last is None or last < until:
        return False
    days = full_sessions(bars, symbol, frozenset(half_days(bars, symbol)), None).get_column("session").unique()
    return len(days) >= LEAST_SESSIONS and (sessions.is_half_day(until) or bool((days >= until).any()))


def band(bars: pl.DataFrame, symbol: str, *, before: date | None = None, window: int = USUAL_SESSIONS) -> Band | None:
    """The band of the cumulative volume over all full sessions of the bars; None under 15 of them.

    Args:
        bars: Five-minute bars: `symbol`, `time` (start of the bar, UTC), `volume`, in any order.
        symbol: Whose bars to take. An index has no volume of its own: None.
        before: Only sessions before this one, so that a day is not measured by itself or by its own future.
        window: Sessions, the last of them, behind the usual day.
    """
    if not has_own_volume(symbol):
        return None
    early = half_days(bars, symbol, before)
    full = full_sessions(bars, symbol, frozenset(early), before)
    days = full.get_column("session").unique().sort()
    if len(days) < LEAST_SESSIONS:
        return None
    every = days.to_frame().join(pl.DataFrame({"slot": range(SLOTS)}, {"slot": pl.Int16}), how="cross")
    done = (
        every.join(full, on=["session", "slot"], how="left")
        .sort("session", "slot")
        .with_columns(pl.col("share", "volume").fill_null(0).cum_sum().over("session"))
    )
    by_slot = (
        done.group_by("slot")
        .agg(
            pl.col(name).quantile(part, "linear").alias(f"{name}{part}")
            for name in ("share", "volume")
            for part in QUARTILES
        )
        .sort("slot")
    )
    totals = full.group_by("session").agg(pl.col("volume").sum()).sort("session").tail(window)
    usual = totals.select(pl.col("volume").mean()).item()
    return Band(
        symbol=symbol,
        sessions=len(days),
        first=days[0],
        last=days[-1],
        half_days=early,
        shares=_quartiles(by_slot, "share", most=1.0),
        volumes=_quartiles(by_slot, "volume"),
        usual=usual,
    )


def half_hours(
    bars: pl.DataFrame, symbol: str, *, until: date | None = None, confirmed: date | None = None
) -> HalfHours:
    """How much of a full session is traded in its first and in its last half hour; half days are named and left out.

    Each session weighs the same, however much was traded in it. An index has no volume of its own: unknown, over 0
    sessions.

    Args:
        bars: As in `band`.
        symbol: As in `band`.
        until: The last session that may count; None for all there are.
        confirmed: The last session that is known to be over, such as that of the last daily bar. The newest day of
            the bars counts only then: nothing later says that its bars are all there.
    """
    if not has_own_volume(symbol):
        return HalfHours(Share(None, 0), Share(None, 0), None, None, ())
    newest = last_session_of(bars.filter(pl.col("symbol") == symbol))
    before = None if until is None or until == date.max else date.fromordinal(until.toordinal() + 1)
    if newest is not None and (confirmed is None or confirmed < newest):
        before = newest if before is None else min(before, newest)
    early = half_days(bars, symbol, before)
    left_out = frozenset(early)
    days = full_sessions(bars, symbol, left_out, before).get_column("session").unique().sort()
    opening, closing = (
        share_of_session(bars, symbol, *span, half_days=left_out, before=before) for span in (OPENING, CLOSING)
    )
    return HalfHours(opening, closing, days[0] if len(days) else None, days[-1] if len(days) else None, early)


def half_days(bars: pl.DataFrame, symbol: str, before: date | None = None) -> tuple[date, ...]:
    """Sessions of these bars that closed early by the exchange's own calendar, oldest first."""
    days = bars.filter(pl.col("symbol") == symbol).select(session_of_bar().unique()).to_series().sort()
    return tuple(day for day in days if sessions.is_half_day(day) and (before is None or day < before))


def held_of_tape(bars: pl.DataFrame, daily: pl.DataFrame, symbol: str) -> float | None:
    """The share of the daily volume that the bars hold: the median over the full sessions that both know.

    `daily` has `symbol`, `date` and `volume`. None where no session is in both.
    """
    full = full_sessions(bars, symbol, frozenset(half_days(bars, symbol)), None)
    totals = full.group_by("session").agg(pl.col("volume").sum().alias("held"))
    of_day = daily.filter(pl.col("symbol") == symbol).select("date", known("volume"))
    both = totals.join(of_day, left_on="session", right_on="date").filter(pl.col("volume") > 0)
    found = both.select((pl.col("held") / pl.col("volume")).median()).item() if both.height else None
    return None if found is None else float(found)


def cumulative(bars: Sequence[Bar], session: date) -> tuple[int | None, ...]:
    """Shares traded since the open by the end of each slot, up to the last slot that has a bar.

    A slot without a trade has no bar and adds nothing; from a bar of unknown volume on, the sum is unknown. Bars
    outside the regular hours of `session` are left out. Empty without any.
    """
    opened = sessions.session_open(session).timestamp()
    count = SLOTS if not sessions.is_half_day(session) else _slots_until_close(session)
    by_slot: dict[int, int | None] = {}
    for bar in bars:
        slot = int((bar.time - opened) // (SLOT_MINUTES * 60))
        if 0 <= slot < count:
            so_far = by_slot.get(slot, 0)
            by_slot[slot] = None if bar.volume is None or so_far is None else so_far + bar.volume
    total: int | None = 0
    done: list[int | None] = []
    for slot in range(max(by_slot, default=-1) + 1):
        volume = by_slot.get(slot, 0)
        total = None if total is None or volume is None else total + volume
        done.append(total)
    return tuple(done)


def _slots_until_close(session: date) -> int:
    seconds = (sessions.session_close(session) - sessions.session_open(session)).total_seconds()
    return int(seconds // (SLOT_MINUTES * 60))


def _quartiles(by_slot: pl.DataFrame, name: str, most: float | None = None) -> Quartiles:
    """The three columns of a figure; a sum never falls, which rounding may forget."""
    rising = [by_slot.get_column(f"{name}{part}").cum_max() for part in QUARTILES]
    return Quartiles(*(tuple(column.clip(upper_bound=most) if most else column) for column in rising))

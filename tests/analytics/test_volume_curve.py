"""The band of the cumulative volume against plain loops, and the half days."""

import random
import statistics
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui import sessions
from tui.analytics.volume_curve import (
    band,
    bars_frame,
    cumulative,
    half_days,
    half_hours,
    held_of_tape,
    is_whole,
    joined,
    last_session_of,
)
from tui.analytics.volume_model import SLOTS
from tui.model import Bar

NEW_YORK = ZoneInfo("America/New_York")
FIRST = date(2024, 2, 12)


def full_days(count: int, start: date = FIRST) -> list[date]:
    """That many sessions that do not close early."""
    days, day = [], start
    while len(days) < count:
        if sessions.is_session(day) and not sessions.is_half_day(day):
            days.append(day)
        day += timedelta(days=1)
    return days


def bars_of(day: date, volumes: dict[int, int | None]) -> list[Bar]:
    """Bars of a session by slot."""
    opened = datetime.combine(day, time(9, 30), NEW_YORK)
    return [
        Bar(time=(opened + timedelta(minutes=5 * slot)).timestamp(), open=1, high=1, low=1, close=1, volume=volume)
        for slot, volume in volumes.items()
    ]


def random_days(seed: int, count: int, missing: float = 0.03) -> dict[date, dict[int, int]]:
    """Volumes by session and slot; a slot without a trade has none."""
    rng = random.Random(seed)
    return {
        day: {slot: rng.randrange(1, 9000) for slot in range(SLOTS) if rng.random() >= missing}
        for day in full_days(count)
    }


def table(days: dict[date, dict[int, int]], symbol: str = "A") -> pl.DataFrame:
    return bars_frame(symbol, [bar for day, volumes in days.items() for bar in bars_of(day, dict(volumes))])


def quantile(values: list[float], part: float) -> float:
    """Linear between the two nearest ranks."""
    ranked = sorted(values)
    place = part * (len(ranked) - 1)
    low = int(place)
    high = min(low + 1, len(ranked) - 1)
    return ranked[low] + (ranked[high] - ranked[low]) * (place - low)


def naive(days: dict[date, dict[int, int]], part: float, *, share: bool) -> list[float]:
    lines = []
    for volumes in days.values():
        total, line = 0, []
        for slot in range(SLOTS):
            total += volumes.get(slot, 0)
            line.append(float(total))
        lines.append([value / total for value in line] if share else line)
    return [quantile([line[slot] for line in lines], part) for slot in range(SLOTS)]


@given(st.integers(0, 10**6), st.integers(15, 21), st.integers(1, 30))
@settings(max_examples=12, deadline=None)
def test_band_of_any_full_sessions_is_that_of_plain_loops(seed, count, window):
    days = random_days(seed, count)
    whole = {day: volumes for day, volumes in days.items() if len(volumes) >= 0.9 * SLOTS}
    found = band(table(days).sample(fraction=1.0, shuffle=True, seed=seed), "A", window=window)
    if len(whole) < 15:
        assert found is None
        return
    assert (found.sessions, found.first, found.last) == (len(whole), min(whole), max(whole))
    for part, name in ((0.25, "low"), (0.5, "median"), (0.75, "high")):
        assert getattr(found.shares, name) == pytest.approx(naive(whole, part, share=True))
        assert getattr(found.volumes, name) == pytest.approx(naive(whole, part, share=False))
    totals = [sum(volumes.values()) for volumes in whole.values()]
    assert found.usual == pytest.approx(statistics.mean(totals[-window:]))


@given(st.integers(0, 10**6), st.sampled_from([2, 7, 1000]))
@settings(max_examples=6, deadline=None)
def test_band_as_shares_does_not_depend_on_the_scale_and_the_quartiles_lie_in_order(seed, factor):
    days = random_days(seed, 16, missing=0.0)
    one = band(table(days), "A")
    other = band(table({day: {s: v * factor for s, v in volumes.items()} for day, volumes in days.items()}), "A")
    assert other.shares.median == pytest.approx(one.shares.median)
    assert other.volumes.high == pytest.approx([value * factor for value in one.volumes.high])
    for low, median, high in zip(one.shares.low, one.shares.median, one.shares.high, strict=True):
        assert 0 <= low <= median <= high <= 1
    assert list(one.shares.low) == sorted(one.shares.low)


def test_band_before_a_session_does_not_know_it_nor_what_came_after():
    days = random_days(3, 20, missing=0.0)
    cut = sorted(days)[16]
    early = {day: volumes for day, volumes in days.items() if day < cut}
    assert band(table(days), "A", before=cut) == band(table(early), "A")
    assert band(table(days), "A", before=sorted(days)[14]) is None


def test_band_of_an_index_or_of_nothing_is_none():
    days = random_days(4, 16, missing=0.0)
    assert band(table(days, "^RUT"), "^RUT") is None
    assert band(table({}), "A") is None
    assert half_hours(table(days, "^RUT"), "^RUT").opening.sessions == 0


def test_half_days_are_recognised_named_and_in_no_figure():
    days = random_days(5, 16, missing=0.0)
    half = date(2024, 7, 3)
    assert sessions.is_half_day(half)
    with_half = days | {half: dict.fromkeys(range(42), 10**9)}
    assert half_days(table(with_half), "A") == (half,)
    assert half_days(table(with_half), "A", before=half) == ()
    one, other = band(table(days), "A"), band(table(with_half), "A")
    assert (one.shares, one.volumes, one.usual) == (other.shares, other.volumes, other.usual)
    assert other.half_days == (half,)
    assert half_hours(table(with_half), "A", confirmed=half).half_days == (half,)


@given(st.integers(0, 10**6))
@settings(max_examples=8, deadline=None)
def test_half_hours_are_the_mean_of_each_sessions_own_share(seed):
    days = random_days(seed, 4, missing=0.0)
    found = half_hours(table(days), "A", confirmed=max(days))
    first = [sum(v for s, v in volumes.items() if s < 6) / sum(volumes.values()) for volumes in days.values()]
    last = [sum(v for s, v in volumes.items() if s >= 72) / sum(volumes.values()) for volumes in days.values()]
    assert found.opening.value == pytest.approx(statistics.mean(first))
    assert found.closing.value == pytest.approx(statistics.mean(last))
    assert (found.opening.sessions, found.first, found.last) == (4, min(days), max(days))


def test_half_hours_leave_out_the_newest_day_until_something_says_that_it_is_over():
    days = random_days(6, 4, missing=0.0)
    newest, before = max(days), sorted(days)[-2]
    assert half_hours(table(days), "A").last == before
    assert half_hours(table(days), "A", confirmed=before).last == before
    assert half_hours(table(days), "A", confirmed=newest).last == newest
    assert half_hours(table(days), "A", until=before, confirmed=newest).last == before
    assert half_hours(table(days), "A", until=date.max, confirmed=newest).last == newest


@given(st.dictionaries(st.integers(0, SLOTS - 1), st.integers(0, 10**9), max_size=SLOTS))
def test_cumulative_of_any_bars_is_a_running_sum_to_the_last_bar(volumes):
    done = cumulative(bars_of(FIRST, dict(volumes)), FIRST)
    assert len(done) == max(volumes, default=-1) + 1
    assert list(done) == [sum(v for s, v in volumes.items() if s <= slot) for slot in range(len(done))]


def test_cumulative_from_an_unknown_volume_on_is_unknown():
    assert cumulative(bars_of(FIRST, {0: 5, 1: None, 2: 5}), FIRST) == (5, None, None)


def test_cumulative_leaves_out_other_hours_and_ends_a_half_day_at_its_close():
    half = date(2024, 7, 3)
    late = cumulative(bars_of(half, dict.fromkeys(range(60), 1)), half)
    assert len(late) == 42
    early = bars_of(FIRST, {-1: 7, 0: 1, SLOTS: 9})
    assert cumulative(early, FIRST) == (1,)
    assert cumulative(bars_of(FIRST, {0: 1}), FIRST + timedelta(days=1)) == ()


def test_held_of_tape_is_the_median_of_what_the_bars_hold():
    days = random_days(7, 5, missing=0.0)
    held = [0.5, 0.6, 0.64, 0.7, 0.9]
    volumes = [round(sum(days[day].values()) / part) for day, part in zip(sorted(days), held, strict=True)]
    daily = pl.DataFrame(
        {"symbol": "A", "date": sorted(days), "volume": volumes},
        schema={"symbol": pl.String, "date": pl.Date, "volume": pl.Int64},
    )
    assert held_of_tape(table(days), daily, "A") == pytest.approx(0.64, abs=1e-3)
    assert held_of_tape(table(days), daily.clear(), "A") is None


def test_joined_bars_are_each_there_once_and_the_fetched_one_counts():
    stored, fetched = table({FIRST: {0: 1, 1: 2}}), table({FIRST: {1: 5, 2: 6}})
    both = joined(stored, fetched).sort("time")
    assert both["volume"].to_list() == [1, 5, 6]
    assert last_session_of(both) == FIRST
    assert last_session_of(both.clear()) is None


def test_spy_trades_its_golden_shares_in_its_first_and_last_half_hours(intraday):
    found = half_hours(intraday, "SPY")
    assert round(found.opening.value * 100, 2) == 12.92
    assert round(found.closing.value * 100, 2) == 20.36
    assert (found.opening.sessions, found.last) == (594, date(2026, 7, 31))
    assert [str(day) for day in found.half_days] == [
        "2024-07-03",
        "2024-11-29",
        "2024-12-24",
        "2025-07-03",
        "2025-11-28",
        "2025-12-24",
    ]


def test_bars_frame_keeps_the_moment_to_the_microsecond():
    moment = datetime(2024, 2, 12, 14, 30, tzinfo=UTC)
    frame = bars_frame("A", [Bar(time=moment.timestamp(), open=1, high=1, low=1, close=1, volume=None)])
    assert frame.row(0) == ("A", moment, None)


def test_bars_are_whole_when_enough_full_sessions_reach_up_to_the_day():
    days = random_days(7, 17)
    *before, day = days
    full = {each: days[each] for each in before}
    assert is_whole(table(full), "A", before[-1])
    assert is_whole(table(full), "A", before[-2])
    assert not is_whole(table(full), "A", day), "the day itself is missing"
    noon = {slot: volume for slot, volume in days[day].items() if slot < 30}
    assert not is_whole(table(full | {day: noon}), "A", day), "it ends at noon"
    assert not is_whole(table({each: days[each] for each in before[2:]}), "A", before[-1]), "too few"
    assert not is_whole(table({}), "A", day)

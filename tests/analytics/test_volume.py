import random
import statistics
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics import reference
from tests.analytics.reference import frame_of, history
from tui.analytics.volume import (
    MODEL,
    Share,
    day_volume,
    dollar_volume,
    profile,
    profile_of,
    ratio_by_mean,
    ratio_by_median,
    share_of_session,
)
from tui.analytics.volume_model import SLOTS

NEW_YORK = ZoneInfo("America/New_York")


def same(value):
    return value if value is None else pytest.approx(value)


@given(
    st.integers(0, 10**6),
    st.sampled_from([1, 2, 6, 12, 64, 80]),
    st.sampled_from([0.0, 0.3, 0.6]),
    st.sampled_from([10, 20, 63]),
)
@settings(max_examples=40, deadline=None)
def test_volume_ratios_of_any_history_are_those_of_the_reference(seed, length, unknown, window):
    days = history(seed, length, unknown=unknown)
    frame = frame_of(A=days)
    series = frame.select(
        mean=ratio_by_mean(pl.col("volume"), window),
        median=ratio_by_median(pl.col("volume"), window),
        dollars=dollar_volume(pl.col("close"), pl.col("volume")),
    )
    for at, day in enumerate(days):
        by = [reference.usual_volume(days, day.date, window, kind) for kind in (statistics.mean, statistics.median)]
        mean, median = (None if day.volume is None or not usual else day.volume / usual for usual in by)
        dollars = None if None in (day.close, day.volume) else day.close * day.volume
        assert series.row(at) == (same(mean), same(median), same(dollars))
    one = day_volume(frame, days[-1].date, window)
    assert (one.by_mean, one.by_median, one.dollar_volume) == tuple(map(same, series.row(-1)))
    assert one.usual.known == sum(day.volume is not None for day in days[:-1][-window:])


def test_volume_of_a_day_without_a_row_is_unknown_but_the_usual_is_known():
    days = history(1, 70)
    made = day_volume(frame_of(A=days), days[-1].date + timedelta(days=1))
    assert (made.volume, made.by_mean, made.dollar_volume) == (None, None, None)
    assert made.usual.known == 63


def test_volume_of_an_index_is_unknown_whatever_is_reported():
    days = history(2, 70)
    made = day_volume(frame_of(INDEX=days), days[-1].date)
    assert (made.volume, made.by_mean, made.by_median, made.dollar_volume, made.usual.mean) == (None,) * 5


def test_volume_of_an_empty_history_is_unknown():
    made = day_volume(frame_of(), date(2024, 1, 2))
    assert (made.volume, made.usual.known, made.by_mean) == (None, 0, None)


# The usual day

BARS = {"symbol": pl.String, "time": pl.Datetime("us", "UTC"), "volume": pl.Int64}


def sessions(count: int, start: date = date(2024, 2, 12)) -> list[date]:
    days = [start + timedelta(days=at) for at in range(count * 2)]
    return [day for day in days if day.weekday() < 5][:count]


def bars_of(days: list[date], volume_of, symbol: str = "A", slots: int = SLOTS) -> pl.DataFrame:
    """Bars of whole sessions; `volume_of(day's number, slot)`, where nothing is no bar."""
    rows = []
    for number, day in enumerate(days):
        opening = datetime.combine(day, time(9, 30), NEW_YORK).astimezone(UTC)
        for slot in range(slots):
            volume = volume_of(number, slot)
            rows += [] if volume is ... else [(symbol, opening + timedelta(minutes=5 * slot), volume)]
    return pl.DataFrame(rows, schema=BARS, orient="row")


def test_usual_day_is_the_median_of_each_sessions_own_shares_across_the_change_to_summer_time():
    days = sessions(30)  # New York changed its clocks on 2024-03-10
    made = profile(bars_of(days, lambda number, slot: (number + 1) * 1000 * (1 + (slot == number % 3))), "A")
    assert (made.source, made.sessions, len(made.shares)) == ("own", 30, SLOTS)
    assert made.shares[0] == pytest.approx(1 / 79)
    assert made.shares[2] == pytest.approx(4 / 79)
    assert made.shares[-1] == 1.0


@given(st.integers(15, 18), st.integers(0, 10**6), st.sampled_from([0.0, 0.05]))
@settings(max_examples=10, deadline=None)
def test_usual_day_of_any_bars_rises_to_one_and_does_not_depend_on_their_order_or_scale(count, seed, missing):
    rng = random.Random(seed)
    table = {
        (number, slot): ... if rng.random() < missing else rng.randrange(0, 10_000)
        for number in range(count)
        for slot in range(SLOTS)
    }
    bars = bars_of(sessions(count), lambda number, slot: table[number, slot])
    made = profile(bars, "A")
    if made is None:  # too many sessions with too many slots without a bar
        assert missing
        return
    assert list(made.shares) == sorted(made.shares)
    assert made.shares[-1] == 1.0
    assert all(0.0 <= share <= 1.0 for share in made.shares)
    again = profile(bars.sample(fraction=1.0, shuffle=True, seed=1).with_columns(pl.col("volume") * 8), "A")
    assert again.shares == pytest.approx(made.shares)


def test_usual_day_under_15_full_sessions_is_unknown():
    bars = bars_of(sessions(15), lambda *_: 100)
    assert profile(bars, "A").sessions == 15
    assert profile(bars, "A", before=sessions(15)[-1]) is None
    assert profile(bars, "A", {sessions(15)[3]}) is None
    assert profile(bars, "B") is None
    assert profile(bars.clear(), "A") is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda number, slot: ... if number == 4 and slot > 41 else 100,  # closed early, and nobody said so
        lambda number, slot: None if (number, slot) == (4, 7) else 100,  # a volume is unknown
        lambda number, slot: 0 if number == 4 else 100,  # nothing traded
    ],
)
def test_session_that_is_not_whole_is_left_out_of_the_usual_day(spoil):
    made = profile(bars_of(sessions(16), spoil), "A")
    assert made.sessions == 15
    assert made.shares == pytest.approx([(slot + 1) / SLOTS for slot in range(SLOTS)])


def test_bars_outside_regular_hours_and_the_stub_at_the_close_do_not_count():
    days = sessions(16)
    regular = bars_of(days, lambda *_: 100)
    early = regular.with_columns(pl.col("time") - pl.duration(hours=7)).with_columns(volume=pl.lit(10**9, pl.Int64))
    stub = bars_of(days, lambda _, slot: 10**9 if slot == SLOTS else ..., slots=SLOTS + 1)
    assert profile(pl.concat([early, stub, regular]), "A") == profile(regular, "A")


def test_usual_day_from_columns_leaves_half_days_out_by_itself():
    days = sessions(18, date(2024, 11, 18))  # 2024-11-29 closes at 13:00; Thanksgiving trades here
    bars = bars_of(days, lambda *_: 100)
    made = profile_of("A", bars["time"].dt.epoch("s").to_list(), bars["volume"].to_list())
    assert made.sessions == 17
    assert profile_of("A", [], []) is None
    assert profile_of("^X", bars["time"].dt.epoch("s").to_list(), bars["volume"].to_list()) is None


def test_share_of_a_part_of_the_session_is_the_mean_of_the_sessions_shares():
    bars = bars_of(sessions(2), lambda number, slot: 100 * (1 + 77 * number * (slot == 0)))
    assert share_of_session(bars, "A", time(9, 30), time(9, 35)) == Share(
        pytest.approx(statistics.mean([1 / 78, 78 / 155])), 2
    )
    assert share_of_session(bars, "A", time(9, 30), time(16)).value == pytest.approx(1.0)
    assert share_of_session(bars, "B", time(9, 30), time(16)) == Share(None, 0)


def test_built_in_curve_is_a_u_that_rises_to_one():
    each = [later - before for before, later in zip((0.0, *MODEL.shares), MODEL.shares, strict=False)]
    assert len(each) == SLOTS
    assert min(each) > 0
    trough = each.index(min(each))
    assert each[: trough + 1] == sorted(each[: trough + 1], reverse=True)
    assert each[trough:] == sorted(each[trough:])
    assert MODEL.shares[-1] == 1.0
    assert MODEL.shares[5] == pytest.approx(0.129, abs=1e-3)
    assert 1 - MODEL.shares[71] == pytest.approx(0.204, abs=1e-3)


def test_built_in_curve_is_near_the_usual_day_of_spy(intraday):
    own = profile(intraday, "SPY")
    assert max(abs(a - b) for a, b in zip(own.shares, MODEL.shares, strict=True)) < 0.012

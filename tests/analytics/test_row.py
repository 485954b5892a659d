import subprocess
import sys
from datetime import date, timedelta
from math import nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from tests.analytics import reference
from tests.analytics.reference import Day, frame_of, history, without
from tui.analytics.baseline import baselines
from tui.analytics.figures import Baseline, Figures
from tui.analytics.returns import excess_all, returns_all
from tui.analytics.row import Bench, Today, bench_of, derive, ranks
from tui.analytics.windows import Window


def day_of(day: Day, *, final: bool = True) -> Today:
    return Today(price=day.close, high=day.high, low=day.low, volume=day.volume, session=day.date, final=final)


def figures_of(days: list[Day], bench: list[Day] | None = None, *, final: bool = True, count: int = 63) -> Figures:
    """The row of the last session of `days`, through the frame, against `bench`."""
    session = days[-1].date
    frame = frame_of(A=days, **({"B": bench} if bench else {}))
    made = baselines(frame, session)
    baseline = made.get("A", Baseline.unknown("A", session))
    laid_out = None
    if bench is not None:
        bench_baseline = made.get("B", Baseline.unknown("B", session))
        laid_out = bench_of(bench_baseline, day_of(bench[-1], final=final))
    return derive(day_of(days[-1], final=final), baseline, laid_out, volume_window=count, profile=None)


seeds = st.integers(0, 10**6)
lengths = st.sampled_from([1, 2, 6, 22, 49, 50, 51, 64, 201, 252, 253, 254, 290])
unknowns = st.sampled_from([0.0, 0.01, 0.1, 0.5])


def same(value: float | None):
    return value if value is None else pytest.approx(value, rel=1e-9, abs=1e-12)


@given(seeds, lengths, unknowns, st.sampled_from([10, 20, 50, 63]))
@settings(max_examples=60, deadline=None)
def test_row_of_any_history_is_that_of_the_reference(seed, length, unknown, count):
    days = history(seed, length, unknown=unknown)
    bench = without(history(seed + 1, length, unknown=unknown), seed, 3) or days
    session, last = days[-1].date, days[-1]
    figures = figures_of(days, bench, count=count)
    bench_price = bench[-1].close if bench[-1].date == session else None
    for window in Window:
        assert figures.returns[window] == same(reference.return_of(days, session, window.value, last.close))
        assert figures.excess[window] == same(
            reference.excess_of(days, bench, session, window.value, price=last.close, bench_price=bench_price)
        )
    usual = reference.usual_volume(days, session, count)
    assert figures.volume_ratio == same(None if last.volume is None or not usual else last.volume / usual)
    assert figures.range52 == same(reference.range52(days, session, last))
    assert figures.drawdown == same(reference.drawdown(days, session, last.close))
    zscore = reference.zscore50(days, session, last.close)
    assert figures.zscore50 == (None if zscore is None else pytest.approx(zscore, rel=1e-7, abs=1e-9))


@given(seeds, lengths, unknowns, st.integers(0, 10))
@settings(max_examples=60, deadline=None)
def test_returns_of_a_row_are_those_of_the_drill_down(seed, length, unknown, holes):
    days = history(seed, length, unknown=unknown)
    bench = without(history(seed + 1, length, unknown=unknown), seed, holes) or days
    session = days[-1].date
    figures = figures_of(days, bench)
    frame, bench_frame = frame_of(A=days), frame_of(B=bench)
    assert figures.returns == {window: each.value for window, each in returns_all(frame, session).items()}
    drill_down = excess_all(frame, bench_frame, session)
    assert figures.excess == {window: each.value for window, each in drill_down.items()}


@given(seeds, st.integers(-40, 40), st.integers(0, 20))
@settings(max_examples=30, deadline=None)
def test_ratio_figures_when_prices_and_volumes_scale_stay(seed, power, volume_power):
    days, scale = history(seed, 260), 2.0**power
    scaled = [
        Day(day.date, day.high * scale, day.low * scale, day.close * scale, day.volume * 2**volume_power)
        for day in days
    ]
    one, other = figures_of(days, days[:]), figures_of(scaled, days)
    assert other.returns == one.returns
    assert other.excess == one.excess
    for name in ("volume_ratio", "range52", "zscore50", "drawdown"):
        assert getattr(other, name) == getattr(one, name)
        assert getattr(one, name) is not None
    assert other.dollar_volume == one.dollar_volume * scale * 2**volume_power


@given(seeds, st.floats(0.2, 3.0))
@settings(max_examples=40, deadline=None)
def test_figures_at_any_live_price_stay_in_their_bounds(seed, factor):
    days = history(seed, 260)
    days[-1] = days[-1]._replace(close=days[-1].close * factor)
    figures = figures_of(days)
    assert 0.0 <= figures.range52 <= 1.0
    assert -1.0 < figures.drawdown <= 0.0
    assert abs(figures.zscore50) <= 49 / 50**0.5 + 1e-9


def test_benchmark_against_itself_has_no_excess():
    days = history(1, 260)
    excess = figures_of(days, days).excess
    assert {value for value in excess.values() if value is not None} == {0.0}
    assert excess[Window.Y1] == 0.0


def test_zscore_when_the_price_level_is_huge_keeps_its_digits():
    days = history(2, 60)
    lifted = [day._replace(close=day.close + 2.0**33) for day in days]
    expected = reference.zscore50(lifted, days[-1].date, lifted[-1].close)
    assert figures_of(lifted).zscore50 == pytest.approx(expected, rel=1e-6)


def test_figures_when_the_price_never_moved_have_no_spread_and_no_range():
    days = [day._replace(high=10.1, low=10.1, close=10.1) for day in history(3, 260)]
    figures = figures_of(days)
    assert (figures.zscore50, figures.range52) == (None, None)
    assert (figures.returns[Window.D1], figures.drawdown) == (0.0, 0.0)


def test_row_when_the_baseline_is_of_another_session_keeps_only_what_is_of_today():
    days = history(4, 260)
    made = baselines(frame_of(A=days), days[-1].date)["A"]
    later = structs.replace(day_of(days[-1]), session=days[-1].date + timedelta(days=1))
    figures = derive(later, made, None, volume_window=63, profile=None)
    assert {*figures.returns.values(), *figures.excess.values()} == {None}
    assert (figures.volume_ratio, figures.range52, figures.zscore50, figures.drawdown) == (None, None, None, None)
    assert figures.volume == days[-1].volume
    assert figures.dollar_volume == days[-1].close * days[-1].volume


def test_row_when_there_is_no_price_still_has_its_volume():
    days = history(5, 260)
    days[-1] = days[-1]._replace(close=None)
    figures = figures_of(days, days)
    assert {*figures.returns.values(), *figures.excess.values()} == {None}
    assert figures.dollar_volume is None
    assert figures.volume_ratio is not None


def test_row_of_a_symbol_without_history_knows_only_today():
    figures = figures_of(history(6, 1))
    assert {*figures.returns.values(), *figures.excess.values()} == {None}
    assert (figures.drawdown, figures.range52, figures.volume_ratio) == (None, None, None)
    assert figures.volume is not None


def test_row_of_an_index_has_no_volume_figures_whatever_is_reported():
    days = history(7, 80)
    made = baselines(frame_of(INDEX=days), days[-1].date)["^X"]
    figures = derive(day_of(days[-1]), made, None, volume_window=63, profile=None)
    assert (figures.volume, figures.volume_ratio, figures.volume_ratio_basis) == (None, None, None)
    assert figures.dollar_volume is None
    assert figures.returns[Window.M1] is not None


def test_return_when_the_base_is_not_positive_is_unknown():
    days = history(8, 10)
    days[-2], days[-6] = days[-2]._replace(close=0.0), days[-6]._replace(close=-37.63)
    figures = figures_of(days)
    assert (figures.returns[Window.D1], figures.returns[Window.W1]) == (None, None)


def test_volume_window_that_is_not_offered_is_an_error():
    with pytest.raises(KeyError):
        figures_of(history(9, 80), count=7)


# The benchmark's price of the same session


def bench_row(bench: Bench, *, final: bool) -> float | None:
    days = history(10, 30)
    made = baselines(frame_of(A=days), days[-1].date)["A"]
    figures = derive(day_of(days[-1], final=final), made, bench, volume_window=63, profile=None)
    excess = figures.excess[Window.D1]
    return None if excess is None else round(figures.returns[Window.D1] - excess, 9)


def bench_with(price, session_offset: int, close) -> Bench:
    """A benchmark at 100 at the base, with a last price of a session near the as-of one, and its close."""
    days = history(10, 30)
    session = days[-1].date
    closes = {days[-2].date.toordinal(): 100.0, **({} if close is None else {session.toordinal(): close})}
    return Bench("B", session + timedelta(days=session_offset), price, closes)


@pytest.mark.parametrize(
    ("final", "price", "offset", "close", "expected"),
    [
        (True, 110.0, 1, 105.0, 0.05),  # over: its close, though its quote is of the next session
        (True, 110.0, 0, None, 0.10),  # over, its close not stored yet: its quote of the same session
        (True, 110.0, 1, None, None),  # over, and its quote is of another session
        (False, 110.0, 0, 105.0, 0.10),  # running: its last price
        (False, 110.0, -1, None, None),  # running, and its quote is yesterday's
        (False, None, 0, None, None),
    ],
)
def test_excess_takes_the_price_of_the_benchmark_of_the_same_session(final, price, offset, close, expected):
    assert bench_row(bench_with(price, offset, close), final=final) == expected


def test_excess_when_the_benchmark_did_not_trade_on_the_base_session_is_unknown():
    days = history(11, 30)
    bench = [day for day in days if day.date != days[-6].date]
    excess = figures_of(days, bench).excess
    assert excess[Window.W1] is None
    assert excess[Window.D1] == 0.0


def test_bench_knows_closes_and_the_bases_beyond_its_tail_and_no_unknown():
    days = history(12, 1300, start=date(2015, 1, 1))
    days[-3] = days[-3]._replace(close=None)
    session = days[-1].date
    bench = bench_of(baselines(frame_of(B=days), session)["B"], day_of(days[-1]))
    assert bench.closes[session.toordinal()] == days[-1].close
    assert days[-3].date.toordinal() not in bench.closes
    assert bench.closes[days[-1 - 1260].date.toordinal()] == days[-1 - 1260].close
    running = bench_of(baselines(frame_of(B=days), session)["B"], day_of(days[-1], final=False))
    assert session.toordinal() not in running.closes
    assert (running.price, running.session) == (days[-1].close, session)


def test_volume_ratio_when_the_day_is_over_is_never_rough():
    days = [day._replace(volume=100) for day in history(14, 80)]
    assert figures_of(days).volume_ratio == 1.0
    assert not figures_of(days).volume_ratio_rough


def test_volume_ratio_when_nothing_is_ever_traded_is_unknown():
    days = [day._replace(volume=0) for day in history(15, 80)]
    assert figures_of(days).volume_ratio is None


# Ranks


@given(st.lists(st.none() | st.integers(-3, 3).map(float), max_size=12), st.randoms(use_true_random=False))
def test_ranks_of_any_list_count_those_that_are_better(values, rng):
    items = [(f"S{at}", value) for at, value in enumerate(values)]
    ranked = ranks(dict(items))
    for symbol, value in items:
        better = sum(other is not None and value is not None and other > value for other in values)
        assert ranked[symbol] == (None if value is None else better + 1)
    rng.shuffle(items)
    assert ranks(dict(items)) == ranked


def test_ranks_when_two_tie_share_the_better_rank():
    assert ranks({"A": 0.1, "B": 0.3, "C": 0.1, "D": None, "E": -0.2, "F": nan}) == {
        "A": 2,
        "B": 1,
        "C": 2,
        "D": None,
        "E": 4,
        "F": None,
    }


def test_rows_are_derived_without_polars():
    """The first rows are drawn before polars is there."""
    code = "import sys, tui.analytics.row, tui.analytics.definitions; sys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

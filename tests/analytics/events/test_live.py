"""The running session by plain arithmetic gives what the search gives once the session is stored."""

import math
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics.events.strategies import bars, days
from tests.analytics.events.strategies import tests as trees
from tui.analytics.baseline import baselines
from tui.analytics.events import FIGURES, parse
from tui.analytics.events.evaluate import truth
from tui.analytics.events.live import Moment, happens, holds, values
from tui.analytics.events.search import before, search, table
from tui.analytics.events.tree import Condition
from tui.analytics.figures import Baseline
from tui.analytics.row import Today


def moment(symbol: str, frame: pl.DataFrame, session: date, *, final: bool = True) -> Moment:
    """A session as a quote would tell it, out of the bars that will be stored of it."""
    row = frame.filter(pl.col("date") == session).row(0, named=True)
    past = frame.filter(pl.col("date") < session).with_columns(symbol=pl.lit(symbol))
    peak = past["close"].max()
    peaks = {} if peak is None else {symbol: peak}
    made = baselines(past.select("symbol", pl.exclude("symbol")), session, peaks)
    today = Today(
        price=row["close"], high=row["high"], low=row["low"], volume=row["volume"], session=session, final=final
    )
    return Moment(today, made.get(symbol) or Baseline.unknown(symbol, session))


prices = st.lists(st.floats(50, 200).map(lambda x: round(x, 2)), min_size=3, max_size=60)


@settings(max_examples=40, deadline=None)
@given(trees, prices)
def test_a_condition_holds_live_as_it_will_once_the_session_is_stored(tree, closes):
    condition = Condition(tree)
    frames = {symbol: bars(closes) for symbol in condition.symbols}
    session = days(len(closes))[-1]
    known = before(condition, frames, session)
    moments = {symbol: moment(symbol, frame, session) for symbol, frame in frames.items()}
    now = values(condition, moments, known.extremes)
    stored = table(condition, frames)
    # The values of the stored session stand for those of now: the sums behind them are not made in the same order.
    last = stored.row(-1, named=True)
    for name, value in now.items():
        if isinstance(value, float) and last[name] is not None:
            assert math.isclose(value, last[name], rel_tol=1e-6, abs_tol=1e-6)
        else:
            assert value == last[name]
    held = stored.select(truth(condition.root).alias("held"))["held"][-1]
    assert holds(condition.root, last, session, known) == held


@pytest.mark.parametrize("name", [name for name, each in FIGURES.items() if not name.endswith("_tr")])
def test_every_figure_is_the_same_live_and_stored(name):
    count = 1300
    closes = [100 + 20 * math.sin(i / 9) + i / 40 + (i * 7) % 5 for i in range(count)]
    frame = bars(
        closes,
        high=[close + 1.5 for close in closes],
        low=[close - 1.25 for close in closes],
        volume=[1000 + (i * 37) % 800 for i in range(count)],
    )
    condition = parse(f"A.{name} != A.{name} * 2")
    session = days(count)[-1]
    now = values(condition, {"A": moment("A", frame, session)}, {})[f"A.{name}"]
    stored = table(condition, {"A": frame})[f"A.{name}"][-1]
    assert now == pytest.approx(stored, rel=1e-9, abs=1e-9)


def test_the_last_row_of_an_answer_is_the_running_session():
    frame = bars([100.0, 101.0, 100.0, 104.0])
    session = days(4)[-1]
    moments = {"A": moment("A", frame, session, final=False)}
    answer = search(parse("A.1d > 3%"), {"A": frame.head(3)}, today=(session, moments))
    assert [row.date for row in answer.rows] == [session]
    assert answer.rows[0].values["A.1d"] == pytest.approx(0.04)
    assert answer.running
    assert answer.holds
    assert answer.sessions == 4
    assert set(answer.rows[0].forward["A"].values()) == {None}
    assert any("still runs" in note for note in answer.notes)


def test_the_running_session_takes_the_place_of_a_stored_row_of_it():
    frame = bars([100.0, 101.0, 90.0])
    live = bars([100.0, 101.0, 104.0])
    session = days(3)[-1]
    answer = search(parse("A.1d > 2%"), {"A": frame}, today=(session, {"A": moment("A", live, session)}))
    assert (answer.sessions, answer.count) == (3, 1)


def test_a_run_happens_on_its_first_session_alone():
    condition = parse("streak(A.1d > 0) >= 2")
    closes = [100.0, 101.0, 102.0, 103.0]
    frame = bars(closes)
    found = []
    for session in days(4)[1:]:
        frames = {"A": frame.filter(pl.col("date") <= session)}
        known = before(condition, frames, session)
        found.append(happens(condition, {"A": moment("A", frames["A"], session)}, known))
    assert found == [False, True, False]


def test_what_is_unknown_never_happens_also_under_not():
    frame = bars([100.0, 101.0, 102.0])
    session = days(3)[-1]
    condition = parse("not A.1d > 50%")
    known = before(condition, {"A": frame}, session)
    assert happens(condition, {"A": moment("A", frame, session)}, known)
    assert not happens(condition, {}, known)


def test_a_rough_volume_ratio_is_unknown():
    frame = bars([100.0] * 70)
    session = days(70)[-1]
    whole = moment("A", frame, session)
    early = Today(price=100.0, volume=900, session=session, final=False, minute=5.0)
    condition = parse("A.volume_ratio > 3")
    assert values(condition, {"A": whole}, {})["A.volume_ratio"] == pytest.approx(1.0)
    assert values(condition, {"A": Moment(early, whole.baseline)}, {})["A.volume_ratio"] is None


def test_total_returns_are_unknown_while_the_session_runs():
    frame = bars([100.0, 101.0])
    condition = parse("A.1d_tr > 3%")
    assert values(condition, {"A": moment("A", frame, days(2)[-1])}, {}) == {"A.1d_tr": None}


def test_a_baseline_of_another_session_is_not_mixed_in():
    frame = bars([100.0, 101.0, 102.0])
    other = moment("A", frame, days(3)[1])
    mixed = Moment(moment("A", frame, days(3)[2]).today, other.baseline)
    assert values(parse("A.1d > 3%"), {"A": mixed}, {}) == {"A.1d": None}

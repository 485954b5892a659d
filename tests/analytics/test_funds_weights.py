from datetime import date, timedelta
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analytics import funds_reference as reference
from tests.analytics.reference import frame_of, history
from tui.analytics.baseline import baselines
from tui.analytics.funds_weights import close_of, close_on_or_before, drifted, weights_by_symbol
from tui.model import Fund, Holding

holdings = st.lists(
    st.tuples(st.floats(0, 1), st.one_of(st.none(), st.floats(0.01, 100)), st.one_of(st.none(), st.floats(0.01, 100))),
    max_size=30,
)


@given(holdings)
def test_drifted_weights_of_any_holdings_are_those_of_the_reference(rows):
    weights, now, then = ([row[at] for row in rows] for at in range(3))
    growth = [None if n is None or t is None else n / t for n, t in zip(now, then, strict=True)]
    made = drifted(weights, growth)
    assert made == pytest.approx(reference.drift(weights, now, then), rel=1e-9)
    assert fsum(made) == pytest.approx(fsum(weights), rel=1e-9)


def test_drifted_weights_keep_the_share_of_what_has_no_price():
    assert drifted([0.4, 0.4, 0.2], [2.0, 1.0, None]) == pytest.approx([0.8 * 2 / 3, 0.8 / 3, 0.2])


def test_drifted_weights_when_shorts_outweigh_longs_are_as_they_were():
    assert drifted([0.5, -0.6], [1.0, 1.0]) == [0.5, -0.6]
    assert drifted([], []) == []


def test_close_of_the_holdings_date_is_that_of_the_last_session_on_or_before_it():
    days = history(1, 30, start=date(2024, 1, 1))
    session = days[-1].date
    baseline = baselines(frame_of(A=days), session)["A"]
    friday = next(day for day in days if day.date.weekday() == 4)
    assert close_on_or_before(baseline, friday.date) == friday.close
    assert close_on_or_before(baseline, friday.date + timedelta(days=2)) == friday.close
    assert close_on_or_before(baseline, days[0].date - timedelta(days=1)) is None
    assert close_on_or_before(baseline, session) is None
    assert close_on_or_before(None, friday.date) is None


def test_close_of_a_session_is_of_no_other_one():
    days = history(2, 400, start=date(2023, 1, 2))
    gone = days.pop(390)
    baseline = baselines(frame_of(A=days), days[-1].date)["A"]
    assert close_of(baseline, days[389].date) == days[389].close
    assert close_of(baseline, gone.date) is None
    assert close_of(baseline, days[5].date) is None
    assert close_of(None, days[389].date) is None


def test_close_of_a_session_beyond_the_tail_is_known_where_a_window_begins():
    days = history(3, 800, start=date(2020, 1, 1))
    baseline = baselines(frame_of(A=days), days[-1].date)["A"]
    assert close_of(baseline, days[-1 - 756].date) == days[-1 - 756].close


def test_close_that_is_unknown_is_not_that_of_another_day():
    days = history(4, 30)
    days[20] = days[20]._replace(close=None)
    baseline = baselines(frame_of(A=days), days[-1].date)["A"]
    assert close_of(baseline, days[20].date) is None
    assert close_on_or_before(baseline, days[20].date) is None


def test_weights_by_symbol_add_up_the_rows_of_one_symbol():
    rows = [("A", 0.5), (None, 0.1), ("B", 0.2), ("A", 0.2)]
    fund = Fund(
        symbol="F",
        name="F",
        as_of=date(2024, 1, 2),
        source="test",
        holdings=[Holding(symbol=symbol, name="n", weight=weight) for symbol, weight in rows],
    )
    assert weights_by_symbol(fund) == pytest.approx({"A": 0.7, "B": 0.2})

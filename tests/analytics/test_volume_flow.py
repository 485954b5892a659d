"""Advancing against declining dollar volume."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.analytics.volume_flow import Flow, Side, flow

MEMBER = st.tuples(st.none() | st.floats(-0.5, 0.5, allow_nan=False), st.none() | st.floats(0, 1e12, allow_nan=False))


@given(st.lists(MEMBER, max_size=40))
def test_flow_of_any_list_is_that_of_plain_loops(members):
    found = flow(members)
    known = [(change, dollars) for change, dollars in members if change is not None and dollars is not None]
    up = [dollars for change, dollars in known if change > 0]
    down = [dollars for change, dollars in known if change < 0]
    still = [dollars for change, dollars in known if change == 0]
    assert found.unknown == len(members) - len(known)
    for side, dollars in ((found.advancing, up), (found.declining, down), (found.unchanged, still)):
        assert side == Side(pytest.approx(sum(dollars)), len(dollars))
    assert found.total == pytest.approx(sum(up) + sum(down) + sum(still))
    if found.advancing_share is not None:
        assert 0 <= found.advancing_share <= 1


@given(st.lists(MEMBER, max_size=20), st.randoms())
def test_flow_does_not_depend_on_the_order(members, chance):
    shuffled = list(members)
    chance.shuffle(shuffled)
    assert flow(shuffled).total == pytest.approx(flow(members).total)


def test_share_and_ratio_are_unknown_where_nothing_has_moved_or_declined():
    assert (Flow().advancing_share, Flow().ratio) == (None, None)
    assert flow([(0.0, 5.0)]).advancing_share is None
    assert flow([(0.1, 5.0)]).advancing_share == 1.0
    assert flow([(0.1, 5.0)]).ratio is None
    assert flow([(0.1, 6.0), (-0.1, 3.0)]).ratio == 2.0

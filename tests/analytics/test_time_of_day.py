"""The volume ratio of a running session."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analytics.reference import frame_of, history
from tui.analytics.baseline import baselines
from tui.analytics.figures import Figures, Profile
from tui.analytics.row import Today, derive
from tui.analytics.volume_model import MODEL, share_done


def running(volume: int, *, usual: int = 1_000_000, profile: Profile | None = None, **now) -> Figures:
    days = [day._replace(volume=usual) for day in history(13, 80)]
    made = baselines(frame_of(A=days), days[-1].date)["A"]
    today = Today(price=50.0, volume=volume, session=days[-1].date, final=False, **now)
    return derive(today, made, None, volume_window=63, profile=profile)


EVEN = Profile(tuple((slot + 1) / 78 for slot in range(78)), "own", 20)


@pytest.mark.parametrize(
    ("now", "done"),
    [
        ({"elapsed_slot": 38}, 0.5),
        ({"elapsed_slot": 77}, 1.0),
        ({"minute": 195.0}, 0.5),
        ({"minute": 197.5}, 197.5 / 390),
        ({"elapsed_slot": 0, "minute": 195.0}, 0.5),
        ({"minute": 390.0}, 1.0),
        ({"minute": 400.0}, 1.0),
    ],
)
def test_volume_ratio_while_running_is_against_what_is_usually_done_by_now(now, done):
    figures = running(600_000, profile=EVEN, **now)
    assert figures.volume_ratio == pytest.approx(0.6 / done)
    assert figures.volume_ratio_basis == "time-of-day own"


def test_volume_ratio_while_running_names_where_the_usual_day_is_from():
    lent = EVEN.as_proxy("SPY")
    assert running(1, profile=lent, minute=60.0).volume_ratio_basis == "time-of-day proxy SPY"
    assert running(1, minute=60.0).volume_ratio_basis == "time-of-day model"
    assert running(500_000, minute=30.0).volume_ratio == pytest.approx(0.5 / MODEL.shares[5])


@pytest.mark.parametrize("now", [{}, {"minute": 0.0}])
def test_volume_ratio_when_nothing_is_usually_done_yet_is_unknown(now):
    figures = running(500, profile=EVEN, **now)
    assert (figures.volume_ratio, figures.volume_ratio_basis, figures.volume_ratio_rough) == (None, None, False)


@pytest.mark.parametrize(
    ("now", "usual", "rough"),
    [
        ({"minute": 14.9}, 1_000_000, True),
        ({"minute": 15.0}, 1_000_000, False),
        ({"elapsed_slot": 2}, 1_000_000, True),
        ({"elapsed_slot": 3}, 1_000_000, False),
        ({"minute": 200.0}, 49_999, True),
        ({"minute": 200.0}, 50_000, False),
    ],
)
def test_volume_ratio_while_running_is_rough_early_and_in_thin_funds(now, usual, rough):
    assert running(500, usual=usual, **now).volume_ratio_rough is rough


@given(st.lists(st.floats(0, 390), min_size=2, max_size=2))
def test_share_done_never_falls_as_the_day_goes_on(minutes):
    early, late = sorted(minutes)
    assert 0.0 <= share_done(MODEL, None, early) <= share_done(MODEL, None, late) <= 1.0

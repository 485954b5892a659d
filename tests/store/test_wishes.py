"""What the instances that follow want to see."""

import os
import time

import pytest

from tests.sources.fakes import Wall
from tui.store.wishes import Wish, Wishes

MINE, THEIRS = Wish(("IWM", "SPY"), ("IWM",)), Wish(("QQQ",))


@pytest.fixture
def wall():
    return Wall()


def test_others_when_two_have_told_then_each_sees_the_other_and_not_itself(tmp_path, wall):
    one, two = Wishes(tmp_path, clock=wall), Wishes(tmp_path, clock=wall)
    assert one.others() == []
    one.tell(MINE)
    two.tell(THEIRS)
    assert (one.others(), two.others()) == ([THEIRS], [MINE])
    two.withdraw()
    assert one.others() == []


def test_others_when_a_wish_is_told_again_then_it_stays_and_else_it_expires(tmp_path, wall):
    asks, lives, died = (Wishes(tmp_path, seconds=15, clock=wall) for _ in range(3))
    lives.tell(MINE)
    died.tell(THEIRS)
    for second in range(4):
        told = time.time() + second  # as if told again
        os.utime(lives._path, (told, told))
        asks.others()
        wall.seconds += 10
    assert asks.others() == [MINE]
    assert len(list(tmp_path.iterdir())) == 1
    died.tell(THEIRS)
    assert THEIRS in asks.others(), "who was stopped and comes back is heard again"


def test_others_when_a_dead_wish_is_first_seen_then_its_age_tells(tmp_path, wall):
    Wishes(tmp_path, clock=wall).tell(MINE)
    (path,) = tmp_path.iterdir()
    os.utime(path, (1e9, 1e9))
    assert Wishes(tmp_path, clock=wall).others() == []


def test_others_when_a_file_is_damaged_or_asks_for_what_is_no_symbol_then_that_is_nobodys(tmp_path, wall):
    (tmp_path / "wish-1-ab.json").write_bytes(b"{")
    (tmp_path / "wish-2-ab.json").write_bytes(b'{"symbols": ["IWM", "a b", "\\u001b[2J", "SPY&x=1/../.."]}')
    (tmp_path / "wish-3-ab.json").write_bytes(b"\xff")
    assert Wishes(tmp_path, clock=wall).others() == [Wish(("IWM",))]

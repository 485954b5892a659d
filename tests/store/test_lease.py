"""The lease between instances, on one folder and by hand-made clocks; the processes are in `tests/test_instances.py`."""

import os
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.sources.fakes import Wall
from tui.store.lease import Lease


@pytest.fixture
def wall():
    return Wall()


def beat_at(folder: Path, term: int, seconds: float) -> None:
    """The time of the last beat, set by hand: those of the test come faster than file times tell apart."""
    os.utime(folder / f"lease-{term:06}", (seconds, seconds))


def test_hold_when_the_folder_is_new_then_the_first_has_it_and_the_second_not(tmp_path, wall):
    first, second = Lease(tmp_path / "a" / "b", clock=wall), Lease(tmp_path / "a" / "b", clock=wall)
    assert first.hold()
    assert first.hold()
    assert not second.hold()
    assert second.alive
    assert (first.term, second.term) == (1, 0)
    first.release()
    second.release()


def test_hold_when_the_holder_has_let_go_then_the_next_has_it_at_once(tmp_path, wall):
    first, second = Lease(tmp_path, clock=wall), Lease(tmp_path, clock=wall)
    assert first.hold()
    assert not second.hold()
    first.release()
    assert second.hold()
    assert second.term == 2
    assert not first.hold()
    assert [path.name for path in tmp_path.iterdir()] == ["lease-000002"]
    second.release()


def test_hold_when_the_holder_is_silent_then_another_takes_over_after_the_lease_and_not_before(tmp_path, wall):
    stopped, looker = Lease(tmp_path, seconds=4, clock=wall), Lease(tmp_path, seconds=4, clock=wall)
    assert stopped.hold()
    assert not looker.hold()
    wall.seconds += 4
    assert not looker.hold()
    wall.seconds += 0.1
    assert looker.hold()
    assert not stopped.hold(), "it finds out before it goes on"
    assert stopped.term == 0
    looker.release()


def test_hold_when_the_holder_beats_then_nobody_takes_over(tmp_path, wall):
    holder, looker = Lease(tmp_path, seconds=4, clock=wall), Lease(tmp_path, seconds=4, clock=wall)
    for second in range(20):
        assert holder.hold()
        beat_at(tmp_path, 1, 1e9 + second)
        assert not looker.hold()
        wall.seconds += 3
    holder.release()


def test_hold_when_a_silent_holder_is_first_seen_then_it_is_not_alive_and_the_whole_lease_is_waited(tmp_path, wall):
    stopped, looker = Lease(tmp_path, seconds=4, clock=wall), Lease(tmp_path, seconds=4, clock=wall)
    assert stopped.hold()
    beat_at(tmp_path, 1, 1e9)
    assert not looker.hold()
    assert not looker.alive
    wall.seconds += 4.1
    assert looker.hold()
    stopped.release()
    looker.release()


def test_hold_when_the_wall_clock_is_years_off_then_a_beat_still_tells(tmp_path, wall):
    holder, looker = Lease(tmp_path, seconds=4, clock=wall), Lease(tmp_path, seconds=4, clock=wall)
    assert holder.hold()
    for seconds in (4e9, 1e9, 3e9):
        beat_at(tmp_path, 1, seconds)
        assert not looker.hold()
        wall.seconds += 3
    assert looker.alive
    holder.release()


def test_hold_when_the_folder_was_deleted_then_it_is_taken_again(tmp_path, wall):
    lease = Lease(tmp_path / "feed", clock=wall)
    assert lease.hold()
    (tmp_path / "feed" / "lease-000001").unlink()
    (tmp_path / "feed").rmdir()
    assert lease.hold()
    assert lease.term == 1
    lease.release()


def test_hold_when_a_state_of_a_later_term_is_there_then_the_next_term_is_later_still(tmp_path, wall):
    (tmp_path / "state-000041.bin").write_bytes(b"")
    lease = Lease(tmp_path, clock=wall)
    assert lease.hold()
    assert lease.term == 42
    lease.release()


def test_hold_when_a_killed_instance_left_a_half_made_file_then_it_is_swept(tmp_path, wall):
    (tmp_path / ".lease-abc.tmp").write_bytes(b"")
    (tmp_path / "mine.txt").write_bytes(b"")
    lease = Lease(tmp_path, clock=wall)
    assert lease.hold()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lease-000001", "mine.txt"]
    lease.release()


def test_hold_when_the_file_system_has_no_hard_links_then_there_is_still_one_holder(tmp_path, wall, monkeypatch):
    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("tui.store.lease.os.link", refuse)
    first, second = Lease(tmp_path, clock=wall), Lease(tmp_path, clock=wall)
    assert first.hold()
    assert not second.hold()
    first.release()
    assert second.hold()
    second.release()


def test_hold_when_the_file_system_has_no_locks_then_the_beat_alone_decides(tmp_path, wall, monkeypatch):
    def refuse(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("tui.store.lease.fcntl.flock", refuse)
    first, second = Lease(tmp_path, seconds=4, clock=wall), Lease(tmp_path, seconds=4, clock=wall)
    assert first.hold()
    assert not second.hold()
    first.release()
    wall.seconds += 4.1
    assert second.hold()
    second.release()


class Instances(RuleBasedStateMachine):
    """Any order of looks, ends and pauses: of those who looked last, at most one holds the lease, and terms only grow."""

    def __init__(self):
        super().__init__()
        from tempfile import TemporaryDirectory

        self.temporary = TemporaryDirectory()
        self.wall = Wall()
        self.beat = 1e9
        self.leases = [Lease(Path(self.temporary.name), seconds=4, clock=self.wall) for _ in range(3)]
        self.terms = []

    @rule(which=st.integers(0, 2))
    def look(self, which):
        lease = self.leases[which]
        before = lease.term
        if lease.hold():
            self.beat += 1
            beat_at(Path(self.temporary.name), lease.term, self.beat)
            if lease.term != before:
                self.terms.append(lease.term)

    @rule(which=st.integers(0, 2))
    def end(self, which):
        self.leases[which].release()

    @rule(seconds=st.sampled_from([0.5, 3.0, 5.0]))
    def pause(self, seconds):
        self.wall.seconds += seconds

    @invariant()
    def one_holder_and_growing_terms(self):
        assert self.terms == sorted(set(self.terms))
        held = [lease.term for lease in self.leases if lease.term]
        assert len(held) == len(set(held))

    def teardown(self):
        for lease in self.leases:
            lease.release()
        for lease in self.leases:
            lease.hold()
        assert sum(bool(lease.term) for lease in self.leases) == 1
        for lease in self.leases:
            lease.release()
        self.temporary.cleanup()


TestInstances = Instances.TestCase
TestInstances.settings = settings(max_examples=60, stateful_step_count=30)

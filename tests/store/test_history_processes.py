"""Several processes at once, and processes that are killed at any moment."""

import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.store.worker import DAYS, SYMBOLS, one_value
from tui.store import manifest
from tui.store.history import History

PROJECT = Path(__file__).resolve().parents[2]
KILLS = 15


def start(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.store.worker", *map(str, arguments)]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)


def files_of(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for kind in manifest.KINDS for path in (root / kind).iterdir()}


def named_by(root: Path) -> set[str]:
    stored = manifest.load(root)
    return {name for kind in manifest.KINDS for part in stored.parts(kind).values() for name in (part.file, part.index)}


def test_append_when_two_processes_write_at_once_then_nothing_is_lost_and_readers_never_fail(tmp_path):
    writers = [start("add", tmp_path, prefix, 8) for prefix in "AB"]
    history, seen = History(tmp_path), []
    while any(writer.poll() is None for writer in writers):
        seen.append(history.frame().height)
        history.peaks(None, DAYS[-1])
    assert [writer.wait() for writer in writers] == [0, 0]
    for writer in writers:
        writer.stdout.close()
    assert {"SHARED", *(f"{prefix}{n}" for prefix in "AB" for n in range(8))} == set(history.symbols())
    assert 16 * len(DAYS) + 1 == history.frame().height
    assert sorted(seen) == seen
    assert named_by(tmp_path) == files_of(tmp_path)


@pytest.mark.slow
def test_append_when_killed_at_random_moments_then_what_was_confirmed_stays_and_nothing_is_torn(tmp_path):
    rng, value = random.Random(20240712), 0
    History(tmp_path).append(one_value(value))
    for _ in range(KILLS):
        writer = start("rewrite", tmp_path, value)
        begun, confirmed = threading.Event(), [value]
        rounds = rng.randint(1, 3)

        def follow(stream=writer.stdout, begun=begun, confirmed=confirmed, last=value + rounds):
            for line in stream:
                word, number = line.split()
                if word == "done":
                    confirmed.append(int(number))
                elif int(number) == last:
                    begun.set()
            begun.set()

        follower = threading.Thread(target=follow)
        follower.start()
        assert begun.wait(60)
        threading.Event().wait(rng.uniform(0, 0.08))  # somewhere inside the writing of that round
        writer.kill()
        writer.wait()
        follower.join()
        writer.stdout.close()

        found = History(tmp_path).frame()
        (value,) = map(int, found["close"].unique().to_list())
        assert len(SYMBOLS) * len(DAYS) == found.height
        assert confirmed[-1] <= value <= confirmed[-1] + 1
        assert [value] == found["volume"].unique().to_list()

    History(tmp_path).append(one_value(value + 1))
    assert named_by(tmp_path) == files_of(tmp_path)
    assert not list(tmp_path.glob(".*.tmp"))

"""`kill -9` at random moments: every later start succeeds, and nothing that was confirmed is missing.

30 times in every run, and 200 times under the marker `slow`; the moments are by chance, with a fixed seed.
"""

import random
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from tests.killed import DAYS, FIRST, LIST, SYMBOLS, step
from tui.store import manifest
from tui.store.history import History
from tui.store.lease import Lease
from tui.store.state import States
from tui.watchlists import Watchlists

PROJECT = Path(__file__).resolve().parents[1]
LONGEST = {"import": 0.25, "append": 0.2, "lists": 0.08, "state": 0.04}
"""Seconds after the first begin within which the kill comes: some rounds long."""


def killed(kind, home, last, rng):
    """Run a writer and kill it somewhere; returns (begun, confirmed): the last rounds it told of."""
    command = [sys.executable, "-m", "tests.killed", kind, str(home), str(last)]
    told = {"begin": last, "done": last}
    ready = threading.Event()
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as writer:

        def follow():
            for line in writer.stdout:
                if line.endswith("\n"):
                    word, number = line.split()
                    told[word] = int(number)
                ready.set()

        follower = threading.Thread(target=follow)
        follower.start()
        try:
            assert ready.wait(60)
            time.sleep(rng.uniform(0.0, LONGEST[kind]))  # the moment is what is tested; nothing is waited for
        finally:
            writer.send_signal(signal.SIGKILL)
            writer.wait()
            follower.join()
    assert writer.returncode == -signal.SIGKILL
    assert told["begin"] > last
    return told["begin"], told["done"]


def found_import(home):
    """The one close of everything."""
    frame = History(home).frame()
    if frame.is_empty():
        return 0
    (close,) = frame["close"].unique().to_list()
    assert len(SYMBOLS) * len(DAYS) == frame.height
    (bar,) = History(home).intraday_between("S000", DAYS[0], DAYS[-1])
    assert bar.close == close
    assert frame["volume"].unique().to_list() == [close]
    return int(close)


def found_append(home):
    """The last of days without a gap; a day's bar is there before its five-minute bar."""
    frame = History(home).frame(["IWM"])
    assert frame["date"].to_list() == [FIRST + timedelta(days=n) for n in range(1, frame.height + 1)]
    assert frame["volume"].to_list() == list(range(1, frame.height + 1))
    bars = History(home).intraday_between("IWM", FIRST - timedelta(days=30_000), FIRST)
    assert [bar.volume for bar in bars] == list(range(1, len(bars) + 1))
    assert frame.height - len(bars) in {0, 1}
    return len(bars)


def found_lists(home):
    """The last of symbols without a gap."""
    lists = Watchlists(home / "watchlists.toml")
    lists.load()
    numbers = sorted(int(symbol[1:]) for symbol in lists.get(LIST).symbols if symbol[1:].isdigit() and symbol[0] == "K")
    assert numbers == list(range(1, len(numbers) + 1))
    return len(numbers)


def found_state(home):
    """The one price of all quotes."""
    saved = States(home).load()
    if saved is None:
        return 0
    assert [quote.symbol for quote in saved.quotes] == SYMBOLS
    (price,) = {quote.price for quote in saved.quotes}
    assert saved.saved_at == price
    return int(price)


FOUND = {"import": found_import, "append": found_append, "lists": found_lists, "state": found_state}


def survive(kind, home, kills, seed):
    """Kill again and again on one home, and look after each what is there."""
    rng, last = random.Random(f"{kind} {seed}"), 0
    for _ in range(kills):
        begun, confirmed = killed(kind, home, last, rng)
        last = FOUND[kind](home)
        assert confirmed <= last <= begun, f"{confirmed} was confirmed, {begun} begun, {last} is there"
        if kind == "append" and History(home).frame(["IWM"]).height > last:
            step(kind, home)(last + 1)  # the day was stored, its bar not: said again, it is no second one
            last += 1
    step(kind, home)(last + 1)
    assert FOUND[kind](home) == last + 1
    assert not [path for path in home.rglob(".*.tmp") if kind != "lists"], "what a kill leaves is swept by the next"


@pytest.mark.parametrize(("kind", "kills"), [("import", 6), ("append", 7), ("lists", 9), ("state", 8)])
def test_kill_at_random_moments_then_every_start_succeeds_and_nothing_confirmed_is_missing(tmp_path, kind, kills):
    survive(kind, tmp_path, kills, 20240712)


@pytest.mark.slow
@pytest.mark.parametrize("kind", FOUND)
def test_kill_at_fifty_random_moments_then_nothing_confirmed_is_missing(tmp_path, kind):
    survive(kind, tmp_path, 50, 20240715)


def test_kill_of_a_writer_then_the_lease_is_free_and_no_file_is_left_over(tmp_path):
    begun, _ = killed("state", tmp_path, 0, random.Random(1))
    lease = Lease(tmp_path)
    assert begun
    assert lease.hold()
    lease.release()


def test_kill_of_an_import_then_the_next_writer_removes_what_nobody_names(tmp_path):
    killed("import", tmp_path, 0, random.Random(2))
    step("import", tmp_path)(99)
    stored = manifest.load(tmp_path)
    named = {f for kind in manifest.KINDS for part in stored.parts(kind).values() for f in (part.file, part.index)}
    assert named == {str(p.relative_to(tmp_path)) for kind in manifest.KINDS for p in (tmp_path / kind).iterdir()}

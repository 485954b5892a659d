"""Every script of the bench, through the real engine over the real chain, on real sockets."""

import pytest

from tests.faults.bench import run
from tests.faults.scripts import SCRIPTS

POLL = 0.6
"""Seconds between two looks at the picture, at most."""


@pytest.fixture(scope="module", autouse=True)
def _warm(tmp_path_factory):
    """Whatever is opened once and for all is open before anything is counted."""
    run(SCRIPTS[0], tmp_path_factory.mktemp("warm"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_fault_when_it_lasts_and_ends_then_the_picture_holds_and_comes_back(script, tmp_path, trusted):
    played = run(script, tmp_path, trusted)
    assert (played.word, played.says) == (script.state, script.says)
    assert played.wrong == [], "every price is true, of its own symbol, and none steps back"
    if script.kept:
        assert None not in played.shown.values(), "the last good values stay"
    assert played.errors == [], "nothing passes the engine, and nothing from outside is an error of ours"
    assert 0 <= played.back <= script.back + POLL
    assert played.left == [], "no task is left"
    before, most, after = played.handles
    assert after <= before, "no socket and no file is left"
    assert most <= before + 24, "none is left while it lasts"


def test_scripts_when_counted_then_there_are_sixty_and_more_each_with_its_own_name():
    names = [script.name for script in SCRIPTS]
    assert len(set(names)) == len(names) >= 60
    assert len({script.fault for script in SCRIPTS}) == len(names)

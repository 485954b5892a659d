"""What all tests share."""

import gc
import logging
import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# The same examples in every run, and no test that fails because the machine is busy. HYPOTHESIS_PROFILE=long tries others
# each time, and many more of them.
settings.register_profile(
    "outpace",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "long", deadline=None, database=None, max_examples=1_000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "outpace"))

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long tests, and those that ask real services, run only when their marker is asked for."""
    asked = config.getoption("markexpr")
    for item in items:
        for marker in ("slow", "live"):
            if item.get_closest_marker(marker) and marker not in asked:
                item.add_marker(pytest.mark.skip(reason=f"takes long or asks real services; run it with -m {marker}"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real recordings and history, which is not part of the project."""
    if not SHARED.is_dir():
        pytest.skip("needs the real market data in ../shared/data, which is not shipped with the project")
    return SHARED


@pytest.fixture(scope="session", autouse=True)
def _garbage_waits() -> None:
    """To look for garbage as often as a small program does is a sixth of the suite."""
    gc.set_threshold(100_000, 20, 100)


@pytest.fixture(scope="module", autouse=True)
def _what_stays_is_not_looked_at() -> None:
    """Modules, tests and fixtures stay: each look for garbage, which the app has made often, would go through them."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """At its end pytest looks for garbage five times: once through everything that has stayed is enough."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _made_once() -> Iterator[None]:
    """What every app makes of the same input anew is made once in a process, and no key waits for the clock."""
    from textual.css.model import RuleSet
    from textual.css.stylesheet import Stylesheet

    from tests.market import baselines_once, frames_once, profile_once, remembering
    from tests.styles import parse_once
    from tests.waiting import until_idle
    from tui import loader_steps
    from tui.store import memory

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parse_once)
        # The same hash, by identity, without a call in Python for each of the rules at each widget.
        patch.setattr(RuleSet, "__hash__", object.__hash__)
        patch.setattr(memory, "bars_frame", frames_once(memory.bars_frame))
        patch.setattr(memory.Memory, "append", remembering(memory.Memory.append))
        patch.setattr(loader_steps, "make", baselines_once(loader_steps.make))
        patch.setattr(loader_steps, "profile", profile_once(loader_steps.profile))
        for module in ("textual.app", "textual.pilot"):
            patch.setattr(f"{module}.wait_for_idle", until_idle)
        yield


@pytest.fixture
def one_market(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--source demo` is a market whose history is made once in a process."""
    from tests.market import Kept

    monkeypatch.setattr("tui.sources.demo.Demo", Kept)


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Names of folders; a numbered one from pytest is looked for among all of those before it."""
    base = tmp_path_factory.mktemp("homes")
    return (base / str(number) for number in count())


@pytest.fixture(autouse=True)
def _own_home(_homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has an empty home, so that none reads or writes the user's files."""
    # A command that ran before has set up the log of its own home.
    log = logging.getLogger("tui")
    log.propagate = True
    for handler in list(log.handlers):
        log.removeHandler(handler)
        handler.close()
    home = next(_homes)
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    for name in ("NO_COLOR", "COLORTERM", "SSH_CONNECTION", "SSH_TTY"):
        monkeypatch.delenv(name, raising=False)

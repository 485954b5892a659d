"""`outpace alerts`: list, add, remove, log, test."""

import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tui.alert_log import AlertLog, Rang
from tui.cli import main


class Said(NamedTuple):
    """What a command answered."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def outpace(capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs `outpace alerts` in this process; the log that it opens is closed again."""
    logger = logging.getLogger("tui")
    level, propagate, handlers = logger.level, logger.propagate, list(logger.handlers)

    def run(*words: str) -> Said:
        code = main(["alerts", *words])
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    yield run
    for handler in [each for each in logger.handlers if each not in handlers]:
        logger.removeHandler(handler)
        handler.close()
    logger.setLevel(level)
    logger.propagate = propagate


def home(kind: str) -> Path:
    return Path(os.environ[f"XDG_{kind}_HOME"]) / "outpace"


def test_without_alerts_the_list_says_how_to_add_one(outpace: Run) -> None:
    said = outpace("list")
    assert said.code == 0
    assert said.out.startswith("no alerts yet; add one with: outpace alerts add 'QQQS.volume_ratio >= 30x'")
    assert json.loads(outpace("list", "--format", "json").out) == []


def test_an_alert_is_added_listed_and_removed(outpace: Run) -> None:
    words = ("--repeat", "crossing", "--no-bell", "--desktop", "--quiet", "22:00-07:00")
    said = outpace(
        "add", "qqqs.volume_ratio>=30", "--name", "Volume", *words, "--command", "say", "--loud", "{name}; x"
    )
    assert said == (0, f"Volume: added to {home('CONFIG') / 'alerts.toml'}\n", "")
    outpace("add", "IWM.1d >= 3%")
    first, second = json.loads(outpace("list", "--format", "json").out)
    assert first == {
        "name": "Volume",
        "condition": "QQQS.volume_ratio >= 30",
        "repeat": "crossing",
        "bell": False,
        "toast": True,
        "desktop": True,
        "command": ["say", "--loud", "{name}; x"],
        "quiet": "22:00-07:00",
        "problem": None,
    }
    assert (second["name"], second["command"]) == ("IWM.1d >= 3%", [])
    assert "say --loud '{name}; x'" in outpace("list").out
    assert outpace("remove", "volume").out.startswith("Volume: removed from ")
    assert [each["name"] for each in json.loads(outpace("list", "--format", "json").out)] == ["IWM.1d >= 3%"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("add", "IWM.1d >= 3"), "IWM.1d is a return: write 3%\n  IWM.1d >= 3\n            ^"),
        (("add", "IWM.1d >= 3%", "--quiet", "22-7"), "--quiet: expected hours"),
        (("add", "IWM.1d >= 3%", "--name", "quiet"), "choose another"),
        (("add", "IWM.1d >= 3%", "--command", "p", "{nmae}"), "{nmae} stands for nothing"),
        (("add", "IWM.1d >= 3%", "--command", "{name}"), "the program itself is no placeholder"),
        (("remove", "nothing"), "no alert is called 'nothing'"),
        (("test", "nothing"), "no alert is called 'nothing'"),
    ],
)
def test_wrong_input_exits_2_with_what_to_type_and_writes_nothing(
    outpace: Run, words: tuple[str, ...], says: str
) -> None:
    said = outpace(*words)
    assert (said.code, said.out) == (2, "")
    assert says in said.err
    assert not (home("CONFIG") / "alerts.toml").exists()


def test_a_broken_file_is_told_with_its_line(outpace: Run) -> None:
    home("CONFIG").mkdir(parents=True)
    (home("CONFIG") / "alerts.toml").write_text('[a]\ncondition = "IWM.1d > 3%"\nbel = 1\n')
    said = outpace("list")
    assert said.code == 2
    assert "alerts.toml, line 3: a: bel: did you mean bell? (a copy is kept in alerts.toml.bak)" in said.err


def test_the_log_shows_the_last_of_what_rang(outpace: Run) -> None:
    assert outpace("log").out == "nothing has rung yet\n"
    log = AlertLog(home("STATE") / "alerts.log")
    for name in ("one", "two"):
        log.append(
            Rang(
                at="2024-07-12T16:00:05Z",
                name=name,
                condition="IWM.1d > 3%",
                session="2024-07-12",
                values="IWM.1d +3.50%",
                nature="SIMULATED",
                did=("bell", "toast"),
            )
        )
    lines = outpace("log").out.splitlines()
    assert len(lines) == 3
    assert "SIMULATED  bell toast  IWM.1d > 3%" in lines[1]
    (last,) = json.loads(outpace("log", "--rows", "1", "--format", "json").out)
    assert (last["name"], last["did"], last["held_back"]) == ("two", ["bell", "toast"], [])


def test_a_test_runs_the_command_and_tells_how_it_ended(outpace: Run, tmp_path: Path) -> None:
    program = "import json, sys; json.dump(sys.argv[2:], open(sys.argv[1], 'w')); print('done')"
    given = tmp_path / "given.json"
    command = (sys.executable, "-c", program, str(given), "{name}", "$(x); {condition}")
    outpace("add", "IWM.1d >= 3%", "--name", "up", "--desktop", "--command", *command)
    said = outpace("test", "up")
    assert said.code == 0
    assert "exit code 0: done" in said.out
    assert "bell: needs a terminal" in said.out
    assert "\x1b" not in said.out
    assert json.loads(given.read_text()) == ["up", "$(x); IWM.1d >= 3%"]


def test_a_test_of_a_command_that_fails_exits_1(outpace: Run) -> None:
    outpace("add", "IWM.1d >= 3%", "--name", "up", "--command", "/no/such/program")
    said = outpace("test", "up")
    assert said.code == 1
    assert "did not end well: /no/such/program cannot be run" in said.out

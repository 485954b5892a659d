"""What leaves the program: notifications that are nothing else, and commands whose arguments stay what they are."""

import asyncio
import json
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.alert_actions import notification, run
from tui.alerts import filled

RECORD = """\
import json, sys
json.dump({"arguments": sys.argv[2:], "input": sys.stdin.read()}, open(sys.argv[1], "w"))
"""
TEXTS = st.text(st.one_of(st.characters(), st.sampled_from("\x1b\x07\x9c\x9d;\\\n\0]")), max_size=60)


@pytest.fixture
def recorder(tmp_path: Path) -> tuple[list[str], Path]:
    """A program that writes down what it was given, and where."""
    script = tmp_path / "record.py"
    script.write_text(RECORD)
    return [sys.executable, str(script), str(tmp_path / "given.json")], tmp_path / "given.json"


HOSTILE = [
    "; touch pwned",
    "$(touch pwned)",
    "`touch pwned`",
    "two\nlines",
    "a b  c",
    "* ~ $HOME && | > pwned",
    "'\"\\",
    "",
    "-rf",
    "é↑",
]


async def test_arguments_arrive_as_they_are_and_nothing_goes_through_a_shell(
    recorder: tuple[list[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    command, given = recorder
    facts = {"name": "x; $(touch pwned)\n`touch pwned`"}
    ended = await run(filled([*command, *HOSTILE, "<{name}>"], facts))
    assert ended.code == 0, ended.output
    assert json.loads(given.read_text()) == {"arguments": [*HOSTILE, f"<{facts['name']}>"], "input": ""}
    assert not (tmp_path / "pwned").exists()


async def test_output_is_cleaned_and_its_end_dropped():
    ended = await run([sys.executable, "-c", "print('\\x1b]0;owned\\x07red\\x1b[31m\\n' + 'x' * 500_000)"])
    assert ended.code == 0
    assert ended.output.startswith("red xxx")
    assert len(ended.output) <= 400


CHILD = """\
import os, sys, time
open(sys.argv[1] + ".new", "w").write(str(os.getpid()))
os.rename(sys.argv[1] + ".new", sys.argv[1])
time.sleep(600)
"""
PARENT = """\
import os, subprocess, sys, time
subprocess.Popen([sys.executable, "-c", sys.argv[2], sys.argv[1]])
while not os.path.exists(sys.argv[1]):
    time.sleep(0.01)
print("started", flush=True)
if sys.argv[3] == "stays":
    time.sleep(600)
"""


def ended_process(pid: int) -> bool:
    """Whether a process is gone, or only waits to be asked how it ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] in {"Z", "X"}
    except FileNotFoundError:
        return True


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for the process in /proc")
@pytest.mark.parametrize("parent", ["stays", "goes"])
async def test_a_command_that_takes_too_long_is_ended_with_all_it_started(tmp_path: Path, parent: str):
    file = tmp_path / "pid"
    ended = await run([sys.executable, "-c", PARENT, str(file), CHILD, parent], seconds=2.0)
    assert ended.code is None
    assert ended.output == "ended after 2 s; started"
    async with asyncio.timeout(10):
        while not ended_process(int(file.read_text())):
            await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("command", "code"), [([sys.executable, "-c", "raise SystemExit(3)"], 3), ([sys.executable, "-c", ""], 0)]
)
async def test_the_exit_code_is_told(command: list[str], code: int):
    assert (await run(command)).code == code


@pytest.mark.parametrize("command", [["/no/such/program"], ["/"], [sys.executable, "a\0b"]])
async def test_a_command_that_cannot_be_run_is_told_and_no_error(command: list[str]):
    ended = await run(command)
    assert ended.code is None
    assert "cannot be run" in ended.output


async def test_a_program_in_the_users_home_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    program = tmp_path / "hello"
    program.write_text("#!/bin/sh\necho hello\n")
    program.chmod(0o755)
    assert (await run(["~/hello"])).output == "hello"


@given(title=TEXTS, body=TEXTS)
def test_whatever_is_said_makes_exactly_two_sequences(title: str, body: str):
    sent = notification(title, body, {})
    found = re.fullmatch(
        r"\x1b\]9;([^\x00-\x1f\x7f-\x9f]*)\x07\x1b\]777;notify;([^;\x00-\x1f\x7f-\x9f]*);([^;\x00-\x1f\x7f-\x9f]*)\x07",
        sent,
    )
    assert found is not None, sent
    assert len(sent) < 1000


@given(title=TEXTS, body=TEXTS)
def test_inside_tmux_nothing_ends_the_wrapping_early(title: str, body: str):
    sent = notification(title, body, {"TMUX": "/tmp/tmux-1/default,1,0", "TERM_PROGRAM": "tmux"})
    inner = re.fullmatch(r"(?:\x1bPtmux;((?:[^\x1b]|\x1b\x1b)*)\x1b\\){2}", sent)
    assert inner is not None, sent
    unwrapped = sent.replace("\x1bPtmux;", "").replace("\x1b\\", "").replace("\x1b\x1b", "\x1b")
    assert unwrapped == notification(title, body, {})


@pytest.mark.parametrize(
    ("env", "nine", "other"),
    [
        ({"TERM_PROGRAM": "iTerm.app"}, True, False),
        ({"TERM": "xterm-kitty"}, True, False),
        ({"TERM": "rxvt-unicode-256color"}, False, True),
        ({"VTE_VERSION": "7600", "TERM": "xterm-256color"}, False, True),
        ({"TERM": "xterm-256color"}, True, True),
    ],
)
def test_a_terminal_that_is_known_is_told_once(env: dict[str, str], nine: bool, other: bool):
    sent = notification("outpace", "IWM +3%", env)
    assert ("\x1b]9;" in sent, "\x1b]777;" in sent) == (nine, other)


def test_a_notification_passes_the_driver_as_something_harmless():
    from tui.link.driver import HARMLESS

    assert HARMLESS.fullmatch(notification("outpace", "IWM.1d +3.02%", {}))

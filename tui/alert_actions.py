"""What an alert does outside the screen: a notification of the desktop, and a command of the user's own.

Nothing goes through a shell: the command is a list, and each of its arguments stays one, whatever is in it.
"""

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from tui.format import clean

log = logging.getLogger(__name__)

COMMAND_SECONDS = 30.0
"""A command that takes longer is ended, with all that it started."""
MOST_OUTPUT = 4000
"""Bytes of its output that are kept for the log; the rest is read and dropped."""
TITLE, BODY = 60, 200
"""Cells of a notification."""

_OSC9 = ("iTerm.app", "WezTerm", "ghostty", "kitty")
_OSC777 = ("rxvt", "foot", "vte")


def notification(title: str, body: str, env: Mapping[str, str]) -> str:
    """The sequences that have a terminal notify: OSC 9, OSC 777, or both where nothing is known of the terminal.

    Inside tmux they are wrapped to be handed on, which tmux does with `allow-passthrough on`. What is said is cleaned:
    nothing in it can end the sequence or begin another, and no `;` is left to be taken for a separator.
    """
    title, body = (clean(text.replace(";", ","), most) for text, most in ((title, TITLE), (body, BODY)))
    # Never a digit first: OSC 9 with a number is another command to some terminals.
    nine = f"\x1b]9;{clean(f'{title}: {body}', BODY) if title else body or 'outpace'}\x07"
    other = f"\x1b]777;notify;{title};{body}\x07"
    known = f"{env.get('TERM_PROGRAM', '')} {env.get('TERM', '')}".casefold()
    if env.get("TMUX"):
        return "".join(f"\x1bPtmux;{each.replace(chr(27), chr(27) * 2)}\x1b\\" for each in (nine, other))
    if any(name.casefold() in known for name in _OSC9):
        return nine
    if env.get("VTE_VERSION") or any(name in known for name in _OSC777):
        return other
    return nine + other


class Ended(Struct, frozen=True):
    """How a command ended."""

    code: int | None
    """Its exit code, negative for a signal; None where it could not be started or was ended for taking too long."""
    output: str
    """The beginning of what it wrote, cleaned, or why it did not run."""


async def run(command: Sequence[str], *, seconds: float = COMMAND_SECONDS) -> Ended:
    """Run a program with its arguments; it has no input, and what it writes comes back. Never raises an OSError."""
    program = _program(command)
    try:
        process = await asyncio.create_subprocess_exec(
            program,
            *command[1:],
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            # A group of its own: it is ended with all that it started, and Ctrl+C at the terminal is not for it.
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        return Ended(None, clean(f"{program} cannot be run: {getattr(error, 'strerror', None) or error}", 200))
    kept = bytearray()
    try:
        async with asyncio.timeout(seconds):
            assert process.stdout is not None
            while chunk := await process.stdout.read(MOST_OUTPUT):
                kept += chunk[: MOST_OUTPUT - len(kept)]
            await process.wait()
    except TimeoutError:
        _kill(process)
        return Ended(None, clean(f"ended after {seconds:g} s; {kept.decode(errors='replace')}", 400))
    finally:
        await _end(process)
    return Ended(process.returncode, clean(kept.decode(errors="replace"), 400))


def _program(command: Sequence[str]) -> str:
    """The program of a command; `~` is the user's home, as in a path of the settings."""
    return str(Path(command[0]).expanduser())


def _kill(process: asyncio.subprocess.Process) -> None:
    """End a program and what it has started: the group is named by its first member, which may be gone already."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Leave no program behind that still runs."""
    if process.returncode is None:
        _kill(process)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1.0):
                await process.wait()


async def run_logged(name: str, command: Sequence[str]) -> Ended:
    """Run an alert's command and write into the log how it ended."""
    ended = await run(command)
    how = "did not end well" if ended.code is None else f"exit code {ended.code}"
    level = logging.INFO if ended.code == 0 else logging.WARNING
    log.log(level, "alert %s: %s: %s: %s", name, command[0], how, ended.output or "no output")
    return ended

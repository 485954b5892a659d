"""The log of what rang: a JSON object a line, in the state folder. Every text is cleaned before it is written."""

import json
import os
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from tui.format import clean
from tui.typed import from_json

FILE = "alerts.log"
"""Its name in the state folder."""

SIZE = 1_000_000
"""Bytes from which on the file is put aside as `alerts.log.1`, in place of the one before."""

_LONGEST = 500


class Rang(Struct, frozen=True, kw_only=True):
    """One time that an alert rang."""

    at: str
    """When, UTC: `2024-07-12T16:00:05Z`."""
    name: str
    condition: str
    session: str
    """The session it is an event of, in the market's zone."""
    values: str
    """What the condition's figures were."""
    nature: str = ""
    """`SIMULATED` or `REPLAY` where it was not the market of now."""
    did: tuple[str, ...] = ()
    """What it did: `bell`, `toast`, `desktop`, `command`."""
    held_back: tuple[str, ...] = ()
    """What it did not do because of quiet hours, or because there were too many."""


class AlertLog:
    """A file that is only ever appended to. Blocking: called in a thread."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, rang: Rang) -> None:
        """Add a line, in one piece: programs that log at once do not mix theirs.

        Raises:
            OSError: the folder or the disk does not take it.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        safe = {
            name: clean(value, _LONGEST) if isinstance(value, str) else value
            for name, value in structs.asdict(rang).items()
        }
        line = json.dumps(safe, ensure_ascii=False) + "\n"
        if self.path.exists() and self.path.stat().st_size > SIZE:
            self.path.replace(self.path.with_name(f"{self.path.name}.1"))
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)

    def last(self, most: int) -> list[Rang]:
        """The last lines, oldest first; lines that are none are left out.

        Raises:
            OSError: the file is there and cannot be read.
        """
        found: list[Rang] = []
        for path in (self.path, self.path.with_name(f"{self.path.name}.1")):
            if len(found) >= most or not path.exists():
                break
            lines = path.read_bytes().splitlines()
            found = [*_read(lines), *found]
        return found[-most:] if most > 0 else []


def _read(lines: list[bytes]) -> list[Rang]:
    rows = []
    for line in lines:
        try:
            rows.append(from_json(line, Rang))
        except msgspec.DecodeError:  # half a line, from a disk that was full
            continue
    return rows

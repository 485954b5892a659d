"""A day's raw answers on disk, and played back byte for byte: a bug report is a folder.

A tape is a folder with `tape.ndjson`, one line for each answer or frame in the order in which they came, and beside it
a file for each body as it came over the wire, compressed ones compressed. Secrets are not on it: no cookie, no key, no
crumb.
"""

import os
import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
from msgspec import Struct

from tui.sources.base import MalformedError, NoDataError
from tui.typed import from_json

INDEX = "tape.ndjson"
SECRET_FIELDS = frozenset({"crumb", "token", "apikey", "api_key", "key", "sessionid", "csrftoken"})
"""Fields of a query that are left out of an address."""
MOMENTS = frozenset({"period1", "period2"})
"""Fields of a query that name the moment when it was asked."""
KEPT_HEADERS = frozenset(
    {
        "content-type",
        "content-encoding",
        "cache-control",
        "etag",
        "last-modified",
        "retry-after",
        "location",
        "date",
        "age",
    }
)
"""Headers of an answer that are kept: what decides how it is read, and how soon it is asked for again."""
SLACK = 60.0
"""Seconds that a question may come later than it did: what it got then is still the answer."""
CRUMB = b"recorded.crumb"
"""Stands in for the body of an answer that is itself a secret."""
SECRET_BODIES = ("getcrumb",)


class Entry(Struct, frozen=True, omit_defaults=True):
    """One answer, or one frame of a stream."""

    at: float
    """When it came, epoch seconds."""
    url: str
    """Asked address without secrets; a stream's own."""
    kind: Literal["http", "frame", "failure"] = "http"
    method: str = "GET"
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    """Name of the file with the raw body; empty for an empty one."""
    problem: str = ""
    """Of a failure: the class of the error."""


def address(url: str, without: frozenset[str] = SECRET_FIELDS) -> str:
    """An address without secrets and without the order of its fields."""
    parts = urlsplit(url)
    fields = sorted((k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k.lower() not in without)
    return f"{parts.scheme}://{parts.netloc}{parts.path}{'?' if fields else ''}{urlencode(fields)}"


def question(url: str) -> str:
    """What tells one question from another: the address without secrets and without the moment when it was asked."""
    return address(url, SECRET_FIELDS | MOMENTS)


class Recorder:
    """Writes a tape. Safe from any thread; each answer is whole on the disk before its line is.

    Raises:
        OSError: the folder cannot be made or written.
    """

    def __init__(self, folder: Path, clock: Callable[[], float]) -> None:
        self._folder = folder
        self._clock = clock
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        taken = (int(path.stem) for path in folder.glob("*.bin") if path.stem.isdecimal())
        self._numbers = count(max(taken, default=0) + 1)

    def answer(self, method: str, url: str, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Keep one answer."""
        kept = tuple((name.lower(), value) for name, value in headers if name.lower() in KEPT_HEADERS)
        cookies = (value.partition("=")[0] for name, value in headers if name.lower() == "set-cookie")
        kept += tuple(("set-cookie", f"{name}=recorded; Path=/") for name in cookies)
        if any(word in url for word in SECRET_BODIES):
            body, kept = CRUMB, tuple(pair for pair in kept if pair[0] != "content-encoding")
        self._add(Entry(self._clock(), address(url), "http", method, status, kept), body)

    def failure(self, method: str, url: str, problem: str) -> None:
        """Keep that no answer came, and why."""
        self._add(Entry(self._clock(), address(url), "failure", method, problem=problem), b"")

    def frame(self, url: str, data: bytes) -> None:
        """Keep one frame of a stream."""
        self._add(Entry(self._clock(), address(url), "frame"), data)

    def _add(self, entry: Entry, body: bytes) -> None:
        with self._lock:
            if body:
                name = f"{next(self._numbers):08}.bin"
                with (self._folder / name).open("xb") as file:
                    file.write(body)
                entry = msgspec.structs.replace(entry, body=name)
            with (self._folder / INDEX).open("ab") as index:
                index.write(msgspec.json.encode(entry) + b"\n")


class Tape:
    """A tape that is played: each question gets the answers that it got, one after the other, none before its time.

    Args:
        folder: Where it lies.
        clock: The time that is played, epoch seconds.

    Raises:
        NoDataError: there is no tape.
        MalformedError: a line of it cannot be read; a last line that was cut off is passed over.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] | None = None) -> None:
        self._folder = folder
        self.entries = read(folder)
        self.clock = clock or (lambda: self.entries[-1].at)
        self._answers: dict[tuple[str, str], list[Entry]] = {}
        self._next: dict[tuple[str, str], int] = {}
        for entry in self.entries:
            if entry.kind != "frame":
                self._answers.setdefault((entry.method, question(entry.url)), []).append(entry)

    @property
    def begins(self) -> float:
        """When the first answer came, epoch seconds."""
        return self.entries[0].at

    @property
    def ends(self) -> float:
        """When the last one came."""
        return self.entries[-1].at

    def answer(self, method: str, url: str) -> Entry | None:
        """The next answer to a question; the last one again while the next is of a later time; None if never asked."""
        key = (method, question(url))
        answers = self._answers.get(key)
        if answers is None:
            return None
        now, at = self.clock(), self._next.get(key, 0)
        if at == 0 or (at < len(answers) and answers[at].at <= now):
            # Played faster than it was recorded, fewer questions are asked: those between are passed over.
            while at + 1 < len(answers) and answers[at + 1].at <= now - SLACK:
                at += 1
            self._next[key] = at + 1
            return answers[at]
        return answers[at - 1]

    def frames(self, url: str) -> list[Entry]:
        """All frames of a stream, in their order."""
        wanted = address(url)
        return [entry for entry in self.entries if entry.kind == "frame" and entry.url == wanted]

    def body(self, entry: Entry) -> bytes:
        """The raw bytes of an answer or a frame.

        Raises:
            NoDataError: the file is gone.
        """
        if not entry.body:
            return b""
        try:
            # Only a name of ours is followed: a tape comes from somebody else.
            return (self._folder / os.path.basename(entry.body)).read_bytes()  # noqa: PTH119
        except OSError as error:
            raise NoDataError(f"{self._folder / entry.body} of the recording is missing") from error


def is_tape(folder: Path) -> bool:
    """Whether a folder holds a recording of raw answers."""
    return (folder / INDEX).is_file()


def read(folder: Path) -> list[Entry]:
    """The lines of a tape.

    Raises:
        NoDataError: there is none, or it is empty.
        MalformedError: a line that is not the last cannot be read.
    """
    try:
        lines = (folder / INDEX).read_bytes().split(b"\n")
    except OSError as error:
        raise NoDataError(f"{folder} holds no recording: {INDEX} is missing") from error
    entries: list[Entry] = []
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        try:
            entries.append(from_json(line, Entry))
        except msgspec.DecodeError as error:
            if number >= len(lines) - 1:
                break  # the program was ended while it wrote it
            raise MalformedError(f"{folder / INDEX}, line {number}: {error}") from error
    if not entries:
        raise NoDataError(f"{folder / INDEX} is empty: nothing was recorded")
    return entries

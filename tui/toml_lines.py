"""Reading TOML that people write by hand: an error has a line and a key, and a value can be found again."""

import re
import tomllib
from pathlib import Path
from typing import Any

_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)\Z")
_HEADER = re.compile(r"\s*\[+\s*([^\]]+?)\s*\]+")
_KEY = re.compile(r"""\s*([\w"'.\- ]+?)\s*=""")


class UnreadableError(Exception):
    """The file is no TOML; `line` counts from 1 and `key` is what stands there ("" if nothing does)."""

    def __init__(self, problem: str, line: int, key: str) -> None:
        super().__init__(problem)
        self.line = line
        self.key = key


def read(path: Path) -> str:
    """The text of the file, without a byte order mark.

    Raises:
        UnreadableError: it is not UTF-8.
        OSError: it cannot be read; FileNotFoundError when there is none.
    """
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError("not UTF-8 text", content[: error.start].count(b"\n") + 1, "") from None


def parse(text: str) -> dict[str, Any]:
    """What the text holds.

    Raises:
        UnreadableError: it is not TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        lines = text.split("\n")
        place = _PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else len(text.rstrip().split("\n"))
        problem = _PLACE.sub("", str(error))
        raise UnreadableError(problem[:1].lower() + problem[1:], line, _key_in(lines[line - 1])) from None


def line_of(text: str, *path: str) -> int | None:
    """The line where the key `path` (its tables first) is written, or else what holds it."""
    table: tuple[str, ...] = ()
    best: tuple[int, int | None] = (0, None)
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(line):
            full = table = _parts(header[1], path)
        elif key := _KEY.match(line):
            full = (*table, *_parts(key[1], path[len(table) :]))
        else:
            continue
        common = min(len(full), len(path))
        if common > best[0] and full[:common] == path[:common]:
            best = common, number
    return best[1]


def _parts(written: str, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """The parts of a dotted key; a quoted one that is wanted may hold dots itself."""
    if wanted and written.strip("\"'") == wanted[0]:
        return wanted[:1]
    return tuple(part.strip().strip("\"'") for part in written.split("."))


def _key_in(line: str) -> str:
    """The key of a line, as far as one can be made out."""
    found = _HEADER.match(line) or _KEY.match(line)
    text = found[1] if found else line.strip()
    return "".join(character for character in text if character.isprintable())[:40]

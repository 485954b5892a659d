"""The last good quotes of a live source on disk: what a start paints at once, and what other instances follow.

    folder/state-000012.bin     one line (name, version, checksum), then the quotes as MessagePack

The number is the term of the lease (`lease.Lease`) under which it was written: who has lost the lease and does not know
it yet writes a file that nobody reads any more. Files are replaced whole, and a killed writer leaves the one before.
"""

import logging
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from tui.model import Health, Instrument, Quote
from tui.store import manifest
from tui.typed import msgpack_decoder

VERSION = 1
"""Grows when a field of `Saved`, `Quote` or `Instrument` goes or means something else; a new field with a default is none."""

_MARK = b"outpace-state"
_HEAD = re.compile(rb"outpace-state (\d{1,9}) ([0-9a-f]{8})\n")
_NAME = re.compile(r"state-(\d{6,18})\.bin")
_LEFT = re.compile(r"\.state-(\d{6,18})\.bin\.[0-9a-f]+\.tmp")
_LARGEST = 64 * 1024 * 1024

_log = logging.getLogger(__name__)


class Saved(Struct, frozen=True, kw_only=True):
    """What a live source has told, at one moment."""

    saved_at: float
    """Epoch seconds UTC."""
    health: Health | None = None
    """How the source said it was."""
    quotes: list[Quote] = []
    """Told by the source under this term."""
    older: list[Quote] = []
    """Told before it, and not again yet."""
    unknown: list[str] = []
    """Symbols that the source positively does not know."""
    instruments: list[Instrument] = []


_DECODER = msgpack_decoder(Saved)


class States:
    """The state files of one feed. Blocking; used from one thread at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: tuple[object, Saved | None] = (None, None)
        self._told: set[object] = set()

    def load(self) -> Saved | None:
        """The newest state that can be read, the same object as long as it is the same file; None without one.

        What is damaged, or of another version, is passed over with one line in the log.
        """
        for _, path in sorted(self._files(_NAME), reverse=True):
            try:
                stat = path.stat()
                key = (path.name, stat.st_ino, stat.st_mtime_ns, stat.st_size)
                if key == self._read[0]:
                    return self._read[1]
                if key in self._told:
                    continue
                with path.open("rb") as file:
                    saved = decode(file.read(_LARGEST))  # what is larger has not its own checksum
            except FileNotFoundError:  # replaced by a newer term meanwhile
                continue
            except (OSError, ValueError) as error:
                self._pass_over(path, error)
                continue
            self._read = key, saved
            return saved
        return None

    def save(self, term: int, saved: Saved) -> int:
        """Replace the state of `term`, and remove those of earlier terms; returns its size in bytes.

        Raises:
            OSError: the folder or the disk does not take it; the state is as it was.
        """
        data = encode(saved)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        manifest.replace(self.folder / f"state-{term:06}.bin", data)
        for kind in (_NAME, _LEFT):
            for earlier, path in self._files(kind):
                if earlier < term:
                    with suppress(OSError):
                        path.unlink()
        return len(data)

    def _files(self, kind: re.Pattern[str]) -> Iterator[tuple[int, Path]]:
        with suppress(OSError):  # there is no such folder, or none that can be read: nothing was saved
            for path in list(self.folder.iterdir()):
                if (name := kind.fullmatch(path.name)) is not None:
                    yield int(name[1]), path

    def _pass_over(self, path: Path, error: Exception) -> None:
        """Say once why a file does not count."""
        with suppress(OSError):
            stat = path.stat()
            self._told.add((path.name, stat.st_ino, stat.st_mtime_ns, stat.st_size))
        _log.warning("%s is passed over: %s", path, error)


def encode(saved: Saved) -> bytes:
    """The bytes of a state file."""
    body = msgspec.msgpack.encode(saved)
    return b"%s %d %08x\n%s" % (_MARK, VERSION, zlib.crc32(body), body)


def decode(data: bytes) -> Saved:
    """What the bytes of a state file say.

    Raises:
        ValueError: they are damaged, or of another version.
    """
    head = _HEAD.match(data)
    if head is None:
        raise ValueError("it is not a state file, or cut off")
    if int(head[1]) != VERSION:
        raise ValueError(f"it was written by another version (format {int(head[1])}, not {VERSION})")
    body = data[head.end() :]
    if zlib.crc32(body) != int(head[2], 16):
        raise ValueError("it is damaged")
    try:
        return _DECODER.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ValueError(f"it cannot be understood ({error})") from error

"""The manifest: which files are the history now. Replacing it is the one moment at which an import becomes true.

    root/manifest.json             generation, and the files of each year
    root/daily/2024-<id>.parquet         all symbols of a year, sorted by symbol and date
    root/daily/2024-<id>.index.parquet   one row per symbol: rows, first, last, highest close
    root/intraday/2024-<id>.parquet      five-minute bars, with the same kind of index

Files are never changed once written: a writer writes new ones under new names, replaces the manifest, and removes
what no manifest names any more. Killed at any moment, it leaves the old history or the new one, and at worst files
that nobody names, which the next writer removes.
"""

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from tui.store.schema import HistoryError
from tui.typed import from_json

FORMAT = 1
NAME = "manifest.json"
KINDS = ("daily", "intraday")

_OURS = re.compile(r"\d{4}-[0-9a-f]{12}(\.index)?\.parquet")
"""Names that a sweep may remove: a user's own file in the folder is left alone."""


class Part(Struct, frozen=True):
    """One year of one kind: the file and its index, relative to the root."""

    file: str
    index: str
    rows: int


class Manifest(Struct, frozen=True):
    """The history at one moment."""

    format: int = FORMAT
    generation: int = 0
    """Grows by one with every commit."""
    committed: float = 0.0
    """When: epoch seconds UTC."""
    daily: dict[int, Part] = {}
    """By calendar year of the session."""
    intraday: dict[int, Part] = {}
    """By UTC calendar year of the bar's start."""

    def parts(self, kind: str) -> dict[int, Part]:
        """The years of `daily` or `intraday`."""
        return self.daily if kind == "daily" else self.intraday


def load(root: Path) -> Manifest:
    """The manifest of `root`; an empty one where nothing was ever stored.

    Raises:
        HistoryError: it cannot be read, or a newer version wrote it.
    """
    path = root / NAME
    try:
        manifest = from_json(path.read_bytes(), Manifest)
    except FileNotFoundError:
        return Manifest()
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise HistoryError(f"{path} is damaged ({error}): restore it, or move {root} away and import again") from error
    except OSError as error:
        raise HistoryError(f"{path} cannot be read: {error.strerror}") from error
    if manifest.format > FORMAT:
        raise HistoryError(f"{path} was written by a newer version (format {manifest.format}): update outpace")
    return manifest


def commit(root: Path, manifest: Manifest) -> None:
    """Make `manifest` the history. The files it names are on disk already; the caller holds the lock."""
    for kind in KINDS:
        sync_folder(root / kind)
    replace(root / NAME, msgspec.json.format(msgspec.json.encode(manifest)))


def replace(path: Path, data: bytes) -> None:
    """Write `data` as `path` so that a reader, or a crash, sees the old content or the new, never a part."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make new names in `folder` survive a power cut, where the platform can."""
    with suppress(OSError):  # some platforms and network file systems cannot open or sync a folder
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def new_part(kind: str, year: int, rows: int) -> Part:
    """A part with names that no file has had yet."""
    stem = f"{kind}/{year:04d}-{secrets.token_hex(6)}"
    return Part(f"{stem}.parquet", f"{stem}.index.parquet", rows)


def sweep(root: Path, manifest: Manifest) -> None:
    """Remove files of ours that `manifest` does not name; the caller holds the lock, so nobody is writing them."""
    named = {name for kind in KINDS for part in manifest.parts(kind).values() for name in (part.file, part.index)}
    for kind in KINDS:
        for path in (root / kind).glob("*.parquet"):
            if _OURS.fullmatch(path.name) and f"{kind}/{path.name}" not in named:
                with suppress(OSError):  # still open elsewhere on some platforms: the next writer tries again
                    path.unlink()
    for path in root.glob(".*.tmp"):
        with suppress(OSError):
            path.unlink()

"""Writing the user's own files so that no moment exists in which one is half written or lost."""

import os
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

_WRITING = threading.Lock()
"""Held while a file is written: one at a time."""


def hold_writes(seconds: float) -> bool:
    """Wait until no file is being written and let none begin, before a process ends with its threads; False when late."""
    return _WRITING.acquire(timeout=seconds)


def write_atomic(path: Path, text: str, *, replace: bool = True) -> bool:
    """Write `text` to `path` whole or not at all, and have it on the disk before returning.

    A symbolic link stays one: the file that it leads to is replaced, with its permissions kept. With `replace=False`
    a file that is there already wins. Returns whether it was written.

    Raises:
        OSError: the folder or the disk does not take it; `path` is as it was.
    """
    with _WRITING:
        return _write(Path(os.path.realpath(path)), text, replace=replace)


def _write(target: Path, text: str, *, replace: bool) -> bool:
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            temporary.chmod(target.stat().st_mode & 0o777)
        if replace:
            temporary.replace(target)
        elif not _link(temporary, target):
            return False
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(target.parent)
    return True


def keep_copy(path: Path) -> Path | None:
    """Copy `path` to `NAME.bak`, or to the next of `NAME.bak2`, `NAME.bak3`, ... that is free, bytes untouched.

    Returns the copy, an earlier one if it is identical, or None where it cannot be made.
    """
    try:
        content = path.read_bytes()
        for number in range(1, 100):
            copy = path.with_name(f"{path.name}.bak{number if number > 1 else ''}")
            try:
                with copy.open("xb") as file:
                    file.write(content)
            except FileExistsError:
                if copy.read_bytes() != content:
                    continue
            return copy
    except OSError:
        return None
    return None


def reason(error: OSError) -> str:
    """What the system says went wrong, without numbers and paths: `Permission denied`."""
    return error.strerror or type(error).__name__


def _link(temporary: Path, target: Path) -> bool:
    """Give the finished file its name unless a file has it; a link refuses that, where a rename would not."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        return False
    except OSError:  # a file system without hard links
        if target.exists():
            return False
        temporary.replace(target)
    return True


def _sync_folder(folder: Path) -> None:
    """Put a new name on the disk; systems that cannot open a folder do it themselves."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

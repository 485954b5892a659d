"""Which of several instances on one home asks the sources: a lock with a lease, on files alone.

    folder/lease-000012     locked by its holder, touched at every beat; the highest number counts

A holder that ends, even by `kill -9`, gives its lock back to the system, and the next who looks takes over. One that is
stopped keeps the lock but does not beat: after the lease's time the next number is taken by whoever is first, and the
holder finds that out before it goes on. Nothing waits for anyone, and no clock but the looker's own is believed.
"""

import fcntl
import os
import re
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

SECONDS = 4.0
"""Without a beat for so long, a holder has lost the lease."""

_NAME = re.compile(r"(lease|state)-(\d{6,18})(?:\.bin)?")


class Lease:
    """One instance's part. Blocking, though never for long; used from one thread at a time.

    Args:
        folder: Shared by the instances; made when it is not there.
        seconds: How long a holder may be silent.
        clock: Seconds that only grow.
    """

    def __init__(self, folder: Path, *, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self.term = 0
        """The number held, 0 without the lease."""
        self.alive = False
        """Whether another instance holds the lease and has been seen to beat."""
        self._folder = folder
        self._seconds = seconds
        self._clock = clock
        self._file: int | None = None
        self._seen: tuple[int, int] = (0, 0)
        self._since = 0.0

    def hold(self) -> bool:
        """Take the lease if it is free, keep it if it is ours; whether it is. Called at every beat and look.

        Raises:
            OSError: the folder cannot be written.
        """
        if self._file is not None and self._beat(self._file):
            return True
        self.release()
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        held, highest = self._terms()
        if held and not self._is_free(held):
            return False
        self.alive = False
        return self._take(highest + 1)

    def release(self) -> None:
        """Let another instance have it; the file stays, so that no number comes twice."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
        self.term = 0

    def _beat(self, file: int) -> bool:
        """Show that we are there; False when another instance has taken over, or the file is gone."""
        with suppress(FileNotFoundError):
            if self._terms()[0] == self.term and self._path(self.term).stat().st_ino == os.fstat(file).st_ino:
                os.utime(file)
                return True
        return False

    def _is_free(self, term: int) -> bool:
        """Whether the holder of a term has ended, or has been silent for too long."""
        try:
            file = os.open(self._path(term), os.O_RDWR)
        except FileNotFoundError:  # a later one is there: look again
            return False
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:  # it is held, or the file system has no locks: the beat tells
            touched = os.fstat(file).st_mtime_ns
        else:
            return True
        finally:
            os.close(file)
        now = self._clock()
        if self._seen != (term, touched):
            again = self._seen[0] == term
            self._seen, self._since = (term, touched), now
            # Who was seen for the first time may have stopped long ago.
            self.alive = again or abs(time.time() - touched / 1e9) < self._seconds
            return False
        if now - self._since <= self._seconds:
            return False
        self.alive = False
        return True

    def _take(self, term: int) -> bool:
        """Make the file of a term, locked before it can be seen; False when another instance was faster."""
        temporary = self._folder / f".lease-{secrets.token_hex(6)}.tmp"
        file = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with suppress(OSError):  # a file system without locks
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.write(file, f"{os.getpid()}\n".encode())
            won = self._named(temporary, self._path(term)) and self._terms()[0] == term
        except BaseException:
            os.close(file)
            raise
        finally:
            temporary.unlink(missing_ok=True)
        if not won:
            os.close(file)
            return False
        self._file, self.term = file, term
        self._sweep()
        return True

    def _named(self, temporary: Path, path: Path) -> bool:
        """Give the file its name unless one has it."""
        try:
            os.link(temporary, path)
        except FileNotFoundError:  # swept by an instance that was faster
            return False
        except FileExistsError:
            return False
        except OSError:  # a file system without hard links
            if path.exists():
                return False
            temporary.rename(path)
        return True

    def _sweep(self) -> None:
        """Remove the files of earlier terms, and what killed instances have left."""
        for path in list(self._folder.iterdir()):
            name = _NAME.fullmatch(path.name)
            earlier = name is not None and name[1] == "lease" and int(name[2]) < self.term
            if earlier or (path.name.startswith(".lease-") and path.suffix == ".tmp"):
                with suppress(OSError):
                    path.unlink()

    def _terms(self) -> tuple[int, int]:
        """The highest term that was leased, and the highest that anything was written under; 0 without one."""
        held = highest = 0
        for name in os.listdir(self._folder):  # noqa: PTH208 (names are enough, twice a second)
            if (found := _NAME.fullmatch(name)) is not None:
                highest = max(highest, int(found[2]))
                if found[1] == "lease":
                    held = max(held, int(found[2]))
        return held, highest

    def _path(self, term: int) -> Path:
        return self._folder / f"lease-{term:06}"

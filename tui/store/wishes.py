"""What the instances that do not ask the sources themselves want to see: a small file for each, with an expiry.

folder/wish-1234-5f2e9c.json     symbols and what of them is on the screen; touched at every look
"""

import os
import re
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from tui.config import SYMBOL
from tui.store import manifest
from tui.typed import from_json

SECONDS = 15.0
"""After so long without a touch, nobody wants it any more."""

_SYMBOL = re.compile(SYMBOL)
_NAME = re.compile(r"wish-\d+-[0-9a-f]+\.json")
_MOST = 5000
_LARGEST = 1024 * 1024


class Wish(Struct, frozen=True):
    """What one instance wants."""

    symbols: tuple[str, ...]
    visible: tuple[str, ...] = ()
    """Those on its screen."""


class Wishes:
    """The wishes in a folder, of which one may be ours. Blocking; used from one thread at a time.

    Args:
        folder: Shared by the instances.
        seconds: How long a wish counts after it was last told.
        clock: Seconds that only grow.
    """

    def __init__(self, folder: Path, *, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._seconds = seconds
        self._clock = clock
        self._path = folder / f"wish-{os.getpid()}-{secrets.token_hex(4)}.json"
        self._mine: Wish | None = None
        self._seen: dict[str, tuple[int, float]] = {}

    def tell(self, wish: Wish) -> None:
        """Say what we want; said again, it goes on to count.

        Raises:
            OSError: the folder cannot be written.
        """
        if wish == self._mine:
            with suppress(FileNotFoundError):
                os.utime(self._path)
                return
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        manifest.replace(self._path, msgspec.json.encode(wish))
        self._mine = wish

    def withdraw(self) -> None:
        """We ask ourselves, or leave."""
        if self._mine is not None:
            self._mine = None
            with suppress(OSError):
                self._path.unlink()

    def others(self) -> list[Wish]:
        """What the other instances want now; what has expired is removed, what cannot be understood is nobody's."""
        found = []
        now = self._clock()
        for path in sorted(self._folder.glob("wish-*.json")):
            if path == self._path or not _NAME.fullmatch(path.name):
                continue
            with suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
                stat = path.stat()
                if self._expired(path.name, stat.st_mtime_ns, now):
                    path.unlink()
                elif stat.st_size <= _LARGEST:
                    found.append(_checked(from_json(path.read_bytes(), Wish)))
        return found

    def _expired(self, name: str, touched: int, now: float) -> bool:
        """Whether a file has not been touched for too long, by our own clock; at first sight, by the wall's."""
        seen = self._seen.get(name)
        if seen is None or seen[0] != touched:
            self._seen[name] = touched, now
            return seen is None and time.time() - touched / 1e9 > self._seconds
        return now - seen[1] > self._seconds


def _checked(wish: Wish) -> Wish:
    """A wish of what can be a symbol: it will be sent to a source."""
    return Wish(*(tuple(filter(_SYMBOL.fullmatch, names[:_MOST])) for names in (wish.symbols, wish.visible)))

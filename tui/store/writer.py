"""Writing to the history: many frames, one commit."""

import errno
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import polars as pl
from filelock import FileLock, Timeout
from msgspec import Struct
from msgspec.structs import replace

from tui.model import Instrument
from tui.store import instruments, manifest, parts
from tui.store.manifest import KINDS, Manifest, Part
from tui.store.schema import BAR_KEYS, BAR_SCHEMA, DAILY_KEYS, DAILY_SCHEMA, HistoryError, conform
from tui.store.upsert import upsert

LOCK = ".lock"
LOCK_TIMEOUT = 60.0
"""Seconds to wait for another process that is writing."""

FLUSH_ROWS = 2_000_000
"""Rows kept in memory before they are written (not yet committed): about 200 MB."""

Progress = Callable[[int, int], None]
"""Told (years written, years to write) while a flush runs."""

_READ_ONLY = {errno.EACCES, errno.EPERM, errno.EROFS}


class Written(Struct, frozen=True):
    """What a commit changed."""

    added: int = 0
    """Rows that were not stored before."""
    changed: int = 0
    """Rows that were stored and now hold another value."""
    symbols: tuple[str, ...] = ()
    """The symbols that were given, sorted, changed or not."""


class Writer:
    """A context in which frames are given, and at whose end all of them become the history at once.

    An exception inside, or a kill, leaves the history as it was. The lock is taken when there is something to write,
    not while the frames are still being made.
    """

    def __init__(self, root: Path, progress: Progress | None = None, lock_timeout: float = LOCK_TIMEOUT) -> None:
        self.written = Written()
        """What this context changed; complete once it is left."""
        self._root = root
        self._progress = progress
        self._lock = FileLock(root / LOCK, timeout=lock_timeout)
        self._manifest: Manifest | None = None
        self._waiting: dict[str, list[pl.DataFrame]] = {kind: [] for kind in KINDS}
        self._rows = 0
        self._symbols: set[str] = set()
        self._instruments: list[Instrument] = []

    def daily(self, frame: pl.DataFrame) -> None:
        """Take daily bars: any subset of the columns of `DAILY_SCHEMA` with `symbol` and `date`."""
        self._take("daily", conform(frame, DAILY_SCHEMA))

    def intraday(self, frame: pl.DataFrame) -> None:
        """Take five-minute bars: any subset of the columns of `BAR_SCHEMA` with `symbol` and `time` (UTC)."""
        self._take("intraday", conform(frame, BAR_SCHEMA))

    def instruments(self, found: Iterable[Instrument]) -> None:
        """Take names, kinds and currencies, to be merged into what is known."""
        self._instruments.extend(found)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._commit()
        finally:
            if self._lock.is_locked:
                self._sweep()
                self._lock.release()

    def _take(self, kind: str, frame: pl.DataFrame) -> None:
        if frame.is_empty():
            return
        self._waiting[kind].append(frame)
        self._symbols.update(frame.get_column("symbol").unique().to_list())
        self._rows += frame.height
        if self._rows >= FLUSH_ROWS:
            with _explained(self._root):
                self._flush()

    def _commit(self) -> None:
        if not self._rows and not self._instruments and self._manifest is None:
            return
        with _explained(self._root):
            current = self._flush() if self._rows else self._open()
            if self.written.added or self.written.changed:
                manifest.commit(self._root, replace(current, committed=time.time()))
            self.written = replace(self.written, symbols=tuple(sorted(self._symbols)))
            if self._instruments:
                instruments.save(self._root, instruments.load(self._root), self._instruments)

    def _open(self) -> Manifest:
        """Take the lock, once, and read what is true now."""
        if self._manifest is None:
            for kind in KINDS:
                (self._root / kind).mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
            stored = manifest.load(self._root)
            manifest.sweep(self._root, stored)
            self._manifest = replace(stored, generation=stored.generation + 1)
        return self._manifest

    def _flush(self) -> Manifest:
        """Write what waits as new parts, which only this writer's own manifest names so far."""
        current = self._open()
        work = [
            (kind, year, new)
            for kind, frames in self._waiting.items()
            if frames
            for year, new in _by_year(kind, pl.concat(frames))
        ]
        self._waiting = {kind: [] for kind in KINDS}
        self._rows = 0
        for done, (kind, year, new) in enumerate(work):
            if self._progress:
                self._progress(done, len(work))
            current = self._merge(current, kind, year, new)
        if self._progress:
            self._progress(len(work), len(work))
        self._manifest = current
        return current

    def _merge(self, current: Manifest, kind: str, year: int, new: pl.DataFrame) -> Manifest:
        years = current.parts(kind)
        old = self._stored(years.get(year), new.schema)
        merged = upsert(old, new, DAILY_KEYS if kind == "daily" else BAR_KEYS)
        if not merged.added and not merged.changed:
            return current
        self.written = replace(
            self.written,
            added=self.written.added + merged.added,
            changed=self.written.changed + merged.changed,
        )
        years = {**years, year: parts.write(self._root, kind, year, merged.frame)}
        years = dict(sorted(years.items()))
        return replace(current, daily=years) if kind == "daily" else replace(current, intraday=years)

    def _stored(self, part: Part | None, schema: pl.Schema) -> pl.DataFrame:
        """The rows of a part; none where the user deleted a damaged file, as its error told them to."""
        if part is None or not (self._root / part.file).exists():
            return pl.DataFrame(schema=schema)
        try:
            return parts.scan(self._root, part).collect()
        except parts.READ_ERRORS as error:
            raise parts.blame(self._root, [part], error) from error

    def _sweep(self) -> None:
        """Remove what the manifest on disk does not name: the parts just replaced, or those of an aborted import."""
        try:
            manifest.sweep(self._root, manifest.load(self._root))
        except HistoryError:  # a damaged manifest was, or will be, told by whoever needs it; nothing may be removed
            return


def _by_year(kind: str, frame: pl.DataFrame) -> Iterator[tuple[int, pl.DataFrame]]:
    when = pl.col("date" if kind == "daily" else "time")
    years = frame.with_columns(_year=when.dt.year()).partition_by("_year", as_dict=True, include_key=False)
    for key in sorted(years):
        yield int(str(key[0])), years[key]


@contextmanager
def _explained(root: Path) -> Iterator[None]:
    """Turn what the system says into a HistoryError that says what to do."""
    try:
        yield
    except Timeout as error:
        raise HistoryError(f"{root} is being written by another process for too long: try again later") from error
    except OSError as error:
        if error.errno in _READ_ONLY:
            raise HistoryError(f"{root} is read-only: allow writing to it, or choose another data folder") from error
        raise HistoryError(f"{root} cannot be written: {error.strerror or error}") from error
    except pl.exceptions.PolarsError as error:
        raise HistoryError(f"{root} cannot be written: {error}") from error

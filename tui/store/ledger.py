"""Small tables that grow by the day: a Parquet file for each span of time in one folder, rows kept by their keys.

    root/fundamentals/2026-11.parquet

Files are replaced whole, so that a reader needs no lock; writers take turns.
"""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import msgspec
import polars as pl
from filelock import FileLock, Timeout
from msgspec import Struct

from tui.files import reason
from tui.store import manifest
from tui.store.schema import HistoryError
from tui.store.upsert import upsert
from tui.store.writer import Written

LOCK = ".lock"
LOCK_TIMEOUT = 60.0
"""Seconds to wait for another process that is writing."""

META = "outpace"
"""Where a file keeps what its columns do not say."""

_READ_ERRORS = (pl.exceptions.PolarsError, pl.exceptions.PanicException, msgspec.MsgspecError, ValueError, KeyError)


class Ledger(Struct, frozen=True):
    """One such table. Blocking; every method may be called in a thread.

    Raises:
        HistoryError: from any method, when a file cannot be read or written; the message names it.
    """

    folder: Path
    schema: Mapping[str, pl.DataType]
    keys: tuple[str, ...]
    """The columns that tell rows apart; the first one is a text that the rows are sorted by."""
    when: str
    """The column of dates that decides the file."""
    span: str
    """`strftime` form of the file's name: `%Y` or `%Y-%m`."""

    def read(self, start: date | None = None, end: date | None = None) -> pl.DataFrame:
        """The rows with `start <= when <= end`, sorted by the keys."""
        low, high = (day.strftime(self.span) if day else None for day in (start, end))
        tables = [
            read_table(path, self.schema)
            for path in self.files()
            if (low is None or path.stem >= low) and (high is None or path.stem <= high)
        ]
        frame = pl.concat(tables) if tables else pl.DataFrame(schema=self.schema)
        if start is not None:
            frame = frame.filter(pl.col(self.when) >= start)
        if end is not None:
            frame = frame.filter(pl.col(self.when) <= end)
        return frame.sort(self.keys)

    def add(self, rows: pl.DataFrame) -> Written:
        """Upsert rows by the keys: a new value replaces, a null never replaces a known value. Each file is atomic."""
        written = Written()
        if rows.is_empty():
            return written
        rows = rows.select(pl.col(name).cast(kind) for name, kind in self.schema.items())
        spans = rows.with_columns(_span=pl.col(self.when).dt.strftime(self.span))
        with writing(self.folder):
            for (span,), new in spans.partition_by("_span", as_dict=True, include_key=False).items():
                path = self.folder / f"{span}.parquet"
                old = read_table(path, self.schema) if path.exists() else pl.DataFrame(schema=self.schema)
                merged = upsert(old.sort(self.keys), new, self.keys)
                if merged.added or merged.changed:
                    manifest.replace(path, encoded(merged.frame))
                written = Written(written.added + merged.added, written.changed + merged.changed)
        return Written(written.added, written.changed, tuple(sorted(rows.get_column(self.keys[0]).unique())))

    def files(self) -> list[Path]:
        """The files of the table, oldest first; a user's own file in the folder is left alone."""
        if not self.folder.is_dir():
            return []
        return sorted(path for path in self.folder.glob("*.parquet") if path.stem.replace("-", "").isdecimal())


def read_table(path: Path, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """A file as a table of `schema`; columns that an older version did not write are null.

    Raises:
        HistoryError: it cannot be read.
    """
    with explained(path):
        frame = pl.read_parquet(path, glob=False)
        return frame.select(
            (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name)
            for name, kind in schema.items()
        )


def encoded(frame: pl.DataFrame, head: bytes = b"") -> bytes:
    """A table as the bytes of a Parquet file, with a word on its columns."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, metadata={META: head.decode()} if head else None)
    return buffer.getvalue()


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """The folder's lock, with what the system says turned into words that help."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / LOCK, timeout=LOCK_TIMEOUT):
            yield
    except Timeout as error:
        raise HistoryError(f"{folder} is being written by another process for too long: try again later") from error
    except OSError as error:
        raise HistoryError(f"{folder} cannot be written: {reason(error)}") from error


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what a reader says into a HistoryError that names the file and says what to do."""
    try:
        yield
    except OSError as error:
        raise HistoryError(f"{path} cannot be read: {reason(error)}") from error
    except _READ_ERRORS as error:
        raise HistoryError(f"{path} is damaged: delete it, and it is fetched or imported again") from error

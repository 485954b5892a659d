"""The forms in which people have price history, recognised by their header. Pure but for `read`.

A dialect of CSV is a file here with `NAME`, `recognises(table)` and `parse(table, hints)`, and a place in `DIALECTS`.
"""

from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import polars as pl

from tui.store.dialects import bars, drivers, fred, multi, parquet, plain, yfinance
from tui.store.dialects.base import DialectError, Hints, Parsed, symbol_of
from tui.store.dialects.table import LINE, Table, lines_of, split
from tui.store.text import clean

__all__ = [
    "DIALECTS",
    "SUFFIXES",
    "DialectError",
    "Hints",
    "Parsed",
    "is_ours",
    "parse_csv",
    "parse_parquet",
    "read",
    "symbol_of",
]

DIALECTS: tuple[ModuleType, ...] = (bars, yfinance, plain, fred)
"""Asked in this order; the first that recognises a table reads it."""

FIRST_CELLS = {"date", "datetime", "time", "observation_date", "price", "ticker", ""}
"""How the first line of a file may begin, in lower case: what begins otherwise is not split into cells at all."""

EXPECTED = (
    "expected date,open,high,low,close,adj_close,volume or date,close or date,value, "
    "or one of those that outpace history import --help names"
)
"""What to write instead of an unknown header."""

SUFFIXES = (".csv", ".parquet", *drivers.SUFFIXES)


def parse_csv(data: bytes, hints: Hints) -> Parsed:
    """The bars in the bytes of a CSV file, or what drives prices in any file of `drivers`.

    Raises:
        DialectError: no dialect knows the header, or a line cannot be read.
    """
    if drivers.recognises(data[: drivers.HEAD]):
        return drivers.parse(data, hints)
    lines = lines_of(data)
    if lines.is_empty():
        raise DialectError("is empty")
    first = lines.item(0, "text")
    if first.split(",")[0].strip().strip('"').lower() not in FIRST_CELLS:
        raise _unknown(first, lines)
    cells = split(lines)
    if multi.recognises(cells):
        return multi.parse(cells, hints)
    table = Table(cells.drop(LINE).row(0), cells.tail(-1))
    for dialect in DIALECTS:
        if dialect.recognises(table):
            if table.rows.is_empty():
                raise DialectError("has a header and no rows")
            parsed: Parsed = dialect.parse(table, hints)
            return parsed
    raise _unknown(first, lines)


def _unknown(header: str, lines: pl.DataFrame) -> DialectError:
    return DialectError(f"the header “{clean(header)}” is of no known format: {EXPECTED}", lines.item(0, LINE))


def parse_parquet(path: Path, hints: Hints) -> Parsed:
    """The bars in a Parquet file.

    Raises:
        DialectError: it cannot be read, or is not a table of bars.
    """
    try:
        frame = pl.read_parquet(path, glob=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise DialectError(f"is damaged or not Parquet ({clean(str(error))})") from error
    return parquet.parse(frame.rename({name: name.lower() for name in frame.columns}, strict=False), hints)


def is_ours(path: Path) -> bool:
    """Whether a file found in a folder is to be read: a CSV or Parquet file, or one that looks like what drives prices.

    What is named by its user is always read, so that it is told why it cannot be.
    """
    suffix = path.suffix.lower()
    if suffix not in drivers.SUFFIXES:
        return suffix in SUFFIXES
    try:
        with path.open("rb") as file:
            return drivers.recognises(file.read(drivers.HEAD))
    except OSError:
        return True


def read(path: Path, symbol: str | None = None, *, drop_partial: bool = False) -> Parsed:
    """The bars in a file.

    Raises:
        DialectError: it cannot be read, or a line of it cannot.
    """
    try:
        modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        hints = Hints(stem=path.stem, symbol=symbol, drop_partial=drop_partial, modified=modified)
        if path.suffix.lower() == ".parquet":
            return parse_parquet(path, hints)
        return parse_csv(path.read_bytes(), hints)
    except OSError as error:
        raise DialectError(f"cannot be read: {error.strerror or error}") from error

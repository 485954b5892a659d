"""A CSV file as a table of text that remembers its line numbers, and the columns of numbers and dates in it.

The lines are split here and not by a reader of types, so that a wrong cell, a short line or a cut-off end is told by
its line, and not guessed to be null.
"""

import csv
from collections.abc import Sequence

import polars as pl

from tui.store.dialects.base import DialectError
from tui.store.text import clean

MISSING = ("", ".", "null", "nan", "none", "n/a", "#n/a")
"""Cells that say "unknown", in lower case: FRED writes `.`, Yahoo's download `null`, pandas an empty cell or `nan`."""

LINE = "line"


class Table:
    """The lines of a file below its header, as columns of stripped text under lower-case names.

    Attributes:
        header: the cells of the header as they are.
        rows: a column of text for each, named in lower case with `_` for spaces, and `line`, counted from 1.
    """

    def __init__(self, header: Sequence[str], rows: pl.DataFrame) -> None:
        self.header = [cell.strip() for cell in header]
        self.rows = rows.rename(dict(zip(rows.columns[1:], _names(self.header), strict=True)))

    @property
    def names(self) -> list[str]:
        """The lower-case names of the columns, in order."""
        return self.rows.columns[1:]

    def numbers(self, name: str) -> pl.Series:
        """A column of finite numbers, null where the cell says "unknown".

        Raises:
            DialectError: a cell is something else.
        """
        text = self.rows.get_column(name)
        values = text.cast(pl.Float64, strict=False)
        finite = values.is_finite().fill_null(value=False)
        self._refuse(name, ~finite & ~text.str.to_lowercase().is_in(MISSING), "is not a number")
        return values.zip_with(finite, pl.Series([None], dtype=pl.Float64)).alias(name)

    def dates(self, name: str) -> pl.Series:
        """A column of dates: the day as it is written, whatever time and zone follow it.

        Raises:
            DialectError: a cell does not begin with a date of the form YYYY-MM-DD.
        """
        text = self.rows.get_column(name)
        shaped = text.str.contains(r"^\d{4}-\d{2}-\d{2}($|[ T])")
        values = text.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
        self._refuse(name, ~shaped | values.is_null(), "is not a date (YYYY-MM-DD)")
        return values.alias(name)

    def times(self, name: str) -> pl.Series:
        """A column of moments as UTC, each written with its own offset from it.

        Raises:
            DialectError: a cell is not a time, or has no offset.
        """
        text = self.rows.get_column(name).str.replace("T", " ", literal=True).str.replace(r"Z$", "+00:00")
        values = text.str.to_datetime("%Y-%m-%d %H:%M:%S%.f%#z", time_zone="UTC", time_unit="us", strict=False)
        self._refuse(name, values.is_null(), "is not a time with an offset (2024-03-11 09:30:00-04:00)")
        return values.alias(name)

    def _refuse(self, name: str, wrong: pl.Series, reason: str) -> None:
        if wrong.any():
            line, cell = self.rows.filter(wrong).select(LINE, name).row(0)
            raise DialectError(f"{name} “{clean(cell, 40)}” {reason}", line)


def lines_of(data: bytes) -> pl.DataFrame:
    """The lines of a text file that are not blank, as columns `line` (from 1) and `text`.

    Raises:
        DialectError: the bytes are not UTF-8 text.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DialectError("is not UTF-8 text", data.count(b"\n", 0, error.start) + 1) from error
    lines = pl.Series("text", text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    frame = pl.DataFrame([lines]).with_row_index(LINE, offset=1)
    return frame.filter(pl.col("text").str.strip_chars() != "")


def split(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines' cells: `line`, then one column of stripped text per cell of the first line.

    Raises:
        DialectError: a line has another number of cells than the first.
    """
    text = lines.get_column("text")
    if text.str.contains('"', literal=True).any():
        return _split_quoted(lines)
    commas = text.str.count_matches(",", literal=True)
    width = commas[0] + 1
    wrong = commas != commas[0]
    if wrong.any():
        line, found = lines.select(LINE, commas).filter(wrong).row(0)
        raise _ragged(line, found + 1, width)
    cells = text.str.split_exact(",", width - 1).struct.unnest()
    return cells.select(lines.get_column(LINE), pl.all().str.strip_chars())


def _split_quoted(lines: pl.DataFrame) -> pl.DataFrame:
    numbers, rows = lines.get_column(LINE), list(csv.reader(lines.get_column("text").to_list()))
    if len(rows) != len(numbers):
        raise DialectError("has a quoted cell that runs over several lines")
    for number, row in zip(numbers, rows, strict=True):
        if len(row) != len(rows[0]):
            raise _ragged(number, len(row), len(rows[0]))
    columns = {f"field_{i}": [row[i].strip() for row in rows] for i in range(len(rows[0]))}
    return pl.DataFrame([numbers]).with_columns(pl.Series(name, cells, pl.String) for name, cells in columns.items())


def _ragged(line: int, found: int, expected: int) -> DialectError:
    return DialectError(f"has {found} cells where the header has {expected}: cut off, or not comma-separated?", line)


def _names(header: Sequence[str]) -> list[str]:
    """Lower-case names; a repeated or empty one gets its position, so that columns stay apart."""
    names: list[str] = []
    for position, cell in enumerate(header):
        name = cell.lower().replace(" ", "_")
        names.append(name if name and name != LINE and name not in names else f"{name}#{position}")
    return names

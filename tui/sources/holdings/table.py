"""A list of holdings as rows of cells, with lines above its header and a disclaimer below. Pure."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from msgspec import Struct

from tui.sources.base import MalformedError

PREAMBLE = 40
"""Lines among which the header is looked for."""

T = TypeVar("T")


class Row(Struct, frozen=True):
    """A row under the header, read by the names of its columns."""

    line: int
    cells: Sequence[object]
    columns: dict[str, int]

    def __getitem__(self, name: str) -> object:
        """The cell of a column, in lower case as in the header; None where the list has no such column."""
        place = self.columns.get(name)
        return None if place is None else self.cells[place]

    def text(self, *names: str) -> str:
        """The text of the first of these columns that the list has, without spaces around it."""
        for name in names:
            if name in self.columns:
                return " ".join(str(self[name]).split())
        return ""

    def read(self, parse: Callable[[object], T], *names: str) -> T:
        """What `parse` makes of the first of these columns that the list has, or of None.

        Raises:
            MalformedError: with the line and the column.
        """
        name = next((each for each in names if each in self.columns), names[0])
        try:
            return parse(self[name])
        except MalformedError as error:
            raise MalformedError(f"line {self.line}, {name}: {error}; download the file again.") from None


class Table(Struct, frozen=True):
    """A list of holdings, taken apart."""

    preamble: list[list[str]]
    """The lines above the header."""
    columns: dict[str, int]
    rows: list[Row]
    closed: bool
    """Whether a blank line follows the rows, as before a disclaimer."""

    def said(self, *labels: str) -> str | None:
        """The second cell of the line above the header that begins with one of these labels, in lower case."""
        for cells in self.preamble:
            if len(cells) > 1 and cells[0].strip().rstrip(":").lower() in labels:
                return cells[1].strip()
        return None


def read_csv(text: str, required: Sequence[str], who: str, *, delimiter: str = ",") -> Table:
    """The table in a CSV file whose header has the `required` columns (lower case).

    Raises:
        MalformedError: there is no such header, or a line is not one of the table.
    """
    return read_rows(_lines(text, who, delimiter), required, who)


def read_rows(lines: Iterator[tuple[int, Sequence[object]]], required: Sequence[str], who: str) -> Table:
    """The table in numbered lines of cells.

    Raises:
        MalformedError: there is no header with the `required` columns, or a line has too few or too many cells.
    """
    preamble: list[list[str]] = []
    nearest: list[str] = []
    for line, cells in lines:
        names = [" ".join(str(cell).split()).lower() for cell in cells]
        missing = [name for name in required if name not in names]
        if not missing:
            columns = {name: place for place, name in reversed([*enumerate(names)]) if name}
            rows, closed = _rows(lines, columns, len(cells), who)
            return Table(preamble, columns, rows, closed)
        if len(missing) < len(required) and (not nearest or len(missing) < len(nearest)):
            nearest = missing
        preamble.append([str(cell) for cell in cells])
        if line > PREAMBLE:
            break
    if nearest:
        raise MalformedError(f"{who}: no column {nearest[0]!r}: the form has changed, or it is another kind of file.")
    raise MalformedError(f"{who}: there is no list of holdings in this; check that the download is complete.")


def _lines(text: str, who: str, delimiter: str) -> Iterator[tuple[int, Sequence[object]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error:
        raise MalformedError(f"{who}: the file breaks off in line {reader.line_num}; download it again.") from None


def _rows(
    lines: Iterator[tuple[int, Sequence[object]]], columns: dict[str, int], width: int, who: str
) -> tuple[list[Row], bool]:
    rows: list[Row] = []
    for line, cells in lines:
        if not any(str(cell).strip() for cell in cells):
            return rows, True
        if len(cells) != width:
            raise MalformedError(f"{who}: line {line} has {len(cells)} cells, not {width}; download the file again.")
        rows.append(Row(line, cells, columns))
    return rows, False

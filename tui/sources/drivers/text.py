"""What the drivers' files have in common: text, rows of cells, numbers, and the answers that are no data. Pure."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from math import isfinite
from typing import NamedTuple

from tui.sources.base import DeniedError, MalformedError, NoDataError, SourceError, UnknownSymbolError, UnreachableError
from tui.sources.text import text_of

MISSING = {"", ".", "-", "--", "n/a", "na", "#n/a", "nan", "null", "none"}
"""Cells that say "unknown", in lower case."""

_NUMBER = re.compile(r"[-+]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?([eE][-+]?\d{1,3})?", re.ASCII)


class Row(NamedTuple):
    """A line of a file, counted from 1, and its cells."""

    line: int
    cells: list[str]


def rows_of(payload: bytes, who: str) -> Iterator[Row]:
    """The lines of a CSV file that are not blank, their cells without spaces around them.

    Raises:
        MalformedError: it is no text, has no such line, or a quoted cell does not end.
    """
    reader = csv.reader(io.StringIO(text_of(payload, who), newline=""), strict=True)
    blank = True
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                blank = False
                yield Row(reader.line_num, [cell.strip() for cell in cells])
    except csv.Error:
        raise MalformedError(f"{who}: the file breaks off in line {reader.line_num}; download it again.") from None
    if blank:
        raise MalformedError(f"{who}: the file is blank; try again later.")


def whole(row: Row, header: Sequence[str], who: str) -> list[str]:
    """The cells of a row that is as wide as its header.

    Raises:
        MalformedError: it is not: the file is cut off, or of another kind.
    """
    if len(row.cells) != len(header):
        raise MalformedError(
            f"{who}: line {row.line} has {len(row.cells)} cells where the header has {len(header)}; download it again."
        )
    return row.cells


def number_of(text: str) -> float | None:
    """A number as people write it (`-0.74`, `1,234.5`, `1e9`), None where the cell says "unknown".

    Raises:
        ValueError: it is neither.
    """
    stripped = text.strip()
    if stripped.lower() in MISSING:
        return None
    if not _NUMBER.fullmatch(stripped) or not any(sign.isdigit() for sign in stripped):
        raise ValueError(f"{stripped[:40]!r} is not a number")
    value = float(stripped.replace(",", ""))
    if not isfinite(value):
        raise ValueError(f"{stripped[:40]!r} is not a number")
    return value


def status_error(status: int, who: str, what: str) -> SourceError:
    """The error that a status other than 200 means, where a body says no more; `what` was asked for."""
    if status >= 500:
        return UnreachableError(f"{who} has a fault of its own ({status}).")
    if status in {401, 403}:
        return DeniedError(f"{who} refuses our requests ({status}).")
    if status == 404:
        return NoDataError(f"{who} has no {what}.")
    if status == 400:
        return UnknownSymbolError(f"{who} knows no {what}.")
    return UnreachableError(f"{who} answered with an unexpected status ({status}).")

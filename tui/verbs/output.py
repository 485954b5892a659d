"""How the verbs over stored data speak: tables, JSON and CSV on stdout, messages on stderr, and their exit codes."""

import csv
import json
import sys
from collections.abc import Sequence

from tui.format import csv_safe
from tui.store.text import clean

OK, FAILED, USAGE, NO_DATA, PARTIAL = 0, 1, 2, 3, 4
FORMATS = ("table", "json", "csv")

MESSAGE = 1000
"""Longest message, in characters: two long paths and a reason fit in."""


def show(form: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Write rows in one of `FORMATS`."""
    if form == "json":
        objects = [dict(zip(columns, row, strict=True)) for row in rows]
        write(json.dumps(objects, indent=1, default=str) + "\n")
    elif form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(
            [csv_safe(clean(cell, MESSAGE)) if isinstance(cell, str) else cell for cell in row] for row in rows
        )
    else:
        write(table(columns, rows))


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Columns in line: numbers to the right, `-` for what is not there, columns that hold nothing left out."""
    kept = [i for i in range(len(columns)) if any(row[i] is not None for row in rows)]
    numeric = {i for i in kept if all(isinstance(row[i], int | None) for row in rows)}
    lines = [[columns[i].replace("_", " ") for i in kept], *([_cell(row[i]) for i in kept] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(kept))]
    return "".join(
        "  ".join(
            cell.rjust(width) if i in numeric else cell.ljust(width)
            for i, cell, width in zip(kept, line, widths, strict=True)
        ).rstrip()
        + "\n"
        for line in lines
    )


def count(number: int, noun: str) -> str:
    """`1 row`, `2,000 rows`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def write(text: str) -> None:
    """Put text on stdout."""
    sys.stdout.write(text)


def say(message: str) -> None:
    """Put a message on stderr, safe to print whatever file it quotes."""
    sys.stderr.write(f"outpace: {clean(message, MESSAGE)}\n")


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else clean(str(value))

"""Rows as text for other programs: JSON, NDJSON, CSV. Text fields are cleaned and can be no formula. Pure."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from tui.format import clean, csv_safe

FORMATS = ("table", "json", "csv", "ndjson")


def to_json(document: Mapping[str, object]) -> str:
    """One object, indented, numbers unrounded."""
    return msgspec.json.format(msgspec.json.encode(cleaned(document)), indent=2).decode() + "\n"


def to_ndjson(rows: Sequence[Mapping[str, object]]) -> str:
    """One row a line."""
    return "".join(msgspec.json.encode(cleaned(row)).decode() + "\n" for row in rows)


def to_csv(rows: Sequence[Mapping[str, object]]) -> str:
    """A header and a line per row; nested values become columns like `return_pct.1M`, unknown ones stay empty."""
    flat = [flattened(row) for row in rows]
    names = list(dict.fromkeys(name for row in flat for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    for row in flat:
        writer.writerow(
            {name: csv_safe(clean(value, 500)) if isinstance(value, str) else value for name, value in row.items()}
        )
    return out.getvalue()


def flattened(row: Mapping[str, object], prefix: str = "") -> dict[str, object]:
    """A row without nesting."""
    flat: dict[str, object] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            flat |= flattened(value, f"{prefix}{name}.")
        else:
            flat[csv_safe(clean(prefix + name, 500))] = value
    return flat


def cleaned(value: object) -> object:
    """The same with control characters gone from every text."""
    if isinstance(value, str):
        return clean(value, 2000)
    if isinstance(value, Mapping):
        return {clean(str(key), 500): cleaned(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [cleaned(each) for each in value]
    return value


def render(document: Mapping[str, object], form: str) -> str:
    """A document of `show` in one of the formats but `table`.

    Raises:
        ValueError: no such format.
    """
    rows = document["rows"]
    assert isinstance(rows, Sequence)
    if form == "json":
        return to_json(document)
    if form == "csv":
        return to_csv(rows)
    if form == "ndjson":
        return to_ndjson(rows)
    raise ValueError(f"{form}: expected one of {', '.join(FORMATS)}")


def form_of(path: Path) -> str:
    """The format that a file's name asks for.

    Raises:
        ValueError: another ending.
    """
    form = path.suffix.removeprefix(".").lower()
    if form not in {"csv", "json", "ndjson"}:
        raise ValueError(f"{path.name}: the name must end in .csv, .json or .ndjson")
    return form

"""Tables of the README that scripts fill, each between its marks: `<!-- name -->` and `<!-- /name -->`."""

import sys
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"


def parts(name: str, path: Path = README) -> tuple[str, str, str]:
    """What is before the table of that name, the table, and what is after it; the marks are in the first and the last.

    Raises:
        SystemExit: the marks are not there.
    """
    start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    before, found, rest = path.read_text(encoding="utf-8").partition(start)
    table, closed, after = rest.partition(end)
    if not (found and closed):
        raise SystemExit(f"{path} has no {start.strip()} and {end}")
    return before + start, table, end + after


def put(name: str, table: str, path: Path = README) -> None:
    """Put a table between its marks."""
    before, _, after = parts(name, path)
    path.write_text(before + table + after, encoding="utf-8")


def main(name: str, table: str) -> None:
    """Print the table, or put it into the README with `--write`."""
    if sys.argv[1:] == ["--write"]:
        put(name, table)
    else:
        print(table, end="")  # noqa: T201 -- a script prints

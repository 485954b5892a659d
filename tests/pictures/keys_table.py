"""The table of keys of the README, as Markdown, from the one table of keys.

python -m tests.pictures.keys_table            prints it
python -m tests.pictures.keys_table --write    puts it between its marks in README.md
"""

import sys
from pathlib import Path

from tui.keys import KEYS, shown

README = Path(__file__).parents[2] / "README.md"
OPEN, CLOSE = "<!-- keys -->", "<!-- /keys -->"


def keys_table() -> str:
    """A line per key of the table: its keys, what it does, and the id to rebind it by."""
    lines = ["| Key | Does | Id |", "|---|---|---|"]
    for key in KEYS:
        names = " ".join(f"`{shown(each)}`" for each in key.keys)
        lines.append(f"| {names} | {key.help} | `{key.id}` |")
    return "\n".join(lines) + "\n"


def write(path: Path) -> None:
    """Put the table between its marks."""
    before, found, rest = path.read_text(encoding="utf-8").partition(OPEN)
    _, closed, after = rest.partition(CLOSE)
    if not (found and closed):
        raise SystemExit(f"{path} has no {OPEN} and {CLOSE}")
    path.write_text(f"{before}{OPEN}\n{keys_table()}{CLOSE}{after}", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        write(README)
    else:
        print(keys_table(), end="")  # noqa: T201 -- a script prints

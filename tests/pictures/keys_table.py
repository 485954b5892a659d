"""The table of keys of the README, as Markdown, from the one table of keys.

python -m tests.pictures.keys_table            prints it
python -m tests.pictures.keys_table --write    puts it between its marks in README.md
"""

from tests.readme import main
from tui.keys import KEYS, shown


def keys_table() -> str:
    """A line per key of the table: its keys, what it does, and the id to rebind it by."""
    lines = ["| Key | Does | Id |", "|---|---|---|"]
    for key in KEYS:
        names = " ".join(f"`{shown(each)}`" for each in key.keys)
        lines.append(f"| {names} | {key.help} | `{key.id}` |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main("keys", keys_table())

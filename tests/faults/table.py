"""The README's table of faults, as Markdown, from the scripts of the bench; rows that look the same to the user are one.

python -m tests.faults.table            prints it
python -m tests.faults.table --write    puts it between its marks in README.md
"""

import sys
from pathlib import Path

from tests.faults.bench import Script
from tests.faults.scripts import SCRIPTS

README = Path(__file__).parents[2] / "README.md"
OPEN, CLOSE = "<!-- faults -->", "<!-- /faults -->"


def faults_table() -> str:
    """A line for each thing that a user may see: what can have happened, and after how long all is well."""
    rows: dict[tuple[str, str], list[str]] = {}
    for script in SCRIPTS:
        rows.setdefault((_seen(script), _after(script.back)), []).append(script.fault)
    lines = ["| Fault | What you see | Back after |", "|---|---|---|"]
    lines += [f"| {'; '.join(faults)} | {seen} | {after} |" for (seen, after), faults in rows.items()]
    return "\n".join(lines) + "\n"


def _seen(script: Script) -> str:
    says = script.says.replace("|", "\\|")
    if script.history:
        return f"quotes as ever; figures of the past missing: {says}" if says else "nothing: another source has them"
    return (
        f"`{script.state.value}` {says}".strip() if says or script.state.value != "LIVE" else "`LIVE`: nothing is wrong"
    )


def _after(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 60 else f"{seconds / 60:.0f} min"


def write(path: Path) -> None:
    """Put the table between its marks."""
    before, found, rest = path.read_text(encoding="utf-8").partition(OPEN)
    _, closed, after = rest.partition(CLOSE)
    if not (found and closed):
        raise SystemExit(f"{path} has no {OPEN} and {CLOSE}")
    path.write_text(f"{before}{OPEN}\n{faults_table()}{CLOSE}{after}", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        write(README)
    else:
        print(faults_table(), end="")  # noqa: T201 -- a script prints

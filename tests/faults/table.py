"""The README's table of faults, as Markdown, from the scripts of the bench; rows that look the same to the user are one.

python -m tests.faults.table            prints it
python -m tests.faults.table --write    puts it between its marks in README.md
"""

from tests.faults.bench import Script
from tests.faults.scripts import SCRIPTS
from tests.readme import main


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


if __name__ == "__main__":
    main("faults", faults_table())

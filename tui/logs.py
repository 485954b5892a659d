"""The rotating log in the state folder; every line is cleaned before it is written."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from tui.files import reason
from tui.format import clean

SIZE = 1_000_000
KEPT = 3


class CleanFormatter(logging.Formatter):
    """Formats a record and takes escape sequences and control characters out of each line."""

    def format(self, record: logging.LogRecord) -> str:
        """One or more safe lines."""
        return "\n".join(clean_line(line) for line in super().format(record).splitlines())


def clean_line(line: str) -> str:
    """The line with its indentation kept."""
    indent = len(line) - len(line.lstrip(" "))
    return " " * indent + clean(line, 2000)


def start(state_dir: Path, *, debug: bool = False) -> str | None:
    """Log to `outpace.log` in the state folder; returns what went wrong, since a read-only home is no error."""
    root = logging.getLogger("tui")
    root.setLevel(logging.DEBUG if debug else logging.INFO)
    root.propagate = False
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            state_dir / "outpace.log", maxBytes=SIZE, backupCount=KEPT, encoding="utf-8", delay=True
        )
        (state_dir / "outpace.log").touch()
    except OSError as error:
        root.addHandler(logging.NullHandler())
        return f"no log: {state_dir} cannot be written ({reason(error)})"
    handler.setFormatter(CleanFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    return None

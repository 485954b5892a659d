"""What is remembered of alerts over a restart: `alerts.json` in the state folder."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from tui.alerts import Seen
from tui.files import write_atomic
from tui.typed import from_json

FILE = "alerts.json"
"""Its name in the state folder."""


class AlertState:
    """What was seen last, by the alert's key. The file is read and written in a thread."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        """None remembers nothing: a simulated market begins anew with each start."""

    def load(self) -> dict[str, Seen]:
        """What is remembered; nothing where the file is missing, or is none of ours.

        Raises:
            OSError: the file is there and cannot be read.
        """
        if self.path is None:
            return {}
        try:
            return from_json(self.path.read_bytes(), dict[str, Seen])
        except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
            return {}

    def save(self, seen: Mapping[str, Seen]) -> None:
        """Remember.

        Raises:
            OSError: the folder or the disk does not take it.
        """
        if self.path is not None:
            write_atomic(self.path, msgspec.json.format(msgspec.json.encode(seen), indent=1).decode() + "\n")

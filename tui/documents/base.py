"""What every document has: its head, its definitions, moments as text."""

from collections.abc import Sequence
from datetime import UTC, datetime

from tui.analytics.definitions import DEFINITIONS
from tui.board import Board
from tui.model import SEVERITY, State
from tui.rows import Row


def definitions(names: Sequence[str]) -> dict[str, str]:
    """Definition of each figure in one or two sentences, its unit in brackets."""
    found = [DEFINITIONS[name] for name in names]
    return {each.name: f"{each.text} [{each.unit}]" for each in found}


def worst_state(rows: Sequence[Row]) -> State:
    """The worst state of these rows; unknown symbols count as nothing, unless there is nothing else."""
    states = [row.state for row in rows]
    known = [state for state in states if state is not State.UNKNOWN]
    return max(known or states or [State.WAITING], key=SEVERITY.__getitem__)


def head(board: Board, view: str, rows: Sequence[Row]) -> dict[str, object]:
    """What every document begins with."""
    source = board.engine.source
    return {
        "view": view,
        "as_of": iso(source.now()),
        "benchmark": board.benchmark,
        "volume_window": board.volume_window,
        "state": worst_state(rows).value,
        "nature": source.nature(),
        "source": source.name,
    }


def iso(moment: datetime) -> str:
    """RFC 3339 in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

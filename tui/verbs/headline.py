"""The line above a table: what is shown, measured against what, as of when."""

from tui.board import Board
from tui.rows import Row
from tui.view import View


def headline(board: Board, view: View, row: Row | None = None) -> str:
    """What is shown, measured against what, as of when."""
    source = board.engine.source
    name = f"{row.symbol} {row.name or ''}".strip() if row else view.list_name
    return f"{name}  vs {view.benchmark}  {source.nature() or f'{source.now():%Y-%m-%d %H:%M} UTC'}  {source.name}"

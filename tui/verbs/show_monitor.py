"""`outpace show monitor`: the watchlist's rows."""

import argparse
import shutil
import sys

from tui.board import Board
from tui.columns import fields, picked
from tui.documents.monitor import monitor
from tui.export import render
from tui.verbs.ask import Ask
from tui.verbs.headline import headline
from tui.verbs.text import aligned
from tui.view import View


def add(view: argparse.ArgumentParser) -> None:
    """It has no arguments of its own."""


def symbols(args: argparse.Namespace, view: View) -> tuple[str, ...]:  # noqa: ARG001
    """The list."""
    return view.symbols


async def text(args: argparse.Namespace, ask: Ask) -> tuple[str, bool]:
    """The rows as text."""
    if args.format == "table":
        return monitor_table(ask.board, ask.view), True
    return render(monitor(ask.board, ask.view.symbols), args.format), True


def monitor_table(board: Board, view: View) -> str:
    """The columns of the screen as plain text; as many as the terminal is wide, all of them in a pipe."""
    wide = not sys.stdout.isatty()
    width = 1000 if wide else shutil.get_terminal_size().columns
    chosen, used = [], 0
    for field in picked(fields(view.benchmark, view.window, view.volume_window, width), view.columns)[0]:
        used += field.width + 2
        if used > width:
            break
        chosen.append(field)
    rows = board.rows(view.symbols)
    titles = [f"x{field.title}" if field.group else field.title for field in chosen]
    lines = [titles, *([field.cell(row).text for field in chosen] for row in rows)]
    sides = "".join("l" if field.align == "left" else "r" for field in chosen)
    return f"{headline(board, view)}  (x: excess in pp)\n{aligned(lines, sides)}"

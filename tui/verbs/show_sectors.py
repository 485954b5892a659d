"""`outpace show sectors FUND`: a fund by sectors."""

import argparse

from tui.documents.funds import sectors
from tui.export import render
from tui.fund_columns import sector_fields, total_cells
from tui.verbs.ask import Ask
from tui.verbs.show_fund import headline, opened_fund
from tui.verbs.text import aligned, symbol_of
from tui.view import View

PICTURES = {"picture", "weight_bar"}
"""Columns that are for the eye alone."""


def add(view: argparse.ArgumentParser) -> None:
    """Which fund."""
    view.add_argument("symbol", metavar="FUND")


def symbols(args: argparse.Namespace, view: View) -> tuple[str, ...]:  # noqa: ARG001
    """The fund; its holdings follow when they are known."""
    return (symbol_of(args.symbol),)


async def text(args: argparse.Namespace, ask: Ask) -> tuple[str, bool]:
    """The sectors as text, and whether all holdings have come.

    Raises:
        NoDataError: no holdings, or no history of them.
    """
    opened, whole = await opened_fund(ask)
    assert opened.book is not None
    if args.format != "table":
        return render(sectors(ask.desk.board, opened), args.format), whole
    view, total = ask.view, opened.book.total()
    shown = [f for f in sector_fields(view.window, view.volume_window, 1.0, 1.0) if f.key not in PICTURES]
    cells = [[f.cell(row).text for f in shown] for row in opened.book.sector_rows()]
    foot = [cell.text for cell in total_cells(total, shown)]
    sides = "".join("l" if f.align == "left" else "r" for f in shown)
    return f"{headline(opened, total)}\n{aligned([[f.title for f in shown], *cells, foot], sides)}", whole

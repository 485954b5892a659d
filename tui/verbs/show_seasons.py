"""`outpace show seasons SYMBOL`: a symbol by month, day of the month, and year of the presidential cycle."""

import argparse

from tui.documents.seasons import seasons as document_of
from tui.export import render
from tui.studies.seasons import SeasonsAnswer, SeasonsStudy
from tui.verbs.ask import Ask
from tui.verbs.headline import headline
from tui.verbs.text import aligned, symbol_of
from tui.view import View


def add(view: argparse.ArgumentParser) -> None:
    """Which symbol."""
    view.add_argument("symbol", metavar="SYMBOL")


def symbols(args: argparse.Namespace, view: View) -> tuple[str, ...]:
    """The symbol alone; it stands for the benchmark where none was asked for: its last session is the as-of session."""
    symbol = symbol_of(args.symbol)
    if not hasattr(args, "benchmark"):
        view.benchmark = symbol
    return (symbol,)


async def text(args: argparse.Namespace, ask: Ask) -> tuple[str, bool]:
    """Its seasons as text.

    Raises:
        NoDataError: nothing is stored of it.
    """
    answer = await SeasonsStudy(ask.board).answer(ask.view.symbols[0])
    if args.format != "table":
        return render(document_of(ask.board, answer), args.format), True
    return f"{headline(ask.board, ask.view, ask.board.row(answer.symbol))}\n{_tables(answer)}", True


def _tables(answer: SeasonsAnswer) -> str:
    from tui.panels.season_grid import COLUMNS, middle, year_cells
    from tui.panels.season_lines import (
        SIDES,
        Lines,
        columns,
        cycle_lines,
        day_lines,
        month_lines,
        now_lines,
        so_far_text,
    )

    found = answer.seasons

    def table(title: str, lines: Lines) -> str:
        heads = [column.title for column in columns(title, 0)]
        return aligned([heads, *([cell.text for cell in line] for line in lines.values())], SIDES)

    usual = middle([value for year in found.years for value in year.months])
    grid = [
        [column.title for column in COLUMNS],
        *([cell.text for cell in year_cells(year, usual)] for year in found.years),
    ]
    span = f"{answer.sessions:,} sessions {found.first} to {found.last}\n"
    return "\n".join(
        (
            span,
            table("Month", month_lines(found)),
            f"{so_far_text(found.so_far)}\n",
            *([table("Season", now_lines(found))] if found.so_far else []),
            table("Cycle", cycle_lines(found)),
            aligned(grid, "l" + "r" * (len(COLUMNS) - 1)),
            table("Day", day_lines(found)),
        )
    )

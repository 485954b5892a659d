"""`outpace show symbol SYMBOL`: one symbol in full."""

import argparse
import asyncio

from tui import detail as details
from tui.board import Board
from tui.documents.monitor import monitor
from tui.documents.symbol import symbol as document_of
from tui.export import render
from tui.verbs.ask import Ask
from tui.verbs.headline import headline
from tui.verbs.text import aligned, symbol_of
from tui.view import View


def add(view: argparse.ArgumentParser) -> None:
    """Which symbol."""
    view.add_argument("symbol", metavar="SYMBOL")


def symbols(args: argparse.Namespace, view: View) -> tuple[str, ...]:  # noqa: ARG001
    """The symbol alone."""
    return (symbol_of(args.symbol),)


async def text(args: argparse.Namespace, ask: Ask) -> tuple[str, bool]:
    """Its windows, ranges and ratios as text."""
    board, view = ask.board, ask.view
    symbol = view.symbols[0]
    detail = await detail_of(board, symbol)
    if detail is None:
        document = monitor(board, [symbol]) | {"view": "symbol", "symbol": symbol, "rows": []}
        return "" if args.format == "table" else render(document, args.format), True
    if args.format != "table":
        return render(document_of(board, detail, board.instruments.get(symbol)), args.format), True
    from tui.panels.facts import facts
    from tui.panels.windows import window_cells

    row = board.row(symbol)
    heads = ["Window", "Return%", f"{view.benchmark}%", "Excess", "TR%", "From"]
    windows = [heads, *([cell.text for cell in window_cells(line, view.window)] for line in detail.lines)]
    lines = [[cell.text for cell in line] for line in facts(row, detail)]
    return f"{headline(board, view, row)}\n\n{aligned(windows, 'lrrrrl')}\n{aligned(lines, 'lrl')}", True


async def detail_of(board: Board, symbol: str) -> details.Detail | None:
    """The drill-down of a symbol; None where its history is unknown."""
    engine = board.engine
    quote, baseline = engine.live.quotes.get(symbol), engine.loader.baselines.get(symbol)
    if quote is None or quote.price is None or baseline is None or baseline.session != quote.session:
        return None
    volumes = details.volume_lines(board, symbol, baseline)
    return await asyncio.to_thread(details.make, engine.shelf, quote, baseline, board.bench(), volumes)

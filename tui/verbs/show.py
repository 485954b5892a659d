"""`outpace show monitor|symbol`: one look at the market, for scripts; the same rows as on the screen."""

import argparse
import asyncio
import contextlib
import shutil
import sys

from tui import detail as details
from tui.assembly import Assembly, assemble
from tui.board import Board
from tui.columns import fields, picked
from tui.config import Paths, Settings
from tui.desk import FundDesk
from tui.engine import Engine
from tui.export import FORMATS, render
from tui.format import Cell
from tui.model import State
from tui.rows import Row
from tui.verbs.text import aligned
from tui.view import View

WAIT_SECONDS = 30.0
"""How long an answer may take before what is there is printed."""

VIEWS = (
    ("monitor", "the watchlist's rows", ""),
    ("symbol", "one symbol in full", "SYMBOL"),
    ("sectors", "a fund by sectors: weight, return, contribution, volume, breadth", "FUND"),
    ("holdings", "what a fund holds", "FUND"),
    ("funds", "which funds hold a symbol", "SYMBOL"),
)
"""Name, what it is, and what it is of."""

GOOD = {State.LIVE, State.EOD, State.DELAYED}
OK, NO_DATA, PARTIAL = 0, 3, 4


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser) -> None:
    """Add the subcommand."""
    show = subparsers.add_parser("show", help="print a view once, for scripts")
    views = show.add_subparsers(dest="what", required=True, metavar="VIEW")
    for name, about, what in VIEWS:
        view = views.add_parser(name, parents=[common], help=about)
        if what:
            view.add_argument("symbol", metavar=what)
        if name == "holdings":
            view.add_argument("--sector", metavar="S", help="one sector of the fund")
        view.add_argument("--format", choices=FORMATS, default="table", help="default: %(default)s")


def run(args: argparse.Namespace, settings: Settings, paths: Paths, view: View) -> int:
    """Print the view; 0 all well, 3 no data, 4 something is missing or stale."""
    if args.what != "monitor":
        view.symbols = (args.symbol.strip().lstrip("$").upper(),)
    assembly = assemble(settings, paths, view.symbols, view.benchmark, once=True)
    if assembly.notice:
        print(f"outpace: {assembly.notice}", file=sys.stderr)
    return asyncio.run(_show(args, assembly, view))


async def _show(args: argparse.Namespace, assembly: Assembly, view: View) -> int:
    from tui.verbs.show_fund import fund_text

    engine = Engine(
        assembly.source,
        assembly.shelf,
        fetch=assembly.fetch,
        stale_after=assembly.stale_after,
        recall=assembly.recall,
    )
    board = Board(engine, window=view.window, volume_window=view.volume_window)
    engine.watch(view.symbols, view.benchmark)
    pump = asyncio.create_task(engine.run())
    try:
        in_time = await engine.settle(WAIT_SECONDS)
        found = await assembly.source.instruments((*view.symbols, view.benchmark))
        board.instruments.update({each.symbol: each for each in found})
        if not in_time:
            print(f"outpace: not all has come within {WAIT_SECONDS:.0f} s", file=sys.stderr)
        if args.what in {"monitor", "symbol"}:
            text = await _text(args, board, view)
        else:
            desk = FundDesk(engine, board, assembly.holdings, assembly.funds, assembly.sectors, live=assembly.live)
            text, whole = await fund_text(args, engine, desk, view, WAIT_SECONDS)
            in_time = in_time and whole
    finally:
        pump.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await pump
        await assembly.source.aclose()
        await assembly.funds.aclose()
    rows = board.rows(view.symbols)
    for row in rows:
        if row.note:
            print(f"outpace: {row.symbol}: {row.note}", file=sys.stderr)
    sys.stdout.write(text)
    if not any(row.quote for row in rows):
        return NO_DATA
    return OK if in_time and not assembly.notice and all(row.state in GOOD for row in rows) else PARTIAL


async def _text(args: argparse.Namespace, board: Board, view: View) -> str:
    from tui import documents

    if args.what == "monitor":
        document = documents.monitor(board, view.symbols)
        return monitor_table(board, view) if args.format == "table" else render(document, args.format)
    symbol = view.symbols[0]
    detail = await detail_of(board, symbol)
    if detail is None:
        document = documents.monitor(board, [symbol]) | {"view": "symbol", "symbol": symbol, "rows": []}
        return "" if args.format == "table" else render(document, args.format)
    document = documents.symbol(board, detail, board.instruments.get(symbol))
    if args.format != "table":
        return render(document, args.format)
    from tui.panels.facts import facts
    from tui.panels.windows import window_cells

    row = board.row(symbol)
    heads = ["Window", "Return%", f"{view.benchmark}%", "Excess", "TR%", "From"]
    windows = [heads, *([cell.text for cell in window_cells(line, view.window)] for line in detail.lines)]
    lines = [[cell.text for cell in line] for line in facts(row, detail)]
    return f"{headline(board, view, row)}\n\n{aligned(windows, 'lrrrrl')}\n{aligned(lines, 'lrl')}"


async def detail_of(board: Board, symbol: str) -> details.Detail | None:
    """The drill-down of a symbol; None where its history is unknown."""
    engine = board.engine
    quote, baseline = engine.live.quotes.get(symbol), engine.loader.baselines.get(symbol)
    if quote is None or quote.price is None or baseline is None or baseline.session != quote.session:
        return None
    volumes = details.volume_lines(board, symbol, baseline)
    return await asyncio.to_thread(details.make, engine.shelf, quote, baseline, board.bench(), volumes)


def headline(board: Board, view: View, row: Row | None = None) -> str:
    """What is shown, measured against what, as of when."""
    source = board.engine.source
    name = f"{row.symbol} {row.name or ''}".strip() if row else view.list_name
    return f"{name}  vs {view.benchmark}  {source.nature() or f'{source.now():%Y-%m-%d %H:%M} UTC'}  {source.name}"


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
    lines = [titles, *([_plain(field.cell(row)) for field in chosen] for row in rows)]
    sides = "".join("l" if field.align == "left" else "r" for field in chosen)
    return f"{headline(board, view)}  (x: excess in pp)\n{aligned(lines, sides)}"


def _plain(cell: Cell) -> str:
    return cell.text

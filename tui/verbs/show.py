"""`outpace show VIEW`: one look at the market, for scripts; the same figures as on the screen. A view is a file."""

import argparse
import asyncio
import contextlib
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from tui.model import State
from tui.verbs.parser import LateParser, shared_flags

if TYPE_CHECKING:
    from tui.assembly import Assembly
    from tui.config import Paths, Settings
    from tui.view import View

VIEWS = (
    ("monitor", "the watchlist's rows"),
    ("symbol", "one symbol in full"),
    ("relative", "symbols against the benchmark: windows, ranks, spread, rotation"),
    ("volume", "volume against the usual, by ratio; one symbol's day and its unusual ones"),
    ("sectors", "a fund by sectors: weight, return, contribution, volume, breadth"),
    ("holdings", "what a fund holds"),
    ("funds", "which funds hold a symbol"),
    ("events", "when a condition held, what followed, and the base rate"),
    ("seasons", "a symbol by month, day of the month, and year of the presidential cycle"),
    ("drivers", "yields, macro series, regimes, valuation, earnings, deals"),
)
"""Name and what it is; each has its file `show_NAME` beside this one."""

GOOD = {State.LIVE, State.EOD, State.DELAYED}
OK, NO_DATA, PARTIAL = 0, 3, 4


def add(parser: argparse.ArgumentParser) -> None:
    """Add the views to the command; its own flags may stand after the view's name too."""
    views = parser.add_subparsers(dest="what", required=True, metavar="VIEW", parser_class=_ViewParser)
    for name, about in VIEWS:
        flags = [shared_flags()]
        views.add_parser(name, parents=flags, file=f"{__package__}.show_{name}", help=about)  # type: ignore[arg-type]


class _ViewParser(LateParser):
    """The arguments of one view, and the format of any."""

    def complete(self) -> None:
        """Add the arguments of the view's file, and the format."""
        from tui.export import FORMATS

        super().complete()
        self.add_argument("--format", choices=FORMATS, default="table", help="default: %(default)s")


def _view(name: str) -> Any:
    """The file of a view: `add(parser)`, `symbols(args, view)` and `async text(args, ask)`."""
    return import_module(f"tui.verbs.show_{name}")


def run(args: argparse.Namespace, settings: "Settings", paths: "Paths", view: "View") -> int:
    """Print the view; 0 all well, 3 no data, 4 something is missing or stale."""
    from tui.assembly import assemble

    view.symbols = _view(args.what).symbols(args, view)
    assembly = assemble(settings, paths, view.symbols, view.benchmark, once=True)
    if assembly.notice:
        print(f"outpace: {assembly.notice}", file=sys.stderr)
    return asyncio.run(_show(args, settings, paths, assembly, view))


async def _show(
    args: argparse.Namespace, settings: "Settings", paths: "Paths", assembly: "Assembly", view: "View"
) -> int:
    from tui.board import Board
    from tui.desk import FundDesk
    from tui.engine import Engine
    from tui.verbs.ask import WAIT_SECONDS, Ask

    engine = Engine(
        assembly.source,
        assembly.shelf,
        fetch=assembly.fetch,
        stale_after=assembly.stale_after,
        recall=assembly.recall,
    )
    board = Board(engine, window=view.window, volume_window=view.volume_window)
    desk = FundDesk(engine, board, assembly.holdings, assembly.funds, assembly.sectors, live=assembly.live)
    engine.watch(view.symbols, view.benchmark)
    pump = asyncio.create_task(engine.run())
    try:
        in_time = await engine.settle(WAIT_SECONDS)
        found = await assembly.source.instruments((*view.symbols, view.benchmark))
        board.instruments.update({each.symbol: each for each in found})
        if not in_time:
            print(f"outpace: not all has come within {WAIT_SECONDS:.0f} s", file=sys.stderr)
        text, whole = await _view(args.what).text(args, Ask(engine, board, desk, view, assembly, settings, paths))
        in_time = in_time and whole
    finally:
        pump.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await pump
        await desk.aclose()
        await assembly.aclose()
    rows = board.rows(view.symbols)
    for row in rows:
        if row.note:
            print(f"outpace: {row.reason}", file=sys.stderr)
    sys.stdout.write(text)
    if not any(row.quote for row in rows):
        return NO_DATA
    return OK if in_time and not assembly.notice and all(row.state in GOOD for row in rows) else PARTIAL

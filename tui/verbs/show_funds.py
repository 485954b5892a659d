"""`outpace show funds SYMBOL`: which funds hold a symbol."""

import argparse
from typing import Any

from tui.documents.funds import funds
from tui.export import render
from tui.verbs.ask import Ask
from tui.verbs.show_fund import number
from tui.verbs.text import aligned, symbol_of
from tui.view import View


def add(view: argparse.ArgumentParser) -> None:
    """Which symbol."""
    view.add_argument("symbol", metavar="SYMBOL")


def symbols(args: argparse.Namespace, view: View) -> tuple[str, ...]:  # noqa: ARG001
    """The symbol alone."""
    return (symbol_of(args.symbol),)


async def text(args: argparse.Namespace, ask: Ask) -> tuple[str, bool]:
    """The funds as text, the heaviest weight first."""
    symbol = ask.view.symbols[0]
    document = funds(ask.desk.board, symbol, await ask.desk.holders(symbol))
    if args.format != "table":
        return render(document, args.format), True
    rows: Any = document["rows"]
    lines = [
        ["Fund", "Wt%", "Contr"],
        *([r["fund"], number(r["weight_pct"]).lstrip("+"), number(r["contribution_pp"])] for r in rows),
    ]
    return aligned(lines, "lrr"), True

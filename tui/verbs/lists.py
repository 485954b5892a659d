"""`outpace lists`: the watchlists, for scripts."""

import argparse
import sys
from collections.abc import Sequence

from tui.export import FORMATS, render
from tui.format import clean
from tui.watchlists import Watchlists

OK = 0

_LONGEST = 100_000
"""Cells of the symbols of a list: a list may have thousands of symbols."""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the flag to the command."""
    parser.add_argument("--format", choices=FORMATS, default="table", help="default: %(default)s")


def run(args: argparse.Namespace, watchlists: Watchlists, notices: Sequence[str] = ()) -> int:
    """Print every list with its benchmark and symbols."""
    for notice in notices:
        print(f"outpace: {notice}", file=sys.stderr)
    rows = [watchlists.get(name) for name in watchlists.names()]
    if args.format == "table":
        for row in rows:
            print(f"{clean(row.name)}  vs {clean(row.benchmark)}  {clean(' '.join(row.symbols), _LONGEST)}")
        return OK
    listed = [{"name": row.name, "benchmark": row.benchmark, "symbols": " ".join(row.symbols)} for row in rows]
    if args.format == "json":
        listed = [{"name": row.name, "benchmark": row.benchmark, "symbols": list(row.symbols)} for row in rows]  # type: ignore[dict-item]
    sys.stdout.write(render({"view": "lists", "rows": listed}, args.format))
    return OK

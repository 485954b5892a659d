"""`outpace show sectors|holdings|funds`: what is inside a fund, and which funds hold a symbol."""

import argparse
from typing import Any

from tui import documents
from tui.analytics.funds_figures import FundFigures
from tui.columns import Field
from tui.desk import FundDesk, OpenFund
from tui.engine import Engine
from tui.export import render
from tui.format import Cell
from tui.fund_columns import holding_fields, sector_fields, total_cells
from tui.sectors import SECTORS
from tui.sources.base import NoDataError
from tui.verbs.text import aligned
from tui.view import View

PICTURES = {"picture", "weight_bar"}
"""Columns that are for the eye alone."""


async def fund_text(
    args: argparse.Namespace, engine: Engine, desk: FundDesk, view: View, seconds: float
) -> tuple[str, bool]:
    """The view as text, and whether all of the fund has come.

    Raises:
        NoDataError: no holdings, no such sector, or no history of them.
    """
    symbol = view.symbols[0]
    if args.what == "funds":
        document = documents.funds(desk.board, symbol, await desk.holders(symbol))
        if args.format != "table":
            return render(document, args.format), True
        rows: Any = document["rows"]
        lines = [
            ["Fund", "Wt%", "Contr"],
            *([r["fund"], _number(r["weight_pct"]).lstrip("+"), _number(r["contribution_pp"])] for r in rows),
        ]
        return aligned(lines, "lrr"), True
    opened = await desk.open(symbol)
    if opened.fund is None:
        raise NoDataError(opened.problem)
    engine.watch(opened.members, view.benchmark)
    whole = await engine.settle(seconds)
    opened = await desk.build(symbol)
    if opened.book is None:
        raise NoDataError(f"no history of {symbol} and its holdings")
    if args.what == "holdings":
        sector = _sector(args.sector, opened)
        document = documents.holdings(desk.board, opened, sector)
        shown: list[Field] = holding_fields(view.window, view.volume_window, opened.sector_sources)
        cells = [
            [f.cell(row).text for f in shown]
            for row in sorted(opened.book.holding_rows(sector), key=lambda r: -r.weight)
        ]
    else:
        document = documents.sectors(desk.board, opened)
        shown = [f for f in sector_fields(view.window, view.volume_window, 1.0, 1.0) if f.key not in PICTURES]
        foot: list[Cell] = total_cells(opened.book.total(), shown)
        cells = [[f.cell(row).text for f in shown] for row in opened.book.sector_rows()] + [[c.text for c in foot]]
    if args.format != "table":
        return render(document, args.format), whole
    sides = "".join("l" if f.align == "left" else "r" for f in shown)
    return f"{_headline(opened, opened.book.total())}\n{aligned([[f.title for f in shown], *cells], sides)}", whole


def _sector(text: str | None, opened: OpenFund) -> str | None:
    """The sector that was meant: any beginning of its name will do."""
    if text is None:
        return None
    found = [name for name in SECTORS if name.casefold().startswith(text.casefold())]
    if len(found) != 1:
        raise NoDataError(f"--sector {text}: expected one of {', '.join(SECTORS)}")
    assert opened.book is not None
    if found[0] not in {row.sector for row in opened.book.sector_rows()}:
        raise NoDataError(f"{opened.symbol} holds nothing in {found[0]}")
    return found[0]


def _headline(opened: OpenFund, total: FundFigures) -> str:
    partial = ", partial" if opened.fund is not None and opened.fund.partial else ""
    return (
        f"{opened.symbol} {_number(_percent(total.return_1d))} %  explained {_number(_percent(total.explained))}"
        f"  unexplained {_number(_percent(total.unexplained))} pp  coverage {total.coverage * 100:.1f} %"
        f"  holdings of {total.holdings_as_of}{partial}"
    )


def _percent(value: float | None) -> float | None:
    return None if value is None else value * 100


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:+.3f}"

"""`outpace show holdings FUND`: what a fund holds, or one of its sectors."""

import argparse

from tui.desk import OpenFund
from tui.documents.funds import holdings
from tui.export import render
from tui.fund_columns import holding_fields
from tui.sectors import SECTORS
from tui.sources.base import NoDataError
from tui.verbs.ask import Ask
from tui.verbs.show_fund import headline, opened_fund
from tui.verbs.text import aligned, symbol_of
from tui.view import View


def add(view: argparse.ArgumentParser) -> None:
    """Which fund, and which sector of it."""
    view.add_argument("symbol", metavar="FUND")
    view.add_argument("--sector", metavar="S", help="one sector of the fund")


def symbols(args: argparse.Namespace, view: View) -> tuple[str, ...]:  # noqa: ARG001
    """The fund; its holdings follow when they are known."""
    return (symbol_of(args.symbol),)


async def text(args: argparse.Namespace, ask: Ask) -> tuple[str, bool]:
    """The holdings as text, heaviest first, and whether all have come.

    Raises:
        NoDataError: no holdings, no such sector, or no history of them.
    """
    opened, whole = await opened_fund(ask)
    assert opened.book is not None
    sector = _sector(args.sector, opened)
    if args.format != "table":
        return render(holdings(ask.desk.board, opened, sector), args.format), whole
    shown = holding_fields(ask.view.window, ask.view.volume_window, opened.sector_sources)
    rows = sorted(opened.book.holding_rows(sector), key=lambda row: -row.weight)
    cells = [[f.cell(row).text for f in shown] for row in rows]
    sides = "".join("l" if f.align == "left" else "r" for f in shown)
    return f"{headline(opened, opened.book.total())}\n{aligned([[f.title for f in shown], *cells], sides)}", whole


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

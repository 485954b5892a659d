"""`outpace show relative`: symbols against the benchmark by window, their spread's place in its history, the rotation."""

import argparse
from collections.abc import Sequence

from tui.assembly import SpecError
from tui.documents.relative import relative
from tui.export import render
from tui.model import DataError
from tui.sources.base import NoDataError
from tui.studies import relative as study
from tui.studies.relative_lines import line_of
from tui.studies.relative_rows import RelativeRow, rows
from tui.studies.spans import ALL, Span, since
from tui.verbs.ask import Ask
from tui.verbs.headline import headline
from tui.verbs.text import aligned
from tui.view import ChartKind, View

TAILS = (5, 10, 20)


def add(view: argparse.ArgumentParser) -> None:
    """The span, the lines and the tail."""
    view.add_argument("--since", metavar="DATE", help="from the last close on or before a date, or ALL")
    view.add_argument("--lines", choices=[kind.value for kind in ChartKind], help="each symbol's line with it")
    view.add_argument("--tail", type=int, choices=TAILS, default=TAILS[0], help="sessions of the rotation's tail")


def symbols(args: argparse.Namespace, view: View) -> tuple[str, ...]:  # noqa: ARG001
    """The whole list: the first eight are compared, all are ranked."""
    return view.symbols


async def text(args: argparse.Namespace, ask: Ask) -> tuple[str, bool]:
    """The comparison as text.

    Raises:
        NoDataError: nothing to compare.
        SpecError: `--since` is no date before the as-of session.
    """
    board, view = ask.board, ask.view
    compared = [symbol for symbol in view.symbols if symbol != view.benchmark]
    if not compared:
        raise NoDataError(f"there is nothing to compare with {view.benchmark}: give others with --symbols A,B")
    span = _span(args, ask)
    asked = study.question(board, compared, view.symbols, span, total=ask.settings.total_return)
    comparison = await study.RelativeStudy(board).ask(asked)
    whole = all(symbol in comparison.sides for symbol in asked.symbols)
    lines = ChartKind(args.lines) if args.lines else None
    if args.format != "table":
        flat = args.format == "csv"
        return render(relative(board, comparison, tail=args.tail, lines=lines, flat=flat), args.format), whole
    parts = [_head(ask, comparison), *_tables(comparison, rows(board, comparison), args.tail)]
    if lines is not None:
        parts.append(_lines(ask, comparison, lines))
    return "\n".join(parts), whole


def _span(args: argparse.Namespace, ask: Ask) -> Span:
    """What `--since` says, else the window."""
    if args.since is None:
        return Span(ask.view.window)
    if args.since.strip().upper() == ALL.text:
        return ALL
    quote = ask.engine.live.quotes.get(ask.view.benchmark)
    session = quote.session if quote and quote.session else ask.engine.loader.session(ask.view.benchmark)
    try:
        return since(args.since, session)
    except DataError as error:
        raise SpecError(f"--since {error}") from None


def _head(ask: Ask, comparison: study.Comparison) -> str:
    asked = comparison.question
    total = "  TR" if asked.total else ""
    begin = f" from {comparison.days.span[0]}" if comparison.days.span else ""
    return f"{headline(ask.board, ask.view)}\n{asked.span.text}{begin}{total}  (excess in pp, rank in the list)\n"


def _tables(comparison: study.Comparison, made: Sequence[RelativeRow], tail: int) -> list[str]:
    from tui.panels.rotation import tail_fields
    from tui.panels.window_table import fields

    tables = []
    for shown in (fields(comparison.question.span), tail_fields(tail)):
        heads = [field.title for field in shown]
        cells = [[field.cell(row).text for field in shown] for row in made]
        tables.append(aligned([heads, *cells], "".join("l" if field.align == "left" else "r" for field in shown)))
    years = sorted({each.year for row in made for each in row.yearly})[-10:]
    by_year = [{each.year: each for each in row.yearly} for row in made]
    cells = [
        [row.symbol, *("-" if y not in found or (v := found[y].value) is None else f"{v:.4f}" for y in years)]
        for row, found in zip(made, by_year, strict=True)
    ]
    heads = ["Correlation", *map(str, years)]
    return [*tables, aligned([heads, *cells], "l" + "r" * len(years))]


def _lines(ask: Ask, comparison: study.Comparison, kind: ChartKind) -> str:
    """A line per session, a column per symbol."""
    names = [*comparison.question.symbols, *([comparison.question.benchmark] if kind is ChartKind.REBASED else [])]
    found = [dict(line_of(ask.board, comparison, name, kind)) for name in names]
    days = dict.fromkeys(day for each in found for day in each)
    cells = [
        [day.isoformat(), *("-" if (v := each.get(day)) is None else f"{v:.3f}" for each in found)] for day in days
    ]
    return aligned([["Date", *names], *cells], "l" + "r" * len(names))

"""`outpace show drivers`: yields and macro series, regimes, and two funds' valuation and earnings, and deals."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tui.assembly import SpecError
from tui.documents.drivers import drivers as document_of
from tui.export import render
from tui.format import MISSING, Cell
from tui.model import DataError
from tui.panels.deals import deals_title
from tui.panels.driver_lines import WIDE, Lines, macro_columns, macro_lines, regime_columns, regime_lines
from tui.panels.fund_lines import (
    deals_columns,
    deals_lines,
    earnings_columns,
    earnings_lines,
    told_text,
    valuation_columns,
    valuation_lines,
)
from tui.studies.driver_fetch import since_date
from tui.studies.drivers import DriversStudy, study_of
from tui.studies.drivers_answers import (
    DealsAnswer,
    EarningsAnswer,
    MacroAnswer,
    RegimesAnswer,
    SeriesAnswer,
    ValuationAnswer,
)
from tui.verbs.ask import WAIT_SECONDS, Ask
from tui.verbs.text import aligned, symbol_of
from tui.view import View

if TYPE_CHECKING:
    from tui.widgets.column import Column

PARTS = ("macro", "regimes", "valuation", "earnings", "deals")
SMALL = "IWM"
"""The first symbol where none is named."""
SINCE_DAYS = 91
CORRELATION_YEARS = 6
"""Years of changes that a correlation is made of at the most: twenty quarters fit in."""


def add(view: argparse.ArgumentParser) -> None:
    """Which part, and since when; `--symbols A,B` names the first symbol or fund, and what it is set against."""
    view.add_argument("--part", choices=PARTS, help="one part; default: all")
    view.add_argument("--since", metavar="DATE", help="first day of the deals; default: 13 weeks ago")


def symbols(args: argparse.Namespace, view: View) -> tuple[str, ...]:
    """Both symbols: those named, else small caps against the benchmark."""
    named = [symbol_of(each) for each in (getattr(args, "symbols", None) or "").replace(",", " ").split()]
    first = named[0] if named else SMALL if view.benchmark != SMALL else "SPY"
    return (first, named[1] if len(named) > 1 else view.benchmark)


async def text(args: argparse.Namespace, ask: Ask) -> tuple[str, bool]:
    """The parts as text, and whether nothing is missing.

    Raises:
        SpecError: `--since` is no date.
    """
    study = study_of(ask.board, ask.desk, ask.assembly.root, ask.assembly.drivers)
    a, b = ask.view.symbols[0], ask.view.symbols[1]
    since = _since(args.since, study.day)
    parts = (args.part,) if args.part else PARTS
    whole = await _fetched(study, parts, (a, b), since)
    answers: dict[str, object] = {}
    correlations: list[SeriesAnswer] = []
    for part in parts:
        if part == "macro":
            answers[part] = macro = await study.macro()
            found = [await study.series(line.id, a, CORRELATION_YEARS) for line in macro.lines]
            correlations = [each for each in found if each is not None]
        else:
            answers[part] = await _answer(study, part, a, b, since)
    if args.format != "table":
        return render(document_of(ask.board, answers, correlations, (a, b)), args.format), whole
    shown = [_table(answer, correlations) for answer in answers.values()]
    source = ask.board.engine.source
    when = source.nature() or f"{source.now():%Y-%m-%d %H:%M} UTC"
    return f"{a} against {b}  {when}  {source.name}\n\n" + "\n".join(shown), whole


def _since(typed: str | None, today: date) -> date:
    if not typed:
        return today - timedelta(days=SINCE_DAYS)
    try:
        return since_date(typed, today)
    except DataError as error:
        raise SpecError(f"--since {error}") from None


async def _answer(study: DriversStudy, part: str, a: str, b: str, since: date) -> object:
    match part:
        case "regimes":
            return await study.regimes(a, b)
        case "valuation":
            return await study.valuation(a, b)
        case "earnings":
            return await study.earnings(a, b)
        case _:
            return await study.deals(since)


async def _fetched(study: DriversStudy, parts: Sequence[str], pair: Sequence[str], since: date) -> bool:
    """Ask the source for what is missing, for a while; what it says is for the user, and not the end."""
    problems: list[str] = []
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            if "macro" in parts or "regimes" in parts:
                problems.append(await study.fetch_macro())
            if "valuation" in parts or "earnings" in parts:
                # Estimates are weighed by prices, which the fundamentals have of all holdings.
                problems.append(await study.fetch_companies(pair, estimates=False))
            if "earnings" in parts:
                problems.append(await study.fetch_companies(pair, estimates=True))
            if "deals" in parts:
                problems.append(await study.fetch_deals(since))
    except TimeoutError:
        problems.append(f"not all has come within {WAIT_SECONDS:.0f} s")
    for problem in dict.fromkeys(filter(None, problems)):
        print(f"outpace: {problem}", file=sys.stderr)
    return not any(problems)


def _table(answer: object, correlations: Sequence[SeriesAnswer]) -> str:
    match answer:
        case MacroAnswer():
            return _macro(answer, correlations)
        case RegimesAnswer():
            columns = regime_columns(answer.small, answer.large, WIDE)
            heads = [f"{each.group} {each.title}" if each.group else each.title for each in columns]
            said = [*answer.missing, f"by {', '.join(answer.series)}" if answer.series else ""]
            title = f"Regimes: {answer.small} against {answer.large}, {'; '.join(filter(None, said))}"
            return _lines(title, heads, columns, regime_lines(answer, WIDE))
        case ValuationAnswer():
            columns = valuation_columns(answer.a.symbol, answer.b.symbol)
            title = f"Valuation: {answer.a.symbol} against {answer.b.symbol}"
            known = answer.a.told or answer.b.told
            return _titled(title, answer.problem, columns, valuation_lines(answer) if known else {})
        case EarningsAnswer():
            columns = earnings_columns(answer.a.symbol, answer.b.symbol)
            title = f"Earnings: {told_text(answer.a, answer.b)}"
            heads = [f"{each.group} {each.title}" if each.group else each.title for each in columns]
            known = answer.a.told or answer.b.told
            return _titled(title, answer.problem, columns, earnings_lines(answer) if known else {}, heads)
        case DealsAnswer():
            return _titled(deals_title(answer), answer.problem, deals_columns(), deals_lines(answer))
    raise DataError("nothing to show")


def _macro(answer: MacroAnswer, correlations: Sequence[SeriesAnswer]) -> str:
    by_id = {each.line.id: each for each in correlations}
    symbol = correlations[0].symbol if correlations else ""
    lines: Lines = {key: (*cells, *_correlation(by_id.get(key))) for key, cells in macro_lines(answer, WIDE).items()}
    columns = macro_columns(WIDE)
    heads = [*(each.title for each in columns), f"corr {symbol}".strip(), "n"]
    return _titled("Yields and macro series", answer.problem, columns, lines, heads)


def _correlation(found: SeriesAnswer | None) -> tuple[Cell, Cell]:
    if found is None or found.correlation is None:
        return MISSING, Cell("0" if found is None else f"{found.n}")
    return Cell(f"{found.correlation:+.2f}"), Cell(f"{found.n}")


def _titled(
    title: str, problem: str, columns: "Sequence[Column]", lines: Lines, heads: Sequence[str] | None = None
) -> str:
    if not lines:
        return f"{title}\n{problem or 'nothing'}\n"
    return _lines(title, heads or [each.title for each in columns], columns, lines)


def _lines(title: str, heads: Sequence[str], columns: "Sequence[Column]", lines: Lines) -> str:
    sides = "".join("l" if each.align == "left" else "r" for each in columns) + "r" * (len(heads) - len(columns))
    return f"{title}\n{aligned([heads, *([cell.text for cell in cells] for cells in lines.values())], sides)}"

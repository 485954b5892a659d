"""`outpace show events "CONDITION"`: when a condition held, what followed, and the base rate."""

import argparse
import os
from datetime import date
from typing import TYPE_CHECKING

from tui.assembly import SpecError
from tui.config import Paths
from tui.export import render
from tui.model import DataError
from tui.sources.base import NoDataError
from tui.verbs.ask import Ask
from tui.view import View

if TYPE_CHECKING:
    from tui.studies.events import EventAnswer, Outcome

ROWS = 40
"""Events that a table shows: the last ones."""
SYMBOLS = 3
"""Symbols of which a table shows what followed each event."""

_EXAMPLE = "for example: outpace show events '^RUT.1d >= 3% and ^GSPC.1d < 0'"


def add(view: argparse.ArgumentParser) -> None:
    """The condition, or the name of a saved one, and where to search."""
    view.add_argument("condition", metavar="CONDITION", nargs="?", help="like '^RUT.1d >= 3%% and ^GSPC.1d < 0'")
    view.add_argument("--saved", metavar="NAME", help="a saved condition")
    view.add_argument("--save", metavar="NAME", help="keep the condition under this name")
    view.add_argument("--since", metavar="DATE", type=_day, help="search from this day on")
    view.add_argument("--until", metavar="DATE", type=_day, help="search up to this day")
    view.add_argument(
        "--each", choices=("session", "run"), help="what is one event: each session, or each run of sessions in a row"
    )
    view.add_argument("--rows", metavar="N", type=int, default=ROWS, help="rows of a table (default: %(default)s)")


def symbols(args: argparse.Namespace, view: View) -> tuple[str, ...]:
    """The symbols that the condition names.

    The first of them stands for the benchmark where none was asked for: its last session is the as-of session.

    Raises:
        SpecError: no condition was given, or it cannot be used.
    """
    from tui.analytics.events import ConditionError, parse

    args.condition = _given(args)
    try:
        condition = parse(args.condition)
    except ConditionError as error:
        raise SpecError(error.pointed(args.condition)) from error
    if not hasattr(args, "benchmark"):
        view.benchmark = condition.symbols[0]
    return condition.symbols


async def text(args: argparse.Namespace, ask: Ask) -> tuple[str, bool]:
    """The answer as text.

    Raises:
        SpecError: the condition is always true, or names what is not known.
        NoDataError: there is nothing to search.
    """
    from tui.documents.events import events as document_of
    from tui.studies.events import ConditionError, Each, EventsStudy

    each = Each(args.each) if args.each else None
    try:
        answer = await EventsStudy(ask.board).answer(args.condition, since=args.since, until=args.until, each=each)
    except ConditionError as error:
        raise SpecError(error.pointed(args.condition)) from error
    except DataError as error:
        raise NoDataError(str(error)) from error
    if args.save:
        _save(args.save, answer.condition, ask.paths)
    if args.format != "table":
        return render(document_of(ask.board, answer), args.format), True
    return events_table(answer, args.rows), True


def events_table(answer: "EventAnswer", rows: int) -> str:
    """The answer as plain text: what was searched, the events, and what followed them beside the base rate."""
    from tui.verbs.text import aligned

    parts = [_headline(answer)]
    if answer.rows and rows > 0:
        parts.append(_events(answer, rows))
    lines = [["After", "", "n", "Mean%", "Median%", "Up%", "  Any session", "n", "Mean%", "Median%", "Up%"]]
    for symbol in answer.symbols:
        for window in answer.horizons:
            own, base = answer.summary[symbol][window], answer.base[symbol][window]
            lines.append([symbol, window.value, *_outcome(own), "", *_outcome(base)])
    parts.append(aligned(lines, "llrrrrlrrrr"))
    if answer.notes:
        parts.append("\n".join(answer.notes) + "\n")
    return "\n".join(parts)


def _headline(answer: "EventAnswer") -> str:
    count = f"{answer.count:,} event{'' if answer.count == 1 else 's'}" if answer.count else "no event"
    since = ""
    if answer.sessions_since is not None:
        sessions = f"{answer.sessions_since:,} session{'' if answer.sessions_since == 1 else 's'}"
        since = f"; {sessions} since the last" if answer.sessions_since else "; the last session is one"
    return f"{answer.condition}\n{count} in {answer.sessions:,} sessions, {answer.first} to {answer.last}{since}\n"


def _events(answer: "EventAnswer", rows: int) -> str:
    from tui.format import change
    from tui.studies.events_text import SHORT, value_cell
    from tui.verbs.text import aligned

    ahead = answer.symbols[:SYMBOLS]
    heads = ["Date", *(f"{name} {SHORT.get(unit, '')}".rstrip() for name, unit in answer.series.items())]
    for symbol in ahead:
        heads += [f"  {symbol} +{answer.horizons[0]}%", *(f"+{window}%" for window in answer.horizons[1:])]
    runs = any(each.lasted > 1 for each in answer.rows)
    lines = [[*heads, *(["Lasted"] if runs else [])]]
    for each in answer.rows[-rows:]:
        cells = [each.date.isoformat()]
        cells += [value_cell(each.values[name], unit).text for name, unit in answer.series.items()]
        cells += [change(each.forward[symbol][window]).text for symbol in ahead for window in answer.horizons]
        lines.append([*cells, *([str(each.lasted)] if runs else [])])
    left = answer.count - rows
    earlier = f"... and {left:,} earlier: --rows {answer.count}, or --format csv\n" if left > 0 else ""
    return aligned(lines, "l" + "r" * (len(lines[0]) - 1)) + earlier


def _outcome(outcome: "Outcome") -> list[str]:
    from tui.format import change

    up = "-" if outcome.positive is None else f"{outcome.positive * 100:.0f}"
    return [f"{outcome.n:,}", change(outcome.mean).text, change(outcome.median).text, up]


def _given(args: argparse.Namespace) -> str:
    """The condition that was typed, or the one saved under a name."""
    from tui.saved_events import FILE, SavedEventError, SavedEvents

    if args.saved and args.condition:
        raise SpecError("give a condition or --saved NAME, not both")
    if args.condition:
        return str(args.condition)
    saved = SavedEvents(Paths.find(os.environ).config_dir / FILE)
    try:
        saved.load()
        if args.saved:
            return saved.get(args.saved)
    except SavedEventError as error:
        raise SpecError(str(error)) from error
    names = "".join(f'\n  --saved "{name}"' for name in saved.all())
    raise SpecError(f"which condition? {_EXAMPLE}{names}")


def _save(name: str, condition: str, paths: Paths) -> None:
    from tui.saved_events import FILE, SavedEventError, SavedEvents

    try:
        SavedEvents(paths.config_dir / FILE).save(name, condition)
    except SavedEventError as error:
        raise SpecError(str(error)) from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date: write it like 2024-07-11") from None

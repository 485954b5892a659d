"""`outpace show volume [SYMBOL]`: a list by its volume ratios, or one symbol's usual day and unusual days."""

import argparse
import asyncio
from typing import TYPE_CHECKING

from tui import format as fmt
from tui import sessions
from tui.documents.volume import volume_day, volume_list
from tui.export import render
from tui.model import DataError
from tui.sources.base import NoDataError
from tui.studies.volume import BOUND, VolumeDay, VolumeStudy, no_volume, usual_until
from tui.studies.volume_rows import VolumeRow, flow_of, row_of
from tui.verbs.ask import Ask
from tui.verbs.headline import headline
from tui.verbs.text import aligned, symbol_of
from tui.view import View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.analytics.volume_curve import HalfHours
    from tui.analytics.volume_flow import Flow
    from tui.columns import Field


def add(view: argparse.ArgumentParser) -> None:
    """One symbol instead of the list, and what counts as unusual."""
    view.add_argument("one", metavar="SYMBOL", nargs="?", help="one symbol in full, instead of the list")
    view.add_argument("--symbol", dest="also", metavar="SYMBOL", help="the same, as an option")
    view.add_argument(
        "--bound", type=float, default=BOUND, metavar="X", help="volume ratio of an unusual day (default: %(default)s)"
    )


def symbols(args: argparse.Namespace, view: View) -> tuple[str, ...]:
    """The one symbol, or the list."""
    one = args.one or args.also
    return (symbol_of(one),) if one else view.symbols


async def text(args: argparse.Namespace, ask: Ask) -> tuple[str, bool]:
    """The list by ratio, or one symbol in full.

    Raises:
        NoDataError: nothing is known of the symbol.
    """
    if args.one or args.also:
        return await _one(args, ask), True
    board = ask.board
    rows = sorted(
        (row_of(board, symbol) for symbol in ask.view.symbols),
        key=lambda row: -row.by_mean if row.by_mean is not None else float("inf"),
    )
    hours = await _hours(ask, rows)
    if args.format != "table":
        return render(volume_list(board, rows, hours), args.format), True
    from tui.volume_columns import list_fields

    fields = list_fields(ask.view.volume_window)
    heads = [*(field.title for field in fields[:-1]), "09:30%", "15:30%", "Full", fields[-1].title]
    lines = [
        [
            *(field.cell(row).text for field in fields[:-1]),
            *_hour_texts(hours.get(row.symbol)),
            fields[-1].cell(row).text,
        ]
        for row in rows
    ]
    table = aligned([heads, *lines], f"{_sides(fields[:-1])}rrr{_sides(fields[-1:])}")
    return f"{headline(board, ask.view)}\n{table}\n{flow_text(flow_of(board, ask.view.symbols))}\n", True


async def _hours(ask: Ask, rows: "Sequence[VolumeRow]") -> "dict[str, HalfHours]":
    """The half hours of those whose five-minute bars cost no request."""
    engine = ask.engine
    study = _study(ask)
    found = {}
    for row in rows:
        if row.index or row.session is None:
            continue
        if not engine.source.cheap_intraday:
            continue
        made = await study.half_hours(row.symbol)
        if made is not None and made.opening.sessions:
            found[row.symbol] = made
    return found


def _study(ask: Ask) -> VolumeStudy:
    return VolumeStudy(ask.board, usual_until(ask.settings.as_of, past=ask.assembly.past))


async def _one(args: argparse.Namespace, ask: Ask) -> str:
    board, symbol = ask.board, ask.view.symbols[0]
    study = _study(ask)
    row = row_of(board, symbol)
    try:
        day = await study.day(symbol, args.bound)
        so_far = await study.so_far(symbol)
    except DataError as error:
        raise NoDataError(str(error)) from error
    if args.format != "table":
        document = await asyncio.to_thread(volume_day, board, row, day, so_far)
        return render(document, args.format)
    parts = [headline(board, ask.view, board.row(symbol)), _facts(row, day)]
    if not row.index:
        parts += [_curve(day, so_far), _unusual(day)]
    return "\n\n".join(part.rstrip("\n") for part in parts if part) + "\n"


def _facts(row: VolumeRow, day: VolumeDay) -> str:
    if row.index:
        return no_volume(row.symbol)
    lines = [["Over", "Ratio", "×median", "Mean", "Median", "Known"]]
    lines += [
        [
            str(each.sessions),
            fmt.ratio(each.by_mean).text,
            fmt.ratio(each.by_median).text,
            fmt.shares(each.mean).text,
            fmt.shares(each.median).text,
            str(each.known),
        ]
        for each in day.lines
    ]
    opening, closing, full = _hour_texts(day.hours)
    early = len(day.hours.half_days)
    left_out = f", {early} half day{'' if early == 1 else 's'} left out" if early else ""
    span = f", {day.hours.first} to {day.hours.last}" if day.hours.first else ""
    traded = f"volume {fmt.shares(row.volume).text}, ${fmt.dollars(row.dollar_volume).text}"
    return (
        f"{traded}{', half day' if day.half_day else ''}\n{aligned(lines, 'rrrrrr')}"
        f"09:30 to 10:00 {opening} %  15:30 to 16:00 {closing} %  of the volume of {full} full sessions{span}{left_out}"
    )


def _curve(day: VolumeDay, so_far: "Sequence[float | None]") -> str:
    """The day by half hours, as shares of the usual day."""
    band = day.band
    if band is None:
        return day.why
    lines = [["Until", "Today%", "Quarter%", "Median%", "3rd quart%", "Volume", "Usual"]]
    for slot in range(5, sessions.SLOTS, 6):
        done = so_far[slot] if slot < len(so_far) else None
        minutes = 9 * 60 + 30 + 5 * (slot + 1)
        lines.append(
            [
                f"{minutes // 60:02d}:{minutes % 60:02d}",
                "-" if done is None or not band.usual else f"{100 * done / band.usual:.1f}",
                *(f"{100 * shares[slot]:.1f}" for shares in (band.shares.low, band.shares.median, band.shares.high)),
                fmt.shares(done).text,
                fmt.shares(band.volumes.median[slot]).text,
            ]
        )
    held = f"; bars hold {day.held * 100:.0f} % of the volume" if day.held is not None else ""
    return (
        f"Volume so far in % of the usual day of {fmt.shares(band.usual).text}, "
        f"against {band.sessions} full sessions{held}\n{aligned(lines, 'lrrrrrr')}"
    )


def _unusual(day: VolumeDay) -> str:
    from tui.volume_columns import day_fields, unusual_title

    found = day.unusual
    if not found.known:
        return "no session with a known volume ratio"
    title = f"{unusual_title(found)}\n"
    if not found.days:
        return title
    fields = day_fields()
    lines = [[field.title for field in fields], *([field.cell(each).text for field in fields] for each in found.days)]
    return title + aligned(lines, _sides(fields))


def flow_text(flow: "Flow") -> str:
    """The balance of a list in words."""
    share = "-" if flow.advancing_share is None else f"{flow.advancing_share * 100:.1f}"
    left_out = f", {flow.unknown} not counted" if flow.unknown else ""
    return (
        f"advancing ${fmt.dollars(flow.advancing.dollars).text} in {flow.advancing.members}, "
        f"declining ${fmt.dollars(flow.declining.dollars).text} in {flow.declining.members}{left_out}: "
        f"{share} % advancing"
    )


def _hour_texts(hours: "HalfHours | None") -> tuple[str, str, str]:
    if hours is None or hours.opening.value is None or hours.closing.value is None:
        return "-", "-", "-"
    return f"{hours.opening.value * 100:.2f}", f"{hours.closing.value * 100:.2f}", str(hours.opening.sessions)


def _sides(fields: "Sequence[Field]") -> str:
    return "".join("l" if field.align == "left" else "r" for field in fields)

"""The relative-performance chart: the marked symbols, or the cursor's, against the benchmark over the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from math import isnan
from typing import TYPE_CHECKING

from tui import sessions
from tui.analytics.windows import Window
from tui.model import Bar
from tui.panels.title import show_title
from tui.view import ChartKind, View
from tui.widgets.chart import Chart, Line, Picture

if TYPE_CHECKING:
    from tui.board import Board

KIND_TITLES = {
    ChartKind.REBASED: "rebased to 100",
    ChartKind.RATIO: "relative strength",
    ChartKind.SPREAD: "excess, pp",
}
"""What each kind of chart shows, in words."""

MOST = 8
"""Lines a chart can hold and still be read."""


class Relative(Chart, can_focus=True):
    """A chart that knows what to compare."""

    def show_view(
        self,
        board: Board,
        view: View,
        symbols: Sequence[str],
        bars: Mapping[str, Sequence[Bar]],
        *,
        now: bool = False,
    ) -> None:
        """Draw `symbols` (the first `MOST`) against the view's benchmark.

        Args:
            board: Where rows and closes are read.
            view: The window, the benchmark and the kind of chart.
            symbols: What to draw.
            bars: Five-minute bars of the session by symbol, used for the window of one day.
            now: Redraw at once: the user did something.
        """
        shown = [s for s in symbols if s != view.benchmark][:MOST]
        names = f"{', '.join(shown)} vs {view.benchmark}" if shown else view.benchmark
        kind = KIND_TITLES[view.chart]
        show_title(self, f" {names}  {view.window}  {kind} ")
        if view.window is Window.D1 and bars.get(view.benchmark):
            self.show(day_picture(board, view, shown, bars), now=now)
        else:
            self.show(picture(board, view, shown), now=now)


def picture(board: Board, view: View, symbols: Sequence[str]) -> Picture:
    """The lines over the sessions of the window, today's last price at the end."""
    bench = closes(board, view.benchmark, view.window)
    days = sorted(bench)
    labels = session_labels([date.fromordinal(day) for day in days])
    if lack := _lack(board, view, bench, days):
        return nothing(lack)
    return _picture(view, {s: closes(board, s, view.window) for s in symbols}, bench, days, len(days), labels)


def day_picture(board: Board, view: View, symbols: Sequence[str], bars: Mapping[str, Sequence[Bar]]) -> Picture:
    """The lines over the five-minute slots of the session, from the previous close; the axis is the whole day."""
    bench = slots(board, view.benchmark, bars)
    at = list(range(-1, sessions.SLOTS))
    labels = [
        (slot + 1, f"{9 + (30 + 5 * slot) // 60}:{(30 + 5 * slot) % 60:02d}") for slot in range(6, sessions.SLOTS, 18)
    ]
    if lack := _lack(board, view, bench, at):
        return nothing(lack)
    return _picture(view, {s: slots(board, s, bars) for s in symbols}, bench, at, len(at), labels)


def _lack(board: Board, view: View, bench: Mapping[int, float], at: Sequence[int]) -> str:
    """Why there is nothing to draw yet, or at all; empty when there is."""
    if len(bench) >= 2 and at[0] in bench:
        return ""
    reason = board.row(view.benchmark).reason
    return reason or f"Waiting for the history of {view.benchmark} over {view.window}"


def _picture(
    view: View,
    own: Mapping[str, Mapping[int, float]],
    bench: Mapping[int, float],
    at: Sequence[int],
    width: int,
    labels: Sequence[tuple[int, str]],
) -> Picture:
    start = at[0]
    lines = [
        Line(
            symbol,
            [_point(view.chart, known.get(x), known.get(start), bench.get(x), bench[start]) for x in at],
            f"series-{index + 1}",
        )
        for index, (symbol, known) in enumerate(own.items())
    ]
    if view.chart is ChartKind.REBASED or not lines:
        lines.append(Line(view.benchmark, [_scaled(bench.get(x), bench[start]) for x in at], "axis"))
    return framed(view.chart, lines, width, labels)


def framed(
    kind: ChartKind,
    lines: Sequence[Line],
    width: int,
    labels: Sequence[tuple[int, str]],
    slot_format: Callable[[int], str] | None = None,
) -> Picture:
    """The lines of one kind of chart over so many slots, with its level line."""
    spread = kind is ChartKind.SPREAD
    return Picture(
        lines=tuple(lines),
        slots=width,
        labels=labels,
        y_format=(lambda value: f"{value:+.1f}") if spread else (lambda value: f"{value:.1f}"),
        baseline=0.0 if spread else 100.0,
        slot_format=slot_format,
    )


def nothing(message: str) -> Picture:
    """No lines, and why."""
    return Picture(lines=(), slots=0, labels=(), y_format=str, message=message)


def slots(board: Board, symbol: str, bars: Mapping[str, Sequence[Bar]]) -> dict[int, float]:
    """Closes by five-minute slot of the session, the previous close as slot -1, the last price in the running slot."""
    quote = board.engine.live.quotes.get(symbol)
    baseline = board.engine.loader.baselines.get(symbol)
    if quote is None or quote.session is None or baseline is None or baseline.session != quote.session:
        return {}
    base = baseline.bases.get(Window.D1)
    if base is None or base.close is None:
        return {}
    opened = sessions.session_open(quote.session).timestamp()
    found = {int((bar.time - opened) // 300): bar.close for bar in bars.get(symbol, ()) if bar.close is not None}
    if quote.price is not None:
        last = min(int((quote.as_of - opened) // 300), sessions.SLOTS - 1)
        found[last] = quote.price
    return {-1: base.close} | {slot: close for slot, close in found.items() if 0 <= slot < sessions.SLOTS}


def closes(board: Board, symbol: str, window: Window) -> dict[int, float]:
    """Known closes by session ordinal from the window's base to now; empty when the base is unknown."""
    quote = board.engine.live.quotes.get(symbol)
    baseline = board.engine.loader.baselines.get(symbol)
    if quote is None or baseline is None or baseline.session != quote.session or quote.price is None:
        return {}
    base = baseline.bases.get(window)
    if base is None or base.close is None:
        return {}
    start = base.session.toordinal()
    found = {d: c for d, c in zip(baseline.dates, baseline.closes, strict=True) if d >= start and not isnan(c)}
    found[baseline.session.toordinal()] = quote.price
    return found


def _scaled(value: float | None, base: float | None) -> float | None:
    return 100 * value / base if value and base else None


def _point(
    kind: ChartKind, close: float | None, base: float | None, against: float | None, bench_base: float | None
) -> float | None:
    own, other = _scaled(close, base), _scaled(against, bench_base)
    if own is None or other is None:
        return None
    if kind is ChartKind.REBASED:
        return own
    return 100 * own / other if kind is ChartKind.RATIO else own - other


def session_labels(days: Sequence[date]) -> list[tuple[int, str]]:
    """Where the ticks of the x axis stand: first sessions of years, months or weeks, a handful in all."""
    if len(days) > 520:
        marks = [(i, f"{day:%Y}") for i, day in enumerate(days) if i and day.year != days[i - 1].year]
    elif len(days) > 130:
        marks = [
            (i, f"{day:%b}") for i, day in enumerate(days) if i and day.month != days[i - 1].month and day.month % 2
        ]
    elif len(days) > 30:
        marks = [(i, f"{day:%b}") for i, day in enumerate(days) if i and day.month != days[i - 1].month]
    else:
        step = max(1, len(days) // 5)
        marks = [(i, f"{day:%m-%d}") for i, day in enumerate(days) if i % step == 0]
    return marks

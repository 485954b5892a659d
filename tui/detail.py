"""One symbol in full: every window against the benchmark, ranges, and the volume ratio by mean and by median.

Made from the whole stored history, off the event loop; the live price stands for the running session.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from tui.analytics.figures import VOLUME_WINDOWS, Baseline
from tui.analytics.row import Bench
from tui.analytics.windows import Window
from tui.loader import Shelf
from tui.model import Quote

if TYPE_CHECKING:
    from tui.analytics.relative import Estimate, Yearly
    from tui.board import Board

WINDOWS: tuple[Window, ...] = (
    Window.D1,
    Window.W1,
    Window.WTD,
    Window.M1,
    Window.MTD,
    Window.M3,
    Window.QTD,
    Window.M6,
    Window.YTD,
    Window.Y1,
    Window.Y3,
    Window.Y5,
)
"""All windows, the shorter first."""

TRACKERS = {"^RUT": "IWM", "^GSPC": "SPY", "^IXIC": "QQQ", "^NDX": "QQQ", "^DJI": "DIA", "^MID": "MDY", "^SP600": "IJR"}
"""The fund that stands for an index where volume is asked for: an index has none of its own."""

DAYS = 1260
"""Sessions kept for the chart."""


class WindowLine(Struct, frozen=True):
    """One window: the date it begins at, and returns as fractions."""

    window: Window
    base: date | None
    own: float | None
    benchmark: float | None
    excess: float | None
    total: float | None
    """Dividends reinvested."""


class VolumeLine(Struct, frozen=True):
    """The volume ratio over one number of sessions."""

    sessions: int
    by_mean: float | None
    by_median: float | None
    mean: float | None
    """Usual shares a day."""
    median: float | None
    known: int


class Detail(Struct, frozen=True, kw_only=True):
    """What the drill-down of a symbol shows beside its row."""

    symbol: str
    session: date
    lines: Sequence[WindowLine]
    volumes: Sequence[VolumeLine]
    beta: "Estimate"
    correlation: "Estimate"
    yearly: Sequence["Yearly"]
    """Correlation of the daily returns of each calendar year."""
    day_low: float | None
    day_high: float | None
    low52: float | None
    high52: float | None
    peak: float | None
    """Highest close of all stored sessions, today's price among them."""
    first: date | None
    """First stored session."""
    days: Sequence[date]
    """Sessions of the chart, oldest first, the as-of session last."""
    closes: Sequence[float | None]
    volumes_by_day: Sequence[int | None]
    tracked_by: str | None = None


def make(shelf: Shelf, quote: Quote, baseline: Baseline, bench: Bench | None, volumes: Sequence[VolumeLine]) -> Detail:
    """Compute the drill-down. Blocking (disk and polars): called in a thread.

    Args:
        shelf: The stored history.
        quote: The symbol's latest; it has a price and a session.
        baseline: Its baseline for that session.
        bench: The benchmark.
        volumes: The ratios, which are a row's own figures.
    """
    from tui.analytics.relative import Estimate, beta, correlation, yearly_correlation
    from tui.analytics.returns import excess_all, returns_all
    from tui.analytics.today import is_closed, with_today

    session = quote.session
    assert session is not None
    stored = shelf.frame([quote.symbol], end=session)
    own = with_today(stored, session, quote.price, quote.volume)
    theirs = shelf.frame([bench.symbol], end=session) if bench else stored.clear()
    bench_now = _bench_now(bench, session, final=quote.final)
    theirs = with_today(theirs, session, bench_now, None)
    excess = excess_all(own, theirs, session, WINDOWS, price=quote.price, bench_price=bench_now)
    total = returns_all(own, session, WINDOWS, total=True, price=None if is_closed(stored, session) else quote.price)
    tail = own.tail(DAYS)
    same = bench is None or bench.symbol == quote.symbol
    against_yield = bench is not None and bench.symbol == "^TNX"
    nothing = Estimate(None, 0)
    return Detail(
        symbol=quote.symbol,
        session=session,
        lines=[
            WindowLine(
                window,
                each.own.base.session if each.own.base else None,
                each.own.value,
                each.bench.value,
                each.value,
                total[window].value,
            )
            for window, each in excess.items()
        ],
        volumes=volumes,
        beta=nothing if same else beta(own, theirs, against_yield=against_yield),
        correlation=nothing if same else correlation(own, theirs, against_yield=against_yield),
        yearly=[] if same else yearly_correlation(own, theirs, against_yield=against_yield),
        day_low=quote.low,
        day_high=quote.high,
        low52=_extreme(min, baseline.low251, quote.low, quote.price),
        high52=_extreme(max, baseline.high251, quote.high, quote.price),
        peak=_extreme(max, baseline.peak, quote.price),
        first=own["date"][0] if own.height else None,
        days=tail["date"].to_list(),
        closes=tail["close"].to_list(),
        volumes_by_day=tail["volume"].to_list(),
        tracked_by=TRACKERS.get(quote.symbol),
    )


def volume_lines(board: "Board", symbol: str, baseline: Baseline) -> list[VolumeLine]:
    """The volume ratio over each number of sessions, by the mean and by the median of the usual volume."""
    lines = []
    for sessions in VOLUME_WINDOWS:
        usual = baseline.usual[sessions]
        figures = board.row(symbol, volume_window=sessions).figures
        by_mean = figures.volume_ratio if figures else None
        by_median = by_mean * usual.mean / usual.median if by_mean is not None and usual.mean and usual.median else None
        lines.append(VolumeLine(sessions, by_mean, by_median, usual.mean, usual.median, usual.known))
    return lines


def _bench_now(bench: Bench | None, session: date, *, final: bool) -> float | None:
    if bench is None:
        return None
    close = bench.closes.get(session.toordinal()) if final else None
    return close if close is not None else bench.price if bench.session == session else None


def _extreme(pick: Callable[..., float], *values: float | None) -> float | None:
    known = [value for value in values if value is not None]
    return pick(known) if known else None

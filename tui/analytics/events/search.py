"""Searches the history for a condition: polars on one frame per symbol; blocking, called in a thread."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import reduce

import polars as pl

from tui.analytics.events import columns, report
from tui.analytics.events.answer import HORIZONS, Each, EventAnswer, NoSessionsError
from tui.analytics.events.calendars import Shared, side_by_side
from tui.analytics.events.columns import DATE
from tui.analytics.events.error import ConditionError
from tui.analytics.events.evaluate import run, truth, value
from tui.analytics.events.figures import FIGURES
from tui.analytics.events.live import Before, Moment, values
from tui.analytics.events.tree import At, Condition, Cross, Series, Streak, walk
from tui.analytics.holes import ends_early
from tui.analytics.windows import Window

JUDGED = 20
"""Known sessions from which on a condition that held on all of them is taken to be always true."""

Today = tuple[date, Mapping[str, Moment]]
"""The running session, and each symbol now."""


def columns_needed(condition: Condition) -> dict[str, tuple[str, ...]]:
    """The columns of the daily bars that each symbol of a condition needs, `close` among them."""
    needed: dict[str, dict[str, None]] = {symbol: {"close": None} for symbol in condition.symbols}
    for node in walk(condition.root):
        if isinstance(node, Series):
            needed[node.symbol] |= dict.fromkeys(FIGURES[node.figure].columns)
    return {symbol: tuple(names) for symbol, names in needed.items()}


def table(condition: Condition, frames: Mapping[str, pl.DataFrame], horizons: Sequence[Window] = ()) -> pl.DataFrame:
    """One row for each session on which all symbols of a condition traded, oldest first.

    Args:
        condition: What to search for.
        frames: Each symbol's own sessions, sorted by date: `date` and what `columns_needed` says.
        horizons: Also the forward returns of each symbol, in columns called by `report.forward_column`.
    """
    figured = [_figured(condition, shared, horizons) for shared in side_by_side(frames, columns_needed(condition))]
    days = reduce(_in_common, (frame.get_column(DATE) for frame in figured))
    aligned = [
        frame if frame.height == len(days) else frame.filter(pl.col(DATE).is_in(days.implode())) for frame in figured
    ]
    return pl.concat([aligned[0], *(frame.drop(DATE) for frame in aligned[1:])], how="horizontal")


def search(
    condition: Condition,
    frames: Mapping[str, pl.DataFrame],
    *,
    today: Today | None = None,
    horizons: Sequence[Window] = HORIZONS,
    since: date | None = None,
    until: date | None = None,
    each: Each | None = None,
) -> EventAnswer:
    """Answer a condition.

    Args:
        condition: What to search for.
        frames: As for `table`; no row is later than the as-of session.
        today: The running session, which takes the place of a stored row of it.
        horizons: Counted windows to look ahead, in the symbol's own sessions.
        since: Only events of this day or later count, and only its sessions make the base rate.
        until: The same, this day or earlier; forward returns may lie after it.
        each: What counts as one event; None is `RUN` where the condition asks for a streak, else `SESSION`.

    Raises:
        NoSessionsError: no session has all of the symbols, or none lies in the span.
        ConditionError: it held on every session, or nothing is ever known that it depends on.
    """
    each = each or (Each.RUN if condition.counts_runs else Each.SESSION)
    whole = table(condition, frames, horizons)
    if today is not None:
        whole = _with_today(condition, whole, frames, today)
    if not whole.height:
        raise NoSessionsError(_never_together(frames))
    held = whole.select(held=truth(condition.root)).to_series()
    true = held.fill_null(value=False)
    begins = true & ~true.shift(1, fill_value=False)
    lasted = true.reverse().to_frame("t").select(run(pl.col("t"))).to_series().reverse()
    judged = whole.with_columns(
        held.alias("held"), lasted.alias("lasted"), (begins if each is Each.RUN else true).alias("event")
    )
    inside = _inside(since, until)
    searched = judged.filter(*inside) if inside else judged
    if not searched.height:
        first, last = whole.item(0, DATE), whole.item(-1, DATE)
        span = f"from {since} to {until}" if since and until else f"from {since} on" if since else f"up to {until}"
        raise NoSessionsError(f"there is no session {span}: the searched ones are from {first} to {last}")
    unknown = searched["held"].null_count()
    _check_known(condition, searched, unknown)
    running = _is_running(searched, today)
    hits = searched.filter("event")
    last_hit = searched["event"].arg_true()
    return EventAnswer(
        condition=str(condition),
        each=each,
        symbols=condition.symbols,
        series={str(one): FIGURES[one.figure].unit for one in condition.series},
        horizons=tuple(horizons),
        rows=report.rows(condition, hits, horizons),
        sessions=searched.height,
        unknown=unknown,
        first=searched.item(0, DATE),
        last=searched.item(-1, DATE),
        sessions_since=searched.height - 1 - int(last_hit[-1]) if len(last_hit) else None,
        holds=bool(searched.item(-1, "held")),
        running=running,
        summary=report.outcomes(condition.symbols, hits, horizons),
        base=report.outcomes(condition.symbols, searched, horizons),
        notes=tuple(report.notes(condition, frames, searched, unknown, each, running=running)),
    )


def before(condition: Condition, frames: Mapping[str, pl.DataFrame], session: date) -> Before:
    """What the finished sessions before a running one mean for a condition; frames as for `table`.

    Where sessions are lacking just before it, nothing is known of them.
    """
    past = {symbol: frame.filter(pl.col(DATE) < session) for symbol, frame in frames.items()}
    if any(ends_early(symbol, frame, session) for symbol, frame in past.items()):
        past = {symbol: frame.clear() for symbol, frame in past.items()}
    streaks = [node for node in walk(condition.root) if isinstance(node, Streak)]
    crosses = [node for node in walk(condition.root) if isinstance(node, Cross)]
    last = (
        table(condition, past)
        .select(
            truth(condition.root).alias("held"),
            *(run(truth(node.condition)).alias(f"run{i}") for i, node in enumerate(streaks)),
            *(value(node.left).alias(f"left{i}") for i, node in enumerate(crosses)),
            *(value(node.right).alias(f"right{i}") for i, node in enumerate(crosses)),
        )
        .tail(1)
        .to_dicts()
    )
    row = last[0] if last else {}
    return Before(
        session=session,
        extremes=_extremes(condition, past),
        runs={node: row.get(f"run{i}") or 0 for i, node in enumerate(streaks)},
        sides={node: (row.get(f"left{i}"), row.get(f"right{i}")) for i, node in enumerate(crosses)},
        held=bool(row.get("held")),
    )


def _extremes(condition: Condition, past: Mapping[str, pl.DataFrame]) -> dict[At, float | None]:
    """What each `SYM at ...` has to reach in the session after these."""
    found: dict[At, float | None] = {}
    for node in walk(condition.root):
        if isinstance(node, At):
            (alone,) = side_by_side({node.symbol: past[node.symbol]}, {node.symbol: ("close",)})
            made = alone.table.select(columns.extreme(node.symbol, node.span, node.side)).to_series()
            found[node] = made[-1] if len(made) else None
    return found


def _with_today(
    condition: Condition, stored: pl.DataFrame, frames: Mapping[str, pl.DataFrame], today: Today
) -> pl.DataFrame:
    """The table with the running session as its last row."""
    session, moments = today
    past = {symbol: frame.filter(pl.col(DATE) < session) for symbol, frame in frames.items()}
    now = values(condition, moments, _extremes(condition, past))
    row = pl.DataFrame({DATE: [session], **{n: [now.get(n)] for n in stored.columns if n != DATE}}, stored.schema)
    return pl.concat([stored.filter(pl.col(DATE) < session), row])


def _figured(condition: Condition, shared: Shared, horizons: Sequence[Window]) -> pl.DataFrame:
    """The sessions on which all symbols of a calendar traded: `date`, their series and highs, their forward returns."""
    made: dict[str, pl.Expr] = {}
    for node in (*walk(condition.root), *condition.series):
        if isinstance(node, Series) and node.symbol in shared.symbols:
            made[str(node)] = columns.figure(node.symbol, node.figure)
        elif isinstance(node, At) and node.symbol in shared.symbols:
            made[str(node)] = columns.at(node.symbol, node.span, node.side)
    for symbol in shared.symbols:
        made |= {report.forward_column(symbol, window): columns.forward(symbol, window) for window in horizons}
    traded = pl.all_horizontal(columns.traded(symbol) for symbol in shared.symbols)
    figured = shared.table.select(DATE, traded.alias(_TRADED), **made)
    mask = figured.get_column(_TRADED)
    return (figured if mask.all() else figured.filter(mask)).drop(_TRADED)


_TRADED = "traded"


def _in_common(some: pl.Series, others: pl.Series) -> pl.Series:
    """The days that two columns of days have in common."""
    return some if some.equals(others) else some.filter(some.is_in(others.implode()))


def _is_running(searched: pl.DataFrame, today: Today | None) -> bool:
    """Whether the last session searched is not over yet."""
    if today is None or searched.item(-1, DATE) != today[0]:
        return False
    return any(not moment.today.final for moment in today[1].values())


def _inside(since: date | None, until: date | None) -> list[pl.Expr]:
    found = [] if since is None else [pl.col(DATE) >= since]
    return found if until is None else [*found, pl.col(DATE) <= until]


def _check_known(condition: Condition, searched: pl.DataFrame, unknown: int) -> None:
    known_sessions = searched.height - unknown
    if not known_sessions:
        raise NoSessionsError(_never_known(condition, searched))
    if known_sessions >= JUDGED and int(searched["held"].sum()) == known_sessions:
        raise ConditionError(
            f"this held on every one of {known_sessions:,} sessions, so it tells nothing: name a limit that is rarer", 0
        )


def _never_known(condition: Condition, searched: pl.DataFrame) -> str:
    named = [str(node) for node in walk(condition.root) if isinstance(node, Series | At)]
    empty = next((name for name in named if searched[name].null_count() == searched.height), str(condition))
    return (
        f"{empty} has no value on any of {searched.height:,} sessions from {searched.item(0, DATE)} to "
        f"{searched.item(-1, DATE)}: name a shorter window, or import more history"
    )


def _never_together(frames: Mapping[str, pl.DataFrame]) -> str:
    spans = ", ".join(
        f"{symbol} {frame.item(0, DATE)} to {frame.item(-1, DATE)}" if frame.height else f"{symbol} nothing"
        for symbol, frame in frames.items()
    )
    return f"there is no session on which all of these traded: {spans}"

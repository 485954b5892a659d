"""What a search has found, as the answer tells it: rows, what followed them, notes; and prices around dates."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import polars as pl

from tui.analytics.columns import known
from tui.analytics.events.answer import Around, Each, Occurrence, Outcome, Outcomes, PricePath
from tui.analytics.events.columns import DATE
from tui.analytics.events.figures import FIGURES, Unit
from tui.analytics.events.tree import Condition
from tui.analytics.windows import Window

TOLD = 0.01
"""Share of sessions with something unknown from which on it is worth a note."""

SPARSE = 0.9
"""Share of a symbol's sessions under which it is worth a note how few the symbols have in common."""

DAILY = 200
"""Values a year under which a series is no daily one, so that windows of sessions mean something else."""

LEAST_VALUES = 10


def forward_column(symbol: str, window: Window) -> str:
    """The name of a column of forward returns."""
    return f"{symbol} +{window}"


def rows(condition: Condition, hits: pl.DataFrame, horizons: Sequence[Window]) -> tuple[Occurrence, ...]:
    """The events of a table: its rows on which the condition held, with their forward returns and `lasted`."""
    series = [str(one) for one in condition.series]
    days, lasted = hits[DATE].to_list(), hits["lasted"].to_list()
    values = (dict(zip(series, row, strict=True)) for row in hits.select(series).iter_rows())
    columns = {
        symbol: [hits.get_column(forward_column(symbol, window)) for window in horizons] for symbol in condition.symbols
    }
    return tuple(
        Occurrence(date=day, values=row, forward=Ahead(columns, horizons, at), lasted=lasted[at])
        for at, (day, row) in enumerate(zip(days, values, strict=True))
    )


class Ahead(Mapping[str, Mapping[Window, float | None]]):
    """One row's forward returns, out of the columns of all rows: a thousand rows of many symbols cost nothing unread.

    The columns stay columns: as lists, an answer of 6,800 rows is 100,000 numbers of three words each.
    """

    __slots__ = ("_columns", "_horizons", "_row")

    def __init__(self, columns: Mapping[str, Sequence[pl.Series]], horizons: Sequence[Window], row: int) -> None:
        self._columns = columns
        self._horizons = horizons
        self._row = row

    def __getitem__(self, symbol: str) -> Mapping[Window, float | None]:
        return {window: column[self._row] for window, column in zip(self._horizons, self._columns[symbol], strict=True)}

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


def outcomes(symbols: Sequence[str], table: pl.DataFrame, horizons: Sequence[Window]) -> Outcomes:
    """Mean, median, share above zero and number of the forward returns of these rows."""
    by_end: dict[int, list[str]] = {}
    found: dict[str, Outcome] = {}
    for name in (forward_column(symbol, window) for symbol in symbols for window in horizons):
        values = table.get_column(name)
        unknown = values.null_count()
        end = len(values) - unknown
        # A median of values with a mask for nulls takes ten times as long: most are null at the end alone, and cut off.
        if values.slice(end).null_count() == unknown:
            by_end.setdefault(end, []).append(name)
        else:
            found |= _outcomes(values.to_frame().drop_nulls())
    for end, names in by_end.items():
        found |= _outcomes(table.select(names).slice(0, end))
    return {symbol: {window: found[forward_column(symbol, window)] for window in horizons} for symbol in symbols}


def _outcomes(returns: pl.DataFrame) -> dict[str, Outcome]:
    """The outcome of each column; none of them has a null."""
    names = returns.columns
    if not returns.height:
        return dict.fromkeys(names, Outcome(None, None, None, 0))
    every = pl.all()
    figures = (every.mean(), every.median(), (every > 0).mean())
    means, medians, positive = (returns.select(figure).row(0) for figure in figures)
    return {name: Outcome(means[i], medians[i], positive[i], returns.height) for i, name in enumerate(names)}


def notes(
    condition: Condition,
    frames: Mapping[str, pl.DataFrame],
    searched: pl.DataFrame,
    unknown: int,
    each: Each,
    *,
    running: bool,
) -> Iterable[str]:
    """What to know when reading an answer, in sentences."""
    if each is Each.RUN:
        yield "Sessions in a row on which it holds are one event, dated on the first."
    if unknown > searched.height * TOLD:
        yield f"On {unknown:,} of {searched.height:,} sessions a value is unknown; there it counts as not held."
    first, last = searched.item(0, DATE), searched.item(-1, DATE)
    # Only a symbol with many more sessions in all can have many more of them in the span.
    longer = [frame.get_column(DATE) for frame in frames.values() if frame.height * SPARSE > searched.height]
    if any(_between(days, first, last) * SPARSE > searched.height for days in longer):
        yield f"Searched are only the {searched.height:,} days on which {', '.join(condition.symbols)} all have a value."
    for symbol, frame in frames.items():
        yearly = _yearly(frame.get_column(DATE))
        if yearly is not None and yearly < DAILY:
            yield f"{symbol} has about {yearly:.0f} values a year; its windows count those, so that 1W is five of them."
    yields = dict.fromkeys(one.symbol for one in condition.series if FIGURES[one.figure].unit is Unit.BASIS)
    if yields:
        yield f"What follows is the change of {', '.join(yields)} in percent of its level, not in basis points."
    if running:
        yield f"{last} still runs; its values are those of now."


def _yearly(days: pl.Series) -> float | None:
    """How many of them there are in a year; None where they are too few to say."""
    if len(days) < LEAST_VALUES:
        return None
    first, last = days[0], days[-1]
    assert isinstance(first, date)
    assert isinstance(last, date)
    return (len(days) - 1) / ((last - first).days / 365.25)


def _between(days: pl.Series, first: date, last: date) -> int:
    """How many days lie between two, both included."""
    return int(days.search_sorted(last, side="right")) - int(days.search_sorted(first))


def around(frame: pl.DataFrame, symbol: str, dates: Iterable[date], *, before: int = 21, after: int = 63) -> Around:
    """A symbol's closes around each of some dates, 100 on the date; dates it did not trade on are left out.

    Takes its own sessions, sorted by date: `date`, `close`.
    """
    closes = frame.select(known("close")).to_series().to_list()
    places = {day: at for at, day in enumerate(frame.get_column(DATE).to_list())}
    offsets = tuple(range(-before, after + 1))
    paths = []
    for day in dates:
        at = places.get(day)
        base = None if at is None else closes[at]
        if at is None or base is None or base <= 0:
            continue
        line = (closes[at + k] if 0 <= at + k < len(closes) else None for k in offsets)
        paths.append(PricePath(day, tuple(None if close is None else 100 * close / base for close in line)))
    return Around(symbol, offsets, tuple(paths), tuple(map(_median, zip(*(p.values for p in paths), strict=True))))


def _median(values: Sequence[float | None]) -> float | None:
    return pl.Series(values, dtype=pl.Float64).median()  # type: ignore[return-value]

"""Symbols against a benchmark, for the screen and for `show relative`: asked once, then priced by each tick.

A `RelativeStudy` reads the history in a thread. What it answers has no prices of the as-of session in it: `relative_rows` adds
those, by arithmetic alone.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from threading import Event
from typing import TYPE_CHECKING

from msgspec import Struct

from tui.board import Board
from tui.loader import Shelf
from tui.studies.spans import ALL, Span

if TYPE_CHECKING:
    import polars as pl

    from tui.analytics.comparison import Days, Side, Start
    from tui.analytics.figures import Baseline

MOST = 8
"""Symbols that are compared at a time."""

RANKED = 100
"""A longer list is not ranked here: that would read the whole history of each of its symbols."""

YIELD = "^TNX"
"""Benchmark whose daily change, in basis points, stands for a return in correlation and beta."""


class Question(Struct, frozen=True):
    """What is compared; an answer belongs to the question that it was made for."""

    symbols: tuple[str, ...]
    """At most `MOST`, the benchmark not among them."""
    peers: tuple[str, ...]
    """The list in which they are ranked; empty where it is too long."""
    benchmark: str
    span: Span
    total: bool
    """Dividends reinvested."""
    sessions: tuple[tuple[str, date], ...]
    """The as-of session of each of them that has a price."""

    @property
    def names(self) -> list[str]:
        """All symbols in it, the benchmark first."""
        return list(dict.fromkeys((self.benchmark, *self.symbols, *self.peers)))


class Comparison(Struct, frozen=True, eq=False, kw_only=True):
    """The answer."""

    question: Question
    days: "Days"
    session: date | None
    """The benchmark's as-of session, which comes after the days; None while it has no price."""
    bench_line: Sequence[float | None]
    """The benchmark rebased to 100 over the days."""
    bench_base: float | None
    sides: Mapping[str, "Side"]
    """By compared symbol; those without a price are absent."""
    starts: Mapping[str, Mapping[str, "Start"]]
    """By symbol of the list and by window."""
    adjusted: Mapping[str, float]
    """Stored adjusted closes of the as-of sessions, which stand for the prices in total returns."""

    @property
    def missing(self) -> list[str]:
        """Compared symbols without a close where the span begins: they have no line."""
        return [s for s in self.question.symbols if s in self.sides and self.sides[s].base is None]


class UnwantedError(Exception):
    """Something else was asked meanwhile."""


def question(board: Board, symbols: Sequence[str], peers: Sequence[str], span: Span, *, total: bool) -> Question:
    """What is to be compared, with the sessions of now."""
    quotes, benchmark = board.engine.live.quotes, board.benchmark
    compared = tuple(dict.fromkeys(s for s in symbols if s != benchmark))[:MOST]
    listed = tuple(peers) if len(peers) <= RANKED else ()
    sessions = tuple(
        (s, quote.session)
        for s in dict.fromkeys((benchmark, *compared, *listed))
        if (quote := quotes.get(s)) is not None and quote.session is not None and quote.price is not None
    )
    return Question(compared, listed, benchmark, span, total, sessions)


class RelativeStudy:
    """Answers questions over one board; what was read for the last one serves the next over the same symbols."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._asked: Question | None = None
        self._beside: tuple[Baseline | None, ...] = ()
        """The baselines of the last question: others mean that the history has grown."""
        self._read: tuple[tuple[object, ...], Sequence[Baseline | None], pl.DataFrame] | None = None

    def is_new(self, asked: Question) -> bool:
        """Whether this is another question than the last one, or its history has grown since."""
        beside = self._baselines(asked)
        return asked != self._asked or not _same(beside, self._beside)

    def is_last(self, asked: Question) -> bool:
        """Whether nothing else was asked since."""
        return asked == self._asked

    def forget(self) -> None:
        """Take the last question as not asked: its answer was not waited for."""
        self._asked = None

    async def ask(self, asked: Question) -> Comparison:
        """The answer, made off the loop; when cancelled, the thread ends at its next symbol.

        Raises:
            DataError: the history cannot be read.
        """
        self._asked, self._beside = asked, self._baselines(asked)
        beside, key = self._beside, (asked.sessions, asked.symbols, asked.peers)
        kept = self._read[2] if self._read and self._read[0] == key and _same(self._read[1], beside) else None
        left = Event()
        shelf = self._board.engine.shelf

        def work() -> "tuple[pl.DataFrame, Comparison]":
            stored = kept if kept is not None else read(shelf, asked)
            return stored, prepare(stored, asked, left.is_set)

        try:
            stored, comparison = await asyncio.to_thread(work)
        finally:
            left.set()
        self._read = key, beside, stored
        return comparison

    def _baselines(self, asked: Question) -> "tuple[Baseline | None, ...]":
        baselines = self._board.engine.loader.baselines
        return tuple(baselines.get(symbol) for symbol in asked.names)


def _same(one: "Sequence[Baseline | None]", other: "Sequence[Baseline | None]") -> bool:
    """Whether these are the very same baselines, without a look into them."""
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))


def read(shelf: Shelf, asked: Question) -> "pl.DataFrame":
    """The stored closes behind a question. Blocking (disk): called in a thread.

    Raises:
        DataError: the history cannot be read.
    """
    last = max((session for _, session in asked.sessions), default=date.min)
    return shelf.frame(asked.names, end=last, columns=["close", "adj_close"])


def _whole(frame: "pl.DataFrame", session: date | None) -> "pl.DataFrame":
    """One symbol's sessions, those that it lacks before its as-of session without a close."""
    from tui.analytics.holes import with_lacking

    return frame if session is None else with_lacking(frame, frame["symbol"][:1], session)


def prepare(stored: "pl.DataFrame", asked: Question, unwanted: Callable[[], bool] = lambda: False) -> Comparison:
    """The answer, from what was read. Blocking (polars): called in a thread.

    Raises:
        UnwantedError: as soon as it is `unwanted`.
    """
    from tui.analytics import comparison as made
    from tui.analytics.comparison import Days

    sessions = dict(asked.sessions)
    names = asked.names
    stored = made.closes_of(stored, total=asked.total)
    parts = {key[0]: part for key, part in stored.partition_by("symbol", as_dict=True).items()}
    frames = {name: _whole(parts.get(name, stored.clear()), sessions.get(name)).drop("symbol") for name in names}
    bench, session = frames[asked.benchmark], sessions.get(asked.benchmark)
    start = asked.span.since
    if asked.span == ALL:
        start = made.first_common([frames[s] for s in (asked.benchmark, *asked.symbols) if s in sessions])
    days = made.days_of(bench, session, asked.span, start) if session else Days([], [])
    starts: dict[str, Mapping[str, Start]] = {}
    sides: dict[str, Side] = {}
    for name in names:
        if unwanted():
            raise UnwantedError
        if name not in sessions:
            continue
        starts[name] = made.starts_of(frames[name], bench, sessions[name], asked.span, start)
        if name in asked.symbols:
            sides[name] = made.side_of(
                name,
                frames[name],
                bench,
                sessions[name],
                starts[name].get(asked.span.text),
                days,
                sessions=made.sessions_back(asked.span),
                against_yield=asked.benchmark == YIELD,
            )
    line, base = made.bench_line(bench, days.span)
    return Comparison(
        question=asked,
        days=days,
        session=session,
        bench_line=line,
        bench_base=base,
        sides=sides,
        starts=starts,
        adjusted=made.adjusted(stored, sessions) if asked.total else {},
    )

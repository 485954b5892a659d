"""Conditions on the history: when they held, what followed, and whether they happen now.

`EventsStudy` is what the screen, the alerts and `show events` ask. It reads the columns it needs once per symbol and
session, and computes in a thread.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from tui import sessions
from tui.analytics.events import Condition, ConditionError, parse
from tui.analytics.events.answer import HORIZONS, Around, Each, EventAnswer, Occurrence, Outcome
from tui.analytics.events.live import Before, Moment, happens
from tui.analytics.windows import Window
from tui.board import Board, today_of
from tui.sources.base import NoDataError, UnknownSymbolError

if TYPE_CHECKING:
    import polars as pl

    from tui.analytics.figures import Baseline
    from tui.loader import Shelf

__all__ = [
    "HORIZONS",
    "Around",
    "ConditionError",
    "Each",
    "EventAnswer",
    "EventsStudy",
    "Occurrence",
    "Outcome",
]

KEPT = 120
"""Symbols whose columns are kept in memory: about half a megabyte each for fifty years."""

MOST_WATCHED = 500
"""Conditions that are kept read and prepared."""


class _Read(Struct, frozen=True, eq=False):
    """The columns of one symbol as they were read."""

    session: date
    """The as-of session they go up to."""
    baseline: "Baseline | None"
    """The symbol's baseline then: a new one means that its history has changed."""
    columns: frozenset[str]
    frame: "pl.DataFrame"


class _Prepared(Struct, frozen=True, eq=False):
    """A condition that is watched."""

    before: Before
    baselines: "tuple[Baseline | None, ...]"


class EventsStudy:
    """Answers conditions over the history of a board. Used on the event loop; the work is done in threads."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._read: OrderedDict[str, _Read] = OrderedDict()
        self._prepared: dict[Condition, _Prepared] = {}
        self._parsed: dict[str, Condition] = {}
        self._turn = asyncio.Lock()

    async def parsed(self, text: str) -> Condition:
        """Read a condition, off the loop the first time.

        Raises:
            ConditionError: it is none; says where and what to type instead.
        """
        if text not in self._parsed:
            if len(self._parsed) > MOST_WATCHED:
                self._parsed.clear()
            self._parsed[text] = await asyncio.to_thread(parse, text)
        return self._parsed[text]

    async def answer(
        self,
        text: str,
        *,
        horizons: Sequence[Window] = HORIZONS,
        since: date | None = None,
        until: date | None = None,
        each: Each | None = None,
    ) -> EventAnswer:
        """When a condition held up to the as-of session, what followed, and the base rate.

        The running session is the last one where all symbols of the condition have a price of it. A symbol that is
        not stored is asked of the source, and stored.

        Args:
            text: The condition.
            horizons: Counted windows to look ahead.
            since: Search from this day on.
            until: Search up to this day; forward returns may lie after it.
            each: What counts as one event; None is a run where the condition asks for a streak, else each session.

        Raises:
            ConditionError: no such condition, an unknown symbol, or one that is always true.
            DataError: there is nothing to search, or the history cannot be read.
        """
        condition = await self.parsed(text)
        await self._fetched(condition)
        session, moments = self._now(condition.symbols)

        def work(frames: "Mapping[str, pl.DataFrame]") -> EventAnswer:
            early = {symbol: ends_early(symbol, frame, session) for symbol, frame in frames.items()}
            gaps = [f"the history of {symbol} ends on {last}" for symbol, last in early.items() if last]
            today = (session, moments) if not gaps and _from_quotes(session, moments, frames) else None
            found = search(condition, frames, today=today, horizons=horizons, since=since, until=until, each=each)
            note = f"{session} is not counted: {', '.join(gaps)}."
            return structs.replace(found, notes=(*found.notes, note)) if gaps else found

        from tui.analytics.events.search import columns_needed, search
        from tui.analytics.holes import ends_early

        frames = await self._frames(columns_needed(condition), session)
        found = await asyncio.to_thread(work, frames)
        absent = [symbol for symbol in condition.symbols if symbol not in moments]
        if absent and found.last < session and any(not each.today.final for each in moments.values()):
            note = f"{session} is not counted: there is no price of {', '.join(absent)} yet."
            return structs.replace(found, notes=(*found.notes, note))
        return found

    async def around(self, symbol: str, dates: Iterable[date], *, before: int = 21, after: int = 63) -> Around:
        """A symbol's closes around each of some dates, 100 on the date, and their median.

        Raises:
            DataError: the history cannot be read.
        """
        from tui.analytics.events.report import around

        session, _ = self._now((symbol,))
        frames = await self._frames({symbol: ("close",)}, session)
        days = list(dates)
        return await asyncio.to_thread(around, frames[symbol], symbol, days, before=before, after=after)

    async def happening(self, conditions: Iterable[str]) -> set[str]:
        """Those of the conditions that are an event in the running (or as-of) session, by the text they were given in.

        Cheap enough for every few seconds: what lies before the session is computed once. Only symbols that are
        watched have a price; what is unknown never happens, and a text that is no condition is left out.
        """
        return {text for text, found in (await self.states(conditions)).items() if found}

    async def states(self, conditions: Iterable[str]) -> dict[str, bool]:
        """The same for each condition that can be read: whether it is an event now."""
        found = {}
        for text in dict.fromkeys(conditions):
            try:
                condition = await self.parsed(text)
            except ConditionError:
                continue
            session, moments = self._now(condition.symbols)
            prepared = await self._prepare(condition, session)
            found[text] = happens(condition, moments, prepared.before)
        return found

    async def watched(self, text: str) -> tuple[Condition, dict[str, Moment], Before]:
        """A condition with what is known now of its symbols, and of the sessions before; for `studies.alerts`.

        Raises:
            ConditionError: it is none.
            DataError: the history cannot be read.
        """
        condition = await self.parsed(text)
        session, moments = self._now(condition.symbols)
        return condition, moments, (await self._prepare(condition, session)).before

    async def symbols(self, conditions: Iterable[str]) -> tuple[str, ...]:
        """The symbols to watch so that these conditions can happen; texts that are no condition are left out."""
        named: dict[str, None] = {}
        for text in conditions:
            try:
                named |= dict.fromkeys((await self.parsed(text)).symbols)
            except ConditionError:
                continue
        return tuple(named)

    def _now(self, symbols: Sequence[str]) -> tuple[date, dict[str, Moment]]:
        """The as-of session of these symbols, and those that have a price and a baseline in it."""
        quotes, baselines = self._board.engine.live.quotes, self._board.engine.loader.baselines
        given = (quotes[symbol].session for symbol in symbols if symbol in quotes)
        session = max((day for day in given if day is not None), default=date.min)
        session = max(session, sessions.session_of(self._board.engine.source.now()))
        moments = {}
        for symbol in symbols:
            quote, baseline = quotes.get(symbol), baselines.get(symbol)
            if quote is None or quote.price is None or quote.session != session:
                continue
            if baseline is not None and baseline.session == session:
                moments[symbol] = Moment(today_of(quote), baseline, self._board.profile(symbol))
        return session, moments

    async def _fetched(self, condition: Condition) -> None:
        """Have every symbol of a condition in the history."""
        engine = self._board.engine
        stored = await asyncio.to_thread(engine.shelf.last_sessions, condition.symbols)
        for symbol in condition.symbols:
            if symbol in stored:
                continue
            try:
                bars = await engine.source.history(symbol)
            except (UnknownSymbolError, NoDataError) as error:
                raise ConditionError(str(error), condition.columns.get(symbol, 0)) from error
            await asyncio.to_thread(engine.shelf.append, [bars])

    async def _frames(self, needed: Mapping[str, Sequence[str]], session: date) -> "dict[str, pl.DataFrame]":
        """Each symbol's own sessions up to the as-of session, with at least the columns needed."""
        baselines = self._board.engine.loader.baselines
        async with self._turn:
            absent = {
                symbol: frozenset(columns)
                for symbol, columns in needed.items()
                if not self._holds(symbol, columns, session)
            }
            if absent:
                made = await asyncio.to_thread(_read, self._board.engine.shelf, absent, session)
                for symbol, frame in made.items():
                    self._read[symbol] = _Read(session, baselines.get(symbol), absent[symbol], frame)
            found = {}
            for symbol in needed:
                self._read.move_to_end(symbol)
                found[symbol] = self._read[symbol].frame
            while len(self._read) > max(KEPT, len(needed)):
                self._read.popitem(last=False)
            return found

    def _holds(self, symbol: str, columns: Sequence[str], session: date) -> bool:
        read = self._read.get(symbol)
        baseline = self._board.engine.loader.baselines.get(symbol)
        return (
            read is not None
            and read.session == session
            and read.baseline is baseline
            and read.columns.issuperset(columns)
        )

    async def _prepare(self, condition: Condition, session: date) -> _Prepared:
        from tui.analytics.events.search import before, columns_needed

        baselines = tuple(map(self._board.engine.loader.baselines.get, condition.symbols))
        kept = self._prepared.get(condition)
        if kept is not None and kept.before.session == session and _same(kept.baselines, baselines):
            return kept
        frames = await self._frames(columns_needed(condition), session)
        if len(self._prepared) > MOST_WATCHED:
            self._prepared.clear()
        made = _Prepared(await asyncio.to_thread(before, condition, frames, session), baselines)
        self._prepared[condition] = made
        return made


def _from_quotes(session: date, moments: Mapping[str, Moment], frames: "Mapping[str, pl.DataFrame]") -> bool:
    """Whether the as-of session is to be taken from quotes: all have one, and not all of it is over and stored."""
    if moments.keys() != frames.keys():
        return False
    stored = all(frame.height and frame.item(-1, "date") == session for frame in frames.values())
    return not stored or any(not each.today.final for each in moments.values())


def _same(some: "Sequence[Baseline | None]", others: "Sequence[Baseline | None]") -> bool:
    return all(one is other for one, other in zip(some, others, strict=True))


def _read(shelf: "Shelf", needed: Mapping[str, frozenset[str]], session: date) -> "dict[str, pl.DataFrame]":
    """One read for all symbols. Blocking: called in a thread."""
    columns = sorted(frozenset[str]().union(*needed.values()))
    frame = shelf.frame(list(needed), None, session, columns)
    stored = frame.partition_by("symbol", as_dict=True, include_key=False)
    empty = frame.clear().drop("symbol")
    return {symbol: stored.get((symbol,), empty) for symbol in needed}

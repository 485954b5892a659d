"""What screen 5 knows of events: the condition, its answer made off the loop, and the chart that follows the table."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from textual import on, work

from tui.analytics.windows import SESSIONS, Window
from tui.format import clean
from tui.model import DataError
from tui.panels.event_chart import MOST, EventChart
from tui.panels.event_head import answer_segments, condition_segments
from tui.panels.event_rows import EventRows
from tui.panels.event_summary import EventSummary
from tui.screens.condition import AskCondition
from tui.screens.page import REST_SECONDS
from tui.screens.progress import told
from tui.screens.season_page import SeasonPage
from tui.view import ChartKind
from tui.widgets.grid import Grid
from tui.widgets.once import once
from tui.widgets.status import StatusBar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet
    from datetime import date

    from textual.timer import Timer

    from tui.analytics.events.answer import EventAnswer
    from tui.board import Board
    from tui.studies.events import EventsStudy

EVENT_PANELS = ("event-rows", "event-chart", "event-summary")
REMAKE_TICKS = 5
"""Seconds between two looks at whether the condition holds now, while its symbols trade."""

SPANS = {
    Window.D1: 5,
    Window.W1: 5,
    Window.WTD: 5,
    Window.MTD: SESSIONS[Window.M1],
    Window.QTD: SESSIONS[Window.M3],
    Window.YTD: SESSIONS[Window.M6],
}
"""Sessions to each side of an event for the windows that are too short for a picture, or that follow the calendar."""


def first_condition(cursor: str | None, benchmark: str) -> str:
    """A condition to begin with: the cursor's symbol far ahead of the benchmark, or the benchmark's own bad days."""
    from tui.analytics.events.tree import quoted

    own = quoted(benchmark)
    if not cursor or cursor == benchmark:
        return f"{own}.1d <= -2%"
    return f"{quoted(cursor)}.1d - {own}.1d >= 1.5pp"


def running_path(board: Board, symbol: str, day: date, span: int) -> list[float | None]:
    """A symbol's closes up to the running session, 100 at its price now; empty where `day` is not that session."""
    quote, baseline = board.engine.live.quotes.get(symbol), board.engine.loader.baselines.get(symbol)
    if quote is None or not quote.price or baseline is None or not baseline.session == quote.session == day:
        return []
    before = [None if isnan(close) else 100 * close / quote.price for close in baseline.closes[-span:]]
    return [*[None] * (span - len(before)), *before, 100.0, *[None] * span]


class EventPage(SeasonPage):
    """One condition at a time, searched over the whole history and watched while it is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.condition = ""
        """As it was typed or chosen."""
        self.condition_name = ""
        """What it is saved under."""
        self.event_answer: EventAnswer | None = None
        self.event_problem = ""
        self._study: EventsStudy | None = None
        self._asked = False
        """Whether what is shown still answers another condition."""
        self._event_stale = False
        self._event_ticks = 0
        self._rest: Timer | None = None
        self._happening: bool | None = None
        """Whether it was an event when that was last asked."""
        self._sessions: list[date | None] = []
        """The sessions that its symbols were in when it was last searched for."""

    @property
    def study(self) -> EventsStudy:
        """Who answers; it keeps what it has read."""
        if self._study is None:
            from tui.studies.events import EventsStudy

            self._study = EventsStudy(self.app.board)
        return self._study

    @property
    def panels_due(self) -> bool:
        """Whether the chart has yet to follow the cursor."""
        return self._rest is not None

    def events_changed(self, changed: AbstractSet[str]) -> None:
        """Remember that a symbol of the condition has traded; without an answer yet, ask at once."""
        answer = self.event_answer
        if answer is not None and not changed.isdisjoint(answer.symbols):
            self._event_stale = True
        elif answer is None and self.condition and not changed.isdisjoint(self.symbols):
            self.search()

    def events_tick(self) -> None:
        """Now and then ask whether it is an event by now."""
        self._event_ticks += 1
        if self._event_stale and not self.app.paused and self._event_ticks % REMAKE_TICKS == 0:
            self.look()

    def _sessions_now(self) -> list[date | None]:
        quotes = self.app.board.engine.live.quotes
        return [quotes[symbol].session if symbol in quotes else None for symbol in self.symbols]

    def events_resumed(self) -> None:
        """The screen is back: what was given up is asked again, what has changed meanwhile is looked for."""
        self._event_stale = True
        if self._asked and not any(worker.group == "events" and not worker.is_finished for worker in self.workers):
            self.search()

    @work(group="happening", exclusive=True)
    async def look(self) -> None:
        """Ask whether the condition is an event now, which costs little; search anew where that or its values change."""
        condition, self._event_stale = self.condition, False
        happens = (await self.study.states([condition])).get(condition)
        if condition != self.condition:
            return
        if happens or happens != self._happening or self._sessions_now() != self._sessions:
            rings = bool(happens) and self._happening is False and not self.app.rings_for(condition)
            self._happening = happens
            self.search()
            if rings:
                self.app.bell()
                self.say(f"{clean(self.condition_name or condition, 60)}: happens now", "warn")

    def ask_for(self, condition: str, name: str = "") -> None:
        """Search for another condition; what is under way for the last one is given up."""
        self.condition, self.condition_name, self._asked, self._happening = condition, name, True, None
        self.search()

    @work(group="events", exclusive=True)
    async def search(self) -> None:
        """Answer the condition off the loop; the rows of the last answer stay until the next is there."""
        if not self.app.ready or not self.condition:
            return
        condition = self.condition
        self._event_stale = False
        self.draw_events_head()
        try:
            named = await self.study.symbols((condition,))
            if set(named) - set(self.symbols):
                self.watch_symbols(named)
            self._sessions = self._sessions_now()
            answer = await told(
                self, self.study.answer(condition), f"Searching the history of {clean(', '.join(named), 40)}"
            )
        except (DataError, ValueError) as error:
            self.event_answer, self.event_problem = None, str(error)
        else:
            self.event_answer, self.event_problem = answer, ""
        self._asked = False
        self.draw_events()

    def alert_text(self) -> str:
        """The condition that is shown."""
        return self.condition or super().alert_text()

    def watch_symbols(self, named: tuple[str, ...]) -> None:
        """Have prices of what the condition names, and of whose seasons are shown."""
        self.symbols = tuple(dict.fromkeys((*named, *([self._season_choice] if self._season_choice else []))))
        self.app.order()

    def draw_events_head(self) -> None:
        """The lines of the condition and of its answer."""
        answer = None if self._asked else self.event_answer
        problem = "" if self._asked else self.event_problem
        self.query_one("#condition", StatusBar).show(condition_segments(self.condition, self.condition_name, answer))
        self.query_one("#answer", StatusBar).show(answer_segments(answer, problem))

    def draw_events(self) -> None:
        """Show the answer, or why there is none."""
        self.draw_events_head()
        rows, answer = self.query_one(EventRows), self.event_answer
        if answer is None:
            rows.show_nothing(self.event_problem or "searching")
            self.query_one(EventSummary).show_nothing()
            self.query_one(EventChart).show_nothing("")
            return
        rows.show_answer(answer)
        self.query_one(EventSummary).show_answer(answer)
        self.draw_chart()

    @property
    def span(self) -> int:
        """Sessions to each side of the event that the chart shows."""
        window = self.app.view.window
        return SPANS.get(window) or SESSIONS[window]

    @work(group="around", exclusive=True)
    async def draw_chart(self) -> None:
        """Draw the prices around the date under the cursor."""
        answer, day, span = self.event_answer, self.query_one(EventRows).chosen, self.span
        chart = self.query_one(EventChart)
        if answer is None or day is None:
            chart.show_nothing("no event to draw")
            return
        marked = [row.date for row in answer.rows if row.date.isoformat() in self.query_one(EventRows).marks][-MOST:]
        lines: dict[str, Sequence[float | None]] = {}
        try:
            for symbol in answer.symbols[:1] if marked else answer.symbols[:MOST]:
                found = await self.study.around(symbol, marked or [day], before=span, after=span)
                for path in found.paths:
                    lines[f"{path.date}" if marked else symbol] = path.values
                if not marked and not found.paths and (running := running_path(self.app.board, symbol, day, span)):
                    lines[symbol] = running
        except DataError as error:
            chart.show_nothing(str(error))
            return
        if answer is self.event_answer:
            kind = ChartKind.REBASED if marked else self.app.view.chart
            chart.show_around(answer.symbols[0] if marked else f"{day}", lines, kind, now=True)

    @on(Grid.CursorMoved, "#event-rows")
    @on(Grid.MarksChanged, "#event-rows")
    def _follow(self) -> None:
        if self._rest is not None:
            self._rest.stop()
        self._rest = once(self, REST_SECONDS, self._rested)

    def _rested(self) -> None:
        self._rest = None
        if self.event_answer is not None and self.is_seen:
            self.draw_chart()

    @on(Grid.Opened, "#event-rows")
    def _open(self) -> None:
        self.bring_forward("event-chart")

    @on(Grid.HeaderClicked, "#event-rows")
    def _clicked(self, event: Grid.HeaderClicked) -> None:
        self.query_one(EventRows).sort_by(event.column)

    def action_sort(self) -> None:
        """Sort the events by the cursor's column; a second time goes back to the newest first."""
        rows = self.query_one(EventRows)
        if self._in_use():
            rows.sort_by(rows.cursor_column)

    def action_reverse(self) -> None:
        """Turn the order of the events around."""
        if self._in_use():
            self.query_one(EventRows).reverse()

    def _in_use(self) -> bool:
        """Whether the events have the keys; says so where the seasons have them."""
        if self.has_class("seasons"):
            self.say("the events are sorted and filtered in their own panels; Tab goes there", "warn")
            return False
        return True

    def action_filter(self) -> None:
        """Show only the events whose date has a text (2008, -10-)."""
        if not self._in_use():
            return
        rows = self.query_one(EventRows)
        before = rows.filter

        def narrow(text: str | None) -> None:
            rows.filter = (before if text is None else text).strip()
            rows.settle()

        self.app.ask("Filter", narrow, value=before, placeholder="a part of a date: 2008", on_change=narrow)

    def action_unfilter(self) -> None:
        """Show all events again."""
        rows = self.query_one(EventRows)
        rows.filter = ""
        rows.settle()

    def action_condition(self) -> None:
        """Type a condition."""
        view = self.app.view
        known = dict.fromkeys((*view.symbols, view.benchmark, *self.symbols))

        def answered(text: str | None) -> None:
            if text:
                self.ask_for(text)

        self.app.push_screen(AskCondition(self.condition, tuple(known)), answered)

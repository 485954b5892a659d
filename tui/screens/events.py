"""Screen 5: rare events with what followed them, and seasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from tui.documents.seasons import FIGURES as SEASON_FIGURES
from tui.panels.event_chart import EventChart
from tui.panels.event_rows import EventRows
from tui.panels.event_summary import EventSummary
from tui.panels.season_grid import SeasonGrid
from tui.panels.season_table import SeasonDays, SeasonMonths, SeasonNow
from tui.screens.event_page import EVENT_PANELS, first_condition
from tui.screens.monitor import Monitor
from tui.screens.page import bindings
from tui.screens.saved_page import SavedPage
from tui.screens.season_page import SEASON_PANELS
from tui.widgets.status import StatusBar

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from textual.app import ComposeResult

ROOMY_WIDTH, ROOMY_HEIGHT = 150, 50
"""From here on events and seasons stand together."""


class EventsPage(SavedPage):
    """When a condition held, what followed, and the seasons of a symbol."""

    SCOPES: ClassVar[tuple[str, ...]] = ("grid", "rows", "events")
    BINDINGS = bindings("grid", "rows", "events", "app")
    FIGURES: ClassVar[tuple[str, ...]] = (
        "event",
        "forward_return_pct",
        "base_rate",
        "sessions",
        "sessions_since_last",
        "lasted",
        *SEASON_FIGURES,
    )
    PANELS: ClassVar[tuple[str, ...]] = (*EVENT_PANELS, *SEASON_PANELS)

    @property
    def crumb(self) -> str:
        """The screen."""
        return "Events"

    @property
    def of_seasons(self) -> bool:
        """Whether a panel of the seasons is in use."""
        return self.has_class("seasons")

    @property
    def stem(self) -> str:
        """The seasons' symbol, or the name of the condition."""
        return f"seasons-{self.season_symbol}" if self.of_seasons else f"events-{self.condition_name or 'condition'}"

    async def document(self) -> dict[str, object] | None:
        """The seasons or the events, whichever is in use."""
        if self.of_seasons:
            from tui.documents.seasons import seasons

            return seasons(self.app.board, self.season_answer) if self.season_answer else None
        from tui.documents.events import events

        return events(self.app.board, self.event_answer) if self.event_answer else None

    def under_cursor(self) -> list[str]:
        """The symbols that the panel in use is about."""
        if self.of_seasons:
            return [self.season_symbol]
        return list(self.event_answer.symbols) if self.event_answer else []

    def body(self) -> ComposeResult:
        """Two lines of condition and answer over the panels of the events and of the seasons."""
        yield StatusBar(id="condition")
        yield StatusBar(id="answer")
        with Horizontal(id="events-part"):
            yield EventRows(id="event-rows", classes="panel")
            with Vertical(id="events-side"):
                yield EventChart(id="event-chart", classes="panel")
                yield EventSummary(id="event-summary", classes="panel")
        yield StatusBar(id="season-head")
        with Vertical(id="seasons-part"):
            with Horizontal(id="seasons-upper"):
                yield SeasonMonths(id="season-months", classes="panel")
                yield SeasonNow(id="season-now", classes="panel")
                yield SeasonDays(id="season-days", classes="panel")
            yield SeasonGrid(id="season-grid", classes="panel")

    def begin(self) -> None:
        """The table of the events has the keys."""
        # Known before styles are first worked out, as are the classes of the base.
        self.set_class(self._is_roomy(), "roomy", update=False)
        self.bring_forward(self.PANELS[0])
        super().on_screen_resume()

    def on_screen_suspend(self) -> None:
        """Whoever leaves wants no answer any more; under a dialog the work goes on."""
        if self not in self.app.screen_stack:
            self.workers.cancel_node(self)

    def on_screen_resume(self) -> None:
        """Ask again for what was given up; Textual calls the base's as well, which catches up."""
        if self.composed and self.app.ready:
            self.season_resumed()
            self.events_resumed()

    def bring_forward(self, name: str) -> None:
        """Make a panel the one in use, and its half of the screen the one that is shown."""
        self.set_class(name in SEASON_PANELS, "seasons", update=False)
        for part in ("events-part", "events-side", "seasons-part", "seasons-upper"):
            for each in self.query(f"#{part}"):
                each.set_class(any(child.id == name for child in each.query(Widget)), "holds-front", update=False)
        super().bring_forward(name)

    def on_resize(self) -> None:
        """Where there is much room, both halves are shown; Textual calls the base's as well."""
        self._fit()

    def action_zoom(self) -> None:
        """Give the panel in use the whole screen, and back."""
        super().action_zoom()
        self._fit()

    def _fit(self) -> None:
        self.set_class(self._is_roomy(), "roomy")

    def _is_roomy(self) -> bool:
        # The app's size, which is known before the screen is laid out.
        width, height = self.app.size
        return width >= ROOMY_WIDTH and height >= ROOMY_HEIGHT and not self.has_class("zoomed")

    def show(self, changed: AbstractSet[str]) -> None:
        """What the changed symbols touch, in a while: the history behind it is long."""
        if self.app.ready and self.composed:
            self.season_changed(changed)
            self.events_changed(changed)

    def show_all(self) -> None:
        """Everything anew."""
        if self.app.ready and self.composed and self.is_seen:
            self.draw_seasons()
            self.season_renew()
            self._begin()
            self.draw_events()

    def _begin(self) -> None:
        """Without any input, a condition on the monitor's cursor."""
        if not self.condition:
            monitor = next((page for page in self.app.pages if isinstance(page, Monitor)), None)
            cursor = monitor.watch_grid.cursor_key if monitor else None
            self.ask_for(first_condition(cursor, self.app.view.benchmark))

    def tick(self) -> None:
        """The status line, and what has waited."""
        super().tick()
        if self.composed and self.app.ready:
            self.season_tick()
            self.events_tick()

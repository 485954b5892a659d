"""Screen 1: the watchlist, with its relative-performance and volume-ratio panels."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import Horizontal

from tui.analytics.windows import Window
from tui.format import clean
from tui.jobs import job
from tui.panels.relative import MOST, Relative
from tui.panels.volume import VolumeRatio
from tui.panels.watch import Watch
from tui.screens.page import REST_SECONDS, Page, bindings
from tui.widgets.grid import Grid
from tui.widgets.once import once

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from textual.app import ComposeResult
    from textual.timer import Timer

    from tui.model import Bar

SETTLE_TICKS = 5
"""Seconds between two looks at the order."""
LEAST_PANELS = 8
"""Lines that the panels need to be worth their room."""
AGE_TICKS = 5
"""Seconds between two looks at the ages."""
PANEL_SECONDS = 1.0
"""New data are drawn in the panels at most this often: the volume ratios are those of the whole list."""


class Monitor(Page):
    """What is outpacing what, on how much volume."""

    SCOPES: ClassVar[tuple[str, ...]] = ("grid", "rows", "monitor")
    BINDINGS = bindings("grid", "rows", "monitor", "app")
    PANELS: ClassVar[tuple[str, ...]] = ("watch", "relative", "volume")
    FIGURES: ClassVar[tuple[str, ...]] = (
        "last",
        "return_pct",
        "excess_pp",
        "volume_ratio",
        "volume_ratio_basis",
        "dollar_volume",
        "range52_position",
        "rank",
        "zscore50",
        "drawdown_pct",
        "rebased",
        "relative_strength",
        "session",
        "as_of",
        "state",
    )

    def __init__(self) -> None:
        super().__init__(id="monitor")
        self._ticks = 0
        self._panels_due = False
        self._panels_pause: Timer | None = None
        self._note_told = False
        self._cursor_rest: Timer | None = None
        self._bars: dict[str, Sequence[Bar]] = {}

    @property
    def crumb(self) -> str:
        """The list."""
        return self.app.view.list_name

    def body(self) -> ComposeResult:
        """The table over the two panels."""
        yield Watch(id="watch")
        with Horizontal(id="panels"):
            yield Relative(id="relative", classes="panel")
            yield VolumeRatio(scale="log", id="volume", classes="panel")

    def begin(self) -> None:
        """The table has the keys."""
        self.bring_forward("watch")

    @property
    def watch_grid(self) -> Watch:
        """The table."""
        return self.query_one("#watch", Watch)

    def show(self, changed: AbstractSet[str]) -> None:
        """Cells of the changed symbols, and the panels that depend on them."""
        if not (self.app.ready and self.composed):
            return
        self.watch_grid.show(changed)
        self._follow_changes()

    def show_all(self) -> None:
        """Everything anew."""
        if not self.composed:
            return
        grid = self.watch_grid
        if not self.app.ready:
            grid.show_waiting(self.app.view)
            self._share()
            return
        grid.show_all(self.app.board, self.app.view)
        self._share()
        self._fetch_bars()
        self._draw_chart(now=True)
        volume = self.query_one(VolumeRatio)
        if volume.is_on_screen:
            volume.show_view(self.app.board, self.app.view)

    def tick(self) -> None:
        """The status line, and now and then the order and the ages."""
        super().tick()
        if not (self.app.ready and self.composed) or self.app.paused:
            return
        self._ticks += 1
        if self._ticks % SETTLE_TICKS == 0 and self.app.view.sort is not None:
            self.run_worker(job(self.watch_grid.settle_gently), group="order", exclusive=True)
        if self._ticks % AGE_TICKS == 0:
            self.run_worker(job(self.watch_grid.age_gently), group="ages", exclusive=True)
        if self._ticks % 60 == 0:
            self._fetch_bars()

    def compared(self) -> list[str]:
        """What the chart compares: the marked rows in the list's order, else the cursor's."""
        view = self.app.view
        marked = [symbol for symbol in view.symbols if symbol in view.marks]
        cursor = self.watch_grid.cursor_key
        return marked[:MOST] or ([cursor] if cursor else [])

    def _share(self) -> None:
        """A short list leaves its room to the panels; a long one takes up to two thirds of it."""
        panels = self.query_one("#panels")
        room = self.app.size.height - 2  # also before this screen is laid out
        least = max(LEAST_PANELS, room // 3)
        self.watch_grid.styles.height = (
            min(max(len(self.watch_grid.keys), 3) + 2, room - least)
            if panels.display and not self.has_class("zoomed")
            else "1fr"
        )

    def on_screen_suspend(self) -> None:
        """Under another screen nothing is worked out; under a dialog it goes on."""
        if not self.is_seen:
            self.workers.cancel_node(self)

    @property
    def panels_due(self) -> bool:
        """Whether the panels have yet to draw something that has changed."""
        looking = any(worker.group == "ratios" and worker.is_running for worker in self.workers)
        return self._panels_due or looking or self._cursor_rest is not None

    def _follow_changes(self) -> None:
        """Draw the panels at once after a quiet spell, else when they have stood for a while."""
        self._panels_due = self._panels_pause is not None
        if not self._panels_due:
            self._panels_pause = once(self, PANEL_SECONDS, self._end_panels_pause)
            self._draw_chart(now=False)
            volume = self.query_one(VolumeRatio)
            if volume.is_on_screen:
                drawn = job(volume.show_gently, self.app.board, self.app.view)
                self.run_worker(drawn, group="ratios", exclusive=True)

    def _end_panels_pause(self) -> None:
        self._panels_pause = None
        due, self._panels_due = self._panels_due, False
        if due and self.is_seen and not self.app.paused:
            self._follow_changes()

    def _draw_chart(self, *, now: bool) -> None:
        chart = self.query_one(Relative)
        if chart.is_on_screen:
            chart.show_view(self.app.board, self.app.view, self.compared(), self._bars, now=now)

    @work(group="intraday", exclusive=True)
    async def _fetch_bars(self) -> None:
        """Five-minute bars for the one-day chart, which has nothing finer than closes without them."""
        engine, view = self.app.engine, self.app.view
        if engine is None or view.window is not Window.D1:
            return
        for symbol in (view.benchmark, *self.compared()):
            self._bars[symbol] = await engine.intraday(symbol)
        self._draw_chart(now=True)

    @on(Grid.CursorMoved)
    @on(Grid.MarksChanged)
    def _compare(self) -> None:
        self.app.view.marks = self.watch_grid.marks
        if self.app.ready:
            self._fetch_bars()
            if self._cursor_rest is not None:
                self._cursor_rest.stop()
            self._cursor_rest = once(self, REST_SECONDS, self._end_cursor_rest)

    def _end_cursor_rest(self) -> None:
        self._cursor_rest = None
        if self.is_seen:
            self._draw_chart(now=True)
            self._tell_note()

    def _tell_note(self) -> None:
        """Say on the hint line why figures of the row under the cursor are missing."""
        symbol = self.watch_grid.cursor_key
        reason = self.app.board.row(symbol).reason if symbol else ""
        if reason:
            self.say(clean(reason, self.size.width - 2), "warn")
        elif self._note_told:
            self.hint()
        self._note_told = bool(reason)

    @on(Grid.ViewportChanged)
    def _looked_at(self) -> None:
        if self.app.engine is not None:
            self.app.engine.look_at(self.watch_grid.visible_keys())

    @on(Grid.Opened)
    def _open(self, event: Grid.Opened) -> None:
        if self.is_seen:
            self.app.open_symbol(event.key)

    @on(Grid.HeaderClicked)
    def _clicked(self, event: Grid.HeaderClicked) -> None:
        self._sort_by(event.column)

    def action_sort(self) -> None:
        """Sort by the cursor's column, best first; a second time goes back to the list's order."""
        self._sort_by(self.watch_grid.cursor_column)

    def _sort_by(self, column: str) -> None:
        view = self.app.view
        view.sort = (
            None if view.sort and view.sort[0] == column else (column, column not in {"symbol", "name", "rank", "age"})
        )
        self.show_all()

    def action_reverse(self) -> None:
        """Turn the order around."""
        view = self.app.view
        if view.sort is None:
            self._sort_by(self.watch_grid.cursor_column)
        else:
            view.sort = (view.sort[0], not view.sort[1])
            self.show_all()

    def action_filter(self) -> None:
        """Narrow the list as the text is typed; Esc takes the old filter back."""
        view = self.app.view
        before = view.filter

        def narrow(text: str | None) -> None:
            view.filter = (before if text is None else text).strip()
            if self.app.ready:
                self.watch_grid.settle()
            self.tick()

        self.app.ask("Filter", narrow, value=before, placeholder="a symbol or a name", on_change=narrow)

    def action_unfilter(self) -> None:
        """Show all rows again."""
        self.app.view.filter = ""
        self.show_all()
        self.tick()

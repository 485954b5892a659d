"""Screen 3: the list by its volume ratios, today's volume against the usual day, and the unusual days."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal, Vertical

from tui.analytics.figures import INDEX_MARK
from tui.jobs import job
from tui.panels.volume_curve import CurveKind, VolumeCurve
from tui.panels.volume_days import VolumeDays
from tui.panels.volume_flow import VolumeFlow
from tui.panels.volume_head import day_segments
from tui.panels.volume_list import VolumeList
from tui.screens.page import bindings
from tui.screens.volume_follow import VolumeFollow
from tui.studies.volume import BOUNDS, VolumeStudy, no_volume, usual_until
from tui.studies.volume_rows import FlowBook, row_of
from tui.widgets.grid import Grid
from tui.widgets.once import once
from tui.widgets.status import StatusBar

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from textual.app import ComposeResult
    from textual.timer import Timer

SETTLE_TICKS = 5
"""Seconds between two looks at the order."""
DRAW_SECONDS = 1.0
"""What is more than a cell is drawn at most this often."""


class VolumePage(VolumeFollow):
    """What trades more than usual, since when today, and what came of it before."""

    SCOPES: ClassVar[tuple[str, ...]] = ("grid", "rows", "volume")
    BINDINGS = bindings("grid", "rows", "volume", "app")
    PANELS: ClassVar[tuple[str, ...]] = ("volume-list", "volume-curve", "volume-days")
    FIGURES: ClassVar[tuple[str, ...]] = (
        "volume_ratio",
        "volume_ratio_basis",
        "volume_ratio_median",
        "volume",
        "dollar_volume",
        "volume_mean",
        "volume_median",
        "so_far_pct",
        "usual_so_far_pct",
        "usual_volume",
        "bars_of_tape_pct",
        "first_half_hour_pct",
        "last_half_hour_pct",
        "profile_sessions",
        "unusual_days",
        "followed_pct",
        "advancing_dollar_volume",
        "declining_dollar_volume",
        "advancing_share_pct",
    )

    def __init__(self) -> None:
        super().__init__()
        self.kind = CurveKind.SHARE
        self._book: FlowBook | None = None
        self._listed: tuple[object, ...] | None = None
        """What the order was last made for."""
        self._ticks = 0
        self._due = False
        self._pause: Timer | None = None

    @property
    def crumb(self) -> str:
        """The list, and what of it."""
        return "Volume"

    @property
    def stem(self) -> str:
        """What an exported file is called after."""
        return f"{self.app.view.list_name}-volume"

    def body(self) -> ComposeResult:
        """The head of the symbol under the cursor, the list beside the curve and the days, the balance below."""
        yield StatusBar(id="head")
        with Horizontal(id="volume-body"):
            yield VolumeList(id="volume-list")
            with Vertical(id="volume-right"):
                yield VolumeCurve(id="volume-curve", classes="panel")
                yield VolumeDays(id="volume-days", classes="panel")
        yield VolumeFlow(id="volume-flow")

    def begin(self) -> None:
        """The list has the keys."""
        self.bring_forward("volume-list")
        self.on_screen_resume()

    @property
    def laid_out(self) -> bool:
        """Whether all parts of the screen are there."""
        return bool(self.query("#volume-days")) and bool(self.query("#volume-flow"))

    @property
    def drawable(self) -> bool:
        """Whether there is a market, and all parts of the screen to draw it on."""
        return self.app.ready and self.laid_out

    @property
    def panels_due(self) -> bool:
        """Whether something has changed that is yet to be drawn."""
        return self._due or self.rest is not None

    async def document(self) -> dict[str, object] | None:
        """The list by its ratios, in the order of the screen."""
        from tui.documents.volume import volume_list

        board = self.app.board
        known = {day.symbol: day.hours for day in (self.study.days() if self.study else ())}
        return volume_list(board, [row_of(board, symbol) for symbol in self.table.keys], known)

    # --- drawing ------------------------------------------------------------------------------------------------

    def show(self, changed: AbstractSet[str]) -> None:
        """The cells of the changed symbols at once, the rest at most once a second."""
        if not self.drawable:
            return
        self.table.show_changes(changed)
        if self._book is not None:
            self._book.take(changed)
        self._due = self._pause is not None
        if not self._due:
            self._pause = once(self, DRAW_SECONDS, self._end_pause)
            self._draw_changes()

    def _end_pause(self) -> None:
        self._pause = None
        due, self._due = self._due, False
        if due and self.is_seen and not self.app.paused:
            self.show(frozenset())

    def show_all(self) -> None:
        """Everything anew."""
        if not (self.laid_out and self.is_seen):
            return
        if not self.app.ready:
            self.table.show_waiting(self.app.view)
            return
        if self.study is None:
            until = usual_until(self.app.settings.as_of, past=self.app.past)
            self.study = VolumeStudy(self.app.board, until)
        view, table = self.app.view, self.table
        listed = (view.symbols, view.volume_window, table.filter, table.sort)
        if listed != self._listed:
            self._listed = listed
            self.run_worker(job(self._list), group="list", exclusive=True)
            return
        # The order stands; what is in sight is asked for again.
        table.invalidate()
        table.marks = view.marks
        self._draw_flow()
        self.follow()

    async def _list(self) -> None:
        """The list and its balance, derived in slices: a long one would hold the keys for a tenth of a second."""
        board, view = self.app.board, self.app.view
        await self.table.show_gently(board, view)
        self._book = await FlowBook.of(board, view.symbols)
        self._draw_flow()
        self.follow()

    def on_screen_suspend(self) -> None:
        """What has ticked meanwhile is sorted in when somebody looks again."""
        self._listed = None
        if not self.is_seen:
            self.workers.cancel_node(self)

    def tick(self) -> None:
        """The status line, and now and then the order."""
        super().tick()
        if not self.drawable or self.app.paused:
            return
        self._ticks += 1
        if self._ticks % SETTLE_TICKS == 0 and self.table.sort is not None:
            self.run_worker(job(self.table.settle_gently), group="order", exclusive=True)

    def _draw_changes(self) -> None:
        self._draw_flow()
        symbol = self.followed
        if self.study is None or symbol is None:
            return
        if self.is_due(symbol):
            self.follow()
        else:
            self.draw_day()

    def _draw_flow(self) -> None:
        if self._book is not None:
            self.query_one(VolumeFlow).show_flow(self._book.flow())

    def draw_problem(self, symbol: str, reason: str) -> None:
        """Say why there is nothing of a symbol."""
        self.query_one(VolumeCurve).show_waiting(symbol, reason)

    def draw_day(self, *, now: bool = False) -> None:
        """The head, the curve and the days of what is followed, from the last answer."""
        symbol = self.followed
        board = self.app.board
        if symbol is None:
            self.query_one("#head", StatusBar).show([])
            return
        day = self.day if self.day is not None and self.day.symbol == symbol else None
        self.query_one("#head", StatusBar).show(day_segments(row_of(board, symbol), day))
        curve = self.query_one(VolumeCurve)
        if symbol.startswith(INDEX_MARK):
            fund = f"; f shows {day.tracked_by}" if day is not None and day.tracked_by else ""
            curve.show_waiting(symbol, no_volume(symbol) + fund)
        elif day is not None and self.study is not None:
            running = self.study.running(symbol, day.held)
            curve.show_day(day, self.so_far, running, self.kind, now=now)
        if day is not None:
            self.query_one(VolumeDays).show_day(symbol, day)

    # --- keys ---------------------------------------------------------------------------------------------------

    @on(Grid.MarksChanged, "#volume-list")
    def _marked(self) -> None:
        self.app.view.marks = self.table.marks

    @on(Grid.ViewportChanged, "#volume-list")
    def _looked_at(self) -> None:
        if self.app.engine is not None:
            self.app.engine.look_at(self.table.visible_keys())

    @on(Grid.Opened)
    def _open(self) -> None:
        symbol = self.followed
        if symbol is not None and self.is_seen:
            self.app.open_symbol(symbol)

    @on(Grid.HeaderClicked)
    def _clicked(self, event: Grid.HeaderClicked) -> None:
        if isinstance(event.grid, VolumeList | VolumeDays):
            event.grid.sort_by(event.column)

    def _sorted(self) -> VolumeList | VolumeDays:
        grid = self.grid()
        return grid if isinstance(grid, VolumeDays) else self.table

    def action_sort(self) -> None:
        """Sort by the cursor's column."""
        table = self._sorted()
        table.sort_by(table.cursor_column)

    def action_reverse(self) -> None:
        """Turn the order around."""
        self._sorted().reverse()

    def action_chart(self) -> None:
        """Shares instead of their share of the usual day, and back."""
        self.kind = CurveKind.SHARES if self.kind is CurveKind.SHARE else CurveKind.SHARE
        self.draw_day(now=True)

    def action_bound(self) -> None:
        """The next ratio from which on a day is unusual."""
        self.bound = BOUNDS[(BOUNDS.index(self.bound) + 1) % len(BOUNDS)]
        self.follow()

    def action_tracker(self) -> None:
        """Show the fund that tracks the index under the cursor, in place of the index."""
        symbol = self.table.cursor_key
        row = row_of(self.app.board, symbol) if symbol is not None else None
        if row is None or row.tracked_by is None:
            self.say(f"no fund is known to track {symbol}" if row is not None and row.index else "not an index", "warn")
        elif row.tracked_by in self.table.keys:
            self.table.cursor_key = row.tracked_by
        else:
            self.fund = row.tracked_by
            self.symbols = (row.tracked_by,)
            self.app.order()
            self.follow()

    def action_filter(self) -> None:
        """Narrow the list as the text is typed; Esc takes the old filter back."""
        before = self.table.filter

        def narrow(text: str | None) -> None:
            self.table.filter = (before if text is None else text).strip()
            if self.app.ready:
                self.table.show_view(self.app.board, self.app.view)

        self.app.ask("Filter", narrow, value=before, placeholder="a symbol or a name", on_change=narrow)

    def action_unfilter(self) -> None:
        """Show all rows again."""
        self.table.filter = ""
        self.show_all()

"""What the keys of screen 2 do: span, date, dividends, tails, rolling estimate, marks, order and filter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on

from tui.analytics.measure import Measure
from tui.model import DataError
from tui.panels.table import Table
from tui.panels.window_table import WindowTable
from tui.screens.crosshair import CrosshairPage
from tui.studies import relative as study
from tui.studies.spans import Span, since, turned
from tui.view import CYCLE
from tui.widgets.grid import Grid

if TYPE_CHECKING:
    from tui.analytics.windows import Window

TAILS = (5, 10, 20)
"""Lengths of the rotation's tails, in sessions."""


class RelativeKeys(CrosshairPage):
    """How the comparison is to be: what is compared since when, and what the panels show of it."""

    def __init__(self) -> None:
        super().__init__()
        self.span: Span | None = None
        """How far back; None until the page is first shown."""
        self.total = False
        """Whether dividends are reinvested."""
        self.tail = TAILS[0]
        self.measure = Measure.CORRELATION
        self.window: Window | None = None
        """The view's window when it was last looked at."""

    @property
    def table(self) -> WindowTable:
        """The list by windows."""
        return self.query_one("#rel-table", WindowTable)

    def grid(self) -> Grid | None:
        """The table in use, else the list."""
        focused = self.focused
        return focused if isinstance(focused, Grid) else next(iter(self.query(WindowTable)), None)

    @property
    def compared(self) -> list[str]:
        """The marked symbols in the list's order, else the first of the list."""
        view = self.app.view
        others = [symbol for symbol in view.symbols if symbol != view.benchmark]
        return ([symbol for symbol in others if symbol in view.marks] or others)[: study.MOST]

    def draw_panels(self, *, now: bool = False) -> None:
        """Draw the panels; `now` at once, since the user did something."""

    def action_window(self, step: int) -> None:
        """The next longer or shorter span; the monitor follows as far as its own windows go."""
        self._take(turned(self.span or Span(self.app.view.window), step))

    def action_since(self) -> None:
        """Ask for a date to compare since."""
        if not self.app.ready:
            return
        engine, benchmark = self.app.board.engine, self.app.view.benchmark
        quote = engine.live.quotes.get(benchmark)
        session = quote.session if quote and quote.session else engine.loader.session(benchmark)

        def answered(text: str | None) -> None:
            if text is None or not text.strip():
                return
            try:
                self._take(since(text, session))
            except DataError as error:
                # After the dialog is gone: the screen that comes back writes its hints.
                self.call_after_refresh(self.say, str(error), "warn")

        self.app.ask("Since", answered, placeholder=f"a day before {session}, as 2024-05-16")

    def _take(self, span: Span) -> None:
        """Compare over another span."""
        self.span = span
        if span.window in CYCLE:
            assert span.window is not None
            self.window = span.window
            self.app.set_window(span.window)
        else:
            self.tick()
            self.show_all()

    def action_total(self) -> None:
        """Total return instead of price, and back."""
        if self.app.past and self.app.settings.total_return:
            self.say("everything is with dividends reinvested; start without --total-return to see prices", "warn")
            return
        self.total = not self.total
        self.tick()
        self.show_all()

    def action_tail(self) -> None:
        """The next length of the tails."""
        self.tail = TAILS[(TAILS.index(self.tail) + 1) % len(TAILS)]
        self.draw_panels(now=True)

    def action_rolling(self) -> None:
        """Rolling beta instead of correlation, and back."""
        self.measure = Measure.BETA if self.measure is Measure.CORRELATION else Measure.CORRELATION
        self.draw_panels(now=True)

    def action_rotation(self) -> None:
        """The rotation as a table instead of a plot, and back."""
        self.bring_forward("rel-plot" if self.has_class("front-rel-spots") else "rel-spots")

    @on(Grid.MarksChanged, "#rel-table")
    def _marked(self) -> None:
        """What is marked is compared; with nothing marked, the first of the list are."""
        if len(self.table.marks) > study.MOST:
            self.say(f"{study.MOST} symbols at most are compared; unmark one first", "warn")
            self.table.marks = self.compared
            return
        self.app.view.marks = self.table.marks
        self.show_all()

    @on(Grid.Opened)
    def _open(self, event: Grid.Opened) -> None:
        if self.is_seen:
            self.app.open_symbol(event.key)

    @on(Grid.HeaderClicked)
    def _clicked(self, event: Grid.HeaderClicked) -> None:
        assert isinstance(event.grid, Table)
        event.grid.sort_by(event.column)

    def _sorted(self) -> Table:
        grid = self.grid()
        assert isinstance(grid, Table)
        return grid

    def action_sort(self) -> None:
        """Sort by the cursor's column."""
        self._sorted().sort_by(self._sorted().cursor_column)

    def action_reverse(self) -> None:
        """Turn the order around."""
        self._sorted().reverse()

    def action_filter(self) -> None:
        """Narrow the list as the text is typed; Esc takes the old filter back."""
        before = self.table.filter

        def narrow(text: str | None) -> None:
            self.table.filter = (before if text is None else text).strip()
            self.table.settle()

        self.app.ask("Filter", narrow, value=before, placeholder="a symbol or a name", on_change=narrow)

    def action_unfilter(self) -> None:
        """Show all rows again."""
        self.table.filter = ""
        self.table.settle()

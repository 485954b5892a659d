"""Screen 2: the marked symbols against the benchmark over any span, their spread's place in its history, the rotation."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.containers import Horizontal

from tui import format as fmt
from tui.analytics.windows import Window
from tui.model import DataError
from tui.panels.comparison import ComparisonChart
from tui.panels.rolling import Rolling
from tui.panels.rotation import RotationPlot, RotationTable
from tui.panels.status import status_segments
from tui.panels.window_table import WindowTable
from tui.screens.page import bindings
from tui.screens.progress import told
from tui.screens.relative_keys import RelativeKeys
from tui.studies import relative as study
from tui.studies.relative_rows import rows
from tui.studies.spans import Span
from tui.widgets.once import once
from tui.widgets.status import Segment, StatusBar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from textual.app import ComposeResult
    from textual.timer import Timer

    from tui.model import Bar

DRAW_SECONDS = 1.0
"""New prices are drawn at most this often."""


class RelativePage(RelativeKeys):
    """Up to eight symbols against the benchmark."""

    SCOPES: ClassVar[tuple[str, ...]] = ("grid", "rows", "relative")
    BINDINGS = bindings("grid", "rows", "relative", "app")
    PANELS: ClassVar[tuple[str, ...]] = ("rel-chart", "rel-table", "rel-rolling", "rel-plot", "rel-spots")
    FIGURES: ClassVar[tuple[str, ...]] = (
        "return_pct",
        "total_return_pct",
        "excess_pp",
        "rank",
        "rebased",
        "relative_strength",
        "spread_pp",
        "spread_percentile",
        "spread_zscore",
        "spread_n",
        "streak",
        "streak_longest",
        "correlation",
        "beta",
        "rotation_ratio",
        "rotation_momentum",
        "quadrant",
    )

    def __init__(self) -> None:
        super().__init__()
        self.comparison: study.Comparison | None = None
        """The last answer; it stays until the next is there."""
        self._study: study.RelativeStudy | None = None
        self._bars: dict[str, Sequence[Bar]] = {}
        self._shown: object = None
        """What the tables were last laid out for."""
        self._due = False
        self._pause: Timer | None = None

    @property
    def crumb(self) -> str:
        """What of the list."""
        return "Relative"

    @property
    def stem(self) -> str:
        """What an exported file is called after."""
        return f"{self.app.view.list_name}-relative"

    def body(self) -> ComposeResult:
        """A head line, the lines beside the rotation, and the list beside the rolling estimates."""
        yield StatusBar(id="head")
        with Horizontal(id="rel-upper"):
            yield ComparisonChart(id="rel-chart", classes="panel")
            yield RotationPlot(id="rel-plot", classes="panel")
            yield RotationTable(id="rel-spots", classes="panel")
        with Horizontal(id="rel-lower"):
            yield WindowTable(id="rel-table", classes="panel")
            yield Rolling(id="rel-rolling", classes="panel")

    def begin(self) -> None:
        """The table has the keys."""
        self.total = self.app.settings.total_return
        self.table.empty_text = "Waiting for prices"
        self.bring_forward("rel-table")
        self.on_screen_resume()

    @property
    def panels_due(self) -> bool:
        """Whether something has changed that is yet to be drawn."""
        return self._due

    async def document(self) -> dict[str, object] | None:
        """The compared symbols with their lines, dates as columns."""
        from tui.documents.relative import relative

        if self.comparison is None:
            return None
        return relative(self.app.board, self.comparison, tail=self.tail, lines=self.app.view.chart, flat=True)

    # --- drawing ------------------------------------------------------------------------------------------------

    def show(self, changed: AbstractSet[str]) -> None:
        """Today's figures and the ends of the lines, at most once a second."""
        if not (self.app.ready and self.composed) or not changed & {*self.app.view.symbols, self.app.view.benchmark}:
            return
        self._due = self._pause is not None
        if not self._due:
            self._pause = once(self, DRAW_SECONDS, self._end_pause)
            self._catch_up()

    def _end_pause(self) -> None:
        self._pause = None
        due, self._due = self._due, False
        if due and self.is_seen and not self.app.paused:
            self.show({self.app.view.benchmark})

    def show_all(self) -> None:
        """Everything anew."""
        if self.app.ready and self.composed and self.is_seen:
            self._catch_up(now=True)

    def tick(self) -> None:
        """The status line, with the span in the window's place."""
        if self.composed and self.span is not None:
            total = " TR" if self.total else ""
            self.query_one("#status", StatusBar).show(
                [
                    Segment(s.key, f"{self.span.text}{total}", s.role, s.align, s.priority) if s.key == "window" else s
                    for s in status_segments(self.app, self.title_text)
                ]
            )
        else:
            super().tick()

    def _catch_up(self, *, now: bool = False) -> None:
        """Draw what is known, and ask for what has become another question."""
        view = self.app.view
        if self.span is None or view.window is not self.window:
            self.span, self.window = Span(view.window), view.window
            self.tick()
        asked = study.question(self.app.board, self.compared, view.symbols, self.span, total=self.total)
        nothing = f"No symbol besides {view.benchmark} to compare: a on screen 1 adds some"
        self.table.empty_text = "Waiting for prices" if asked.symbols else nothing
        if self.comparison is not None and self.comparison.question == asked:
            # The answer to another question stands as it is until the next one is there.
            self.draw_panels(now=now)
        if self._study is None:
            self._study = study.RelativeStudy(self.app.board)
        if asked.sessions and self._study.is_new(asked):
            self._ask(self._study, asked)
        if now:
            self._fetch_bars()

    def draw_panels(self, *, now: bool = False) -> None:
        """The panels, from the last answer and the prices of now."""
        comparison, board, view = self.comparison, self.app.board, self.app.view
        if comparison is None:
            return
        made = rows(board, comparison, whole_list=True)
        by_symbol = {row.symbol: row for row in made}
        compared = [by_symbol[symbol] for symbol in comparison.question.symbols if symbol in by_symbol]
        layout = (comparison.question, self.tail)
        fresh, self._shown = layout != self._shown, layout
        self.table.show_relative(
            made,
            comparison.question.span,
            [row.symbol for row in compared],
            lambda symbol: f"{symbol} {board.name(symbol) or ''}",
            fresh=fresh,
        )
        self.query_one(RotationTable).show_rotation(compared, self.tail, fresh=fresh)
        self.query_one(RotationPlot).show_rotation(compared, self.tail)
        bars = self._bars if comparison.question.span.window is Window.D1 and not comparison.question.total else {}
        self.query_one(ComparisonChart).show_comparison(board, view, comparison, bars, now=now)
        self.query_one(Rolling).show_comparison(board, comparison, self.measure, now=now)
        self.draw_head()

    def head_segments(self) -> list[Segment]:
        """What is compared since when, and which of them have no close there."""
        if self.comparison is None:
            return []
        asked, days = self.comparison.question, self.comparison.days.span
        count = len(asked.symbols)
        chosen = self.app.view.marks & set(asked.symbols)
        words = f"{count} marked" if chosen else f"the first {count} of the list; Space marks others"
        segments = [
            Segment("span", f"{asked.span.text}{' TR' if asked.total else ''}", "head", priority=99),
            Segment("from", f"from {days[0]}" if days else self._why_not(), "text" if days else "warn", priority=98),
            Segment("compared", words, "muted", priority=20),
        ]
        if self.comparison.missing and days:
            names = ", ".join(fmt.clean(symbol, 9) for symbol in self.comparison.missing)
            segments.append(Segment("missing", f"no close on {days[0]}: {names}", "warn", "right", 90))
        return segments

    def _why_not(self) -> str:
        """Why there are no days to compare over."""
        assert self.comparison is not None
        benchmark = fmt.clean(self.comparison.question.benchmark, 12)
        if self.comparison.session is None:
            return f"no price of {benchmark}: b chooses another benchmark"
        return f"the history of {benchmark} is too short: [ takes a shorter window"

    # --- asking -------------------------------------------------------------------------------------------------

    @work(group="relative", exclusive=True)
    async def _ask(self, of: study.RelativeStudy, asked: study.Question) -> None:
        """Prepare the comparison off the loop; what is late for another question is dropped with the worker."""
        try:
            work = of.ask(asked)
            comparison = await told(self, work, f"Comparing {len(asked.symbols)} symbols over {asked.span.text}")
        except DataError as error:
            self.say(str(error), "error")
            return
        if self.is_attached and of.is_last(asked):
            self.comparison = comparison
            self.draw_panels(now=True)

    @work(group="intraday", exclusive=True)
    async def _fetch_bars(self) -> None:
        """Five-minute bars for the chart of one day."""
        engine = self.app.engine
        if engine is None or self.span is None or self.span.window is not Window.D1 or self.total:
            return
        for symbol in (self.app.view.benchmark, *self.compared):
            self._bars[symbol] = await engine.intraday(symbol)
        self.draw_panels(now=True)

    def on_screen_suspend(self) -> None:
        """Nobody looks: nothing is computed any more, and asked anew when somebody does."""
        for group in ("relative", "intraday"):
            self.workers.cancel_group(self, group)
        if self._study is not None and (self.comparison is None or not self._study.is_last(self.comparison.question)):
            self._study.forget()

"""The drill-down of one symbol: price and volume, all windows against the benchmark, ranges and ratios."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import Horizontal

from tui import detail as details
from tui import format as fmt
from tui.analytics.windows import Window
from tui.model import DataError
from tui.panels.facts import Facts
from tui.panels.holders import Holders
from tui.panels.price import Price
from tui.panels.windows import Windows
from tui.screens.page import Page, bindings
from tui.view import CYCLE, ChartKind
from tui.widgets.grid import Grid
from tui.widgets.status import Segment, StatusBar

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from textual.app import ComposeResult

    from tui.detail import Detail
    from tui.model import Quote
    from tui.rows import Row

REMAKE_TICKS = 5
"""Seconds between two computations from the stored history while quotes come in."""


class SymbolScreen(Page):
    """One symbol in full; Esc goes back to where it was opened."""

    SCOPES: ClassVar[tuple[str, ...]] = ("grid", "symbol")
    BINDINGS = bindings("grid", "symbol", "app")
    PANELS: ClassVar[tuple[str, ...]] = ("windows", "facts", "holders", "price")
    FIGURES: ClassVar[tuple[str, ...]] = (
        "last",
        "return_pct",
        "excess_pp",
        "total_return_pct",
        "range52_position",
        "drawdown_pct",
        "zscore50",
        "beta",
        "correlation",
        "volume",
        "dollar_volume",
        "volume_ratio",
        "volume_ratio_median",
        "volume_mean",
        "rebased",
        "relative_strength",
        "weight_pct",
        "contribution_pp",
        "state",
    )

    def __init__(self) -> None:
        super().__init__()
        self.symbol = ""
        self.detail: Detail | None = None
        self._ticks = 0
        self._stale = False
        self._against = False
        """Whether the chart compares with the benchmark instead of showing the price."""
        self._holders: list[tuple[str, float]] = []
        self._made: tuple[object, ...] = ()
        """Quote, baseline and benchmark that the detail was made of."""

    def aim(self, *of: str) -> None:
        """Begin anew over another symbol."""
        again = of == self.symbols
        (self.symbol,) = self.symbols = of
        if not again:
            self.detail, self._stale, self._holders, self._made = None, False, [], ()
        if self.composed:
            if not again:
                for table in (self.query_one(Windows), self.query_one(Facts), self.query_one(Holders)):
                    table.set_rows([], lambda _key: ())
                self.query_one(Price).wipe()
            self.remove_class("zoomed")
            self.bring_forward("windows")

    @property
    def crumb(self) -> str:
        """The symbol."""
        return self.symbol

    @property
    def stem(self) -> str:
        """The symbol."""
        return self.symbol

    async def document(self) -> dict[str, object] | None:
        """The drill-down."""
        from tui.documents.symbol import symbol

        if self.detail is None:
            return None
        return symbol(self.app.board, self.detail, self.app.board.instruments.get(self.symbol))

    def body(self) -> ComposeResult:
        """A head line, the chart, and the two tables."""
        yield StatusBar(id="head")
        yield Price(id="price", classes="panel")
        with Horizontal(id="tables"):
            yield Windows(id="windows", classes="panel")
            yield Facts(id="facts", classes="panel")
            yield Holders(id="holders", classes="panel")

    def begin(self) -> None:
        """Titles, and the keys to the windows."""
        self.query_one(Windows).border_title = " Windows "
        self.query_one(Facts).border_title = " Ranges and volume "
        self.query_one(Holders).border_title = " Funds "
        self.query_one(Holders).empty_text = "in no fund known"
        self.query_one(Windows).empty_text = "Waiting for the history"
        self.query_one(Facts).empty_text = ""
        self.bring_forward("windows")
        self.on_screen_resume()

    def show(self, changed: AbstractSet[str]) -> None:
        """The head line with each tick; what needs the history with the next second."""
        if not self.composed:
            return
        if self.symbol in changed or self.app.view.benchmark in changed:
            self._stale = True
            if self.detail is None:
                self._make()
            self._draw()

    def show_all(self) -> None:
        """Everything anew."""
        if self.app.ready and self.composed and self.symbol:
            self._draw(now=True)
            self._make()

    def tick(self) -> None:
        """The status line, and the figures that need the history."""
        super().tick()
        self._ticks += 1
        if self._stale and not self.app.paused and self._ticks % REMAKE_TICKS == 0:
            self._make()

    def _draw(self, *, now: bool = False) -> None:
        row = self.app.board.row(self.symbol)
        self.query_one("#head", StatusBar).show(head_segments(row))
        if self.detail is None:
            if row.note:
                self.query_one(Windows).empty_text = row.note
                self.query_one(Windows).refresh()
            return
        view = self.app.view
        self.query_one(Windows).show_detail(self.detail, view.benchmark, view.window)
        self.query_one(Facts).show_detail(row, self.detail)
        return_1d = row.figures.returns.get(Window.D1) if row.figures else None
        self.query_one(Holders).show_holders(self._holders, return_1d)
        if self._against:
            self.query_one(Price).show_against(self.app.board, view, self.symbol, now=now)
        else:
            last = row.quote.price if row.quote else None
            self.query_one(Price).show_detail(self.detail, view.window, last, now=now)

    def action_chart(self) -> None:
        """The price, then the symbol against the benchmark in each kind of chart, then the price again."""
        view = self.app.view
        if not self._against:
            self._against, view.chart = True, ChartKind.REBASED
        elif view.chart is ChartKind.SPREAD:
            self._against = False
        else:
            view.turn_chart()
        self._draw(now=True)

    @work(group="detail", exclusive=True)
    async def _make(self) -> None:
        """Compute off the loop; what is late for another benchmark is dropped with the worker."""
        board, engine = self.app.board, self.app.engine
        quote = board.engine.live.quotes.get(self.symbol)
        baseline = board.engine.loader.baselines.get(self.symbol)
        if (
            engine is None
            or quote is None
            or quote.price is None
            or baseline is None
            or baseline.session != quote.session
        ):
            return
        self._stale = False
        bench = board.bench()
        if len(self._made) == 3 and all(a is b for a, b in zip(self._made, (quote, baseline, bench), strict=True)):
            return
        volumes = details.volume_lines(board, self.symbol, baseline)
        first = self.detail is None
        try:
            self._holders = await self.app.desk.holders(self.symbol)
        except DataError as error:
            self.query_one(Holders).empty_text = str(error)
        detail = await asyncio.to_thread(details.make, engine.shelf, quote, baseline, bench, volumes)
        if detail.symbol == self.symbol:
            self.detail, self._made = detail, (quote, baseline, bench)
            self._draw(now=first)

    def on_screen_suspend(self) -> None:
        """Whoever leaves waits for no figures."""
        if not self.is_seen:
            self.workers.cancel_node(self)

    @on(Grid.Opened)
    def _open(self, event: Grid.Opened) -> None:
        if isinstance(event.grid, Holders) and self.is_seen:
            self.app.open_fund(event.key)
        elif isinstance(event.grid, Windows) and Window(event.key) in CYCLE:
            self.app.set_window(Window(event.key))


def extended_text(quote: Quote) -> str:
    """The price before or after the session beside the regular one: `POST 213.40 +0.12%`."""
    assert quote.extended_price is not None
    change = quote.extended_price / quote.price - 1 if quote.price else None
    beside = fmt.change(change).text
    phase = fmt.clean(quote.extended_phase or "", 4)
    return f"{phase} {fmt.price(quote.extended_price).text} {beside}{'%' if beside != '-' else ''}".strip()


def head_segments(row: Row) -> list[Segment]:
    """Symbol, name, price, the day's change, and how old it is."""
    quote = row.quote
    change = fmt.change(row.figures.returns.get(Window.D1) if row.figures else None)
    segments = [
        Segment("symbol", fmt.clean(row.symbol, 16), "head", priority=90),
        Segment("price", fmt.price(quote.price).text if quote else "-", "text", priority=95),
        Segment("change", f"{change.text}%" if change.text != "-" else "-", change.role, priority=94),
    ]
    if quote is not None and quote.currency:
        segments.append(Segment("currency", fmt.clean(quote.currency, 5), "muted", priority=30))
    if quote is not None and quote.extended_price is not None:
        segments.append(Segment("extended", extended_text(quote), "accent", priority=80))
    if quote is not None and quote.other_price is not None:
        said = f"{fmt.clean(quote.other_source or 'another source', 12)} says {fmt.price(quote.other_price).text}"
        segments.append(Segment("other", said, "warn", priority=85))
    if row.name:
        segments.append(Segment("name", fmt.clean(row.name, 40), "muted", priority=40))
    segments.append(Segment("row_state", row.state.value, "muted", "right", priority=50))
    return segments

"""Screen 6: what drives prices: yields and macro series, regimes, valuation, earnings, deals."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal, Vertical

from tui.format import clean
from tui.model import DataError
from tui.panels.deals import DealsTable
from tui.panels.driver_chart import CorrelationChart, SeriesChart
from tui.panels.earnings import EarningsTable
from tui.panels.listing import Listing
from tui.panels.macro_table import MacroTable
from tui.panels.regime_table import RegimeTable, regime_text
from tui.panels.valuation import ValuationTable
from tui.screens.driver_work import SPANS, DriverWork
from tui.screens.page import TALL, WIDE, bindings
from tui.studies.drivers_answers import (
    DealsAnswer,
    EarningsAnswer,
    MacroAnswer,
    RegimesAnswer,
    SeriesAnswer,
    ValuationAnswer,
)
from tui.widgets.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.app import ComposeResult


ABOVE = ("macro", "series", "correlation")
BELOW = ("regimes", "valuation", "earnings", "deals")
"""Panels that stand together, and those of which one at a time stands under them."""
ROOMY = (150, 50)
"""Columns and rows from which the regimes keep their place over another table."""
SMALL = ("IWM", "^RUT")
"""Who stands for small caps where the cursor is on the benchmark, or nowhere."""


class DriversPage(DriverWork):
    """One symbol, or fund, against another, and what moves them."""

    SCOPES: ClassVar[tuple[str, ...]] = ("grid", "drivers")
    BINDINGS = bindings("grid", "drivers", "app")
    PANELS: ClassVar[tuple[str, ...]] = (*ABOVE, *BELOW)
    FIGURES: ClassVar[tuple[str, ...]] = (
        "series_latest",
        "series_change",
        "series_correlation",
        "regime_return_pct",
        "regime_difference_pp",
        "regime_yield",
        "regime_growth",
        "regime_recession",
        "regime_cut",
        "price_to_sales",
        "price_to_earnings_all",
        "price_to_earnings_profitable",
        "discount_pct",
        "valuation_coverage_pct",
        "loss_weight_pct",
        "earnings_growth_pct",
        "earnings_growth_typical_pct",
        "estimates_revised_pct",
        "estimates_raised_pct",
        "estimates_cut_pct",
        "deals",
        "deal_filings",
        "deal_sector",
    )

    def __init__(self) -> None:
        super().__init__()
        self._first: str | None = None
        self._other: str | None = None
        self._below = BELOW[0]

    # --- what is shown ----------------------------------------------------------------------------------------------

    @property
    def crumb(self) -> str:
        """The two symbols."""
        return f"{self.pair[0]}/{self.pair[1]} drivers"

    @property
    def stem(self) -> str:
        """What an exported file is called after."""
        return f"drivers-{self.part}"

    @property
    def symbols(self) -> tuple[str, ...]:  # type: ignore[override]
        """Both symbols."""
        return self.pair

    @property
    def pair(self) -> tuple[str, str]:
        """The symbol, or fund, and what it is set against: the benchmark unless another was chosen."""
        if self._first is None:
            self._first = self._under_cursor()
        other = self._other or self.app.view.benchmark
        return self._first if self._first != other else next(each for each in SMALL if each != other), other

    def _under_cursor(self) -> str:
        """The symbol under the cursor of the list; a fund of small caps where there is none."""
        pages = self.app.pages
        grid = pages[0].grid() if pages and pages[0] is not self else None
        return (grid.cursor_key if grid is not None else None) or SMALL[0]

    @property
    def front(self) -> str:
        """The panel in use."""
        return next((name for name in self.PANELS if self.has_class(f"front-{name}")), self.PANELS[0])

    @property
    def part(self) -> str:
        """What the panel in use shows."""
        return "series" if self.front == "correlation" else self.front

    def shows(self, part: str) -> bool:
        """Whether any panel of a part is on the screen."""
        width, height = self.app.size
        if self.has_class("zoomed") or width < WIDE or height < TALL:
            # The chart follows the table's cursor, so that the table is always needed.
            return part == self.part or (part == "macro" and self.part == "series")
        return part in ABOVE or part == self._below or (part == "regimes" and self.has_class("roomy"))

    def body(self) -> ComposeResult:
        """Series and charts over one of the tables."""
        with Horizontal(id="drivers-above"):
            yield MacroTable(id="macro", classes="panel")
            with Vertical(id="drivers-charts"):
                yield SeriesChart(id="series", classes="panel")
                yield CorrelationChart(id="correlation", classes="panel")
        with Vertical(id="drivers-below"):
            yield RegimeTable(id="regimes", classes="panel")
            yield ValuationTable(id="valuation", classes="panel")
            yield EarningsTable(id="earnings", classes="panel")
            yield DealsTable(id="deals", classes="panel")

    def begin(self) -> None:
        """The table of series has the keys."""
        for name in ("macro", *BELOW):
            of_funds = name in {"valuation", "earnings"}
            text = "Looking for the holdings of both funds" if of_funds else "Reading what is stored"
            self.query_one(f"#{name}", Grid).empty_text = text
        # Known before styles are first worked out, as are the classes of the base.
        roomy = self.app.size.width >= ROOMY[0] and self.app.size.height >= ROOMY[1]
        self.set_class(roomy, "roomy", update=False)
        self._stand_below("valuation" if roomy else self._below)
        self.bring_forward("macro")
        self.on_screen_resume()

    def bring_forward(self, name: str) -> None:
        """Make a panel the one in use; under the charts stands the table that was in use last."""
        if name in BELOW and not (name == "regimes" and self.has_class("roomy")):
            self._stand_below(name)
        super().bring_forward(name)

    def _stand_below(self, name: str) -> None:
        self.set_class(False, f"below-{self._below}", update=False)
        self._below = name
        self.set_class(True, f"below-{name}", update=False)

    def on_resize(self) -> None:
        """Where there is room, the regimes stand over another of the tables."""
        roomy = self.size.width >= ROOMY[0] and self.size.height >= ROOMY[1]
        if roomy and self._below == "regimes":
            self._stand_below("valuation")
        self.set_class(roomy, "roomy")

    # --- drawing ----------------------------------------------------------------------------------------------------

    def draw(self, part: str) -> None:
        """Draw the answer of a part."""
        answer = self.answers[part]
        match answer:
            case MacroAnswer():
                self.query_one(MacroTable).show_answer(answer)
            case SeriesAnswer():
                self.query_one(SeriesChart).show_answer(answer)
                self.query_one(CorrelationChart).show_answer(answer)
            case RegimesAnswer():
                self.query_one(RegimeTable).show_answer(answer)
            case ValuationAnswer():
                self.query_one(ValuationTable).show_answer(answer)
            case EarningsAnswer():
                self.query_one(EarningsTable).show_answer(answer)
            case DealsAnswer():
                self.query_one(DealsTable).show_answer(answer)
        # Why the source told nothing says more than that nothing is stored.
        self.explain(part, self.problems.get(part, ""))

    async def document(self) -> dict[str, object] | None:
        """The panel in use as a document of `show drivers`."""
        from tui.documents.drivers import drivers

        part = "macro" if self.part == "series" else self.part
        return drivers(self.app.board, {part: self.answers[part]}) if part in self.answers else None

    def copied(self) -> list[tuple[str, Mapping[str, object]]]:
        """The row under the cursor, as it is shown."""
        grid = self.grid()
        key = grid.cursor_key if isinstance(grid, Listing) else None
        return [(key, grid.line(key))] if isinstance(grid, Listing) and key is not None else []

    # --- keys -------------------------------------------------------------------------------------------------------

    @on(Grid.CursorMoved)
    def _moved_to(self, event: Grid.CursorMoved) -> None:
        if isinstance(event.grid, MacroTable):
            self.show_all()

    @on(Grid.Opened)
    def _open(self, event: Grid.Opened) -> None:
        if isinstance(event.grid, MacroTable):
            self.bring_forward("series")
        elif isinstance(event.grid, RegimeTable):
            answer: RegimesAnswer = self.answers["regimes"]
            self.say(regime_text(next(each for each in answer.regimes if each.name == event.key)))

    def action_chart(self) -> None:
        """Another span of years in the charts, round and round."""
        self._show_years((SPANS.index(self.years) + 1) % len(SPANS))

    def action_window(self, step: int) -> None:
        """A longer or shorter span of years in the charts."""
        self._show_years(min(max(SPANS.index(self.years) + step, 0), len(SPANS) - 1))

    def _show_years(self, place: int) -> None:
        self.years = SPANS[place]
        self.say(f"Charts of the last {self.years} years" if self.years else "Charts of all years")
        self.show_all()

    def action_first_symbol(self) -> None:
        """Choose the symbol, or fund."""

        def take(symbol: str) -> None:
            self._first = symbol

        self._choose("Symbol or fund", self.pair[0], take)

    def action_other_symbol(self) -> None:
        """Choose what it is set against."""

        def take(symbol: str) -> None:
            self._other = symbol

        self._choose("Against", self.pair[1], take)

    def _choose(self, title: str, current: str, take: Callable[[str], None]) -> None:
        if not self.app.ready:
            return
        board, view = self.app.board, self.app.view
        options = [(each, clean(board.name(each) or "", 40)) for each in dict.fromkeys((*view.symbols, *self.pair))]

        def answered(text: str | None) -> None:
            if text and text.strip():
                take(clean(text.strip().lstrip("$").upper(), 16))
                self.app.order()
                self.tick()
                self.show_all()

        self.app.choose(title, options, answered, current=current, free=True)

    def action_since(self) -> None:
        """Count deals since another date."""
        study = self.study
        if study is None:
            return
        from tui.studies.driver_fetch import since_date

        def answered(text: str | None) -> None:
            if text is None or not text.strip():
                return
            try:
                self.since = since_date(text, study.day)
            except DataError as error:
                # After the dialog is gone: the screen that comes back writes its hints.
                self.call_after_refresh(self.say, str(error), "warn")
                return
            self.bring_forward("deals")

        self.app.ask("Deals since", answered, value=f"{self._since(study)}", placeholder="2026-04-01")

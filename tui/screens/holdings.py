"""The holdings of a fund, or of one of its sectors: sorted, filtered, marked and compared, each opened as a symbol."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on

from tui.fund_columns import holding_fields
from tui.panels.relative import Relative
from tui.panels.table import Table
from tui.screens.ask import Ask
from tui.screens.fund_page import FundPage, fund_segments, note_of
from tui.screens.page import bindings
from tui.widgets.grid import Grid
from tui.widgets.status import StatusBar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult

    from tui.analytics.funds_figures import HoldingFigures


def keyed(rows: Iterable[HoldingFigures]) -> dict[str, HoldingFigures]:
    """Rows by a key of their own: the symbol, else the name; a fund may hold two of a symbol, or of a name."""
    found: dict[str, HoldingFigures] = {}
    for row in rows:
        key, count = row.symbol or row.name, 1
        while key in found:
            count += 1
            key = f"{row.symbol or row.name}\0{count}"
        found[key] = row
    return found


class HoldingsPage(FundPage):
    """What one sector of a fund consists of; without a sector, the whole fund."""

    SCOPES: ClassVar[tuple[str, ...]] = ("grid", "rows", "holdings")
    BINDINGS = bindings("grid", "rows", "holdings", "app")
    PANELS: ClassVar[tuple[str, ...]] = ("holdings", "relative")
    FIGURES: ClassVar[tuple[str, ...]] = (
        "weight_pct",
        "last",
        "return_pct",
        "contribution_pp",
        "excess_pp",
        "volume_ratio",
        "range52_position",
        "explained_pp",
        "unexplained_pp",
        "coverage_pct",
        "holdings_as_of",
        "style",
        "size",
        "rebased",
        "relative_strength",
    )

    def __init__(self) -> None:
        super().__init__()
        self.sector: str | None = None
        self._keys: dict[str, str | None] = {}
        self._still: dict[str, HoldingFigures] = {}
        """Rows without a symbol, which no tick changes."""
        self._again: set[str] = set()
        """Keys of rows whose symbol another row has as well."""

    def aim(self, *of: str) -> None:
        """Begin anew over another fund, or a sector of it."""
        self.sector = of[1] if len(of) > 1 else None
        super().aim(*of)

    @property
    def crumb(self) -> str:
        """The sector, or the fund."""
        return self.sector or f"{self.fund_names[0]} holdings"

    def body(self) -> ComposeResult:
        """The head line, the table, and the chart of the marked rows."""
        yield StatusBar(id="head")
        yield Table(id="holdings")
        yield Relative(id="relative", classes="panel")

    def begin(self) -> None:
        """The table has the keys."""
        self.bring_forward("holdings")
        self.on_screen_resume()

    async def document(self) -> dict[str, object] | None:
        """The holdings of the fund, or of the sector."""
        from tui.documents.funds import holdings

        one = self.shown(self.fund_names[0])
        return holdings(self.app.board, one, self.sector) if one is not None else None

    def draw(self) -> None:
        """Everything anew."""
        one = self.shown(self.fund_names[0])
        if one is None or one.book is None or one.fund is None:
            self.table.empty_text = f"Looking for the holdings of {self.fund_names[0]}"
            self.table.show_rows([], [], lambda _key: None)
            return
        named = keyed(one.book.holding_rows(self.sector))
        heaviest = sorted(named, key=lambda key: -named[key].weight)
        self._keys = {key: named[key].symbol for key in heaviest}
        self._still = {key: row for key, row in named.items() if row.symbol is None}
        self._again = {key for key, row in named.items() if row.symbol not in {None, key}}
        fields = holding_fields(self.app.view.window, self.app.view.volume_window, one.sector_sources)
        names = {key: f"{row.symbol} {row.name}" for key, row in named.items()}
        self.table.empty_text = (
            "No holding has this text. Press F to show all." if self.table.filter else "No holdings here"
        )
        self.table.show_rows(fields, list(self._keys), self._find, words=lambda key: names.get(key, key))
        partial = note_of(one)
        self.query_one("#head", StatusBar).show(fund_segments(one.fund.name, one.book.total(), partial))
        self._fit()
        self._chart(now=True)

    def _fit(self) -> None:
        """A table as high as its rows, where the chart has room beside it."""
        # The app's, which is known before the screen is laid out: each other height is all of it once more.
        room = self.app.size.height - 3
        self.table.styles.height = (
            "1fr" if self.has_class("compact") or self.has_class("zoomed") else min(len(self._keys) + 2, room * 2 // 3)
        )

    def show_all(self) -> None:
        """As any; the size may be another."""
        super().show_all()
        if self._keys:
            self._fit()

    def draw_changes(self, changed: set[str], sectors: set[str]) -> None:  # noqa: ARG002 (a sector is no row here)
        """The rows of the symbols that ticked; all of them when the fund did, since every excess is against it."""
        one = self.shown(self.fund_names[0])
        if not changed or one is None or one.book is None or one.fund is None:
            return
        own = self.fund_names[0] in changed
        again = {key for key in self._again if self._keys[key] in changed}
        self.table.change(set(self._keys) if own else changed & self._keys.keys() | again)
        partial = note_of(one)
        self.query_one("#head", StatusBar).show(fund_segments(one.fund.name, one.book.total(), partial))
        self._chart()

    def tick(self) -> None:
        """The status line, and now and then the order."""
        super().tick()
        if self.composed and self.app.ready and self._ticks % 5 == 0 and self.table.sort and not self.app.paused:
            self.table.settle()

    def _find(self, key: str) -> HoldingFigures | None:
        symbol, one = self._keys.get(key), self.app.desk.funds.get(self.fund_names[0])
        if symbol is None:
            return self._still.get(key)
        if one is None or one.book is None:
            return None
        rows = [row for row in one.book.rows_of(symbol) if self.sector in {None, row.sector}]
        return keyed(rows).get(key)

    def compared(self) -> list[str]:
        """The marked holdings, else the cursor's."""
        marks = self.table.marks
        marked = [symbol for key, symbol in self._keys.items() if symbol and key in marks] if marks else []
        cursor = self._keys.get(self.table.cursor_key or "")
        return list(dict.fromkeys(marked)) or ([cursor] if cursor else [])

    def _chart(self, *, now: bool = False) -> None:
        chart = self.query_one(Relative)
        if chart.is_on_screen:
            chart.show_view(self.app.board, self.app.view, self.compared(), {}, now=now)

    @on(Grid.CursorMoved)
    @on(Grid.MarksChanged)
    def _compare(self) -> None:
        if self.app.ready:
            self._chart(now=True)

    @on(Grid.Opened)
    def _open(self, event: Grid.Opened) -> None:
        symbol = self._keys.get(event.key)
        if not self.is_seen:
            return
        if symbol:
            self.app.open_symbol(symbol)
        else:
            self.say(f"{event.key.partition(chr(0))[0]} has no symbol to open", "warn")

    def action_filter(self) -> None:
        """Narrow the list as the text is typed; Esc takes the old filter back."""
        before = self.table.filter

        def narrow(text: str | None) -> None:
            self.table.filter = (before if text is None else text).strip()
            self.draw()

        self.app.push_screen(Ask("Filter", before, "a symbol or a name", on_change=narrow), narrow)

    def action_unfilter(self) -> None:
        """Show all rows again."""
        self.table.filter = ""
        self.draw()

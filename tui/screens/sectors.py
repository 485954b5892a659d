"""Screen 4: a fund's sectors, live: which one carries it, on what volume, how broad; or two funds side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on

from tui.analytics.compare import compare
from tui.analytics.style import THIRDS, FundStyle, Size
from tui.fund_columns import pair_fields, sector_fields, total_cells
from tui.panels.relative import Relative
from tui.panels.table import Table
from tui.screens.choose import Choose
from tui.screens.fund_page import FundPage, fund_segments, note_of
from tui.screens.holdings import HoldingsPage
from tui.screens.page import bindings
from tui.widgets.grid import Grid
from tui.widgets.status import Segment, StatusBar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.app import ComposeResult

    from tui.analytics.funds_figures import FundFigures, SectorFigures
    from tui.columns import Field
    from tui.format import Cell

TOTAL = "\0total"
"""Key of the fund's own line, which no sector has."""


ROOM = 1.25
"""How far the largest contribution may outgrow the scale of the bars before they are drawn anew."""


def style_text(style: FundStyle) -> str:
    """Value against growth, and how many companies make each third of the fund, with their methods."""
    sizes = "/".join(str(style.members[size]) for size in Size)
    split = (
        f"value {style.value * 100:.0f}% growth {style.growth * 100:.0f}% by {style.methods[0]}, "
        if style.methods
        else ""
    )
    return f"{split}{sizes} names make its {THIRDS}"


def _most(rows: Iterable[SectorFigures]) -> float:
    """The largest contribution, to either side."""
    return max((abs(row.contribution) for row in rows if row.contribution is not None), default=0.0)


class SectorsPage(FundPage):
    """The sectors of one fund, or of two with the difference."""

    SCOPES: ClassVar[tuple[str, ...]] = ("grid", "rows", "sectors")
    BINDINGS = bindings("grid", "rows", "sectors", "app")
    PANELS: ClassVar[tuple[str, ...]] = ("sectors", "relative")
    FIGURES: ClassVar[tuple[str, ...]] = (
        "weight_pct",
        "return_pct",
        "contribution_pp",
        "excess_pp",
        "volume_ratio",
        "advancers",
        "decliners",
        "unchanged",
        "above_mean50_pct",
        "above_mean200_pct",
        "new_highs",
        "new_lows",
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
        self._columns: list[Field] = []
        self._most = 0.0

    @property
    def crumb(self) -> str:
        """The fund, or both."""
        return " against ".join(self.fund_names) if self.other else f"{self.fund_names[0]} sectors"

    @property
    def other(self) -> str | None:
        """The fund beside the first."""
        return self.fund_names[1] if len(self.fund_names) > 1 else None

    def body(self) -> ComposeResult:
        """The head lines and the table."""
        yield StatusBar(id="head")
        yield Table(id="sectors")
        yield Relative(id="relative", classes="panel")

    def begin(self) -> None:
        """The table has the keys."""
        self.bring_forward("sectors")
        self.on_screen_resume()

    async def document(self) -> dict[str, object] | None:
        """The sectors of the first fund."""
        from tui.documents.funds import sectors

        one = self.shown(self.fund_names[0])
        return sectors(self.app.board, one) if one is not None else None

    def draw(self) -> None:
        """Everything anew."""
        opened = self.opened.get(self.fund_names[0])
        one = self.shown(self.fund_names[0])
        self.table.empty_text = (
            opened.problem if opened else ""
        ) or f"Looking for the holdings of {self.fund_names[0]}"
        if one is None or one.book is None or one.fund is None:
            self.table.show_rows([], [], lambda _key: None)
            self.query_one("#head", StatusBar).show([])
            return
        self._head()
        other = self.shown(self.other) if self.other else None
        self._chart(now=True)
        if other is not None and other.book is not None:
            pairs = {pair.sector: pair for pair in compare(one.book.sector_rows(), other.book.sector_rows())}
            columns = pair_fields(self.fund_names[0], other.symbol, self.app.view.window)
            self.table.show_rows(columns, list(pairs), pairs.get)
            return
        rows = {row.sector: row for row in one.book.sector_rows()}
        heaviest = max((row.weight for row in rows.values()), default=0.0)
        most = self._most = _most(rows.values())
        self._columns = sector_fields(self.app.view.window, self.app.view.volume_window, heaviest, most)
        self.table.show_rows(self._columns, list(rows), rows.get, foot={TOTAL: self._foot(one.book.total())})

    def draw_changes(self, changed: set[str], sectors: set[str]) -> None:
        """The sectors that a tick touched, and the fund's own line."""
        if not sectors and not changed & set(self.fund_names):
            return
        self._head()
        self._chart()
        one = self.shown(self.fund_names[0])
        if one is None or one.book is None:
            return
        other = self.shown(self.other) if self.other else None
        if other is not None and other.book is not None:
            pairs = {pair.sector: pair for pair in compare(one.book.sector_rows(), other.book.sector_rows())}
            self.table.change(set(pairs), pairs.get)
            return
        rows = {row.sector: row for row in one.book.sector_rows()}
        if not self._most / 2 <= _most(rows.values()) <= self._most * ROOM:
            self.draw()
            return
        own = self.fund_names[0] in changed
        self.table.change(set(rows) if own else sectors & rows.keys(), rows.get, {TOTAL: self._foot(one.book.total())})

    def _chart(self, *, now: bool = False) -> None:
        """The fund, or both, against the benchmark."""
        chart = self.query_one(Relative)
        if chart.is_on_screen:
            chart.show_view(self.app.board, self.app.view, self.fund_names, {}, now=now)

    def _foot(self, total: FundFigures) -> list[Cell]:
        return total_cells(total, self._columns)

    def _head(self) -> None:
        one = self.shown(self.fund_names[0])
        if one is None or one.book is None or one.fund is None:
            return
        partial = note_of(one)
        segments = fund_segments(one.fund.name, one.book.total(), partial)
        other = self.shown(self.other) if self.other else None
        if other is not None and other.book is not None:
            theirs = other.book.total()
            segments = [*segments[:2], Segment("against", "against", "muted", priority=97)]
            segments += [
                Segment(f"other_{s.key}", s.text, s.role, s.align, s.priority - 1)
                for s in fund_segments("", theirs, "")[:6]
            ]
        style = one.style
        if other is None and style is not None:
            segments.append(Segment("style", style_text(style), "muted", "right", 15))
        self.query_one("#head", StatusBar).show(segments)

    @on(Grid.Opened)
    def _open(self, event: Grid.Opened) -> None:
        name = self.fund_names[0]
        if self.shown(name) is not None and self.is_seen:
            self.app.push_page(HoldingsPage, name, *(() if event.key == TOTAL else (event.key,)))

    async def action_fund(self) -> None:
        """Choose another fund."""
        await self._choose("Fund", lambda name: self._take([name, *self.fund_names[1:]]))

    async def action_compare(self) -> None:
        """Choose a fund to set beside this one; the same one again takes it away."""
        await self._choose(
            "Set beside", lambda name: self._take([self.fund_names[0], *([name] if name != self.other else [])])
        )

    async def _choose(self, title: str, then: Callable[[str], None]) -> None:
        desk = self.app.desk
        names = await desk.known(self.app.view.symbols)
        options = [(name, each.fund.name if (each := desk.funds.get(name)) and each.fund else "") for name in names]

        def answered(text: str | None) -> None:
            if text and text.strip():
                then(text.strip().upper())

        self.app.push_screen(Choose(title, options, self.fund_names[0], free=True), answered)

    def _take(self, names: list[str]) -> None:
        self.fund_names = list(dict.fromkeys(names))
        self.table.sort = None
        self.tick()
        self.show_all()

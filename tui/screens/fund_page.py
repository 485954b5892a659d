"""What the screens of a fund share: the fund from the desk, drawn again when its book is another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on, work

from tui import format as fmt
from tui.panels.relative import Relative
from tui.panels.table import Table
from tui.screens.page import Page
from tui.widgets.grid import Grid
from tui.widgets.status import Segment

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from tui.analytics.funds_figures import FundFigures
    from tui.desk import OpenFund

REBUILD_TICKS = 2
"""Seconds between two looks at whether baselines have come."""


class FundPage(Page):
    """A screen over one fund, or two. Ticks update the books; a new baseline makes them anew, off the loop."""

    def __init__(self) -> None:
        super().__init__()
        self.fund_names: list[str] = []
        """The fund, and one beside it; none while the screen waits for its first."""
        self._drawn: object = None
        """What was drawn last, besides quotes."""
        self._ticks = 0

    def aim(self, *of: str) -> None:
        """Begin anew over another fund."""
        self.fund_names = list(of[:1])
        self._drawn = None
        if self.composed:
            self.table.begin()
            self.query_one(Relative).wipe()
            self.remove_class("zoomed")
            self.bring_forward(self.PANELS[0])

    @property
    def opened(self) -> dict[str, OpenFund]:
        """Those of the funds that are on the desk."""
        funds = self.app.desk.funds if self.app.ready else {}
        return {name: funds[name] for name in self.fund_names if name in funds}

    @property
    def symbols(self) -> tuple[str, ...]:  # type: ignore[override]
        """All holdings of the funds shown."""
        opened = self.opened
        return tuple(s for name in self.fund_names for s in (opened[name].members if name in opened else (name,)))

    @property
    def is_stale(self) -> bool:
        """Whether a book is to be made anew, since baselines have come or gone."""
        opened = (each for each in self.opened.values() if each.fund is not None)
        return any(self.app.desk.is_stale(each) for each in opened)

    def shown(self, name: str) -> OpenFund | None:
        """A fund with a book to draw."""
        opened = self.opened.get(name)
        if opened is None or opened.book is None or self.app.engine is None:
            return None
        # Without any price the order would be that of the day of the list, and change under the cursor.
        return opened if opened.book.total().covered or self.app.engine.loader.idle.is_set() else None

    @property
    def stem(self) -> str:
        """The fund."""
        return self.fund_names[0]

    @property
    def table(self) -> Table:
        """The table that has the keys."""
        return self.query_one(f"#{self.PANELS[0]}", Table)

    @on(Grid.HeaderClicked)
    def _clicked(self, event: Grid.HeaderClicked) -> None:
        self.table.sort_by(event.column)

    def action_sort(self) -> None:
        """Sort by the cursor's column."""
        self.table.sort_by(self.table.cursor_column)

    def action_reverse(self) -> None:
        """Turn the order around."""
        self.table.reverse()

    def action_definitions(self) -> None:
        """Say what the figures mean, as they are meant inside a fund."""
        from tui.analytics.definitions import INSIDE_A_FUND
        from tui.screens.definitions import Definitions

        self.app.push_screen(Definitions(self.FIGURES, INSIDE_A_FUND))

    def show(self, changed: AbstractSet[str]) -> None:
        """Bring the books up to date, then draw what that changed."""
        if not (self.composed and self.app.ready):
            return
        self.draw_changes(set(changed), self.app.desk.take(changed))
        if self.app.engine is not None and self.app.engine.loader.idle.is_set() and self.is_stale:
            self.prepare()

    def draw_changes(self, changed: set[str], sectors: set[str]) -> None:
        """Draw what changed: these symbols, and these sectors."""

    def show_all(self) -> None:
        """Everything that is another, and the books made again where that is due."""
        if self.composed and self.app.ready and self.fund_names:
            self._catch_up()
            self.prepare()

    def _catch_up(self) -> None:
        """Draw everything where something else is to be shown or others were on top; else only what has ticked."""
        books = [(name, one.book if (one := self.shown(name)) else None) for name in self.fund_names]
        problems = [each.problem for each in self.opened.values()]
        view = self.app.view
        state = (books, problems, view.window, view.volume_window, view.benchmark, view.chart)
        changed = self.app.desk.news(self.symbols)
        sectors = self.app.desk.take(changed)
        if state == self._drawn:
            self.draw_changes(changed, sectors)
        else:
            self._drawn = state
            self.draw()

    def on_screen_suspend(self) -> None:
        """What ticks from now on is told to the books by others, and not drawn here; nothing is looked for any more."""
        self._drawn = None
        if not self.is_seen:
            self.workers.cancel_group(self, "fund")

    def draw(self) -> None:
        """Draw everything."""

    def tick(self) -> None:
        """The status line; books whose baselines have changed."""
        super().tick()
        self._ticks += 1
        if self.composed and self.app.ready and self._ticks % REBUILD_TICKS == 0 and self.is_stale:
            self.prepare()

    @work(group="fund", exclusive=True)
    async def prepare(self) -> None:
        """Find the holdings, follow their quotes, and make the books."""
        desk = self.app.desk
        for name in self.fund_names:
            await desk.open(name)
        if self.app.engine is not None and not set(self.symbols) <= set(self.app.engine.wanted.now.symbols):
            self.app.order()
        for name in self.fund_names:
            now = (await desk.build(name)).book
            if now is not None and now.window is not self.app.view.window:
                now.set_window(self.app.view.window)
                self._drawn = None
        if self.is_attached:
            self._catch_up()


def note_of(opened: OpenFund) -> str:
    """What to know of a fund's list: that it is a part of it, or of a day that had not come."""
    if opened.fund is None or opened.book is None:
        return ""
    if opened.fund.partial:
        return ", partial"
    if opened.mixed:
        return ", sectors of two vocabularies"
    session = opened.book.session
    return ", a later list" if session is not None and opened.fund.as_of > session else ""


def fund_segments(name: str, total: FundFigures, partial: str) -> list[Segment]:
    """The head line: the fund's return, what its holdings explain of it, and of when and how whole they are."""
    change = fmt.change(total.return_1d)
    explained = fmt.points(total.explained)
    unexplained = fmt.points(total.unexplained)
    return [
        Segment("fund", fmt.clean(total.symbol, 10), "head", priority=99),
        Segment("change", f"{change.text}%" if change.text != "-" else "-", change.role, priority=98),
        Segment("explained", f"explained {explained.text}", "text", priority=90),
        Segment("unexplained", f"unexplained {unexplained.text} pp", "text", priority=95),
        Segment(
            "coverage",
            f"coverage {total.coverage * 100:.1f}%",
            "text" if total.coverage >= 0.9 else "warn",
            priority=94,
        ),
        Segment("as_of", f"holdings of {total.holdings_as_of}{partial}", "warn" if partial else "muted", priority=93),
        Segment("name", fmt.clean(name, 40), "muted", priority=20),
    ]

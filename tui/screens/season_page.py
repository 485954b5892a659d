"""What screen 5 knows of seasons: whose they are, how they are made off the loop, and their panels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from tui import format as fmt
from tui.format import clean
from tui.model import DataError
from tui.panels.season_grid import SeasonGrid
from tui.panels.season_lines import so_far_text
from tui.panels.season_table import SeasonDays, SeasonMonths, SeasonNow
from tui.screens.page import Page
from tui.screens.progress import told
from tui.studies.seasons import SeasonsStudy
from tui.widgets.grid import Grid
from tui.widgets.status import Segment, StatusBar

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from tui.studies.seasons import SeasonsAnswer

SEASON_PANELS = ("season-months", "season-grid", "season-now", "season-days")
REMAKE_TICKS = 20
"""Seconds between two computations of the seasons while their symbol trades: only the running month moves."""


class SeasonPage(Page):
    """The seasons of one symbol, the benchmark's unless another is chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.season_answer: SeasonsAnswer | None = None
        self._season_choice: str | None = None
        self._season_asked: str | None = None
        """Whose seasons are being computed."""
        self._season_stale = False
        self._season_ticks = 0
        self._season_study: SeasonsStudy | None = None
        """Who answers; it keeps what it has read."""

    @property
    def season_symbol(self) -> str:
        """Whose seasons are shown."""
        return self._season_choice or self.app.view.benchmark

    def season_changed(self, changed: AbstractSet[str]) -> None:
        """Remember that the running month has moved; without an answer yet, ask at once."""
        if self.season_symbol in changed:
            self._season_stale = True
            if self.season_answer is None:
                self.make_seasons()

    def season_tick(self) -> None:
        """Now and then bring the running month up to date."""
        self._season_ticks += 1
        if self._season_stale and not self.app.paused and self._season_ticks % REMAKE_TICKS == 0:
            self.make_seasons()

    def season_renew(self) -> None:
        """Ask anew where the answer is of another symbol, and nobody asks already."""
        of = self.season_answer.symbol if self.season_answer else None
        if self.season_symbol not in {of, self._season_asked}:
            self.make_seasons()

    def season_resumed(self) -> None:
        """The screen is back: the running month may have moved."""
        self._season_stale = True

    @work(group="seasons", exclusive=True)
    async def make_seasons(self) -> None:
        """Compute off the loop; the last answer stays until the next is there."""
        if not self.app.ready:
            return
        symbol = self._season_asked = self.season_symbol
        self._season_stale = False
        if self._season_study is None:
            self._season_study = SeasonsStudy(self.app.board)
        work = self._season_study.answer(symbol)
        try:
            answer = await told(self, work, f"Reading the history of {clean(symbol, 16)}")
        except DataError as error:
            self._season_problem(str(error))
            return
        finally:
            if self._season_asked == symbol:
                self._season_asked = None
        if symbol == self.season_symbol:
            self.season_answer = answer
            self.draw_seasons()

    def _season_problem(self, text: str) -> None:
        """Say why there is nothing, where the seasons would be."""
        if self.season_answer is not None and self.season_answer.symbol == self.season_symbol:
            self.say(text, "warn")
            return
        self.season_answer = None
        for name in SEASON_PANELS:
            panel = self.query_one(f"#{name}", Grid)
            panel.set_rows([], lambda _key: ())
            panel.empty_text = text

    def draw_seasons(self) -> None:
        """Show the answer."""
        answer = self.season_answer
        if answer is None:
            return
        so_far = answer.seasons.so_far
        self.query_one("#season-head", StatusBar).show(
            [
                Segment("symbol", clean(answer.symbol, 16), "head", priority=80),
                Segment("so_far", so_far_text(so_far), fmt.change(so_far.value if so_far else None).role, priority=90),
            ]
        )
        self.query_one(SeasonMonths).show_answer(answer)
        self.query_one(SeasonGrid).show_answer(answer)
        self.query_one(SeasonNow).show_answer(answer)
        self.query_one(SeasonDays).show_answer(answer)

    def action_symbol(self) -> None:
        """Choose whose seasons are shown."""
        view, board = self.app.view, self.app.board
        symbols = dict.fromkeys((view.benchmark, *view.symbols))

        def answered(text: str | None) -> None:
            if text and text.strip():
                self._season_choice = text.strip().lstrip("$").upper()
                self.symbols = (self._season_choice,)
                self.app.order()
                self.make_seasons()

        options = [(symbol, clean(board.name(symbol) or "", 40)) for symbol in symbols]
        self.app.choose("Seasons of", options, answered, current=self.season_symbol, free=True)

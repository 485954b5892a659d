"""What screen 3 knows of the symbol under the cursor: asked for off the loop, once, and drawn when it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on, work

from tui import format as fmt
from tui.model import DataError
from tui.panels.volume_list import VolumeList
from tui.screens.page import REST_SECONDS, Page
from tui.screens.progress import told
from tui.studies.volume import BOUND
from tui.widgets.grid import Grid
from tui.widgets.once import once

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.timer import Timer

    from tui.studies.volume import VolumeDay, VolumeStudy

REQUEST_REST_SECONDS = 0.5
"""How long the cursor rests before the panels follow it where that costs a request."""


class VolumeFollow(Page):
    """A page whose panels follow the cursor of its list."""

    def __init__(self) -> None:
        super().__init__()
        self.bound = BOUND
        """Volume ratio from which on a day is unusual."""
        self.day: VolumeDay | None = None
        """What is shown at the right; it stays until the next is there."""
        self.so_far: Sequence[int | None] = ()
        self.study: VolumeStudy | None = None
        self.fund: str | None = None
        """A fund that is shown in place of the index under the cursor."""
        self.rest: Timer | None = None
        """Runs while the cursor moves on."""
        self.asked = 0
        self._busy: object = None
        """What is being computed: ticks that come meanwhile do not begin it again."""
        self._slot_asked: tuple[object, ...] = ()

    @property
    def table(self) -> VolumeList:
        """The list."""
        return self.query_one("#volume-list", VolumeList)

    @property
    def followed(self) -> str | None:
        """The symbol at the right: the cursor's, or the fund that was asked for in its place."""
        return self.fund or self.table.cursor_key

    def under_cursor(self) -> list[str]:
        """The symbol that the panels follow, whichever of them has the keys."""
        return [self.followed] if self.followed else []

    def draw_day(self, *, now: bool = False) -> None:
        """Draw what is followed, from the last answer."""

    def draw_problem(self, symbol: str, reason: str) -> None:
        """Say why there is nothing of a symbol."""

    def is_due(self, symbol: str) -> bool:
        """Whether to ask: for another session, one that has ended, or a slot of it that has, and not while asked."""
        if self.study is None or self._busy == (symbol, self.bound):
            return False
        return self.study.kept(symbol, self.bound) is None or self._slot_due(symbol)

    def _slot_due(self, symbol: str) -> bool:
        """Whether a slot of the running session has ended whose bar was not asked for yet."""
        assert self.study is not None
        if self.day is None or self.day.symbol != symbol:
            return False
        running = self.study.running(symbol, self.day.held)
        return running is not None and (symbol, self.day.session, running[0]) != self._slot_asked

    def follow(self) -> None:
        """Show what the cursor is on: at once where it is known, else when it has been computed."""
        symbol = self.followed
        if symbol is None or self.study is None:
            self.draw_day()
            return
        self._busy = (symbol, self.bound)
        self._ask(symbol)

    @work(group="volume-day", exclusive=True)
    async def _ask(self, symbol: str) -> None:
        """Compute off the loop; what is late for another symbol is dropped."""
        study = self.study
        assert study is not None
        self.asked += 1
        number = self.asked
        try:
            day = study.kept(symbol, self.bound)
            if day is None:
                work = study.day(symbol, self.bound)
                day = await told(self, work, f"Reading the volume of {fmt.clean(symbol, 16)}")
            running = study.running(symbol, day.held)
            if running is not None:
                self._slot_asked = (symbol, day.session, running[0])
            so_far = await study.so_far(symbol)
        except DataError as error:
            if number == self.asked and self.is_attached:
                self.draw_problem(symbol, str(error))
            return
        finally:
            if number == self.asked:
                self._busy = None
        if number == self.asked and self.is_attached:
            self.day, self.so_far = day, so_far
            self.draw_day(now=True)

    def on_screen_suspend(self) -> None:
        """Nobody looks: nothing is computed any more."""
        self.asked += 1
        self._busy = None
        self.workers.cancel_group(self, "volume-day")

    @on(Grid.CursorMoved, "#volume-list")
    def _moved(self) -> None:
        if not self.app.ready or self.study is None:
            return
        self.fund = None
        symbol = self.table.cursor_key
        if self.rest is not None:
            self.rest.stop()
        engine = self.app.engine
        free = engine is None or engine.source.cheap_intraday or symbol is None
        known = free or symbol is None or self.study.kept(symbol, self.bound) is not None
        self.rest = once(self, REST_SECONDS if known else REQUEST_REST_SECONDS, self._end_rest)

    def _end_rest(self) -> None:
        self.rest = None
        if self.is_seen:
            self.follow()

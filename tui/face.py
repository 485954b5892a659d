"""What the parts of the app know of each other: the state they share and the few moves that all of them make."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual.app import App

from tui.jobs import job
from tui.screens.page import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tui.board import Board
    from tui.config import Paths, Settings
    from tui.desk import FundDesk
    from tui.engine import Engine
    from tui.link.pace import LinkStats, Pacer
    from tui.studies.drivers import DriversStudy
    from tui.themes import Palette
    from tui.view import View
    from tui.watchlists import Watchlists


class Face(App[int]):
    """The app's state. What draws, reads it; what acts, changes it and says `follow` or `redraw`."""

    settings: Settings
    paths: Paths
    watchlists: Watchlists
    palettes: Mapping[str, Palette]
    view: View
    notices: list[str]
    """Messages that wait for the first screen."""

    def __init__(self) -> None:
        super().__init__()
        self.engine: Engine | None = None
        """The market; None until it is assembled."""
        self.past = False
        """Whether a past session is shown."""
        self.assembled = asyncio.Event()
        """Set when there is a market to show."""
        self.problem = ""
        """Why there is no market."""
        self.eco = False
        """Whether frames are few and nothing flashes, for a slow line."""
        self.link_shown = False
        """Whether the status line tells how the line to the terminal is doing."""
        self.changing = asyncio.Lock()
        """Held while a change of the lists is written: one at a time."""
        self._board: Board | None = None
        self._desk: FundDesk | None = None
        self.drivers: DriversStudy | None = None
        """What is known of yields, valuation, deals; None until there is a market."""

    @property
    def ready(self) -> bool:
        """Whether there is a market to show."""
        return self._board is not None

    @property
    def board(self) -> Board:
        """Rows of what is watched; only when `ready`."""
        assert self._board is not None
        return self._board

    @property
    def pages(self) -> list[Page]:
        """The full screens of the breadcrumb, the one that is shown last."""
        return [each for each in self.screen_stack if isinstance(each, Page)]

    @property
    def page(self) -> Page:
        """The full screen that is shown, under any dialog."""
        return self.pages[-1]

    @property
    def can_go_back(self) -> bool:
        """Whether the breadcrumb has a step to undo."""
        return len(self.pages) > 1

    @property
    def paused(self) -> bool:
        """Whether the picture is held still."""
        return self.engine is not None and self.engine.live.frozen

    def link_stats(self) -> LinkStats | None:
        """How the line to the terminal is doing; None where the driver does not know."""
        pacer: Pacer | None = getattr(self._driver, "pacer", None)
        return None if pacer is None else pacer.stats()

    def say(self, text: str, role: str = "text") -> None:
        """One message on the hint line; none when the end has begun."""
        if self.pages:
            self.page.say(text, role)

    def ask(
        self,
        label: str,
        then: Callable[[str | None], None],
        *,
        value: str = "",
        placeholder: str = "",
        on_change: Callable[[str], None] | None = None,
    ) -> None:
        """Ask for a line of text; `then` gets it, or None when the user leaves. Imported when first needed."""
        from tui.screens.ask import Ask

        self.push_screen(Ask(label, value, placeholder, on_change), then)

    def choose(
        self,
        title: str,
        options: Sequence[tuple[str, str]],
        then: Callable[[str | None], None],
        *,
        current: str = "",
        preview: Callable[[str], None] | None = None,
        free: bool = False,
    ) -> None:
        """Let the user choose from pairs of a value and its meaning; `then` gets the value, or None."""
        from tui.screens.choose import Choose

        self.push_screen(Choose(title, options, current, preview, free=free), then)

    def chosen(self) -> list[str]:
        """The marked symbols in the list's order, else the cursor's."""
        marked = [symbol for symbol in self.view.symbols if symbol in self.view.marks]
        return marked or self.page.under_cursor()

    def redraw(self) -> None:
        """The window, the kind of chart or the number of sessions is another."""
        if not self.pages:
            return
        if self._board is not None:
            self._board.window, self._board.volume_window = self.view.window, self.view.volume_window
        self.page.tick()
        self.page.show_all()

    def follow(self) -> None:
        """Bring the engine, the board and the screen in line with the view."""
        if self.engine is None or not self.pages:
            return
        view = self.view
        self.board.window, self.board.volume_window = view.window, view.volume_window
        self.order()
        self.page.show_all()

    def order(self) -> None:
        """Ask for the quotes of all that the screens show."""
        if self.engine is not None:
            self.engine.watch(self.watched(), self.view.benchmark)
            self.run_worker(job(self.name_symbols), group="names", exclusive=True)

    @property
    def desk(self) -> FundDesk:
        """The funds that are taken apart; only when `ready`."""
        assert self._desk is not None
        return self._desk

    def watched(self) -> tuple[str, ...]:
        """All symbols that some screen of the breadcrumb shows."""
        return tuple(dict.fromkeys((*self.view.symbols, *(symbol for page in self.pages for symbol in page.symbols))))

    async def name_symbols(self) -> None:
        """Names for what is watched, from the source."""
        assert self.engine is not None
        found = await self.engine.source.instruments((*self.watched(), self.view.benchmark))
        new = {each.symbol: each for each in found if self.board.instruments.get(each.symbol) != each}
        if new:
            self.board.instruments.update(new)
            self.page.show_all()

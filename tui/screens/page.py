"""What every full screen has: the status line, the hint line with messages, and its keys from the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.notifications import SeverityLevel
from textual.widgets import Static

from tui.format import clean
from tui.keys import BACK_HINT, WINDOW_HINT, Key, scoped, shown
from tui.panels.status import status_segments
from tui.screens.sized import Sized
from tui.widgets.grid import Grid
from tui.widgets.once import once
from tui.widgets.status import Segment, StatusBar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from textual.app import ComposeResult
    from textual.timer import Timer

    from tui.app import Outpace

LEAST_WIDTH, LEAST_HEIGHT = 40, 8
"""Below this there is no room for a table."""
WIDE, TALL = 100, 28
"""From here on the panels of a screen stand together."""
REST_SECONDS = 0.15
"""How long the cursor rests before a chart follows it: drawing would take the processor from the keys that come."""
MESSAGE_SECONDS = 6.0
"""How long a message stands in place of the hints."""


SEVERITIES: dict[str, SeverityLevel] = {"warn": "warning", "error": "error"}


def bindings(*scopes: str) -> list[BindingType]:
    """Textual's bindings for the keys of some scopes; their ids are what the user rebinds."""
    return [
        Binding(",".join(key.keys), key.action, key.label, show=False, id=key.id, priority=key.id == "quit")
        for scope in scopes
        for key in scoped(scope)
    ]


class Page(Sized[None]):
    """A full screen of the monitor. Subclasses compose a body between `#status` and `#hints`."""

    SCOPES: ClassVar[tuple[str, ...]] = ()
    """Scopes of the key table that work here, beside `app`."""
    # Textual declares these for the instance, so that they cannot be class variables.
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (LEAST_WIDTH, "-narrow"), (WIDE, "-wide"), (150, "-broad")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (LEAST_HEIGHT, "-low"), (TALL, "-tall")]  # noqa: RUF012
    AUTO_FOCUS = ""
    symbols: tuple[str, ...] = ()
    """What this screen needs besides the list."""
    FIGURES: ClassVar[tuple[str, ...]] = ()
    """Names of the figures on this screen, for their definitions."""
    PANELS: ClassVar[tuple[str, ...]] = ()
    """Ids of the parts that Tab goes through and `z` enlarges, in their order."""

    app: Outpace

    _whole = False
    _behind: Timer | None = None
    """Runs while what changes behind a dialog waits to be shown."""

    def compose(self) -> ComposeResult:
        """The status line, the body, the hint line, and what stands for them where there is no room."""
        yield StatusBar(id="status")
        yield from self.body()
        yield StatusBar(id="hints")
        yield Static(f"too small, needs {LEAST_WIDTH}x{LEAST_HEIGHT}", id="too-small", markup=False)

    def on_mount(self) -> None:
        """Know the size's classes before styles are first worked out: each later change of them is all styles again."""
        width, height = self.app.size
        fitting = self._get_breakpoint_classes(width, self.HORIZONTAL_BREAKPOINTS)
        self.set_class(True, *fitting, *self._get_breakpoint_classes(height, self.VERTICAL_BREAKPOINTS), update=False)
        if self.composed:  # else the program ends while this screen is made
            self.begin()

    def begin(self) -> None:
        """All parts are there, and nothing is drawn yet."""

    def body(self) -> ComposeResult:
        """What lies between the two lines."""
        yield from ()

    def aim(self, *of: str) -> None:
        """Show another fund, sector or symbol than before; a screen over the whole list goes on where it was left."""

    @property
    def crumb(self) -> str:
        """What the breadcrumb calls this screen."""
        return ""

    @property
    def title_text(self) -> str:
        """The breadcrumb up to this screen."""
        pages = self.app.pages
        return " › ".join(page.crumb for page in pages[: pages.index(self) + 1] if page.crumb) if self in pages else ""

    @property
    def composed(self) -> bool:
        """Whether all parts are there: not yet while it is made, those inside others last; no more at the end."""
        if not self._whole:
            self._whole = all(self.query(f"#{name}") for name in self.PANELS)
        return self._whole and bool(self.query("#hints"))

    @property
    def is_seen(self) -> bool:
        """Whether it is the full screen that is shown, if under a dialog: any other asks, draws and opens nothing.

        A key that is pressed again before the next screen is there is still one of this screen.
        """
        pages = self.app.pages
        return bool(pages) and pages[-1] is self

    def show(self, changed: AbstractSet[str]) -> None:
        """Draw what has changed of these symbols."""

    def show_all(self) -> None:
        """Draw everything anew: the list, the benchmark or the window is another, or the screen came back."""

    def on_screen_resume(self) -> None:
        """Hidden screens get nothing: catch up."""
        if not (self.composed and self.is_seen):
            return
        self.tick()
        self.hint()
        self.show_all()

    def tick(self) -> None:
        """Once a second: the status line, which writes only what has changed of it."""
        if not self.composed:
            return
        self.query_one("#status", StatusBar).show(status_segments(self.app, self.title_text))

    def hint(self) -> None:
        """The hint line: what the keys do here, from the table and with the user's own bindings."""
        if not self.is_seen:
            return  # a message that was left is gone when somebody looks again
        hints: list[tuple[int, str]] = [(WINDOW_HINT, "[/] window")]
        for key in (key for scope in (*self.SCOPES, "app") for key in scoped(scope) if key.hint):
            if key.hint == BACK_HINT and not self.app.can_go_back:
                continue
            hints.append((key.hint, f"{shown(self._first_key(key))} {key.label}"))
        hints.sort()
        self.query_one("#hints", StatusBar).show(
            [Segment(f"hint{order}", text, "muted", priority=100 - order) for order, text in hints]
        )

    def _on_timer_update(self) -> None:
        """Paint what is due; the echo of a key that is in hand goes first, and takes it along."""
        if not self.app.key_in_hand:
            super()._on_timer_update()

    def _compositor_refresh(self) -> None:
        """Under a dialog, have it repaint what has changed here, and no more.

        Textual marks all of a covered screen as changed again each time, and draws all of it for one cell of it. And
        what it draws while updates are held together, as when a screen is mounted, it throws away.
        """
        if self.app._batch_count:
            self.app.held_together.add(self)
            return
        if self is self.app.screen or not self.is_current or self.app.is_inline:
            super()._compositor_refresh()
            return
        self._dirty_widgets.clear()
        if self._behind is None:
            self._show_behind()

    def _show_behind(self) -> None:
        """Show through a dialog what has changed: at once, or now and then where the dialog changes nothing itself."""
        self._behind = None
        changed = self._compositor._dirty_regions
        if changed and self is not self.app.screen and self.is_current:
            self.app.screen.refresh(*changed)
            changed.clear()
            pause = getattr(self.app.screen, "BEHIND_SECONDS", 0.0)
            self._behind = once(self, pause, self._show_behind) if pause else None

    def _first_key(self, key: Key) -> str:
        return self.app.settings.keys.get(key.id, key.keys)[0]

    def say(self, text: str, role: str = "text") -> None:
        """Show a message in place of the hints for a while; one that is too long for the line has a box of its own."""
        if cell_len(text) > self.size.width - 2:
            self.notify(
                clean(text, 400), severity=SEVERITIES.get(role, "information"), timeout=MESSAGE_SECONDS, markup=False
            )
            return
        self.query_one("#hints", StatusBar).show([Segment("message", text, role, priority=100)])
        once(self, MESSAGE_SECONDS, self.hint)

    def grid(self) -> Grid | None:
        """The table that movement keys go to: the focused one, else the screen's first."""
        focused = self.focused
        if isinstance(focused, Grid):
            return focused
        return next(iter(self.query(Grid)), None)

    def under_cursor(self) -> list[str]:
        """Symbols that a key means when none is marked: the row of the table that has the keys."""
        grid = self.grid()
        return [grid.cursor_key] if grid is not None and grid.cursor_key else []

    def alert_text(self) -> str:
        """A condition to begin an alert with: the figure under the cursor, of the symbol under it or that the screen is of."""
        from tui.alert_prefill import suggested

        view, grid, watched = self.app.view, self.grid(), set(self.app.watched())
        symbols = [each for each in (*self.under_cursor(), *self.symbols) if each in watched]
        column = grid.cursor_column if grid is not None else ""
        row = self.app.board.row(symbols[0] if symbols else view.benchmark)
        return suggested(row, column, view.benchmark, window=view.window.value, volume_window=view.volume_window)

    def action_panel(self, step: int) -> None:
        """Give the keys to the next panel; where there is room for one only, it takes the place of the last."""
        place = next((i for i, name in enumerate(self.PANELS) if self.has_class(f"front-{name}")), 0)
        self.bring_forward(self.PANELS[(place + step) % len(self.PANELS)])

    def action_zoom(self) -> None:
        """Give the panel in use the whole screen, and back."""
        self.toggle_class("zoomed")
        self.call_after_refresh(self.show_all)

    def bring_forward(self, name: str) -> None:
        """Make a panel the one in use: it has the keys, and its place on a small or zoomed screen."""
        for each in self.PANELS:
            self.set_class(each == name, f"front-{each}", update=False)
            self.query_one(f"#{each}").set_class(each == name, "front", update=False)
        if self.stack_updates:  # before the screen is first shown, all styles are still to come
            self.update_node_styles(animate=False)
        self.call_after_refresh(self._focus, name)

    def _focus(self, name: str) -> None:
        self.query_one(f"#{name}").focus()
        self.show_all()

    def on_resize(self) -> None:
        """Where there is no room for all, one panel is shown at a time."""
        self.set_class(self.size.width < WIDE or self.size.height < TALL, "compact")
        self.call_after_refresh(self.show_all)

    def action_chart(self) -> None:
        """Another kind of chart."""
        self.app.action_chart()

    def action_window(self, step: int) -> None:
        """A longer or shorter window."""
        self.app.action_window(step)

    def action_definitions(self) -> None:
        """Say what the figures of this screen mean."""
        from tui.screens.definitions import Definitions

        self.app.push_screen(Definitions(self.FIGURES))

    @property
    def stem(self) -> str:
        """What an exported file is called after."""
        return self.app.view.list_name

    def copied(self) -> list[tuple[str, Mapping[str, object]]]:
        """Names and rows that a copy is of, where they are not those of symbols."""
        return []

    async def document(self) -> dict[str, object] | None:
        """What this screen shows as a document of `show`, for the export; None while there is nothing yet."""
        from tui.documents.monitor import monitor

        return monitor(self.app.board, self.app.view.symbols)

    def action_grid(self, name: str) -> None:
        """Run an action of the table."""
        grid = self.grid()
        if grid is not None:
            getattr(grid, f"action_{name}")()

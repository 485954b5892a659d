"""What every full screen has: the status line, the hint line with messages, and its keys from the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui.keys import WINDOW_HINT, Key, scoped, shown
from tui.panels.status import status_segments
from tui.widgets.grid import Grid
from tui.widgets.status import Segment, StatusBar

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from tui.app import Outpace

MESSAGE_SECONDS = 6.0
"""How long a message stands in place of the hints."""


def bindings(*scopes: str) -> list[BindingType]:
    """Textual's bindings for the keys of some scopes; their ids are what the user rebinds."""
    return [
        Binding(",".join(key.keys), key.action, key.label, show=False, id=key.id, priority=key.id == "quit")
        for scope in scopes
        for key in scoped(scope)
    ]


class Page(Screen[None]):
    """A full screen of the monitor. Subclasses compose a body between `#status` and `#hints`."""

    SCOPES: ClassVar[tuple[str, ...]] = ()
    """Scopes of the key table that work here, beside `app`."""
    HORIZONTAL_BREAKPOINTS: ClassVar[list[tuple[int, str]]] = [(0, "-tiny"), (40, "-narrow"), (100, "-wide")]
    VERTICAL_BREAKPOINTS: ClassVar[list[tuple[int, str]]] = [(0, "-flat"), (8, "-low"), (28, "-tall")]
    AUTO_FOCUS = ""

    app: Outpace  # type: ignore[assignment]

    @property
    def title_text(self) -> str:
        """What the status line calls this screen; empty stands for the list's name."""
        return ""

    def show(self, changed: AbstractSet[str]) -> None:
        """Draw what has changed of these symbols."""

    def show_all(self) -> None:
        """Draw everything anew: the list, the benchmark or the window is another, or the screen came back."""

    def on_screen_resume(self) -> None:
        """Hidden screens get nothing: catch up."""
        self.tick()
        self.hint()
        self.show_all()

    def tick(self) -> None:
        """Once a second: the status line, which writes only what has changed of it."""
        self.query_one("#status", StatusBar).show(status_segments(self.app, self.title_text))

    def hint(self) -> None:
        """The hint line: what the keys do here, from the table and with the user's own bindings."""
        hints: list[tuple[int, str]] = [(WINDOW_HINT, "[/] window")]
        for key in (key for scope in (*self.SCOPES, "app") for key in scoped(scope) if key.hint):
            hints.append((key.hint, f"{shown(self._first_key(key))} {key.label}"))
        hints.sort()
        self.query_one("#hints", StatusBar).show(
            [Segment(f"hint{order}", text, "muted", priority=100 - order) for order, text in hints]
        )

    def _first_key(self, key: Key) -> str:
        return self.app.settings.keys.get(key.id, key.keys)[0]

    def say(self, text: str, role: str = "text") -> None:
        """Show a message in place of the hints for a while."""
        self.query_one("#hints", StatusBar).show([Segment("message", text, role, priority=100)])
        self.set_timer(MESSAGE_SECONDS, self.hint)

    def grid(self) -> Grid | None:
        """The table that movement keys go to: the focused one, else the screen's first."""
        focused = self.focused
        if isinstance(focused, Grid):
            return focused
        return next(iter(self.query(Grid)), None)

    def action_grid(self, name: str) -> None:
        """Run an action of the table."""
        grid = self.grid()
        if grid is not None:
            getattr(grid, f"action_{name}")()

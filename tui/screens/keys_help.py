"""The help overlay: every key of the table, with the user's own bindings."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from tui.keys import KEYS, shown
from tui.screens.dialog import Dialog

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult

HEADINGS = {
    "app": "Everywhere",
    "grid": "Moving",
    "rows": "Rows",
    "monitor": "Watchlists",
    "relative": "Relative",
    "volume": "Volume",
    "sectors": "Sectors",
    "events": "Events and seasons",
    "drivers": "Drivers",
}

SIGNS = (
    ("eod", "the figures of a finished session"),
    ("-", "not known; never zero"),
    ("~", "a rough volume ratio: early in the day, or a thin fund"),
    ("•", "marked for comparison"),
    ("½", "a session that closed early"),
    ("pp", "percentage points: return minus the benchmark's"),
)
"""Signs of the screen that are not words."""


class KeysHelp(Dialog[None]):
    """Scrolls with the arrows; Esc, ? or q closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q", "leave", show=False),
        Binding("j,down", "scroll_by(1)", show=False),
        Binding("k,up", "scroll_by(-1)", show=False),
        Binding("pagedown,ctrl+d", "scroll_by(10)", show=False),
        Binding("pageup,ctrl+u", "scroll_by(-10)", show=False),
    ]

    BEHIND_SECONDS: ClassVar[float] = 1.0
    """What ticks behind is shown at most this often: to draw it takes a whole screen."""

    def __init__(self, rebound: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self._rebound = rebound

    def compose(self) -> ComposeResult:
        """One scrolled page."""
        with VerticalScroll(id="help", can_focus=False):
            yield Static(help_text(self._rebound))

    def on_mount(self) -> None:
        """Say how to leave."""
        box = self.query_one("#help")
        box.border_title = "Keys"
        box.border_subtitle = "Esc closes"

    def action_scroll_by(self, lines: int) -> None:
        """Move the page."""
        self.query_one("#help").scroll_relative(y=lines, animate=False)

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)


def help_text(rebound: Mapping[str, Sequence[str]]) -> Text:
    """The table of keys as text, a line per key, a heading per scope."""
    text = Text()
    for scope, heading in HEADINGS.items():
        keys = [key for key in KEYS if key.scope == scope]
        if keys:
            text.append(f"{heading}\n", "bold")
        for key in keys:
            names = " ".join(shown(name) for name in rebound.get(key.id, key.keys))
            text.append(f"  {names:<10} {key.help}\n")
        if keys:
            text.append("\n")
    text.append("Signs\n", "bold")
    for sign, meaning in SIGNS:
        text.append(f"  {sign:<10} {meaning}\n")
    return text

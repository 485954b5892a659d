"""What the figures of a screen mean: each one's definition, one key away."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from tui.analytics.definitions import DEFINITIONS
from tui.screens.dialog import Dialog

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult

    from tui.analytics.definitions import Definition


class Definitions(Dialog[None]):
    """Scrolls with the keys of a table; i, Esc or q closes it.

    Args:
        names: The figures, in the order of the screen; names without a definition are left out.
        meanings: Their definitions, where a screen means another thing by a name than a row of the monitor does.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,i,q", "leave", show=False),
        Binding("j,down", "scroll_by(1)", show=False),
        Binding("k,up", "scroll_by(-1)", show=False),
        Binding("pagedown,ctrl+d", "scroll_by(10)", show=False),
        Binding("pageup,ctrl+u", "scroll_by(-10)", show=False),
        Binding("g,home", "scroll_by(-100000)", show=False),
        Binding("G,end", "scroll_by(100000)", show=False),
    ]

    BEHIND_SECONDS: ClassVar[float] = 1.0
    """What ticks behind is shown at most this often: to draw it takes a whole screen."""

    def __init__(self, names: Sequence[str], meanings: Mapping[str, Definition] = DEFINITIONS) -> None:
        super().__init__()
        self._found = [meanings[name] for name in dict.fromkeys(names) if name in meanings]

    def compose(self) -> ComposeResult:
        """One scrolled page."""
        with VerticalScroll(id="help", can_focus=False):
            yield Static(definitions_text(self._found))

    def on_mount(self) -> None:
        """Say what it is and how to leave."""
        box = self.query_one("#help")
        box.border_title = "What the figures mean"
        box.border_subtitle = "i or Esc closes"

    def action_scroll_by(self, lines: int) -> None:
        """Move the page."""
        self.query_one("#help").scroll_relative(y=lines, animate=False)

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)


def definitions_text(found: Sequence[Definition]) -> Text:
    """A heading of each figure's title, unit and name in `show`, and its definition below."""
    if not found:
        return Text("This screen has no figures of its own.")
    text = Text()
    for number, each in enumerate(found):
        if number:
            text.append("\n\n")
        text.append(each.title, "bold")
        text.append(f"  [{each.unit}]" if each.unit else "")
        text.append(f"  {each.name}\n", "dim")
        text.append(each.text)
    return text

"""The alerts: what is set, what each did in this session, and the log of what rang."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import work
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from tui.files import reason
from tui.format import clean
from tui.screens.dialog import Dialog

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult

    from tui.alert_desk import AlertDesk
    from tui.alert_log import Rang
    from tui.alerts import Alert, Seen

SHOWN = 200
"""Lines of the log, the newest first."""
INDENT = "  "


class AlertsDialog(Dialog[None]):
    """Scrolls with the keys of a table; Esc or q closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", show=False),
        Binding("j,down", "scroll_by(1)", show=False),
        Binding("k,up", "scroll_by(-1)", show=False),
        Binding("pagedown,ctrl+d", "scroll_by(10)", show=False),
        Binding("pageup,ctrl+u", "scroll_by(-10)", show=False),
        Binding("g,home", "scroll_by(-100000)", show=False),
        Binding("G,end", "scroll_by(100000)", show=False),
    ]

    def __init__(self, desk: AlertDesk) -> None:
        super().__init__()
        self._desk = desk

    def compose(self) -> ComposeResult:
        """One scrolled page."""
        with VerticalScroll(id="help", can_focus=False):
            yield Static(set_text(self._desk.alerts, self._desk.seen, self._desk.problems))
            yield Static("", id="rang")

    def on_mount(self) -> None:
        """Say what it is and how to leave."""
        box = self.query_one("#help")
        box.border_title = "Alerts"
        box.border_subtitle = "Esc closes"
        self._read()

    @work(group="alert log", exclusive=True)
    async def _read(self) -> None:
        try:
            rows = await asyncio.to_thread(self._desk.log.last, SHOWN)
        except OSError as error:
            shown = Text(f"\n{self._desk.log.path} cannot be read ({reason(error)})")
        else:
            shown = rang_text(rows)
        self.query_one("#rang", Static).update(shown)

    def action_scroll_by(self, lines: int) -> None:
        """Move the page."""
        self.query_one("#help").scroll_relative(y=lines, animate=False)

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)


def set_text(alerts: Sequence[Alert], seen: Mapping[str, Seen], problems: Mapping[str, str]) -> Text:
    """Each alert with its condition, what it does and whether it has rung in its session."""
    if not alerts:
        return Text("No alert is set. A sets one on what is under the cursor, or on the condition of screen 5.")
    text = Text()
    for number, alert in enumerate(alerts):
        name, condition = clean(alert.name, 60), clean(alert.condition, 200)
        text.append("\n" if number else "").append(name, "bold")
        was = seen.get(alert.key)
        if was is not None and was.rang and was.condition == alert.condition:
            text.append(f"  rang {was.session}")
        text.append(f"\n{INDENT}{condition}" if condition != name else "")
        text.append(f"\n{INDENT}{doing(alert)}", "dim")
        if not alert.saved and alert.name in problems:
            text.append(f"\n{INDENT}{clean(problems[alert.name], 400)}", "bold")
    return text


def doing(alert: Alert) -> str:
    """How often it rings, what it does then, and its quiet hours."""
    how = "once a session" if alert.repeat == "session" else "at each crossing"
    does = [name for name in ("bell", "toast", "desktop") if getattr(alert, name)]
    if alert.command:
        does.append(f"runs {clean(alert.command[0], 40)}")
    parts = ["saved condition" if alert.saved else "", how, ", ".join(does) or "log only"]
    parts.append(f"quiet {alert.quiet}" if alert.quiet else "")
    return "; ".join(part for part in parts if part)


def rang_text(rows: Sequence[Rang]) -> Text:
    """The log, the newest first."""
    text = Text()
    text.append("\nRang (UTC)", "bold")
    if not rows:
        text.append("\nnothing yet")
    for row in reversed(rows):
        quiet = f"  held back: {clean(', '.join(row.held_back), 60)}" if row.held_back else ""
        nature = f"{row.nature} " if row.nature else ""
        text.append(f"\n{clean(row.at.replace('T', ' ').removesuffix('Z'), 20)}  ", "dim")
        text.append(clean(f"{nature}{row.name}", 60), "bold")
        text.append(f"  {clean(row.values, 300)}{quiet}")
    return text

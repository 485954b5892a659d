"""A question on one line: filter, add, export. Enter answers, Esc leaves everything as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Label

from tui.screens.dialog import Dialog
from tui.widgets.field import Field

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult


class Ask(Dialog["str | None"]):
    """Dismisses with the text, or None on Esc.

    Args:
        label: What is asked, a word or two.
        value: What stands there at first.
        placeholder: An example.
        on_change: Called with the text as it is typed, for a live preview.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]
    AUTO_FOCUS = "Input"

    def __init__(
        self,
        label: str,
        value: str = "",
        placeholder: str = "",
        on_change: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__()
        self._label = label
        self._value = value
        self._placeholder = placeholder
        self._on_change = on_change

    def compose(self) -> ComposeResult:
        """A label and a line to type on, over the hint line."""
        with Horizontal(id="ask"):
            yield Label(self._label)
            yield Field(self._value, placeholder=self._placeholder, compact=True, select_on_focus=False)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        if self._on_change is not None:
            self._on_change(event.value)

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)

    def action_leave(self) -> None:
        """Change nothing."""
        self.dismiss(None)

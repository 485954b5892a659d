"""A choice from a list, narrowed by typing, previewed as the highlight moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Label, OptionList
from textual.widgets.option_list import Option

from tui.screens.dialog import Dialog
from tui.widgets.field import Field

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult


class Choose(Dialog["str | None"]):
    """Dismisses with the chosen value, or None on Esc.

    Args:
        title: What is chosen.
        options: Pairs of a value and what is said of it.
        current: The value that is chosen now.
        preview: Called with a value when the highlight comes to it.
        free: Whether a text that is not in the list is an answer too.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("down,ctrl+n", "move(1)", show=False, priority=True),
        Binding("up,ctrl+p", "move(-1)", show=False, priority=True),
        Binding("pagedown", "move(8)", show=False, priority=True),
        Binding("pageup", "move(-8)", show=False, priority=True),
    ]
    AUTO_FOCUS = "Input"

    def __init__(
        self,
        title: str,
        options: Sequence[tuple[str, str]],
        current: str = "",
        preview: Callable[[str], None] | None = None,
        *,
        free: bool = False,
    ) -> None:
        super().__init__()
        self._title = title
        self._options = list(options)
        self._current = current
        self._preview = preview
        self._free = free
        self._shown: list[str] = []

    def compose(self) -> ComposeResult:
        """A title, a line to type on, and the options."""
        with Vertical(id="choose"):
            yield Label(self._title, id="choose-title")
            yield Field(placeholder="type to narrow, Enter takes it, Esc leaves", compact=True)
            yield OptionList(compact=True, markup=False)

    def on_mount(self) -> None:
        """Show all, with the highlight on the current one."""
        self.query_one(OptionList).can_focus = False
        self._narrow("")

    def _narrow(self, text: str) -> None:
        needle = text.casefold()
        options = self.query_one(OptionList)
        found = [(value, said) for value, said in self._options if needle in f"{value} {said}".casefold()]
        self._shown = [value for value, _ in found]
        width = max((len(value) for value, _ in found), default=0)
        options.set_options(Option(f"{value:<{width}}  {said}".rstrip()) for value, said in found)
        if self._shown:
            options.highlighted = self._shown.index(self._current) if self._current in self._shown else 0

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._narrow(event.value)

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        if self._preview is not None and event.option_index < len(self._shown):
            self._preview(self._shown[event.option_index])

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._shown[event.option_index])

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        typed = event.value.strip()
        index = self.query_one(OptionList).highlighted
        chosen = self._shown[index] if index is not None and index < len(self._shown) else None
        if self._free and typed and not (chosen or "").casefold().startswith(typed.casefold()):
            chosen = typed
        self.dismiss(chosen)

    def action_move(self, step: int) -> None:
        """Move the highlight."""
        options = self.query_one(OptionList)
        if self._shown:
            now = options.highlighted or 0
            options.highlighted = min(max(now + step, 0), len(self._shown) - 1)

    def action_leave(self) -> None:
        """Change nothing."""
        self.dismiss(None)

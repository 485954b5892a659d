"""A condition to type: completed as it is typed, and refused with a mark under what cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label, OptionList, Static
from textual.widgets.option_list import Option

from tui.screens.dialog import Dialog
from tui.widgets.field import Field

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from tui.analytics.events import Completion

SHOWN = 8
"""Completions in sight."""


class AskCondition(Dialog["str | None"]):
    """Dismisses with a condition that can be read, or None on Esc.

    Args:
        value: What stands there at first.
        symbols: Symbols to offer, the likely first.
        label: What is asked for.
        enter: What Enter does with it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("tab", "complete", show=False, priority=True),
        Binding("down,ctrl+n", "move(1)", show=False, priority=True),
        Binding("up,ctrl+p", "move(-1)", show=False, priority=True),
    ]
    AUTO_FOCUS = "Input"

    def __init__(
        self, value: str, symbols: Sequence[str], *, label: str = "Condition", enter: str = "searches"
    ) -> None:
        super().__init__()
        self._label = label
        self._enter = enter
        self._value = value
        self._symbols = symbols
        self._offered: list[Completion] = []

    def compose(self) -> ComposeResult:
        """Completions and what is wrong over the line to type on."""
        with Vertical(id="ask-condition"):
            yield OptionList(compact=True, markup=False)
            yield Static("", id="wrong", markup=False)
            with Horizontal():
                yield Label(self._label)
                yield Field(self._value, placeholder="IWM.1d - SPY.1d >= 2pp", compact=True, select_on_focus=False)
            yield Static(
                f"Tab completes  ↑↓ chooses  Enter {self._enter}  Esc leaves", id="condition-keys", markup=False
            )

    def on_mount(self) -> None:
        """Offer what may follow."""
        self.query_one(OptionList).can_focus = False
        self._offer()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._offer()

    def _offer(self) -> None:
        """The completions at the cursor, and what cannot be read before it."""
        from tui.analytics.events import completions

        line = self.query_one(Input)
        self._offered = completions(line.value, line.cursor_position, self._symbols)
        options = self.query_one(OptionList)
        width = max((len(each.text) for each in self._offered), default=0)
        options.set_options(Option(f"{each.text:<{width}}  {each.about}".rstrip()) for each in self._offered)
        options.display = bool(self._offered)
        if self._offered:
            options.highlighted = 0
        wrong = problem(line.value)
        # What is only not finished yet is not worth a word while it is typed.
        finished = wrong is not None and wrong[1] < len(line.value.rstrip())
        self._tell(wrong if finished and not self._offered else None)

    def _tell(self, wrong: tuple[str, int] | None) -> None:
        line = self.query_one(Input)
        said = self.query_one("#wrong", Static)
        said.display = wrong is not None
        said.update("\n".join(pointed(wrong[0], line.value, wrong[1], max(20, self.size.width - 4))) if wrong else "")

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        wrong = problem(event.value)
        if wrong is None:
            self.dismiss(event.value.strip())
            return
        self._tell(wrong)
        self.query_one(Input).cursor_position = wrong[1]

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self.query_one(OptionList).highlighted = event.option_index
        self.action_complete()

    def action_complete(self) -> None:
        """Take the highlighted completion."""
        index = self.query_one(OptionList).highlighted
        if index is None or index >= len(self._offered):
            return
        line, taken = self.query_one(Input), self._offered[index]
        before, after = line.value[: taken.start] + taken.text, line.value[line.cursor_position :]
        line.value = before + after
        line.cursor_position = len(before)
        self._offer()

    def action_move(self, step: int) -> None:
        """Move the highlight."""
        options = self.query_one(OptionList)
        if self._offered:
            options.highlighted = ((options.highlighted or 0) + step) % len(self._offered)

    def action_leave(self) -> None:
        """Change nothing."""
        self.dismiss(None)


def problem(text: str) -> tuple[str, int] | None:
    """What is wrong with a condition, and in which column; None when it can be read."""
    from tui.analytics.events import ConditionError, parse

    try:
        parse(text)
    except ConditionError as error:
        return error.message, error.column
    return None


def pointed(message: str, text: str, column: int, width: int) -> list[str]:
    """The message, the part of the text around the column that fits `width`, and a caret under the column."""
    column = min(column, len(text))
    start = max(0, min(column - width // 2, len(text) + 1 - width))
    return [message, text[start : start + width], " " * (column - start) + "^"]

"""What every dialog is: a screen over the page, closed once."""

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

from tui.screens.sized import Sized

T = TypeVar("T")


class Dialog(Sized[T], ModalScreen[T]):
    """A modal screen that closes nothing but itself."""

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Close with an answer; a second one, typed before the first was worked off, would close the page below."""
        return super().dismiss(result) if self.is_current else AwaitComplete()

"""A line to type on that takes no escape sequences, control or direction-changing characters, however they come."""

from textual.widgets import Input

from tui.format import typed


class Field(Input):
    """Textual's `Input`, which would draw what is pasted as it is."""

    def replace(self, text: str, start: int, end: int) -> None:
        """Put text in the place of other text: all that is typed or pasted comes this way."""
        super().replace(typed(text), start, end)

    def validate_value(self, value: str) -> str:
        """What stands here may also be set: a name from a file."""
        return typed(value)

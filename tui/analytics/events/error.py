"""What is wrong with a condition, and where."""


class ConditionError(ValueError):
    """A condition cannot be used. The message says what to type instead."""

    def __init__(self, message: str, column: int = 0, expected: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.column = column
        """Where in the text, counted in characters from 0; its length where something is missing at the end."""
        self.expected = expected
        """What could stand there, in the words of the message; empty where that says nothing."""

    def pointed(self, text: str) -> str:
        """Three lines: the message, the condition, and a caret under the column."""
        return f"{self.message}\n  {text}\n  {' ' * self.column}^"

"""The title of a panel, in the rule above it."""

from textual.content import Content
from textual.widget import Widget


def show_title(panel: Widget, text: str) -> None:
    """Give a panel its title; only when it is another, since Textual draws the whole panel again for it."""
    shown = panel._border_title
    if shown is None or shown.plain != text:
        # Content, for a symbol's brackets are no markup.
        panel.border_title = Content(text)

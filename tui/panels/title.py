"""The title of a panel, in the rule above it."""

from textual.content import Content
from textual.widget import Widget


def show_title(panel: Widget, text: str) -> None:
    """Give a panel its title; only when it is another, since Textual draws the whole panel again for it."""
    shown = panel._border_title
    if shown is None or shown.plain != text:
        # Content, for a symbol's brackets are no markup.
        panel.border_title = Content(text)


def show_subtitle(panel: Widget, text: str) -> None:
    """Give a panel what stands in the rule below it, none for ""; as its title, only when it is another."""
    shown = panel._border_subtitle
    if (shown.plain if shown is not None else "") != text:
        panel.border_subtitle = Content(text)

"""Text that came from outside, made safe to print: no control, escape or direction-changing characters."""

import unicodedata

LIMIT = 80
"""Longest excerpt of a file that a message shows, in characters."""


def clean(text: str, limit: int = LIMIT) -> str:
    """`text` on one line without control, format, surrogate or private characters, cut to `limit` with an ellipsis."""
    visible = "".join(" " if c in "\t\n\r" else c for c in text if c in "\t\n\r" or unicodedata.category(c)[0] != "C")
    line = " ".join(visible.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"

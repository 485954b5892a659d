"""What a driver says to a terminal beside frames, and what the terminal's own description says of it."""

import re
from typing import Final

SWITCH: Final = re.compile(r"\x1b\[\?(?:47|1047|1049)[hl]")
"""To another screen or back: what is shown is no longer there."""
HARMLESS: Final = re.compile(
    r"""(?:
    \x07                                                                # the bell
    | \x1b\](?!8;)[^\x07\x1b]*(?:\x07|\x1b\\)                           # title, clipboard, pointer; not a link
    | \x1bPtmux;\x1b\x1b\](?!8;)[^\x07\x1b]*(?:\x07|\x1b\x1b\\)\x1b\\      # the same, through tmux to the terminal outside
    | \x1b\[\?[\d;]+\$p                                                 # does the terminal know a mode?
    | \x1b\[\?(?:1|7|12|25|100[0-7]|101[56]|1034|2004|2026|2031|2048)[hl]  # cursor, mouse, focus, paste, resize
    | \x1b\[[<>=][\d;]*[a-zA-Z]                                         # keyboard protocol, versions
    | \x1b\[[\d;]*\x20q                                                 # shape of the cursor
    | \x1b\[[056]?[nc]                                                  # status, kind of terminal
    )+""",
    re.VERBOSE,
)
"""What draws nothing and moves nothing."""


def erases_in_colour(descriptor: int) -> bool:
    """Whether the terminal erases with the background colour, as its terminfo entry says; False when there is none."""
    try:
        import curses

        curses.setupterm(fd=descriptor)
        return bool(curses.tigetflag("bce") == 1)
    except Exception:  # noqa: BLE001 -- no curses, no entry, no terminal: then it is not erased, but written over
        return False


def size_of(data: str) -> int:
    """Bytes of a text on the wire."""
    return len(data) if data.isascii() else len(data.encode("utf-8", "replace"))

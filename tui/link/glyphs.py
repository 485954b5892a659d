"""Signs that the fonts of Linux's own console lack, as the nearest that all of them have; each takes one cell as well."""

from collections.abc import Mapping
from typing import Final

BRAILLE: Final = range(0x2800, 0x2900)
UPPER, LOWER = 0x1B, 0xE4
"""Dots of the upper two rows of a braille cell, and of the lower two."""

CONSOLE: Final[Mapping[int, str | int]] = {
    **str.maketrans("╭╮╰╯━┈›◂●…“”−", '┌┐└┘─·>◄•.""-'),
    **str.maketrans("▁▂▃▅▆▇", "__▄▄██"),
    **str.maketrans("▏▎▍▋▊▉", "▌▌▌███"),
    **{code: " ▀▄█"[bool(code & UPPER) + 2 * bool(code & LOWER)] for code in BRAILLE},
}


def signs_of(terminal: str) -> Mapping[int, str | int]:
    """What is written instead of which code point, for a terminal of that name (`TERM`); empty where all signs are there."""
    return CONSOLE if terminal == "linux" else {}

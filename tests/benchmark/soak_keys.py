"""Keys as somebody presses them all day: screens, drill-downs, sorting, filters, windows, help, themes, pauses."""

import random
from collections.abc import Iterator
from itertools import chain

TOUR = (
    *("1", "j", "enter", "escape", "4", "j", "enter", "j", "enter", "tab", "escape", "escape", "f", "escape"),
    *("2", "tab", "m", "x", "3", "tab", "j", "v", "5", "tab", "6", "tab", "1", "i", "escape", "question_mark"),
    *("escape", "t", "j", "escape", "slash", "X", "escape", "colon", "escape", "w", "W", "p", "p", "b", "escape"),
    *(("1", "w", *"2131415161") * 3),
    *("1", "g", "r", "left_square_bracket", "right_square_bracket", "space", "space", "c", "c"),
    *("s", "S", "s", "z", "z", "y", "u"),
    *("1", "t", "pageup", "enter", "1", *("t", "down", "enter", "1") * 7, "t", "up", "up", "enter", "1"),
    *("1", "g", "2", *("right_square_bracket",) * 12, "1", "j", "enter", "escape", "3", "4", "5", "6"),
    *("1", "2", *("left_square_bracket",) * 12, "1"),
    *("1", "g", *("4", "1", "j") * 16),
    *("1", "g", *("enter", "tab", "tab", "enter", "enter", "enter") * 3, *("escape",) * 9, "escape"),
)
"""Every screen over every list, every overlay and every theme once, all funds of the first list, and three steps of each kind.

What is imported, loaded and made when it is first asked for is there after it: the day is measured from here on.
"""

WALKS: tuple[tuple[tuple[str, ...], int], ...] = (
    *((("1",), 4), (("2",), 3), (("3",), 3), (("4",), 4), (("5",), 2), (("6",), 2)),
    *((("j",), 12), (("k",), 8), (("l",), 4), (("h",), 4), (("pagedown",), 2), (("pageup",), 2), (("G",), 1)),
    *((("g",), 2), (("tab",), 6), (("space",), 2), (("s",), 3), (("S",), 2), (("z", "z"), 1), (("c",), 2)),
    *((("left_square_bracket",), 3), (("right_square_bracket",), 3), (("v",), 1), (("r",), 1)),
    *((("enter",), 5), (("escape",), 8)),
    ((*("1", "j", "enter", "tab", "tab", "enter"), *("escape",) * 2), 1),
    ((*("4", "j", "enter", "j", "enter"), *("escape",) * 3), 2),
    (("slash", "I", "W", "enter", "F"), 1),
    (("slash", "X", "escape"), 1),
    (("question_mark", "pagedown", "escape"), 1),
    (("i", "pagedown", "escape"), 1),
    (("t", "down", "down", "escape"), 1),
    (("colon", "w", "i", "escape"), 1),
    (("b", "escape"), 1),
    (("w",), 1),
    (("W",), 1),
    (("1", "a", "Z", "Q", "escape"), 1),
    (("1", "a", "D", "I", "A", "enter", "u"), 1),
    (("y",), 1),
    (("p", "j", "p"), 1),
)
"""What is pressed one after another, and how often compared with the rest. Nothing leaves the program."""

BEFORE = (*TOUR, *chain.from_iterable(walk for walk, _ in WALKS * 2))
"""What is pressed before the day is measured: the tour, and every walk twice.

What the dearest of them leaves lying until garbage is swept is part of the beginning, too.
"""

HOME = ("escape",) * 7 + ("F", "1", "g")
"""Back to the list from wherever; pressed on the way to a count, so that like is counted with like."""

BYTES = {
    "enter": b"\r",
    # As the kitty protocol writes it: a lone byte is the beginning of another key where the program is late to read it.
    "escape": b"\x1b[27u",
    "tab": b"\t",
    "space": b" ",
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    "pagedown": b"\x1b[6~",
    "pageup": b"\x1b[5~",
    "slash": b"/",
    "colon": b":",
    "question_mark": b"?",
    "left_square_bracket": b"[",
    "right_square_bracket": b"]",
}
"""What a terminal sends for keys that are not their own letter."""


def keys(seed: int) -> Iterator[str]:
    """An endless walk, the same for the same seed; it begins with what is pressed `BEFORE`."""
    chance = random.Random(seed)
    yield from BEFORE
    walks, weights = zip(*WALKS, strict=True)
    while True:
        yield from chance.choices(walks, weights)[0]


def sent(key: str) -> bytes:
    """A key as a terminal sends it."""
    return BYTES.get(key) or key.encode()

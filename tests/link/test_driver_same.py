"""Whatever is drawn, the far end shows what it shows with the stock driver."""

import signal
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from tests.link.far import Far
from tests.link.kit import Wired
from tests.link.pictures import LINKS, STYLES, TEXTS, Picture, drawn
from tui.link.cells import MOST_INKS
from tui.link.direct import Handed

STEADY = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=250,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
KINDS = ("rows", "place", "style", "scroll", "full", "resize", "switch", "odd")
CONSOLE = Console(color_system="truecolor")
FRAMES = 8
"""Frames of an example: with those settings 2,000 in all."""


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """A driver takes over the signals of suspending."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTSTP, signal.SIGCONT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


class Pair:
    """The same frames through the driver and straight to a terminal."""

    def __init__(self, width: int, height: int, *, erases: bool, direct: bool = False) -> None:
        self.direct = direct
        self.ours = Wired.make(width, height, erases=erases)
        self.stock = Far(width, height)
        self.stock.feed("\x1b[?7l")
        self.stock.spoil()

    def write(self, data: str) -> None:
        self.stock.feed(data)
        self.ours.write(data)

    def show(self, picture: Picture, chance: Random, places: list[int] | None = None) -> None:
        """A whole picture, or some rows of it, as the compositor has it or as the text that it makes of it."""
        if not self.direct:
            self.write(picture.full() if places is None else picture.some(places))
            return
        update = picture.layout() if places is None else picture.chops(places, chance)
        self.stock.feed(update.render_segments(CONSOLE) + "\x1b[1;1H")
        self.ours.write(Handed(update, self.ours).render_segments(CONSOLE) + "\x1b[1;1H")

    def resize(self, width: int, height: int) -> None:
        for far in (self.stock, self.ours.far):
            far.resize(height, width)
            far.spoil()
        self.ours._resized = (width, height)

    def check(self) -> None:
        self.ours.flush()
        self.ours.settle()
        for y, (expected, actual) in enumerate(zip(self.stock.cells(), self.ours.far.cells(), strict=True)):
            assert actual == expected, f"row {y}"


@STEADY
@given(
    steps=st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 999)), min_size=FRAMES, max_size=FRAMES),
    erases=st.booleans(),
)
@pytest.mark.parametrize("direct", [False, True])
def test_the_far_end_shows_the_same_as_with_the_stock_driver(
    steps: list[tuple[str, int]], erases: bool, direct: bool
) -> None:
    pair = Pair(30, 8, erases=erases, direct=direct)
    picture = Picture(30, [drawn(Random(y), 30) for y in range(8)])
    pair.show(picture, Random(0))
    for kind, seed in steps:
        if seed % 3 == 0:
            pair.ours.pacer.hand()
        step(kind, Random(seed), pair, picture)
        pair.ours.flush()
        # Not after every frame: what waits for an answer is merged with what comes after it.
        if seed % 2:
            pair.check()
    pair.check()


def step(kind: str, chance: Random, pair: Pair, picture: Picture) -> None:
    """One frame of a kind."""
    width, height = picture.width, len(picture.rows)
    if kind == "resize":
        picture.width, height = chance.randint(12, 40), chance.randint(3, 10)
        pair.resize(picture.width, height)
        picture.rows = [drawn(chance, picture.width) for _ in range(height)]
        pair.show(picture, chance)
    elif kind == "switch":
        for data in ("\x1b[?1049l", "\x1b[?1049h"):
            pair.write(data)
        pair.show(picture, chance)
    elif kind == "full":
        picture.rows = [drawn(chance, width) for _ in range(height)]
        pair.show(picture, chance)
    elif kind == "rows":
        places = sorted(chance.sample(range(height), chance.randint(1, min(4, height))))
        for y in places:
            picture.rows[y] = drawn(chance, width)
        pair.show(picture, chance, places)
    elif kind == "scroll":
        top, by = chance.randrange(height - 2), chance.choice((-2, -1, 1, 2))
        moved, fresh = picture.rows[top:], [drawn(chance, width) for _ in range(abs(by))]
        picture.rows[top:] = [*moved[by:], *fresh][: len(moved)] if by > 0 else [*fresh, *moved[:by]][: len(moved)]
        pair.show(picture, chance)
    elif kind == "style":
        y, style = chance.randrange(height), chance.choice(STYLES)
        picture.rows[y] = tuple((text, style, link) for text, _, link in picture.rows[y])
        pair.show(picture, chance)
    elif kind == "place":
        text, style = chance.choice(TEXTS), chance.choice(STYLES)
        y, x = chance.randrange(height), chance.randrange(width - 6) if len(text) < 6 else 0
        pair.write(f"\x1b[{y + 1};{x + 1}H\x1b[{style}m{text}\x1b[0m\x1b[{height};{width}H")
    else:
        pair.write(chance.choice(ODD))


ODD = (
    "\x07",
    "\x1b]0;title\x07",
    "\x1b]52;c;aGVsbG8=\x07",
    "\x1b[?1000h\x1b[?2004h",
    "\x1b[2J",
    "\x1b[2;3Htab\there",
    "\x1b[1;1H\x1b[3Xx",
    "\x1b[2;2Hab\r\nc\x1b[1;1H",
    "\x1b[3;1H\x1b[K\x1b[1;1H",
    f"\x1b[2;1H\x1b]8;{LINKS[0]}\x1b\\link\x1b]8;;\x1b\\\x1b[1;1H",
    "plain text",
)
"""What a compositor does not write: some of it harmless, some of it not."""


@pytest.mark.parametrize("direct", [False, True])
def test_a_thousand_styles_are_shown_as_few_are(direct: bool) -> None:
    pair = Pair(30, 8, erases=True, direct=direct)
    chance, met = Random(1), [pair.ours._screen.cells]
    for frame in range(60):
        places = sorted(chance.sample(range(8), 3))
        rows = []
        for _ in range(8):
            shades = [f"38;2;{chance.randrange(256)};{chance.randrange(256)};0" for _ in range(6)]
            rows.append(tuple((chance.choice(("abcde", "▲─12 ", "     ")), shade, "") for shade in shades))
        pair.show(Picture(30, rows), chance, places if frame else None)
        pair.check()
        if pair.ours._screen.cells is not met[-1]:
            met.append(pair.ours._screen.cells)
        assert len(pair.ours._screen.cells.inks) <= MOST_INKS
    assert len(met) > 2, "those that were gone were forgotten on the way"
    assert not any(cells.inks for cells in met[:-1])
    assert bool(pair.ours._screen.rows.plain) is direct

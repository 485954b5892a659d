"""Whatever is drawn, the far end shows what it shows with the stock driver."""

import signal
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests.link.far import Far
from tests.link.kit import Wired
from tests.link.pictures import LINKS, STYLES, Picture, rows, texts

STEADY = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=15,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
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

    def __init__(self, width: int, height: int, *, erases: bool) -> None:
        self.ours = Wired.make(width, height, erases=erases)
        self.stock = Far(width, height)
        self.stock.feed("\x1b[?7l")
        self.stock.spoil()

    def write(self, data: str) -> None:
        self.stock.feed(data)
        self.ours.write(data)

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
@given(st.data(), st.booleans())
def test_the_far_end_shows_the_same_as_with_the_stock_driver(data: st.DataObject, erases: bool) -> None:
    width, height = 30, 8
    pair = Pair(width, height, erases=erases)
    picture = Picture(width, data.draw(st.lists(rows(width), min_size=height, max_size=height)))
    for number in range(FRAMES):
        kind = (
            data.draw(
                st.sampled_from(
                    ("rows", "rows", "place", "scroll", "scroll", "full", "resize", "switch", "odd", "style")
                )
            )
            if number
            else "full"
        )
        event(kind)
        if kind == "resize":
            width, height = data.draw(st.integers(12, 40)), data.draw(st.integers(3, 10))
            pair.resize(width, height)
            picture = Picture(width, data.draw(st.lists(rows(width), min_size=height, max_size=height)))
            pair.write(picture.full())
        elif kind == "switch":
            pair.write("\x1b[?1049l")
            pair.write("\x1b[?1049h")
            pair.write(picture.full())
        elif kind == "full":
            picture.rows = data.draw(st.lists(rows(width), min_size=height, max_size=height))
            pair.write(picture.full())
        elif kind == "rows":
            places = sorted(data.draw(st.sets(st.integers(0, height - 1), min_size=1, max_size=4)))
            for y in places:
                picture.rows[y] = data.draw(rows(width))
            pair.write(picture.some(places))
        elif kind == "scroll":
            top = data.draw(st.integers(0, height - 3))
            by = data.draw(st.sampled_from((-2, -1, 1, 2)))
            moved = picture.rows[top:]
            fresh = [data.draw(rows(width)) for _ in range(abs(by))]
            picture.rows[top:] = [*moved[by:], *fresh][: len(moved)] if by > 0 else [*fresh, *moved[:by]][: len(moved)]
            pair.write(picture.full())
        elif kind == "style":
            y = data.draw(st.integers(0, height - 1))
            style = data.draw(st.sampled_from(STYLES))
            picture.rows[y] = tuple((text, style, link) for text, _, link in picture.rows[y])
            pair.write(picture.full())
        elif kind == "place":
            y = data.draw(st.integers(0, height - 1))
            text = data.draw(texts)
            style = data.draw(st.sampled_from(STYLES))
            x = data.draw(st.integers(0, width - 6)) if len(text) < 6 else 0
            pair.write(f"\x1b[{y + 1};{x + 1}H\x1b[{style}m{text}\x1b[0m\x1b[{height};{width}H")
        else:
            pair.write(data.draw(st.sampled_from(ODD)))
        if data.draw(st.booleans()):
            pair.check()
    pair.check()


ODD = (
    "\x07",
    "\x1b]0;title\x07",
    "\x1b]52;c;aGVsbG8=\x07",
    "\x1b[?1000h\x1b[?2004h",
    "\x1b[2J",
    "\x1b[2;3Htab\there",
    "\x1b[1;1H\x1b[4;3Xx",
    "\x1b[2;2Hab\r\nc\x1b[1;1H",
    "\x1b[1;1H\x1b[58mx\x1b[0m" if False else "\x1b[3;1H\x1b[K\x1b[1;1H",
    f"\x1b[2;1H\x1b]8;{LINKS[0]}\x1b\\link\x1b]8;;\x1b\\\x1b[1;1H",
    "plain text",
)
"""What a compositor does not write: some of it harmless, some of it not."""

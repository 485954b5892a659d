"""On a slow line: what shows where the cursor is goes ahead of the rest of its row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual._ansi_sequences import SYNC_START

from tests.link.far import Far
from tests.link.kit import Wired
from tui.link.driver import QUERY
from tui.link.encode import Shown
from tui.link.plain import Plain
from tui.link.screen import Screen
from tui.link.style import Look

BAR, GROUND = (
    Look(frozenset(), front="38;2;240;240;240", back="48;2;34;48;63"),
    Look(frozenset(), front="38;2;154;165;177", back="48;2;15;20;25"),
)


class Listing:
    """A list whose cursor is a mark and a bar over all columns of its row, on a line that was measured."""

    def __init__(self, bytes_per_second: float) -> None:
        self.driver = Wired.make(120, 6)
        self.names = ["SYM1", "SYM2", "SYM3"]
        self.driver._sync = True
        self.driver.show("\n".join(f"\x1b[{y};1H{' ' * 120}" for y in range(1, 7)) + "\x1b[1;1H")
        self.driver.settle()
        for at in (2, 1, 2):
            self.show(at)
            self.driver.timers.now += len(self.driver.take()) / bytes_per_second
            self.driver.settle()
        self.driver.take()

    def show(self, at: int) -> None:
        """Have the cursor on a row."""
        self.driver._drawn(lambda: self.draw(at, self.driver._screen))
        self.driver.flush()

    def draw(self, at: int, screen: Screen) -> None:
        """Draw it as the grid does, line by line."""
        for y in (1, 2, 3):
            name = self.names[y - 1]
            text = f"{'>' if y == at else ' '}  {name}" + f"   11.{name[-1]}5 +0.42" * 9
            line = Plain.of([f"{text:120.120}"], [screen.cells.style(BAR if y == at else GROUND)], screen.cells.inks)
            assert line is not None
            assert screen.take(y, 0, line)
            screen.touched.add(y)

    def press(self, at: int) -> None:
        """A key that moves the cursor to a row."""
        self.driver.pacer.hand()
        self.show(at)

    def looks(self) -> list[object]:
        """What the far end shows in those rows."""
        return self.driver.far.cells()[1:4]

    def wanted(self, at: int) -> list[object]:
        """What a terminal shows there that is told everything anew."""
        screen, shown, far = Screen(120, 6), Shown(erases=True), Far(120, 6)
        shown.forget(120, 6)
        self.draw(at, screen)
        far.feed(shown.update(screen))
        return far.cells()[1:4]


def test_on_a_slow_line_the_mark_of_the_cursor_goes_ahead_of_the_row_it_is_on() -> None:
    listing = Listing(2000)
    driver = listing.driver
    listing.press(3)
    assert driver.frame_bytes() <= 120
    assert [line[:7] for line in driver.far.display[2:4]] == ["   SYM2", ">  SYM3"]
    assert listing.looks() != listing.wanted(3)
    driver.settle()
    assert driver.frame_bytes() > 240
    assert listing.looks() == listing.wanted(3)


def test_the_rest_of_a_row_is_sent_as_it_is_by_then() -> None:
    listing = Listing(2000)
    listing.press(3)
    listing.press(2)
    listing.driver.settle()
    assert listing.looks() == listing.wanted(2)


def test_no_name_stands_beside_the_figures_of_another() -> None:
    listing = Listing(2000)
    listing.names.reverse()
    listing.press(3)
    text = listing.driver.far.display
    assert [text[y][:7] for y in (1, 3)] == ["   SYM3", ">  SYM1"]
    assert [text[y][10:15] for y in (1, 3)] == ["11.35", "11.15"]


@pytest.mark.parametrize("speed", [20_000, 1_000_000])
def test_on_a_line_that_takes_it_at_once_a_row_is_one_frame(speed: float) -> None:
    listing = Listing(speed)
    listing.press(3)
    text = listing.driver.take()
    assert text.startswith(SYNC_START)
    assert text.count(QUERY) == 1
    assert not listing.driver._screen.touched
    assert listing.looks() == listing.wanted(3)


LINES = st.tuples(
    st.sampled_from(["", ">  SYM", "   LONGER NAME"]), st.integers(0, 100), st.sampled_from([BAR, GROUND])
)


@given(st.lists(st.tuples(st.booleans(), st.lists(LINES, min_size=3, max_size=3)), min_size=1, max_size=6))
def test_whatever_goes_ahead_the_far_end_shows_in_the_end_what_is_wanted(steps) -> None:
    listing = Listing(2000)

    def draw(lines, screen: Screen) -> None:
        for y, (name, count, look) in enumerate(lines, 1):
            line = Plain.of([f"{name}{'7' * count:120.120}"[:120]], [screen.cells.style(look)], screen.cells.inks)
            assert line is not None
            assert screen.take(y, 0, line)
            screen.touched.add(y)

    for pressed, lines in steps:
        if pressed:
            listing.driver.pacer.hand()
        listing.driver._drawn(lambda lines=lines: draw(lines, listing.driver._screen))
        listing.driver.flush()
    listing.driver.settle()
    listing.draw = draw  # type: ignore[assignment]
    assert listing.looks() == listing.wanted(steps[-1][1])  # type: ignore[arg-type]

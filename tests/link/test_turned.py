"""A page that is turned back and forth: the same bytes, made once, and never those of another turn."""

from random import Random

import pytest

from tests.link.far import Far
from tui.link import encode
from tui.link.cells import Cells
from tui.link.encode import Shown
from tui.link.plain import Plain
from tui.link.screen import Screen
from tui.link.style import Look
from tui.link.turned import FEWEST, KEPT

WIDTH, HEIGHT = 40, 20


class Book:
    """Pages of kept lines over a screen, with a far end that shows what was sent."""

    def __init__(self, pages: int, seed: int = 1) -> None:
        chance = Random(seed)
        self.screen, self.shown, self.far = Screen(WIDTH, HEIGHT), Shown(erases=True), Far(WIDTH, HEIGHT)
        self.far.feed("\x1b[?7l")
        cells = self.screen.cells
        self.inks = [cells.style(Look(frozenset(), front=front)) for front in ("", "31", "32")]
        self.pages = [[self.line(chance) for _ in range(HEIGHT)] for _ in range(pages)]
        for page in self.pages[1:]:
            page[:2] = self.pages[0][:2]
        self.shown.forget(WIDTH, HEIGHT)

    def line(self, chance: Random) -> Plain:
        """A line of figures."""
        texts = [f"{chance.uniform(-99, 99):8.2f}" for _ in range(WIDTH // 8)]
        made = Plain.of(texts, chance.choices(self.inks, k=len(texts)), self.screen.cells.inks)
        assert made is not None
        return made

    def draw(self, places: dict[int, Plain]) -> None:
        """Draw lines."""
        for y, line in places.items():
            assert self.screen.take(y, 0, line)
        self.screen.touched |= places.keys()

    def send(self, room: int | None = None) -> str:
        """Send what is due; the far end shows it."""
        text = self.shown.update(self.screen, room)
        self.far.feed(text)
        return text

    def show(self, page: int) -> str:
        """Turn to a page."""
        self.draw(dict(enumerate(self.pages[page])))
        return self.send()

    def check(self) -> None:
        """The far end shows what is wanted: what a terminal shows that is told everything anew."""
        fresh, far = Shown(erases=True), Far(WIDTH, HEIGHT)
        far.feed("\x1b[?7l")
        fresh.forget(WIDTH, HEIGHT)
        self.screen.touched |= set(range(HEIGHT))
        far.feed(fresh.update(self.screen))
        self.screen.touched.clear()
        assert [[self.far.buffer[y][x] for x in range(WIDTH)] for y in range(HEIGHT)] == [
            [far.buffer[y][x] for x in range(WIDTH)] for y in range(HEIGHT)
        ]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows when large changes are cut into runs."""
    counted: list[int] = []
    spans = encode.spans

    def counting(lines: list[Plain], *rest: object) -> object:
        counted.append(len(lines))
        return spans(lines, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(encode, "spans", counting)
    return counted


def test_a_page_that_is_turned_back_and_forth_is_made_once_each_way(made: list[int]) -> None:
    book = Book(2)
    sent = [book.show(turn % 2) for turn in range(8)]
    # From nothing, forth, back; and once more because the terminal then writes in another colour than after the first.
    assert len(made) <= 4
    assert sent[6] == sent[4]
    assert sent[7] == sent[5]
    book.check()


def test_equal_lines_that_were_made_anew_are_looked_at_again(made: list[int]) -> None:
    book = Book(2)
    for turn in range(6):
        book.show(turn % 2)
    count = len(made)
    book.pages = [[Plain(*line) for line in page] for page in book.pages]
    book.show(0)
    assert len(made) == count + 1
    book.check()


def test_an_update_for_which_there_is_no_room_is_cut_as_ever() -> None:
    book = Book(2)
    for turn in range(6):
        book.show(turn % 2)
    book.draw(dict(enumerate(book.pages[0])))
    whole = len(book.pages[0][0].text) * HEIGHT
    text = book.send(room=whole // 4)
    assert 0 < len(text) < whole // 2
    assert book.screen.touched
    while book.screen.touched:
        book.send(room=whole // 4)
    book.check()


def test_rows_that_are_not_due_are_not_sent() -> None:
    book = Book(2)
    for turn in range(6):
        book.show(turn % 2)
    book.draw(dict(enumerate(book.pages[0])))
    book.screen.touched -= {5}
    book.send()
    shown = "".join(book.far.buffer[5][x].data for x in range(WIDTH))
    assert shown == book.pages[1][5].text


@pytest.mark.parametrize("other", [0, 1, 2])
def test_the_terminal_may_write_in_another_style_than_the_last_time(other: int) -> None:
    book = Book(2)
    for turn in range(6):
        book.show(turn % 2)
    for turn in range(4):
        style = book.inks[other]
        book.far.feed(book.screen.cells.change(book.shown.style, style))
        book.shown.style = style
        book.show(turn % 2)
        book.check()


def test_only_the_last_turns_are_kept() -> None:
    book = Book(KEPT + 3)
    for page in (*range(KEPT + 3), 0):
        book.show(page)
    assert len(book.shown._turned._made) == KEPT
    book.shown.forget(WIDTH, HEIGHT)
    assert not book.shown._turned._made


@pytest.mark.parametrize("seed", range(6))
def test_whatever_comes_between_the_far_end_shows_the_page(seed: int) -> None:
    chance = Random(seed)
    book = Book(3, seed)
    for _ in range(60):
        match chance.randrange(9):
            case 0:
                book.draw({y: book.line(chance) for y in chance.sample(range(HEIGHT), FEWEST)})
                book.send()
            case 1:
                book.draw({chance.randrange(HEIGHT): book.line(chance)})
            case 2:
                book.screen.touched |= set(range(HEIGHT))
                book.shown.forget(WIDTH, HEIGHT)
            case 3:
                book.draw(dict(enumerate(book.pages[chance.randrange(3)])))
                book.send(room=300)
            case 4:
                fresh = Cells()
                book.inks = [fresh.style(ink.look) for ink in book.inks]
                book.pages = [[line.renumbered(fresh) or line for line in page] for page in book.pages]
                book.shown.renumber(book.screen.cells, fresh)
                book.screen.renumber(fresh)
            case 5:
                book.far.feed(book.shown.reset(book.screen.cells))
            case _:
                book.show(chance.randrange(3))
                book.check()

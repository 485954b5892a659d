"""Large updates that were made before: who turns a page and turns it back has the same lines again, and the same bytes."""

from collections import OrderedDict
from typing import Final, NamedTuple

from tui.link.cells import Style
from tui.link.order import At
from tui.link.plain import Plain
from tui.link.rows import Rows

KEPT: Final = 4
"""Updates that are kept."""
FEWEST: Final = 16
"""Lines that differ; fewer are quickly made again."""


class Turn(NamedTuple):
    """From one picture of plain lines to another."""

    style: Style | None
    """In which the terminal wrote before."""
    sent: tuple[Plain, ...]
    want: tuple[Plain, ...]

    @property
    def key(self) -> tuple[int, ...]:
        """The very same lines, not equal ones: those that a widget has kept."""
        return (id(self.style), *map(id, self.sent), *map(id, self.want))

    def places(self) -> list[int]:
        """The rows that are others."""
        return [y for y, (sent, want) in enumerate(zip(self.sent, self.want, strict=True)) if sent is not want]


class Made(NamedTuple):
    """What was made of a turn."""

    turn: Turn
    """Held, so that nothing else gets the identities of its lines."""
    text: str
    cost: int
    """About how many bytes it was taken for."""
    after: At


class Turned:
    """The last large updates."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[int, ...], Made] = OrderedDict()

    def turn(self, want: Rows, sent: Rows, touched: set[int], style: Style | None) -> Turn | None:
        """The turn that an update is; None when it is small, when not all lines are plain, or not all that differ are due."""
        height = len(want)
        if len(touched) < FEWEST or len(want.plain) < height or len(sent.plain) < height:
            return None
        rows = range(height)
        turn = Turn(style, tuple(map(sent.plain.__getitem__, rows)), tuple(map(want.plain.__getitem__, rows)))
        places = turn.places()
        return turn if len(places) >= FEWEST and touched.issuperset(places) else None

    def find(self, turn: Turn) -> Made | None:
        """What was made of the same turn the last time."""
        made = self._made.get(key := turn.key)
        if made is not None:
            self._made.move_to_end(key)
        return made

    def keep(self, made: Made) -> None:
        """Keep it, and not too many."""
        self._made[made.turn.key] = made
        if len(self._made) > KEPT:
            self._made.popitem(last=False)

    def clear(self) -> None:
        """The styles have other marks, or the terminal has another size."""
        self._made.clear()

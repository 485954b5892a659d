"""A few trails, to look at: `python -m tui.widgets.scatter`, n moves them on, q quits."""

from math import cos, sin
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType

from tui.widgets.scatter import Plane, Scatter, Trail


class ScatterDemo(App[None]):
    """Points that walk around the middle, each at its own distance."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [("n", "next", "Next"), ("q", "quit", "Quit")]

    def __init__(self) -> None:
        super().__init__()
        self._turn = 0

    def compose(self) -> ComposeResult:
        """Show the plane alone."""
        yield Scatter()

    def on_mount(self) -> None:
        """Draw the first."""
        self._draw()

    def action_next(self) -> None:
        """Move the points on."""
        self._turn += 1
        self._draw()

    def _draw(self) -> None:
        trails = [
            Trail(
                name,
                [
                    ((index + 2) * cos(-at / 8 + index), (index + 2) * sin(-at / 8 + index))
                    for at in range(self._turn, self._turn + 10)
                ],
                f"series-{index + 1}",
            )
            for index, name in enumerate(("First", "Second", "Third"))
        ]
        corners = ("top right", "bottom right", "bottom left", "top left")
        self.query_one(Scatter).show(Plane(trails, (0, 0), corners, ("x", "y"), lambda value: f"{value:.1f}"))

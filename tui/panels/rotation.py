"""The rotation: how strong each compared symbol is by its own measure, and where it is going; drawn, and as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui import format as fmt
from tui.columns import Field
from tui.format import MISSING, Cell
from tui.panels.table import Table
from tui.panels.title import show_title
from tui.widgets.scatter import Plane, Scatter, Trail

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.analytics.rotation import Spot
    from tui.studies.relative_rows import RelativeRow

CORNERS = ("LEADING", "WEAKENING", "LAGGING", "IMPROVING")
"""Clockwise from the top right, as a symbol usually walks through them."""
INITIALS = {"leading": "L", "weakening": "W", "lagging": "G", "improving": "I"}
ROLES = {"leading": "up", "weakening": "warn", "lagging": "down", "improving": "accent"}
EVEN = 100.0


class RotationPlot(Scatter, can_focus=True):
    """The plane of ratio and momentum, with a tail for each symbol."""

    def show_rotation(self, rows: Sequence[RelativeRow], tail: int) -> None:
        """Draw the last `tail` sessions of each."""
        show_title(self, f" Rotation, tail {tail} ")
        self.show(
            Plane(
                trails=tuple(
                    Trail(row.symbol, _points(row.walked(tail)), f"series-{index + 1}")
                    for index, row in enumerate(rows)
                ),
                centre=(EVEN, EVEN),
                corners=CORNERS,
                axes=("ratio", "momentum"),
                number=lambda value: f"{value:.1f}",
                message="83 sessions are needed",
            )
        )


class RotationTable(Table):
    """The same in figures."""

    def show_rotation(self, rows: Sequence[RelativeRow], tail: int, *, fresh: bool) -> None:
        """Draw the rows; `fresh` where the columns or the symbols may be others than last time."""
        show_title(self, f" Rotation, tail {tail} ")
        found = {row.symbol: row for row in rows}
        if fresh:
            self.show_rows(tail_fields(tail), list(found), found.get)
        else:
            self.change(set(found), found.get)


def tail_fields(tail: int) -> list[Field]:
    """The columns for a tail of so many sessions."""
    return [
        Field("symbol", "Symbol", 8, lambda row: Cell(fmt.clean(row.symbol, 8), "symbol"), _symbol, "left", fixed=True),
        Field("quadrant", "Quadrant", 9, _quadrant, _quadrant_word, "left", flash=False),
        Field("ratio", "Ratio", 7, lambda row: _figure(_last(row, "ratio")), lambda row: _last(row, "ratio")),
        Field(
            "momentum", "Momentum", 8, lambda row: _figure(_last(row, "momentum")), lambda row: _last(row, "momentum")
        ),
        Field("ratio_moved", f"Δ{tail}", 7, _moved_cell("ratio", tail), _moved("ratio", tail), flash=False),
        Field("momentum_moved", f"ΔMom{tail}", 8, _moved_cell("momentum", tail), _moved("momentum", tail), flash=False),
        Field("path", "L W laGging I", max(13, tail), _path(tail), lambda _row: None, "left", flash=False),
    ]


def _points(spots: Sequence[Spot]) -> list[tuple[float, float]]:
    return [(s.ratio, s.momentum) for s in spots if s.ratio is not None and s.momentum is not None]


def _symbol(row: RelativeRow) -> str:
    return row.symbol


def _last(row: RelativeRow, name: str) -> float | None:
    return getattr(row.spot, name, None)


def _figure(value: float | None) -> Cell:
    return MISSING if value is None else Cell(f"{value:.2f}")


def _quadrant_word(row: RelativeRow) -> str | None:
    return row.spot.quadrant if row.spot else None


def _quadrant(row: RelativeRow) -> Cell:
    word = _quadrant_word(row)
    return Cell(word, ROLES[word]) if word else MISSING


def _moved(name: str, tail: int) -> Callable[[RelativeRow], float | None]:
    def value(row: RelativeRow) -> float | None:
        spots = row.walked(tail)
        first = getattr(spots[0], name) if spots else None
        last = _last(row, name)
        return None if first is None or last is None else last - first

    return value


def _moved_cell(name: str, tail: int) -> Callable[[RelativeRow], Cell]:
    moved = _moved(name, tail)

    def cell(row: RelativeRow) -> Cell:
        value = moved(row)
        return (
            MISSING if value is None else Cell(f"{value:+.2f}", "up" if value > 0 else "down" if value < 0 else "flat")
        )

    return cell


def _path(tail: int) -> Callable[[RelativeRow], Cell]:
    def cell(row: RelativeRow) -> Cell:
        letters = (INITIALS.get(spot.quadrant or "", "·") for spot in row.walked(tail))
        return Cell("".join(letters), "muted")

    return cell

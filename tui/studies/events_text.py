"""The values of an event as cells and as numbers of a document, by what they are measured in."""

from tui import format as fmt
from tui.analytics.events import Unit
from tui.format import MISSING, Cell

PERCENTAGES = frozenset({Unit.RETURN, Unit.SPREAD, Unit.SHARE})

SIGNS = {
    Unit.RETURN: "%",
    Unit.SPREAD: "pp",
    Unit.SHARE: "%",
    Unit.RATIO: "x",
    Unit.SHARES: "shares",
    Unit.MONEY: "currency",
    Unit.PRICE: "price",
    Unit.BASIS: "bp",
}
"""What stands in a document for a unit; a plain number has none."""

SHORT = {unit: sign for unit, sign in SIGNS.items() if len(sign) < 3}
"""Those that stand in the head of a column."""


def number(value: float | None, unit: Unit) -> float | None:
    """A value in the unit that `SIGNS` names: a fraction becomes a percentage."""
    return None if value is None else value * 100 if unit in PERCENTAGES else value


def value_cell(value: float | None, unit: Unit, width: int = 9) -> Cell:
    """A value as the screen shows it."""
    if value is None:
        return MISSING
    match unit:
        case Unit.RETURN | Unit.SPREAD:
            return fmt.change(value, width)
        case Unit.SHARE:
            return Cell(f"{value * 100:.0f}%")
        case Unit.RATIO:
            return fmt.ratio(value, width=width)
        case Unit.SHARES:
            return fmt.shares(value, width)
        case Unit.MONEY:
            return fmt.dollars(value, width)
        case Unit.BASIS:
            return Cell(f"{value:+.0f}", "up" if value > 0 else "down" if value < 0 else "flat")
        case Unit.PRICE:
            return fmt.price(value, width=width)
        case _:
            return fmt.zscore(value, width)

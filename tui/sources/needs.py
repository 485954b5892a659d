"""What the program needs of its sources, and in which order they are asked for each."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from tui.config_chain import Chain

T = TypeVar("T")


class Need(StrEnum):
    """A kind of question; each has an order of its own in the settings, under `[chain]`."""

    VISIBLE = "visible"
    """Quotes of what is on the screen: often, and first."""
    LIST = "list"
    """Quotes of the rest of the list: seldom, in turn."""
    HISTORY = "history"
    """Daily bars."""
    INTRADAY = "intraday"
    """Five-minute bars: today's, and those behind the usual day."""
    HOLDINGS = "holdings"
    """What funds hold."""
    YIELDS = "yields"
    """Yields of the Treasury."""
    MACRO = "macro"
    """Macro series."""


def in_order(settings: Chain, need: Need, there: Mapping[str, T]) -> list[T]:
    """Those who are there, in the order of the settings; a name twice counts once, one that is not there is passed over."""
    names: tuple[str, ...] = getattr(settings, need.value)
    return [there[name] for name in dict.fromkeys(names) if name in there]

"""Rare events: conditions typed as text over any series of the history, searched, answered, and watched live.

`parse` reads a condition, `str` writes it back, `search` answers it from frames of daily bars, and `Watch` tells with
plain arithmetic whether it happens in the running session. See `grammar.lark` for the language, `figures.py` for what
a series can be, and docs, formulas ("Rare events and seasons") for what an answer is.
"""

from tui.analytics.events.complete import Completion, completions
from tui.analytics.events.error import ConditionError
from tui.analytics.events.figures import FIGURES, Figure, Unit
from tui.analytics.events.parse import parse
from tui.analytics.events.tree import Condition, Series

__all__ = [
    "FIGURES",
    "Completion",
    "Condition",
    "ConditionError",
    "Figure",
    "Series",
    "Unit",
    "completions",
    "parse",
    "series_needed",
]


def series_needed(condition: Condition) -> tuple[str, ...]:
    """The symbols that a condition names, in the order of its text, each once."""
    return condition.symbols

"""What conditions say of the running session, for whoever rings: whether each is an event now, and its values.

Three answers, where the events screen needs two: what is not known must not count as an interruption.
"""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from tui.analytics.events import FIGURES, Condition, ConditionError, Unit
from tui.analytics.events.live import Before, Moment, holds, values
from tui.studies.events_text import SHORT, value_cell

if TYPE_CHECKING:
    from tui.studies.events import EventsStudy


class Look(Struct, frozen=True):
    """A condition in the running session."""

    session: date
    holds: bool | None
    """Whether the session is an event; None where that is not known."""
    values: Mapping[str, float | bool | None]
    """What the condition names, by its text."""

    @property
    def text(self) -> str:
        """The values as the screen writes them: `IWM.1d +3.02%, SPY.1d -0.20%`."""
        return ", ".join(_said(name, value) for name, value in self.values.items())


async def looks(study: "EventsStudy", conditions: Iterable[str]) -> dict[str, Look]:
    """A look at each condition that can be read. What lies before the session is computed once, all of it in a thread.

    Raises:
        DataError: the history cannot be read.
    """
    ready = {}
    for text in dict.fromkeys(conditions):
        try:
            ready[text] = await study.watched(text)
        except ConditionError:
            continue
    return await asyncio.to_thread(lambda: {text: look(*each) for text, each in ready.items()})


def look(condition: Condition, moments: Mapping[str, Moment], before: Before) -> Look:
    """Whether the session is an event: the condition holds, and of a run it is the first session."""
    now = values(condition, moments, before.extremes)
    held = holds(condition.root, now, before.session, before)
    if held and condition.counts_runs and before.held:
        held = False
    return Look(before.session, held, now)


def _said(name: str, value: float | bool | None) -> str:
    if isinstance(value, bool):
        return name if value else f"not {name}"
    figure = FIGURES.get(name.rpartition(".")[2])
    unit = figure.unit if figure else Unit.NUMBER
    sign = SHORT.get(unit, "") if value is not None else ""
    cell = value_cell(value, unit).text
    return f"{name} {cell}{'' if cell.endswith(sign) else sign}"

"""The lines above the events: the condition, whether it holds now, and the answer in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.format import clean
from tui.panels.event_lines import count_text, last_text, now_text, rate_text
from tui.widgets.status import Segment

if TYPE_CHECKING:
    from tui.analytics.events.answer import EventAnswer


def condition_segments(condition: str, name: str, answer: EventAnswer | None) -> list[Segment]:
    """The condition, what it is saved under, and at the right whether it happens now, with the values."""
    segments = [
        Segment("name", clean(name, 30), "head", priority=60),
        Segment("condition", clean(condition, 400) or "no condition: n types one", "accent", priority=95),
    ]
    if answer is not None and answer.holds:
        when = "NOW" if answer.running else f"on {answer.last}"
        segments.append(Segment("holds", f"HAPPENS {when}", "warn", "right", priority=90))
        segments.append(Segment("values", now_text(answer), "warn", "right", priority=40))
    elif answer is not None:
        segments.append(
            Segment("holds", "not now" if answer.running else f"not on {answer.last}", "muted", "right", 50)
        )
    return segments


def answer_segments(answer: EventAnswer | None, problem: str) -> list[Segment]:
    """How often, when last, how rare, over which sessions; or what is wrong."""
    if answer is None:
        return [Segment("problem", clean(problem, 400) or "searching", "error" if problem else "muted", priority=90)]
    return [
        Segment("count", count_text(answer), "symbol", priority=95),
        Segment("last", last_text(answer), "text", priority=80),
        Segment("rate", rate_text(answer), "text", priority=70),
        Segment("span", f"{answer.first} to {answer.last}", "muted", priority=60),
        *(
            Segment(f"note{number}", clean(note, 200), "muted", "right", 30 - number)
            for number, note in enumerate(answer.notes)
        ),
    ]

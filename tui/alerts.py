"""What rings, and when: an alert, what is remembered of it, and the step from one look to the next. Pure.

A session begins as if no condition had held in the one before. From there on `session` rings at the first look at which
the condition holds, `crossing` at every look at which it has come to hold. What is unknown never rings, and does not
count as an interruption either: a price that is missing for a moment makes no new crossing.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from msgspec import Struct, structs

from tui.alert_quiet import Quiet

PLACEHOLDERS = ("name", "condition", "values", "session", "time", "nature")
"""What a command's arguments can ask for, in braces."""

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class Repeat(StrEnum):
    """How often an alert rings."""

    SESSION = "session"
    """Once in each session."""
    CROSSING = "crossing"
    """Whenever the condition has come to hold."""


class Alert(Struct, frozen=True, kw_only=True):
    """A condition of the event language with what is to happen when it holds."""

    name: str
    condition: str
    repeat: Repeat = Repeat.SESSION
    bell: bool = True
    """The terminal's bell."""
    toast: bool = True
    """A message on the screen."""
    desktop: bool = False
    """A notification of the desktop, by OSC 9 and OSC 777."""
    command: tuple[str, ...] = ()
    """A program with its arguments; placeholders stand in the arguments."""
    quiet: Quiet | None = None
    """When it makes no sound, shows no notification and runs no command; it is shown and logged all the same."""
    saved: bool = False
    """Whether it is a saved condition of the events screen, which has no alert of its own."""

    @property
    def key(self) -> str:
        """What it is remembered under."""
        return f"event {self.name}" if self.saved else f"alert {self.name}"


class Seen(Struct, frozen=True):
    """What is remembered of an alert between two looks, and over a restart."""

    condition: str
    """The condition it is about: another one under the same name begins anew."""
    session: date
    """The session of the last look."""
    held: bool = False
    """Whether the condition held at the last look that knew."""
    rang: bool = False
    """Whether it rang in that session."""


def step(condition: str, repeat: Repeat, before: Seen | None, session: date, holds: bool | None) -> tuple[Seen, bool]:
    """What is remembered after a look, and whether the alert rings.

    Args:
        condition: The alert's condition.
        repeat: How often it rings.
        before: What was remembered; None at the first look ever.
        session: The session that was looked at; one before that of `before` is out of date and changes nothing.
        holds: Whether the condition is an event in it; None where that is not known.
    """
    seen = before
    if seen is not None and seen.condition == condition and session < seen.session:
        return seen, False
    if seen is None or seen.condition != condition or seen.session != session:
        seen = Seen(condition, session)
    if holds is None:
        return seen, False
    rings = holds and not (seen.rang if repeat is Repeat.SESSION else seen.held)
    return structs.replace(seen, held=holds, rang=seen.rang or rings), rings


def unknown_placeholders(command: Sequence[str]) -> list[str]:
    """Words in braces in a command's arguments that stand for nothing."""
    return [word for each in command for word in _PLACEHOLDER.findall(each) if word not in PLACEHOLDERS]


def filled(command: Sequence[str], facts: Mapping[str, str]) -> list[str]:
    """A command with its placeholders replaced, each argument staying one; the program itself is never replaced.

    What is put in is not looked through again, and braces that are no placeholder stay as they are.
    """

    def fill(argument: str) -> str:
        return _PLACEHOLDER.sub(lambda found: facts.get(found[1], found[0]), argument)

    return [*command[:1], *map(fill, command[1:])]


class Budget:
    """So many in so many seconds, and no more."""

    def __init__(self, most: int, seconds: float) -> None:
        self.most = most
        self.seconds = seconds
        self._taken: list[float] = []

    def take(self, now: float) -> bool:
        """Take one at `now` (seconds of any steady clock); False when all are taken."""
        self._taken = [moment for moment in self._taken if now - moment < self.seconds]
        if len(self._taken) >= self.most:
            return False
        self._taken.append(now)
        return True

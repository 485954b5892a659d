"""The alerts of a running market: read when their files change, looked at when their prices have, remembered when they ring.

Watched are the alerts of `alerts.toml` and the conditions that the user has saved on the events screen, which ring once a
session. The built-in examples among those are not watched: nobody has asked for them. Free of any face; used on the event
loop, with files and arithmetic in threads.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from tui import sessions
from tui.alert_log import FILE as LOG_FILE
from tui.alert_log import AlertLog, Rang
from tui.alert_state import FILE as STATE_FILE
from tui.alert_state import AlertState
from tui.alerts import Alert, Seen, step
from tui.alerts_file import FILE as ALERTS_FILE
from tui.alerts_file import AlertsError, AlertsFile
from tui.files import reason
from tui.saved_events import BUILT_IN, SavedEventError, SavedEvents
from tui.saved_events import FILE as EVENTS_FILE
from tui.studies.alerts import Look, looks
from tui.studies.events import EventsStudy

if TYPE_CHECKING:
    from tui.board import Board
    from tui.config import Paths

log = logging.getLogger(__name__)

Stamp = tuple[int, int] | None
"""When a file was changed last, and its size; None without a file."""


class Ring(Struct, frozen=True):
    """An alert that rings."""

    alert: Alert
    look: Look
    at: datetime
    """Now, by the clock on the wall."""
    nature: str
    """`SIMULATED` or `REPLAY` where this is not the market of now, else empty."""

    @property
    def is_quiet(self) -> bool:
        """Whether it falls into quiet hours."""
        return self.alert.quiet is not None and self.alert.quiet.holds(self.at)

    @property
    def stamp(self) -> str:
        """When it rang, UTC, as the log has it."""
        return self.at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

    @property
    def title(self) -> str:
        """What it is called, the nature of the market first."""
        return f"{self.nature} {self.alert.name}" if self.nature else self.alert.name

    @property
    def facts(self) -> dict[str, str]:
        """What stands for the placeholders of its command."""
        return {
            "name": self.alert.name,
            "condition": self.alert.condition,
            "values": self.look.text,
            "session": self.look.session.isoformat(),
            "time": self.stamp,
            "nature": self.nature,
        }

    def rang(self, did: Sequence[str], held_back: Sequence[str]) -> Rang:
        """The line of the log."""
        return Rang(
            at=self.stamp,
            name=self.alert.name,
            condition=self.alert.condition,
            session=self.look.session.isoformat(),
            values=self.look.text,
            nature=self.nature,
            did=tuple(did),
            held_back=tuple(held_back),
        )


class AlertDesk:
    """Who knows the alerts, and says which of them ring now.

    Args:
        board: The market.
        paths: The user's folders.
        clock: The time on the wall, aware.
    """

    def __init__(
        self, board: "Board", paths: "Paths", clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._board = board
        self._clock = clock
        self._study = EventsStudy(board)
        self.file = AlertsFile(paths.config_dir / ALERTS_FILE)
        self.saved = SavedEvents(paths.config_dir / EVENTS_FILE)
        self.log = AlertLog(paths.state_dir / LOG_FILE)
        # A simulated or replayed session begins anew with each start; the real one goes on.
        self._state = AlertState(None if self.nature else paths.state_dir / STATE_FILE)
        self._seen: dict[str, Seen] | None = None
        self._stamps: dict[Path, Stamp] = {}
        self._told: set[str] = set()
        self._priced: tuple[object, ...] = ()
        self.alerts: tuple[Alert, ...] = ()
        """What is watched: alerts, then saved conditions."""
        self.problems: Mapping[str, str] = {}
        """Why alerts cannot ring, by their names."""
        self.symbols: tuple[str, ...] = ()
        """Whose prices are needed."""

    @property
    def nature(self) -> str:
        """`SIMULATED` or `REPLAY` where this is not the market of now, else empty."""
        words = (self._board.engine.source.nature() or "").split()
        return words[0] if words else ""

    @property
    def seen(self) -> Mapping[str, Seen]:
        """What is remembered of each, by its key."""
        return self._seen or {}

    def watches(self, condition: str) -> bool:
        """Whether a condition rings by itself."""
        return _plain(condition) in {_plain(alert.condition) for alert in self.alerts}

    async def renew(self) -> list[str]:
        """Read the files that have changed since the last time; returns what is wrong with them, each told once."""
        messages = await asyncio.to_thread(self._read_changed)
        if messages is None:
            return []
        self.symbols = await self._study.symbols([alert.condition for alert in self.alerts])
        self._priced = ()
        return self._new([*messages, *self.problems.values()])

    async def look(self) -> list[Ring]:
        """The alerts that ring now. Cheap while no price of theirs has changed.

        Raises:
            DataError: the history cannot be read.
        """
        if not self.alerts or not self._has_changed():
            return []
        alerts = self.alerts
        if self._seen is None:
            self._seen = await asyncio.to_thread(self._remembered)
        found = await looks(self._study, [alert.condition for alert in alerts])
        moment, rings, before = self._clock(), [], dict(self._seen)
        for alert in alerts:
            if (look := found.get(alert.condition)) is None:
                continue
            seen, rung = step(alert.condition, alert.repeat, before.get(alert.key), look.session, look.holds)
            self._seen[alert.key] = seen
            if rung:
                rings.append(Ring(alert, look, moment, self.nature))
        if self._seen != before:
            # Before anything rings: what has rung must not ring again, whatever happens next.
            await asyncio.to_thread(self._remember)
        return rings

    def unknown(self) -> list[str]:
        """Of which symbols the source knows nothing, so that alerts on them cannot ring; each told once."""
        gone = sorted(self._board.engine.live.unknown.intersection(self.symbols))
        return self._new(
            [f"{symbol} is not known to {self._board.engine.source.name}: alerts on it cannot ring" for symbol in gone]
        )

    async def written(self, ring: Ring, did: Sequence[str], held_back: Sequence[str]) -> None:
        """Write a line into the log; a disk that refuses is a warning."""
        try:
            await asyncio.to_thread(self.log.append, ring.rang(did, held_back))
        except OSError as error:
            log.warning("%s cannot be written (%s)", self.log.path, reason(error))

    def _has_changed(self) -> bool:
        """Whether a price, a history or the session is another than at the last look."""
        engine = self._board.engine
        quotes, baselines = engine.live.quotes, engine.loader.baselines
        now: list[object] = [sessions.session_of(engine.source.now())]
        for symbol in self.symbols:
            now += (quotes.get(symbol), baselines.get(symbol))
        same = len(now) == len(self._priced) and all(
            one is other or (isinstance(one, date) and one == other)
            for one, other in zip(now, self._priced, strict=True)
        )
        self._priced = tuple(now)
        return not same

    def _new(self, messages: Sequence[str]) -> list[str]:
        fresh = [message for message in messages if message not in self._told]
        self._told.update(fresh)
        return fresh

    def _read_changed(self) -> list[str] | None:
        """Read what has changed; None when nothing has."""
        stamps = {path: _stamp(path) for path in (self.file.path, self.saved.path)}
        if stamps == self._stamps:
            return None
        self._stamps, messages = stamps, []
        try:
            self.file.load()
        except AlertsError as error:
            messages.append(str(error))
        saved: dict[str, str] = {}
        if stamps[self.saved.path] is not None:
            # What is wrong with that file is told where it is opened, on the events screen.
            with contextlib.suppress(SavedEventError):
                self.saved.load()
            saved = self.saved.all()
        own = self.file.all()
        taken = {_plain(alert.condition) for alert in own}
        events = [
            Alert(name=name, condition=condition, quiet=self.file.quiet, saved=True)
            for name, condition in saved.items()
            if _plain(condition) not in taken and BUILT_IN.get(name) != condition
        ]
        self.alerts, self.problems = (*own, *events), self.file.problems() if own else {}
        return messages

    def _remembered(self) -> dict[str, Seen]:
        try:
            return self._state.load()
        except OSError as error:
            log.warning("%s cannot be read (%s): alerts may ring again", self._state.path, reason(error))
            return {}

    def _remember(self) -> None:
        keys = {alert.key for alert in self.alerts}
        try:
            self._state.save({key: seen for key, seen in self.seen.items() if key in keys})
        except OSError as error:
            log.warning("%s cannot be written (%s): alerts ring again after a start", self._state.path, reason(error))


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _plain(condition: str) -> str:
    """A condition without what makes no difference to it: space, and the case of letters."""
    return "".join(condition.split()).casefold()

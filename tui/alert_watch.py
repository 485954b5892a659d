"""What the app does with alerts: look every few seconds, ring, add one from where the user is, take one away.

Only the market of now rings: never a past session in the time machine. A simulated or replayed market rings and says so.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from typing import TYPE_CHECKING, TypeVar

from tui.alerts import Alert, Budget, filled
from tui.face import Face
from tui.format import clean
from tui.model import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.alert_desk import AlertDesk, Ring

T = TypeVar("T")

log = logging.getLogger(__name__)

LOOK_TICKS = 3
"""Seconds between two looks."""
TOAST_SECONDS = 15.0
"""How long a message stands."""
MOST_TOASTS = 3
"""Messages of one look that have a box of their own."""
A_MINUTE = 10
"""Notifications of the desktop, and commands, that are sent off in a minute at most."""

_GROUP = "alerts"


class AlertActions(Face):
    """The app's side of the alerts."""

    def __init__(self) -> None:
        super().__init__()
        self._alert_desk: AlertDesk | None = None
        self._alert_ticks = 0
        self._language_ready = False
        self._commands = Budget(A_MINUTE, 60.0)
        self._notifications_sent = Budget(A_MINUTE, 60.0)

    @property
    def alert_desk(self) -> AlertDesk:
        """Who knows the alerts; only when `ready`. Imported with the market, not before it."""
        if self._alert_desk is None:
            from tui.alert_desk import AlertDesk

            self._alert_desk = AlertDesk(self.board, self.paths)
        return self._alert_desk

    def watched(self) -> tuple[str, ...]:
        """All symbols that some screen shows or some alert names."""
        named = self._alert_desk.symbols if self._alert_desk is not None else ()
        return tuple(dict.fromkeys((*super().watched(), *named)))

    def rings_for(self, condition: str) -> bool:
        """Whether a condition rings by itself, so that nobody else needs to."""
        return self._alert_desk is not None and self._alert_desk.watches(condition)

    def mind_alerts(self) -> None:
        """Once a second: every few seconds, look; a look that takes longer is waited for."""
        self._alert_ticks += 1
        if self._alert_ticks % LOOK_TICKS == 0:
            self.look_for_alerts()

    def look_for_alerts(self) -> None:
        """Look now, unless that is being done or there is nothing live to look at."""
        busy = any(worker.group == _GROUP and not worker.is_finished for worker in self.workers)
        if self.ready and not self.past and not busy:
            self.run_worker(self._look(), group=_GROUP)

    async def _look(self) -> None:
        """What has changed in the files, then what rings. Whatever goes wrong, the monitor goes on."""
        if not (self._language_ready or self.is_headless):
            # Reading the grammar takes longer than a key may: done before the first condition is asked for.
            self._language_ready = True
            await asyncio.to_thread(_read_language)
        try:
            for message in await self._renewed():
                log.warning("alerts: %s", message)
                self.say(clean(message, 300), "warn")
            rings = await self.alert_desk.look()
            if rings:
                await self.ring(rings)
            for message in self.alert_desk.unknown():
                log.warning("alerts: %s", message)
                self.say(message, "warn")
        except DataError as error:
            log.warning("alerts cannot be looked at: %s", error)
        except Exception:
            log.exception("alerts cannot be looked at")

    async def _renewed(self) -> list[str]:
        """Read what has changed, and ask for the prices that are needed then."""
        before = self.alert_desk.symbols
        messages = await self.alert_desk.renew()
        if self.alert_desk.symbols != before:
            self.order()
        return messages

    async def ring(self, rings: Sequence[Ring]) -> None:
        """One bell for all, a message each, and what else each asks for; every one is a line of the log."""
        if any(ring.alert.bell and not ring.is_quiet for ring in rings):
            self.bell()
        toasts = 0
        for ring in rings:
            did: list[str] = []
            held_back: list[str] = []
            for name, wanted, act in (
                ("bell", ring.alert.bell, None),
                ("desktop", ring.alert.desktop, self._notify_desktop),
                ("command", bool(ring.alert.command), self._run_command),
            ):
                if wanted:
                    done = not ring.is_quiet and (act is None or act(ring))
                    (did if done else held_back).append(name)
            if ring.alert.toast:
                toasts += 1
                did.append("toast")
                if toasts <= MOST_TOASTS:
                    self._toast(ring)
            log.info("alert %s rang: %s", ring.title, ring.look.text)
            await self.alert_desk.written(ring, did, held_back)
        if toasts > MOST_TOASTS:
            self._box(f"{toasts - MOST_TOASTS} more; : Alerts shows all", "Alerts")

    def _toast(self, ring: Ring) -> None:
        said = ring.look.text if ring.alert.name != ring.alert.condition else f"happens now: {ring.look.text}"
        self._box(said, ring.title)

    def _box(self, said: str, title: str) -> None:
        self.notify(clean(said, 300), title=clean(title, 60), severity="warning", timeout=TOAST_SECONDS, markup=False)

    def _notify_desktop(self, ring: Ring) -> bool:
        """Have the terminal notify; False when there were too many."""
        from tui.alert_actions import notification

        if not self._notifications_sent.take(time.monotonic()):
            return False
        if self._driver is not None:
            self._driver.write(notification(f"outpace {ring.title}", ring.look.text, os.environ))
            self._driver.flush()
        return True

    def _run_command(self, ring: Ring) -> bool:
        """Run the alert's command beside everything else; False when there were too many."""
        from tui.alert_actions import run_logged

        if not self._commands.take(time.monotonic()):
            log.warning("alert %s: command not run, more than %d a minute", ring.alert.name, A_MINUTE)
            return False
        facts = {name: clean(text, 500) for name, text in ring.facts.items()}
        self.run_worker(
            run_logged(ring.alert.name, filled(ring.alert.command, facts)), group="alert commands", exit_on_error=False
        )
        return True

    # --- what the user changes -----------------------------------------------------------------------------------

    def action_alert(self) -> None:
        """Ask for a condition to be told of, beginning with what is under the cursor."""
        if not self.ready:
            return
        from tui.screens.condition import AskCondition

        def answered(condition: str | None) -> None:
            if condition:
                self._change_alerts(lambda: self._added(condition))

        known = (*self.view.symbols, self.view.benchmark, *self.watched())
        self.push_screen(
            AskCondition(self.page.alert_text(), tuple(dict.fromkeys(known)), label="Alert when", enter="sets it"),
            answered,
        )

    def _added(self, text: str) -> str:
        """Write an alert into the file; returns what to say. Blocking: called in a thread."""
        from tui.analytics.events import parse

        condition, file = str(parse(text)), self.alert_desk.file
        file.load()
        for alert in file.all():
            if alert.condition in {condition, text}:
                return f"{clean(alert.name, 40)} rings for that already"
        name = file.free_name(condition)
        file.add(Alert(name=name, condition=condition, quiet=None))
        late = "; it rings in the market of now, not in a past session" if self.past else ""
        return f"alert set: {clean(name, 40)}{late}"

    def action_remove_alert(self) -> None:
        """Choose an alert and take it away."""
        if not self.ready:
            return

        def removed(name: str) -> str:
            self.alert_desk.file.remove(name)
            return f"alert removed: {clean(name, 40)}"

        def answered(name: str | None) -> None:
            if name is not None:
                self._change_alerts(lambda: removed(name))

        def choose(own: Sequence[Alert]) -> None:
            if own:
                options = [(each.name, clean(each.condition, 60)) for each in own]
                self.choose("Remove which alert?", options, answered)
            else:
                self.say("there are no alerts; A sets one", "warn")

        self.run_worker(self._tried(self._loaded, choose), group="alert file")

    def _loaded(self) -> Sequence[Alert]:
        """The alerts as the file has them now. Blocking: called in a thread."""
        self.alert_desk.file.load()
        return self.alert_desk.file.all()

    def action_alerts(self) -> None:
        """What is set, and what has rung."""
        from tui.screens.alerts import AlertsDialog

        async def opened() -> None:
            await self._renewed()
            self.push_screen(AlertsDialog(self.alert_desk))

        if self.ready and not isinstance(self.screen, AlertsDialog):
            self.run_worker(opened(), group="alert log", exclusive=True)

    def _change_alerts(self, change: Callable[[], str]) -> None:
        async def then() -> None:
            await self._tried(change, self.say)
            self.look_for_alerts()

        self.run_worker(then(), group="alert file")

    async def _tried(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        """Do something with the file off the loop, one change after the other; what fails is one message."""
        from tui.alerts_file import AlertsError

        async with self.changing:
            try:
                result = await asyncio.to_thread(work)
            except (AlertsError, ValueError) as error:
                self.say(clean(str(error), 300), "error")
                return
        then(result)


def _read_language() -> None:
    from tui.analytics.events import parse

    parse("SPY.1d > 0%")

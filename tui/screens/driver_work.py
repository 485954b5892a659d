"""What screen 6 asks of the drivers' study: each part by itself, off the loop, and only what is on the screen."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tui.jobs import job
from tui.model import DataError
from tui.panels.macro_table import MacroTable
from tui.screens.page import Page
from tui.screens.progress import PATIENCE_SECONDS, told
from tui.widgets.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from collections.abc import Set as AbstractSet
    from datetime import date

    from tui.studies.drivers import DriversStudy

PARTS = ("macro", "series", "regimes", "valuation", "earnings", "deals")
"""What is computed, each by itself."""
SPANS = (5, 20, None)
"""Years of a series in the chart; None is all of it."""
SINCE_DAYS = 91
"""How far back deals are counted at first."""
ASK_SECONDS = 900.0
"""How long after asking the source for a part it may be asked again."""
PRICE_TICKS = 60
"""Seconds between two computations while prices move: only the last of thousands of windows is another."""


class DriverWork(Page):
    """The questions and answers of two symbols; subclasses show them."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[str, Any] = {}
        """The last answer of each part."""
        self.years: int | None = SPANS[0]
        self.since: date | None = None
        self._made: dict[str, object] = {}
        """The question that each part's answer, or problem, is of."""
        self._making: dict[str, object] = {}
        self._asked: dict[tuple[object, ...], float] = {}
        self.problems: dict[str, str] = {}
        """Why the source told nothing of a part."""
        self._news = 0
        """Grows with what has come from the source."""
        self._prices = 0
        self._moved = False
        self._ticks = 0

    @property
    @abstractmethod
    def pair(self) -> tuple[str, str]:
        """The symbol, or fund, and what it is set against."""

    @abstractmethod
    def shows(self, part: str) -> bool:
        """Whether any panel of a part is on the screen."""

    @abstractmethod
    def draw(self, part: str) -> None:
        """Draw the answer of a part."""

    # --- when it is made --------------------------------------------------------------------------------------------

    def show(self, changed: AbstractSet[str]) -> None:
        """Prices only matter once in a while here."""
        self._moved = self._moved or bool(changed & set(self.symbols))

    def show_all(self) -> None:
        """Compute what is visible and not of this question, and draw what is known."""
        if not (self.app.ready and self.composed) or not self.is_seen:
            return
        for part in PARTS:
            if not self.shows(part):
                continue
            question = self._question(part)
            if part in self.answers:
                self.draw(part)
            if question is None or self._made.get(part) == question or self._making.get(part) == question:
                continue
            self._making[part] = question
            self.run_worker(job(self._make, part, question), group=f"drivers-{part}", exclusive=True)

    def on_screen_suspend(self) -> None:
        """Whoever leaves waits for no answer; what the source was being asked for is asked again by who comes back."""
        if self.is_seen:
            return
        for worker in self.workers.cancel_node(self):
            kind, _, what = worker.group.rpartition("-")
            if kind == "drivers-fetch" and not worker.is_finished:
                self._asked = {key: at for key, at in self._asked.items() if key[0] != what}

    def tick(self) -> None:
        """The status line; histories that have come, and prices that have moved."""
        super().tick()
        self._ticks += 1
        if self._moved and not self.app.paused and self._ticks % PRICE_TICKS == 0:
            self._moved = False
            self._prices += 1
        if self.composed and self.app.ready and any(self._due(part) for part in PARTS if self.shows(part)):
            self.show_all()

    def _due(self, part: str) -> bool:
        question = self._question(part)
        return question is not None and question not in (self._made.get(part), self._making.get(part))

    def _question(self, part: str) -> object | None:
        """What is asked of a part now; None while it cannot be asked."""
        study = self.study
        if study is None or self.app.engine is None:
            return None
        day, pair = study.day, self.pair
        known = self.app.engine.loader.baselines
        prices = tuple((each, study.session(each)[0], each in known) for each in pair)
        if part == "macro":
            return part, day, self._news
        if part == "series":
            chosen = self.query_one(MacroTable).cursor_key
            return None if chosen is None else (part, day, self._news, chosen, prices[0], self.years)
        if part == "regimes":
            return part, day, self._news, prices, self._prices
        return part, day, self._news, (self._since(study) if part == "deals" else pair)

    @property
    def study(self) -> DriversStudy | None:
        """Who answers; None while there is no market."""
        return self.app.drivers

    def _since(self, study: DriversStudy) -> date:
        return self.since or study.day - timedelta(days=SINCE_DAYS)

    async def _make(self, part: str, question: object) -> None:
        """Compute one part off the loop, draw it, then ask the source for what it lacks."""
        study = self.study
        assert study is not None
        try:
            answer = await told(self, self._ask(part, study), f"Working out {part}")
        except DataError as error:
            self._made[part] = question
            self._problem(part, str(error))
            return
        finally:
            if self._making.get(part) == question:
                del self._making[part]
        if not self.is_attached:
            return
        if question == self._question(part):
            self._made[part] = question
            self.answers[part] = answer
            self.draw(part)
            if part == "macro":
                self.show_all()  # the chart waits for the first series
        self._fetch(part, study)

    def _ask(self, part: str, study: DriversStudy) -> Coroutine[object, object, object]:
        a, b = self.pair
        match part:
            case "macro":
                return study.macro()
            case "series":
                return study.series(self.query_one(MacroTable).cursor_key or "", a, self.years)
            case "regimes":
                return study.regimes(a, b)
            case "valuation":
                return study.valuation(a, b)
            case "earnings":
                return study.earnings(a, b)
            case _:
                return study.deals(self._since(study))

    def _problem(self, part: str, text: str) -> None:
        """Why there is nothing, in place of it; what was there stays."""
        if not self.explain(part, text):
            self.say(text, "warn")

    def explain(self, part: str, text: str) -> bool:
        """Say something in place of an empty table, where it fits."""
        panel = self.query_one(f"#{part}")
        if not isinstance(panel, Grid) or panel.keys or not text or len(text) > panel.size.width - 2:
            return False
        panel.empty_text = text
        return True

    # --- asking the source ------------------------------------------------------------------------------------------

    def _fetch(self, part: str, study: DriversStudy) -> None:
        """Ask for what is missing, once in a while for one question."""
        if not study.can_fetch or part == "series":
            return
        what = "macro" if part == "regimes" else part
        key = (what, self.pair if what in {"valuation", "earnings"} else None, self.since if what == "deals" else None)
        now = asyncio.get_running_loop().time()
        if now - self._asked.get(key, -ASK_SECONDS) < ASK_SECONDS:
            return
        self._asked[key] = now
        for name in {what, part}:
            panel = self.query_one(f"#{name}", Grid)
            if not panel.keys:
                panel.empty_text = "Asking for what is not stored"
        self.run_worker(job(self._fetched, what, study), group=f"drivers-fetch-{what}", exclusive=True)

    async def _fetched(self, what: str, study: DriversStudy) -> None:
        start, said = asyncio.get_running_loop().time(), False

        def tell(text: str) -> None:
            nonlocal said
            if asyncio.get_running_loop().time() - start > PATIENCE_SECONDS and self.is_current:
                said = True
                self.say(text, "muted")

        if what == "macro":
            problem = await study.fetch_macro(tell)
        elif what == "deals":
            problem = await study.fetch_deals(self._since(study), tell)
        else:
            # Estimates are weighed by prices, which the fundamentals have of all holdings.
            problem = await study.fetch_companies(self.pair, tell, estimates=False)
            if what == "earnings":
                problem = await study.fetch_companies(self.pair, tell, estimates=True) or problem
        self._news += 1
        if not self.is_attached:
            return
        if said:
            self.hint()
        self.problems[what] = problem
        if problem:
            self._problem(what, problem)
        self.show_all()

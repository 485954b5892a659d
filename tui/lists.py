"""What the app does with watchlists: show, add to, remove from, undo, choose a benchmark."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from tui.face import Face
from tui.format import clean
from tui.watchlists import WatchlistError, parse_symbols

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

COMMON_BENCHMARKS = ("SPY", "IWM", "QQQ", "^GSPC", "^RUT", "^IXIC")


class ListActions(Face):
    """Actions of the app on lists; every change is on disk before it is on the screen."""

    def show_list(self, name: str) -> None:
        """Show a list, measured against its own benchmark unless the user has set one."""
        chosen = self.watchlists.get(name)
        view = self.view
        view.list_name, view.symbols = chosen.name, chosen.symbols
        view.benchmark = self.settings.benchmark or chosen.benchmark
        view.filter, view.marks = "", frozenset()
        self.follow()
        self.page.tick()

    def action_list(self, step: int) -> None:
        """The next or previous list."""
        names = self.watchlists.names()
        if not names:
            return
        place = names.index(self.view.list_name) if self.view.list_name in names else -min(step, 0) - 1
        self.show_list(names[(place + step) % len(names)])

    def action_add(self) -> None:
        """Ask for symbols and add them to the list."""

        def answered(text: str | None) -> None:
            accepted, rejected = parse_symbols(text or "")
            wrong = f"not symbols: {', '.join(clean(each, 12) for each in rejected[:4])}" if rejected else ""

            def added(found: Sequence[str]) -> None:
                said = f"added {_some(found)}" if found else "already there"
                self.say(f"{said}; {wrong}" if wrong else said, "warn" if wrong else "text")

            if accepted and self._keeps():
                self._change(lambda: self.watchlists.add(self.view.list_name, accepted), added)
            elif wrong:
                self.say(wrong, "warn")

        self.ask("Add", answered, placeholder="IWM, QQQS ^RUT")

    def action_remove(self) -> None:
        """Remove the marked rows, or the cursor's; `u` brings them back."""
        gone = self.chosen()
        if not gone or not self._keeps():
            return

        def removed(_: object) -> None:
            self.view.marks = frozenset()
            self.say(f"removed {_some(gone)}; u brings it back")

        self._change(lambda: self.watchlists.remove(self.view.list_name, *gone), removed)

    def action_undo(self) -> None:
        """Take back the last change of a list."""
        self._change(self.watchlists.undo, lambda said: self.say(f"undone: {said}" if said else "nothing to undo"))

    def action_benchmark(self) -> None:
        """Choose the benchmark: any symbol."""
        view = self.view
        names = dict.fromkeys((view.benchmark, *COMMON_BENCHMARKS, *view.symbols))
        options = [(name, self._name_of(name)) for name in names]

        def answered(text: str | None) -> None:
            accepted, rejected = parse_symbols(text or "")
            if rejected:
                self.say(f"not a symbol: {rejected[0]}", "warn")
            if accepted:
                view.benchmark = accepted[0]
                self.follow()
                self.page.tick()

        self.choose("Benchmark", options, answered, current=view.benchmark, free=True)

    def action_new_list(self) -> None:
        """Ask for a name and make an empty list."""

        def answered(text: str | None) -> None:
            if name := (text or "").strip():
                self._change(
                    lambda: self.watchlists.create(name, (), self.view.benchmark),
                    lambda _: self._show_new(name),
                )

        self.ask("New list", answered, placeholder="Small caps")

    def _show_new(self, name: str) -> None:
        self.show_list(name)
        self.say("a adds symbols")

    def action_rename_list(self) -> None:
        """Ask for another name of the list that is shown."""
        old = self.view.list_name

        def answered(text: str | None) -> None:
            name = (text or "").strip()
            if name and self._keeps():
                self._change(lambda: self.watchlists.rename(old, name), lambda _: self.show_list(name))

        self.ask("Rename", answered, value=old)

    def action_delete_list(self) -> None:
        """Delete the list that is shown; `u` brings it back."""
        name = self.view.list_name
        if self._keeps():
            self._change(lambda: self.watchlists.delete(name), lambda _: self.say(f"deleted {name}; u brings it back"))

    def _name_of(self, symbol: str) -> str:
        return (self.board.row(symbol).name or "") if self.ready else ""

    def _keeps(self) -> bool:
        """Whether the list that is shown is one of the user's lists."""
        if self.view.list_name in self.watchlists.names():
            return True
        self.say("these symbols come from --symbols and are no list; w shows the lists", "warn")
        return False

    def _reload(self) -> None:
        names = self.watchlists.names()
        if self.view.list_name not in names and names:
            self.show_list(names[0])
        else:
            self.view.symbols = self.watchlists.get(self.view.list_name).symbols
            self.follow()

    def _change(self, work: Callable[[], T], then: Callable[[T], object]) -> None:
        """Change the lists on disk off the loop, one change after the other, then show it.

        What fails (a read-only home, a broken file) is one message.
        """

        async def change() -> None:
            async with self.changing:
                try:
                    result = await asyncio.to_thread(work)
                except WatchlistError as error:
                    self.say(str(error), "error")
                    return
            self._reload()
            then(result)

        self.run_worker(change(), group="lists")


def _some(symbols: Sequence[str]) -> str:
    return ", ".join(symbols[:8]) + (" …" if len(symbols) > 8 else "")

"""What the app does with watchlists: show, add to, remove from, undo, choose a benchmark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.screens.ask import Ask
from tui.screens.choose import Choose
from tui.watchlists import WatchlistError, parse_symbols

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.app import Outpace

    Base = Outpace
else:
    Base = object

COMMON_BENCHMARKS = ("SPY", "IWM", "QQQ", "^GSPC", "^RUT", "^IXIC")


class ListActions(Base):  # type: ignore[misc, valid-type]
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
            if not text or not text.strip():
                return
            accepted, rejected = parse_symbols(text)
            said = []
            if accepted and self._keeps():
                added = self.watchlists.add(self.view.list_name, accepted)
                self._reload()
                said.append(f"added {', '.join(added[:8])}{' …' if len(added) > 8 else ''}" if added else "already there")
            if rejected:
                said.append(f"not symbols: {', '.join(rejected[:4])}")
            self.say("; ".join(said), "warn" if rejected else "text")

        self.push_screen(Ask("Add", placeholder="IWM, QQQS ^RUT"), self._safely(answered))

    def action_remove(self) -> None:
        """Remove the marked rows, or the cursor's; `u` brings them back."""
        grid = self.page.grid()
        gone = [s for s in self.view.symbols if s in self.view.marks] or ([grid.cursor_key] if grid and grid.cursor_key else [])
        if not gone or not self._keeps():
            return

        def remove(_: str | None = None) -> None:
            for symbol in gone:
                self.watchlists.remove(self.view.list_name, symbol)
            self.view.marks = frozenset()
            self._reload()
            self.say(f"removed {', '.join(gone[:8])}; u brings it back")

        self._safely(remove)(None)

    def action_undo(self) -> None:
        """Take back the last change of a list."""

        def undo(_: str | None = None) -> None:
            said = self.watchlists.undo()
            self._reload()
            self.say(said or "nothing to undo")

        self._safely(undo)(None)

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

        self.push_screen(Choose("Benchmark", options, view.benchmark, free=True), answered)

    def action_new_list(self) -> None:
        """Ask for a name and make an empty list."""

        def answered(name: str | None) -> None:
            if name and name.strip():
                self.watchlists.create(name.strip(), (), self.view.benchmark)
                self.show_list(name.strip())
                self.say("a adds symbols")

        self.push_screen(Ask("New list", placeholder="Small caps"), self._safely(answered))

    def action_rename_list(self) -> None:
        """Ask for another name of the list that is shown."""

        def answered(name: str | None) -> None:
            if name and name.strip() and self._keeps():
                self.watchlists.rename(self.view.list_name, name.strip())
                self.show_list(name.strip())

        self.push_screen(Ask("Rename", self.view.list_name), self._safely(answered))

    def action_delete_list(self) -> None:
        """Delete the list that is shown; `u` brings it back."""

        def delete(_: str | None = None) -> None:
            name = self.view.list_name
            if self._keeps():
                self.watchlists.delete(name)
                self._reload()
                self.say(f"deleted {name}; u brings it back")

        self._safely(delete)(None)

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

    def _safely(self, change: Callable[[str | None], None]) -> Callable[[str | None], None]:
        """A change whose failure (a read-only home, a broken file) is one message."""

        def guarded(text: str | None) -> None:
            try:
                change(text)
            except WatchlistError as error:
                self.say(str(error), "error")

        return guarded

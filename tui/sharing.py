"""What leaves the app: a copy to the clipboard (OSC 52), an export to a file, a theme chosen for the next time."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from tui import export, themes
from tui.face import Face
from tui.files import reason, write_atomic
from tui.format import clean
from tui.jobs import job
from tui.rows import record


class ShareActions(Face):
    """Actions of the app that write somewhere, and the overlays that change nothing of the market."""

    def action_copy(self) -> None:
        """Copy rows as tab-separated text, the names of the columns first."""
        if not self.ready:
            return
        page = self.page
        from tui.screens.symbol import SymbolScreen

        own = page.copied()
        symbols = [page.symbol] if isinstance(page, SymbolScreen) else [name for name, _ in own] or self.chosen()
        rows = [dict(row) for _, row in own] or [
            export.flattened(record(row)) for row in self.board.rows(self.view.symbols) if row.symbol in symbols
        ]
        rows = rows or [export.flattened(record(self.board.row(symbol))) for symbol in symbols]
        if not rows:
            return
        lines = ["\t".join(rows[0]), *("\t".join(_text(value) for value in row.values()) for row in rows)]
        self.copy_to_clipboard("\n".join(lines) + "\n")
        self.say(f"copied {', '.join(symbols[:6])}{' …' if len(symbols) > 6 else ''}, if your terminal takes OSC 52")

    def action_export(self) -> None:
        """Ask for a file and write the current view to it; the ending chooses CSV, JSON or NDJSON."""
        if not self.ready:
            return
        day = f"{self.engine.source.now():%Y-%m-%d}" if self.engine else ""
        name = "".join(c if c.isalnum() or c in "-^." else "-" for c in f"outpace-{self.page.stem}-{day}.csv")

        def answered(text: str | None) -> None:
            if text and text.strip():
                self.run_worker(job(self._export, Path(text.strip()).expanduser()), group="export", exclusive=True)

        self.ask("Export to", answered, value=name)

    async def _export(self, path: Path) -> None:
        document = await self.page.document()
        if document is None:
            self.say("nothing to export yet", "warn")
            return
        try:
            text = export.render(document, export.form_of(path))
            written = await asyncio.to_thread(write_atomic, path, text, replace=False)
        except OSError as error:
            self.say(f"{clean(str(path), 60)} cannot be written: {reason(error)}", "error")
        except ValueError as error:
            self.say(str(error), "error")
        else:
            name = clean(str(path), 90)
            if written:
                self.say(f"written {name}")
            else:
                self.say(f"{name} is there already; choose another name", "warn")

    def action_theme(self) -> None:
        """Choose a theme; it is shown as the highlight moves, and Esc takes the old one back."""
        before = self.theme
        options = [(name, palette.description) for name, palette in self.palettes.items()]

        def answered(name: str | None) -> None:
            self.set_theme(name or before)
            if name:
                self.say(f'to keep it, write theme = "{name}" in {clean(str(self.paths.config_file), 70)}')

        self.choose("Theme", options, answered, current=before, preview=self.set_theme)

    def set_theme(self, name: str) -> None:
        """Use a theme; `auto` is the one that suits the terminal, an unknown one is a message."""
        if name != "auto" and name not in self.palettes:
            self.notices.append(f"there is no theme {name!r}; t shows them all")
            name = "auto"
        self.theme = themes.default_name(os.environ) if name == "auto" else name

    def action_help(self) -> None:
        """All keys."""
        from tui.screens.keys_help import KeysHelp

        if not isinstance(self.screen, KeysHelp):
            self.push_screen(KeysHelp(self.settings.keys))


def _text(value: object) -> str:
    return "" if value is None else clean(str(value), 200)

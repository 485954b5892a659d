"""Imports point one way, each library has one owner, and the engine runs without a face."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "tui").rglob("*.py"))

LAYER = {
    "model": 0,
    "model_drivers": 0,
    "format": 0,
    "typed": 0,
    "format_bars": 1,
    "files": 0,
    "runtime": 0,
    "sweep": 0,
    "toml_lines": 0,
    "keys": 0,
    "jobs": 0,
    "sessions_table": 0,
    "sessions": 1,
    "sessions_lacking": 2,
    "sectors": 1,
    "symbology": 1,
    "config_chain": 2,
    "config_template": 2,
    "config": 2,
    "watchlists_text": 2,
    "watchlists_check": 2,
    "watchlists_undo": 2,
    "watchlists": 2,
    "themes": 2,
    "logs": 2,
    "alert_quiet": 1,
    "alerts": 2,
    "alerts_file": 4,
    "alert_actions": 2,
    "alert_log": 2,
    "alert_state": 3,
    "alert_prefill": 5,
    "alert_desk": 8,
    "alert_watch": 12,
    "sources": 3,
    "store": 3,
    "analytics": 3,
    "rows": 4,
    "saved_events": 4,
    "view": 4,
    "loader": 4,
    "loader_steps": 4,
    "kept_bars": 4,
    "last_known": 4,
    "shared_book": 4,
    "shared_feed": 5,
    "engine": 5,
    "board": 6,
    "detail": 6,
    "columns": 6,
    "export": 6,
    "desk": 7,
    "fund_lists": 6,
    "fund_columns": 7,
    "studies": 7,
    "volume_columns": 8,
    "assembly": 8,
    "assembly_tape": 8,
    "startview": 6,
    "documents": 8,
    "widgets": 8,
    "panels": 9,
    "screens": 10,
    "face": 11,
    "commands": 11,
    "frames": 12,
    "consent": 12,
    "journey": 12,
    "lists": 12,
    "sharing": 12,
    "thrift": 12,
    "terminal": 11,
    "link": 11,
    "app": 13,
    "verbs": 13,
    "cli": 14,
    "__main__": 15,
    "": 0,
}
"""A module imports from its own layer or a lower one."""

OWNERS = {
    "httpx": {"sources"},
    "websockets": {"sources"},
    "stamina": {"sources"},
    "aiolimiter": {"sources"},
    "polars": {"analytics", "store"},
    "plotext": {"widgets/chart"},
    "textual": {
        "widgets",
        "panels",
        "screens",
        "app",
        "face",
        "frames",
        "consent",
        "journey",
        "commands",
        "lists",
        "sharing",
        "terminal",
        "link",
        "themes",
    },
    "lark": {"analytics/events"},
    "tomlkit": {
        "alerts_file",
        "saved_events",
        "watchlists",
        "watchlists_text",
        "watchlists_check",
        "watchlists_undo",
        "config",
        "config_template",
        "toml_lines",
    },
    "platformdirs": {"config"},
    "python_calamine": {"sources/holdings/ssga"},
    "xml": {"sources/holdings/nport", "sources/drivers/treasury"},
}
"""Who may import a library."""

FORBIDDEN = {
    "widgets": {"model", "sources", "store", "analytics", "engine", "board", "rows"},
    "panels": {"sources"},
    "analytics": {"sources", "store", "engine"},
    "sources": {"store", "analytics", "engine"},
    "store": {"analytics", "engine"},
}
"""What a room must not know of, even where the layers would allow it."""


def room(path: Path) -> str:
    """First part of a file's name under tui/: `widgets`, `app`."""
    relative = path.relative_to(ROOT / "tui").with_suffix("")
    return "" if relative.parts == ("__init__",) else relative.parts[0]


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Full names of the modules that a file imports, those for type checking left out."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and isinstance(block.test, ast.Name) and block.test.id == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: a relative import"
            assert node.module is not None
            if node.module == "tui":
                yield from (f"tui.{alias.name}" for alias in node.names)
            else:
                yield node.module


def ours(name: str) -> str | None:
    """The room of one of our modules, None for others'."""
    parts = name.split(".")
    if parts[0] != "tui":
        return None
    return parts[1] if len(parts) > 1 and parts[1] in LAYER else ""


def place(path: Path) -> str:
    """A file's name under tui/ without its ending: `widgets/chart`."""
    return path.relative_to(ROOT / "tui").with_suffix("").as_posix()


def owned(path: Path, owners: set[str]) -> bool:
    return any(place(path) == owner or place(path).startswith((f"{owner}/", f"{owner}_")) for owner in owners)


def test_every_file_imports_only_from_its_layer_or_below() -> None:
    above = {
        f"{place(path)} imports {name}"
        for path in FILES
        for name in imports(path)
        if (other := ours(name)) is not None and LAYER[other] > LAYER[room(path)]
    }
    assert above == set()


def test_every_file_knows_only_the_rooms_it_may() -> None:
    known = {
        f"{place(path)} imports {name}"
        for path in FILES
        for name in imports(path)
        if ours(name) in FORBIDDEN.get(room(path), set())
    }
    assert known == set()


def test_every_library_is_imported_by_its_owners_alone() -> None:
    borrowed = {
        f"{place(path)} imports {name}, which belongs to {', '.join(sorted(owners))}"
        for path in FILES
        for name in imports(path)
        if (owners := OWNERS.get(name.split(".")[0])) is not None and not owned(path, owners)
    }
    assert borrowed == set()


def loaded_by(statement: str) -> set[str]:
    """Top-level modules in memory after a statement, in a process of its own."""
    script = f"{statement}\nimport sys\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.split())


def test_the_engine_runs_without_textual() -> None:
    assert "textual" not in loaded_by(
        "import tui.engine, tui.board, tui.assembly, tui.documents.monitor, tui.documents.funds, tui.documents.symbol"
    )


def test_the_app_starts_without_what_is_heavy() -> None:
    assert loaded_by("import tui.app") & {"polars", "plotext", "httpx"} == set()


def test_the_version_needs_nothing_heavy() -> None:
    loaded = loaded_by("from tui.cli import main; main(['--version'])")
    assert loaded & {"textual", "polars", "plotext", "httpx", "msgspec", "tomlkit", "platformdirs"} == set()


def test_the_help_needs_no_screen_and_no_history() -> None:
    loaded = loaded_by("from tui.cli import parser; parser().format_help()")
    assert loaded & {"textual", "polars", "plotext", "httpx"} == set()


def test_the_screen_starts_without_what_other_commands_need() -> None:
    script = "from tui.cli import parser; import sys; parser().parse_args(['demo']); print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    verbs = {name for name in done.stdout.split() if name.startswith("tui.verbs.")}
    assert verbs == {"tui.verbs.parser"}


def test_the_app_stays_thin() -> None:
    assert len((ROOT / "tui" / "app.py").read_text(encoding="utf-8").splitlines()) < 350

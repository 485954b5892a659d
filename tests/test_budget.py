"""Budgets that are counts: what a quick command imports, how long files are, and words that have no place here."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import readme
from tests.pictures.keys_table import keys_table

ROOT = Path(__file__).parents[1]
KEPT_OUT = {"__pycache__", "__snapshots__", "build", "dist", "node_modules"}

MODULES = 45
"""Modules beyond those of a bare Python that `--version` may import; each is a fraction of a millisecond."""
HEAVY = {"asyncio", "textual", "rich", "polars", "httpx", "plotext", "msgspec", "tomlkit", "numpy", "tui.config"}

LINES = 300
LONG = {
    "tui/sessions_table.py": "a table made at release time",
    "tui/config.py": "every setting with its type, its meaning and its check in one place",
    "tui/sources/yahoo_wire.py": "every answer of one provider, from bytes to our model",
    "tui/widgets/chart_plan.py": "one picture, from numbers to places on a canvas",
    "tui/watchlists.py": "one class over one file; its parts are apart already",
    "tui/widgets/chart.py": "the one owner of plotext",
    "tui/widgets/grid.py": "one widget: what it draws and how it moves belong together",
    "tui/app.py": "the face's own actions, each of a few lines",
    "tui/link/driver.py": "one seam: the whole of what stands between Textual and a terminal",
    "tui/link/encode.py": "one search: the shortest bytes from one screen to another",
    "tui/store/holdings.py": "one store: what is written and read belong together",
}
"""Files longer than `LINES`, and why."""

# Put together here, so that this file does not hold them itself.
PLACES = re.compile(r"(?<![\w.])/" + r"(?:work|root)/")
REGISTRIES = re.compile(
    r"(?i)" + "|".join(("pypi" + r"\.", "python" + "hosted", "npm" + "js", "--(?:extra-)?index" + "-url"))
)


def texts() -> Iterator[tuple[str, str]]:
    """Every text file of the tree by its path."""
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") and part not in {".ci", ".gitignore"} for part in parts)
        if hidden or KEPT_OUT & set(parts) or not path.is_file():
            continue
        try:
            yield "/".join(parts), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def imported(code: str) -> set[str]:
    """The modules that are loaded after some code."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
    )
    return set(done.stdout.splitlines()[-1].split())


def test_version_imports_next_to_nothing() -> None:
    bare = imported("")
    extra = imported("from tui.cli import main\nassert main(['--version']) == 0") - bare
    assert "tui.cli" in extra
    assert not HEAVY & extra
    assert len(extra) <= MODULES, sorted(extra)


def test_help_imports_no_face_no_frames_and_no_network() -> None:
    code = "from tui.cli import parser\nparser().format_help()"
    assert not {"textual", "polars", "httpx", "plotext"} & imported(code)


def test_files_are_short_or_listed_with_a_reason() -> None:
    long = {name for name, text in texts() if name.startswith("tui/") and name.endswith(".py") and _lines(text) > LINES}
    unlisted = sorted(long - set(LONG))
    assert not unlisted, f"over {LINES} lines: split them, or list them with a reason: {unlisted}"


def _lines(text: str) -> int:
    return len(text.splitlines())


@pytest.mark.parametrize("pattern", [PLACES, REGISTRIES], ids=["places", "registries"])
def test_nothing_names_a_place_of_one_machine_or_a_registry(pattern: re.Pattern[str]) -> None:
    found = {
        f"{name}:{number}: {line.strip()[:80]}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    }
    assert not found, "\n".join(sorted(found))


def test_the_readme_has_the_table_of_keys() -> None:
    assert readme.parts("keys")[1] == keys_table(), "run: python -m tests.pictures.keys_table --write"

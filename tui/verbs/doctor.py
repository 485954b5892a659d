"""`outpace doctor`: paths, terminal, sources, and what works, a line each; changes nothing and asks no one.

With `--probe`, each source is asked once, politely, whether it works.
"""

import argparse
import asyncio
import contextlib
import locale
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tui import __version__, themes
from tui.assembly import history_root
from tui.config import Paths, Settings
from tui.format import clean
from tui.watchlists import Watchlists

OK, BAD = 0, 4
LIBRARIES = ("textual", "polars", "plotext", "httpx", "msgspec", "tomlkit")

Finding = tuple[bool, str, str]
"""Whether it is well, what was looked at, and what was found."""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the flag to the command."""
    parser.add_argument("--probe", action="store_true", help="also ask each source once whether it works")


def run(settings: Settings, paths: Paths, watchlists: Watchlists, *, probe: bool = False) -> int:
    """Print the findings; 4 when something needs attention."""
    well = True
    for finding in findings(settings, paths, watchlists):
        well = _say(finding) and well
    if probe:
        well = asyncio.run(_probe(settings, paths)) and well
    return OK if well else BAD


def _say(finding: Finding) -> bool:
    """Print a finding; whether it is well."""
    fine, what, found = finding
    print(f"{'ok ' if fine else '!! '} {what:<12} {clean(found, 200)}", flush=True)
    return fine


async def _probe(settings: Settings, paths: Paths) -> bool:
    """Ask each source, one after the other, and say at once what came of it; whether all is well."""
    from tui.verbs.doctor_probe import Probes, probe

    probes, well = Probes(settings, paths), True
    try:
        if probes.problem:
            well = _say((False, "keys", probes.problem))
        for name in probes.without_keys():
            _say((True, name, "not asked: it wants a key of yours, and there is none"))
        async with contextlib.aclosing(probe(probes.all())) as findings:
            async for finding in findings:
                well = _say(finding) and well
    finally:
        await probes.aclose()
    return well


def findings(settings: Settings, paths: Paths, watchlists: Watchlists) -> Iterator[Finding]:
    """Everything that is looked at."""
    from importlib.metadata import version

    yield True, "outpace", f"{__version__}, Python {platform.python_version()}, {platform.system()}"
    yield True, "libraries", ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    for what, folder in (
        ("config", paths.config_dir),
        ("data", paths.data_dir),
        ("cache", paths.cache_dir),
        ("log", paths.state_dir),
    ):
        yield _folder(what, folder)
    yield _checked(
        "lists", lambda: f"{len(watchlists.names())}: {', '.join(watchlists.names())}", watchlists.problem or ""
    )
    yield _checked("history", lambda: _history(settings, paths))
    palettes, broken = themes.load_all(paths.config_dir / "themes")
    yield not broken, "themes", "; ".join(broken) or ", ".join(palettes)
    yield True, "source", settings.source
    yield from _terminal()


def _folder(what: str, folder: Path) -> Finding:
    """Whether a folder is there and can be written."""
    at = next((each for each in (folder, *folder.parents) if each.exists()), folder)
    if at.is_dir() and os.access(at, os.W_OK):
        return True, what, str(folder) if folder.exists() else f"{folder} (made when first needed)"
    return False, what, f"{folder} cannot be written: nothing will be kept"


def _checked(what: str, look: Callable[[], str], problem: str = "") -> Finding:
    try:
        found = look()
    except Exception as error:  # noqa: BLE001 (a doctor reports whatever is wrong)
        return False, what, str(error)
    return not problem, what, problem or found


def _history(settings: Settings, paths: Paths) -> str:
    from tui.store.history import History

    spans = History(history_root(settings, paths)).spans()
    if not spans:
        return "nothing stored yet: outpace history import PATH"
    last = max(span.last for span in spans.values())
    return f"{len(spans)} symbols, {sum(span.rows for span in spans.values()):,} sessions, the last {last}"


def _terminal() -> Iterator[Finding]:
    size = shutil.get_terminal_size()
    env = os.environ
    link = "over SSH" if env.get("SSH_CONNECTION") or env.get("SSH_TTY") else "local"
    fits = size.columns >= 40 and size.lines >= 8
    text = (
        f"{env.get('TERM', 'TERM is not set')}, {size.columns}x{size.lines}, {link}, theme {themes.default_name(env)}"
    )
    yield fits, "terminal", text if fits else f"{text}: too small, 40x8 is the least"
    encoding = (sys.stdout.encoding or locale.getpreferredencoding(False)).lower()
    utf8 = "utf" in encoding
    yield utf8, "encoding", encoding if utf8 else f"{encoding}: set a UTF-8 locale, for example LANG=C.UTF-8"
    depth = (
        "true colour" if env.get("COLORTERM") in {"truecolor", "24bit"} else "16 or 256 colours (COLORTERM is not set)"
    )
    yield True, "colours", "none (NO_COLOR is set)" if env.get("NO_COLOR") else depth

"""The command line. Textual, polars and httpx are imported only when a command needs them."""

import argparse
import errno
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui import __version__

if TYPE_CHECKING:
    from tui.assembly import Assembly
    from tui.config import Paths, Settings
    from tui.watchlists import Watchlists

FAILED, USAGE, NO_DATA, HUNG_UP, INTERRUPTED = 1, 2, 3, 129, 130

VERBS = (
    ("show", "print a view once, for scripts"),
    ("history", "import, list and check the local history of prices"),
    ("holdings", "import, list and check what funds hold"),
    ("lists", "print the watchlists"),
    ("alerts", "list, add, remove and test alerts, and see what rang"),
    ("doctor", "paths, sources, terminal: what works"),
)
"""Name and what it is, of those that open no screen; each has its file in `verbs/`."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; the exit code is 0, 1 unexpected, 2 usage or config, 3 no data, 4 partial or stale, 130."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words == ["--version"]:
        print(f"outpace {__version__}")
        return 0
    args = parser().parse_args(words)
    code = HUNG_UP
    try:
        code = _run(args)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read has read enough.
        _silence()
        return 0
    except OSError as error:
        if error.errno != errno.EIO or not _terminal_is_gone():
            raise
        _silence()  # the terminal has gone, also for what is still to be said
        os.dup2(sys.stdout.fileno(), sys.stderr.fileno())
    return code


def _terminal_is_gone() -> bool:
    """Whether a terminal is no longer at the other end; a disk that can't be read fails with the same number."""
    import termios

    for descriptor in (0, 1, 2):
        try:
            termios.tcgetattr(descriptor)
        except termios.error as error:
            if error.args[0] == errno.EIO:
                return True
    return False


def _silence() -> None:
    """Nobody reads any more: Python would complain when it writes the rest at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def parser() -> argparse.ArgumentParser:
    """The whole grammar of the command line; what belongs to one command is asked of its file."""
    from tui.verbs.parser import LateParser, shared_flags

    common = shared_flags()
    top = argparse.ArgumentParser(
        prog="outpace",
        description="A market monitor in the terminal: what is outpacing what, on how much volume.",
        parents=[common],
    )
    top.add_argument("--version", action="version", version=f"outpace {__version__}")
    verbs = top.add_subparsers(dest="verb", metavar="COMMAND", parser_class=LateParser)
    demo = verbs.add_parser("demo", parents=[common], help="a simulated market, without a network")
    demo.add_argument("--speed", type=float, metavar="N", help="times faster than life (default 1)")
    replay = verbs.add_parser("replay", parents=[common], help="play past sessions from a folder of bars")
    replay.add_argument("folder", metavar="DIR", help="daily bars, and five-minute bars where there are some")
    replay.add_argument("--date", metavar="D", help="the session to begin with, as 2024-07-12")
    replay.add_argument("--speed", type=float, metavar="N", help="times faster than life (default 60)")
    record = verbs.add_parser("record", parents=[common], help="live, and keep all raw answers for a bug report")
    record.add_argument("folder", metavar="DIR", help="where to; play it with: outpace replay DIR")
    for name, about in VERBS:
        verbs.add_parser(name, file=f"tui.verbs.{name}", help=about)
    return top


def _run(args: argparse.Namespace) -> int:
    from tui import config, logs
    from tui.watchlists import WatchlistError, Watchlists

    paths = config.Paths.find(os.environ)
    try:
        settings = config.load(_flags(args), os.environ, paths)
    except config.ConfigError as error:
        return _fail(str(error), USAGE)
    notices = [note for note in (config.first_run(paths), logs.start(paths.state_dir)) if note]
    watchlists = Watchlists(paths.lists_file)
    try:
        watchlists.load()
    except WatchlistError as error:
        notices.append(str(error))
    match args.verb:
        case "history":
            from tui.assembly import history_root
            from tui.verbs import history

            return history.run(args, history_root(settings, paths))
        case "holdings":
            from tui.assembly import history_root
            from tui.verbs import holdings

            return holdings.run(args, history_root(settings, paths))
        case "lists":
            from tui.verbs import lists

            return lists.run(args, watchlists, notices)
        case "alerts":
            from tui.verbs import alerts

            return alerts.run(args, paths)
        case "doctor":
            from tui.verbs import doctor

            return doctor.run(settings, paths, watchlists, probe=args.probe)
        case "show":
            return _show(args, settings, paths, watchlists, notices)
        case _:
            return _screen(settings, paths, watchlists, notices)


def _flags(args: argparse.Namespace) -> dict[str, object]:
    """The given flags by the names of the settings; a command that is a source says so."""
    flags = vars(args).copy()
    if args.verb == "demo":
        flags["source"] = "demo"
    elif args.verb == "record":
        flags["source"], flags["record"] = "yahoo", args.folder
    elif args.verb == "replay":
        flags["source"] = f"replay:{args.folder}"
        flags["as_of"] = args.date or flags.get("as_of")
    return flags


def _show(
    args: argparse.Namespace, settings: "Settings", paths: "Paths", watchlists: "Watchlists", notices: Sequence[str]
) -> int:
    from tui.assembly import SpecError
    from tui.model import DataError
    from tui.sources.base import NoDataError, SourceError
    from tui.startview import first_view
    from tui.verbs import show

    for notice in notices:
        print(f"outpace: {notice}", file=sys.stderr)
    view, note = first_view(settings, watchlists)
    if note:
        return _fail(note, USAGE)
    try:
        return show.run(args, settings, paths, view)
    except SpecError as error:
        return _fail(str(error), USAGE)
    except NoDataError as error:
        return _fail(str(error), NO_DATA)
    except SourceError as error:
        return _fail(str(error), FAILED)
    except DataError as error:
        return _fail(str(error), NO_DATA)


def _screen(settings: "Settings", paths: "Paths", watchlists: "Watchlists", notices: list[str]) -> int:
    """Open the monitor."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return _fail("the screen needs a terminal; for scripts there is: outpace show monitor --format json", USAGE)
    from tui import runtime
    from tui.keys import keymap

    try:
        keymap(settings.keys)
    except ValueError as error:
        return _fail(f"{paths.config_file}: {error}", USAGE)
    with runtime.starting():
        from tui.app import Outpace

    def assembled(symbols: Sequence[str], benchmark: str) -> "Assembly":
        # Imported where it runs: in a thread, after the first paint.
        from tui.assembly import assemble

        return assemble(settings, paths, symbols, benchmark)

    app = Outpace(settings, paths, watchlists, assembled, notices)
    return runtime.run(app)


def _fail(message: str, code: int) -> int:
    print(f"outpace: {message}", file=sys.stderr)
    return code

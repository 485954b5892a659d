"""`outpace history import | list | check`: the local history from the command line.

polars and the store are imported when a command runs, so that `--help` stays quick.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tui.verbs.output import FAILED, FORMATS, NO_DATA, OK, PARTIAL, USAGE, count, say, show, write

if TYPE_CHECKING:
    from tui.store.dialects import Parsed
    from tui.store.writer import Writer

Step = Callable[[str, int, int], None]
"""Told (what is done, steps done, steps in all)."""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the three actions to the command."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    importing = actions.add_parser(
        "import",
        help="store the bars of CSV and Parquet files",
        description="Store the bars of CSV and Parquet files. The form of each file is recognised by its header: "
        "date,open,high,low,close,adj_close,volume; Yahoo's and yfinance's CSV; FRED's; date,value; long Parquet; "
        "five-minute bars. The Treasury's yields (CSV, XML), FRED's API, the SEC's daily index (form.DATE.idx), and "
        "your own fundamentals (symbol,market_cap,sales,...) and estimates (symbol,period,growth,...) too. Where no column names the symbol, the file's name does: SPY.csv. "
        "All bars go in at once, or, when interrupted, none.",
        epilog="Exit code 4: some files could not be read, the others went in. 3: there was nothing to import.",
    )
    importing.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file, or a folder to search through")
    importing.add_argument("--symbol", metavar="S", help="the symbol of the one file given, whatever its name")
    importing.add_argument(
        "--drop-partial", action="store_true", help="leave out a last bar that looks like a part of its session"
    )

    listing = actions.add_parser("list", help="what is stored: symbols, first and last session, rows")
    listing.add_argument("--format", choices=FORMATS, default="table")

    checking = actions.add_parser(
        "check",
        help="look for gaps, duplicates, impossible bars, jumps without a split and long flat runs",
        epilog="Findings are not a failure: the exit code is 0 with and without them.",
    )
    checking.add_argument("symbols", nargs="*", metavar="SYMBOL", help="all that is stored when none is given")
    checking.add_argument("--format", choices=FORMATS, default="table")


def run(args: argparse.Namespace, history_root: Path) -> int:
    """Run the action that was asked for; the exit code is one of the design's."""
    from tui.store.history import HistoryError

    actions = {"import": _import, "list": _list, "check": _check}
    try:
        return actions[args.action](args, history_root)
    except HistoryError as error:
        say(str(error))
        return FAILED


def _import(args: argparse.Namespace, root: Path) -> int:
    from tui.store.dialects import DialectError, read
    from tui.store.drivers import DriverStores
    from tui.store.history import History

    files, missing = _files(args.paths)
    if args.symbol and len(files) + len(missing) > 1:
        say(f"--symbol is for one file, and there are {len(files)}")
        return USAGE
    messages = [f"{path}: no such file or folder" for path in missing]
    failures, imported = len(missing), 0
    besides: list[Parsed] = []
    with _progress() as step:
        writer = History(root).writing(lambda done, total: step("writing years", done, total))
        with writer:
            for number, path in enumerate(files):
                step("reading files", number, len(files))
                try:
                    parsed = read(path, args.symbol, drop_partial=args.drop_partial)
                except DialectError as error:
                    failures += 1
                    messages.append(f"{path}: {error}")
                    continue
                imported += 1
                messages += [f"{path}: {note}" for note in parsed.notes]
                if _give(writer, parsed):
                    besides.append(parsed)
            step("reading files", len(files), len(files))
    for message in messages:
        say(message)
    if not imported:
        say("nothing was imported" if failures else "nothing to import: no CSV or Parquet file there")
        return NO_DATA
    done = writer.written
    write(
        f"{count(len(done.symbols), 'symbol')} from {count(imported, 'file')}: "
        f"{count(done.added, 'row')} added, {done.changed:,} changed\n"
    )
    for line in DriverStores.at(root).take(besides):
        write(f"{line}\n")
    if failures:
        write(f"{count(failures, 'file')} could not be read\n")
    return PARTIAL if failures else OK


def _list(args: argparse.Namespace, root: Path) -> int:
    from tui.store.history import History

    history = History(root)
    daily, intraday = history.spans(), history.intraday_spans()
    names = {each.symbol: each.name for each in history.instruments(daily)}
    columns = ("symbol", "name", "first", "last", "rows", "intraday_first", "intraday_last", "intraday_rows")
    rows: list[tuple[object, ...]] = []
    for symbol in sorted(daily.keys() | intraday.keys()):
        spans = [(s.first, s.last, s.rows) if s else (None,) * 3 for s in (daily.get(symbol), intraday.get(symbol))]
        rows.append((symbol, names.get(symbol), *spans[0], *spans[1]))
    if args.format != "table" or rows:
        show(args.format, columns, rows)
    if not rows:
        say(f"no history in {root}: outpace history import PATH")
        return NO_DATA
    return OK


def _check(args: argparse.Namespace, root: Path) -> int:
    from tui.store.check import findings
    from tui.store.history import History

    history = History(root)
    stored = history.symbols()
    wanted = list(dict.fromkeys(symbol.upper() for symbol in args.symbols)) or stored
    unknown = sorted(set(wanted) - set(stored))
    for symbol in unknown:
        say(f"{symbol}: no daily bars are stored")
    known = [symbol for symbol in wanted if symbol not in unknown]
    if not known:
        if not unknown:
            say(f"no history in {root}: outpace history import PATH")
        return NO_DATA
    with _progress() as step:
        found = list(findings(history, known, lambda done: step("checking symbols", done, len(known))))
    rows = [(each.symbol, each.trouble.value, each.first, each.last, each.detail) for each in found]
    if args.format != "table" or rows:
        show(args.format, ("symbol", "trouble", "first", "last", "detail"), rows)
    if args.format == "table":
        say(f"{count(len(rows), 'finding')} in {count(len(known), 'symbol')}")
    return PARTIAL if unknown else OK


def _give(writer: "Writer", parsed: "Parsed") -> bool:
    """Give the bars of a file to the history; whether it holds anything else."""
    if parsed.daily is not None:
        writer.daily(parsed.daily)
    if parsed.intraday is not None:
        writer.intraday(parsed.intraday)
    return bool(parsed.series or parsed.fundamentals or parsed.estimates or parsed.filings)


def _files(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """The files to read, each once and in a settled order, and the paths that are not there."""
    from tui.store.dialects import is_ours

    files: dict[Path, None] = {}
    missing = []
    for path in paths:
        if path.is_dir():
            inside = (each for each in sorted(path.rglob("*")) if each.is_file() and not each.name.startswith("."))
            files |= dict.fromkeys(each for each in inside if is_ours(each))
        elif path.exists():
            files[path] = None
        else:
            missing.append(path)
    return list(files), missing


@contextmanager
def _progress() -> Iterator[Step]:
    """A bar on stderr, when that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _what, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import Progress, TaskID

    with Progress(console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def step(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what)
            bar.update(tasks[what], completed=done, total=total)

        yield step

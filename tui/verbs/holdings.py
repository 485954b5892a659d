"""`outpace holdings import | list | check`: what funds hold, from the command line.

polars and the parsers are imported when a command runs, so that `--help` stays quick.
"""

import argparse
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tui.verbs.output import FAILED, FORMATS, NO_DATA, OK, PARTIAL, USAGE, count, say, show, write

if TYPE_CHECKING:
    from tui.model import Fund
    from tui.store.holdings import Holdings

LARGEST = 64 * 2**20
"""Bytes of a file that is read at all."""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the three actions to the command."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    importing = actions.add_parser(
        "import",
        help="store the holdings in issuers' files, or in a list of your own",
        description="Store the holdings in files of iShares (CSV), SSGA (XLSX), Invesco (JSON), the SEC (N-PORT), Yahoo "
        "(topHoldings), or in a CSV of your own with the columns symbol and weight or market_value. The form of each file "
        "is recognised by its content. A list of the S&P 500 with its sectors fills in those that other files leave out.",
        epilog="Exit code 4: some files could not be stored, the others were. 3: none was. What was stored before stays.",
    )
    importing.add_argument("paths", nargs="+", type=Path, metavar="FILE", help="a file, or a folder to search through")
    importing.add_argument("--fund", metavar="SYMBOL", help="the fund, where the file does not say it")
    importing.add_argument(
        "--as-of", type=date.fromisoformat, metavar="DATE", help="the day, where the file does not say it"
    )
    importing.add_argument(
        "--force", action="store_true", help="store a list even if it is much shorter than the last one"
    )

    listing = actions.add_parser("list", help="what is stored: funds, dates, positions, sources")
    listing.add_argument("--format", choices=FORMATS, default="table")

    checking = actions.add_parser(
        "check",
        help="look for wrong weights, doubles, missing sectors and tickers, and old lists",
        epilog="Findings are not a failure: the exit code is 0 with and without them.",
    )
    checking.add_argument("symbols", nargs="*", metavar="FUND", help="all that are stored when none is given")
    checking.add_argument("--format", choices=FORMATS, default="table")


def run(args: argparse.Namespace, history_root: Path, today: date | None = None) -> int:
    """Run the action that was asked for; the exit code is one of the design's. `today` is what ages are measured by."""
    from tui.store.schema import HistoryError

    try:
        if args.action == "import":
            return _import(args, history_root)
        if args.action == "list":
            return _list(args, history_root)
        return _check(args, history_root, today or datetime.now(UTC).date())
    except HistoryError as error:
        say(str(error))
        return FAILED


def _import(args: argparse.Namespace, root: Path) -> int:
    from tui.sources.base import SourceError
    from tui.store.holdings import Holdings
    from tui.store.schema import HistoryError
    from tui.symbology import canonical

    fund = canonical(args.fund) if args.fund else None
    if args.fund and fund is None:
        say(f"--fund {args.fund}: not a symbol")
        return USAGE
    files, missing = _files(args.paths)
    if args.as_of and len(files) > 1:
        say(f"--as-of is for one file, and there are {len(files)}")
        return USAGE
    for path in missing:
        say(f"{path}: no such file or folder")
    store, failures, imported = Holdings(root), len(missing), 0
    for path in files:
        try:
            message = _store(store, path, fund, args.as_of, force=args.force)
        except (SourceError, HistoryError, OSError) as error:
            failures += 1
            say(f"{path}: {(error.strerror or error) if isinstance(error, OSError) else error}")
            continue
        imported += 1
        write(f"{message}\n")
    if not imported:
        say("nothing was imported" if failures else "nothing to import: no CSV, JSON, XLSX or XML file there")
        return NO_DATA
    if failures:
        write(f"{count(failures, 'file')} could not be stored\n")
    return PARTIAL if failures else OK


def _store(store: "Holdings", path: Path, fund: str | None, as_of: date | None, *, force: bool) -> str:
    """Read one file and store what it holds; returns what to tell the user.

    Raises:
        SourceError: the file cannot be understood.
        HistoryError: its list cannot be stored, or is worse than the one that is.
        OSError: the file cannot be read.
    """
    from tui.model import AssetClass
    from tui.sources.base import MalformedError

    if path.stat().st_size > LARGEST:
        raise MalformedError(f"more than {LARGEST // 2**20} MB: that is no list of holdings")
    parsed = _read(path, fund, as_of)
    if isinstance(parsed, dict):
        return f"{count(store.learn(parsed), 'sector')} learned, of {len(parsed):,}"
    new = store.save(parsed, force=force)
    shares = sum(each.asset_class is AssetClass.EQUITY for each in parsed.holdings)
    told = f"{count(len(parsed.holdings), 'position')}, {count(shares, 'share')} among them"
    state = "" if new else "; stored already"
    part = "; only a part of the list" if parsed.partial else ""
    return f"{parsed.symbol} {parsed.as_of}, from {parsed.source}: {told}{part}{state}"


def _read(path: Path, fund: str | None, as_of: date | None) -> "Fund | dict[str, tuple[str, str]]":
    """What is in a file; where it is silent, the command line, its name, and at last its time of change say the rest."""
    from tui.sources.holdings.base import UndatedError, UnnamedError
    from tui.sources.holdings.dialects import hints, parse

    payload = path.read_bytes()
    named, dated = hints(path.stem)
    while True:
        try:
            return parse(payload, fund, as_of)
        except UnnamedError:
            if named is None or fund is not None:
                raise
            fund = named
        except UndatedError:
            if as_of is not None:
                raise
            as_of = dated or datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
            told = "its name says" if dated else "it was last changed on"
            say(f"{path}: no date in the file; {told} {as_of}, which is taken (--as-of DATE says another)")


def _list(args: argparse.Namespace, root: Path) -> int:
    from tui.model import AssetClass
    from tui.store.holdings import Holdings

    store = Holdings(root)
    columns = ("fund", "name", "as_of", "source", "positions", "shares", "partial", "lists", "first")
    rows: list[tuple[object, ...]] = []
    for symbol in store.funds():
        fund, dates = store.latest(symbol), store.dates(symbol)
        if fund is None:  # removed while we looked
            continue
        shares = sum(each.asset_class is AssetClass.EQUITY for each in fund.holdings)
        part = "partial" if fund.partial else None
        rows.append(
            (symbol, fund.name, fund.as_of, fund.source, len(fund.holdings), shares, part, len(dates), dates[0])
        )
    if args.format != "table" or rows:
        show(args.format, columns, rows)
    return OK if rows else _nothing(root)


def _check(args: argparse.Namespace, root: Path, today: date) -> int:
    from tui.store.holdings import Holdings, fill_sectors
    from tui.store.holdings_check import examine

    store = Holdings(root)
    wanted = list(dict.fromkeys(symbol.upper() for symbol in args.symbols)) or store.funds()
    found, unknown = [], 0
    for symbol in wanted:
        fund = store.latest(symbol)
        if fund is None:
            unknown += 1
            say(f"{symbol}: no holdings are stored")
            continue
        found += examine(fill_sectors(fund, store.sectors(symbol)), today)
    if unknown == len(wanted):
        return NO_DATA if wanted else _nothing(root)
    rows = [(each.fund, each.as_of, each.trouble.value, each.detail) for each in found]
    if args.format != "table" or rows:
        show(args.format, ("fund", "as_of", "trouble", "detail"), rows)
    if args.format == "table":
        say(f"{count(len(rows), 'finding')} in {count(len(wanted) - unknown, 'fund')}")
    return PARTIAL if unknown else OK


def _nothing(root: Path) -> int:
    say(f"no holdings in {root}: outpace holdings import FILE")
    return NO_DATA


def _files(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """The files to read, each once and in a settled order, and the paths that are not there."""
    from tui.sources.holdings.dialects import SUFFIXES

    files: dict[Path, None] = {}
    missing = []
    for path in paths:
        if path.is_dir():
            inside = (each for each in sorted(path.rglob("*")) if each.suffix.lower() in SUFFIXES)
            files |= dict.fromkeys(each for each in inside if each.is_file() and not each.name.startswith("."))
        elif path.exists():
            files[path] = None
        else:
            missing.append(path)
    return list(files), missing

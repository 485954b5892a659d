"""`outpace alerts list | add | remove | log | test`: the alerts from the command line.

They are watched while the screen is open; nothing rings from here but `test`.
"""

import argparse
import asyncio
import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui.verbs.output import FAILED, FORMATS, OK, USAGE, say, show, write

if TYPE_CHECKING:
    from tui.alerts import Alert
    from tui.alerts_file import AlertsFile
    from tui.config import Paths

ROWS = 40


def add(parser: argparse.ArgumentParser) -> None:
    """Add the actions to the command."""
    parser.description = __doc__
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    listing = actions.add_parser("list", help="the alerts, what they do, and what is wrong with them")
    listing.add_argument("--format", choices=FORMATS, default="table")

    adding = actions.add_parser(
        "add",
        help="add an alert",
        epilog="example: outpace alerts add 'QQQS.volume_ratio >= 30x' --name Volume --desktop "
        "--command notify-send '{name}' '{values}'",
    )
    adding.add_argument("condition", metavar="CONDITION", help="like 'QQQS.volume_ratio >= 30x'")
    adding.add_argument("--name", help="what it is called (default: the condition)")
    adding.add_argument("--repeat", choices=("session", "crossing"), default="session", help="default: %(default)s")
    adding.add_argument("--no-bell", action="store_true", help="no bell of the terminal")
    adding.add_argument("--no-toast", action="store_true", help="no message on the screen")
    adding.add_argument("--desktop", action="store_true", help="a notification of the desktop (OSC 9, OSC 777)")
    adding.add_argument(
        "--quiet", metavar="HOURS", help="no sound and no command then: '22:00-07:00', '20:00-04:00 NYSE'"
    )
    adding.add_argument(
        "--command",
        nargs=argparse.REMAINDER,
        default=[],
        metavar="PROG",
        help="a program and its arguments, the last of all options; no shell; {name} {condition} {values} {session} "
        "{time} {nature} are filled in",
    )

    removing = actions.add_parser("remove", help="remove an alert")
    removing.add_argument("name", metavar="NAME")

    logging = actions.add_parser("log", help="what rang, oldest first")
    logging.add_argument("--rows", metavar="N", type=int, default=ROWS, help="the last N (default: %(default)s)")
    logging.add_argument("--format", choices=FORMATS, default="table")

    testing = actions.add_parser("test", help="ring an alert now, in quiet hours too, and say what it did")
    testing.add_argument("name", metavar="NAME")


def run(args: argparse.Namespace, paths: "Paths") -> int:
    """Run the action that was asked for; the exit code is one of the design's."""
    from tui.alerts_file import FILE, AlertsError, AlertsFile

    file = AlertsFile(paths.config_dir / FILE)
    actions = {"list": _list, "add": _add, "remove": _remove, "test": _test}
    try:
        if args.action == "log":
            return _log(args, paths)
        file.load()
        return actions[args.action](args, file)
    except AlertsError as error:
        say(str(error))
        return USAGE


def _list(args: argparse.Namespace, file: "AlertsFile") -> int:
    problems = file.problems()
    columns = ("name", "condition", "repeat", "bell", "toast", "desktop", "command", "quiet", "problem")
    rows = [
        (
            alert.name,
            alert.condition,
            alert.repeat.value,
            _flag(alert.bell, args.format),
            _flag(alert.toast, args.format),
            _flag(alert.desktop, args.format),
            _command(alert, args.format),
            str(alert.quiet) if alert.quiet else None,
            problems.get(alert.name),
        )
        for alert in file.all()
    ]
    if not rows and args.format == "table":
        write(f"no alerts yet; add one with: outpace alerts add 'QQQS.volume_ratio >= 30x' ({file.path})\n")
    else:
        show(args.format, columns, rows)
    return OK


def _flag(value: bool, form: str) -> object:
    return value if form == "json" else "yes" if value else "no"


def _command(alert: "Alert", form: str) -> object:
    from shlex import join

    if form == "json":
        return list(alert.command)
    return join(alert.command) if alert.command else None


def _add(args: argparse.Namespace, file: "AlertsFile") -> int:
    from tui.alert_quiet import parse_quiet
    from tui.alerts import Alert, Repeat
    from tui.analytics.events import ConditionError, parse

    try:
        condition = str(parse(args.condition))
    except ConditionError as error:
        sys.stderr.write(f"outpace: {error.pointed(args.condition)}\n")
        return USAGE
    try:
        quiet = parse_quiet(args.quiet or "")
    except ValueError as error:
        say(f"--quiet: {error}")
        return USAGE
    name = args.name or file.free_name(condition)
    alert = Alert(
        name=name,
        condition=condition,
        repeat=Repeat(args.repeat),
        bell=not args.no_bell,
        toast=not args.no_toast,
        desktop=args.desktop,
        command=tuple(args.command),
        quiet=quiet,
    )
    file.add(alert)
    write(f"{name}: added to {file.path}\n")
    return OK


def _remove(args: argparse.Namespace, file: "AlertsFile") -> int:
    gone = file.remove(args.name)
    write(f"{gone.name}: removed from {file.path}\n")
    return OK


def _log(args: argparse.Namespace, paths: "Paths") -> int:
    from tui.alert_log import FILE, AlertLog
    from tui.files import reason

    log = AlertLog(paths.state_dir / FILE)
    try:
        rows = log.last(args.rows)
    except OSError as error:
        say(f"{log.path} cannot be read ({reason(error)})")
        return FAILED
    if not rows and args.format == "table":
        write("nothing has rung yet\n")
        return OK
    columns = ("at", "name", "session", "values", "nature", "did", "held_back", "condition")
    lists = args.format == "json"
    show(
        args.format,
        columns,
        [
            (
                row.at,
                row.name,
                row.session,
                row.values,
                row.nature or None,
                list(row.did) if lists else " ".join(row.did) or None,
                list(row.held_back) if lists else " ".join(row.held_back) or None,
                row.condition,
            )
            for row in rows
        ],
    )
    return OK


def _test(args: argparse.Namespace, file: "AlertsFile") -> int:
    """Do all that an alert does, with `test` in place of values."""
    from tui.alert_actions import notification, run_logged
    from tui.alerts import filled
    from tui.format import clean

    alert, now = file.get(args.name), datetime.now(UTC)
    problem = file.problems().get(alert.name)
    name = clean(alert.name, 60)
    terminal = sys.stdout.isatty()
    if alert.bell:
        write("\a" if terminal else "")
        write("bell: rung\n" if terminal else "bell: needs a terminal\n")
    if alert.desktop:
        write(notification(f"outpace TEST {name}", "test", os.environ) if terminal else "")
        write("desktop: sent, if your terminal takes OSC 9 or OSC 777\n" if terminal else "desktop: needs a terminal\n")
    if alert.toast:
        write(f"toast: {name}: {clean(alert.condition, 200)}\n")
    failed = False
    if alert.command:
        facts = {
            "name": name,
            "condition": clean(alert.condition, 500),
            "values": "test",
            "session": f"{now:%Y-%m-%d}",
            "time": now.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "nature": "TEST",
        }
        ended = asyncio.run(run_logged(alert.name, filled(alert.command, facts)))
        failed = ended.code != 0
        how = "did not end well" if ended.code is None else f"exit code {ended.code}"
        write(f"command: {clean(alert.command[0], 60)}: {how}{f': {ended.output}' if ended.output else ''}\n")
    if alert.quiet is not None and alert.quiet.holds(now):
        write(f"quiet hours hold now ({alert.quiet}): a real one would only be shown and logged\n")
    if problem:
        say(problem)
        return USAGE
    return FAILED if failed else OK

"""The user's alerts: `alerts.toml`, which people also edit by hand.

Every table is an alert under its name; `quiet` above them holds for all that have none of their own. A change locks the
file, reads it again, edits its text and replaces it whole: comments, spacing and order stay. A file that cannot be
understood is never written to; a copy of it is kept beside it, and the alerts last known go on.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from tui.alert_quiet import Quiet, parse_quiet
from tui.alerts import PLACEHOLDERS, Alert, Repeat, unknown_placeholders
from tui.files import keep_copy, reason, write_atomic
from tui.toml_lines import UnreadableError, line_of, parse, read

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

FILE = "alerts.toml"
"""Its name in the config folder."""

LONGEST_NAME = 40
MOST = 200
"""Alerts in one file."""

HEAD = """\
# Alerts. Each table is one, under its name:
#
# ["Volume of QQQS"]
# condition = "QQQS.volume_ratio >= 30x"   # any condition of the events screen
# repeat = "session"                       # once a session, or "crossing": whenever it has come to hold
# bell = true
# toast = true
# desktop = false                          # a notification of the desktop
# command = ["notify-send", "{name}", "{values}"]   # no shell; also {condition} {session} {time} {nature}
# quiet = "22:00-07:00"                    # no sound and no command then; "20:00-04:00 NYSE"; "" is never quiet
"""

_QUIET = "quiet"
_KINDS: Mapping[str, tuple[type, str]] = {
    "condition": (str, 'expected a condition, as "QQQS.volume_ratio >= 30x"'),
    "repeat": (str, 'expected "session" or "crossing"'),
    "bell": (bool, "expected true or false"),
    "toast": (bool, "expected true or false"),
    "desktop": (bool, "expected true or false"),
    "command": (list, 'expected a list of a program and its arguments, as ["notify-send", "{name}"]'),
    _QUIET: (str, 'expected hours, as "22:00-07:00"'),
}


class AlertsError(Exception):
    """An alert cannot be found, kept or read. The message says what to do."""


class AlertsFile:
    """The alerts of one file. Every method that changes them raises an `AlertsError` when it cannot."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.quiet: Quiet | None = None
        """What holds for all alerts that have no hours of their own, and for saved conditions."""
        self._known: dict[str, Alert] = {}

    def load(self) -> None:
        """Read the alerts; there are none without a file.

        Raises:
            AlertsError: the file cannot be understood; names file, line and key. Those last known stay.
        """
        try:
            self._take(self._read()[0])
        except AlertsError as error:
            copy = keep_copy(self.path)
            raise AlertsError(f"{error} (a copy is kept in {copy.name})" if copy else str(error)) from error

    def all(self) -> list[Alert]:
        """The alerts in the order of the file."""
        return list(self._known.values())

    def get(self, name: str) -> Alert:
        """The alert of that name; the case of letters does not matter.

        Raises:
            AlertsError: there is none; names the nearest, or those there are.
        """
        return self._known[_found(self._known, name)]

    def problems(self) -> dict[str, str]:
        """What is wrong with conditions that cannot be used, by the alert's name, with file, line and column."""
        from tui.analytics.events import ConditionError
        from tui.analytics.events import parse as condition

        wrong = {}
        for name, alert in self._known.items():
            try:
                condition(alert.condition)
            except ConditionError as error:
                wrong[name] = f"{self._place(name)}: {name}: condition, column {error.column + 1}: {error}"
        return wrong

    def add(self, alert: Alert) -> None:
        """Keep a new alert at the end of the file.

        Raises:
            AlertsError: the name is taken or cannot be used, or the file cannot.
        """
        if problem := name_problem(alert.name) or command_problem(alert.command):
            raise AlertsError(problem)

        def edit(document: "TOMLDocument") -> None:
            if alert.name.casefold() in map(str.casefold, document):
                raise AlertsError(f"there is an alert {alert.name!r} already: choose another name, or remove it first")
            if len(self._known) >= MOST:
                raise AlertsError(f"there are {MOST} alerts already: remove one first")
            document.add(alert.name, _table(alert))

        self._change(edit)

    def remove(self, name: str) -> Alert:
        """Forget an alert; returns it.

        Raises:
            AlertsError: there is none, or the file cannot be used.
        """
        gone = self.get(name)

        def edit(document: "TOMLDocument") -> None:
            document.remove(_found({each: None for each in document if each != _QUIET}, name))

        self._change(edit)
        return gone

    def free_name(self, wanted: str) -> str:
        """A name that no alert has, like the wanted one."""
        from tui.format import clean

        base = clean(wanted, LONGEST_NAME - 4) or "alert"
        taken = {each.casefold() for each in (*self._known, _QUIET)}
        numbered = (f"{base} {number}" if number > 1 else base for number in range(1, MOST + 2))
        return next(each for each in numbered if each.casefold() not in taken)

    def _take(self, text: str) -> None:
        self.quiet, self._known = _alerts(text, self.path)

    def _change(self, edit: "Callable[[TOMLDocument], None]") -> None:
        import tomlkit

        with self._locked():
            text, line_end = self._read()
            self._take(text)
            document = tomlkit.parse(text or HEAD)
            edit(document)
            changed = tomlkit.dumps(document)
            # What could not be read again is never written.
            made = _alerts(changed, self.path)
            write_atomic(self.path, changed.replace("\n", line_end))
            self.quiet, self._known = made

    def _read(self) -> tuple[str, str]:
        """The text with line feeds only, and its line end."""
        try:
            written = read(self.path)
        except FileNotFoundError:
            return "", "\n"
        except UnreadableError as error:
            raise AlertsError(f"{self.path}, line {error.line}: {error}; save it as UTF-8") from error
        except OSError as error:
            raise AlertsError(f"{self.path} cannot be read ({reason(error)})") from error
        return written.replace("\r\n", "\n"), "\r\n" if "\r\n" in written else "\n"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """No other program changes the file meanwhile; what the disk refuses is told in the user's words."""
        from filelock import FileLock, Timeout  # slow to import; only a change needs it

        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(f"{self.path}.lock", timeout=10):
                yield
        except Timeout as error:
            raise AlertsError(f"another program holds {self.path}: nothing was changed, try again") from error
        except OSError as error:
            raise AlertsError(f"{self.path} cannot be written ({reason(error)}): nothing was changed") from error

    def _place(self, name: str) -> str:
        try:
            line = line_of(read(self.path), name, "condition")
        except (OSError, UnreadableError):
            line = None
        return f"{self.path}, line {line}" if line else str(self.path)


def name_problem(name: str) -> str:
    """Why a name cannot be used; empty when it can."""
    if not (name.isprintable() and name == name.strip() and 0 < len(name) <= LONGEST_NAME):
        return f"a name has 1 to {LONGEST_NAME} printable characters, not {name[:LONGEST_NAME]!r}: choose another"
    return f"{_QUIET!r} is no name of an alert: choose another" if name.casefold() == _QUIET else ""


def _alerts(text: str, path: Path) -> tuple[Quiet | None, dict[str, Alert]]:
    try:
        document = parse(text)
    except UnreadableError as error:
        key = f"{error.key}: " if error.key else ""
        raise AlertsError(f"{path}, line {error.line}: {key}{error}; expected {_EXAMPLE}") from error

    def wrong(what: str, *where: str) -> NoReturn:
        line = line_of(text, *where)
        at = f"{path}, line {line}" if line else f"{path}"
        raise AlertsError(f"{at}: {': '.join(where)}: {what}")

    def hours(written: object, *where: str) -> Quiet | None:
        if not isinstance(written, str):
            wrong(_KINDS[_QUIET][1], *where)
        try:
            return parse_quiet(written)
        except ValueError as error:
            wrong(str(error), *where)

    quiet = hours(document.pop(_QUIET, ""), _QUIET)
    found = {}
    for name, table in document.items():
        if not isinstance(table, dict):
            wrong(f"no alert and no setting; expected {_EXAMPLE}, or quiet = ...", name)
        if problem := name_problem(name):
            wrong(problem, name)
        _check(name, table, wrong)
        given: dict[str, Any] = table | {"name": name, "repeat": Repeat(table.get("repeat", Repeat.SESSION))}
        given["command"] = tuple(table.get("command", ()))
        given[_QUIET] = hours(table[_QUIET], name, _QUIET) if _QUIET in table else quiet
        found[name] = Alert(**given)
    if len(found) > MOST:
        raise AlertsError(f"{path}: {len(found)} alerts; expected {MOST} at most")
    return quiet, found


_EXAMPLE = '["NAME"] and below it condition = "QQQS.volume_ratio >= 30x"'


def _check(name: str, table: Mapping[str, Any], wrong: Callable[..., NoReturn]) -> None:
    """Every key of an alert is one, with a value that it takes."""
    for key, value in table.items():
        if key not in _KINDS:
            close = get_close_matches(key, _KINDS, n=1)
            wrong(f"did you mean {close[0]}?" if close else f"expected one of {', '.join(_KINDS)}", name, key)
        kind, expected = _KINDS[key]
        if not isinstance(value, kind):
            wrong(expected, name, key)
    if "condition" not in table:
        wrong(f"it has no condition; {_KINDS['condition'][1]}", name)
    if table.get("repeat", "session") not in set(Repeat):
        wrong(_KINDS["repeat"][1], name, "repeat")
    if problem := command_problem(table.get("command", ())):
        wrong(problem, name, "command")


def command_problem(command: Sequence[object]) -> str:
    """Why a command cannot be used; empty when it can, and when there is none."""
    words = [each for each in command if isinstance(each, str) and "\0" not in each]
    if len(words) != len(command) or (words and not words[0]):
        return _KINDS["command"][1]
    if unknown := unknown_placeholders(words):
        known = " ".join(f"{{{each}}}" for each in PLACEHOLDERS)
        return f"{{{unknown[0]}}} stands for nothing; expected {known}"
    if any(f"{{{each}}}" in "".join(words[:1]) for each in PLACEHOLDERS):
        return "the program itself is no placeholder; expected its name first"
    return ""


def _table(alert: Alert) -> Any:
    """An alert as it is written: what is as usual is left out."""
    import tomlkit

    table = tomlkit.table()
    table.add("condition", alert.condition)
    if alert.repeat is not Repeat.SESSION:
        table.add("repeat", alert.repeat.value)
    for name, usual in (("bell", True), ("toast", True), ("desktop", False)):
        if getattr(alert, name) is not usual:
            table.add(name, getattr(alert, name))
    if alert.command:
        table.add("command", list(alert.command))
    if alert.quiet is not None:
        table.add(_QUIET, str(alert.quiet))
    return table


def _found(known: "Mapping[str, object]", name: str) -> str:
    """The name as it is written in the file; the case of letters does not matter."""
    folded = {each.casefold(): each for each in known}
    if (found := folded.get(name.strip().casefold())) is not None:
        return name if name in known else found
    close = get_close_matches(name.casefold(), folded, n=1, cutoff=0.5)
    close = close or [each for each in folded if name.casefold() in each]
    hint = f"did you mean {folded[close[0]]}?" if close else f"there are {', '.join(known) or 'none'}"
    raise AlertsError(f"no alert is called {name[:LONGEST_NAME]!r}; {hint}")

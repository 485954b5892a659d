"""The user's conditions under a name: `events.toml`, which people also edit by hand.

Every line is `"Name" = "condition"`. A change locks the file, reads it again, edits its text and replaces it whole:
comments, spacing and order stay, and two programs at once lose nothing. There is no file before the first change; until
then the built-in conditions are shown. A file that cannot be understood is never written to.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from tui.files import reason, write_atomic
from tui.toml_lines import UnreadableError, line_of, parse, read

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

FILE = "events.toml"
"""Its name in the config folder."""

LONGEST_NAME = 40

BUILT_IN: Mapping[str, str] = {
    "Small caps up, large caps down": "^RUT.1d >= 3% and ^GSPC.1d < 0",
    "Five days of +1% in small caps": "streak(^RUT.1d >= 1%) >= 5",
    "Small caps lead by 5 points in a week": "IWM.1w - SPY.1w > 5pp",
    "Large caps high, small caps in a bear": "SPY at 52w high and ^RUT.drawdown < -20%",
    "Small caps far above their mean": "^RUT.zscore50 >= 4",
    "Yields down half a point in a month": "^TNX.1m_bp <= -50bp",
    "Thirty times the usual volume": "QQQS.volume_ratio >= 30x",
}
"""The conditions of someone who has saved none yet."""

_EXPECTED = 'expected "Name" = "^RUT.1d >= 3%"'
_HEAD = (
    "# Conditions under a name, for the events screen. What you write here yourself, comments too, stays as it is.\n"
)
_LOCK_SECONDS = 10


class SavedEventError(Exception):
    """A condition cannot be found, kept or read. The message says what to do."""


class SavedEvents:
    """The conditions of one file. Every method that changes them raises a `SavedEventError` when it cannot."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known: dict[str, str] = dict(BUILT_IN)

    def load(self) -> None:
        """Read the conditions.

        Raises:
            SavedEventError: the file cannot be understood; names file and line. Those last known are there all the same.
        """
        self._known = self._read()[1]

    def all(self) -> dict[str, str]:
        """The conditions by name, in the order of the file."""
        return dict(self._known)

    def get(self, name: str) -> str:
        """The condition of that name.

        Raises:
            SavedEventError: there is none; names the nearest, or those there are.
        """
        return self._known[_found(self._known, name)]

    def problems(self) -> dict[str, str]:
        """What is wrong with saved conditions that cannot be used, by name, with file and line."""
        from tui.analytics.events import ConditionError
        from tui.analytics.events import parse as condition

        wrong = {}
        for name, text in self._known.items():
            try:
                condition(text)
            except ConditionError as error:
                wrong[name] = f"{self._place(name)}: {name}: {error}"
        return wrong

    def save(self, name: str, condition: str) -> bool:
        """Keep a condition under a name, in the place of an earlier one of that name; returns whether there was one.

        Raises:
            SavedEventError: the name or the file cannot be used.
        """
        if not (name.isprintable() and name == name.strip() and 0 < len(name) <= LONGEST_NAME):
            raise SavedEventError(
                f"a name has 1 to {LONGEST_NAME} printable characters, not {name[:LONGEST_NAME]!r}: choose another"
            )
        was = False

        def edit(document: "TOMLDocument") -> None:
            nonlocal was
            was = name in document
            document[name] = condition

        self._change(edit)
        return was

    def delete(self, name: str) -> None:
        """Forget a condition.

        Raises:
            SavedEventError: there is none, or the file cannot be used.
        """

        def edit(document: "TOMLDocument") -> None:
            document.remove(_found(document, name))

        self._change(edit)

    def _change(self, edit: "Callable[[TOMLDocument], None]") -> None:
        import tomlkit

        with self._locked():
            text, _, line_end = self._read()
            document = tomlkit.parse(text)
            edit(document)
            changed = tomlkit.dumps(document)
            if changed != text or not self.path.exists():
                write_atomic(self.path, changed.replace("\n", line_end))
            self._known = _conditions(changed, self.path)

    def _read(self) -> tuple[str, dict[str, str], str]:
        """The text with line feeds only, its conditions, and its line end; the built-in ones where there is no file."""
        try:
            written = read(self.path)
        except FileNotFoundError:
            return _built_in(), dict(BUILT_IN), "\n"
        except UnreadableError as error:
            raise SavedEventError(f"{self.path}, line {error.line}: {error}; save it as UTF-8") from error
        except OSError as error:
            raise SavedEventError(f"{self.path} cannot be read ({reason(error)})") from error
        text = written.replace("\r\n", "\n")
        return text, _conditions(text, self.path), "\r\n" if "\r\n" in written else "\n"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """No other program changes the file meanwhile; what the disk refuses is told in the user's words."""
        from filelock import FileLock, Timeout  # slow to import; only a change needs it

        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(f"{self.path}.lock", timeout=_LOCK_SECONDS):
                yield
        except Timeout as error:
            raise SavedEventError(f"another program holds {self.path}: nothing was changed, try again") from error
        except OSError as error:
            raise SavedEventError(f"{self.path} cannot be written ({reason(error)}): nothing was changed") from error

    def _place(self, name: str) -> str:
        try:
            line = line_of(read(self.path), name)
        except (OSError, UnreadableError):
            line = None
        return f"{self.path}, line {line}" if line else str(self.path)


def _conditions(text: str, path: Path) -> dict[str, str]:
    try:
        table = parse(text)
    except UnreadableError as error:
        key = f"{error.key}: " if error.key else ""
        raise SavedEventError(f"{path}, line {error.line}: {key}{error}; {_EXPECTED}") from error
    for name, value in table.items():
        if not isinstance(value, str):
            raise SavedEventError(f"{path}, line {line_of(text, name)}: {name} is no condition; {_EXPECTED}")
    return table


def _built_in() -> str:
    import tomlkit

    return _HEAD + tomlkit.dumps(dict(BUILT_IN))


def _found(known: "Mapping[str, object]", name: str) -> str:
    """The name as it is written in the file; the case of letters does not matter."""
    folded = {each.casefold(): each for each in known}
    if (found := folded.get(name.strip().casefold())) is not None:
        return name if name in known else found
    close = get_close_matches(name.casefold(), folded, n=1, cutoff=0.5)
    close = close or [each for each in folded if name.casefold() in each]
    hint = f"did you mean {folded[close[0]]}?" if close else f"there are {', '.join(known) or 'none'}"
    raise SavedEventError(f"no condition is saved as {name[:LONGEST_NAME]!r}; {hint}")

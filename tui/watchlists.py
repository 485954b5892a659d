"""The user's lists of symbols: `watchlists.toml`, which people also edit by hand.

Every change locks the file, reads it again, edits its text and replaces it whole: two programs at once lose nothing, and
comments, spacing and order stay. There is no file before the first change; until then the built-in lists are shown.

A file that cannot be understood is never written to. A copy is kept beside it (`watchlists.toml.bak`), the lists last
known are shown, and changes go to `watchlists.new.toml` until the file is repaired; then the file counts again, and the
other one stays for the user to take from.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from pathlib import Path

from msgspec import Struct

from tui import watchlists_text as text_of
from tui.files import keep_copy, reason, write_atomic
from tui.toml_lines import UnreadableError, read
from tui.watchlists_check import (
    BUILT_IN,
    DEFAULT_BENCHMARK,
    MAX_SYMBOLS,
    Watchlist,
    WatchlistError,
    checked_symbol,
    checked_symbols,
    lists_in,
    parse_symbols,
)
from tui.watchlists_undo import Change, taken_back

__all__ = ["BUILT_IN", "MAX_SYMBOLS", "Watchlist", "WatchlistError", "Watchlists", "parse_symbols"]

_LOCK_SECONDS = 10
_UNDO_STEPS = 100
_NAME_LENGTH = 40


class _File(Struct, frozen=True):
    """A file as it was read, and where it is written back."""

    path: Path
    text: str
    """With line feeds only."""
    lists: dict[str, Watchlist]
    line_end: str = "\n"


class Watchlists:
    """The lists of one file. Every method that changes them raises a `WatchlistError` when it cannot; then none has."""

    def __init__(self, path: Path) -> None:
        self.path = path
        """The file that counts as long as it can be understood."""
        self.notice = ""
        """Something the user should know about the files, "" if there is nothing."""
        self.problem = ""
        """What the last `load` could not understand, "" if all is well."""
        self._lists = {each.name: each for each in BUILT_IN}
        self._undo: list[Change] = []

    @property
    def spare(self) -> Path:
        """Where changes go while the file cannot be understood."""
        return self.path.with_name(f"{self.path.stem}.new{self.path.suffix}")

    def load(self) -> None:
        """Read the lists.

        Raises:
            WatchlistError: the file cannot be understood; names file, line, key and what was expected. Lists are there
                all the same: those of `spare` if there is one, else those last known, at first the built-in ones.
        """
        self.notice = self.problem = ""
        try:
            self._lists = self._read(self.path).lists
        except WatchlistError as error:
            with suppress(WatchlistError):
                if self.spare.exists():
                    self._lists = self._read(self.spare).lists
            copy = keep_copy(self.path)
            kept = f" (a copy is kept in {copy.name})" if copy else ""
            self.problem = f"{error}{kept}. Until it is repaired, changes go to {self.spare.name}"
            raise WatchlistError(self.problem) from error
        if self.spare.exists():
            self.notice = (
                f"{self.spare} has the changes made while {self.path.name} was broken; "
                "take from it what you need, then delete it"
            )

    def first_run(self) -> str | None:
        """Write the built-in lists if there is no file; returns what went wrong, for the user."""
        try:
            if not self.path.exists():
                write_atomic(self.path, _rendered(BUILT_IN), replace=False)
        except OSError as error:
            return f"{self.path} cannot be written ({reason(error)}): changes of lists will not be kept"
        return None

    def names(self) -> list[str]:
        """The names of the lists, in the order of the file."""
        return list(self._lists)

    def get(self, name: str) -> Watchlist:
        """The list of that name.

        Raises:
            WatchlistError: there is none; names the nearest.
        """
        return _found(self._lists, name)

    def add(self, name: str, symbols: Iterable[str]) -> tuple[str, ...]:
        """Add symbols at the end of a list; returns those that it did not have."""
        wanted = checked_symbols(name, symbols)
        added: tuple[str, ...] = ()

        def edit(file: _File) -> tuple[str, str]:
            nonlocal added
            old = _found(file.lists, name).symbols
            added = tuple(symbol for symbol in wanted if symbol not in old)
            what = ", ".join(added) if len(added) <= 3 else f"{len(added)} symbols"
            return f"added {what} to {name}", _with_symbols(file, name, (*old, *added))

        self._change(edit, name)
        return added

    def remove(self, name: str, *symbols: str) -> None:
        """Take symbols out of a list, as one change; one that is not there is no error."""

        def edit(file: _File) -> tuple[str, str]:
            rest = [each for each in _found(file.lists, name).symbols if each not in symbols]
            what = ", ".join(symbols) if len(symbols) <= 3 else f"{len(symbols)} symbols"
            return f"removed {what} from {name}", _with_symbols(file, name, rest)

        self._change(edit, name)

    def move(self, name: str, symbol: str, offset: int) -> None:
        """Move a symbol down by `offset` places, up if it is negative, at most to the end."""

        def edit(file: _File) -> tuple[str, str]:
            symbols = list(_found(file.lists, name).symbols)
            if symbol in symbols:
                at = symbols.index(symbol)
                symbols.insert(max(0, at + offset), symbols.pop(at))
            return f"moved {symbol} in {name}", _with_symbols(file, name, symbols)

        self._change(edit, name)

    def create(self, name: str, symbols: Iterable[str] = (), benchmark: str = DEFAULT_BENCHMARK) -> None:
        """Make a new list, the last one."""
        new = Watchlist(name, checked_symbols(name, symbols), checked_symbol(benchmark))

        def edit(file: _File) -> tuple[str, str]:
            _check_free(file.lists, name)
            return f"created {name}", text_of.appended(file.text, _block(new))

        self._change(edit, name)

    def rename(self, name: str, new: str) -> None:
        """Give a list another name; it keeps its place."""

        def edit(file: _File) -> tuple[str, str]:
            if _found(file.lists, name).name == new:
                return "", file.text
            _check_free(file.lists, new)
            return f"renamed {name} to {new}", text_of.renamed(file.text, name, new)

        self._change(edit, name, new)

    def delete(self, name: str) -> None:
        """Delete a list; the last one stays."""

        def edit(file: _File) -> tuple[str, str]:
            _found(file.lists, name)
            if len(file.lists) == 1:
                raise WatchlistError(f"{name} is the only list; create another one before you delete it")
            return f"deleted {name}", text_of.without(file.text, name)

        self._change(edit, name)

    def set_benchmark(self, name: str, symbol: str) -> None:
        """Measure a list against another symbol."""
        against = checked_symbol(symbol)

        def edit(file: _File) -> tuple[str, str]:
            if _found(file.lists, name).benchmark == against:
                return "", file.text
            return f"measured {name} against {against}", text_of.with_benchmark(file.text, name, against)

        self._change(edit, name)

    def undo(self) -> str | None:
        """Take back the last change of this program; returns what it had been (`added QQQ to Rotation`), None if none.

        If the file is as that change left it, its text becomes what it was. If another program or an editor has
        changed it since, only this change is taken back, and theirs stays.
        """
        if not self._undo:
            return None
        last = self._undo[-1]

        def edit(file: _File) -> tuple[str, str]:
            if file.path != last.path:
                self._undo.clear()
                raise WatchlistError(f"nothing to undo in {file.path.name}: the last changes were in {last.path.name}")
            return "", last.text_before if file.text == last.text_after else taken_back(last, file.text, file.lists)

        self._write(edit)
        self._undo.pop()
        return last.words

    def _change(self, edit: Callable[[_File], tuple[str, str]], name: str, new: str | None = None) -> None:
        """Apply `edit` (what it does in words, and the new text) to the list `name`, and remember it for undo."""
        words, before, after = self._write(edit)
        if after.text != before.text:
            lists = before.lists.get(name), after.lists.get(new or name)
            self._undo = [*self._undo, Change(words, before.path, before.text, after.text, *lists)][-_UNDO_STEPS:]

    def _write(self, edit: Callable[[_File], tuple[str, str]]) -> tuple[str, _File, _File]:
        """Read the file under its lock, edit it, and replace it if that changes anything."""
        with self._locked():
            before = self._current()
            words, text = edit(before)
            after = _File(before.path, text, lists_in(text), before.line_end)
            if text != before.text:
                write_atomic(before.path, text.replace("\n", before.line_end))
            self._lists = after.lists
        return words, before, after

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """No other program changes the lists meanwhile; what the disk refuses is told in the user's words."""
        from filelock import FileLock, Timeout  # slow to import; only a change needs it

        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(f"{self.path}.lock", timeout=_LOCK_SECONDS):
                yield
        except Timeout as error:
            raise WatchlistError(f"another program holds {self.path}: nothing was changed, try again") from error
        except OSError as error:
            raise WatchlistError(f"{self.path} cannot be written ({reason(error)}): nothing was changed") from error

    def _current(self) -> _File:
        """The file to change now: the one that counts, or the spare one while that is broken."""
        try:
            return self._read(self.path)
        except WatchlistError:
            return self._read(self.spare)

    def _read(self, path: Path) -> _File:
        """A file and its lists; where there is none, the lists last known, as they would be written."""
        try:
            written = read(path)
            text = written.replace("\r\n", "\n")
            lists = lists_in(text)
        except FileNotFoundError:
            return _File(path, _rendered(self._lists.values()), self._lists)
        except OSError as error:
            raise WatchlistError(f"{path} cannot be read ({reason(error)})") from error
        except UnreadableError as error:
            raise WatchlistError(f"{path}, line {error.line}: {error}; save it as UTF-8") from error
        except WatchlistError as error:
            raise WatchlistError(f"{path}, {error}") from error
        if not lists:
            lists, text = self._lists, text_of.appended(text, _rendered(self._lists.values()))
        return _File(path, text, lists, "\r\n" if "\r\n" in written else "\n")


def _block(each: Watchlist) -> str:
    """The text of a list."""
    return text_of.block(each.name, each.symbols, each.benchmark)


def _rendered(lists: Iterable[Watchlist]) -> str:
    """A new file."""
    text = "# Your lists of symbols. What you write here yourself, comments too, stays as it is.\n"
    for each in lists:
        text = text_of.appended(text, _block(each))
    return text


def _with_symbols(file: _File, name: str, symbols: Sequence[str]) -> str:
    """The text with these symbols in a list, as it is if they are those."""
    if tuple(symbols) == file.lists[name].symbols:
        return file.text
    return text_of.with_symbols(file.text, name, checked_symbols(name, symbols))


def _found(lists: Mapping[str, Watchlist], name: str) -> Watchlist:
    """The list of that name."""
    if (found := lists.get(name)) is None:
        close = get_close_matches(name, lists, n=1, cutoff=0.5)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(lists)}"
        raise WatchlistError(f"there is no list {name[:_NAME_LENGTH]!r}; {hint}")
    return found


def _check_free(lists: Mapping[str, Watchlist], name: str) -> None:
    """Refuse a name that a list has, or that could not be shown on a line."""
    if name in lists:
        raise WatchlistError(f"there is a list {name} already; choose another name")
    if not (name.isprintable() and name == name.strip() and 0 < len(name) <= _NAME_LENGTH):
        raise WatchlistError(f"a list's name has 1 to {_NAME_LENGTH} printable characters, not {name[:_NAME_LENGTH]!r}")

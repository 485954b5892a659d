"""The user's settings: a flag wins over `OUTPACE_*` in the environment, over `config.toml`, over the default.

Everything wrong is a `ConfigError` that names the place and what was expected. The user's file is only ever read; the
one moment it is written is the first run, when there is none.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_type_hints

import msgspec
import platformdirs
from msgspec import Meta, Struct

from tui.config_chain import ADDRESS, Addresses, Chain
from tui.config_chain import kinds as chain_kinds
from tui.files import keep_copy, reason, write_atomic
from tui.format import MESSAGE, clean
from tui.toml_lines import UnreadableError, line_of, parse, read
from tui.typed import converted

APP = "outpace"

SYMBOL = r"\^?[A-Z0-9][A-Z0-9.\-=^&]{0,14}"
"""What a symbol looks like once it is upper case: `IWM`, `^RUT`, `BRK-B`, `EURUSD=X`, `0P000071W8.TO`."""

WindowName = Literal["1D", "1W", "WTD", "1M", "MTD", "3M", "QTD", "6M", "YTD", "1Y", "3Y", "5Y"]

_Text = Annotated[str, Meta(min_length=1, description="a name", examples=["Rotation"])]
_Source = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z0-9_-]*(:.+)?\Z",
        description="the name of a source, with its folder after a colon",
        examples=["yahoo", "replay:~/market"],
    ),
]
_Symbol = Annotated[str, Meta(pattern=rf"^{SYMBOL}\Z", description="a symbol", examples=["SPY"])]
_Window = Annotated[WindowName, Meta(description=f"one of {', '.join(get_args(WindowName))}", examples=["1M"])]
_VolumeWindow = Annotated[Literal[10, 20, 50, 63], Meta(description="one of 10, 20, 50, 63", examples=[63])]
_Frames = Annotated[int, Meta(ge=1, le=60)]
_Speed = Annotated[float, Meta(gt=0, le=100_000)]
_Names = tuple[str, ...]
_Keys = dict[str, _Names]


class Yahoo(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the Yahoo source sends its requests; only tests and proxies change it."""

    base: str = "https://query1.finance.yahoo.com"
    """Quotes, history and the crumb."""
    cookie: str = "https://fc.yahoo.com"
    """The first cookie."""
    stream: str = "wss://streamer.finance.yahoo.com/?version=2"
    """Prices as they are made; none with a `base` of one's own, unless it is given too."""


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All settings, checked. The words under each one are its comment in the first `config.toml`."""

    source: _Source = "yahoo"
    """Where data comes from: yahoo, demo (simulated), history (the local store alone), replay:FOLDER."""
    list: _Text = "Rotation"
    """The watchlist shown at the start."""
    benchmark: Annotated[_Symbol | None, Meta(description="a symbol", examples=["SPY"])] = None
    """What everything is measured against; unset, each list has its own (SPY if it names none)."""
    window: _Window = "1M"
    """The window of the chart and of the ranks: 1D 1W WTD 1M MTD 3M QTD 6M YTD 1Y 3Y 5Y."""
    volume_window: _VolumeWindow = 63
    """Sessions behind the volume ratio: 10, 20, 50 or 63."""
    theme: Annotated[str, Meta(min_length=1, description="the name of a theme", examples=["auto"])] = "auto"
    """A theme by name; auto takes one that suits the terminal."""
    fps: Annotated[_Frames | None, Meta(description="a whole number from 1 to 60", examples=[10])] = None
    """Redraws per second at most; unset, 10, and 4 over SSH."""
    diff: Annotated[bool, Meta(description="true or false", examples=[False])] = True
    """Send only the cells that differ, no faster than the line takes them; false sends whole stretches, unpaced."""
    eco: Annotated[bool | None, Meta(description="true or false", examples=[True])] = None
    """One redraw per second and nothing flashes, for slow lines; unset, it is chosen when the line is found slow."""
    reduced_motion: Annotated[bool, Meta(description="true or false", examples=[True])] = False
    """Nothing flashes or slides."""
    columns: Annotated[_Names | None, Meta(description="a list of column names", examples=[["last", "1D", "1M"]])] = (
        None
    )
    """The columns of the table and their order; unset, those that the width allows."""
    speed: Annotated[_Speed | None, Meta(description="a number above 0", examples=[60.0])] = None
    """How many times faster than life a replay (unset: 60) or the demo (unset: 1) runs."""
    as_of: Annotated[date | None, Meta(description="a date as YEAR-MONTH-DAY", examples=[date(2024, 7, 12)])] = None
    """Show this past day over the local history."""
    total_return: Annotated[bool, Meta(description="true or false", examples=[True])] = False
    """Past sessions with dividends reinvested, marked TR."""
    symbols: Annotated[tuple[_Symbol, ...] | None, Meta(description="a list of symbols", examples=[["IWM", "SPY"]])] = (
        None
    )
    """Show these symbols instead of a watchlist."""
    history: Annotated[Path | None, Meta(description="a folder", examples=["~/market"])] = None
    """The folder of the local history; unset, it lies in the data folder."""
    email: Annotated[
        str,
        Meta(pattern=r"^([^@\s]+@[^@\s]+)?\Z", description="an e-mail address, or empty", examples=["you@example.org"]),
    ] = ""
    """Sent to the SEC, which asks every program for a contact; empty leaves its source off."""
    keys: Annotated[_Keys, Meta(description="keys by the id of what they do", examples=[{"sort": ["o"]}])] = {}
    """Other keys for what the help (?) lists, by its id."""
    record: Annotated[Path | None, Meta(description="a folder", examples=["~/recording"])] = None
    """Hidden: keep all raw answers here; what `outpace record DIR` sets."""
    yahoo: Annotated[Yahoo, Meta(description="addresses", examples=[{"base": "http://localhost:8000"}])] = Yahoo()
    """Hidden: addresses of the Yahoo source."""
    addresses: Annotated[Addresses, Meta(description="addresses", examples=[{"cboe": "http://localhost:8000"}])] = (
        Addresses()
    )
    """Hidden: addresses of the other sources."""
    chain: Annotated[Chain, Meta(description="names of sources by need", examples=[{"history": ["yahoo"]}])] = Chain()
    """Who is asked first, second, and so on; keys for alpaca, tiingo and finnhub lie in keys.toml or the environment."""


class ConfigError(Exception):
    """A setting that cannot be used. The message names file, line, key and what was expected, with an example.

    What it quotes of a file is cleaned.
    """

    def __init__(self, message: str) -> None:
        super().__init__(clean(message, MESSAGE))


class Paths(Struct, frozen=True, kw_only=True):
    """The four folders of the program. They need not exist."""

    config_dir: Path
    """`config.toml`, `watchlists.toml`, `themes/`."""
    data_dir: Path
    """The history."""
    cache_dir: Path
    """What can be fetched again."""
    state_dir: Path
    """The log."""

    @property
    def config_file(self) -> Path:
        """The user's settings."""
        return self.config_dir / "config.toml"

    @property
    def lists_file(self) -> Path:
        """The user's watchlists."""
        return self.config_dir / "watchlists.toml"

    @classmethod
    def find(cls, env: Mapping[str, str]) -> "Paths":
        """The platform's folders; an absolute `XDG_*_HOME` wins on every platform."""

        def folder(kind: str, default: Path) -> Path:
            home = Path(env.get(f"XDG_{kind}_HOME", ""))
            return home / APP if home.is_absolute() else default

        return cls(
            config_dir=folder("CONFIG", platformdirs.user_config_path(APP, appauthor=False)),
            data_dir=folder("DATA", platformdirs.user_data_path(APP, appauthor=False)),
            cache_dir=folder("CACHE", platformdirs.user_cache_path(APP, appauthor=False)),
            state_dir=folder("STATE", platformdirs.user_state_path(APP, appauthor=False)),
        )


def load(flags: Mapping[str, object], env: Mapping[str, str], paths: Paths | None = None) -> Settings:
    """The settings of this run.

    Args:
        flags: By setting (`volume_window`, `yahoo.base`), text or already typed; None is not given, and names that are
            no settings are left alone, so that a whole parsed command line will do.
        env: The environment: `OUTPACE_VOLUME_WINDOW`, `OUTPACE_YAHOO_BASE`; an empty value is not given.
        paths: Where `config.toml` lies, the platform's folders by default.

    Raises:
        ConfigError: a value cannot be used, or the file cannot be read.
    """
    values = _from_file((paths or Paths.find(env)).config_file)
    for name in _KINDS:
        variable = f"{APP}_{name.replace('.', '_')}".upper()
        if name != "keys" and (text := env.get(variable)):
            values[name] = _checked(name, text, f"{variable}=", strict=False)
        if (given := flags.get(name)) is not None:
            values[name] = _checked(name, given, f"--{name.replace('_', '-')} ", strict=False)
    for table, kind in _TABLES.items():
        dotted = [name for name in values if name.startswith(f"{table}.")]
        values[table] = kind(**{name.partition(".")[2]: values.pop(name) for name in dotted})
    return Settings(**values)


def first_run(paths: Paths) -> str | None:
    """Write a `config.toml` that explains every setting, if there is none; a file that is there is never touched.

    Returns what went wrong, for the user: a home that cannot be written is no error.
    """
    from tui.config_template import template

    try:
        if not paths.config_file.exists():
            write_atomic(paths.config_file, template(), replace=False)
    except OSError as error:
        return f"{paths.config_file} cannot be written ({reason(error)}): the defaults are used"
    return None


def _kinds() -> dict[str, Any]:
    """The type of each setting, those that are tables by their parts."""
    kinds = get_type_hints(Settings, include_extras=True)
    for table in _TABLES:
        del kinds[table]
    return kinds | {f"yahoo.{part}": ADDRESS for part in Yahoo.__struct_fields__} | chain_kinds()


_TABLES: dict[str, Any] = {"yahoo": Yahoo, "addresses": Addresses, "chain": Chain}
"""Settings that are tables of the file."""
_KINDS = _kinds()


def _from_file(file: Path) -> dict[str, Any]:
    """The settings that the file holds; none if there is no file."""
    try:
        text = read(file)
        table = parse(text)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {reason(error)}") from error
    except UnreadableError as error:
        at = f"{file}, line {error.line}: {error.key}: " if error.key else f"{file}, line {error.line}: "
        expected = 'expected NAME = VALUE, text in quotes; for example: theme = "auto"'
        raise _kept(file, f"{at}{error}; {expected}") from error
    values: dict[str, Any] = {}
    for path, value in _entries(table):
        line = line_of(text, *path)
        at = f"{file}, line {line}: " if line else f"{file}: "
        name = ".".join(path)
        try:
            if path[0] == "keys" and len(path) > 1:
                values["keys"] = values.get("keys", {}) | _checked("keys", {path[1]: value}, "keys = ", strict=True)
            else:
                values[name] = _checked(name, value, f"{path[-1]} = ", strict=True)
        except ConfigError as error:
            raise _kept(file, f"{at}{error}") from error
    if (folder := values.get("history")) is not None:
        values["history"] = file.parent / folder
    return values


def _entries(table: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each value with its path; the tables by their parts, so that an error names the line of the part."""
    for name, value in table.items():
        if name in {"keys", *_TABLES} and isinstance(value, dict):
            yield from (((name, part), each) for part, each in value.items())
        else:
            yield (name,), value


def _checked(name: str, value: object, prefix: str, *, strict: bool) -> Any:
    """The value of a setting in its type; `prefix` is how a setting is written where this one comes from."""
    if name not in _KINDS:
        raise ConfigError(f"{name} is no setting; {_nearest(name)}")
    try:
        return converted(_prepared(name, value), _KINDS[name], strict=strict, dec_hook=_hook)
    except (msgspec.ValidationError, ValueError):
        expected = f"expected {_meta(name).description}; for example: {prefix}{_written(example(name), toml=strict)}"
        raise ConfigError(f"{prefix}{_written(value, toml=strict)}: {expected}") from None


def _prepared(name: str, value: object) -> object:
    """The value as its type wants it: symbols in upper case, lists from a line of text, `~` as the home."""
    if name == "source" and isinstance(value, str):
        kind, colon, folder = value.partition(":")
        return f"{kind}{colon}{Path(folder).expanduser()}" if colon and folder else value
    if name in {"symbols", "columns"} or name.startswith("chain."):
        items = value.replace(",", " ").split() if isinstance(value, str) else value
        if name == "symbols" and isinstance(items, Iterable):
            return [_prepared("benchmark", item) for item in items]
        return items
    if name == "benchmark" and isinstance(value, str):
        return value.strip().lstrip("$").upper()
    if name == "keys" and isinstance(value, Mapping):
        return {key: [keys] if isinstance(keys, str) else keys for key, keys in value.items()}
    return value


def _hook(kind: type, value: object) -> object:
    """A folder from text."""
    if kind is Path and isinstance(value, (str, Path)) and str(value):
        return Path(value).expanduser()
    raise ValueError(value)


def _meta(name: str) -> Meta:
    """What is expected of a setting: the outermost words on its type."""
    return next(each for each in reversed(_KINDS[name].__metadata__) if isinstance(each, Meta) and each.description)


def example(name: str) -> Any:
    """A value that a setting would take."""
    return (_meta(name).examples or [""])[0]


def _nearest(name: str) -> str:
    """The setting that was probably meant."""
    from difflib import get_close_matches

    close = get_close_matches(name, _KINDS, n=1)
    return f"did you mean {close[0]}?" if close else f"known are {', '.join(k for k in _KINDS if '.' not in k)}"


def _kept(file: Path, message: str) -> ConfigError:
    """The error for a file that cannot be used, which is copied so that a hasty repair loses nothing."""
    copy = keep_copy(file)
    return ConfigError(f"{message} (a copy is kept in {copy.name})" if copy else message)


def _written(value: Any, *, toml: bool) -> str:
    """The value as the user would write it, on one line of bearable length."""
    if not toml and isinstance(value, (list, tuple)):
        value = ",".join(map(str, value))
    text = as_toml(value) if toml else str(value)
    line = "".join(character if character.isprintable() else "?" for character in text)
    return line if len(line) <= 60 else line[:59] + "…"


def as_toml(value: Any) -> str:
    """The value as TOML writes it."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key} = {as_toml(each)}' for key, each in value.items())}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(as_toml, value))}]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (str, bool)) else str(value)

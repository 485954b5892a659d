"""The user's own keys: from the environment, or from a file that nobody else can read. Never in a message, a repr or a log."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from tui.model import DataError

VARIABLES = {
    "alpaca": (("OUTPACE_ALPACA_KEY", "APCA_API_KEY_ID"), ("OUTPACE_ALPACA_SECRET", "APCA_API_SECRET_KEY")),
    "tiingo": (("OUTPACE_TIINGO_KEY", "TIINGO_API_KEY"), ()),
    "finnhub": (("OUTPACE_FINNHUB_KEY", "FINNHUB_API_KEY"), ()),
}
"""Where the key and, for Alpaca, its secret half are looked for: ours first, then the provider's own name."""

_LONGEST = 256


class KeyFileError(DataError):
    """The file of keys cannot be used. The message says what to do, and nothing of what is in it."""


class Key(Struct, frozen=True):
    """A key, with its secret half where the provider has two. Neither is in its repr."""

    value: str
    secret: str = ""

    def __repr__(self) -> str:
        return "Key(...)"


def load(file: Path, env: Mapping[str, str]) -> dict[str, Key]:
    """The keys by provider; the environment wins over the file, which has `alpaca = ["KEY", "SECRET"]`, `tiingo = "KEY"`.

    Raises:
        KeyFileError: the file is there, but others may read it, or it is no such file.
    """
    keys = _from_file(file)
    for provider, (names, secrets) in VARIABLES.items():
        value, secret = _first(names, env), _first(secrets, env)
        if value and (secret or not secrets):
            keys[provider] = Key(_checked(value, provider), _checked(secret, provider) if secret else "")
    return keys


def _first(names: tuple[str, ...], env: Mapping[str, str]) -> str:
    return next((found for name in names if (found := env.get(name, "").strip())), "")


def _from_file(file: Path) -> dict[str, Key]:
    """The keys of the file; none if there is no file."""
    try:
        with file.open("rb") as opened:
            if opened.seekable() and file.stat().st_mode & 0o077:
                raise KeyFileError(f"{file}: others may read it; run: chmod 600 {file}")
            table = tomllib.load(opened)
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError):
        # Not their message: it may quote a line.
        raise KeyFileError(f'{file} cannot be read; expected lines like: tiingo = "KEY"') from None
    keys = {}
    for provider, value in table.items():
        halves = value if isinstance(value, list) else [value]
        wanted = 2 if VARIABLES.get(provider, ((), ()))[1] else 1
        if provider not in VARIABLES or len(halves) != wanted or not all(isinstance(half, str) for half in halves):
            raise KeyFileError(f'{file}: expected alpaca = ["KEY", "SECRET"], tiingo = "KEY", finnhub = "KEY"')
        keys[provider] = Key(*(_checked(half, provider) for half in halves))
    return keys


def _checked(text: str, provider: str) -> str:
    """A key that is safe to put into a header."""
    if not (0 < len(text) <= _LONGEST and text.isascii() and text.isprintable() and " " not in text):
        raise KeyFileError(f"the key for {provider} is not one: it has spaces, or signs that no key has")
    return text

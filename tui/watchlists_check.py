"""What a watchlist is, and what a symbol: outside text is checked here, and refused with its place. Pure."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from msgspec import Struct

from tui import watchlists_text
from tui.config import SYMBOL
from tui.format import MESSAGE, clean
from tui.toml_lines import UnreadableError, line_of, parse

MAX_SYMBOLS = 2000
"""Symbols that a list holds at most."""

DEFAULT_BENCHMARK = "SPY"

_VALID = re.compile(SYMBOL)
_ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_SEPARATORS = re.compile(r"[\s,;]+")
_WRAPPING = "\"'`()[]{}"
_FIELDS = {"symbols": 'symbols = ["IWM", "SPY"]', "benchmark": 'benchmark = "SPY"'}


class Watchlist(Struct, frozen=True):
    """A named list of symbols, in the user's order, and what it is measured against."""

    name: str
    symbols: tuple[str, ...]
    benchmark: str = DEFAULT_BENCHMARK


class WatchlistError(Exception):
    """A list or a file cannot be used or changed. The message says what to do; what it quotes of a file is cleaned."""

    def __init__(self, message: str) -> None:
        super().__init__(clean(message, MESSAGE))


def _built_in(name: str, symbols: str, benchmark: str = DEFAULT_BENCHMARK) -> Watchlist:
    """A list whose symbols are written in one line."""
    return Watchlist(name, tuple(symbols.split()), benchmark)


BUILT_IN = (
    _built_in("Rotation", "IWM SPY QQQ QQQS QQQJ MDY IJR VTWO RSP IWN IWO XBI ^RUT ^GSPC ^IXIC ^TNX"),
    _built_in("Sectors", "XLB XLC XLE XLF XLI XLK XLP XLRE XLU XLV XLY"),
    _built_in("Biotech", "XBI IBB AMGN GILD VRTX REGN BIIB MRNA ALNY INCY BMRN NBIX UTHR EXEL HALO", "XBI"),
)
"""The lists of someone who has none yet."""


def parse_symbols(text: str) -> tuple[list[str], list[str]]:
    """Symbols out of pasted text, `(accepted, rejected)`, in order and each once.

    Splits at commas, semicolons and white space; takes `$iwm`, `"SPY"`, `^RUT`, `BRK-B`, `EURUSD=X`. What a terminal
    puts around a paste and other control characters are dropped. From the 2,001st on, symbols are rejected.
    """
    accepted: dict[str, None] = {}
    rejected: dict[str, None] = {}
    plain = "".join(c for c in _ESCAPES.sub("", text) if c.isprintable() or c.isspace())
    for word in _SEPARATORS.split(plain):
        if not (bare := word.strip(_WRAPPING)):
            continue
        symbol = _normal(bare)
        if _VALID.fullmatch(symbol) and (symbol in accepted or len(accepted) < MAX_SYMBOLS):
            accepted[symbol] = None
        else:
            rejected[bare] = None
    return list(accepted), list(rejected)


def checked_symbol(text: str) -> str:
    """The symbol in upper case.

    Raises:
        WatchlistError: it is none.
    """
    if not _VALID.fullmatch(symbol := _normal(text.strip())):
        raise WatchlistError(f"{text[:40]!r} is no symbol; write it like IWM, ^RUT or BRK-B")
    return symbol


def checked_symbols(name: str, symbols: Iterable[str]) -> tuple[str, ...]:
    """The symbols of the list `name` in upper case, each once.

    Raises:
        WatchlistError: one is none, or they are too many.
    """
    checked = tuple(dict.fromkeys(map(checked_symbol, symbols)))
    if len(checked) > MAX_SYMBOLS:
        raise WatchlistError(f"{name} would have {len(checked):,} symbols; {MAX_SYMBOLS:,} are the most")
    return checked


def lists_in(text: str) -> dict[str, Watchlist]:
    """The lists that the text of a file holds, in its order.

    Raises:
        WatchlistError: it holds something else; the message begins with the line.
    """
    try:
        table = parse(text)
    except UnreadableError as error:
        key = f"{error.key}: " if error.key else ""
        expected = f"expected [Name] and below it {_FIELDS['symbols']}"
        raise WatchlistError(f"line {error.line}: {key}{error}; {expected}") from error
    headed = {block.name for block in watchlists_text.blocks(text)}
    return {name: _list(text, name, value, headed=name in headed) for name, value in table.items()}


def _list(text: str, name: str, value: Any, *, headed: bool) -> Watchlist:
    """One list of a file; `headed` is whether it has a line `[Name]` of its own."""

    def malformed(problem: str, key: str = "") -> WatchlistError:
        line = line_of(text, name, key) if key else line_of(text, name)
        expected = _FIELDS.get(key, f"a line [{name}] and below it {_FIELDS['symbols']}")
        return WatchlistError(f"line {line}: {f'{name}.{key}' if key else name} {problem}; expected {expected}")

    if not headed or not isinstance(value, dict):
        raise malformed("is no list")
    for key in value.keys() - _FIELDS.keys():
        close = get_close_matches(key, _FIELDS, n=1, cutoff=0.5)
        raise malformed(f"is not known, did you mean {close[0]}?" if close else "is not known", key)
    symbols, benchmark = value.get("symbols", []), value.get("benchmark", DEFAULT_BENCHMARK)
    if not isinstance(symbols, list):
        raise malformed("is no list of symbols", "symbols")
    try:
        checked = checked_symbols(name, map(_text, symbols))
    except WatchlistError as error:
        raise malformed(f"cannot be used: {error}", "symbols") from error
    try:
        return Watchlist(name, checked, checked_symbol(_text(benchmark)))
    except WatchlistError as error:
        raise malformed(f"cannot be used: {error}", "benchmark") from error


def _normal(text: str) -> str:
    """Upper case without a leading `$`; letters beyond ASCII stay, for some would become ASCII ones (ß: SS)."""
    bare = text.lstrip("$")
    return bare.upper() if bare.isascii() else bare


def _text(value: object) -> str:
    """A value that must be text."""
    if not isinstance(value, str):
        raise WatchlistError(f"{value!r} is not in quotes")
    return value

"""What every dialect takes and gives, and the error that tells a user which line to look at."""

import re
from datetime import datetime

import polars as pl
from msgspec import Struct

from tui.model_drivers import Estimate, Filing, Fundamental, Series
from tui.store.text import clean

_SYMBOL = re.compile(r"\^?[A-Z0-9][A-Z0-9.&=-]{0,19}")
"""Yahoo's alphabet (`^RUT`, `BRK-B`, `HSBA.L`, `EURUSD=X`), long enough for FRED's series."""


class DialectError(Exception):
    """A file is not what it should be. The message says why; `line` says where, counted from 1."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(f"line {line}: {reason}" if line else reason)
        self.reason = reason
        self.line = line


class Hints(Struct, frozen=True, kw_only=True):
    """What is known of a file besides its content."""

    stem: str
    """The file's name without its ending: the symbol, where the content names none."""
    symbol: str | None = None
    """What the user says the symbol is; stands above all else."""
    drop_partial: bool = False
    """Leave out a last bar that looks partial."""
    modified: datetime | None = None
    """When the file was written, aware: a daily bar of a session that was still open then is partial."""


class Parsed(Struct, frozen=True, kw_only=True):
    """What a file holds: daily bars (`DAILY_SCHEMA`), five-minute bars (`BAR_SCHEMA`), or what drives prices."""

    dialect: str
    daily: pl.DataFrame | None = None
    intraday: pl.DataFrame | None = None
    series: list[Series] = []
    """Yields and macro series; daily ones are also in `daily`, as closes."""
    fundamentals: list[Fundamental] = []
    estimates: list[Estimate] = []
    filings: list[Filing] = []
    notes: list[str] = []
    """Sentences for the user: what was rebuilt, what looks partial."""


def symbol_of(text: str) -> str | None:
    """`text` as a symbol, in capitals; None when it cannot be one."""
    candidate = text.strip().upper()
    return candidate if _SYMBOL.fullmatch(candidate) else None


def named_symbol(hints: Hints) -> str:
    """The symbol of a file whose content names none: as told, or its stem.

    Raises:
        DialectError: neither is a symbol.
    """
    symbol = symbol_of(hints.symbol if hints.symbol is not None else hints.stem)
    if symbol is None and hints.symbol is not None:
        raise DialectError(f"“{clean(hints.symbol, 40)}” is not a symbol")
    if symbol is None:
        raise DialectError(f"“{clean(hints.stem, 40)}” is not a symbol: rename to SYMBOL.csv or give --symbol SYMBOL")
    return symbol


def one_symbol(frame: pl.DataFrame, hints: Hints) -> pl.DataFrame:
    """`frame`, whose rows name their symbols, under the symbol that the user told, if any.

    Raises:
        DialectError: a symbol was told for a file of several, or a name in the file is not a symbol.
    """
    names = frame.get_column("symbol").unique(maintain_order=True).to_list()
    if hints.symbol is not None:
        if len(names) > 1:
            raise DialectError(f"holds {len(names)} symbols: --symbol is for a file of one")
        return frame.with_columns(symbol=pl.lit(named_symbol(hints)))
    symbols = {name: symbol_of(name or "") for name in names}
    if strange := [name for name, symbol in symbols.items() if symbol is None]:
        raise DialectError(f"“{clean(strange[0] or '', 40)}” is not a symbol")
    return frame.with_columns(pl.col("symbol").replace(symbols))

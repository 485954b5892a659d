"""A folder of files as an archive: what a replay plays, read in place and never written.

daily/SYMBOL.csv, SYMBOL.csv         one symbol each, in any dialect of daily bars
*.parquet, daily/*.parquet           long tables of daily or five-minute bars
intraday/SYMBOL.csv                  five-minute bars of one symbol
"""

from collections.abc import Sequence
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

import polars as pl

from tui.model import Bar, Bars
from tui.store import dialects
from tui.store.convert import day_bounds, sessions_of, to_bar_list, to_bars
from tui.store.dialects.parquet import kind_of
from tui.store.parts import READ_ERRORS
from tui.store.schema import BAR_KEYS, BAR_SCHEMA, DAILY_KEYS, DAILY_SCHEMA, HistoryError, conform
from tui.store.upsert import latest

FILES_KEPT = 64
"""Files of one symbol each that are kept as they were parsed: a list is read again when its day is over."""


class Folder:
    """An `Archive` over `path`. Opening it lists files; a file is read when something of it is asked for.

    A symbol's daily bars come from one file, so that prices adjusted in different ways never meet in one series: its
    CSV (`daily/` before the folder itself), or else the Parquet table with the most columns.

    Raises:
        HistoryError: `path` is not a folder, or, from any method, a file of it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            flat, daily, intraday = (_files(folder) for folder in (path, path / "daily", path / "intraday"))
        except OSError as error:
            raise HistoryError(f"{path} cannot be read: {error.strerror}") from error
        if not path.is_dir():
            raise HistoryError(f"{path} is not a folder")
        self._csv = _by_symbol(flat) | _by_symbol(daily)
        self._bars_csv = _by_symbol(intraday)
        self._read = lru_cache(FILES_KEPT)(_read)
        self._tables = [file for file in (*flat, *daily, *intraday) if file.suffix.lower() == ".parquet"]

    def symbols(self) -> list[str]:
        """Symbols that have daily bars, sorted."""
        return sorted(self._csv.keys() | self._daily_tables.keys())

    def days(self) -> list[date]:
        """Days of which any symbol has a daily bar, oldest first."""
        # A table is read once for all its symbols: asking for each of thousands alone takes a minute.
        tables = [_collect(table.select(pl.col("date").unique())) for table in self._kinds["daily"]]
        frames = [self._daily_frame(symbol) for symbol in self._csv] + [
            conform(table.with_columns(symbol=pl.lit("")), DAILY_SCHEMA) for table in tables
        ]
        found = pl.concat([pl.DataFrame(schema=DAILY_SCHEMA), *frames]).get_column("date")
        return found.unique().sort().to_list()

    def daily(self, symbol: str, start: date | None = None, end: date | None = None) -> Bars:
        """Daily bars with `start <= date <= end`, oldest first; empty columns when there are none."""
        frame = self._daily_frame(symbol)
        if start is not None:
            frame = frame.filter(pl.col("date") >= start)
        if end is not None:
            frame = frame.filter(pl.col("date") <= end)
        return to_bars(symbol, frame, source="folder")

    def daily_many(self, symbols: Sequence[str], start: date, end: date) -> list[Bars]:
        """`daily` for many symbols; those without bars in the span are left out."""
        found = (self.daily(symbol, start, end) for symbol in symbols)
        return [bars for bars in found if bars.dates]

    def intraday(self, symbol: str, session: date) -> list[Bar]:
        """Five-minute bars of that session (New York), oldest first; empty when there are none."""
        start, end = day_bounds(session)
        return to_bar_list(self._bars(symbol, (pl.col("time") >= start) & (pl.col("time") < end)))

    def intraday_sessions(self, symbol: str) -> list[date]:
        """Sessions that have five-minute bars, oldest first."""
        # An archive is asked for all its symbols, and mostly a few of thousands have any.
        if symbol not in self._bars_csv and symbol not in self._intraday_tables:
            return []
        return sessions_of(self._bars(symbol, pl.lit(value=True)).get_column("time"))

    def _daily_frame(self, symbol: str) -> pl.DataFrame:
        if symbol in self._csv:
            found = self._read(self._csv[symbol], symbol).daily
            if found is not None:
                return latest(found, DAILY_KEYS)
        if symbol in self._daily_tables:
            rows = self._daily_tables[symbol].filter(pl.col("symbol") == symbol)
            return latest(conform(_collect(rows), DAILY_SCHEMA), DAILY_KEYS)
        return pl.DataFrame(schema=DAILY_SCHEMA)

    def _bars(self, symbol: str, when: pl.Expr) -> pl.DataFrame:
        found = self._read(self._bars_csv[symbol], symbol).intraday if symbol in self._bars_csv else None
        if found is None:
            table = self._intraday_tables.get(symbol)
            if table is None:
                return pl.DataFrame(schema=BAR_SCHEMA)
            return latest(conform(_collect(table.filter((pl.col("symbol") == symbol) & when)), BAR_SCHEMA), BAR_KEYS)
        return latest(found.filter(when), BAR_KEYS)

    @cached_property
    def _kinds(self) -> dict[str, list[pl.LazyFrame]]:
        """The Parquet tables of each kind, the one with the fewest columns first."""
        kinds: dict[str, list[tuple[int, pl.LazyFrame]]] = {"daily": [], "intraday": []}
        for file in self._tables:
            try:
                table = pl.scan_parquet(file, glob=False).rename(str.lower)
                names = table.collect_schema().names()
            except READ_ERRORS as error:
                raise HistoryError(f"{file} is damaged or not Parquet: remove it from the folder") from error
            if (kind := kind_of(names)) is not None:
                kinds[kind].append((len(DAILY_SCHEMA.keys() & set(names)), table))
        return {
            kind: [table for _, table in sorted(tables, key=lambda each: each[0])] for kind, tables in kinds.items()
        }

    @cached_property
    def _daily_tables(self) -> dict[str, pl.LazyFrame]:
        return {symbol: table for table in self._kinds["daily"] for symbol in _symbols(table)}

    @cached_property
    def _intraday_tables(self) -> dict[str, pl.LazyFrame]:
        return {symbol: table for table in self._kinds["intraday"] for symbol in _symbols(table)}


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.is_file()) if folder.is_dir() else []


def _by_symbol(files: list[Path]) -> dict[str, Path]:
    """CSV files by the symbol they are named for; others are not data of one symbol."""
    csv = {dialects.symbol_of(file.stem): file for file in files if file.suffix.lower() == ".csv"}
    return {symbol: file for symbol, file in csv.items() if symbol is not None}


def _symbols(table: pl.LazyFrame) -> list[str]:
    return _collect(table.select(pl.col("symbol").unique())).get_column("symbol").drop_nulls().to_list()


def _read(file: Path, symbol: str) -> dialects.Parsed:
    try:
        return dialects.read(file, symbol)
    except dialects.DialectError as error:
        raise HistoryError(f"{file}: {error}") from error


def _collect(table: pl.LazyFrame) -> pl.DataFrame:
    try:
        return table.collect()
    except READ_ERRORS as error:
        raise HistoryError(f"a Parquet file of the folder cannot be read: {error}") from error

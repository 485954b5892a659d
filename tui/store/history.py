"""The local history: daily and five-minute bars of all symbols, by year, safe under several processes and a kill.

Reading takes no lock: a reader follows one manifest, and when a writer has meanwhile removed a file of it, reads the
newer manifest and starts again. See `manifest.py` for the files, `writer.py` for the commit.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

import polars as pl
from msgspec import Struct

from tui.model import Bar, Bars, Instrument
from tui.sessions import NEW_YORK
from tui.store import instruments, parts
from tui.store.convert import day_bounds, sessions_of, to_bar_list, to_bars
from tui.store.manifest import Manifest, load
from tui.store.schema import BAR_SCHEMA, DAILY_KEYS, DAILY_SCHEMA, HistoryError, bars_frame
from tui.store.writer import Progress, Writer, Written

__all__ = ["DAILY_SCHEMA", "History", "HistoryError", "Span", "Written"]

RETRIES = 20
"""How often a reader starts again because a writer was faster."""

T = TypeVar("T")


class Span(Struct, frozen=True):
    """What is stored of one symbol."""

    first: date
    last: date
    rows: int


class History:
    """The history in the folder `root`, which need not exist yet. Blocking; every method may be called in a thread.

    Raises:
        HistoryError: from any method, when a file cannot be read or written; the message names it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._indexes: dict[str, tuple[tuple[str, ...], pl.DataFrame]] = {}

    # --- reading ------------------------------------------------------------------------------------------------

    def frame(
        self,
        symbols: Sequence[str] | None = None,
        start: date | None = None,
        end: date | None = None,
        columns: Sequence[str] | None = None,
    ) -> pl.DataFrame:
        """Daily bars with `start <= date <= end` of these symbols (all when None), sorted by symbol and date.

        Columns are those of `DAILY_SCHEMA`, or `symbol`, `date` and the named ones. Only the years needed are read.
        """
        names = [name for name in DAILY_SCHEMA if columns is None or name in DAILY_KEYS or name in columns]
        if unknown := set(columns or ()) - set(DAILY_SCHEMA):
            raise ValueError(f"no such column: {', '.join(sorted(unknown))}")

        def query(manifest: Manifest) -> pl.DataFrame:
            found = [
                (year, part)
                for year, part in sorted(manifest.daily.items())
                if (start is None or start.year <= year) and (end is None or year <= end.year)
            ]
            if not found or (start and end and end < start):
                return pl.DataFrame(schema={name: DAILY_SCHEMA[name] for name in names})
            if len(found) > parts.MERGED:
                table = _of(parts.scan_many(self.root, [part for _, part in found]), symbols)
                return (
                    _between(_between(table, found[0][0], start, None), found[-1][0], None, end).select(names).collect()
                )
            years = [_between(parts.scan(self.root, part), year, start, end) for year, part in found]
            return parts.merge([_of(year, symbols).select(names) for year in years]).collect()

        return self._read(query)

    def peaks(self, symbols: Sequence[str] | None, before: date) -> dict[str, float]:
        """The highest close of all stored sessions strictly before `before`, for symbols that have one."""

        def query(manifest: Manifest) -> dict[str, float]:
            index = _of(self._index(manifest, "daily").lazy(), symbols).filter(pl.col("first") < before).collect()
            tables = [index.lazy().filter(pl.col("max_when") < before).select("symbol", "max_close")]
            # Only where the year's highest close is still to come do the year's rows have to be looked at.
            cut = index.filter(pl.col("max_when") >= before).get_column("symbol")
            if cut.len():
                rows = _between(parts.scan(self.root, manifest.daily[before.year]), before.year, None, before)
                rows = _of(rows, cut.to_list()).filter(pl.col("date") < before)
                tables.append(rows.select("symbol", max_close="close"))
            peaks = pl.concat(tables).group_by("symbol").agg(pl.col("max_close").max()).drop_nulls()
            return dict(peaks.collect().iter_rows())

        return self._read(query)

    def spans(self) -> dict[str, Span]:
        """First and last session and number of rows of each symbol with daily bars, sorted by symbol."""
        return self._spans("daily")

    def last_sessions(self, symbols: Sequence[str]) -> dict[str, date]:
        """The last stored session of each symbol; symbols without bars are left out."""
        spans = self.spans()
        return {symbol: spans[symbol].last for symbol in symbols if symbol in spans}

    def intraday_spans(self) -> dict[str, Span]:
        """First and last session (New York) and number of five-minute bars of each symbol that has any, sorted."""
        return self._spans("intraday")

    def instruments(self, symbols: Iterable[str]) -> list[Instrument]:
        """What is known of these symbols besides bars; unknown ones are left out."""
        known = instruments.load(self.root)
        return [known[symbol] for symbol in symbols if symbol in known]

    # --- the archive --------------------------------------------------------------------------------------------

    def symbols(self) -> list[str]:
        """Symbols that have daily bars, sorted."""
        return list(self.spans())

    def days(self) -> list[date]:
        """Days of which any symbol has a daily bar, oldest first."""

        def query(manifest: Manifest) -> list[date]:
            years = [parts.scan(self.root, part).select(pl.col("date").unique()) for part in manifest.daily.values()]
            return pl.concat(years).collect().get_column("date").sort().to_list() if years else []

        return self._read(query)

    def daily(self, symbol: str, start: date | None = None, end: date | None = None) -> Bars:
        """Daily bars with `start <= date <= end`, oldest first; empty columns when there are none."""
        frame = self.frame([symbol], start, end)
        known = instruments.load(self.root).get(symbol)
        currency = known.currency if known else None
        return to_bars(symbol, frame, source="history", fetched_at=load(self.root).committed, currency=currency)

    def daily_many(self, symbols: Sequence[str], start: date, end: date) -> list[Bars]:
        """`daily` for many symbols in one read; symbols without bars in the span are left out."""
        known, committed = instruments.load(self.root), load(self.root).committed
        return [
            to_bars(
                symbol,
                rows,
                source="history",
                fetched_at=committed,
                currency=known[symbol].currency if symbol in known else None,
            )
            for (symbol,), rows in self.frame(symbols, start, end).partition_by("symbol", as_dict=True).items()
        ]

    def intraday(self, symbol: str, session: date) -> list[Bar]:
        """Five-minute bars of that session (New York), oldest first; empty when there are none."""
        return self.intraday_between(symbol, session, session)

    def intraday_between(self, symbol: str, first: date, last: date) -> list[Bar]:
        """Five-minute bars of the sessions `first` to `last` (New York), oldest first; empty when there are none."""
        start, end = day_bounds(first)[0], day_bounds(last)[1]

        def query(manifest: Manifest) -> list[Bar]:
            years = [manifest.intraday[y] for y in range(start.year, end.year + 1) if y in manifest.intraday]
            if not years:
                return []
            mine = (pl.col("symbol") == symbol) & (pl.col("time") >= start) & (pl.col("time") < end)
            return to_bar_list(parts.merge([parts.scan(self.root, part).filter(mine) for part in years]).collect())

        return self._read(query)

    def bars(self, symbol: str, end: date | None = None) -> pl.DataFrame:
        """All five-minute bars of a symbol up to and with a session (New York), oldest first.

        Columns are `symbol`, `time` (start, UTC) and `volume`: what the usual day is made of.
        """
        until = day_bounds(end)[1] if end else None

        def query(manifest: Manifest) -> pl.DataFrame:
            mine = (
                pl.col("symbol") == symbol if until is None else (pl.col("symbol") == symbol) & (pl.col("time") < until)
            )
            years = [
                parts.scan(self.root, part).filter(mine).select("symbol", "time", "volume")
                for year, part in sorted(manifest.intraday.items())
                if until is None or year <= until.year
            ]
            if not years:
                return pl.DataFrame(schema={name: BAR_SCHEMA[name] for name in ("symbol", "time", "volume")})
            return parts.merge(years).collect()

        return self._read(query)

    def intraday_sessions(self, symbol: str) -> list[date]:
        """Sessions that have five-minute bars, oldest first."""

        def query(manifest: Manifest) -> list[date]:
            mine = [
                parts.scan(self.root, part).filter(pl.col("symbol") == symbol).select("time")
                for part in manifest.intraday.values()
            ]
            return sessions_of(pl.concat(mine).collect().get_column("time")) if mine else []

        return self._read(query)

    # --- writing ------------------------------------------------------------------------------------------------

    def writing(self, progress: Progress | None = None) -> Writer:
        """A context that takes many frames and commits them at once."""
        return Writer(self.root, progress)

    def append(self, rows: pl.DataFrame | Iterable[Bars]) -> Written:
        """Upsert daily bars by symbol and date: a new value replaces, a null never replaces a known value.

        A frame holds `symbol`, `date` and any of the other columns of `DAILY_SCHEMA`, in any order; of several rows
        with one key each column takes its last known value. All of it is committed, or nothing.
        """
        if not isinstance(rows, pl.DataFrame):
            return self.append_bars(*rows)
        with self.writing() as writer:
            writer.daily(rows)
        return writer.written

    def append_bars(self, *bars: Bars) -> Written:
        """Upsert the daily bars of one symbol, or of several in one commit, and remember their currencies."""
        with self.writing() as writer:
            for each in bars:
                writer.daily(bars_frame(each))
                if each.currency:
                    writer.instruments([Instrument(symbol=each.symbol, currency=each.currency)])
        return writer.written

    def append_intraday(self, symbol: str, bars: Sequence[Bar]) -> Written:
        """Upsert five-minute bars of one symbol by their start."""
        return self.append_intraday_many({symbol: bars})

    def append_intraday_many(self, bars: Mapping[str, Sequence[Bar]]) -> Written:
        """Upsert five-minute bars of several symbols in one commit."""
        with self.writing() as writer:
            for symbol, own in bars.items():
                names = [name for name in BAR_SCHEMA if name not in {"symbol", "time"}]
                frame = pl.DataFrame(
                    {name: [getattr(bar, name) for bar in own] for name in names},
                    schema={name: BAR_SCHEMA[name] for name in names},
                )
                times = pl.Series([round(bar.time * 1e6) for bar in own], dtype=pl.Int64).cast(BAR_SCHEMA["time"])
                writer.intraday(frame.with_columns(pl.lit(symbol).alias("symbol"), times.alias("time")))
        return writer.written

    def remember(self, found: Iterable[Instrument]) -> None:
        """Merge names, kinds and currencies; what is unknown in `found` does not replace what is known."""
        with self.writing() as writer:
            writer.instruments(found)

    # --- shared -------------------------------------------------------------------------------------------------

    def _spans(self, kind: str) -> dict[str, Span]:
        def query(manifest: Manifest) -> dict[str, Span]:
            index = self._index(manifest, kind).lazy()
            if kind == "intraday":
                index = index.with_columns(pl.col("first", "last").dt.convert_time_zone(NEW_YORK.key).dt.date())
            spans = index.group_by("symbol").agg(pl.col("first").min(), pl.col("last").max(), pl.col("rows").sum())
            return {symbol: Span(*span) for symbol, *span in spans.sort("symbol").collect().iter_rows()}

        return self._read(query)

    def _index(self, manifest: Manifest, kind: str) -> pl.DataFrame:
        """What `parts.index_of` says of all years; read once for as long as no part is replaced."""
        years = list(manifest.parts(kind).values())
        key = tuple(part.index for part in years)
        held = self._indexes.get(kind)
        if held is None or held[0] != key:
            held = self._indexes[kind] = key, parts.read_index(self.root, kind, years)
        return held[1]

    def _read(self, query: Callable[[Manifest], T]) -> T:
        manifest = load(self.root)
        for _ in range(RETRIES):
            try:
                return query(manifest)
            except parts.READ_ERRORS as error:
                failed, cause = manifest, error
                manifest = load(self.root)
                if manifest == failed:
                    break
        raise parts.blame(self.root, parts.all_parts(failed), cause) from cause


def _between(year_of: pl.LazyFrame, year: int, start: date | None, end: date | None) -> pl.LazyFrame:
    """The days of one year's table between two dates; a year that lies inside is not filtered at all."""
    if start is not None and start > date(year, 1, 1):
        year_of = year_of.filter(pl.col("date") >= start)
    if end is not None and end < date(year, 12, 31):
        year_of = year_of.filter(pl.col("date") <= end)
    return year_of


def _of(table: pl.LazyFrame, symbols: Sequence[str] | None) -> pl.LazyFrame:
    return table if symbols is None else table.filter(pl.col("symbol").is_in(list(symbols)))

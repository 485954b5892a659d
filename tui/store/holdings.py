"""What funds held, by date: a Parquet file for each list, under the history's folder. Older lists stay.

    root/holdings/IWM/2025-05-13.parquet           a whole list
    root/holdings/QQQ/2026-09-24.partial.parquet   a part of one, such as the ten largest
    root/holdings/sectors.json                     sectors known apart from any fund

Files are replaced whole, so that a reader needs no lock; writers take turns.
"""

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from math import isfinite
from pathlib import Path

import msgspec
import polars as pl
from filelock import FileLock, Timeout
from msgspec import Struct
from msgspec.structs import asdict, replace

from tui.files import reason
from tui.model import AssetClass, Fund, Holding
from tui.sectors import GICS, UNCLASSIFIED, Taxonomy, taxonomy_of
from tui.store import manifest
from tui.store.schema import HistoryError
from tui.typed import converted, from_json

FOLDER = "holdings"
SECTORS = "sectors.json"
LOCK = ".lock"
LOCK_TIMEOUT = 60.0
"""Seconds to wait for another process that is writing."""

HOLDING_SCHEMA: dict[str, pl.DataType] = {
    "symbol": pl.String(),
    "name": pl.String(),
    "weight": pl.Float64(),
    "sector": pl.String(),
    "market_value": pl.Float64(),
    "shares": pl.Float64(),
    "sector_original": pl.String(),
    "sector_source": pl.String(),
    "asset_class": pl.String(),
    "price": pl.Float64(),
    "cusip": pl.String(),
    "isin": pl.String(),
    "currency": pl.String(),
    "country": pl.String(),
}
"""One row for each position, in the source's order."""

Known = Mapping[str, tuple[str, str]]
"""A sector and who says so, by symbol."""

_META = "outpace"
_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})(\.partial)?\.parquet")
_SYMBOL = re.compile(r"\^?[A-Z0-9][A-Z0-9.=^&_-]{0,31}")
_READ_ERRORS = (pl.exceptions.PolarsError, pl.exceptions.PanicException, msgspec.MsgspecError, ValueError, KeyError)


class WorseError(HistoryError):
    """A list so much shorter than the stored one that it is more likely damaged than true."""


class _Head(Struct, frozen=True):
    """What a file says of its fund, in the metadata of its columns."""

    name: str
    source: str
    sector_weights: dict[str, float] = {}


class _File(Struct, frozen=True, order=True):
    """A stored list."""

    as_of: date
    partial: bool
    path: Path


class Holdings:
    """The lists under the folder `root`, which need not exist yet. Blocking; every method may be called in a thread.

    Raises:
        HistoryError: from any method, when a file cannot be read or written; the message names it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root / FOLDER

    # --- reading ------------------------------------------------------------------------------------------------

    def funds(self) -> list[str]:
        """Symbols of the funds with a stored list, sorted."""
        if not self.root.is_dir():
            return []
        return sorted(each.name for each in self.root.iterdir() if each.is_dir() and self._files(each.name))

    def dates(self, symbol: str) -> list[date]:
        """The dates of the fund's lists, oldest first."""
        return sorted({each.as_of for each in self._files(symbol)})

    def latest(self, symbol: str, before: date | None = None) -> Fund | None:
        """The newest list dated `before` or earlier (of all when None), None where there is none.

        A whole list wins over a partial one of any date: ten names of today tell less than two thousand of last month.
        """
        found = self._latest(symbol, before)
        return None if found is None else _read(symbol, found)

    def nearest(self, symbol: str, day: date) -> Fund | None:
        """What `latest` finds for `day`, or else the first list after it: the nearest that is known of a past day."""
        found = self._latest(symbol, day)
        if found is None:
            later = self._files(symbol)
            found = min(later, key=lambda each: (each.partial, each.as_of), default=None)
        return None if found is None else _read(symbol, found)

    def holders(self, symbol: str, before: date | None = None) -> list[tuple[str, float]]:
        """The funds whose latest list has the symbol, with its weight there, the heaviest first."""
        found = []
        for fund in self.funds():
            file = self._latest(fund, before)
            if file is None:
                continue
            with _explained(file.path):
                rows = (
                    pl.scan_parquet(file.path, glob=False).filter(pl.col("symbol") == symbol).select("weight").collect()
                )
            if rows.height:
                found.append((fund, float(rows.get_column("weight").sum())))
        return sorted(found, key=lambda each: (-each[1], each[0]))

    def sectors(self, besides: str | None = None) -> dict[str, tuple[str, str]]:
        """GICS sectors of all symbols that are known here, for `fill_sectors`: learned ones first, then the funds' own.

        `besides` is the fund that is to be filled. A list of each quarter is read, so that a company which has left a fund
        keeps the sector that it had there; the newest word wins. The source of a fund's word names both: `ishares IWM`.
        """
        known: dict[str, tuple[str, str]] = {}
        for file in sorted(self._quarterly(besides), key=lambda each: each.as_of, reverse=True):
            fund = file.path.parent.name
            with _explained(file.path):
                rows = pl.read_parquet(
                    file.path, columns=["symbol", "sector", "sector_source"], glob=False
                ).drop_nulls()
            for symbol, sector, source in rows.iter_rows():
                if sector in GICS and taxonomy_of(source) is Taxonomy.GICS:
                    known.setdefault(symbol, (sector, source if " " in source else f"{source} {fund}"))
        return known | self._learned()

    # --- writing ------------------------------------------------------------------------------------------------

    def save(self, fund: Fund, *, force: bool = False) -> bool:
        """Store a list under its date; False when the same one was stored already.

        Raises:
            WorseError: a whole list with no shares, or with fewer than half of those in the fund's stored list, unless
                forced.
        """
        if not _SYMBOL.fullmatch(fund.symbol):
            raise HistoryError(f"{fund.symbol[:40]!r} cannot be the symbol of a fund")
        if bad := next((each for each in fund.holdings if not isfinite(each.weight)), None):
            raise HistoryError(f"{fund.symbol}: the weight of {bad.name[:40]} is not a number")
        path = self.root / fund.symbol / f"{fund.as_of:%Y-%m-%d}{'.partial' if fund.partial else ''}.parquet"
        with self._writing():
            if not force:
                self._guard(fund)
            if path.exists() and _same(fund, path):
                return False
            path.parent.mkdir(parents=True, exist_ok=True)
            manifest.replace(path, _encoded(fund))
        return True

    def learn(self, known: Known) -> int:
        """Remember sectors that come without a fund, such as an index's constituents; returns how many were new."""
        with self._writing():
            before = self._learned()
            after = before | dict(known)
            if after != before:
                manifest.replace(self.root / SECTORS, msgspec.json.format(msgspec.json.encode(after, order="sorted")))
        return len(after) - len(before)

    # --- shared -------------------------------------------------------------------------------------------------

    def _guard(self, fund: Fund) -> None:
        """Refuse a whole list that is worse than the one before it, or than the first one where it is older than all."""
        shares = _equities(fund)
        if fund.partial:
            return
        whole = sorted(each for each in self._files(fund.symbol) if not each.partial)
        earlier = [each for each in whole if each.as_of <= fund.as_of]
        previous = (earlier or whole)[-1 if earlier else 0] if whole else None
        stored = _equities(_read(fund.symbol, previous)) if previous is not None else 0
        if previous is not None and shares * 2 < stored:
            raise WorseError(
                f"{fund.symbol}: {shares:,} shares of {fund.as_of} are fewer than half of the {stored:,} of {previous.as_of}, "
                "which stay: check that the file is whole, or force it"
            )
        if not fund.holdings:
            raise WorseError(f"{fund.symbol}: the list of {fund.as_of} is empty, and was not stored")

    def _files(self, symbol: str) -> list[_File]:
        folder = self.root / symbol
        if not _SYMBOL.fullmatch(symbol) or not folder.is_dir():
            return []
        found = []
        for path in folder.iterdir():
            if (name := _NAME.fullmatch(path.name)) is not None:
                try:
                    found.append(_File(date.fromisoformat(name[1]), name[2] is not None, path))
                except ValueError:
                    continue
        return found

    def _latest(self, symbol: str, before: date | None) -> _File | None:
        files = [each for each in self._files(symbol) if before is None or each.as_of <= before]
        return max(files, key=lambda each: (not each.partial, each.as_of), default=None)

    def _quarterly(self, besides: str | None) -> list[_File]:
        """The newest list of each quarter of each fund."""
        newest = {
            (fund, file.as_of.year, (file.as_of.month - 1) // 3): file
            for fund in self.funds()
            if fund != besides
            for file in sorted(self._files(fund))
        }
        return list(newest.values())

    def _learned(self) -> dict[str, tuple[str, str]]:
        path = self.root / SECTORS
        with _explained(path):
            return from_json(path.read_bytes(), dict[str, tuple[str, str]]) if path.exists() else {}

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """The lock, with what the system says turned into words that help."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with FileLock(self.root / LOCK, timeout=LOCK_TIMEOUT):
                yield
        except Timeout as error:
            raise HistoryError(
                f"{self.root} is being written by another process for too long: try again later"
            ) from error
        except OSError as error:
            raise HistoryError(f"{self.root} cannot be written: {reason(error)}") from error


def fill_sectors(fund: Fund, known: Known) -> Fund:
    """`fund` with the sectors that its holdings lack taken from `known`, each marked with who said it.

    What a fund's own source says of a sector stays; only nothing and `Unclassified` are replaced.
    """
    filled = []
    for each in fund.holdings:
        lacks = each.asset_class is AssetClass.EQUITY and each.sector in {None, UNCLASSIFIED}
        if lacks and (found := known.get(each.symbol or "")) is not None:
            filled.append(replace(each, sector=found[0], sector_source=found[1]))
        else:
            filled.append(each)
    return replace(fund, holdings=filled)


def _equities(fund: Fund) -> int:
    return sum(each.asset_class is AssetClass.EQUITY for each in fund.holdings)


def _encoded(fund: Fund) -> bytes:
    rows = [asdict(each) | {"asset_class": each.asset_class.value} for each in fund.holdings]
    head = msgspec.json.encode(_Head(fund.name, fund.source, fund.sector_weights)).decode()
    buffer = io.BytesIO()
    pl.DataFrame(rows, schema=HOLDING_SCHEMA).write_parquet(buffer, metadata={_META: head})
    return buffer.getvalue()


def _same(fund: Fund, path: Path) -> bool:
    """Whether a file holds this very list; one that cannot be read does not."""
    try:
        return _read(fund.symbol, _File(fund.as_of, fund.partial, path)) == fund
    except HistoryError:
        return False


def _read(symbol: str, file: _File) -> Fund:
    with _explained(file.path):
        head = from_json(pl.read_parquet_metadata(file.path)[_META], _Head)
        rows = pl.read_parquet(file.path, glob=False).select(
            pl.col(name).cast(kind) for name, kind in HOLDING_SCHEMA.items()
        )
        return Fund(
            symbol=symbol,
            name=head.name,
            as_of=file.as_of,
            source=head.source,
            holdings=converted(rows.to_dicts(), list[Holding]),
            partial=file.partial,
            sector_weights=head.sector_weights,
        )


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn what a reader says into a HistoryError that names the file and says what to do."""
    try:
        yield
    except OSError as error:
        raise HistoryError(f"{path} cannot be read: {reason(error)}") from error
    except _READ_ERRORS as error:
        raise HistoryError(f"{path} is damaged: delete it and import the holdings again") from error

"""Yields and macro series beside the history: a Parquet file each, observations and what is known of the series.

    root/macro/CPIAUCSL.parquet     date, value; title, unit, frequency, source and fetched_at in its metadata

A daily series is also kept in the history, as closes of a symbol of its name, where conditions on prices find it.
"""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec
import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from tui.model import Instrument, Kind
from tui.model_drivers import CATALOG, Frequency, Series, frequency_of
from tui.store import manifest
from tui.store.history import History
from tui.store.ledger import META, encoded, explained, read_table, writing
from tui.store.schema import HistoryError
from tui.store.upsert import upsert
from tui.store.writer import Written
from tui.typed import from_json

FOLDER = "macro"

MACRO_SCHEMA: dict[str, pl.DataType] = {"series": pl.String(), "date": pl.Date(), "value": pl.Float64()}
"""One row per series and observation; sorted so."""

_FILE_SCHEMA = {name: kind for name, kind in MACRO_SCHEMA.items() if name != "series"}
_ID = re.compile(r"[A-Z0-9][A-Z0-9.=^&_-]{0,31}")
_PRICES = ("open", "high", "low", "adj_close", "volume")


class Head(Struct, frozen=True, kw_only=True):
    """What is stored of a series besides its observations."""

    id: str = ""
    title: str | None = None
    unit: str | None = None
    frequency: Frequency = Frequency.OTHER
    source: str
    fetched_at: float
    """When it was last told: epoch seconds UTC."""
    first: date | None = None
    last: date | None = None
    rows: int = 0


class Macro:
    """The series under the folder `root`, which need not exist yet. Blocking; every method may be called in a thread.

    Raises:
        HistoryError: from any method, when a file cannot be read or written; the message names it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root / FOLDER
        self._history = History(root)

    # --- reading ------------------------------------------------------------------------------------------------

    def ids(self) -> list[str]:
        """The stored series, sorted."""
        if not self.root.is_dir():
            return []
        return sorted(path.stem for path in self.root.glob("*.parquet") if _ID.fullmatch(path.stem))

    def head(self, series_id: str) -> Head | None:
        """What is known of a series, without its observations; None where it is not stored."""
        path = self.root / f"{series_id}.parquet"
        if not _ID.fullmatch(series_id) or not path.exists():
            return None
        with explained(path):
            return from_json(pl.read_parquet_metadata(path)[META], Head)

    def load(self, series_id: str) -> Series | None:
        """The series; one that only the history has, as closes without prices, is read from there. None: nowhere."""
        head = self.head(series_id)
        if head is None:
            return self._from_history(series_id)
        rows = read_table(self.root / f"{series_id}.parquet", _FILE_SCHEMA)
        return Series(
            id=series_id,
            dates=rows.get_column("date").to_list(),
            values=rows.get_column("value").to_list(),
            title=head.title,
            unit=head.unit,
            frequency=head.frequency,
            source=head.source,
            fetched_at=head.fetched_at,
        )

    def frame(
        self, ids: Sequence[str] | None = None, start: date | None = None, end: date | None = None
    ) -> pl.DataFrame:
        """Observations of these series (all when None) with `start <= date <= end`: `MACRO_SCHEMA`, sorted."""
        wanted = sorted(set(self.ids() if ids is None else ids))
        tables = [_frame_of(found) for series_id in wanted if (found := self.load(series_id)) is not None]
        frame = pl.concat(tables) if tables else pl.DataFrame(schema=MACRO_SCHEMA)
        if start is not None:
            frame = frame.filter(pl.col("date") >= start)
        return frame if end is None else frame.filter(pl.col("date") <= end)

    # --- writing ------------------------------------------------------------------------------------------------

    def save(self, *found: Series, history: bool = True) -> Written:
        """Upsert observations by date, each series whole or not at all; what is not known keeps what was known.

        With `history`, daily series go into the history too; an import has put them there already.
        """
        for each in found:
            if not _ID.fullmatch(each.id):
                raise HistoryError(f"{each.id[:40]!r} cannot be the name of a series")
        if history:
            # First, so that a stop between the two leaves what the next save finds missing here.
            self._mirror([each for each in found if each.frequency is Frequency.DAILY])
        added = changed = 0
        with writing(self.root):
            for each in found:
                done = self._merge(each)
                added, changed = added + done.added, changed + done.changed
        return Written(added, changed, tuple(sorted({each.id for each in found})))

    # --- shared -------------------------------------------------------------------------------------------------

    def _merge(self, new: Series) -> Written:
        path = self.root / f"{new.id}.parquet"
        old = self.head(new.id)
        stored = pl.DataFrame(schema=MACRO_SCHEMA) if old is None else self._stored(new.id)
        merged = upsert(stored, _finite(new), ("series", "date"))
        head = _head_of(new, old, merged.frame)
        if merged.added or merged.changed or old is None or replace(old, fetched_at=head.fetched_at) != head:
            manifest.replace(path, encoded(merged.frame.select("date", "value"), msgspec.json.encode(head)))
        elif head.fetched_at > old.fetched_at:
            # Nothing new, but known to be so: that need not be asked again for a while.
            manifest.replace(path, encoded(stored.select("date", "value"), msgspec.json.encode(head)))
        return Written(merged.added, merged.changed)

    def _mirror(self, daily: Sequence[Series]) -> None:
        """Give the history what is not stored here yet: all of a series once, then a day at a time."""
        news = [(each, rows) for each in daily if (rows := self._news(each)).height]
        if not news:
            return
        with self._history.writing() as writer:
            for _each, rows in news:
                writer.daily(rows.rename({"series": "symbol", "value": "close"}))
            writer.instruments(Instrument(symbol=each.id, name=each.title, kind=Kind.SERIES) for each, _rows in news)

    def _news(self, new: Series) -> pl.DataFrame:
        """The observations that are not stored so."""
        rows = _finite(new)
        if self.head(new.id) is None:
            return rows
        return rows.join(self._stored(new.id), on=["date", "value"], how="anti")

    def _stored(self, series_id: str) -> pl.DataFrame:
        rows = read_table(self.root / f"{series_id}.parquet", _FILE_SCHEMA)
        return rows.select(series=pl.lit(series_id), date="date", value="value")

    def _from_history(self, series_id: str) -> Series | None:
        rows = self._history.frame([series_id]).filter(pl.col("close").is_not_null())
        if rows.is_empty() or rows.select(pl.any_horizontal(pl.col(_PRICES).is_not_null().any())).item():
            return None
        about = CATALOG.get(series_id)
        return Series(
            id=series_id,
            dates=rows.get_column("date").to_list(),
            values=rows.get_column("close").to_list(),
            title=about.title if about else None,
            unit=about.unit if about else None,
            frequency=about.frequency if about else frequency_of(rows.get_column("date").to_list()),
            source="history",
            fetched_at=0.0,
        )


def _frame_of(series: Series) -> pl.DataFrame:
    columns = {"series": [series.id] * len(series.dates), "date": series.dates, "value": series.values}
    return pl.DataFrame(columns, schema=MACRO_SCHEMA)


def _finite(series: Series) -> pl.DataFrame:
    return _frame_of(series).filter(pl.col("value").is_finite())


def _head_of(new: Series, old: Head | None, rows: pl.DataFrame) -> Head:
    dates = rows.get_column("date")
    frequency = old.frequency if old and new.frequency is Frequency.OTHER else new.frequency
    return Head(
        id=new.id,
        title=new.title or (old.title if old else None),
        unit=new.unit or (old.unit if old else None),
        frequency=frequency,
        source=new.source,
        fetched_at=max(new.fetched_at, old.fetched_at if old else 0.0),
        first=dates[0] if dates.len() else None,
        last=dates[-1] if dates.len() else None,
        rows=dates.len(),
    )

"""Filings on the forms of deals, and the days whose index has been read.

root/deals/2026.parquet     a row for each company of a filing
root/deals/days.json        when each day's index was read, and how many filings it had
"""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import msgspec
import polars as pl
from msgspec import Struct
from msgspec.structs import asdict

from tui.model_drivers import Filing
from tui.store import manifest
from tui.store.ledger import Ledger, explained, writing
from tui.store.writer import Written
from tui.typed import converted, from_json

FOLDER = "deals"
DAYS = "days.json"

FILING_SCHEMA: dict[str, pl.DataType] = {
    "accession": pl.String(),
    "cik": pl.Int64(),
    "company": pl.String(),
    "form": pl.String(),
    "kind": pl.String(),
    "filed": pl.Date(),
    "amendment": pl.Boolean(),
    "path": pl.String(),
    "sic": pl.Int64(),
    "industry": pl.String(),
    "items": pl.String(),
}
"""One row per accession and company, named like the fields of `Filing`."""


class DayRead(Struct, frozen=True):
    """That a day's index was asked for."""

    asked_at: float
    """Epoch seconds UTC."""
    filings: int | None
    """Rows that were kept; None where the SEC has no index for that day."""


class Deals:
    """The filings under the folder `root`, which need not exist yet. Blocking; may be called in a thread.

    Raises:
        HistoryError: from any method, when a file cannot be read or written; the message names it.
    """

    def __init__(self, root: Path) -> None:
        self._folder = root / FOLDER
        self._rows = Ledger(self._folder, FILING_SCHEMA, ("accession", "cik"), "filed", "%Y")

    def frame(self, start: date | None = None, end: date | None = None) -> pl.DataFrame:
        """Filings with `start <= filed <= end`: `FILING_SCHEMA`, sorted by day, accession and company."""
        return self._rows.read(start, end).sort("filed", "accession", "cik")

    def filings(self, start: date | None = None, end: date | None = None) -> list[Filing]:
        """`frame` as structs."""
        return converted(self.frame(start, end).to_dicts(), list[Filing])

    def days(self) -> dict[date, DayRead]:
        """The days whose index was asked for, oldest first; those without an index among them."""
        path = self._folder / DAYS
        with explained(path):
            found = from_json(path.read_bytes(), dict[date, DayRead]) if path.exists() else {}
        return dict(sorted(found.items()))

    def industries(self) -> dict[int, tuple[int, str | None]]:
        """SIC code and words of each company that has been asked for, by its CIK."""
        rows = self._rows.read().drop_nulls("sic").unique("cik", keep="last")
        return {cik: (sic, words) for cik, sic, words in rows.select("cik", "sic", "industry").iter_rows()}

    def save(self, found: Iterable[Filing], read: Mapping[date, DayRead] | None = None) -> Written:
        """Upsert filings by accession and company, then note which days were read; None never replaces what is known."""
        written = self._rows.add(pl.DataFrame([asdict(each) for each in found], schema=FILING_SCHEMA))
        if read:
            with writing(self._folder):
                days = dict(sorted({**self.days(), **read}.items()))
                manifest.replace(self._folder / DAYS, msgspec.json.format(msgspec.json.encode(days)))
        return written

    def classify(self, known: Mapping[int, tuple[int, str]]) -> Written:
        """Note SIC codes and their words, by CIK, at all filings of these companies."""
        rows = self._rows.read().filter(pl.col("cik").is_in(list(known)))
        if rows.is_empty():
            return Written()
        told = pl.DataFrame(
            [(cik, sic, words) for cik, (sic, words) in known.items()],
            schema={name: FILING_SCHEMA[name] for name in ("cik", "sic", "industry")},
            orient="row",
        )
        return self._rows.add(rows.drop("sic", "industry").join(told, on="cik").select(*FILING_SCHEMA))

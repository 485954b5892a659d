"""Series of observations out of a table of closes, and back. Pure."""

from collections.abc import Iterable
from datetime import datetime

import polars as pl

from tui.model_drivers import CATALOG, Frequency, Series, frequency_of
from tui.store.dialects.base import Hints
from tui.store.schema import DAILY_SCHEMA, conform


def series_of(frame: pl.DataFrame, source: str, hints: Hints) -> list[Series]:
    """The series in a table of `symbol, date, close`, with what the catalogue knows of them."""
    found = []
    ordered = frame.drop_nulls("close").unique(["symbol", "date"], keep="last").sort("symbol", "date")
    for (symbol,), rows in ordered.group_by(["symbol"], maintain_order=True):
        about = CATALOG.get(str(symbol))
        dates = rows.get_column("date").to_list()
        found.append(
            Series(
                id=str(symbol),
                dates=dates,
                values=rows.get_column("close").to_list(),
                title=about.title if about else None,
                unit=about.unit if about else None,
                frequency=about.frequency if about else frequency_of(dates),
                source=source,
                fetched_at=told_at(hints.modified),
            )
        )
    return found


def slow(found: Iterable[Series]) -> list[Series]:
    """Those of closes without prices that are no market's: known by name, or observed less often than daily."""
    return [each for each in found if each.id in CATALOG or each.frequency not in {Frequency.DAILY, Frequency.OTHER}]


def closes_of(found: Iterable[Series]) -> pl.DataFrame:
    """Series as daily rows of the history: closes of symbols of their names."""
    tables = [
        pl.DataFrame(
            {"symbol": [each.id] * len(each.dates), "date": each.dates, "close": each.values},
            schema={name: DAILY_SCHEMA[name] for name in ("symbol", "date", "close")},
        )
        for each in found
    ]
    return conform(pl.concat(tables) if tables else pl.DataFrame(schema=DAILY_SCHEMA), DAILY_SCHEMA)


def told_at(modified: datetime | None) -> float:
    """When a file's content was told, as well as can be known: when it was written. Epoch seconds UTC."""
    return modified.timestamp() if modified else 0.0

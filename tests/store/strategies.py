"""Daily bars for properties: few symbols and days, so that keys meet; nulls everywhere but in the keys."""

from datetime import date, timedelta

import polars as pl
from hypothesis import strategies as st

from tui.store.schema import DAILY_SCHEMA

SYMBOLS = ("AAA", "BB", "C", "^IDX")
PRICES = ("open", "high", "low", "close", "adj_close", "dividend", "split")

# One draw for each value, and half of them unknown: rows have many.
_price = st.sampled_from([None] * 40 + [n / 4 for n in range(1, 41)])
_volume = st.sampled_from([None] * 10 + list(range(10)))
_days = st.sampled_from([date(2024, 1, 1) + timedelta(days=n) for n in range(-4, 5)])


def daily_rows(max_size: int = 12) -> st.SearchStrategy[list[dict[str, object]]]:
    """Rows of `DAILY_SCHEMA` around a new year."""
    row = st.fixed_dictionaries(
        {"symbol": st.sampled_from(SYMBOLS), "date": _days, "volume": _volume} | dict.fromkeys(PRICES, _price)
    )
    return st.lists(row, max_size=max_size)


def as_frame(rows: list[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame([{name: row[name] for name in DAILY_SCHEMA} for row in rows], schema=DAILY_SCHEMA)


def model(*batches: list[dict[str, object]]) -> list[tuple[object, ...]]:
    """What a history must hold after these appends, the slow and plain way."""
    held: dict[tuple[object, object], dict[str, object]] = {}
    for row in (row for batch in batches for row in batch):
        known = {name: value for name, value in row.items() if value is not None}
        if str(row["symbol"]).startswith("^"):
            known.pop("volume", None)
        held.setdefault((row["symbol"], row["date"]), dict.fromkeys(DAILY_SCHEMA)).update(known)
    return [tuple(held[key].values()) for key in sorted(held, key=str)]

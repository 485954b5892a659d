"""Merging new rows into stored ones: a new value replaces, a null never replaces a known value. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl


class Merged(NamedTuple):
    """A table after an upsert, and what the upsert did to it."""

    frame: pl.DataFrame
    """Sorted by the keys, one row per key."""
    added: int
    """Rows that were not there."""
    changed: int
    """Rows that were there and now hold another value."""


def latest(frame: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """One row per key, sorted: of several, each column holds the last value that is not null."""
    again = pl.all_horizontal(pl.col(key).eq(pl.col(key).shift()) for key in keys)
    ordered = frame.lazy().sort(keys, maintain_order=True).with_columns(_again=again).collect(engine="in-memory")
    if not ordered.drop_in_place("_again").any():
        return ordered
    return ordered.group_by(keys, maintain_order=True).agg(pl.all().drop_nulls().last())


def upsert(old: pl.DataFrame, new: pl.DataFrame, keys: Sequence[str]) -> Merged:
    """`old` with the rows of `new`; both have the same columns, `old` is sorted with one row per key.

    Only the symbols that `new` knows are merged: a few symbols into a year of thousands cost a filter.
    """
    new = latest(new, keys)
    if old.is_empty():
        return Merged(new, new.height, 0)
    symbol = pl.col(keys[0])
    known = new.get_column(keys[0]).unique().implode()
    touched = old.filter(symbol.is_in(known))
    values = [name for name in old.columns if name not in keys]
    joined = touched.with_columns(_old=True).join(new, on=keys, how="full", coalesce=True, suffix="_new")
    differs = [pl.col(f"{name}_new").is_not_null() & pl.col(f"{name}_new").ne_missing(pl.col(name)) for name in values]
    is_old = pl.col("_old").is_not_null()
    counts = joined.select(
        added=(~is_old).sum(),
        changed=(is_old & pl.any_horizontal(differs)).sum(),
    )
    added, changed = (int(n) for n in counts.row(0))
    if not added and not changed:
        return Merged(old, 0, 0)
    merged = joined.select(*keys, *(pl.coalesce(f"{name}_new", name).alias(name) for name in values))
    rest = old.filter(~symbol.is_in(known))
    return Merged(rest.merge_sorted(merged.select(old.columns).sort(keys), key=keys[0]), added, changed)

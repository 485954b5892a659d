# ruff: noqa: T201 (its lines are what the tests wait for)
"""Writers for the tests of several processes: `python -m tests.store.worker KIND ROOT ...`."""

import sys
from datetime import date
from pathlib import Path

import polars as pl

from tui.store.history import History

DAYS = [date(2022, 12, 30), date(2023, 7, 12), date(2024, 1, 2)]
SYMBOLS = [f"S{n:03}" for n in range(200)]


def one_value(value: int) -> pl.DataFrame:
    """All symbols on all days at one close: a mixture of two values is a torn import."""
    frame = pl.DataFrame({"symbol": SYMBOLS}).join(pl.DataFrame({"date": DAYS}), how="cross")
    return frame.with_columns(close=pl.lit(float(value)), volume=pl.lit(value))


def rewrite(root: Path, value: int) -> None:
    """Store a higher value again and again, telling each begin and each confirmed end."""
    history = History(root)
    while True:
        value += 1
        print(f"begin {value}", flush=True)
        history.append(one_value(value))
        print(f"done {value}", flush=True)


def add_symbols(root: Path, prefix: str, count: int) -> None:
    """Store `count` symbols, a commit each, and one row that all writers share."""
    history = History(root)
    for number in range(count):
        frame = pl.DataFrame({"symbol": f"{prefix}{number}", "date": DAYS, "close": [1.0, 2.0, 3.0]})
        shared = pl.DataFrame({"symbol": ["SHARED"], "date": DAYS[:1], "close": [float(number)]})
        history.append(pl.concat([frame, shared]))


if __name__ == "__main__":
    kind, folder, *rest = sys.argv[1:]
    if kind == "rewrite":
        rewrite(Path(folder), int(rest[0]))
    else:
        add_symbols(Path(folder), rest[0], int(rest[1]))

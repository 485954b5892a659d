# ruff: noqa: T201 (its lines are what the tests wait for)
# What is heavy is imported where it is needed: a process is started for each kill.
"""What is killed at any moment: `python -m tests.killed KIND HOME LAST`; a line for each begin and each confirmed end.

Every round stores the next number after LAST: as the close of all symbols (import), as one more day (append), as one
more symbol of a list (lists), as the price of all quotes (state).
"""

import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from tui.model import Bar, Bars, Health, Quote, State
from tui.watchlists import Watchlists

SYMBOLS = [f"S{n:03}" for n in range(120)]
DAYS = [date(2022, 12, 30), date(2023, 7, 12), date(2024, 1, 2)]
FIRST = date(2024, 1, 1)
LIST = "Rotation"


def symbol_of(number: int) -> str:
    """The symbol that round `number` adds to the list."""
    return f"K{number}"


def import_all(home: Path, number: int) -> None:
    """What an import does: many frames, one commit, daily bars and five-minute bars; a mixture of two is a torn one."""
    import polars as pl

    from tui.store.history import History

    symbols = pl.DataFrame({"symbol": SYMBOLS}).with_columns(close=pl.lit(float(number)), volume=pl.lit(number))
    with History(home).writing() as writer:
        for day in DAYS:
            writer.daily(symbols.with_columns(date=pl.lit(day)))
        times = pl.DataFrame({"time": [1_700_000_000_000_000]}, schema={"time": pl.Int64})
        rows = times.select(pl.lit("S000").alias("symbol"), pl.col("time").cast(pl.Datetime("us", "UTC")))
        writer.intraday(rows.with_columns(close=pl.lit(float(number))))


def append_day(home: Path, number: int) -> None:
    """What happens after the close, and what five-minute bars do: one more day, one more bar."""
    from tui.store.history import History

    values = [float(number)]
    day = FIRST + timedelta(days=number)
    columns = dict.fromkeys(("open", "high", "low", "close", "adj_close"), values)
    bars = Bars(symbol="IWM", source="test", fetched_at=0.0, dates=[day], volume=[number], **columns)
    history = History(home)
    history.append_bars(bars)
    bar = Bar(time=300.0 * number, open=1.0, high=1.0, low=1.0, close=1.0, volume=number)
    history.append_intraday_many({"IWM": [bar]})


def edit_list(home: Path, number: int) -> None:
    """One more symbol, at times another change beside it."""
    lists = Watchlists(home / "watchlists.toml")
    lists.load()
    lists.add(LIST, [symbol_of(number)])
    if number % 5 == 0:
        lists.move(LIST, symbol_of(number), -1)


class _Leading:
    """The state is written by who holds the lease, as by a feed."""

    def __init__(self, home: Path) -> None:
        from tui.store.lease import Lease
        from tui.store.state import States

        self.lease = Lease(home)
        self.states = States(home)

    def save(self, number: int) -> None:
        """A state of many quotes at one price."""
        from tui.store.state import Saved

        assert self.lease.hold(), "the one before was killed: nobody holds it"
        quotes = [
            Quote(symbol=s, price=float(number), session=FIRST, as_of=number, fetched_at=number, source="test")
            for s in SYMBOLS
        ]
        health = Health(state=State.LIVE)
        self.states.save(self.lease.term, Saved(saved_at=number, health=health, quotes=quotes))


def step(kind: str, home: Path) -> Callable[[int], None]:
    """What one round of a kind does with its number."""
    if kind == "state":
        return _Leading(home).save
    return {
        "import": lambda number: import_all(home, number),
        "append": lambda number: append_day(home, number),
        "lists": lambda number: edit_list(home, number),
    }[kind]


if __name__ == "__main__":
    what, folder, last = sys.argv[1:]
    run = step(what, Path(folder))
    count = int(last)
    while True:
        count += 1
        print(f"begin {count}", flush=True)
        run(count)
        print(f"done {count}", flush=True)

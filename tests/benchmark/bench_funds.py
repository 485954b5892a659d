"""What a tick of a holding costs, told to its fund incrementally, beside a regroup of the whole fund.

    python -m tests.benchmark.bench_funds

2,000 holdings in 13 sectors, in a running session; every tick has a price, a volume and a moment of its own.
"""

# ruff: noqa: T201 -- a script prints

import random
from collections.abc import Callable
from datetime import date

import polars as pl

from tests.benchmark.bench_baseline import SESSION, best, market
from tui.analytics.baseline import baselines
from tui.analytics.figures import Baseline
from tui.analytics.funds import FundBook
from tui.analytics.row import Today
from tui.analytics.windows import Window
from tui.model import Fund, Holding
from tui.sectors import SECTORS

HOLDINGS, TICKS = 2_000, 20_000
FUND = "S2400"


def fund_of(symbols: list[str], rng: random.Random) -> Fund:
    """A fund of those symbols, as unevenly weighted as a real one."""
    raw = [rng.paretovariate(1.5) for _ in symbols]
    holdings = [
        Holding(symbol=symbol, name=f"Company {symbol}", weight=weight / sum(raw), sector=rng.choice(SECTORS))
        for symbol, weight in zip(symbols, raw, strict=True)
    ]
    return Fund(symbol=FUND, name="A fund", as_of=date(2024, 7, 1), source="bench", holdings=holdings)


def ticks_of(symbols: list[str], made: dict[str, Baseline], rng: random.Random) -> list[tuple[str, Today]]:
    """News of holdings at random, a few thousand a second."""
    news = []
    for at in range(TICKS):
        symbol = rng.choice(symbols)
        price = made[symbol].closes[-1] * rng.lognormvariate(0, 0.01)
        volume, minute = rng.randrange(1_000_000), 120 + at / TICKS
        news.append((symbol, Today(price=price, volume=volume, session=SESSION, final=False, minute=minute)))
    return news


def columns_regroup(book: FundBook) -> Callable[[], pl.DataFrame]:
    """The main sums once more in polars, from a frame that is there already."""
    rows = book.holding_rows()
    frame = pl.DataFrame(
        {
            "sector": [row.sector for row in rows],
            "weight": [row.weight for row in rows],
            "change": [row.return_1d for row in rows],
            "dollars": [row.dollar_volume for row in rows],
        }
    )
    weight, change = pl.col("weight"), pl.col("change")
    return lambda: frame.group_by("sector").agg(
        contribution=(weight * change).sum(),
        covered=weight.filter(change.is_not_null()).sum(),
        dollars=pl.col("dollars").sum(),
        advancers=(change > 0).sum(),
        decliners=(change < 0).sum(),
    )


def main() -> None:
    """Measure and print."""
    rng = random.Random(1)
    made = baselines(market(holes=0), SESSION)
    symbols = [symbol for symbol in made if symbol != FUND][:HOLDINGS]
    fund, news = fund_of(symbols, rng), ticks_of(symbols, made, rng)
    book = FundBook(fund, made)

    def told() -> None:
        for symbol, today in news:
            book.update(symbol, today)

    told()
    update = best(told) / TICKS
    regroup = best(book.regroup)
    columns = best(columns_regroup(book), number=20)
    print(f"{HOLDINGS:,} holdings, {len(book.sector_rows())} sectors, {TICKS:,} ticks")
    for name, seconds in (("FundBook.update", update), ("FundBook.regroup", regroup), ("polars group_by", columns)):
        print(f"{name:18} {seconds * 1e6:10.2f} us a tick  {1 / seconds:12,.0f} ticks/s  {seconds / update:8,.0f} x")
    print(f"make the book      {best(lambda: FundBook(fund, made)) * 1e3:10.2f} ms")
    print(f"another window     {best(lambda: book.set_window(Window.W1)) * 1e3:10.2f} ms")
    print(f"sectors and total  {best(lambda: (book.sector_rows(), book.total()), number=20) * 1e3:10.2f} ms")
    print(f"all holdings' rows {best(book.holding_rows) * 1e3:10.2f} ms")


if __name__ == "__main__":
    main()

"""How soon the screens inside a fund are painted while its holdings tick: sectors, a sector, its order, and back.

    python -m tests.benchmark.bench_fund_live [--rounds N] [--rate N] [--profile FILE]

A fund of 2,000 holdings in 11 sectors (and its cash) in the app in a real pseudo-terminal of 200x60, with 5,000 quotes a
second: the time from a key to the bytes with which a terminal emulator shows what the key asked for.
The same ticks told to `FundBook.update` and by a regroup are measured beside it.
"""

# ruff: noqa: T201 -- a script prints

import argparse
import cProfile
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from tests.benchmark.bench_baseline import best, market
from tests.benchmark.bench_funds import ticks_of
from tests.benchmark.bench_live import NAMES, SESSION, Market
from tests.terminal import Terminal
from tui.model import AssetClass, Fund, Holding
from tui.sectors import GICS

FUND, BENCHMARK = NAMES[0], NAMES[1]
TARGET = 100.0
"""Milliseconds for each step."""
TO_RETURN = 12 * b"h" + b"lll"
"""To the column of the day's return, from wherever the cursor was left."""
SECTOR_ROW = re.compile(rf"^.?[> ]*(?:{'|'.join(GICS)}) .*[+-]\d", re.MULTILINE)
HOLDING_ROW = re.compile(r"^.?[> ]*S\d{4} .*\d\.\d", re.MULTILINE)


class FundMarket(Market):
    """The market of the live benchmark, whose first symbol is a fund of all the others."""

    async def fund(self, symbol: str) -> Fund:
        """As unevenly weighted as a real one."""
        chance = random.Random(3)
        raw = [chance.paretovariate(1.5) for _ in NAMES[1:]]
        holdings = [
            Holding(symbol=name, name=f"Company {name}", weight=weight / sum(raw), sector=chance.choice(GICS))
            for name, weight in zip(NAMES[1:], raw, strict=True)
        ]
        cash = Holding(symbol=None, name="Cash", weight=0.001, asset_class=AssetClass.CASH)
        return Fund(symbol=symbol, name="All of it", as_of=SESSION, source="bench", holdings=[*holdings, cash])


def child(rate: int, profile: str) -> None:
    """The program itself, over that market; its list is the fund alone."""
    from tui import config, runtime

    with runtime.starting():
        from tui.app import Outpace
        from tui.assembly import Assembly
        from tui.store.memory import Memory
        from tui.watchlists import Watchlists

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        paths = config.Paths(config_dir=root, data_dir=root, cache_dir=root, state_dir=root)
        settings = config.load({"symbols": FUND, "benchmark": BENCHMARK, "fps": "10", "diff": False}, {}, paths)

        def assemble(_symbols: Sequence[str], _benchmark: str) -> Assembly:
            source, memory = FundMarket(rate), Memory()
            memory.append(source.bars())
            return Assembly(source, memory, fetch=False, stale_after=float("inf"), funds=source)

        app = Outpace(settings, paths, Watchlists(paths.lists_file), assemble)
        profiler = cProfile.Profile()
        if profile:
            profiler.enable()
        app.run()
        if profile:
            profiler.disable()
            profiler.dump_stats(profile)


def painted(terminal: Terminal, key: bytes, shows: Callable[[str], object], seconds: float = 1.0) -> float:
    """Milliseconds from a key to the bytes with which the screen shows something.

    What comes is only noted while it comes: to look at it takes the time that the program needs.
    """
    with terminal._came:
        terminal.text()
        seen, came = len(terminal._chunks), []
    sent = time.perf_counter()
    terminal.send(key)
    while (left := sent + seconds - time.perf_counter()) > 0:
        with terminal._came:
            if len(terminal._chunks) == seen:
                terminal._came.wait(left)
            came += [(time.perf_counter(), chunk) for chunk in terminal._chunks[seen:]]
            seen = len(terminal._chunks)
    for at, chunk in came:
        terminal._stream.feed(chunk.replace(b"\x1b[<u", b""))
        terminal._fed += len(chunk)
        if shows("\n".join(terminal._screen.display)):
            return 1000 * (at - sent)
    raise TimeoutError(f"{key!r} did not bring it about; the screen is\n{terminal.text()}")


def sectors(text: str) -> bool:
    """Whether the fund's sectors are on the screen, all with figures."""
    return "SPY sectors" in text and len(SECTOR_ROW.findall(text)) == len(GICS)


def holdings(text: str) -> bool:
    """Whether a sector's holdings fill their table."""
    return len(HOLDING_ROW.findall(text)) > 25


def rounds(terminal: Terminal, count: int) -> dict[str, list[float]]:
    """Every step so many times."""
    found: dict[str, list[float]] = {}

    def step(name: str, key: bytes, shows: Callable[[str], object]) -> None:
        found.setdefault(name, []).append(painted(terminal, key, shows))

    for _ in range(count):
        step("4: its sectors", b"4", sectors)
        step("Enter: a sector", b"\r", holdings)
        terminal.send(TO_RETURN)
        step("s: by return", b"s", lambda text: holdings(text) and re.search(r"1D%.?[▼▾↓]|[▼▾↓].?1D%", text))
        step("s: as given", b"s", lambda text: holdings(text) and not re.search(r"[▼▾↓]", text))
        step("Esc: back", b"\x1b", sectors)
        step("G Enter: all of it", b"G\r", holdings)
        terminal.send(TO_RETURN)
        step("s: all by return", b"s", lambda text: holdings(text) and re.search(r"1D%.?[▼▾↓]|[▼▾↓].?1D%", text))
        step("Esc: back from all", b"\x1b", sectors)
        step("Esc: to the list", b"\x1b", lambda text: "sectors" not in text.partition("\n")[0])
    return found


def side_by_side() -> tuple[float, float]:
    """Seconds of a tick told to the book, and of a regroup of the whole fund."""
    from tests.benchmark.bench_funds import fund_of
    from tui.analytics.baseline import baselines
    from tui.analytics.funds import FundBook

    chance = random.Random(1)
    made = baselines(market(holes=0), SESSION)
    symbols = list(made)[:2_000]
    book, news = FundBook(fund_of(symbols, chance), made), ticks_of(symbols, made, chance)

    def told() -> None:
        for symbol, today in news:
            book.update(symbol, today)

    return best(told) / len(news), best(book.regroup)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rate", type=int, default=5_000, help="quotes a second")
    parser.add_argument("--profile", default="", help="file for a profile of the program, which is slower for it")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(int(options.child[0]), options.child[1])
        return
    command = [sys.executable, "-m", "tests.benchmark.bench_fund_live", "--child", str(options.rate), options.profile]
    with Terminal(command) as terminal:
        terminal.wait_text(FUND, "bench", seconds=60)
        terminal.wait_until(lambda: "+" in terminal.text() or "-0." in terminal.text(), 60)
        frame = painted(terminal, b"4", lambda text: "SPY sectors" in text)
        terminal.wait_until(lambda: sectors(terminal.text()), 60)
        print(f"the first time, with no history of the holdings: the screen after {frame:.0f} ms")
        terminal.send(b"\x1b")
        terminal.wait_until(lambda: "SPY sectors" not in terminal.text(), 10)
        found = rounds(terminal, options.rounds)
        if options.profile:
            terminal.send(b"q")
            terminal.wait_end()
    print(f"{options.rate:,} quotes/s, 200x60, key to painted, ms; target for each median: < {TARGET:.0f}")
    for name, times in found.items():
        met = "met" if median(times) < TARGET else "NOT met"
        print(f"{name:<20} median {median(times):6.1f}  worst {max(times):6.1f}  {met}")
    update, regroup = side_by_side()
    print(
        f"a tick: FundBook.update {update * 1e6:.1f} us, a regroup {regroup * 1e6:,.0f} us, {regroup / update:,.0f} x"
    )


if __name__ == "__main__":
    main()

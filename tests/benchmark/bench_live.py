"""What the running monitor costs while a whole market ticks: CPU, key echo, memory and bytes of the real program.

    python -m tests.benchmark.bench_live [--seconds N] [--rate N] [--profile FILE]

10,000 quotes a second over 2,000 symbols, in batches of about 100, into the app in a real pseudo-terminal of 200x60 at
10 frames a second: once in the list's order and once sorted by the excess of a day. The quotes are made in the same
process; what that alone costs is measured first and is part of the figure.
"""

# ruff: noqa: T201 -- a script prints

import argparse
import asyncio
import cProfile
import math
import random
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median

from tests.fakes.source import FakeSource, days_before
from tests.terminal import Terminal
from tui import sessions
from tui.model import Bars, Health, Instrument, Kind, Quote, State, Update
from tui.sources.base import Wanted

SYMBOLS, SESSIONS, BATCH = 2_000, 300, 100
SESSION = date(2024, 7, 12)
NAMES = ("SPY", *(f"S{number:04}" for number in range(SYMBOLS - 1)))
TARGETS = {"cpu": 35.0, "p99": 20.0}

ECHO = r"""
import os, tty
tty.setraw(0)
line = 4
while True:
    for key in os.read(0, 64):
        line += 1 if key == ord("j") else -1
        os.write(1, b"\x1b[%d;1H>" % line)
"""
"""A program that does nothing but move a cursor: what is slow about it is the machine."""
MIDDLE = 20
"""A line of the screen in the middle of the table."""

CURSOR = re.compile(rb"\x1b\[(\d+);1H(?:\x1b\[[\d;]*m)*>")
"""The sign of the cursor at the left of a line, and which line that is."""


class Market(FakeSource):
    """Prices that walk; every pause yields as many quotes as the rate asks for."""

    name = "bench"

    def __init__(self, rate: int) -> None:
        super().__init__()
        self._rate = rate
        self._chance = random.Random(1)
        self._price = {name: self._chance.uniform(10, 400) for name in NAMES}
        self._volume = dict.fromkeys(NAMES, 1_000_000)
        self._opened = sessions.session_open(SESSION).timestamp()
        self._started = time.time()

    def now(self) -> datetime:
        """Noon of the session, and on from there."""
        return datetime.fromtimestamp(self._opened + 9_000 + time.time() - self._started, UTC)

    async def instruments(self, symbols: Sequence[str]) -> list[Instrument]:
        """A name for each."""
        return [Instrument(symbol=name, name=f"Company {name}", kind=Kind.STOCK) for name in symbols]

    def bars(self) -> Iterator[Bars]:
        """A year of sessions of every symbol, ending near its first price."""
        days = days_before(SESSION, SESSIONS)
        for name in NAMES:
            close = [self._price[name]]
            for _ in days[1:]:
                close.append(close[-1] * math.exp(self._chance.gauss(0, 0.02)))
            close.reverse()
            yield Bars(
                symbol=name,
                source=self.name,
                fetched_at=0.0,
                dates=days,
                open=close,
                high=close,
                low=close,
                close=close,
                adj_close=close,
                volume=[5_000_000] * len(days),
            )

    def quote(self, name: str, now: float) -> Quote:
        """The next price of a symbol."""
        self._price[name] = price = self._price[name] * (1 + self._chance.uniform(-2e-4, 2e-4))
        self._volume[name] = volume = self._volume[name] + 100
        return Quote(
            symbol=name,
            price=price,
            session=SESSION,
            as_of=now,
            fetched_at=now,
            source=self.name,
            high=price * 1.01,
            low=price * 0.99,
            volume=volume,
        )

    async def quotes(self, wanted: Wanted) -> AsyncIterator[Update]:
        """All symbols once, then some at random, evenly over time."""
        live = Health(state=State.LIVE)
        yield Update(
            epoch=wanted.now.epoch, quotes=[self.quote(name, self.now().timestamp()) for name in NAMES], health=live
        )
        loop = asyncio.get_running_loop()
        due, pause = loop.time(), BATCH / self._rate
        while True:
            due += pause
            await asyncio.sleep(max(0.0, due - loop.time()))
            now = self.now().timestamp()
            names = self._chance.choices(NAMES, k=BATCH)
            yield Update(epoch=wanted.now.epoch, quotes=[self.quote(name, now) for name in names], health=live)


def child(rate: int, order: str, profile: str) -> None:
    """The program itself, over that market."""
    from tui import config, runtime

    with runtime.starting():
        from tui.app import Outpace
        from tui.assembly import Assembly
        from tui.store.memory import Memory
        from tui.watchlists import Watchlists

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        paths = config.Paths(config_dir=root, data_dir=root, cache_dir=root, state_dir=root)
        settings = config.load({"symbols": ",".join(NAMES), "benchmark": "SPY", "fps": "10", "diff": False}, {}, paths)

        def assemble(_symbols: Sequence[str], _benchmark: str) -> Assembly:
            market, memory = Market(rate), Memory()
            memory.append(market.bars())
            return Assembly(market, memory, fetch=False, stale_after=float("inf"), funds=market)

        app = Outpace(settings, paths, Watchlists(paths.lists_file), assemble)
        app.view.sort = (order, True) if order else None
        profiler = cProfile.Profile() if profile else None
        if profiler is not None:
            profiler.enable()
        app.run()
        if profiler is not None:
            profiler.disable()
            profiler.dump_stats(profile)


async def source_alone(rate: int, seconds: float) -> float:
    """CPU, in percent of a core, of making the quotes and dropping them."""
    market, wanted = Market(rate), Wanted()
    begun = time.process_time()
    async with asyncio.timeout(seconds * 10):
        until = time.monotonic() + seconds
        async for _update in market.quotes(wanted):
            if time.monotonic() > until:
                break
    return 100 * (time.process_time() - begun) / seconds


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which such a share of sorted values lies."""
    return values[min(len(values) - 1, round(share * len(values)))]


def floor(seconds: float) -> list[float]:
    """Milliseconds of the echoes of a program that does nothing else."""
    with Terminal([sys.executable, "-c", ECHO]) as terminal:
        time.sleep(0.5)
        return echoes(terminal, seconds)


def memory_of(pid: int) -> float:
    """Resident memory in MB. Needs /proc."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1e3


class Watcher:
    """Follows where the cursor is in what a program writes."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._seen = 0
        self._rest = b""
        self.line = 0

    def look(self, seconds: float) -> int:
        """The cursor's line after what comes within so many seconds at most; returns with the first of it."""
        with self._terminal._came:
            if len(self._terminal._chunks) == self._seen:
                self._terminal._came.wait(seconds)
            new = self._terminal._chunks[self._seen :]
            self._seen += len(new)
        text = self._rest + b"".join(new)
        self._rest = text[-100:]
        self.line = int((CURSOR.findall(text) or [self.line])[-1])
        return self.line


def echoes(terminal: Terminal, seconds: float) -> list[float]:
    """Milliseconds from a key that moves the cursor to the bytes that show it on another line, one after another."""
    chance, found, watcher = random.Random(2), [], Watcher(terminal)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(chance.uniform(0.03, 0.12))
        before = watcher.look(0)
        sent = time.perf_counter()
        # Away from the ends of the table, where a key may move the rows and not the cursor.
        terminal.send(b"j" if before < MIDDLE else b"k")
        while watcher.look(0.5) == before:
            if time.perf_counter() - sent > 5:
                raise TimeoutError("a key had no echo")
        found.append(1000 * (time.perf_counter() - sent))
    return sorted(found)


def measure(rate: int, order: str, seconds: float, profile: str = "") -> dict[str, float]:
    """Run the program and measure it: without keys first, then with them."""
    command = [sys.executable, "-m", "tests.benchmark.bench_live", "--child", str(rate), order, profile]
    with Terminal(command) as terminal:
        terminal.wait_text("S0003", "bench", seconds=60)
        # Until every baseline is there, and what was imported for it has settled.
        terminal.wait_until(lambda: terminal.text().count("+") > 40, 60)
        time.sleep(3)
        pid, at_start = terminal.pid, memory_of(terminal.pid)
        cpu, count, begun = terminal.cpu(), terminal.count, time.monotonic()
        time.sleep(seconds)
        lasted = time.monotonic() - begun
        result = {
            "cpu": 100 * (terminal.cpu() - cpu) / lasted,
            "bytes": (terminal.count - count) / lasted,
        }
        found = echoes(terminal, seconds)
        result |= {
            "p50": median(found),
            "p99": percentile(found, 0.99),
            "worst": found[-1],
            "keys": len(found),
            "start MB": at_start,
            "end MB": memory_of(pid),
        }
        if profile:
            terminal.send(b"q")
            terminal.wait_end()
    return result


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15.0, help="length of each of the two stretches of a case")
    parser.add_argument("--rate", type=int, default=10_000, help="quotes a second")
    parser.add_argument("--order", choices=("list", "sorted"), help="only this case")
    parser.add_argument("--profile", default="", help="file for a profile of the program, which is slower for it")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        rate, order, profile = options.child
        child(int(rate), order, profile)
        return
    print(f"{options.rate:,} quotes/s over {SYMBOLS:,} symbols, 200x60, 10 frames/s; % of one core")
    print(f"making the quotes alone: {asyncio.run(source_alone(options.rate, 5)):.1f} %")
    bare = floor(options.seconds)
    print(f"key echo of a program that does nothing else: p50 {median(bare):.1f} ms, p99 {percentile(bare, 0.99):.1f}")
    for name, order in (("list", ""), ("sorted", "excess_1D")):
        if options.order not in {None, name}:
            continue
        got = measure(options.rate, order, options.seconds, options.profile)
        met = all(got[figure] < target for figure, target in TARGETS.items())
        print(
            f"{name:<7} CPU {got['cpu']:5.1f} %   {got['bytes'] / 1e3:6.1f} kB/s   key p50 {got['p50']:5.1f} ms, "
            f"p99 {got['p99']:5.1f}, worst {got['worst']:5.1f} of {got['keys']:.0f}   "
            f"memory {got['start MB']:.0f} -> {got['end MB']:.0f} MB   "
            f"targets (< 35 %, p99 < 20 ms): {'met' if met else 'NOT met'}"
        )


if __name__ == "__main__":
    main()

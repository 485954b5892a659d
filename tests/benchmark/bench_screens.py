"""Every screen while a whole market ticks: key echo, CPU of the loop, bytes, and what held the loop longest.

    python -m tests.benchmark.bench_screens [--seconds N] [--rate N] [--screens NAME,NAME] [--where]

5,000 quotes a second over 2,000 symbols in a real pseudo-terminal of 200x60. The monitor is the base that the others are
printed against: absolute times are the machine's. A probe in the program times every callback of its loop; one that took
more than 10 ms of the loop's own CPU or wall time is told by name, `--where` with the place in the code it was mostly at.
"""

# ruff: noqa: T201 -- a script prints

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmark.bench_fund_live import FundMarket
from tests.benchmark.bench_live import NAMES, percentile
from tests.benchmark.loop_probe import probe
from tests.terminal import Terminal
from tui.model import Fund
from tui.sources.base import NoDataError

SETTLE = 2.5
"""Seconds that a screen has to come to rest in, which count as its opening."""
LOST_SECONDS = 0.5
"""After so long a key has moved nothing."""
Result = dict[str, Any]

SCREENS: dict[str, tuple[tuple[bytes, str], ...]] = {
    "monitor": ((b"1", ""),),
    "relative": ((b"2", "Relative  vs"),),
    "volume": ((b"3", "Volume  vs"),),
    "sectors": ((b"4", "SPY sectors  vs"),),
    "holdings": ((b"4", "SPY sectors  vs"), (b"G", "100.00"), (b"\r", "SPY holdings  vs")),
    "symbol": ((b"\r", "Windows"),),
    "events": ((b"5", "Events  vs"),),
    "drivers": ((b"6", "drivers  vs"),),
    "definitions": ((b"i", "What the figures mean"),),
    "help": ((b"?", "Everywhere"),),
}
"""The keys that open each from the monitor, and what stands on the screen after each key."""
DIALOGS = {"definitions", "help"}


def child(rate: int, log: str, *, where: bool, diff: bool) -> None:
    """The program itself, over that market, with every callback timed."""
    from tui import config, runtime

    with runtime.starting():
        from tui.app import Outpace
        from tui.assembly import Assembly
        from tui.sources.demo import Demo
        from tui.sources.drivers.demo import DemoDrivers
        from tui.store.memory import Memory
        from tui.watchlists import Watchlists

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        paths = config.Paths(config_dir=root, data_dir=root, cache_dir=root, state_dir=root)
        settings = config.load({"symbols": ",".join(NAMES), "benchmark": "S0001", "fps": "10", "diff": diff}, {}, paths)

        def assemble(_symbols: Sequence[str], _benchmark: str) -> Assembly:
            market, memory = OneFund(rate), Memory()
            memory.append(market.bars())
            # Series of a simulated economy; of these companies it knows nothing, which is an answer as well.
            drivers = DemoDrivers(Demo())
            return Assembly(market, memory, fetch=False, stale_after=float("inf"), funds=market, drivers=drivers)

        with probe(Path(log), where=where):
            runtime.run(Outpace(settings, paths, Watchlists(paths.lists_file), assemble))


class OneFund(FundMarket):
    """A market of which the first symbol alone is a fund."""

    def __init__(self, rate: int) -> None:
        super().__init__(rate)
        # Made here, off the loop: a real list comes over the wire.
        self._fund = asyncio.run(super().fund(NAMES[0]))

    async def fund(self, symbol: str) -> Fund:
        """What it holds: all the others."""
        if symbol != NAMES[0]:
            raise NoDataError(f"{symbol} is no fund")
        return self._fund


class Eye:
    """What comes to the terminal, with the moment at which it came, and the screen that it makes."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        # A terminal answers where its cursor is, by which the program knows that a frame has been drawn.
        terminal._screen.write_process_input = lambda text: terminal.send(text.encode())  # type: ignore[method-assign]
        self._came: deque[tuple[float, bytes]] = deque()
        threading.Thread(target=self._note, daemon=True).start()

    def _note(self) -> None:
        seen = 0
        while True:
            with self._terminal._came:
                if len(self._terminal._chunks) == seen:
                    self._terminal._came.wait(0.5)
                now = time.perf_counter()
                new, seen = self._terminal._chunks[seen:], len(self._terminal._chunks)
            self._came.extend((now, chunk) for chunk in new)

    def next(self) -> float | None:
        """Let the emulator read the next of what has come; when it came, None where all of it is read."""
        if not self._came:
            return None
        came, chunk = self._came.popleft()
        self._terminal._stream.feed(chunk.replace(b"\x1b[<u", b""))
        return came

    def rest(self, seconds: float) -> None:
        """Look on for so long."""
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            if self.next() is None:
                time.sleep(min(0.002, max(0.0, until - time.perf_counter())))

    def text(self) -> str:
        """The screen now."""
        while self.next() is not None:
            pass
        return "\n".join(self._terminal._screen.display)

    def wait(self, shows: Callable[[str], object], seconds: float = 20.0) -> None:
        """Wait until the screen shows something."""
        until = time.perf_counter() + seconds
        while not shows(self.text()):
            if time.perf_counter() > until:
                raise TimeoutError(f"it did not come about; the screen is\n{self.text()}")
            self.rest(0.02)

    def sign(self, name: str) -> Callable[[], bool]:
        """Asks cheaply whether the cursor has moved, or the page of a dialog."""
        buffer = self._terminal._screen.buffer
        if name in DIALOGS:
            places = [(y, x) for y in range(20, 40, 4) for x in range(80, 120)]
        else:
            # A few cells in all, however many tables there are.
            places = [(y, x) for y, line in buffer.items() for x, cell in list(line.items()) if cell.data == ">"]
        before = [buffer[y][x].data for y, x in places]
        return lambda: [buffer[y][x].data for y, x in places] != before


def echoes(terminal: Terminal, eye: Eye, name: str, seconds: float) -> list[float]:
    """Milliseconds from a key to the bytes that show it, one after another, sorted.

    A key at the end of a table moves nothing, and is left out: where the rows have been sorted anew, the cursor is.
    """
    chance, found, until = random.Random(2), [], time.monotonic() + seconds
    key = b"j"
    while time.monotonic() < until:
        eye.rest(chance.uniform(0.03, 0.12))
        moved = eye.sign(name)
        sent = time.perf_counter()
        terminal.send(key)
        key = b"k" if key == b"j" else b"j"
        while time.perf_counter() - sent < LOST_SECONDS:
            came = eye.next()
            if came is None:
                time.sleep(0.0005)
            elif moved():
                found.append(1000 * (came - sent))
                break
    if not found:
        raise TimeoutError(f"no key had an echo on {name}; the screen is\n{eye.text()}")
    return sorted(found)


def loop_cpu(pid: int) -> float:
    """CPU seconds of the program's first thread, on which its loop runs. Needs /proc."""
    fields = Path(f"/proc/{pid}/task/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Holds:
    """What the probe wrote."""

    def __init__(self, log: Path) -> None:
        self._log = log

    def between(self, start: float, end: float) -> list[Result]:
        """Long callbacks of a stretch, the longest first."""
        lines = [json.loads(line) for line in self._log.read_text(encoding="utf-8").splitlines() if line.endswith("}")]
        held = [each for each in lines if start <= each["at"] <= end]
        return sorted(held, key=lambda each: -each["cpu"])


def told(held: Sequence[Result]) -> str:
    """The longest of some holds in words: CPU and wall time in ms, and what it was."""
    if not held:
        return "none"
    first = held[0]
    return f"{one(first)}, {len(held)} in all"


def one(hold: Result) -> str:
    """One hold in words."""
    collected = f" collecting {hold['gc']:.0f}" if hold["gc"] >= 1 else ""
    return f"{hold['cpu']:.0f} ({hold['wall']:.0f}){collected} {hold['name']}{hold.get('where', '')}"


def measure(rate: int, seconds: float, names: Sequence[str], flags: Sequence[str]) -> Iterator[tuple[str, Result]]:
    """Run the program and go through the screens."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "holds"
        log.touch()
        command = [sys.executable, "-m", "tests.benchmark.bench_screens", "--child", str(rate), str(log)]
        with Terminal([*command, *flags]) as terminal:
            eye, holds = Eye(terminal), Holds(log)
            eye.wait(lambda text: "S0003" in text and text.count("+") > 40, 60)
            eye.rest(4)
            for name in names:
                result: Result = {}
                for visit in ("first", "again"):
                    terminal.send(b"\x1b")
                    eye.rest(0.2)
                    terminal.send(b"1")
                    eye.rest(1)
                    terminal.send(b"g")
                    eye.rest(0.2)
                    start = time.monotonic()
                    for key, words in SCREENS[name]:
                        terminal.send(key)
                        eye.wait(lambda text, words=words: words in text)  # type: ignore[misc]
                    eye.rest(SETTLE)
                    result[visit] = holds.between(start, time.monotonic())
                start, count, cpu = time.monotonic(), terminal.count, loop_cpu(terminal.pid)
                eye.rest(seconds)
                lasted = time.monotonic() - start
                result["cpu"] = 100 * (loop_cpu(terminal.pid) - cpu) / lasted
                result["bytes"] = (terminal.count - count) / lasted
                keys_times = echoes(terminal, eye, name, seconds)
                result |= {"p50": median(keys_times), "p99": percentile(keys_times, 0.99), "keys": len(keys_times)}
                result["ticks"] = holds.between(start, time.monotonic())
                yield name, result
            terminal.send(b"\x1b")
            terminal.send(b"q")


def tell(name: str, found: Result, base: Result, *, where: bool) -> None:
    """Print what was measured of a screen, beside the monitor's."""
    times = {figure: found[figure] / max(base[figure], 1e-9) for figure in ("p50", "p99", "cpu", "bytes")}
    print(
        f"{name:<12} key p50 {found['p50']:5.1f} ms ({times['p50']:.1f}x)  p99 {found['p99']:6.1f} ({times['p99']:.1f}x) "
        f"of {found['keys']}   loop CPU {found['cpu']:5.1f} % ({times['cpu']:.1f}x)   "
        f"{found['bytes'] / 1e3:6.1f} kB/s ({times['bytes']:.1f}x)",
        flush=True,
    )
    for stretch in ("first", "again", "ticks"):
        print(f"{'':<12} loop held over 10 ms, CPU (wall), {stretch:<6} {told(found[stretch])}", flush=True)
        for hold in found[stretch][1:6] if where else ():
            print(f"{'':<46} {one(hold)}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="length of each of the two stretches of a screen")
    parser.add_argument("--rate", type=int, default=5_000, help="quotes a second")
    parser.add_argument("--screens", default=",".join(SCREENS), help="only these; the monitor is always measured")
    parser.add_argument("--where", action="store_true", help="tell where in the code the loop was held")
    parser.add_argument("--whole", action="store_true", help="without the driver that sends only what differs")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(int(options.child[0]), options.child[1], where=options.where, diff=not options.whole)
        return
    # Whoever notes when something came is not to wait for whoever reads it.
    sys.setswitchinterval(0.0005)
    names = list(dict.fromkeys(["monitor", *options.screens.split(",")]))
    print(f"{options.rate:,} quotes/s over {len(NAMES):,} symbols, 200x60, 10 frames/s; x is times the monitor's")
    base: Result = {}
    flags = [f"--{name}" for name in ("where", "whole") if getattr(options, name)]
    for name, each in measure(options.rate, options.seconds, names, flags):
        base = base or each
        tell(name, each, base, where=options.where)


if __name__ == "__main__":
    main()

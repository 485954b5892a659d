"""A whole day at speed: what of the running program grows, and whether what it shows drifts from a new computation.

    python -m tests.benchmark.soak [--hours N] [--speed 60] [--size 200x60] [--case demo] [--seed N] [--types]

The real program in a real pseudo-terminal, over three markets one after the other: the simulated one, the recorded history
where it is there (../shared/data/history), and the live chain against a loopback Yahoo with a stream. Keys are pressed all
the time. Twenty times a day the way leads back to the list, all comes to rest, and it is counted what the program holds; in
between, at moments that nobody has chosen, what the screen derives from is compared with the same made anew.
"""

# ruff: noqa: T201 -- a script prints

import argparse
import json
import os
import random
import re
import select
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmark.soak_keys import BEFORE, HOME, keys, sent
from tests.conftest import SHARED
from tests.terminal import Terminal

CASES = ("demo", "replay", "live")
SAMPLES = 20
FIRST = SAMPLES // 10
"""The sample at the end of the first tenth: what comes after is measured against it."""
MOST_GROWTH = 0.02
KEYS_PER_SECOND = 10.0
TOLD = 20_000
"""Characters shown of what a program wrote that has ended by itself."""
QUICKLY = 0.03
"""Seconds between two keys on the way home."""
FIGURES = re.compile(r"^> +\S+ +\d+\.\d\d +[+-]\d+\.\d\d +[+-]?\d", re.MULTILINE)
"""A row that has its figures."""
CONSTANT = ("own tasks", "strays", "workers", "descriptors")
"""A message on the hint line and a screen that is kept (`journey.KEPT` of a kind) have tasks that are nothing lost."""


class Probe:
    """Asks the listener in the program."""

    def __init__(self, ask: int, hear: int) -> None:
        self._ask, self._hear = ask, hear
        self._text = b""

    def __call__(self, question: str, seconds: float = 90.0) -> dict[str, Any]:
        """The answer to one question."""
        os.write(self._ask, question.encode() + b"\n")
        until = time.monotonic() + seconds
        while b"\n" not in self._text:
            ready, _, _ = select.select([self._hear], [], [], max(0.0, until - time.monotonic()))
            chunk = os.read(self._hear, 65536) if ready else b""
            if not chunk:
                raise TimeoutError(f"the program does not answer to {question!r}")
            self._text += chunk
        line, _, self._text = self._text.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer


@dataclass
class Run:
    """What was seen of one case."""

    case: str
    samples: list[dict[str, Any]] = field(default_factory=list)
    checks: int = 0
    compared: dict[str, int] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    pressed: int = 0
    types: list[dict[str, int]] = field(default_factory=list)
    lost: dict[str, Any] = field(default_factory=dict)

    def series(self, name: str) -> list[float]:
        """One figure over the day, from the end of the first tenth."""
        return [sample[name] for sample in self.samples[FIRST - 1 :]]

    def growth(self, name: str) -> float:
        """From the end of the first tenth to the end of the day: medians of three moments, as a fraction."""
        values = self.series(name)
        first, last = median(values[:3]), median(values[-3:])
        return (last - first) / first if first else 0.0

    def failures(self) -> list[str]:
        """What is not as it must be."""
        found = [*self.differences[:5]]
        if self.growth("resident") >= MOST_GROWTH:
            found.append(f"memory grew by {self.growth('resident'):.1%}")
        for name in CONSTANT:
            values = self.series(name)
            # Two kinds of moments may take turns; what grows is never as low again.
            if min(values[-3:]) > max(values[:3]):
                found.append(f"{name} grew from {max(values[:3]):.0f} to {min(values[-3:]):.0f}")
        return found


def memory_of(pid: int) -> dict[str, float]:
    """Memory in MB: resident, and the part of it that is no file's."""
    found = {}
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(":")
        if name in {"VmRSS", "RssAnon"}:
            found["resident" if name == "VmRSS" else "anonymous"] = int(value.split()[0]) / 1e3
    return found


def plain(output: bytes) -> str:
    """What was written without colours and places, for a look at why a program has ended."""
    return re.sub(r"\x1b\[[^a-zA-Z]*[a-zA-Z]", "", output.decode(errors="replace"))


class Soak:
    """One case, from its start to its end."""

    def __init__(
        self, case: str, seconds: float, speed: float, size: tuple[int, int], seed: int, *, types: bool
    ) -> None:
        self._case, self._seconds, self._speed, self._size, self._seed = case, seconds, speed, size, seed
        self._types = types
        self._chance = random.Random(seed)
        self._keys: Iterator[str] = keys(seed)
        self._lately: deque[str] = deque(maxlen=60)
        self.run = Run(case)

    def _words(self) -> list[str]:
        """The program's arguments."""
        match self._case:
            case "demo":
                return ["demo", "--speed", f"{self._speed:g}"]
            case "replay":
                # A whole day: the last one that is there ends at one o'clock, in the middle of a run.
                return ["replay", str(SHARED / "history"), "--date", "2025-12-23", "--speed", f"{self._speed:g}"]
            case _:
                return []

    def __call__(self) -> Run:
        """Play the day."""
        with ExitStack() as stack:
            home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            environment = {"HOME": str(home)} | {
                f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "CACHE", "STATE")
            }
            if self._case == "live":
                from tests.benchmark.soak_market import serving

                environment |= stack.enter_context(serving(home / "config" / "outpace", self._speed))
            read, ask = os.pipe()
            hear, write = os.pipe()
            for descriptor in (ask, hear):
                stack.callback(os.close, descriptor)
            command = [sys.executable, "-m", "tests.benchmark.soak_probe", str(read), str(write), self._case]
            columns, rows = self._size
            terminal = stack.enter_context(
                Terminal(
                    [*command, *self._words()],
                    columns=columns,
                    rows=rows,
                    environment=environment,
                    pass_fds=(read, write),
                )
            )
            os.close(read)
            os.close(write)
            try:
                self._play(terminal, Probe(ask, hear))
            except Exception:
                # Where it has ended by itself, what it says of that comes last.
                with suppress(TimeoutError):
                    terminal.wait_end(5)
                print(
                    plain(terminal.output)[-TOLD:],
                    "keys:",
                    *self._lately,
                    *(path.read_text(encoding="utf-8") for path in home.rglob("*.log")),
                    sep="\n",
                )
                raise
        return self.run

    def _play(self, terminal: Terminal, probe: Probe) -> None:
        terminal.wait_until(lambda: FIGURES.search(terminal.text()), 60)
        probe("count")
        for key in islice(self._keys, len(BEFORE)):
            self._press(terminal, key)
            if key in "123456":
                probe("count")
        begun = time.monotonic()
        for number in range(1, SAMPLES + 1):
            self._walk(terminal, probe, begun + self._seconds * number / SAMPLES)
            for key in HOME:
                self._press(terminal, key, quick=True)
            sample = probe("count")
            counts, caches = sample["counts"], sample["caches"]
            kept = {**counts, **caches, **memory_of(terminal.pid), "cpu": terminal.cpu(), "played": sample["played"]}
            self.run.samples.append(kept)
            self._check(probe)
            note = f" ({sample['busy']}, on {sample['page']})" if sample["busy"] else ""
            print(f"{self._case} {number}/{SAMPLES}: " + " ".join(f"{k} {v:.0f}" for k, v in kept.items()) + note)
            if self._types and number in {FIRST, SAMPLES}:
                self.run.types.append(probe("types"))
                self.run.lost = probe("lost")
        terminal.send(b"q")
        terminal.wait_end()

    def _walk(self, terminal: Terminal, probe: Probe, until: float) -> None:
        """Press keys up to a moment; somewhere on the way, compare."""
        check_at = self._chance.uniform(time.monotonic(), until)
        while time.monotonic() < until:
            self._press(terminal, next(self._keys))
            if check_at and time.monotonic() > check_at:
                self._check(probe)
                check_at = 0.0

    def _press(self, terminal: Terminal, key: str, *, quick: bool = False) -> None:
        terminal.send(sent(key))
        self._lately.append(key)
        self.run.pressed += 1
        time.sleep(QUICKLY if quick else self._chance.expovariate(KEYS_PER_SECOND))

    def _check(self, probe: Probe) -> None:
        answer = probe("check")
        self.run.differences += answer.pop("differences")
        self.run.compared = {k: max(v, self.run.compared.get(k, 0)) for k, v in answer.items()}
        self.run.checks += 1


def told(run: Run) -> list[str]:
    """A case in lines: what grew, and the verdict."""
    lines = [f"\n{run.case}: {run.pressed} keys, {run.checks} comparisons of up to {run.compared}"]
    lines.append(f"{'figure':<14}{'first tenth':>14}{'middle':>14}{'end':>14}{'growth':>10}")
    for name in run.samples[0]:
        values = run.series(name)
        first, middle, last = (median(part) for part in (values[:3], values[len(values) // 2 - 1 :][:3], values[-3:]))
        grown = "" if name in {"cpu", "played"} else f"{(last - first) / first if first else 0.0:>+10.1%}"
        lines.append(f"{name:<14}{first:>14,.1f}{middle:>14,.1f}{last:>14,.1f}{grown}")
    failures = run.failures()
    lines += [f"  {each}" for each in failures]
    lines.append("NOT met" if failures else "met: memory under 2 %, counts constant, no difference beyond 1e-9")
    if len(run.types) == 2:
        before, after = run.types
        grown = sorted(((after[name] - before.get(name, 0), name) for name in after), reverse=True)[:25]
        lines += [f"  {count:>+9,} {name}" for count, name in grown if count > 0]
        lines += [f"  removed, and alive: {run.lost['lost']}", *(f"    {each}" for each in run.lost["held"])]
    return lines


def main(argv: Sequence[str] | None = None) -> int:
    """Run the cases and print; 1 when something is not met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=2.0, help="played hours of each case")
    parser.add_argument("--speed", type=float, default=60.0, help="times faster than life")
    parser.add_argument("--size", default="200x60", help="of the terminal")
    parser.add_argument("--case", choices=CASES, action="append", help="only this one")
    parser.add_argument("--seed", type=int, default=1, help="of the keys")
    parser.add_argument("--types", action="store_true", help="objects by type, which are counted with some disturbance")
    options = parser.parse_args(argv)
    columns, rows = (int(part) for part in options.size.split("x"))
    runs = []
    for case in options.case or CASES:
        if case == "replay" and not SHARED.is_dir():
            print("replay: left out, since ../shared/data is not there")
            continue
        seconds = options.hours * 3600 / options.speed
        runs.append(Soak(case, seconds, options.speed, (columns, rows), options.seed, types=options.types)())
    print("\n".join(line for run in runs for line in told(run)))
    return int(any(run.failures() for run in runs))


if __name__ == "__main__":
    sys.exit(main())

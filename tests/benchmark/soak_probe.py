"""The program with a listener inside: on request it counts what it holds and compares what it shows with a new computation.

    python -m tests.benchmark.soak_probe READ WRITE CASE [ARGUMENT ...]

READ and WRITE are inherited descriptors; a line in asks, a line of JSON answers. Only the listener is added: the rest is
the program as it is installed.
"""

import asyncio
import gc
import json
import os
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from textual.app import App
from textual.screen import Screen
from textual.widget import Widget

from tests.benchmark.soak_check import Told, compared, differences
from tui.app import Outpace
from tui.link.moves import along

PATIENCE = 20.0
"""Seconds that something on its way is waited for before it is counted as it is."""


async def rest(app: Outpace) -> str:
    """Wait until nothing is on its way; says what still is when that takes too long."""
    until = time.monotonic() + PATIENCE
    calm = 0
    while calm < 3:
        await asyncio.sleep(0.05)
        busy = _busy(app)
        calm = 0 if busy else calm + 1
        if busy and time.monotonic() > until:
            return busy
    return ""


def _busy(app: Outpace) -> str:
    """What is on its way."""
    running = [w for w in app.workers if w.group != "engine" and not w.is_finished]
    if running:
        return f"workers {[w.group for w in running]}"
    if app.engine is None or not app.engine.loader.idle.is_set():
        return "loading"
    if any(each not in app.engine.live.quotes and each not in app.engine.live.unknown for each in app.view.symbols):
        return "quotes"
    if app._sweeper.owes:
        return "garbage"
    return "a dialog" if app.screen is not app.page else ""


TEXTUALS = {"MessagePump._process_messages", "Timer._run_timer"}
"""What every widget, and every timer, has a task of; what is left is ours."""


def entries(what: str) -> int:
    """How many threads (`task`) or open descriptors (`fd`) the process has; 0 where there is no /proc."""
    folder = Path("/proc/self", what)
    return sum(1 for _ in folder.iterdir()) if folder.exists() else 0


def counts(app: Outpace) -> dict[str, float]:
    """What the program holds, by name; equal at two moments of rest in the same place unless something stays."""
    engine = app.engine
    assert engine is not None
    tasks = [getattr(task.get_coro(), "__qualname__", "") for task in asyncio.all_tasks()]
    widgets = list(app._registry)
    timers = sum(len(pump._timers) for pump in {app, *widgets})
    shown = {*app._installed_screens.values(), *app.screen_stack}
    return {
        "tasks": len(tasks),
        "own tasks": sum(name not in TEXTUALS for name in tasks),
        "strays": sum(shown.isdisjoint(each.ancestors_with_self) for each in widgets),
        "timers": timers,
        "widgets": len(widgets),
        "screens": len(app._installed_screens) + len(app.screen_stack),
        "workers": len(app.workers._workers),
        "threads": entries("task"),
        "descriptors": entries("fd"),
        "scheduled": len(asyncio.get_running_loop()._scheduled),  # type: ignore[attr-defined]
    }


def caches(app: Outpace) -> dict[str, int]:
    """Sizes of what is kept on purpose: they may grow with what was looked at, up to a bound."""
    engine, desk = app.engine, app.desk
    assert engine is not None
    found = {
        "quotes": len(engine.live.quotes),
        "dirty": len(engine.live._dirty),
        "baselines": len(engine.loader.baselines),
        "intraday": len(engine._intraday),
        "told": len(desk._told),
        "funds": len(desk.funds),
        "frozen": gc.get_freeze_count(),
        "blocks": sys.getallocatedblocks(),
    }
    cells = getattr(getattr(getattr(app, "_driver", None), "_screen", None), "cells", None)
    if cells is not None:
        found |= {"cells": len(cells), "styles": len(cells._looks)}
        found["style changes"] = sum(len(style.changes) for style in cells._looks.values())
        found["moves"] = along.cache_info().currsize
    return found


def lost(app: Outpace) -> list[Widget]:
    """Widgets and screens that are alive although they were removed; call after `types`, which lets garbage go."""
    return [each for each in gc.get_objects() if isinstance(each, Widget) and each not in app._registry]


def holders(one: object, most: int = 6) -> list[str]:
    """The shortest way from what is alive anyway (a module, a task, the app) to an object."""
    seen, ways = {id(one)}, [(one, "")]
    for _ in range(most):
        further: list[tuple[object, str]] = []
        for each, path in ways:
            for by in gc.get_referrers(each):
                if id(by) in seen or by is ways or by is further or isinstance(by, FrameType):
                    continue
                seen.add(id(by))
                names = [str(name) for name, value in by.items() if value is each][:1] if isinstance(by, dict) else []
                way = f"{path} < {type(by).__name__}{names or ''}"
                if isinstance(by, asyncio.Task | App | ModuleType) or (isinstance(by, dict) and "__spec__" in by):
                    return [way + f" {getattr(by, 'name', '') or by!r:.80}"]
                further.append((by, way))
        ways = further[:500]
    return [path for _, path in ways[:3]]


def types() -> dict[str, int]:
    """Objects by type; what was put out of the collector's sight is looked at, too, and put back."""
    frozen = gc.get_freeze_count()
    gc.unfreeze()
    gc.collect()
    found = Counter(f"{type(each).__module__}.{type(each).__qualname__}" for each in gc.get_objects())
    if frozen:
        gc.freeze()
    return dict(found.most_common(400))


class Listener:
    """Answers requests that come down a pipe, on the loop of the program."""

    def __init__(self, app: Outpace, read: int, write: int, told: Told | None) -> None:
        self._app, self._read, self._write, self._told = app, read, write, told
        self._text = b""
        self._answering: set[asyncio.Task[None]] = set()
        os.set_blocking(read, False)
        asyncio.get_running_loop().add_reader(read, self._heard)

    def _heard(self) -> None:
        self._text += os.read(self._read, 4096)
        *lines, self._text = self._text.split(b"\n")
        for line in lines:
            task = asyncio.get_running_loop().create_task(self._answer(line.decode()), name="probe")
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    async def _answer(self, asked: str) -> None:
        answer: dict[str, Any]
        try:
            answer = await self._made(asked)
        except Exception:  # noqa: BLE001 (told to who asked)
            answer = {"error": traceback.format_exc()}
        os.write(self._write, json.dumps(answer).encode() + b"\n")

    async def _made(self, asked: str) -> dict[str, Any]:
        app = self._app
        if asked == "types":
            return types()
        if asked == "lost":
            found = lost(app)
            # What holds the outermost holds the rest.
            screens = [each for each in found if isinstance(each, Screen)]
            return {
                "lost": dict(Counter(type(each).__name__ for each in found).most_common(12)),
                "held": [f"{type(each).__name__}{way}" for each in (screens or found)[:4] for way in holders(each)],
            }
        if asked == "check":
            return {"differences": differences(app, self._told)[:20], **compared(app)}
        if app.paused:
            app.action_pause()
        busy = await rest(app)
        if asked == "collect":
            gc.collect()
        played = app.engine.source.now().timestamp() if app.engine else 0.0
        return {
            "busy": busy,
            "page": type(app.page).__name__,
            "played": played,
            "counts": counts(app),
            "caches": caches(app),
        }


def main() -> None:
    """Run the program."""
    read, write, case, *words = sys.argv[1:]
    told: Told | None = None
    if case == "live":
        from tests.benchmark.soak_market import turn

        told = turn()
    run: Callable[[Outpace], Any] = Outpace._run

    async def listened(app: Outpace) -> None:
        Listener(app, int(read), int(write), told)
        await run(app)

    Outpace._run = listened  # type: ignore[method-assign]
    from tui.cli import main as outpace

    sys.exit(outpace(words))


if __name__ == "__main__":
    main()

"""A recording of raw answers: the live market while it is made, and the same market when it is played.

Both stand on an empty history and an empty cache, so that all that is shown is on the tape.
"""

import os
import shutil
import tempfile
import time
import weakref
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from tui import sessions
from tui.assembly import STALE_SECONDS, Assembly, drivers, issuers
from tui.config import Paths, Settings
from tui.files import reason
from tui.sources.base import NoDataError
from tui.sources.chain_make import Knobs, make
from tui.sources.credentials import VARIABLES, Key, load
from tui.sources.holdings.yahoo_top import YahooTop
from tui.sources.tape import Recorder, Tape
from tui.sources.tape_wire import Wire
from tui.store.memory import Memory


def recorded(settings: Settings, paths: Paths) -> Assembly:
    """The live market, all answers of which are kept in `settings.record`.

    Raises:
        NoDataError: the folder cannot be written.
    """
    assert settings.record is not None
    try:
        wire = Wire(recorder=Recorder(settings.record, time.time))
    except OSError as error:
        raise NoDataError(f"nothing can be recorded in {settings.record}: {reason(error)}") from error
    return _live(settings, load(paths.config_dir / "keys.toml", os.environ), Knobs(wire=wire), wire)


def played(settings: Settings, paths: Paths, folder: Path) -> Assembly:  # noqa: ARG001 (nothing of the user's is used)
    """A recorded market, at `settings.speed` (1 unless it is given), from its first answer to its last.

    Raises:
        NoDataError: there is no recording.
        MalformedError: it cannot be read.
    """
    tape = Tape(folder)
    tape.clock = clock = _clock(tape, settings.speed or 1.0)

    def nature() -> str:
        moment = datetime.fromtimestamp(clock(), sessions.NEW_YORK)
        speed = f" x{settings.speed:g}" if settings.speed and settings.speed != 1 else ""
        return f"RECORDED {moment:%Y-%m-%d %H:%M}{speed}"

    wire = Wire(tape=tape)
    # A key of any kind stands for the one that was used: what is on the tape does not show it.
    asked = {provider for provider in VARIABLES for entry in tape.entries if provider in entry.url}
    keys = {provider: Key("recorded", "recorded") for provider in asked}
    return _live(settings, keys, Knobs(wire=wire, clock=clock, nature=nature), wire)


def _live(settings: Settings, keys: dict[str, Key], knobs: Knobs, wire: Wire) -> Assembly:
    cache = Path(tempfile.mkdtemp(prefix="outpace-"))
    source, yahoo = make(settings, keys, cache, knobs)
    weakref.finalize(source, shutil.rmtree, cache, ignore_errors=True)
    top = YahooTop(yahoo.http, yahoo.auth, base=settings.yahoo.base)
    return Assembly(
        source,
        Memory(),
        fetch=True,
        stale_after=STALE_SECONDS,
        funds=issuers(settings, top, wire),
        sectors=top,
        drivers=drivers(settings, yahoo, wire),
        live=True,
    )


def _clock(tape: Tape, speed: float) -> Callable[[], float]:
    """The time that is played: from the first answer on, at a speed, and standing still at the last."""
    started = time.monotonic()
    return lambda: min(tape.begins + (time.monotonic() - started) * speed, tape.ends)

"""The simulated market for tests that only look at it: its history is made once in a process, not once a test.

What the simulation itself promises is tested on markets of their own, in `tests/sources/test_demo.py`.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
import polars as pl

from tui.analytics.figures import Baseline, Profile
from tui.loader_steps import Shelf
from tui.model import Bar, Bars
from tui.sessions import session_close, session_of
from tui.sources.demo import Demo
from tui.sources.demo_day import Days
from tui.sources.demo_market import Market
from tui.store.memory import Memory

Made = tuple[dict[str, Baseline], dict[str, date], dict[str, str]]

_market = cache(Market)
_days = cache(Days)
_daily: dict[tuple[object, ...], Bars] = {}
_usual: dict[tuple[object, ...], bytes] = {}
"""Five-minute bars, packed: those of all members of a fund are half a million objects."""
_profiles: dict[tuple[object, ...], Profile | None] = {}
_keys: dict[int, tuple[object, ...]] = {}
"""What stands in `_daily` under which key, by the identity of its dates."""
_held: WeakKeyDictionary[Memory, dict[str, list[tuple[object, ...] | None]]] = WeakKeyDictionary()
"""What each history in memory was given of each symbol, in order; None is what is of no kept market."""
_frames: dict[tuple[object, ...], pl.DataFrame] = {}
_baselines: dict[tuple[object, ...], Made] = {}


class Usual(list[Bar]):
    """Five-minute bars of which it is known whose they are; they are unpacked for who looks at them, which few do."""

    def __init__(self, key: tuple[object, ...]) -> None:
        super().__init__()
        self.key = key

    def _unpacked(self) -> list[Bar]:
        if not list.__len__(self):
            self.extend(msgspec.msgpack.decode(_usual[self.key], type=list[Bar]))
        return self

    def __iter__(self) -> Iterator[Bar]:
        return list.__iter__(self._unpacked())

    def __len__(self) -> int:
        return list.__len__(self._unpacked())

    def __getitem__(self, place: Any) -> Any:
        return list.__getitem__(self._unpacked(), place)

    def __eq__(self, other: object) -> bool:
        return list.__eq__(self._unpacked(), other)

    __hash__ = None  # type: ignore[assignment]


def profile_once(made: Callable[[str, list[Bar], date], Profile | None]) -> Callable[..., Profile | None]:
    """The usual day, made once of the same bars of a kept market; of all others each time."""

    def profile(symbol: str, bars: list[Bar], session: date) -> Profile | None:
        if not isinstance(bars, Usual):
            return made(symbol, bars, session)
        key = (*bars.key, symbol, session)
        if key not in _profiles:
            _profiles[key] = made(symbol, bars, session)
        return _profiles[key]

    return profile


def _key_of(bars: Bars) -> tuple[object, ...] | None:
    """Under which key bars stand in `_daily`; None for all that a kept market has not given just so."""
    if (key := _keys.get(id(bars.dates))) is None:
        return None
    kept = _daily[key]
    same = (getattr(bars, name) is getattr(kept, name) for name in bars.__struct_fields__ if name != "fetched_at")
    return key if all(same) else None


def remembering(append: Callable[[Memory, Iterable[Bars]], None]) -> Callable[[Memory, Iterable[Bars]], None]:
    """What stands in for `Memory.append`, so that it is known what a history was given."""

    def appended(memory: Memory, bars: Iterable[Bars]) -> None:
        given = list(bars)
        held = _held.setdefault(memory, {})
        for one in given:
            held.setdefault(one.symbol, []).append(_key_of(one))
        append(memory, given)

    return appended


def frames_once(made: Callable[..., pl.DataFrame]) -> Callable[..., pl.DataFrame]:
    """Rows of daily bars, made once of the same bars of a kept market; of all others each time."""

    def bars_frame(*many: Bars) -> pl.DataFrame:
        key = tuple(map(_key_of, many))
        if None in key:
            return made(*many)
        if key not in _frames:
            _frames[key] = made(*many)
        return _frames[key]

    return bars_frame


def baselines_once(made: Callable[[Shelf, Sequence[str], date], Made]) -> Callable[[Shelf, Sequence[str], date], Made]:
    """Baselines, made once of the same bars of a kept market; of all others each time."""

    def make(shelf: Shelf, symbols: Sequence[str], session: date) -> Made:
        held = _held.get(shelf) if isinstance(shelf, Memory) else None
        given = [tuple(held.get(symbol, ())) for symbol in symbols] if held else [(None,)]
        if any(None in each for each in given):
            return made(shelf, symbols, session)
        key = (*symbols, *given, session)
        if key not in _baselines:
            _baselines[key] = made(shelf, symbols, session)
        found, last, holes = _baselines[key]
        return dict(found), dict(last), dict(holes)

    return make


class Kept(Demo):
    """The same market as `Demo`, which remembers for all others of its kind what it has once made."""

    def __init__(
        self,
        seed: int = 7,
        speed: float = 1.0,
        clock: Callable[[], float] = time.time,
        start: datetime | None = None,
    ) -> None:
        super().__init__(seed, speed, clock, start)
        self._market = _market(seed, self._market.surge)
        self._days = _days(self._market)

    async def history(self, symbol: str, start: date | None = None) -> Bars:
        moment = self.now()
        session = session_of(moment)
        key = (self._market, symbol, start, session, moment >= session_close(session))
        if key not in _daily:
            _daily[key] = await super().history(symbol, start)
            _keys[id(_daily[key].dates)] = key
        return msgspec.structs.replace(_daily[key], fetched_at=moment.timestamp())

    async def intraday_history(self, symbol: str) -> list[Bar]:
        key = (self._market, symbol, session_of(self.now()))
        if key not in _usual:
            _usual[key] = msgspec.msgpack.encode(await super().intraday_history(symbol))
        return Usual(key)

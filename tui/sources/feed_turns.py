"""Which way is asked for which symbol: the first of its order that is open, covers it, and has not been asked in vain."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence

from tui.sources.base import SourceError, Want
from tui.sources.feed_book import Told
from tui.sources.gate import Gate
from tui.sources.needs import Need
from tui.sources.ways import Way
from tui.sources.yahoo_plan import on_screen


class Turns:
    """The ways of each need with their gates, and who of one round still waits."""

    def __init__(
        self, ways: Mapping[Need, Sequence[Way]], clock: Callable[[], float], jitter: Callable[[], float]
    ) -> None:
        self.ways = {need: tuple(ways.get(need, ())) for need in (Need.VISIBLE, Need.LIST)}
        self._all = tuple(dict.fromkeys(way for order in self.ways.values() for way in order))
        self.gates = {way: Gate(clock, jitter) for way in self._all}
        self._clock = clock
        self._visible: frozenset[str] = frozenset()
        self._waiting: deque[str] = deque()
        self._in_vain: dict[str, set[str]] = {}
        self._missing: set[str] = set()
        self._answering: list[Way] = []
        self._answered_before: list[Way] = []
        self.lost: list[str] = []
        """Symbols of this round that nobody could be asked for any more, because someone failed."""

    @property
    def answering(self) -> list[Way]:
        """Those who told something: in this round, or in the last one as long as nobody has failed in this one."""
        return self._answering or ([] if self.lost else self._answered_before)

    @property
    def pressing(self) -> bool:
        """Whether something on the screen waits still; it is put off for nothing."""
        return bool(self._waiting) and self._waiting[0] in self._visible

    def rank(self, source: str) -> int:
        """The place of a source among all."""
        return next((place for place, way in enumerate(self._all) if way.source == source), len(self._all))

    def begin(self, due: Sequence[str], want: Want) -> list[str]:
        """A new round; those of `due` that no way could ever know."""
        self._visible = frozenset(on_screen(want))
        strange = [symbol for symbol in due if not any(way.covers(symbol) for way in self._all)]
        apart = set(strange)
        self._answered_before = self.answering
        self._in_vain, self._missing, self._answering, self.lost = {}, set(), [], []
        self._waiting = deque(symbol for symbol in due if symbol not in apart)
        self._settle()
        return strange

    def next(self) -> tuple[Way, list[str]] | None:
        """The next way, and those that it is asked for, the longest waiting first; None when nobody waits."""
        ready = self._ready()
        while self._waiting:
            way = self._way(self._waiting[0], ready)
            if way is None:
                # Since it was last looked at, a way has fallen out that nobody here has asked.
                self._settle()
                continue
            symbols: list[str] = []
            others: list[str] = []
            while self._waiting and len(symbols) < way.batch:
                symbol = self._waiting.popleft()
                (symbols if self._way(symbol, ready) is way else others).append(symbol)
            self._waiting.extendleft(reversed(others))
            return way, symbols
        return None

    def failed(self, way: Way, symbols: Sequence[str], error: SourceError) -> None:
        """A way did not answer: it rests, and those wait for the next one, before all others."""
        self.gates[way].failed(error)
        self._waiting.extendleft(reversed(symbols))
        self._settle()

    def answered(self, way: Way, symbols: Sequence[str], told: Told, known: Mapping[str, object]) -> list[str]:
        """Note an answer; those that it leaves open go on to the next way. Returns those now known not to exist."""
        self.gates[way].answered()
        open_ = {*told.doubts, *told.missing}
        left = [symbol for symbol in symbols if symbol in open_]
        if (way.whole or len(left) < len(symbols)) and (not self._answering or not self._visible.isdisjoint(symbols)):
            self._answering.append(way)
        unknown = []
        for symbol in told.missing:
            self._missing.add(symbol)
            if way.whole and symbol not in known:
                unknown.append(symbol)
        for symbol in left:
            self._in_vain.setdefault(symbol, set()).add(way.source)
        gone = set(unknown)
        onward = [symbol for symbol in left if symbol not in gone]
        waiting, self._waiting = self._waiting, deque(onward)
        nowhere = self._settle()
        self._waiting.extend(waiting)
        return [*unknown, *(symbol for symbol in nowhere if symbol not in known)]

    def rest(self) -> float:
        """Seconds until asking makes sense again, where nobody answered in this round; else 0."""
        if not self.lost or self._answering:
            return 0.0
        shut = [gate.until for way, gate in self.gates.items() if not gate.is_open and way.usable]
        return max(0.0, min(shut, default=0.0) - self._clock())

    def woke(self) -> None:
        """Ask at once again whom a missing connection kept away."""
        for gate in self.gates.values():
            gate.woke()

    def _settle(self) -> list[str]:
        """Of those who wait, keep whom somebody can be asked for; the others are lost, or left out by all: returned."""
        ready = self._ready()
        symbols, self._waiting = self._waiting, deque()
        nowhere = []
        for symbol in symbols:
            if self._way(symbol, ready) is not None:
                self._waiting.append(symbol)
            elif any(self._could(way, symbol) for way in self._order(symbol)):
                self.lost.append(symbol)
            elif symbol in self._missing:
                nowhere.append(symbol)
        return nowhere

    def _ready(self) -> frozenset[Way]:
        """The ways that may be asked now."""
        return frozenset(way for way, gate in self.gates.items() if gate.is_open and way.usable)

    def _order(self, symbol: str) -> tuple[Way, ...]:
        return self.ways[Need.VISIBLE if symbol in self._visible else Need.LIST]

    def _could(self, way: Way, symbol: str) -> bool:
        """Whether a way might know the symbol, once it can be asked."""
        return way.covers(symbol) and way.source not in self._in_vain.get(symbol, ())

    def _way(self, symbol: str, ready: frozenset[Way]) -> Way | None:
        """Who is asked next for a symbol."""
        return next((way for way in self._order(symbol) if way in ready and self._could(way, symbol)), None)

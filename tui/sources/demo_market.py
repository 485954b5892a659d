"""The simulated market by day: common forces, companies moved by them, and funds made of the companies.

A day's return of a company is the sum of its loadings on the market, size, rates and sector forces and of a shock of
its own; a fund's is the weighted return of its parts plus a small tracking error. Shocks are Student's t with four
degrees of freedom, volatility wanders and takes the volume along.

All of it is made a calendar quarter at a time, from a generator that is seeded with the quarter and the symbol:
any quarter can be had alone, in any order, and is always the same. Prices are chained from the quarter `ANCHOR`,
where each listing has its listed price.
"""

import math
import time
from collections.abc import Callable
from datetime import date
from functools import lru_cache, partial
from itertools import accumulate
from operator import mul
from random import Random

from msgspec import Struct

from tui.model import Kind
from tui.sessions import is_session
from tui.sources.demo_shapes import bridge, rounded, shocks, slots_of
from tui.sources.demo_universe import SECTORS, Listing, universe

ANCHOR = 2026 * 4 + 1
"""Second quarter of 2026; quarters are counted as `year * 4 + 0..3`."""

SURGE = 30
"""Times the mean volume of the 63 sessions before that `SURGING` trades in the surge session."""

SURGING = "QQQS"

_MARKET_VOLATILITY = 0.0085
_MARKET_DRIFT = 0.0004
_SIZE_VOLATILITY = 0.0035
_SIZE_TREND = 0.06
"""Largest distance by which small companies leave the large behind in a month, or fall behind."""
_RATES_VOLATILITY = 0.011
_SECTOR_VOLATILITY = 0.0045
_SECTOR_TREND = 0.02
_MOOD_MEMORY = 0.95
_MOOD_SHOCK = 0.12
_GAP = 0.35
"""Share of a day's move that is made overnight, on average."""
_MARKET_WAVE = 0.8
"""Size of the market's wandering within a session, in its volatility of a day."""
_OWN_REACH = 1.4
"""Reach of a symbol beyond what the market explains, in its own volatility, times two uniform numbers."""

_DAILY_KEPT = 1024
"""Quarters of daily bars: the running and the last one of every symbol, and those that a list's history is made of."""
_TURN = 0.002
"""Seconds of work in a thread between two pauses."""
_PAUSE = 20e-6


class Forces(Struct, frozen=True):
    """What moves everything in one quarter; one entry per session in each list, log returns."""

    quarter: int
    sessions: list[date]
    place: dict[date, int]
    """Position of each session in the lists."""
    market: list[float]
    size: list[float]
    rates: list[float]
    sectors: dict[str, list[float]]
    mood: list[float]
    """Log of the volatility, around 0."""
    waves: list[list[float]]
    """The market's wandering within each session, beyond the straight line from open to close: one value per slot
    boundary, from 0 to 0."""
    crests: list[tuple[float, float]]
    """The highest point of each wave: share of the session gone by, and height."""
    troughs: list[tuple[float, float]]


class Moves(Struct, frozen=True):
    """One symbol's open and close relative to the previous close; one entry per session of a quarter."""

    open: list[float]
    close: list[float]


class Daily(Struct, frozen=True):
    """One symbol's daily bars of a quarter, rounded to the tick size."""

    sessions: list[date]
    before: float
    """Close before the first session, not rounded."""
    open: list[float]
    high: list[float]
    low: list[float]
    close: list[float]
    volume: list[int] | None

    def previous(self, place: int) -> float:
        """Close of the session before the one at `place`."""
        return self.close[place - 1] if place else self.before


class Exposure(Struct, frozen=True):
    """How far a day reaches: the loading on the market and the volatility of the rest."""

    market: float
    idio: float


def quarter_of(day: date) -> int:
    """The calendar quarter of a day, counted as `ANCHOR` is."""
    return day.year * 4 + (day.month - 1) // 3


def sessions_of(quarter: int) -> list[date]:
    """The exchange's sessions of a calendar quarter, in order."""
    first = date(quarter // 4, quarter % 4 * 3 + 1, 1).toordinal()
    following = date((quarter + 1) // 4, (quarter + 1) % 4 * 3 + 1, 1).toordinal()
    return [day for day in map(date.fromordinal, range(first, following)) if is_session(day)]


class Market:
    """Every daily bar of the simulated market, made on demand and kept for a while.

    Safe to call from several threads: what two of them make at once is the same.
    """

    def __init__(self, seed: int, surge: date) -> None:
        self.seed = seed
        self.surge = surge
        self.listings: dict[str, Listing] = universe(seed)
        self.forces: Callable[[int], Forces] = lru_cache(None)(self._forces)
        self.moves: Callable[[str, int], Moves] = lru_cache(None)(self._moves)
        self.daily: Callable[[str, int], Daily] = lru_cache(_DAILY_KEPT)(self._daily)
        self.exposure: Callable[[str], Exposure] = lru_cache(None)(self._exposure)
        self._before: dict[tuple[str, int], float] = {}
        self._turn_ends = 0.0

    def random(self, *key: object) -> Random:
        """A generator that belongs to these words and to the seed, the same in every process."""
        return Random(" ".join(map(str, (self.seed, *key))))

    def step_aside(self) -> None:
        """Between two pieces of work, let the event loop run that may be waiting for the interpreter.

        A thread that computes gives the interpreter up only every 5 ms by itself; a pause of nothing would not do it.
        """
        if time.perf_counter() > self._turn_ends:
            time.sleep(_PAUSE)
            self._turn_ends = time.perf_counter() + _TURN

    def before(self, symbol: str, quarter: int) -> float:
        """Close before the first session of a quarter, not rounded."""
        known = self._before.get((symbol, quarter))
        if known is not None:
            return known
        price = self.listings[symbol].price
        for each in range(ANCHOR, quarter):
            price *= math.prod(self.moves(symbol, each).close)
            self._before[symbol, each + 1] = price
        for each in range(ANCHOR - 1, quarter - 1, -1):
            price /= math.prod(self.moves(symbol, each).close)
            self._before[symbol, each] = price
        return price

    def _forces(self, quarter: int) -> Forces:
        rng = self.random("forces", quarter)
        sessions = sessions_of(quarter)
        draw = partial(rng.choices, shocks(), k=len(sessions))
        mood = [rng.gauss(0, _MOOD_SHOCK / math.sqrt(1 - _MOOD_MEMORY**2))]
        for _ in sessions[1:]:
            mood.append(_MOOD_MEMORY * mood[-1] + rng.gauss(0, _MOOD_SHOCK))
        volatility = [_MARKET_VOLATILITY * math.exp(each) for each in mood]
        waves = [
            [_MARKET_WAVE * size * each for each in bridge(rng, slots_of(day))]
            for day, size in zip(sessions, volatility, strict=True)
        ]

        def trending(trend: float, spread: float) -> list[float]:
            """Shocks around a drift that is drawn for every month."""
            drift = {month: rng.uniform(-trend, trend) / 21 for month in sorted({day.month for day in sessions})}
            return [drift[day.month] + spread * shock for day, shock in zip(sessions, draw(), strict=True)]

        return Forces(
            quarter=quarter,
            sessions=sessions,
            place={day: place for place, day in enumerate(sessions)},
            market=[_MARKET_DRIFT + each * shock for each, shock in zip(volatility, draw(), strict=True)],
            size=trending(_SIZE_TREND, _SIZE_VOLATILITY),
            rates=trending(0.0, _RATES_VOLATILITY),
            sectors={sector: trending(_SECTOR_TREND, _SECTOR_VOLATILITY) for sector in SECTORS},
            mood=mood,
            waves=waves,
            crests=[(wave.index(top := max(wave)) / (len(wave) - 1), top) for wave in waves],
            troughs=[(wave.index(bottom := min(wave)) / (len(wave) - 1), bottom) for wave in waves],
        )

    def _moves(self, symbol: str, quarter: int) -> Moves:
        self.step_aside()
        listing, forces = self.listings[symbol], self.forces(quarter)
        rng = self.random("moves", symbol, quarter)
        uniform = rng.random
        if listing.parts:
            return self._composed(listing, quarter, uniform)
        sector = forces.sectors[listing.sector] if listing.sector else [0.0] * len(forces.sessions)
        own = rng.choices(shocks(), k=len(forces.sessions))
        market, size, rates, idio = listing.market, listing.size, listing.rates, listing.idio
        returns = [
            market * m + size * s + rates * r + k + idio * shock
            for m, s, r, k, shock in zip(forces.market, forces.size, forces.rates, sector, own, strict=True)
        ]
        exp = math.exp
        return Moves(
            open=[exp(each * 2 * _GAP * uniform() + idio * 0.3 * (uniform() - 0.5)) for each in returns],
            close=[exp(each) for each in returns],
        )

    def _composed(self, listing: Listing, quarter: int, uniform: Callable[[], float]) -> Moves:
        """The weighted moves of a fund's parts, with a tracking error around them."""
        count = len(self.forces(quarter).sessions)
        opens = [listing.idio * (uniform() - 0.5) for _ in range(count)]
        closes = [listing.idio * (uniform() - 0.5) for _ in range(count)]
        for symbol, weight in listing.parts:
            part = self.moves(symbol, quarter)
            opens = [total + weight * each for total, each in zip(opens, part.open, strict=True)]
            closes = [total + weight * each for total, each in zip(closes, part.close, strict=True)]
        return Moves(open=opens, close=closes)

    def _exposure(self, symbol: str) -> Exposure:
        listing = self.listings[symbol]
        if not listing.parts:
            return Exposure(listing.market, listing.idio + 0.5 * abs(listing.rates) * _RATES_VOLATILITY)
        parts = [(weight, self.exposure(part)) for part, weight in listing.parts]
        return Exposure(
            sum(weight * part.market for weight, part in parts),
            math.hypot(*(weight * part.idio for weight, part in parts)),
        )

    def _daily(self, symbol: str, quarter: int) -> Daily:
        self.step_aside()
        listing, forces, moves = self.listings[symbol], self.forces(quarter), self.moves(symbol, quarter)
        uniform = self.random("reach", symbol, quarter).random
        exposure, before = self.exposure(symbol), self.before(symbol, quarter)
        reach = exposure.market
        # A fund's own reach is small: what its parts do alone mostly cancels out within the day.
        own = exposure.idio * (_OWN_REACH if not listing.parts else _OWN_REACH / 2)
        closes = list(accumulate(moves.close, mul, initial=before))
        opens = list(map(mul, closes, moves.open))
        del closes[0]
        peaks, pits = (forces.crests, forces.troughs) if reach >= 0 else (forces.troughs, forces.crests)
        at_peak = [(o + (c - o) * at) * (1 + reach * top) for o, c, (at, top) in zip(opens, closes, peaks, strict=True)]
        at_pit = [(o + (c - o) * at) * (1 + reach * dip) for o, c, (at, dip) in zip(opens, closes, pits, strict=True)]
        highs = [price * (1 + own * uniform() * uniform()) for price in map(max, opens, closes, at_peak)]
        lows = [price * (1 - own * uniform() * uniform()) for price in map(min, opens, closes, at_pit)]
        scale = ticks_per_unit(listing)
        return Daily(
            sessions=forces.sessions,
            before=before,
            open=rounded(opens, scale),
            high=rounded(highs, scale),
            low=rounded(lows, scale),
            close=rounded(closes, scale),
            volume=self._volumes(listing, forces, moves, uniform),
        )

    def _volumes(
        self, listing: Listing, forces: Forces, moves: Moves, uniform: Callable[[], float]
    ) -> list[int] | None:
        """Shares by session: more in nervous times and on days of large moves."""
        if listing.volume is None:
            return None
        usual, exp = listing.volume * 0.8, math.exp
        volumes = [
            int(usual * exp(0.6 * mood + min(12 * abs(move - 1), 1.2) + 0.8 * (uniform() - 0.5)))
            for mood, move in zip(forces.mood, moves.close, strict=True)
        ]
        if listing.symbol == SURGING and self.surge in forces.place:
            place = forces.place[self.surge]
            recent = [*(self.daily(SURGING, forces.quarter - 1).volume or []), *volumes[:place]][-63:]
            volumes[place] = SURGE * sum(recent) // len(recent)
        return volumes


def ticks_per_unit(listing: Listing) -> int:
    """Prices are whole multiples of 1 / this: cents, or tenths of a basis point for a yield."""
    return 1000 if listing.kind is Kind.YIELD else 100

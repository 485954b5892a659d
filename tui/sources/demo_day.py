"""One simulated session from its daily bar down: a path over the day, five-minute bars, single trades.

Each level is made to fit the one above it. A path runs from open to close and reaches exactly the high and the low;
bars cut it into slots; the trades of a slot run from the bar's open to its close in the same way. So whatever is
looked at, and in whatever order, adds up.
"""

import math
from bisect import bisect_right
from datetime import date
from functools import lru_cache
from itertools import accumulate, pairwise
from random import Random
from typing import NamedTuple

from msgspec import Struct

from tui.model import Bar
from tui.sessions import session_open
from tui.sources.demo_market import Market, quarter_of, ticks_per_unit
from tui.sources.demo_shapes import SLOT, bridge, fitted, rounded, slots_of, volume_curve
from tui.sources.demo_universe import SECTORS, Listing

_DAYS_KEPT = 512
"""Enough for all symbols in two sessions, as are slots and waves."""
_SLOTS_KEPT = 512
_WAVES_KEPT = 512
_PATHS_KEPT = 4096
"""Enough for all symbols in a month: the funds of a usual day are made of the same companies."""
_WAVES = {"size": 0.0012, "rates": 0.006} | dict.fromkeys(SECTORS, 0.0012)
"""Wandering of the lesser forces within a session; small, so that a fund's range is mostly the market's."""
_WICK = 0.25
"""Reach of a bar beyond its open and close, in typical moves of a slot."""


class Mark(NamedTuple):
    """Where a symbol stands at a moment of a session."""

    price: float
    as_of: float
    """Time of the last trade, or the slot's beginning before its first: epoch seconds UTC."""
    open: float
    high: float
    low: float
    volume: int | None
    """Shares since the open."""


class Day(Struct, frozen=True):
    """One symbol's session: parallel lists by slot."""

    begin: float
    """The open: epoch seconds UTC."""
    bars: list[Bar]
    high: list[float]
    """Highest price up to the end of each slot."""
    low: list[float]
    volume: list[int] | None
    """Shares up to the end of each slot."""


class Trades(Struct, frozen=True):
    """The trades of one symbol in one slot, parallel lists in order of time."""

    time: list[float]
    """Seconds into the slot."""
    price: list[float]
    high: list[float]
    """Highest price up to each trade, the slot's open included."""
    low: list[float]


class Days:
    """Sessions of a market, each made when it is first asked for."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self.day = lru_cache(_DAYS_KEPT)(self._make_day)
        self._path = lru_cache(_PATHS_KEPT)(self._make_path)
        self._trades = lru_cache(_SLOTS_KEPT)(self._make_trades)
        self._wave = lru_cache(_WAVES_KEPT)(self._make_wave)

    def mark(self, symbol: str, session: date, moment: float) -> Mark:
        """Where the symbol stands at `moment` (epoch seconds UTC) of the session; before its open: at the open."""
        day = self.day(symbol, session)
        elapsed = max(0.0, moment - day.begin)
        slot = int(elapsed // SLOT)
        first, last = day.bars[0], day.bars[-1]
        opened = _known(first.open)
        if slot >= len(day.bars):
            volume = day.volume[-1] if day.volume else None
            return Mark(_known(last.close), last.time + SLOT, opened, day.high[-1], day.low[-1], volume)
        trades = self._trades(symbol, session, slot)
        done = bisect_right(trades.time, elapsed - slot * SLOT)
        high, low = (day.high[slot - 1], day.low[slot - 1]) if slot else (opened, opened)
        volume = self._traded(day, slot, done, len(trades.time))
        if not done:
            # The bar before ended with its last trade; the first slot begins with the auction.
            return Mark(_known(day.bars[slot].open), day.bars[slot].time, opened, high, low, volume)
        at = done - 1
        return Mark(
            trades.price[at],
            day.bars[slot].time + trades.time[at],
            opened,
            max(high, trades.high[at]),
            min(low, trades.low[at]),
            volume,
        )

    @staticmethod
    def _traded(day: Day, slot: int, done: int, trades: int) -> int | None:
        """Shares since the open after `done` of the slot's trades."""
        if day.volume is None:
            return None
        before = day.volume[slot - 1] if slot else 0
        return before + (day.volume[slot] - before) * done // trades

    def _make_day(self, symbol: str, session: date) -> Day:
        daily, listing = self._market.daily(symbol, quarter_of(session)), self._market.listings[symbol]
        place = daily.sessions.index(session)
        high, low = daily.high[place], daily.low[place]
        rng = self._market.random("bars", symbol, session)
        scale = ticks_per_unit(listing)
        points = rounded(self._path(symbol, session), scale)
        slots = len(points) - 1
        wick = _WICK * (high - low) / math.sqrt(slots)
        highs = rounded([min(high, max(pair) + wick * rng.random()) for pair in pairwise(points)], scale)
        lows = rounded([max(low, min(pair) - wick * rng.random()) for pair in pairwise(points)], scale)
        # The path of a fund, or of a day that ends at its extreme, need not reach the day's range: a bar does.
        highs[highs.index(max(highs))] = high
        lows[lows.index(min(lows))] = low
        volume = _spread(rng, daily.volume[place], slots) if daily.volume else None
        begin = session_open(session).timestamp()
        bars = [
            Bar(
                time=begin + SLOT * slot,
                open=before,
                high=highs[slot],
                low=lows[slot],
                close=after,
                volume=None if volume is None else volume[slot] - (volume[slot - 1] if slot else 0),
            )
            for slot, (before, after) in enumerate(pairwise(points))
        ]
        return Day(begin, bars, list(accumulate(highs, max)), list(accumulate(lows, min)), volume)

    def _make_path(self, symbol: str, session: date) -> list[float]:
        """Price at each slot's beginning and at the close, not rounded, within the day's high and low."""
        self._market.step_aside()
        listing, quarter = self._market.listings[symbol], quarter_of(session)
        daily, place = self._market.daily(symbol, quarter), self._market.forces(quarter).place[session]
        opened, close = daily.open[place], daily.close[place]
        shape = self._composed(listing, quarter, place) if listing.parts else self._moved(listing, quarter, place)
        # A fund stays with its parts: their path is pressed into the fund's range if need be, but not stretched to it.
        return fitted([opened, *shape[1:-1], close], daily.high[place], daily.low[place], stretch=not listing.parts)

    def _composed(self, listing: Listing, quarter: int, place: int) -> list[float]:
        """The weighted paths of a fund's parts since the previous close."""
        session = self._market.forces(quarter).sessions[place]
        before = self._market.daily(listing.symbol, quarter).previous(place)
        total = [0.0] * (slots_of(session) + 1)
        for part, weight in listing.parts:
            factor = before * weight / self._market.daily(part, quarter).previous(place)
            total = [a + factor * b for a, b in zip(total, self._path(part, session), strict=True)]
        return total

    def _moved(self, listing: Listing, quarter: int, place: int) -> list[float]:
        """The straight line from open to close, with the waves of the forces and one of its own upon it."""
        forces, daily = self._market.forces(quarter), self._market.daily(listing.symbol, quarter)
        session, opened = forces.sessions[place], daily.open[place]
        waves = [(listing.market, forces.waves[place])]
        waves += [(listing.size, self._wave("size", session)), (listing.rates, self._wave("rates", session))]
        if listing.sector:
            waves.append((1.0, self._wave(listing.sector, session)))
        logs = [listing.idio * each for each in self._make_wave(listing.symbol, session)]
        for loading, wave in waves:
            if loading:
                logs = [a + loading * b for a, b in zip(logs, wave, strict=True)]
        slope = (daily.close[place] - opened) / (len(logs) - 1)
        return [(opened + slope * slot) * math.exp(each) for slot, each in enumerate(logs)]

    def _make_wave(self, force: str, session: date) -> list[float]:
        """How a force, or a symbol of its own, wanders in the day beyond the line from open to close: log returns."""
        size = _WAVES.get(force, 1.0)
        return [size * each for each in bridge(self._market.random("wave", force, session), slots_of(session))]

    def _make_trades(self, symbol: str, session: date, slot: int) -> Trades:
        self._market.step_aside()
        bar = self.day(symbol, session).bars[slot]
        listing = self._market.listings[symbol]
        rng = self._market.random("trades", symbol, session, slot)
        count = trades_per_slot(listing.volume)
        begin, end = _known(bar.open), _known(bar.close)
        high, low = _known(bar.high), _known(bar.low)
        steps = bridge(rng, count)
        raw = [begin + (end - begin) * place / count + (high - low) * each for place, each in enumerate(steps)]
        prices = rounded(fitted([begin, *raw[1:-1], end], high, low), ticks_per_unit(listing))
        # As in a day: the extremes are reached by a trade between the open and the last trade of the slot.
        inner = range(1, count)
        top = max(inner, key=prices.__getitem__)
        bottom = min((each for each in inner if each != top), key=prices.__getitem__)
        prices[top], prices[bottom] = high, low
        return Trades(
            sorted(rng.uniform(0, SLOT) for _ in range(count)),
            prices[1:],
            list(accumulate(prices, max))[1:],
            list(accumulate(prices, min))[1:],
        )


def _spread(rng: Random, total: int, slots: int) -> list[int]:
    """Shares done by the end of each slot, along the curve of a day and a little off it; the last is `total`."""
    shares = list(accumulate(weight * math.exp(0.5 * (rng.random() - 0.5)) for weight in volume_curve(slots)))
    return [*(int(total * each / shares[-1]) for each in shares[:-1]), total]


def trades_per_slot(volume: int | None) -> int:
    """Trades that are shown of a slot, from about 35 to 130 by usual daily volume; an index has the most."""
    return 130 if volume is None else max(4, int(1.8 * math.log10(max(volume, 10)) ** 2.1))


def _known(price: float | None) -> float:
    """The price, which simulated bars always have."""
    assert price is not None
    return price

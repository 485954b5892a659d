"""Rows of what is watched, derived when they are asked for: plain arithmetic on a quote and a baseline."""

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from math import nan

from msgspec import structs

from tui import sessions
from tui.analytics.figures import Baseline, Profile
from tui.analytics.row import Bench, Today, bench_of, derive, excess_over, ranks, volume_ratio
from tui.analytics.volume_model import MODEL
from tui.analytics.windows import MONITOR, Window
from tui.engine import Engine
from tui.loader import PROXIES
from tui.model import Instrument, Quote, State
from tui.rows import Row, state_of

FULL_DAY_MINUTES = 390.0


@lru_cache(maxsize=64)
def _opened(session: date) -> float:
    """Epoch seconds of a session's open."""
    return sessions.session_open(session).timestamp()


def today_of(quote: Quote) -> Today:
    """A quote as the as-of session of its symbol."""
    minute = None
    if quote.session is not None and not quote.final:
        counted = max(quote.as_of, quote.fetched_at - quote.delay)
        minute = min(max(0.0, (counted - _opened(quote.session)) / 60), FULL_DAY_MINUTES)
    return Today(
        price=quote.price,
        high=quote.high,
        low=quote.low,
        volume=quote.volume,
        session=quote.session,
        final=quote.final,
        minute=minute,
    )


class Board:
    """The reading side of an engine: what one symbol, or a list, looks like now."""

    def __init__(self, engine: Engine, *, window: Window, volume_window: int) -> None:
        self.engine = engine
        self.window = window
        self.volume_window = volume_window
        self.instruments: dict[str, Instrument] = {}
        self._bench: Bench | None = None
        self._bench_key: tuple[object, object] = (None, None)

    @property
    def benchmark(self) -> str:
        """Symbol that everything is measured against."""
        return self.engine.benchmark

    def row(self, symbol: str, *, volume_window: int | None = None, rank: int | None = None) -> Row:
        """One symbol's row; its rank over the chosen window is given, since it takes the whole list."""
        engine = self.engine
        quote = engine.live.quotes.get(symbol)
        name = self.name(symbol)
        if quote is None:
            state = self.state(symbol)
            unknown = state is State.UNKNOWN
            note = f"{symbol} is not known to {engine.source.name}" if unknown else engine.health.detail
            return Row(symbol=symbol, name=name, state=state, note=note)
        now = engine.source.now()
        baseline = engine.loader.baselines.get(symbol)
        figures = None
        if quote.price is not None and quote.session is not None:
            figures = derive(
                today_of(quote),
                baseline or Baseline.unknown(symbol, quote.session),
                self.bench(),
                volume_window=volume_window or self.volume_window,
                profile=self.profile(symbol),
            )
        return Row(
            symbol=symbol,
            name=name,
            quote=quote,
            figures=figures,
            state=state_of(quote, now, engine.health, engine.stale_after),
            rank={self.window: rank},
            trend=self.trend(quote, baseline),
            age=now.timestamp() - quote.as_of,
            note=engine.loader.notes.get(symbol, ""),
        )

    def rows(self, symbols: Sequence[str]) -> list[Row]:
        """The rows of a list with each one's rank in it, by excess, for every window of the monitor."""
        rows = [self.row(symbol) for symbol in symbols]
        by_window = {
            window: ranks({row.symbol: row.figures.excess.get(window) if row.figures else None for row in rows})
            for window in {*MONITOR, self.window}
        }
        return [
            structs.replace(row, rank={window: ranked.get(row.symbol) for window, ranked in by_window.items()})
            for row in rows
        ]

    def name(self, symbol: str) -> str | None:
        """What a symbol is called."""
        instrument, quote = self.instruments.get(symbol), self.engine.live.quotes.get(symbol)
        return (instrument.name if instrument else None) or (quote.name if quote else None)

    def state(self, symbol: str) -> State:
        """How far what is known of a symbol can be trusted now."""
        engine = self.engine
        quote = engine.live.quotes.get(symbol)
        if quote is None and symbol in engine.live.unknown:
            return State.UNKNOWN
        return state_of(quote, engine.source.now(), engine.health, engine.stale_after)

    def excesses(self, symbols: Sequence[str], window: Window | None = None) -> dict[str, float | None]:
        """The excess of each of these, without deriving their rows: over the chosen window, which ranks are of."""
        bench, window = self.bench(), window or self.window
        quotes, baselines = self.engine.live.quotes, self.engine.loader.baselines
        return {
            symbol: excess_over(window, today_of(quotes[symbol]), baselines[symbol], bench)
            if symbol in quotes and symbol in baselines
            else None
            for symbol in symbols
        }

    def volume_ratio(self, symbol: str) -> tuple[float, bool] | None:
        """The volume ratio of a symbol and whether it is rough, without deriving its row; None when it has none."""
        quote = self.engine.live.quotes.get(symbol)
        baseline = self.engine.loader.baselines.get(symbol)
        if quote is None or baseline is None or quote.price is None:
            return None
        ratio, _, rough = volume_ratio(
            today_of(quote), baseline, volume_window=self.volume_window, profile=self.profile(symbol)
        )
        return None if ratio is None else (ratio, rough)

    def bench(self) -> Bench | None:
        """The benchmark's closes by session and its price now; None while nothing is known of it."""
        quote = self.engine.live.quotes.get(self.benchmark)
        baseline = self.engine.loader.baselines.get(self.benchmark)
        if quote is not self._bench_key[0] or baseline is not self._bench_key[1]:
            self._bench_key = (quote, baseline)
            self._bench = self._made(baseline, quote) if baseline else None
        return self._bench

    def _made(self, baseline: Baseline, quote: Quote | None) -> Bench:
        bench = bench_of(baseline, quote)
        if quote is None or quote.session is None:
            return bench
        closes = dict(bench.closes)
        if quote.close is not None:
            closes[quote.session.toordinal()] = quote.close
        if quote.as_of > self.engine.source.now().timestamp():
            # Played from daily bars alone: its close is known ahead, which a row of this moment must not be held to.
            return Bench(bench.symbol, None, None, closes)
        return Bench(bench.symbol, bench.session, bench.price, closes)

    def profile(self, symbol: str) -> Profile:
        """The usual day of a symbol: its own, that of a proxy, or the built-in curve."""
        profiles = self.engine.loader.profiles
        if symbol in profiles:
            return profiles[symbol]
        for proxy in PROXIES:
            if proxy in profiles:
                return profiles[proxy].as_proxy(proxy)
        return MODEL

    def trend(self, quote: Quote, baseline: Baseline | None) -> Sequence[float]:
        """Closes from the start of the chosen window, the last price at the end; NaN where unknown."""
        if baseline is None or baseline.session != quote.session:
            return ()
        span = self.window_sessions(baseline)
        closes = baseline.closes[-span:] if span else array("d")
        closes.append(nan if quote.price is None else quote.price)
        return closes

    def window_sessions(self, baseline: Baseline) -> int:
        """Sessions between the start of the chosen window and the as-of session; 0 when the start is unknown."""
        base = baseline.bases.get(self.window)
        return len(baseline.dates) - bisect_left(baseline.dates, base.session.toordinal()) if base else 0

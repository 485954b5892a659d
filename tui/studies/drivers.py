"""The drivers: macro series, regimes, two funds' valuation and estimates, deals; for the screen and for `show drivers`.

Every answer is computed in a thread from what is stored; `fetch_*` asks a source for what is missing, and the same
question is asked again then. Nothing is used that was not known on the as-of day, as far as that is known.
"""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tui import sessions
from tui.detail import TRACKERS
from tui.model import Fund, Quote
from tui.model_drivers import CATALOG, MACRO
from tui.studies import driver_fetch
from tui.studies.closes import Closes
from tui.studies.driver_funds import earnings_of, last_closes, named, valuation_of, weights_of
from tui.studies.driver_macro import frame_of, line_of
from tui.studies.drivers_answers import (
    DealsAnswer,
    EarningsAnswer,
    MacroAnswer,
    RegimesAnswer,
    SeriesAnswer,
    ValuationAnswer,
)

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from tui.analytics.regimes import Regime
    from tui.board import Board
    from tui.desk import FundDesk
    from tui.sources.drivers.base import DriverSource

YIELDS = ("DGS10", "UST10Y", "^TNX")
GROWTH = ("GDPC1", "GDP")
RATE = "FEDFUNDS"
"""Who says when a regime was, the better first; `^TNX` is the yield as its exchange quotes it."""

IMPORT = "outpace history import FILE"
NO_SERIES = "No yields stored: outpace history import FILE"
NO_DEALS = "Deals need an e-mail for the SEC: set email in config.toml"


class DriversStudy:
    """Asks what is stored of the drivers, for one market."""

    def __init__(self, board: "Board", desk: "FundDesk", stores: Any, source: "DriverSource | None") -> None:
        """Study the drivers.

        Args:
            board: The market.
            desk: What funds hold.
            stores: `DriverStores`, or what stands for them.
            source: Who is asked for what is missing; None in the past.
        """
        self._board = board
        self._desk = desk
        self._stores = stores
        self._source = source
        self._industries: set[int] = set()
        self._closes = Closes(board)

    @property
    def can_fetch(self) -> bool:
        """Whether anybody can be asked."""
        return self._source is not None

    @property
    def day(self) -> date:
        """The as-of day in New York: what was published later is not known."""
        return self._board.engine.source.now().astimezone(sessions.NEW_YORK).date()

    def session(self, symbol: str) -> tuple[date, Quote | None]:
        """The as-of session of a symbol, and its quote."""
        quote = self._board.engine.live.quotes.get(symbol)
        if quote is not None and quote.session is not None:
            return quote.session, quote
        return self._board.engine.loader.session(symbol), quote

    # --- macro ------------------------------------------------------------------------------------------------------

    async def macro(self) -> MacroAnswer:
        """The series of the screen, then any other that is stored."""
        return await asyncio.to_thread(self._macro, self.day)

    def _macro(self, day: date) -> MacroAnswer:
        lines = []
        stored = self._stores.macro.ids()
        # A series may be in the history alone: looking there for one that is not costs more than all others together.
        bars = self._board.engine.shelf.last_sessions([each for each in MACRO if each not in stored])
        for series_id in dict.fromkeys((*MACRO, *(each for each in CATALOG if each in stored), *stored)):
            if series_id not in stored and series_id not in bars:
                continue
            series = self._stores.macro.load(series_id)
            line = line_of(series, day) if series is not None else None
            if line is not None:
                lines.append(line)
        return MacroAnswer(lines=lines, problem="" if lines else NO_SERIES)

    async def series(self, series_id: str, symbol: str, years: int | None = None) -> SeriesAnswer | None:
        """One series over the last `years` (all when None) and a symbol's correlation with it; None if not stored."""
        session, quote = self.session(symbol)
        return await asyncio.to_thread(self._series, series_id, symbol, session, quote, self.day, years)

    def _series(
        self, series_id: str, symbol: str, session: date, quote: Quote | None, day: date, years: int | None
    ) -> SeriesAnswer | None:
        from tui.analytics.releases import known_on
        from tui.analytics.sensitivity import WINDOWS, changes, rolling_correlation

        series = self._stores.macro.load(series_id)
        line = line_of(series, day) if series is not None else None
        if series is None or line is None:
            return None
        frame = known_on(frame_of(series), day)
        start = line.day.replace(year=line.day.year - years, day=1) if years else None
        window = WINDOWS.get(series.frequency, WINDOWS_OTHER)
        prices = self._closes.priced(symbol, session, quote)
        pairs = changes(prices, frame, series.frequency, in_percent=line.in_percent)
        rolled = rolling_correlation(pairs, window, start)
        shown = frame if start is None else frame.filter(frame["date"] >= start)
        enough = rolled["value"].drop_nulls().len() > 0
        problem = "" if enough else f"No correlation: {symbol} and {series_id} share under {window} changes"
        if not prices.height:
            problem = f"No history of {symbol}: open live, or {IMPORT}"
        return SeriesAnswer(
            line=line,
            symbol=symbol,
            days=shown["date"].to_list(),
            values=shown["value"].to_list(),
            window=window,
            correlation_days=rolled["date"].to_list(),
            correlations=rolled["value"].to_list(),
            n=rolled["n"][-1] if rolled.height else 0,
            problem=problem,
        )

    # --- regimes ----------------------------------------------------------------------------------------------------

    async def regimes(self, small: str, large: str) -> RegimesAnswer:
        """What two symbols returned in each regime."""
        return await asyncio.to_thread(self._regimes, small, large, self.session(small), self.session(large), self.day)

    def _regimes(
        self, small: str, large: str, one: tuple[date, Quote | None], two: tuple[date, Quote | None], day: date
    ) -> RegimesAnswer:
        from tui.analytics import regimes as made
        from tui.analytics.recessions import RECESSIONS

        closes = made.common_sessions(self._closes.priced(small, *one), self._closes.priced(large, *two))
        told: list[str] = []
        missing: list[str] = []
        found: list[Regime] = []
        yields = self._first(YIELDS, day, told)
        growth = self._first(GROWTH, day, told)
        rate = self._first((RATE,), day, told)
        if not closes.height:
            missing.append(f"No history of {small} and {large} together: open live, or {IMPORT}")
        else:
            if yields is None:
                missing.append(NO_SERIES)
            else:
                found += made.by_yield(closes, yields)
            if growth is None:
                missing.append(f"No GDP stored: {IMPORT}")
            else:
                found += made.by_growth(closes, growth)
            if rate is None:
                missing.append(f"No {RATE} stored: {IMPORT}")
            middles = [made.midpoint(each.peak, each.trough) for each in RECESSIONS]
            found += made.by_events(
                closes, [each for each in middles if each <= day], made.first_cuts(rate) if rate is not None else None
            )
        return RegimesAnswer(
            small=small,
            large=large,
            session=max(one[0], two[0]),
            regimes=found,
            series=told,
            missing=missing,
            first=closes["date"][0] if closes.height else None,
            sessions=closes.height,
        )

    def _first(self, ids: Sequence[str], day: date, told: list[str]) -> "pl.DataFrame | None":
        """The first of some series that is stored, as it was known on a day."""
        from tui.analytics.releases import known_on

        for series_id in ids:
            series = self._stores.macro.load(series_id)
            if series is not None and series.dates:
                told.append(f"{series_id} ({series.source})")
                return known_on(frame_of(series), day)
            if series_id.startswith("^"):
                prices = self._closes.priced(series_id, *self.session(series_id))
                if prices.height:
                    told.append(f"{series_id} (history)")
                    return prices.rename({"close": "value"})
        return None

    # --- valuation and earnings -------------------------------------------------------------------------------------

    async def valuation(self, a: str, b: str) -> ValuationAnswer:
        """One fund's valuation against another's, and the history of the discount."""
        one, two = await self._fund(a), await self._fund(b)
        return await asyncio.to_thread(valuation_of, self._stores, (a, *one), (b, *two), self.day)

    async def earnings(self, a: str, b: str) -> EarningsAnswer:
        """What analysts expect of two funds' holdings."""
        one, two = await self._fund(a), await self._fund(b)
        quotes = self._board.engine.live.quotes
        symbols = sorted({*named(weights_of(one[0])), *named(weights_of(two[0]))})
        prices = await asyncio.to_thread(last_closes, self._board.engine.shelf, symbols, self.day)
        prices |= {s: p for s in symbols if (quote := quotes.get(s)) is not None and (p := quote.price) is not None}
        return await asyncio.to_thread(earnings_of, self._stores, (a, *one), (b, *two), prices, self.day)

    async def _fund(self, symbol: str) -> tuple[Fund | None, str]:
        """A fund's holdings, or why there are none; of an index those of the fund that tracks it."""
        opened = await self._desk.open(TRACKERS.get(symbol, symbol))
        return opened.fund, "" if opened.fund is not None else opened.problem

    # --- deals ------------------------------------------------------------------------------------------------------

    async def deals(self, since: date) -> DealsAnswer:
        """Merger filings since a date."""
        return await asyncio.to_thread(self._deals, since, self.day)

    def _deals(self, since: date, day: date) -> DealsAnswer:
        from tui.analytics.deals import APART_DAYS, deals_since

        frame = self._stores.deals.frame(None, day)
        read = self._stores.deals.days()
        days = driver_fetch.weekdays(since, day)
        return DealsAnswer(
            since=since,
            deals=deals_since(frame, since),
            days_read=sum(each in read for each in days),
            days=len(days),
            run_up=all(each in read for each in driver_fetch.weekdays(since - timedelta(days=APART_DAYS), since)),
            problem="" if frame.height else NO_DEALS,
        )

    # --- asking -----------------------------------------------------------------------------------------------------

    async def fetch_macro(self, tell: driver_fetch.Tell = driver_fetch.quietly) -> str:
        """Ask for the series that were not told lately; why it ended early, if it did."""
        if self._source is None:
            return ""
        return await driver_fetch.fetch_macro(self._source, self._stores, self._now(), tell)

    async def fetch_companies(
        self, funds: Sequence[str], tell: driver_fetch.Tell = driver_fetch.quietly, *, estimates: bool
    ) -> str:
        """Ask for fundamentals, or estimates, of the funds' heaviest holdings."""
        if self._source is None:
            return ""
        problem = ""
        for symbol in funds:
            weights = named(weights_of((await self._fund(symbol))[0]))
            problem = problem or await driver_fetch.fetch_companies(
                self._source, self._stores, weights, self.day, tell, estimates=estimates
            )
        return problem

    async def fetch_deals(self, since: date, tell: driver_fetch.Tell = driver_fetch.quietly) -> str:
        """Ask for the filings since a date."""
        if self._source is None:
            return ""
        return await driver_fetch.fetch_deals(
            self._source, self._stores, since, self.day, self._now(), tell, self._industries
        )

    def _now(self) -> float:
        return self._board.engine.source.now().timestamp()


WINDOWS_OTHER = 36
"""Pairs behind a correlation with a series told at no regular time."""


def study_of(board: "Board", desk: "FundDesk", root: "Path | None", source: "DriverSource | None") -> DriversStudy:
    """The study over the stores of a folder; without one, over what is remembered while the program runs."""
    if root is None:
        from tui.studies.driver_memory import DriverMemory

        return DriversStudy(board, desk, DriverMemory(), source)
    from tui.store.drivers import DriverStores

    return DriversStudy(board, desk, DriverStores.at(root), source)

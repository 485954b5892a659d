"""A market that does not exist: the same for everyone with the same seed, and no network."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from tui.model import Bar, Bars, Fund, Health, Holding, Instrument, Kind, Quote, State, Update
from tui.sessions import next_session, previous_session, session_close, session_of, session_open
from tui.sources.base import NoDataError, UnknownSymbolError, Wanted
from tui.sources.demo_clock import PlayedClock
from tui.sources.demo_day import Days
from tui.sources.demo_history import columns_of
from tui.sources.demo_market import Market, quarter_of, sessions_of
from tui.sources.demo_shapes import SLOT
from tui.sources.demo_universe import Listing

START = session_open(date(2026, 6, 17)) + timedelta(hours=1)
"""Where the played time begins unless told otherwise: 10:30 in New York, an hour into a session."""

USUAL = 20
"""Sessions that a symbol's usual day is taken from."""

_ROUND = 1.0
"""Wall seconds between two looks at the market."""

_FUND_VALUE = 1e9
"""Equity of every simulated fund, USD."""


class Demo:
    """A deterministic simulated market (`demo_market`), played from `start` at `speed` times the wall clock.

    Everything at a moment follows from the seed, the symbol and the moment alone, whatever was asked before. The
    session of `start` has one peculiarity: QQQS trades 30 times its usual volume. Work is done in threads; the
    constructor makes only the list of instruments.

    Raises:
        ValueError: `start` has no time zone, or `speed` is negative.
    """

    name = "demo"
    cheap_intraday = True

    def __init__(
        self,
        seed: int = 7,
        speed: float = 1.0,
        clock: Callable[[], float] = time.time,
        start: datetime | None = None,
    ) -> None:
        begin = start or START
        self._market = Market(seed, session_of(begin))
        self._clock = PlayedClock(begin.astimezone(UTC), speed, clock, next_session)
        self._days = Days(self._market)

    def nature(self) -> str:
        """Words for the status bar: nothing here is real."""
        return "SIMULATED"

    def now(self) -> datetime:
        """The played moment, UTC: sessions at `speed`, without the nights and weekends."""
        return self._clock.now()

    async def instruments(self, symbols: Sequence[str]) -> list[Instrument]:
        """Names and kinds of those symbols that are listed here."""
        listings = self._market.listings
        return [
            Instrument(symbol=symbol, name=listing.name, kind=listing.kind, currency=_currency(listing))
            for symbol in symbols
            if (listing := listings.get(symbol))
        ]

    async def history(self, symbol: str, start: date | None = None) -> Bars:
        """Daily bars of the last three years up to the last finished session, from `start`.

        Raises:
            UnknownSymbolError: the symbol is not listed here.
            NoDataError: no finished session since `start`.
        """
        listing = self._listing(symbol)
        moment = self.now()
        last = session_of(moment)
        if moment < session_close(last):
            last = previous_session(last)
        columns = await asyncio.to_thread(columns_of, self._market, listing, start, last)
        if not columns.dates:
            raise NoDataError(f"{symbol}: no finished session since {start}")
        return Bars(
            symbol=symbol,
            source=self.name,
            fetched_at=moment.timestamp(),
            currency=_currency(listing),
            dates=columns.dates,
            open=[*columns.open],
            high=[*columns.high],
            low=[*columns.low],
            close=[*columns.close],
            adj_close=[*columns.adj_close],
            volume=columns.volume,
            dividends=columns.dividends,
        )

    async def intraday(self, symbol: str, session: date | None = None) -> list[Bar]:
        """The finished five-minute bars of a session; None is the current one, or the last before the open.

        Raises:
            UnknownSymbolError: the symbol is not listed here.
            NoDataError: not a session, one that has not begun, or no bar is finished yet.
        """
        self._listing(symbol)
        moment = self.now()
        day = session or session_of(moment)
        if day > session_of(moment) or day not in sessions_of(quarter_of(day)):
            raise NoDataError(f"{symbol}: {day} is not a session of the simulated market so far")
        bars = (await asyncio.to_thread(self._days.day, symbol, day)).bars
        finished = [bar for bar in bars if bar.time + SLOT <= moment.timestamp()]
        if not finished:
            raise NoDataError(f"{symbol}: no five-minute bar of {day} is finished yet")
        return finished

    async def intraday_history(self, symbol: str) -> list[Bar]:
        """Five-minute bars of the last `USUAL` finished sessions before the current one, oldest first.

        Raises:
            UnknownSymbolError: the symbol is not listed here.
        """
        self._listing(symbol)
        days = [session_of(self.now())]
        for _ in range(USUAL):
            days.append(previous_session(days[-1]))
        made = await asyncio.to_thread(lambda: [self._days.day(symbol, day) for day in reversed(days[1:])])
        return [bar for day in made for bar in day.bars]

    def quote_at(self, symbol: str, moment: datetime) -> Quote:
        """The quote that anyone would have seen at `moment`: of the running session, else the last session's close.

        Raises:
            UnknownSymbolError: the symbol is not listed here.
        """
        listing = self._listing(symbol)
        session = session_of(moment)
        mark = self._days.mark(symbol, session, moment.timestamp())
        return Quote(
            symbol=symbol,
            price=mark.price,
            session=session,
            as_of=mark.as_of,
            fetched_at=moment.timestamp(),
            source=self.name,
            final=moment >= session_close(session),
            open=mark.open,
            high=mark.high,
            low=mark.low,
            prev_close=self._close(symbol, previous_session(session)),
            volume=mark.volume,
            currency=_currency(listing),
            name=listing.name,
        )

    async def quotes(self, wanted: Wanted) -> AsyncIterator[Update]:
        """All wanted symbols at once on a new order, then about once a second those whose price has moved."""
        epoch: int | None = None
        seen: dict[str, Quote] = {}
        while True:
            want, moment = wanted.now, self.now()
            fresh = want.epoch != epoch
            if fresh:
                epoch, seen = want.epoch, {}
            symbols = [symbol for symbol in want.symbols if symbol in self._market.listings]
            moved = await asyncio.to_thread(self._moved, symbols, moment, seen)
            seen |= {quote.symbol: quote for quote in moved}
            if fresh:
                unknown = [symbol for symbol in want.symbols if symbol not in self._market.listings]
                yield Update(epoch=want.epoch, quotes=moved, unknown=unknown, health=Health(state=State.LIVE))
            elif moved:
                yield Update(epoch=want.epoch, quotes=moved)
            await wanted.wait(_ROUND)

    async def fund(self, symbol: str) -> Fund:
        """The companies that a fund consists of, as at the end of the last month.

        Raises:
            NoDataError: not a fund, or one that publishes no holdings here.
        """
        listing = self._market.listings.get(symbol)
        if listing is None or not listing.discloses:
            raise NoDataError(f"{symbol}: no holdings in the simulated market")
        companies = [(self._market.listings[part], weight) for part, weight in listing.parts]
        return Fund(
            symbol=symbol,
            name=listing.name,
            as_of=previous_session(session_of(self.now()).replace(day=1)),
            source=self.name,
            holdings=[
                Holding(
                    symbol=company.symbol,
                    name=company.name,
                    weight=weight,
                    sector=company.sector,
                    market_value=weight * _FUND_VALUE,
                )
                for company, weight in companies
            ],
        )

    def companies(self) -> dict[str, Listing]:
        """The simulated companies by symbol: all that is listed and is neither fund nor index nor yield."""
        return {symbol: each for symbol, each in self._market.listings.items() if each.kind is Kind.STOCK}

    async def aclose(self) -> None:
        """Nothing is held open."""

    def _listing(self, symbol: str) -> Listing:
        listing = self._market.listings.get(symbol)
        if listing is None:
            raise UnknownSymbolError(f"{symbol}: not in the simulated market")
        return listing

    def _close(self, symbol: str, session: date) -> float:
        daily = self._market.daily(symbol, quarter_of(session))
        return daily.close[daily.sessions.index(session)]

    def _moved(self, symbols: Iterable[str], moment: datetime, seen: dict[str, Quote]) -> list[Quote]:
        """Quotes at `moment` of the symbols whose price, session or finality is not what was seen."""
        quotes = [self.quote_at(symbol, moment) for symbol in symbols]
        return [
            quote
            for quote in quotes
            if (old := seen.get(quote.symbol)) is None
            or (old.price, old.session, old.final) != (quote.price, quote.session, quote.final)
        ]


def _currency(listing: Listing) -> str | None:
    return None if listing.kind is Kind.YIELD else "USD"

"""A past session as it ended, from an archive: the source of the time machine. It never moves."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date, datetime

from tui import sessions
from tui.model import Bar, Bars, Fund, Health, Instrument, Quote, State, Update
from tui.sources.base import Archive, NoDataError, Wanted

RECENT_DAYS = 30
"""Calendar days read at first; the whole history is read only of those who have not traded in them."""


class Past:
    """Final quotes of one session. A symbol that did not trade then has its last earlier close, with that date.

    Args:
        archive: Where bars are kept.
        session: The session that is shown.
        instruments: Names by symbol.
        total: The archive's prices have dividends reinvested.
    """

    name = "history"
    cheap_intraday = True

    def __init__(
        self,
        archive: Archive,
        session: date,
        instruments: Mapping[str, Instrument] | None = None,
        *,
        total: bool = False,
    ) -> None:
        self._archive = archive
        self._session = session
        self._instruments = instruments or {}
        self._total = total
        self._symbols: frozenset[str] | None = None

    def nature(self) -> str | None:
        """`AS OF` and the session, `TR` where prices have dividends reinvested."""
        return f"AS OF {self._session}{' TR' if self._total else ''}"

    def now(self) -> datetime:
        """The close of the session."""
        return sessions.session_close(self._session)

    async def instruments(self, symbols: Sequence[str]) -> list[Instrument]:
        """What the archive knows of these symbols."""
        return [self._instruments[symbol] for symbol in symbols if symbol in self._instruments]

    async def history(self, symbol: str, start: date | None = None) -> Bars:
        """Daily bars to the session shown.

        Raises:
            NoDataError: the archive has none.
        """
        bars = await asyncio.to_thread(self._archive.daily, symbol, start, self._session)
        if not bars.dates:
            raise NoDataError(f"no stored bars of {symbol}; import some with: outpace history import FILE")
        return bars

    async def intraday(self, symbol: str, session: date | None = None) -> list[Bar]:
        """Five-minute bars of a session.

        Raises:
            NoDataError: the archive has none.
        """
        bars = await asyncio.to_thread(self._archive.intraday, symbol, session or self._session)
        if not bars:
            raise NoDataError(f"no stored five-minute bars of {symbol} on {session or self._session}")
        return bars

    async def intraday_history(self, symbol: str) -> list[Bar]:
        """A past session is over: its volume needs no usual day.

        Raises:
            NoDataError: always.
        """
        raise NoDataError(f"the session of {symbol} is over")

    async def quotes(self, wanted: Wanted) -> AsyncIterator[Update]:
        """One update for every order, then silence until the next."""
        answered = -1
        while True:
            want = wanted.now
            if want.epoch != answered:
                answered = want.epoch
                yield await asyncio.to_thread(self._update, want.epoch, want.symbols)
            else:
                await wanted.wait(3600)

    def recall(self, symbols: Sequence[str]) -> list[Quote]:
        """The last known close of each symbol as a quote. Blocking: called in a thread."""
        return self._update(0, symbols).quotes

    def _update(self, epoch: int, symbols: Sequence[str]) -> Update:
        recent = date.fromordinal(max(1, self._session.toordinal() - RECENT_DAYS))
        found = {bars.symbol: bars for bars in self._archive.daily_many(symbols, recent, self._session)}
        late = [symbol for symbol in self._stored() & set(symbols) if self._quote(found.get(symbol)) is None]
        if late:
            found |= {bars.symbol: bars for bars in self._archive.daily_many(late, date.min, self._session)}
        quotes, unknown = [], []
        for symbol in symbols:
            quote = self._quote(found.get(symbol))
            if quote is None:
                unknown.append(symbol)
            else:
                quotes.append(quote)
        return Update(epoch=epoch, quotes=quotes, unknown=unknown, health=Health(state=State.EOD))

    def _stored(self) -> frozenset[str]:
        """What the archive has at all; read once, since a past session does not change."""
        if self._symbols is None:
            self._symbols = frozenset(self._archive.symbols())
        return self._symbols

    def _quote(self, bars: Bars | None) -> Quote | None:
        """The last known close of these bars as a final quote."""
        known = [i for i, close in enumerate(bars.close) if close is not None] if bars else []
        if bars is None or not known:
            return None
        at = known[-1]
        day = bars.dates[at]
        instrument = self._instruments.get(bars.symbol)
        return Quote(
            symbol=bars.symbol,
            price=bars.close[at],
            session=day,
            as_of=sessions.session_close(day).timestamp(),
            fetched_at=bars.fetched_at,
            source=self.name,
            final=True,
            open=bars.open[at],
            high=bars.high[at],
            low=bars.low[at],
            prev_close=bars.close[known[-2]] if len(known) > 1 else None,
            volume=None if bars.symbol.startswith("^") else bars.volume[at],
            currency=bars.currency or (instrument.currency if instrument else None),
            name=instrument.name if instrument else None,
        )

    async def fund(self, symbol: str) -> Fund:
        """No holdings are kept here.

        Raises:
            NoDataError: always.
        """
        raise NoDataError(f"no stored holdings of {symbol}")

    async def aclose(self) -> None:
        """Nothing is open."""

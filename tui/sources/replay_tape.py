"""What a replay shows of one symbol as a session passes. Pure."""

from bisect import bisect_right
from datetime import date, datetime
from functools import cached_property
from itertools import accumulate, islice
from typing import NamedTuple

from tui.model import Bar, Bars, Instrument, Quote
from tui.sessions import session_close
from tui.sessions_lacking import lacking

SLOT = 300
"""Seconds of a bar."""
KEPT = 3
"""Last daily bars that quotes are made of: the session's, the one before, and that one's previous close."""


class Day(NamedTuple):
    """A daily bar that has a close."""

    date: date
    open: float | None
    high: float | None
    low: float | None
    close: float
    volume: int | None


def last_days(daily: Bars | None) -> list[Day]:
    """The last daily bars, oldest first. Where nothing is recent, what was read is a history of decades: it is not kept."""
    if daily is None:
        return []
    known = (place for place in reversed(range(len(daily.dates))) if daily.close[place] is not None)
    places = sorted(islice(known, KEPT))
    columns = (daily.dates, daily.open, daily.high, daily.low, daily.close, daily.volume)
    return [Day(*(column[place] for column in columns)) for place in places]  # type: ignore[arg-type]


class Tape:
    """One symbol's daily bars up to a session and the session's five-minute bars, asked for quotes in time.

    Args:
        symbol: The symbol; an index (`^`) has no volume.
        session: The session that is played.
        daily: Its daily bars up to the session, that of the session included; those without a close do not count.
        bars: The session's five-minute bars, oldest first; empty when there are only daily ones.
        instrument: Its name and currency, when known.
    """

    def __init__(
        self, symbol: str, session: date, daily: Bars | None, bars: list[Bar], instrument: Instrument | None = None
    ) -> None:
        self._symbol = symbol
        self._session = session
        self._days = last_days(daily)
        self._traded = bool(self._days and self._days[-1].date == session)
        self._bars = [bar for bar in bars if bar.close is not None]
        self._ends = [bar.time + SLOT for bar in self._bars]
        tops = (max(price for price in (bar.high, bar.open, bar.close) if price is not None) for bar in self._bars)
        bottoms = (min(price for price in (bar.low, bar.open, bar.close) if price is not None) for bar in self._bars)
        self._open = next((bar.open for bar in self._bars if bar.open is not None), None)
        self._high = list(accumulate(tops, max))
        self._low = list(accumulate(bottoms, min))
        self._volume = list(accumulate(bar.volume or 0 for bar in self._bars))
        self._has_volume = not symbol.startswith("^") and any(bar.volume is not None for bar in self._bars)
        self._name = instrument.name if instrument else None
        self._currency = (instrument.currency if instrument else None) or (daily.currency if daily else None)

    @property
    def known(self) -> bool:
        """Whether there is any bar of it up to the session."""
        return bool(self._days or self._bars)

    def at(self, moment: datetime, source: str) -> Quote | None:
        """The quote of a moment from the session's open on; None when nothing of it has happened yet."""
        over = moment >= session_close(self._session)
        finished = bisect_right(self._ends, moment.timestamp())
        if self._bars and not (over and self._traded):
            if finished:
                return self._running(finished - 1, moment, source, over=over)
            if self._bars[0].open is not None and self._bars[0].time <= moment.timestamp() and not over:
                return self._opened(self._bars[0].open, moment, source)
            # It has not traded yet: what stands is the close before.
            return self._closed(len(self._days) - 1 - self._traded, moment, source)
        return self._closed(len(self._days) - 1, moment, source)

    def _running(self, last: int, moment: datetime, source: str, *, over: bool) -> Quote:
        """From the bars up to the `last` finished one."""
        return Quote(
            symbol=self._symbol,
            price=self._bars[last].close,
            session=self._session,
            as_of=self._ends[last],
            fetched_at=moment.timestamp(),
            source=source,
            final=over,
            open=self._open,
            high=self._high[last],
            low=self._low[last],
            prev_close=self._close_before,
            close=self._close_ahead,
            volume=self._volume[last] if self._has_volume else None,
            currency=self._currency,
            name=self._name,
        )

    def _opened(self, price: float, moment: datetime, source: str) -> Quote:
        """From the first price of a session whose first bar is still unfinished: its volume is unknown.

        Without it the session of everything else, seen against this symbol, would have nothing to stand on.
        """
        return Quote(
            symbol=self._symbol,
            price=price,
            session=self._session,
            as_of=self._bars[0].time,
            fetched_at=moment.timestamp(),
            source=source,
            open=price,
            high=price,
            low=price,
            prev_close=self._close_before,
            close=self._close_ahead,
            currency=self._currency,
            name=self._name,
        )

    @property
    def _close_ahead(self) -> float | None:
        """The session's own close, which those that only have daily bars are compared with."""
        return self._days[-1].close if self._traded else None

    @cached_property
    def _close_before(self) -> float | None:
        """The close of the session before; that of an earlier one is none."""
        before = len(self._days) - 1 - self._traded
        if before < 0:
            return None
        day = self._days[before]
        return None if lacking(self._symbol, day.date, self._session) else day.close

    def _closed(self, which: int, moment: datetime, source: str) -> Quote | None:
        """The final quote of a daily bar."""
        if which < 0:
            return None
        day = self._days[which]
        return Quote(
            symbol=self._symbol,
            price=day.close,
            session=day.date,
            as_of=session_close(day.date).timestamp(),
            fetched_at=moment.timestamp(),
            source=source,
            final=True,
            open=day.open,
            high=day.high,
            low=day.low,
            prev_close=self._days[which - 1].close if which else None,
            volume=None if self._symbol.startswith("^") else day.volume,
            currency=self._currency,
            name=self._name,
        )

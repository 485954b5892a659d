"""A history seen with dividends reinvested: its adjusted closes stand for its closes, everywhere and at once."""

from collections.abc import Iterable, Sequence
from datetime import date

import polars as pl
from msgspec import structs

from tui.model import Bar, Bars, Instrument
from tui.store.history import History, Span


class TotalReturn:
    """The reading side of a history on `adj_close`; highs and lows are scaled alike, five-minute bars are as they are."""

    def __init__(self, history: History) -> None:
        self._history = history

    def append(self, bars: Iterable[Bars]) -> object:
        """Store bars as they came."""
        return self._history.append(bars)

    def frame(
        self,
        symbols: Sequence[str] | None = None,
        start: date | None = None,
        end: date | None = None,
        columns: Sequence[str] | None = None,
    ) -> pl.DataFrame:
        """Daily bars with total-return prices; rows without an adjusted close have none."""
        needed = None if columns is None else [*columns, "close", "adj_close"]
        frame = self._history.frame(symbols, start, end, needed)
        factor = pl.when(pl.col("close") > 0).then(pl.col("adj_close") / pl.col("close"))
        scaled = (pl.col(name) * factor for name in ("open", "high", "low") if name in frame.columns)
        adjusted = frame.with_columns(*scaled, close=pl.col("adj_close"))
        wanted = {"symbol", "date", *(frame.columns if columns is None else columns)}
        return adjusted.select(name for name in frame.columns if name in wanted)

    def peaks(self, symbols: Sequence[str], before: date) -> dict[str, float]:
        """Highest adjusted close of all sessions before a date."""
        frame = self.frame(symbols, end=before, columns=("close",)).filter(pl.col("date") < before)
        return dict(frame.drop_nulls().group_by("symbol").agg(pl.col("close").max()).iter_rows())

    def last_sessions(self, symbols: Sequence[str]) -> dict[str, date]:
        """The last stored session of each symbol."""
        return self._history.last_sessions(symbols)

    def spans(self) -> dict[str, Span]:
        """What is stored of each symbol."""
        return self._history.spans()

    def symbols(self) -> list[str]:
        """Symbols that have daily bars."""
        return self._history.symbols()

    def days(self) -> list[date]:
        """Sessions that have daily bars."""
        return self._history.days()

    def instruments(self, symbols: Iterable[str]) -> list[Instrument]:
        """What is known of these symbols besides bars."""
        return self._history.instruments(symbols)

    def daily(self, symbol: str, start: date | None = None, end: date | None = None) -> Bars:
        """Daily bars on adjusted closes."""
        return _adjusted(self._history.daily(symbol, start, end))

    def daily_many(self, symbols: Sequence[str], start: date, end: date) -> list[Bars]:
        """`daily` for many symbols in one read."""
        return [_adjusted(bars) for bars in self._history.daily_many(symbols, start, end)]

    def intraday(self, symbol: str, session: date) -> list[Bar]:
        """Five-minute bars as they are."""
        return self._history.intraday(symbol, session)

    def bars(self, symbol: str, end: date | None = None) -> pl.DataFrame:
        """All five-minute bars of a symbol up to and with a session, as they are."""
        return self._history.bars(symbol, end)

    def intraday_sessions(self, symbol: str) -> list[date]:
        """Sessions that have five-minute bars."""
        return self._history.intraday_sessions(symbol)


def _adjusted(bars: Bars) -> Bars:
    factors = [
        a / c if a is not None and c is not None and c > 0 else None
        for a, c in zip(bars.adj_close, bars.close, strict=True)
    ]

    def scaled(values: Sequence[float | None]) -> list[float | None]:
        return [v * f if v is not None and f is not None else None for v, f in zip(values, factors, strict=True)]

    return structs.replace(
        bars, close=bars.adj_close, open=scaled(bars.open), high=scaled(bars.high), low=scaled(bars.low)
    )

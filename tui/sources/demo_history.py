"""Three years of simulated daily bars of one symbol, with its dividends."""

from datetime import date
from itertools import chain

from msgspec import Struct

from tui.sources.demo_market import Daily, Market, quarter_of
from tui.sources.demo_universe import Listing

HISTORY = 757
"""Sessions of daily history: three years of 252, and the close that they begin with."""

_EX_DAY = 15
"""Dividends are paid to who held the share before the first session from this day of a quarter's last month."""


class Columns(Struct, frozen=True):
    """Daily bars as parallel columns, oldest first, and the dividends by ex-date."""

    dates: list[date]
    open: list[float]
    high: list[float]
    low: list[float]
    close: list[float]
    adj_close: list[float]
    volume: list[int | None]
    dividends: dict[date, float]


def columns_of(market: Market, listing: Listing, start: date | None, last: date) -> Columns:
    """The `HISTORY` sessions that end with the session `last`, those before `start` left out."""
    pieces = _quarters(market, listing.symbol, last)
    dates = [day for piece in pieces for day in piece.sessions]
    end = dates.index(last) + 1
    whole = slice(end - HISTORY, end)
    dates = dates[whole]
    closes = list(chain.from_iterable(piece.close for piece in pieces))[whole]
    dividends = _dividends(listing, dates, closes)
    kept = slice(sum(day < start for day in dates) if start else 0, None)
    volumes: list[int | None] = []
    for piece in pieces:
        volumes += piece.volume or [None] * len(piece.sessions)
    return Columns(
        dates=dates[kept],
        open=list(chain.from_iterable(piece.open for piece in pieces))[whole][kept],
        high=list(chain.from_iterable(piece.high for piece in pieces))[whole][kept],
        low=list(chain.from_iterable(piece.low for piece in pieces))[whole][kept],
        close=closes[kept],
        adj_close=_adjusted(dates, closes, dividends)[kept],
        volume=volumes[whole][kept],
        dividends={day: cash for day, cash in dividends.items() if start is None or day >= start},
    )


def _quarters(market: Market, symbol: str, last: date) -> list[Daily]:
    """The quarters that hold the `HISTORY` sessions up to `last`, oldest first."""
    quarter = quarter_of(last)
    pieces = [market.daily(symbol, quarter)]
    missing = HISTORY - pieces[0].sessions.index(last) - 1
    while missing > 0:
        quarter -= 1
        pieces.append(market.daily(symbol, quarter))
        missing -= len(pieces[-1].sessions)
    return pieces[::-1]


def _dividends(listing: Listing, dates: list[date], closes: list[float]) -> dict[date, float]:
    """Cash per share by ex-date, four times a year when the listing pays any."""
    cash: dict[date, float] = {}
    if listing.payout:
        for place, day in enumerate(dates[1:], 1):
            before = dates[place - 1]
            if day.month % 3 == 0 and day.day >= _EX_DAY > (before.day if before.month == day.month else 0):
                cash[day] = round(closes[place - 1] * listing.payout / 4, 4)
    return cash


def _adjusted(dates: list[date], closes: list[float], dividends: dict[date, float]) -> list[float]:
    """Closes lowered for the dividends paid after them: each time by `1 - cash / close before the ex-date`."""
    if not dividends:
        return list(closes)
    adjusted, factor = [], 1.0
    for place in range(len(dates) - 1, -1, -1):
        adjusted.append(closes[place] * factor)
        cash = dividends.get(dates[place])
        if cash and place:
            factor *= 1 - cash / closes[place - 1]
    return adjusted[::-1]

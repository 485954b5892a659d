"""What the loader does in a thread, blocking and heavy, and the history that it needs for it."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Protocol

from tui.analytics.figures import Baseline, Profile
from tui.model import Bar, Bars

if TYPE_CHECKING:
    import polars as pl

COLUMNS = ("high", "low", "close", "volume")
"""What a baseline is made of."""
TAIL_DAYS = 420
"""Calendar days behind a baseline: 275 sessions fit in them, holidays included."""
ADJUSTED = 0.005
"""A relative difference of overlapping closes above this means that the history was adjusted: all is fetched."""
NEXT_BAR = timedelta(days=4)
"""A split of a day without a bar is stored with the next bar."""
AFTER_CLOSE = timedelta(minutes=45)
"""How long after the close the day's bars are asked for: they are final by then."""
SPREAD = timedelta(minutes=15)
"""By up to so much later, by chance: not all the world asks at one moment."""


class Shelf(Protocol):
    """Stored daily bars; blocking, called in a thread."""

    def append(self, bars: Iterable[Bars]) -> object:
        """Store bars; those of a known session are replaced."""

    def frame(
        self,
        symbols: Sequence[str] | None = None,
        start: date | None = None,
        end: date | None = None,
        columns: Sequence[str] | None = None,
    ) -> "pl.DataFrame":
        """Rows with `start <= date <= end`, sorted by symbol and date; `symbol`, `date` and the named columns."""

    def peaks(self, symbols: Sequence[str], before: date) -> dict[str, float]:
        """Highest close of all sessions before a date."""

    def last_sessions(self, symbols: Sequence[str]) -> dict[str, date]:
        """The last stored session of each symbol."""


def make(
    shelf: Shelf, symbols: Sequence[str], session: date
) -> tuple[dict[str, Baseline], dict[str, date], dict[str, str]]:
    """The baselines of these symbols for a session, the last stored session of each, and whose history ends too early."""
    from tui.analytics.baseline import baselines
    from tui.analytics.holes import ends, filled

    stored = shelf.frame(symbols, session - timedelta(days=TAIL_DAYS), session, COLUMNS)
    if stored.is_empty():
        return {}, shelf.last_sessions(symbols), {}
    ended = ends(stored, symbols, session)
    made = baselines(filled(stored, ended, session), session, shelf.peaks(symbols, session))
    holes = {
        symbol: f"its history ends on {last}: what was before {session} is unknown" for symbol, last in ended.items()
    }
    return made, shelf.last_sessions(symbols), holes


def was_adjusted(shelf: Shelf, bars: Bars) -> bool:
    """Whether stored bars are of another scale: a split that is not stored, or overlapping closes that differ."""
    if not bars.dates:
        return False
    last = max((bars.dates[-1], *bars.splits)) + NEXT_BAR
    frame = shelf.frame([bars.symbol], bars.dates[0], last, ("close", "split"))
    stored = dict(zip(frame["date"], frame["close"], strict=True))
    known = [day for day, split in zip(frame["date"], frame["split"], strict=True) if split]
    for day in bars.splits:
        if day >= bars.dates[0] and not any(day <= each <= day + NEXT_BAR for each in known):
            return True
    pairs = [(stored.get(day), close) for day, close in zip(bars.dates, bars.close, strict=True)]
    return any(a and b and abs(a / b - 1) > ADJUSTED for a, b in pairs)


def profile(symbol: str, bars: list[Bar], session: date) -> Profile | None:
    """The usual day of a symbol from its five-minute bars before a session."""
    from tui.analytics.volume import profile_of

    return profile_of(symbol, [bar.time for bar in bars], [bar.volume for bar in bars], before=session)

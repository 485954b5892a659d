"""What sources other than Yahoo have in common: symbols, times, sessions, errors, and a pace of their own. Pure but for the pace."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from tui.model import Bars, Quote
from tui.sessions import NEW_YORK, Phase, last_session, phase, session_close
from tui.sources.base import DeniedError, MalformedError, NoDataError, SourceError, UnknownSymbolError, UnreachableError
from tui.sources.batch import Batch
from tui.sources.yahoo_parse import SETTLING
from tui.typed import from_json

T = TypeVar("T")

AHEAD = 300.0
"""Seconds by which their clock may be ahead of ours."""

_SHARE = re.compile(r"[A-Z]{1,5}(?:-[A-Z])?")
_EARLIEST = 631_152_000.0  # 1990


def is_share(symbol: str) -> bool:
    """Whether a symbol is a share or a fund of New York's: no index, no currency, no other country."""
    return _SHARE.fullmatch(symbol) is not None


_JOINED = re.compile(rb'"[^"\\]*[{}][^"\\]*"\s*:')
"""A name with a brace in it: a quotation mark is missing, and the end of a record is within the name."""


def dotted(symbol: str) -> str:
    """The spelling of a share class with a dot: `BRK.B`."""
    return symbol.replace("-", ".")


def decoded(body: bytes, kind: type[T], provider: str) -> T:
    """`body` as a `kind`.

    Raises:
        MalformedError: it is none, or two of its records have run together: the later one's figures would be the first's.
    """
    error = MalformedError(f"{provider}'s answer is not what it is known to send.")
    if _JOINED.search(body):
        raise error
    try:
        return from_json(body, kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise error from None


def refusal(status: int, provider: str) -> SourceError:
    """The error that any status but 200 means. Its text is ours, never theirs."""
    if status in {401, 402, 403}:
        return DeniedError(f"{provider} refuses the key: check it, and what its plan includes.")
    if status == 404:
        return UnknownSymbolError(f"{provider} does not know this symbol.")
    if status >= 500:
        return UnreachableError(f"{provider} has a fault of its own ({status}).")
    return MalformedError(f"{provider} answered with an unexpected status ({status}).")


def instant(text: str | None) -> float | None:
    """Epoch seconds of an RFC 3339 time with a zone, at most nine digits of a second; None where it is none."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment.timestamp() if moment.tzinfo is not None and moment.year >= 1990 else None


def in_new_york(text: str | None) -> float | None:
    """Epoch seconds of a time without a zone that is New York's; None where it is none."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    # A zone, where one is told against all custom, is believed.
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=NEW_YORK)
    return aware.timestamp() if aware.year >= 1990 else None


def day_of(text: str | None) -> date | None:
    """The date at the beginning of a text, `2015-01-02T00:00:00.000Z`; None where there is none."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def session_at(moment: float) -> date:
    """The session of a price of New York: its day there, or the last session before."""
    return last_session(datetime.fromtimestamp(moment, NEW_YORK).date())


def is_over(session: date, now: float, delay: float = 0.0) -> bool:
    """Whether the figures of a session are final at `now`: it is over, settled, and the delay has passed."""
    return now >= session_close(session).timestamp() + SETTLING + delay


def hours_of(moment: float) -> Phase:
    """What New York's market did at a moment."""
    return phase(datetime.fromtimestamp(moment, UTC))


def is_sane(made: float | None, now: float) -> bool:
    """Whether a price can have been made then: not in a future that would keep every later one out."""
    return made is not None and _EARLIEST <= made <= now + AHEAD


def finished(dates: Sequence[date], now: float) -> int:
    """How many of rising dates are sessions whose figures are final."""
    return sum(is_over(day, now) for day in dates)


def midnight(day: date) -> str:
    """The begin of a day in New York, as RFC 3339."""
    return datetime.combine(day, time(), NEW_YORK).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def stamp(moment: float) -> str:
    """A moment as RFC 3339, UTC."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def since(bars: Bars, start: date) -> Bars:
    """The bars of `start` and later.

    Raises:
        NoDataError: there are none.
    """
    first = sum(day < start for day in bars.dates)
    if first == len(bars.dates):
        raise NoDataError(f"{bars.source} has no bars of {bars.symbol} for this span.")
    columns = ("dates", "open", "high", "low", "close", "adj_close", "volume")
    return replace(bars, **{name: getattr(bars, name)[first:] for name in columns})


class Pace:
    """Keeps the last answer for each symbol, and gives it again until `every` seconds have passed: a pace of one's own."""

    def __init__(self, every: float, clock: Callable[[], float]) -> None:
        self._every = every
        self._clock = clock
        self._asked: dict[str, float] = {}
        self._quotes: dict[str, Quote] = {}

    def due(self, symbols: Sequence[str]) -> list[str]:
        """Those that may be asked for now."""
        now = self._clock()
        return [symbol for symbol in symbols if not 0 <= now - self._asked.get(symbol, -self._every) < self._every]

    def whole(self, symbols: Sequence[str], asked: Sequence[str], answer: Batch) -> Batch:
        """The answer for those asked, with what is kept of the others."""
        now = self._clock()
        for symbol in asked:
            self._asked[symbol] = now
            self._quotes.pop(symbol, None)
        self._quotes |= {quote.symbol: quote for quote in answer.quotes}
        kept = [self._quotes[symbol] for symbol in symbols if symbol in self._quotes]
        return Batch(quotes=kept, instruments=answer.instruments, refused=answer.refused)

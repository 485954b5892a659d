"""The protocol that every source speaks, the errors it may raise, and what is wanted of it.

A source parses bytes with pure `parse_*` functions and yields `Update`s. It never touches the store, a widget or
polars. Whatever goes wrong outside leaves it as a `SourceError` or as an `Update` with a `Health`.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from msgspec import Struct

from tui.model import Bar, Bars, DataError, Fund, Instrument, Update


class SourceError(DataError):
    """A source could not answer."""


class UnknownSymbolError(SourceError):
    """The source does not know this symbol."""


class NoDataError(SourceError):
    """The symbol is known but there is nothing for what was asked (no bars in the range, no intraday)."""


class LimitedError(SourceError):
    """The source throttles us; `retry_at` (epoch seconds UTC) is when it may be asked again."""

    def __init__(self, message: str, retry_at: float) -> None:
        super().__init__(message)
        self.retry_at = retry_at


class DeniedError(SourceError):
    """The source wants a login, cookie or consent that we do not have."""


class ConsentNeededError(DeniedError):
    """The source wants the user's consent first: a question for the user, which nobody answers in their name."""


class UnreachableError(SourceError):
    """No connection, a time-out, or a server error that retries did not cure."""


class MalformedError(SourceError):
    """The answer is not what the source is known to send."""


class Want(Struct, frozen=True):
    """What the screen needs at one moment."""

    epoch: int
    """Grows by one with every change of the list or the benchmark."""
    symbols: tuple[str, ...]
    """All symbols of the list, the benchmark among them."""
    visible: tuple[str, ...] = ()
    """Those on the screen now: asked for first."""


class Wanted:
    """The standing order that the engine keeps and a source follows, on one event loop.

    A source reads `now` at the start of each round and may `await wait(timeout)` between rounds: it returns at once
    when the order has changed.
    """

    def __init__(self) -> None:
        self.now = Want(0, ())
        self._changed = asyncio.Event()

    def order(self, symbols: Sequence[str], visible: Sequence[str] = (), *, same_epoch: bool = False) -> Want:
        """Replace the order; the epoch grows unless only what is visible has changed."""
        self.now = Want(self.now.epoch + (not same_epoch), tuple(symbols), tuple(visible))
        self._changed.set()
        return self.now

    async def wait(self, timeout: float) -> None:  # noqa: ASYNC109 (a pause that a new order cuts short)
        """Pause for `timeout` seconds or until the order changes, whichever is first."""
        try:
            async with asyncio.timeout(timeout):
                await self._changed.wait()
        except TimeoutError:
            return
        finally:
            self._changed.clear()


@runtime_checkable
class Source(Protocol):
    """One origin of market data. All methods are safe to call from one event loop, and to cancel."""

    name: str
    """Short name, shown in the status bar and in every exported row."""
    cheap_intraday: bool
    """Whether `intraday_history` costs no request, so that every symbol may have a usual day of its own."""

    def nature(self) -> str | None:
        """Words for data that is not the market of now (`SIMULATED`, `REPLAY 2024-07-12 09:47 x60`), else None."""

    def now(self) -> datetime:
        """The source's own clock, aware, UTC: the wall clock for live sources, the played time for a replay."""

    async def instruments(self, symbols: Sequence[str]) -> list[Instrument]:
        """What is known of these symbols; unknown ones are left out. Cheap: no request per symbol."""

    async def history(self, symbol: str, start: date | None = None) -> Bars:
        """Daily bars from `start` (all of them when None) to the last finished session of `now()`.

        Raises:
            SourceError: one of its kinds; nothing else.
        """

    async def intraday(self, symbol: str, session: date | None = None) -> list[Bar]:
        """Five-minute bars of one session (the current or last when None), oldest first.

        Raises:
            SourceError: one of its kinds; nothing else.
        """

    def quotes(self, wanted: Wanted) -> AsyncIterator[Update]:
        """Yield updates for as long as the program runs, following `wanted`; never raises a SourceError.

        A source whose market does not move (a past session) yields what is wanted on every new epoch and waits.
        """

    async def intraday_history(self, symbol: str) -> list[Bar]:
        """Five-minute bars of as many recent sessions before the current one as cost one request, oldest first.

        Raises:
            SourceError: one of its kinds; nothing else.
        """

    async def fund(self, symbol: str) -> Fund:
        """What the fund holds.

        Raises:
            NoDataError: this source has no holdings for it.
        """

    async def aclose(self) -> None:
        """Release connections and files; safe to call twice."""


class FundSource(Protocol):
    """Who can be asked what a fund holds."""

    async def fund(self, symbol: str) -> Fund:
        """The fund's holdings; raises a SourceError."""

    async def aclose(self) -> None:
        """Release connections; safe to call twice."""


class SectorLookup(Protocol):
    """Who can be asked in which sector a company is."""

    async def sector(self, symbol: str) -> tuple[str, str] | None:
        """A sector and who said it; None when it is not known."""


class Archive(Protocol):
    """Past bars that a source can play: a folder or the local history. Blocking; called in a thread."""

    def symbols(self) -> list[str]:
        """Symbols that have daily bars, sorted."""

    def days(self) -> list[date]:
        """Days of which any symbol has a daily bar, oldest first."""

    def daily(self, symbol: str, start: date | None = None, end: date | None = None) -> Bars:
        """Daily bars with `start <= date <= end`, oldest first; empty columns when there are none."""

    def daily_many(self, symbols: Sequence[str], start: date, end: date) -> list[Bars]:
        """`daily` for many symbols in one read; symbols without bars in the span are left out."""

    def intraday(self, symbol: str, session: date) -> list[Bar]:
        """Five-minute bars of that session (exchange zone), oldest first; empty when there are none."""

    def intraday_sessions(self, symbol: str) -> list[date]:
        """Sessions that have five-minute bars, oldest first."""

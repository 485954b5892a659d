"""Several sources as one: for each need who is asked in turn, and what the user sees when some of them cannot answer.

What may be relied on, whatever happens outside:

* `quotes` never ends and never raises a `SourceError`. Every `Update` carries the epoch of the order that it answers. No
  quote in it is older, or knows less of its session, than one of the same symbol before it; a quote without a price never
  follows one with a price; a price more than five times off is left out, and `Health.detail` names it.
* Fail-over is sequential, for each symbol and each need by itself: a symbol that one way leaves out, refuses or fails for
  is asked of the next way that covers it, in the same round. Who failed is asked again after its gate (`gate.Gate`: 15 s,
  doubling up to 5 min; 1 min doubling up to 15 where a login was wanted) or its breaker (429: what `Retry-After` says, else
  15, 30, 60, 120 min, for all ways of the provider together); it needs no restart, and is not asked before that.
* A symbol is `unknown` only when a way that knows all symbols left it out of a good answer, or when all ways that could
  know it did; nobody who failed makes a symbol unknown.
* `Health` is of what is on the screen, WAITING until somebody has answered or failed; nothing on the screen is put off
  because those before took long to fail:

  | state | when |
  |---|---|
  | LIVE | a way without a delay of its own answered; `detail` says which better way rests, and until when |
  | DELAYED | only a late way answered; `detail` says why, `retry_at` when a better one is asked again |
  | LIMITED | nobody answered, and somebody asked us to slow down; `retry_at` is the first who may be asked again |
  | OFFLINE | nobody answered: no connection, faults of theirs, or a login that we do not have; `retry_at` likewise |
  | STALE | nobody answered in a form that we know; `retry_at` likewise |

  `question` is set while a provider wants the user's consent; `consent(agree)` takes the answer.
* The stream (`yahoo_stream.Stream`) is no way but a help: what it serves is asked for by the ways every 5 min instead of
  every 15 s. It serves while it is connected and, in an open market, a frame came in the last 60 s.
* Two sources that tell of the same time and differ by more than `feed_merge.BOUND` are both told: the better one (less
  late, then earlier in the order, unless that were a step back in time) as `price`, the other as `other_price` and
  `other_source`; `Health.detail` names both. Nothing is averaged.
* `history`, `intraday` and `intraday_history` raise the failure of the first in their order (`line.Line`): while that one
  rests, a symbol is never given up because a lesser source does not know it.
* With the market closed and every quote final, nothing is asked and no stream is open. Before and after the session what
  is on the screen is asked for every 5 min, for its `extended_price`.
* A clock that jumps ahead in a pause (a sleep) opens the gates of those that could not be reached, and connects the stream
  anew; one that is set back shuts nothing for longer than it said. A breaker's silence outlives the program
  (`PROVIDER-breaker.json` in the cache).

`chain_make.make` builds it out of the settings; its `Knobs` turn the clock, the limits and the pauses for a test.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Protocol

from tui.model import Bar, Bars, Fund, Instrument, Update
from tui.sources.base import NoDataError, Wanted
from tui.sources.feed import Feed
from tui.sources.line import Line


class HistorySource(Protocol):
    """Who can be asked for daily bars; what goes wrong leaves as a `SourceError`."""

    async def history(self, symbol: str, start: date | None = None) -> Bars:
        """As `base.Source` says."""


class IntradaySource(Protocol):
    """Who can be asked for five-minute bars; what goes wrong leaves as a `SourceError`."""

    async def intraday(self, symbol: str, session: date | None = None) -> list[Bar]:
        """As `base.Source` says."""

    async def intraday_history(self, symbol: str) -> list[Bar]:
        """As `base.Source` says."""


class Closed(Protocol):
    """What is to be closed at the end."""

    async def aclose(self) -> None:
        """Release connections; safe to call twice."""


class Chain:
    """The live market out of several sources.

    Args:
        name: Shown in the status bar: the source that is asked first.
        feed: The quotes.
        history: Who is asked for daily bars, by name, in order.
        intraday: Who is asked for five-minute bars, by name, in order.
        owned: What is closed with the chain: the clients.
        clock: Epoch seconds UTC.
        nature: What the market is, where it is not that of now: a recording that is played.
    """

    cheap_intraday = False

    def __init__(
        self,
        *,
        name: str,
        feed: Feed,
        history: Mapping[str, HistorySource],
        intraday: Mapping[str, IntradaySource],
        owned: Sequence[Closed],
        clock: Callable[[], float],
        jitter: Callable[[], float],
        nature: Callable[[], str | None] = lambda: None,
    ) -> None:
        self.name = name
        self.names = frozenset({name, *feed.sources})
        """All that a quote of ours may name as its source."""
        self._feed = feed
        self._clock = clock
        self._nature = nature
        self._history: Line[HistorySource] = Line(history, clock, jitter)
        self._intraday: Line[IntradaySource] = Line(intraday, clock, jitter)
        self._owned = tuple(owned)

    def nature(self) -> str | None:
        """None for the market of now."""
        return self._nature()

    def now(self) -> datetime:
        """The wall clock, UTC."""
        return datetime.fromtimestamp(self._clock(), UTC)

    async def instruments(self, symbols: Sequence[str]) -> list[Instrument]:
        """What the quotes so far have told of these symbols; no request is made."""
        known = self._feed.instruments
        return [known[symbol] for symbol in symbols if symbol in known]

    async def history(self, symbol: str, start: date | None = None) -> Bars:
        """Daily bars from `start` (all when None) to the last finished session, of the first who has them.

        Raises:
            SourceError: one of its kinds; nothing else.
        """
        return await self._history.ask(lambda source: source.history(symbol, start), symbol)

    async def intraday(self, symbol: str, session: date | None = None) -> list[Bar]:
        """Five-minute bars of one session (the current or last when None), of the first who has them.

        Raises:
            SourceError: one of its kinds; nothing else.
        """
        return await self._intraday.ask(lambda source: source.intraday(symbol, session), symbol)

    async def intraday_history(self, symbol: str) -> list[Bar]:
        """Five-minute bars of the recent sessions before the current one, of the first who has them.

        Raises:
            SourceError: one of its kinds; nothing else.
        """
        return await self._intraday.ask(lambda source: source.intraday_history(symbol), symbol)

    async def fund(self, symbol: str) -> Fund:
        """Nothing: holdings have a chain of their own.

        Raises:
            NoDataError: always.
        """
        raise NoDataError(f"no source of quotes has a full list of what {symbol} holds")

    def quotes(self, wanted: Wanted) -> AsyncGenerator[Update, None]:
        """What is on the screen by stream or every 15 s, the list every 5 min, and nothing while nothing can change."""
        return self._feed.quotes(wanted)

    @property
    def question(self) -> str:
        """What a provider wants the user to decide; empty when nothing is open."""
        return self._feed.question

    async def consent(self, agree: bool) -> None:
        """The user's answer to `question`: agreed to, it is sent to the provider; refused, it is not asked again."""
        await self._feed.consent(agree)

    async def aclose(self) -> None:
        """Close the connections; safe to call twice."""
        await asyncio.gather(*(each.aclose() for each in self._owned))

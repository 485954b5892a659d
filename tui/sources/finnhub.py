"""Finnhub, with the user's own key: one price per request, without a volume (docs: sources, 3)."""

import asyncio
import time
from collections.abc import Callable, Sequence

from msgspec import Struct

from tui.model import Quote
from tui.sessions import Phase
from tui.sources.base import DeniedError, MalformedError, SourceError
from tui.sources.batch import Batch
from tui.sources.credentials import Key
from tui.sources.http import Http, Limits
from tui.sources.vendors import Pace, decoded, dotted, hours_of, is_over, is_sane, is_share, refusal, session_at
from tui.sources.yahoo_wire import Money, Number, moment

SOURCE = "finnhub"
BASE = "https://finnhub.io"
LIMITS = Limits(per_minute=50, burst=10, at_once=2)
"""A little less than the free plan allows."""

EVERY = 60.0
"""Seconds between two requests for one symbol."""

_WHO = "Finnhub"
_OK = 200
_USD = Money("USD", 1, negative=False)


class _Quote(Struct, frozen=True):
    c: Number = None
    h: Number = None
    l: Number = None  # noqa: E741 (its name on the wire)
    o: Number = None
    pc: Number = None
    t: Number = None
    error: str | None = None


def parse_quote(body: bytes, symbol: str, fetched_at: float) -> Quote | None:
    """The quote of a symbol; None where all is zero, as for one that it does not know, or made outside the session.

    Raises:
        DeniedError: the key is none.
        MalformedError: it is no such answer.
    """
    told = decoded(body, _Quote, _WHO)
    if told.error is not None:
        raise DeniedError(f"{_WHO} refuses the key: check it, and what its plan includes.")
    price, made = _USD.price(told.c), moment(told.t)
    if price is None or not made:
        return None
    if not is_sane(made, fetched_at):
        raise MalformedError(f"{_WHO} does not say when the price of {symbol} was made.")
    session = session_at(made)
    over = is_over(session, fetched_at)
    # The last price of a finished session is stamped with its close.
    if hours_of(made) is not Phase.OPEN and hours_of(made - 1) is not Phase.OPEN:
        return None
    return Quote(
        symbol=symbol,
        price=price,
        session=session,
        as_of=made,
        fetched_at=fetched_at,
        source=SOURCE,
        final=over,
        open=_USD.price(told.o),
        high=_USD.price(told.h),
        low=_USD.price(told.l),
        prev_close=_USD.price(told.pc),
        currency="USD",
    )


class Finnhub:
    """Quotes. `http` is its own."""

    name, source, label, batch, delay, whole, usable, trouble = SOURCE, SOURCE, _WHO, 8, 0, False, True, ""
    rests_until = 0.0

    def __init__(self, http: Http, key: Key, *, base: str = BASE, clock: Callable[[], float] = time.time) -> None:
        self._http = http
        self._headers = {"X-Finnhub-Token": key.value}
        self._base = base
        self._pace = Pace(EVERY, clock)

    def covers(self, symbol: str) -> bool:
        """Whether it could know this symbol."""
        return is_share(symbol)

    async def ask(self, symbols: Sequence[str]) -> Batch:
        """The quotes of these symbols, a request for each that has not been asked for in the last minute.

        Raises:
            SourceError: it answers for none of them.
        """
        due = self._pace.due(symbols)
        found = await asyncio.gather(*map(self._quote, due), return_exceptions=True)
        quotes = [each for each in found if isinstance(each, Quote)]
        refused = {
            symbol: str(each) for symbol, each in zip(due, found, strict=True) if isinstance(each, MalformedError)
        }
        for each in found:
            if isinstance(each, BaseException) and not isinstance(each, MalformedError):
                if quotes and isinstance(each, SourceError):
                    continue
                raise each
        if not quotes and len(refused) > 1:
            raise MalformedError(f"{_WHO}'s answers are not what they are known to be.")
        asked = [
            symbol
            for symbol, each in zip(due, found, strict=True)
            if not isinstance(each, SourceError) or isinstance(each, MalformedError)
        ]
        return self._pace.whole(symbols, asked, Batch(quotes=quotes, refused=refused))

    async def _quote(self, symbol: str) -> Quote | None:
        reply = await self._http.get(
            f"{self._base}/api/v1/quote", {"symbol": dotted(symbol)}, headers=self._headers, urgent=True
        )
        if reply.status != _OK:
            raise refusal(reply.status, _WHO)
        return parse_quote(reply.body, symbol, reply.fetched_at)

    async def aclose(self) -> None:
        """Close the connections; safe to call twice."""
        await self._http.aclose()

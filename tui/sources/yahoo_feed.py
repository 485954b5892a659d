"""Yahoo's quotes as a stream that follows what is wanted: rounds, batches, two ways to ask, and no step back."""

import logging
from collections import deque
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing

from msgspec.structs import replace

from tui.model import Health, Instrument, Quote, State, Update
from tui.sources.base import (
    DeniedError,
    LimitedError,
    MalformedError,
    SourceError,
    UnknownSymbolError,
    UnreachableError,
    Want,
    Wanted,
)
from tui.sources.http import Http
from tui.sources.yahoo_auth import Auth
from tui.sources.yahoo_parse import implausible
from tui.sources.yahoo_plan import ROUND, Plan
from tui.sources.yahoo_quotes import Batch, parse_quote, parse_spark
from tui.sources.yahoo_wire import is_symbol, parse_error

QUOTE_BATCH = 90
"""Symbols of one v7 quote; answers to more than 99 fail."""

SPARK_BATCH = 15
"""Symbols of one spark; 10 to 20 are in use, and the limit is not published."""

_FIELDS = (
    "symbol,currency,quoteType,longName,shortName,marketState,exchangeTimezoneName,exchangeDataDelayedBy,"
    "regularMarketPrice,regularMarketTime,regularMarketOpen,regularMarketDayHigh,regularMarketDayLow,"
    "regularMarketPreviousClose,regularMarketVolume"
)
_SLOWEST = 300.0
_FEW = 3
_WITNESS = "SPY"
"""Surely known: its answer tells symbols that Yahoo does not know from a Yahoo that answers nothing."""

_log = logging.getLogger(__name__)


class Feed:
    """The live half of the Yahoo source: what was quoted so far, and the loop that quotes more."""

    def __init__(
        self, http: Http, auth: Auth, *, base: str, clock: Callable[[], float], jitter: Callable[[], float]
    ) -> None:
        self._http = http
        self._auth = auth
        self._base = base
        self._clock = clock
        self._jitter = jitter
        self._plan = Plan()
        self._quotes: dict[str, Quote] = {}
        self.instruments: dict[str, Instrument] = {}
        """What the quotes so far have told of their symbols."""

    async def quotes(self, wanted: Wanted) -> AsyncGenerator[Update, None]:
        """Rounds of quotes, those on the screen first; no failure ends them, and no quote is worse than one before.

        A failure is an update with its health. On a new list, what is known of it is told again at once.
        """
        epoch, failures = -1, 0
        while True:
            want = wanted.now
            if want.epoch != epoch:
                epoch = want.epoch
                if (update := self._recalled(want)) is not None:
                    yield update
            pause = ROUND * self._jitter()
            try:
                async with aclosing(self._round(want, wanted)) as updates:
                    async for update in updates:
                        failures = 0
                        yield update
            except SourceError as error:
                failures += 1
                yield Update(epoch=epoch, health=_health_of(error))
                pause = max(pause, min(pause * 2 ** min(failures - 1, 8), _SLOWEST))
                if isinstance(error, LimitedError):
                    pause = max(pause, error.retry_at - self._clock())
            except Exception:  # noqa: BLE001 (logged, and shown)
                # A fault of ours in one answer must not end the stream of all.
                _log.exception("a round of quotes failed")
                failures += 1
                yield Update(epoch=epoch, health=Health(state=State.STALE, detail="A round failed; see the log."))
            await self._rest(wanted, epoch, pause)

    async def _rest(self, wanted: Wanted, epoch: int, pause: float) -> None:
        """Wait out the pause; only a new list cuts it short, not scrolling in the old one."""
        until = self._clock() + pause
        left = pause
        # More left than the whole pause means that the clock was set back.
        while 0 < left <= pause and wanted.now.epoch == epoch:
            await wanted.wait(left)
            left = until - self._clock()

    def _recalled(self, want: Want) -> Update | None:
        """What is known of a list before any request."""
        quotes = [self._quotes[symbol] for symbol in want.symbols if symbol in self._quotes]
        unknown = self._plan.unknown(want, self._clock())
        return Update(epoch=want.epoch, quotes=quotes, unknown=unknown) if quotes or unknown else None

    async def _round(self, want: Want, wanted: Wanted) -> AsyncGenerator[Update, None]:
        """Ask batch by batch for what is due; after 15 s the rest waits for the next round, the screen being due again.

        Raises:
            SourceError: the service as a whole does not answer.
        """
        started = self._clock()
        zones = {symbol: instrument.zone for symbol, instrument in self.instruments.items()}
        due = deque(self._plan.due(want, started, self._quotes, zones))
        if strange := [symbol for symbol in due if not is_symbol(symbol)]:
            self._plan.missing(strange, started)
            due = deque(symbol for symbol in due if is_symbol(symbol))
            yield Update(epoch=want.epoch, unknown=strange)
        while due and wanted.now.epoch == want.epoch and self._clock() - started < ROUND:
            size = QUOTE_BATCH if self._auth.usable else SPARK_BATCH
            symbols = [due.popleft() for _ in range(min(size, len(due)))]
            answer = await self._answer(symbols)
            if answer is None:
                due.extendleft(reversed(symbols))
            else:
                yield self._update(want.epoch, symbols, answer)

    async def _answer(self, symbols: list[str]) -> Batch | None:
        """One answer for up to a batch of symbols; None when the half with the crumb fell out and the other is next."""
        ask = self._by_quote if self._auth.usable else self._by_spark
        answer = await ask(symbols)
        if answer is not None and len(symbols) > _FEW and not answer.quotes and not answer.refused:
            answer = await ask([_WITNESS, *symbols[1:]])
            if answer is not None and not answer.quotes:
                raise MalformedError("Yahoo answers nothing for symbols that it knows.")
        return answer

    async def _by_quote(self, symbols: list[str]) -> Batch | None:
        """By v7 quote, with one re-authentication after a 401; None when there is no way in."""
        try:
            pair = await self._auth.pair()
            for last in (False, True):
                reply = await self._http.get(
                    f"{self._base}/v7/finance/quote",
                    {"symbols": ",".join(symbols), "fields": _FIELDS},
                    secrets={"crumb": pair.crumb},
                    cookie=pair.cookie,
                )
                if reply.status != 401 or last:
                    break
                pair = await self._auth.renew(pair)
        except LimitedError:
            raise
        except SourceError:
            if self._auth.usable:
                raise
            return None
        try:
            if reply.status != 200:
                raise parse_error(reply.status, reply.body, "quoteResponse")
            return parse_quote(reply.body, reply.fetched_at)
        except SourceError as error:
            self._auth.give_up(str(error), keep=not isinstance(error, DeniedError))
            return None

    async def _by_spark(self, symbols: list[str]) -> Batch:
        """By v7 spark, which needs neither cookie nor crumb."""
        reply = await self._http.get(
            f"{self._base}/v7/finance/spark",
            {"symbols": ",".join(symbols), "range": "1d", "interval": "5m", "includePrePost": "false"},
        )
        try:
            if reply.status != 200:
                raise parse_error(reply.status, reply.body, "spark")
            return parse_spark(reply.body, reply.fetched_at)
        except UnknownSymbolError:
            return Batch()

    def _update(self, epoch: int, symbols: list[str], answer: Batch) -> Update:
        """What an answer tells that is new and not worse; joined by symbol, never by order."""
        now = self._clock()
        by_symbol = {quote.symbol.upper(): quote for quote in answer.quotes}
        instruments = {instrument.symbol.upper(): instrument for instrument in answer.instruments}
        refused = {symbol.upper(): reason for symbol, reason in answer.refused.items()}
        quotes, unknown, doubts = [], [], {}
        for symbol in symbols:
            quote, known = by_symbol.get(symbol.upper()), self._quotes.get(symbol)
            if (instrument := instruments.get(symbol.upper())) is not None:
                self.instruments[symbol] = _richer(replace(instrument, symbol=symbol), self.instruments.get(symbol))
            if quote is None:
                if reason := refused.get(symbol.upper()):
                    doubts[symbol] = reason
                elif known is None:
                    unknown.append(symbol)
            elif known is not None and known.session == quote.session and implausible(quote.price, known.price):
                doubts[symbol] = "five times off its last price"
            elif (better := _better(replace(quote, symbol=symbol), known)) is not None:
                self._quotes[symbol] = better
                quotes.append(better)
        self._plan.asked(symbols, now)
        self._plan.missing(unknown, now)
        return Update(epoch=epoch, quotes=quotes, unknown=unknown, health=self._health(doubts))

    def _health(self, doubts: Mapping[str, str]) -> Health:
        """Well, with what the user may want to know of it."""
        details = [f"{symbol} is left out ({reason})." for symbol, reason in list(doubts.items())[:2]]
        if len(doubts) > len(details):
            details.append(f"So are {len(doubts) - len(details)} more.")
        if not details and not self._auth.usable:
            details.append(self._auth.trouble)
        return Health(state=State.LIVE, detail=" ".join(details))


def _better(new: Quote, known: Quote | None) -> Quote | None:
    """`new` with what only `known` tells of the same session; None when it is older or has lost its price."""
    if known is None:
        return new
    if new.as_of < known.as_of or (new.price is None and known.price is not None):
        return None
    kept = ["currency", "name"]
    if new.session == known.session:
        kept += ["open", "high", "low", "prev_close", "volume"]
    gaps = {name: getattr(known, name) for name in kept if getattr(new, name) is None}
    return replace(new, **gaps, final=new.final or (known.final and known.as_of == new.as_of))


def _richer(new: Instrument, known: Instrument | None) -> Instrument:
    """`new` with the name and currency of `known` where it has none."""
    if known is None:
        return new
    return replace(new, name=new.name or known.name, currency=new.currency or known.currency)


def _health_of(error: SourceError) -> Health:
    """The state that an error means, in words that a user can act on."""
    if isinstance(error, LimitedError):
        return Health(state=State.LIMITED, detail=str(error), retry_at=error.retry_at)
    state = State.OFFLINE if isinstance(error, UnreachableError | DeniedError) else State.STALE
    return Health(state=state, detail=f"{error} The last values stay.")

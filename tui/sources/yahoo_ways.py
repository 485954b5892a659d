"""Yahoo's two requests for quotes: v7 quote with cookie and crumb, and spark, which needs neither (docs: sources, 2.4, 2.5)."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from tui.sources.base import DeniedError, LimitedError, MalformedError, SourceError, UnknownSymbolError
from tui.sources.batch import Batch
from tui.sources.http import Http
from tui.sources.yahoo_auth import Auth
from tui.sources.yahoo_quotes import parse_quote, parse_spark
from tui.sources.yahoo_wire import SOURCE, is_symbol, parse_error

QUOTE_BATCH = 90
"""Symbols of one v7 quote; answers to more than 99 fail."""

SPARK_BATCH = 15
"""Symbols of one spark; 10 to 20 are in use, and the limit is not published."""

_FIELDS = (
    "symbol,currency,quoteType,longName,shortName,marketState,exchangeTimezoneName,exchangeDataDelayedBy,"
    "regularMarketPrice,regularMarketTime,regularMarketOpen,regularMarketDayHigh,regularMarketDayLow,"
    "regularMarketPreviousClose,regularMarketVolume,preMarketPrice,preMarketTime,postMarketPrice,postMarketTime"
)
_FEW = 3
_WITNESS = "SPY"
"""Surely known: its answer tells symbols that Yahoo does not know from a Yahoo that answers nothing."""


class _Yahoo(ABC):
    """What both have in common."""

    source, label, delay, whole = SOURCE, "Yahoo", 0, True

    def covers(self, symbol: str) -> bool:
        """Whether it could be one of Yahoo's symbols; nothing else is ever put into a URL."""
        return is_symbol(symbol)

    async def ask(self, symbols: Sequence[str]) -> Batch:
        """What it tells of these symbols.

        Raises:
            SourceError: it does not answer at all.
        """
        answer = await self._answer(symbols)
        if len(symbols) > _FEW and not answer.quotes and not answer.refused:
            answer = await self._answer([_WITNESS, *symbols[1:]])
            if not answer.quotes:
                raise MalformedError("Yahoo answers nothing for symbols that it knows.")
        return answer

    @abstractmethod
    async def _answer(self, symbols: Sequence[str]) -> Batch:
        """What one request tells."""


class ByQuote(_Yahoo):
    """By v7 quote, with one re-authentication after a 401."""

    name, batch = "yahoo-quote", QUOTE_BATCH

    def __init__(self, http: Http, auth: Auth, base: str) -> None:
        self._http = http
        self._auth = auth
        self._base = base

    @property
    def usable(self) -> bool:
        """Whether there is a cookie, or one may be asked for."""
        return self._auth.usable

    @property
    def rests_until(self) -> float:
        """When a cookie may be asked for again."""
        return self._auth.down_until

    @property
    def trouble(self) -> str:
        """Why there is no cookie, or which question is open."""
        return self._auth.trouble

    async def _answer(self, symbols: Sequence[str]) -> Batch:
        pair = await self._auth.pair()
        for last in (False, True):
            reply = await self._http.get(
                f"{self._base}/v7/finance/quote",
                {"symbols": ",".join(symbols), "fields": _FIELDS},
                secrets={"crumb": pair.crumb},
                cookie=pair.cookie,
                urgent=True,
            )
            if reply.status != 401 or last:
                break
            pair = await self._auth.renew(pair)
        try:
            if reply.status != 200:
                raise parse_error(reply.status, reply.body, "quoteResponse")
            return parse_quote(reply.body, reply.fetched_at)
        except LimitedError:
            raise
        except SourceError as error:
            self._auth.give_up(str(error), keep=not isinstance(error, DeniedError))
            raise


class BySpark(_Yahoo):
    """By v7 spark: without the open, in smaller batches."""

    name, batch, usable, trouble, rests_until = "yahoo-spark", SPARK_BATCH, True, "", 0.0

    def __init__(self, http: Http, base: str) -> None:
        self._http = http
        self._base = base

    async def _answer(self, symbols: Sequence[str]) -> Batch:
        reply = await self._http.get(
            f"{self._base}/v7/finance/spark",
            {"symbols": ",".join(symbols), "range": "1d", "interval": "5m", "includePrePost": "false"},
            urgent=True,
        )
        try:
            if reply.status != 200:
                raise parse_error(reply.status, reply.body, "spark")
            answer = parse_spark(reply.body, reply.fetched_at)
        except UnknownSymbolError:
            return Batch()
        if b'"spark"' not in reply.body and not answer.quotes and not answer.refused:
            # An empty answer of another shape would make every symbol unknown.
            raise MalformedError("Yahoo answered another question than ours.")
        return answer

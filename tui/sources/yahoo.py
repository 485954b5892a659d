"""Yahoo Finance: history and intraday bars by chart, quotes by v7 quote or, where its cookie is not to be had, by spark.

Not affiliated with Yahoo; its endpoints are undocumented, meant for personal use, and may stop any day.
"""

import asyncio
import random
import time
from bisect import bisect_left
from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import quote as url_quote

from msgspec.structs import replace

from tui.model import Bar, Bars, Fund, Instrument, Update
from tui.sessions import session_of
from tui.sources.base import NoDataError, UnknownSymbolError, Wanted
from tui.sources.feed import Feed
from tui.sources.http import Http
from tui.sources.needs import Need
from tui.sources.yahoo_auth import Auth
from tui.sources.yahoo_consent import HOSTS as CONSENT_HOSTS
from tui.sources.yahoo_parse import parse_chart_daily, parse_chart_intraday
from tui.sources.yahoo_ways import ByQuote, BySpark
from tui.sources.yahoo_wire import SOURCE, is_symbol, parse_error

HOSTS = ("query1.finance.yahoo.com", "query2.finance.yahoo.com", "fc.yahoo.com", "finance.yahoo.com")
"""The hosts that a redirect may lead to; those that ask for consent are none of them."""

BASE = "https://query1.finance.yahoo.com"
"""Where quotes and charts are."""

_BASE2, _PAGE = "https://query2.finance.yahoo.com", "https://finance.yahoo.com/quote/AAPL"

INTRADAY_DAYS = 59
"""Calendar days for which Yahoo keeps five-minute bars (60, one of them for the way there)."""

_LONGEST = 3_122_064_000  # 99 years: the S&P 500 begins in 1927
_ONE_DAY = timedelta(days=1)


class Yahoo:
    """The Yahoo source. `http` is its own and closed with it; `cache_dir` keeps the cookie between runs.

    `base2` and `page_url` are the second way to a cookie; with a `base` of one's own there is none unless given too.
    `clock` gives epoch seconds UTC, and `jitter` the factor by which a pause is stretched. A page that sends us to one of
    `consent_hosts` asks for consent.
    """

    name = SOURCE
    cheap_intraday = False

    def __init__(
        self,
        http: Http,
        *,
        base: str = BASE,
        base2: str | None = None,
        cookie_url: str = "https://fc.yahoo.com",
        page_url: str | None = None,
        cache_dir: Path,
        clock: Callable[[], float] = time.time,
        jitter: Callable[[], float] = lambda: random.uniform(1.0, 1.2),
        consent_hosts: Collection[str] = CONSENT_HOSTS,
    ) -> None:
        self._base = base
        self._clock = clock
        path = cache_dir / "yahoo-cookie.json"
        ways = [(cookie_url, base)]
        if page_url or base == BASE:
            ways.append((page_url or _PAGE, base2 or (_BASE2 if base == BASE else base)))
        self.http = http
        """Its client, whose budget a source of the same provider shares."""
        self.auth = Auth(http, ways, path=path, clock=clock, consent_hosts=consent_hosts)
        """Its cookie and crumb, shared likewise."""
        self.ways = (ByQuote(http, self.auth, base), BySpark(http, base))
        """Its requests for quotes, the better one first."""
        self._feed = Feed(
            {Need.VISIBLE: self.ways, Need.LIST: self.ways}, clock=clock, jitter=jitter, consenting=self.auth
        )

    def nature(self) -> str | None:
        """None: this is the market of now."""
        return None

    def now(self) -> datetime:
        """The wall clock, UTC."""
        return datetime.fromtimestamp(self._clock(), UTC)

    async def instruments(self, symbols: Sequence[str]) -> list[Instrument]:
        """What the quotes so far have told of these symbols; no request is made."""
        return [known for symbol in symbols if (known := self._feed.instruments.get(symbol)) is not None]

    async def history(self, symbol: str, start: date | None = None) -> Bars:
        """Daily bars from `start` (all when None) to the last session that was over twenty minutes ago.

        Raises:
            SourceError: one of its kinds; nothing else.
        """
        now = self._clock()
        first = int(now) - _LONGEST if start is None else _midnight(start - _ONE_DAY)
        if first >= now:
            raise NoDataError(f"{symbol} has no bars in the future.")
        body, fetched_at = await self._chart(symbol, "1d", first, {"events": "div|split|capitalGains"})
        bars = await asyncio.to_thread(parse_chart_daily, body, symbol, fetched_at, finished=True)
        return bars if start is None else _from(bars, start)

    async def intraday(self, symbol: str, session: date | None = None) -> list[Bar]:
        """Five-minute bars of one session of the last 59 days (the current or last when None), oldest first.

        Raises:
            SourceError: one of its kinds; nothing else.
        """
        if session is None:
            sessions = await self._sessions(symbol, None)
            return sessions[max(sessions)]
        today = self.now().date()
        if not today - timedelta(days=INTRADAY_DAYS) <= session <= today + _ONE_DAY:
            raise NoDataError(f"Yahoo keeps five-minute bars for {INTRADAY_DAYS} days.")
        # From noon before to noon after in UTC, wherever the exchange is: the parser knows its zone.
        sessions = await self._sessions(symbol, _midnight(session) - 43_200, _midnight(session + _ONE_DAY) + 43_200)
        if session not in sessions:
            raise NoDataError(f"Yahoo has no intraday bars of {symbol} for this session.")
        return sessions[session]

    async def intraday_history(self, symbol: str) -> list[Bar]:
        """Five-minute bars of the sessions of the last 59 days before the current one, oldest first.

        Raises:
            SourceError: one of its kinds; nothing else.
        """
        sessions = await self._sessions(symbol, 0)
        current = session_of(self.now())
        return [bar for session, bars in sessions.items() if session < current for bar in bars]

    async def fund(self, symbol: str) -> Fund:
        """Nothing: Yahoo tells ten holdings at most.

        Raises:
            NoDataError: always.
        """
        raise NoDataError(f"Yahoo has no full list of what {symbol} holds.")

    async def aclose(self) -> None:
        """Close the connections; safe to call twice."""
        await self.http.aclose()

    def quotes(self, wanted: Wanted) -> AsyncGenerator[Update, None]:
        """Rounds of quotes: the screen every 15 s, the list every 5 min, and nothing while nothing can change."""
        return self._feed.quotes(wanted)

    async def _chart(
        self, symbol: str, interval: str, first: int | None, extra: Mapping[str, str], last: float | None = None
    ) -> tuple[bytes, float]:
        """The body of a chart from `first` to `last` (now when None), or of the current day, and when it came."""
        if not is_symbol(symbol):
            raise UnknownSymbolError(f"{symbol!r} is not one of Yahoo's symbols.")
        # To the whole minute: the same question within the answer's max-age is the same URL.
        now = (int(self._clock()) // 60 + 1) * 60
        span = {"range": "1d"} if first is None else {"period1": str(first), "period2": str(min(now, int(last or now)))}
        url = f"{self._base}/v8/finance/chart/{url_quote(symbol, safe='')}"
        reply = await self.http.get(url, {"interval": interval, **span, **extra, "includePrePost": "false"})
        if reply.status != 200:
            raise parse_error(reply.status, reply.body, "chart")
        return reply.body, reply.fetched_at

    async def _sessions(self, symbol: str, first: int | None, last: int | None = None) -> dict[date, list[Bar]]:
        """Five-minute bars by session, no earlier than Yahoo keeps them."""
        earliest = int(self._clock()) // 60 * 60 - INTRADAY_DAYS * 86_400
        body, _ = await self._chart(symbol, "5m", None if first is None else max(first, earliest), {}, last)
        return await asyncio.to_thread(parse_chart_intraday, body, symbol)


def _midnight(day: date) -> int:
    """Epoch seconds of the begin of a day, UTC."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _from(bars: Bars, start: date) -> Bars:
    """The bars of `start` and later."""
    first = bisect_left(bars.dates, start)
    if first == len(bars.dates):
        raise NoDataError(f"Yahoo has no bars of {bars.symbol} for this span.")
    columns = ("dates", "open", "high", "low", "close", "adj_close", "volume")
    return replace(bars, **{name: getattr(bars, name)[first:] for name in columns})
